using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Lab.Peers;
using LacEdge.Simulator;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Simulation;

/// <summary>Peer profile <c>resend-pap</c>: for an LNS that ignores proxy authentication and waits for a PAP request.</summary>
public sealed class ResendPapTests
{
    private static ScenarioOptions Options(LnsMode mode, bool resend = true, bool throughCore = false) => new()
    {
        OneIsp = true,
        Mode = mode,
        Authentication = AuthenticationProtocol.Pap,
        PeerOfA = new PeerProfile { Name = "waits", ResendPap = resend },
        ThroughCore = throughCore,
        // A subscriber that will not repeat its request in time.
        Timers = new PppTimers { AuthenticationRepeat = TimeSpan.FromSeconds(40) },
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_LNS_that_waits_gets_the_request_once_and_the_subscriber_comes_up(bool throughCore)
    {
        var scenario = Scenario.Up(Options(LnsMode.WaitForRepeat, throughCore: throughCore), 3, TimeSpan.FromSeconds(3));
        scenario.PingAll();
        Assert.All(scenario.A.Calls, call => Assert.Equal(JudgedBy.Repeat, call.Ppp!.JudgedBy));
        Assert.All(scenario.Subscribers, s => Assert.Equal((1u, 1u), (s.Ppp!.CredentialsSent, s.Ppp.LcpOpenings)));
        Assert.Equal(3, Resent(scenario));
        scenario.Network.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(3, Resent(scenario));
        scenario.AssertClean();
    }

    [Fact]
    public void Without_the_profile_the_LNS_waits_for_the_subscriber()
    {
        var scenario = new Scenario(Options(LnsMode.WaitForRepeat, resend: false));
        scenario.Network.Dial(scenario.Add(0));
        scenario.Network.Run(TimeSpan.FromSeconds(30));
        Assert.Equal((0, SubscriberState.Authentication), (Resent(scenario), scenario.Subscribers[0].State));
        scenario.WaitAllUp(TimeSpan.FromSeconds(15));
    }

    [Theory]
    [InlineData(LnsMode.Forced)]
    [InlineData(LnsMode.Renegotiate)]
    public void An_LNS_that_speaks_gets_nothing_twice_and_its_frames_keep_their_order(LnsMode mode)
    {
        var scenario = Scenario.Up(Options(mode), 5);
        scenario.PingAll();
        scenario.Network.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(mode == LnsMode.Forced ? 0 : 5, Resent(scenario));
        Assert.All(scenario.Subscribers, s => Assert.Equal(mode == LnsMode.Forced ? 1u : 2u, s.Ppp!.CredentialsSent));
        scenario.AssertClean();
    }

    [Fact]
    public void An_LNS_that_never_speaks_gets_it_once()
    {
        var scenario = new Scenario(Options(LnsMode.WaitForRepeat));
        scenario.Network.Dial(scenario.Add(0));
        Assert.True(scenario.Network.RunUntil(() => scenario.Events<SessionUp>().Count == 1, TimeSpan.FromSeconds(5)));
        scenario.A.Die();
        scenario.Network.Run(TimeSpan.FromSeconds(30));
        Assert.Equal(1, Resent(scenario));
    }

    [Fact]
    public void A_session_that_ends_within_the_second_leaves_nothing_behind()
    {
        var scenario = new Scenario(Options(LnsMode.WaitForRepeat));
        scenario.Network.Dial(scenario.Add(0));
        Assert.True(scenario.Network.RunUntil(() => scenario.Events<SessionUp>().Count == 1, TimeSpan.FromSeconds(5)));
        scenario.Network.HangUp(scenario.Subscribers[0], HangUpKind.Padt);
        scenario.Network.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(0, Resent(scenario));
        scenario.AssertNothingLeft();
    }

    [Fact]
    public void Other_authentications_are_not_resent()
    {
        var scenario = new Scenario(Options(LnsMode.WaitForRepeat) with { Authentication = AuthenticationProtocol.ChapMd5 });
        scenario.Network.Dial(scenario.Add(0));
        scenario.Network.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(SubscriberState.Authentication, scenario.Subscribers[0].State);
        Assert.DoesNotContain(scenario.Passed, p => p.Side == Side.ToLns && Data(p.Octets) is not null);
    }

    /// <summary>PAP requests that went to the LNS.</summary>
    private static int Resent(Scenario scenario) =>
        scenario.Passed.Count(p => p.Side == Side.ToLns && Data(p.Octets) is [0xFF, 0x03, 0xC0, 0x23, 1, ..]);

    private static byte[]? Data(byte[] datagram) =>
        L2tpHeader.TryParse(datagram, out var header, out _) && !header.IsControl ? header.Payload.ToArray() : null;
}
