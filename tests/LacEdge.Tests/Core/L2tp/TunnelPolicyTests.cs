using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.L2tp;
using LacEdge.Wire;
using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Core.L2tp;

/// <summary>What a tunnel profile decides: which secret, which LNS, from where, who wins when both sides open.</summary>
public sealed class TunnelPolicyTests
{
    private static readonly byte[] _lnsChallenge = [1, 2, 3, 4, 5, 6, 7, 8];

    public static TunnelProfile Changing { get; } =
        L2tpBench.Plain with { Secret = Secret.FromText("new-secret"), OldSecret = Secret.FromText("old-secret"), Hiding = AvpHiding.Sensitive };

    [Theory]
    [InlineData("new-secret")]
    [InlineData("old-secret")]
    public void While_a_secret_is_changed_the_LNS_may_hold_either_and_is_answered_with_its_own(string held)
    {
        var bench = new L2tpBench(Changing) { Connecting = _ => L2tpBench.Pap };
        var tunnel = bench.Open();
        bench.Sccrp(tunnel, _lnsChallenge, Response(MessageType.Sccrp, held, ChallengeOf(bench)));
        Assert.Equal(TunnelState.Established, tunnel.State);
        Assert.True(L2tpHeader.TryParse(bench.SentOctets()[0], out var scccn, out _));
        Assert.Equal(
            Response(MessageType.Scccn, held, _lnsChallenge), ControlMessageParser.Parse(scccn, default).ChallengeResponse.ToArray());

        // What is hidden is hidden with the same one.
        bench.LnsNr = 2;
        bench.Zlb(tunnel);
        var call = bench.Place(tunnel);
        bench.SentOctets();
        bench.LnsNr = 3;
        bench.Icrp(call, 0x2222);
        Assert.True(L2tpHeader.TryParse(bench.SentOctets()[0], out var iccn, out _));
        Assert.Equal("wonderland", PrintableText.From(ControlMessageParser.Parse(iccn, System.Text.Encoding.ASCII.GetBytes(held)).ProxyAuthenResponse));
    }

    [Theory]
    [InlineData("other-secret")]
    [InlineData("")]
    public void Neither_of_two_secrets_is_no_secret(string held)
    {
        var bench = new L2tpBench(Changing);
        var tunnel = bench.Open();
        bench.Sccrp(tunnel, _lnsChallenge, Response(MessageType.Sccrp, held, ChallengeOf(bench)));
        Assert.Equal("closed TunnelSecretWrong: challenge response wrong", bench.WasTold());
        Assert.Equal("StopCCN 3c4d/0000 1,1 (4/0) challenge response wrong", bench.Sent());
    }

    [Fact]
    public void The_old_secret_proves_an_LNS_at_another_address_too()
    {
        var bench = new L2tpBench(Changing);
        var tunnel = bench.Open();
        var response = Response(MessageType.Sccrp, "old-secret", ChallengeOf(bench));
        bench.Source = new UdpEndpoint(IpAddress.Parse("203.0.113.9"), 4242);
        bench.Sccrp(tunnel, null, response);
        Assert.Equal((TunnelState.Established, bench.Source), (tunnel.State, tunnel.Peer));
    }

    [Theory]
    [InlineData("lns1.example.net", true)]
    [InlineData("LNS1.example.net", false)]
    [InlineData("lns1.example.net.", false)]
    [InlineData("lns1", false)]
    public void The_LNS_must_show_the_host_name_that_is_expected(string expected, bool accepted)
    {
        var bench = new L2tpBench(L2tpBench.Plain with { PeerHostName = expected });
        var tunnel = bench.Open();
        bench.Sent();
        bench.Sccrp(tunnel);
        const string text = "host name 'lns1.example.net' is not the expected one";
        Assert.Equal(accepted ? "established lns1.example.net" : $"closed TunnelHostNameWrong: {text}", bench.WasTold());
        Assert.Equal(accepted ? "SCCCN 3c4d/0000 1,1" : $"StopCCN 3c4d/0000 1,1 (4/0) {text}", bench.Sent());
    }

    [Theory]
    [InlineData(ReplyFrom.Proven, true, true)]
    [InlineData(ReplyFrom.Address, true, false)]
    [InlineData(ReplyFrom.Exact, false, false)]
    public void L2TP_033_L2TP_035_where_the_LNS_may_answer_from_is_policy(ReplyFrom policy, bool otherPort, bool otherAddress)
    {
        foreach (var (source, accepted) in new[]
        {
            (L2tpBench.Lns, true),
            (L2tpBench.Lns with { Port = 40000 }, otherPort),
            (new UdpEndpoint(IpAddress.Parse("203.0.113.9"), 1701), otherAddress),
        })
        {
            var bench = new L2tpBench(L2tpBench.WithSecret with { ReplyFrom = policy });
            var tunnel = bench.Open();
            var response = Response(MessageType.Sccrp, "tunnel-secret", ChallengeOf(bench));
            bench.Source = source;
            bench.Sccrp(tunnel, null, response);
            Assert.Equal(accepted ? TunnelState.Established : TunnelState.WaitCtlReply, tunnel.State);
            Assert.Equal(accepted ? 0ul : 1ul, bench.Counters[DropReason.L2tpNotPeer]);
        }
    }

