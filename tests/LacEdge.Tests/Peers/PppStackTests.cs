using LacEdge.Lab.Peers;

namespace LacEdge.Tests.Peers;

public sealed class PppStackTests
{
    [Theory]
    [InlineData(PppAuthentication.Chap)]
    [InlineData(PppAuthentication.Pap)]
    [InlineData(PppAuthentication.MsChapV1)]
    [InlineData(PppAuthentication.MsChapV2)]
    [InlineData(PppAuthentication.Eap)]
    [InlineData(PppAuthentication.None)]
    public void Client_and_server_come_up_and_ping(PppAuthentication asks)
    {
        var pair = new PppPair(asks, asks);
        pair.Start();

        Assert.Equal(PppPhase.Up, pair.Client.Phase);
        Assert.Equal(PppPhase.Up, pair.Server.Phase);
        Assert.Equal(0x0A010005u, pair.Client.LocalAddress);
        Assert.Equal(0x0A000001u, pair.Client.PeerAddress);
        Assert.True(pair.Client.Ping(0xC6336401, 7, 1, 56, pair.Now));
        Assert.True(pair.Server.SendUdp(0x0A010005, 9, 9, new byte[1000], pair.Now));
        pair.Deliver();
        Assert.Equal(1u, pair.Client.PingRepliesReceived);
        Assert.Equal(1000ul, pair.Client.UdpOctetsReceived);
        Assert.Empty(pair.Violations);
    }

    [Fact]
    public void A_client_that_takes_only_PAP_gets_PAP()
    {
        var pair = new PppPair(PppAuthentication.Either, PppAuthentication.Pap);
        pair.Start();
        Assert.Equal(PppPhase.Up, pair.Client.Phase);
        Assert.Equal(0u, pair.Client.ChallengesReceived);
        Assert.Equal(1u, pair.Client.CredentialsSent);
    }

    [Fact]
    public void Without_a_common_authentication_protocol_LCP_fails()
    {
        var pair = new PppPair(PppAuthentication.Chap, PppAuthentication.Pap);
        pair.Start();
        Assert.Equal(PppEnd.LcpRefused, pair.ServerEnded.Reason);
    }

    [Theory]
    [InlineData(PppAuthentication.Pap, "Login incorrect")]
    [InlineData(PppAuthentication.Chap, "Login incorrect")]
    [InlineData(PppAuthentication.MsChapV1, "Login incorrect")]
    [InlineData(PppAuthentication.MsChapV2, "Login incorrect")]
    [InlineData(PppAuthentication.Eap, "EAP Failure")]
    public void A_wrong_password_is_told_and_ends_the_link_on_both_sides(PppAuthentication asks, string text)
    {
        var pair = new PppPair(asks, asks, password: "wrong");
        pair.Start();
        Assert.Equal((PppEnd.AuthenticationRejected, text), pair.ClientEnded);
        Assert.Equal(PppEnd.AuthenticationRejected, pair.ServerEnded.Reason);
        Assert.Empty(pair.Violations);
    }

    [Fact]
    public void Every_single_lost_frame_is_made_good()
    {
        var count = Frames(new PppPair());
        for (var lost = 0; lost < count; lost++)
        {
            foreach (var asks in (PppAuthentication[])[PppAuthentication.Chap, PppAuthentication.Pap, PppAuthentication.MsChapV2, PppAuthentication.Eap])
            {
                var pair = new PppPair(asks, asks) { Loses = (number, _) => number == lost };
                pair.Start();
                pair.Wait(TimeSpan.FromSeconds(20));
                Assert.Equal((lost, PppPhase.Up, PppPhase.Up), (lost, pair.Client.Phase, pair.Server.Phase));
                Assert.Empty(pair.Violations);
            }
        }

        static int Frames(PppPair pair)
        {
            pair.Start();
            return pair.Sent.Count;
        }
    }

    [Fact]
    public void A_server_that_restarts_LCP_gets_the_client_up_again()
    {
        var pair = new PppPair();
        pair.Start();
        pair.Server.Start(pair.Now);
        pair.Deliver();
        Assert.Equal(PppPhase.Up, pair.Client.Phase);
        Assert.Equal(PppPhase.Up, pair.Server.Phase);
        Assert.Equal(2u, pair.Client.LcpOpenings);
        Assert.Empty(pair.Violations);
    }

    [Fact]
    public void Terminate_Request_is_acknowledged_and_repeated_when_it_is_not()
    {
        var pair = new PppPair();
        pair.Start();
        pair.Client.Terminate("bye", pair.Now);
        pair.Deliver();
        Assert.Equal(PppEnd.Terminated, pair.ClientEnded.Reason);
        Assert.Equal(PppEnd.TerminatedByPeer, pair.ServerEnded.Reason);

        var silent = new PppPair();
        silent.Start();
        silent.Loses = (_, _) => true;
        var before = silent.Sent.Count;
        silent.Client.Terminate("bye", silent.Now);
        silent.Wait(TimeSpan.FromSeconds(30));
        Assert.Equal(["c c02105010004", "c c02105020004"], silent.Sent.Skip(before));
        Assert.Equal(PppEnd.Terminated, silent.ClientEnded.Reason);
    }

    [Fact]
    public void Forbidden_options_are_rejected_and_a_large_MRU_is_Nakd()
    {
        var pair = new PppPair();
        pair.Client.Start(pair.Now);
        // LCP Configure-Request 1: ACCM, PFC, ACFC and MRU 1500.
        pair.Client.HandleFrame(Convert.FromHexString("c02101010012020600000000" + "0702" + "0802" + "010405dc"), pair.Now);
        Assert.Equal("c c0210401000e02060000000007020802", pair.Sent[^1]);
        pair.Client.HandleFrame(Convert.FromHexString("c02101020008010405dc"), pair.Now);
        Assert.Equal("c c02103020008010405d4", pair.Sent[^1]);
        pair.Client.HandleFrame(Convert.FromHexString("c0210103000a0506badcafe1"), pair.Now);
        Assert.Equal("c c0210203000a0506badcafe1", pair.Sent[^1]);
    }

    [Fact]
    public void An_unknown_protocol_is_rejected_once_LCP_is_open()
    {
        var pair = new PppPair();
        pair.Start();
        pair.Client.HandleFrame(Convert.FromHexString("80570101000e"), pair.Now);
        Assert.StartsWith("c c0210801000a80570101000e", pair.Sent[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_CHAP_verdict_with_a_wrong_identifier_is_noted_and_has_no_effect()
    {
        var pair = new PppPair(PppAuthentication.Chap) { Loses = (_, frame) => frame is [0xC2, 0x23, 3, ..] };
        pair.Start();
        pair.Client.HandleFrame(Convert.FromHexString("c22303ee0004"), pair.Now);
        Assert.Equal(PppPhase.Authentication, pair.Client.Phase);
        Assert.Single(pair.Violations);
    }
}