    // Ours is not known before it is drawn: theirs is made of it.
    [Theory]
    [InlineData("lower", true, "StopCCN 5555/0000 0,1 (4/0) this LAC opens its tunnels itself", false)]
    [InlineData("higher", true, "", true)]
    [InlineData("equal", true, "", false)]
    [InlineData("none", true, "", true)]
    [InlineData("lower", false, "StopCCN 5555/0000 0,1 (4/0) this LAC opens its tunnels itself", false)]
    [InlineData("none", false, "StopCCN 5555/0000 0,1 (4/0) this LAC opens its tunnels itself", true)]
    public void L2TP_042_when_both_sides_open_the_lower_tie_breaker_wins(string theirs, bool weSend, string answer, bool oursLives)
    {
        var bench = new L2tpBench(L2tpBench.Plain with { TieBreaker = weSend });
        var tunnel = bench.Open();
        bench.Place(tunnel, "a");
        var datagram = bench.SentOctets()[0];
        Assert.True(L2tpHeader.TryParse(datagram, out var header, out _));
        var ours = ControlMessageParser.Parse(header, default).TieBreaker.ToArray();
        Assert.Equal(weSend ? 8 : 0, ours.Length);
        // M=0, not hidden.
        if (weSend) Assert.Contains("000e00000005" + Convert.ToHexStringLower(ours), Convert.ToHexStringLower(datagram), StringComparison.Ordinal);

        var value = weSend ? System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(ours) : 9;
        var sccrq = new StartControlConnection
        {
            HostName = "lns1",
            AssignedTunnelId = 0x5555,
            TieBreaker = theirs == "none" ? default : Convert.FromHexString($"{theirs switch { "lower" => value - 1, "equal" => value, _ => value + 1 }:x16}"),
        };
        bench.FromLns(sccrq.WriteSccrq(new byte[100]));
        Assert.Equal(answer, bench.Sent());
        Assert.Equal(oursLives ? TunnelState.WaitCtlReply : TunnelState.Closing, tunnel.State);
        Assert.Equal(
            oursLives ? "" : "ended a TunnelRefused | closed TunnelRefused: the LNS opens a tunnel itself and its tie breaker wins",
            bench.WasTold());
        bench.Advance(1.1);
        Assert.Equal(oursLives ? "SCCRQ 0000/0000 0,0" : "", bench.Sent());
    }

    [Fact]
    public void L2TP_042_a_tie_breaker_of_another_LNS_or_after_the_answer_moves_nothing()
    {
        var bench = new L2tpBench(L2tpBench.Plain with { TieBreaker = true });
        var tunnel = bench.Open();
        bench.Sent();
        var sccrq = new StartControlConnection { HostName = "x", AssignedTunnelId = 0x5555, TieBreaker = new byte[8] }.WriteSccrq(new byte[100]).ToArray();
        bench.Source = new UdpEndpoint(IpAddress.Parse("203.0.113.9"), 1701);
        bench.FromLns(sccrq);
        Assert.Equal("StopCCN 5555/0000 0,1 (4/0) this LAC opens its tunnels itself", bench.Sent());
        bench.Source = L2tpBench.Lns;
        bench.LnsNr = 1;
        bench.Sccrp(tunnel);
        bench.Sent();
        bench.FromLns(sccrq);
        Assert.Equal("StopCCN 5555/0000 0,1 (4/0) this LAC opens its tunnels itself", bench.Sent());
        Assert.Equal(TunnelState.Established, tunnel.State);
    }

    [Fact]
    public void A_tunnel_keeps_its_last_64_events_with_the_states_around_them()
    {
        var bench = new L2tpBench(L2tpBench.Plain with { IdleTimeout = TimeSpan.Zero });
        var tunnel = bench.Open();
        bench.Advance(3.5);
        bench.Sent();
        bench.Sccrp(tunnel);
        bench.Sent();
        bench.Zlb(tunnel);
        for (var i = 0; i < 3; i++)
        {
            bench.Endpoint.Probe(tunnel, bench.Now);
            bench.Sent();
            bench.Zlb(tunnel);
        }

        Assert.Equal(
            [
                "SCCRQ sent Idle WaitCtlReply 1", "SCCRQ repeated WaitCtlReply WaitCtlReply 2", "SCCRP received WaitCtlReply WaitCtlReply 1",
                "SCCCN sent WaitCtlReply Established 1", "HELLO sent Established Established 3",
            ],
            Words());

        bench.StopCcn(tunnel, new ResultCode(StopCcnResult.ShuttingDown));
        Assert.Equal(
            ["StopCCN received Established Established 1", "closed, lns-stopccn: StopCCN: requester is being shut down (6) Established Closing 1"],
            Words().TakeLast(2));

        tunnel = bench.Open();
        for (var i = 0; i < 100; i++) tunnel.History.Add(bench.Now, $"{i}", TunnelState.WaitCtlReply);
        Assert.Equal(64, tunnel.History.Events.Count);
        Assert.Equal(("36", "99"), (tunnel.History.Events[0].What, tunnel.History.Events[^1].What));

        IEnumerable<string> Words() => tunnel.History.Events.Select(e => $"{e.What} {e.Before} {e.After} {e.Count}");
    }

    private static byte[] ChallengeOf(L2tpBench bench)
    {
        Assert.True(L2tpHeader.TryParse(bench.SentOctets()[0], out var header, out _));
        bench.LnsNr = 1;
        return ControlMessageParser.Parse(header, default).Challenge.ToArray();
    }

    private static byte[] Response(MessageType carrier, string secret, byte[] challenge)
    {
        var response = new byte[TunnelAuthentication.ResponseSize];
        TunnelAuthentication.Respond(carrier, System.Text.Encoding.ASCII.GetBytes(secret), challenge, response);
        return response;
    }
}
