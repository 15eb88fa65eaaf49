using LacEdge.Core;
using LacEdge.Core.L2tp;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Core.L2tp;

/// <summary>How tunnels end, and what an established one refuses (RFC 2661 sections 5.7, 7.1, 7.2.1).</summary>
public sealed class TunnelEndTests
{
    [Fact]
    public void L2TP_031_after_StopCcn_of_the_LNS_repetitions_are_acknowledged_for_31_s()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        bench.Connect(tunnel, 0x2222, "a");
        bench.Connect(tunnel, 0x2223, "b");
        bench.StopCcn(tunnel, new ResultCode(StopCcnResult.ShuttingDown, text: "bye"));
        Assert.Equal(
            "ended a LnsStopCcn | ended b LnsStopCcn | closed LnsStopCcn: StopCCN: requester is being shut down (6), bye", bench.WasTold());
        Assert.Equal(6, bench.Ends[0].ResultCode);
        Assert.Equal("ZLB 3c4d/0000 6,4", bench.Sent());
        Assert.Equal(TunnelState.Closing, tunnel.State);
        Assert.Null(bench.Endpoint.PlaceCall(tunnel, new CallRequest("", ""), "c", bench.Now));

        for (var i = 0; i < 3; i++)
        {
            bench.Advance(10);
            bench.LnsNs--;
            bench.StopCcn(tunnel, new ResultCode(StopCcnResult.ShuttingDown, text: "bye"));
            Assert.Equal("ZLB 3c4d/0000 6,4", bench.Sent());
        }

        Assert.Equal("", bench.WasTold());
        bench.Advance(0.99);
        Assert.Equal("", bench.WasTold());
        bench.Advance(0.02);
        Assert.Equal("forgotten", bench.WasTold());
        bench.StopCcn(tunnel, new ResultCode(StopCcnResult.ShuttingDown));
        Assert.Equal("", bench.Sent());
        Assert.Equal(1ul, bench.Counters[DropReason.L2tpTunnelUnknown]);
        Assert.Equal(0, bench.Timers.Count);
    }

    [Fact]
    public void L2TP_041_StopCcn_whose_header_names_no_tunnel_is_matched_by_source_and_assigned_id()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        var buffer = new byte[100];
        var result = new ResultCode(StopCcnResult.GeneralClear);
        bench.FromLns(Messages.StopCcn(buffer, 0, 0x9999, result, bench.LnsNs, bench.LnsNr));
        Assert.Equal(1ul, bench.Counters[DropReason.L2tpTunnelUnknown]);
        bench.Source = L2tpBench.Lns with { Port = 1702 };
        bench.FromLns(Messages.StopCcn(buffer, 0, bench.LnsTunnelId, result, bench.LnsNs, bench.LnsNr));
        Assert.Equal(2ul, bench.Counters[DropReason.L2tpTunnelUnknown]);
        Assert.Equal(TunnelState.Established, tunnel.State);
        bench.Source = L2tpBench.Lns;
        bench.FromLns(Messages.StopCcn(buffer, 0, bench.LnsTunnelId, result, bench.LnsNs, bench.LnsNr));
        Assert.Equal(TunnelState.Closing, tunnel.State);

        // A refusal by an LNS that never gave an id of its own.
        var second = bench.Open();
        bench.Outbox.Clear();
        bench.FromLns(Messages.StopCcn(buffer, 0, 0x4444, result, 0, 1));
        Assert.Equal((TunnelState.Closing, (ushort)0x4444), (second.State, second.PeerTunnelId));
        Assert.Contains("closed TunnelRefused: StopCCN: general request to clear the control connection (1)", bench.WasTold(), StringComparison.Ordinal);
        Assert.Equal("ZLB 4444/0000 1,1", bench.Sent());
    }

    [Fact]
    public void L2TP_041_a_tunnel_that_only_lingers_does_not_take_the_StopCcn_of_the_next()
    {
        var bench = new L2tpBench();
        var first = bench.Open();
        bench.Advance(5.1);
        Assert.Equal(TunnelState.Closing, first.State);
        var second = bench.Open();
        bench.Outbox.Clear();
        bench.FromLns(Messages.StopCcn(new byte[100], 0, 0x4444, new ResultCode(StopCcnResult.NotAuthorized), 0, 1));
        Assert.Equal((0, TunnelState.Closing, (ushort)0x4444), (first.PeerTunnelId, second.State, second.PeerTunnelId));
    }

    [Fact]
    public void L2TP_045_without_an_answer_the_tunnel_is_given_up_and_its_calls_go_elsewhere()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Open();
        bench.Place(tunnel, "a");
        bench.Place(tunnel, "b");
        bench.Sent();
        bench.Advance(4.9);
        Assert.Equal("SCCRQ 0000/0000 0,0 | SCCRQ 0000/0000 0,0", bench.Sent());
        Assert.Equal("", bench.WasTold());
        bench.Advance(0.2);
        Assert.Equal(
            "ended a TunnelTimeout | ended b TunnelTimeout | closed TunnelTimeout: no answer to SCCRQ in time", bench.WasTold());
        bench.Advance(20);
        Assert.Equal("", bench.Sent());

        // An answer that comes too late must not leave the LNS with half a tunnel.
        bench.Sccrp(tunnel);
        Assert.Equal("StopCCN 3c4d/0000 1,1 (1/0) too late", bench.Sent());
        bench.Zlb(tunnel);
        Assert.Equal("forgotten", bench.WasTold());
    }

    [Fact]
    public void A_tunnel_that_never_gets_an_answer_is_forgotten_after_31_s()
    {
        var bench = new L2tpBench();
        bench.Open();
        bench.Advance(5);
        bench.WasTold();
        bench.Advance(30.9);
        Assert.Equal("", bench.WasTold());
        bench.Advance(0.2);
        Assert.Equal("forgotten", bench.WasTold());
        Assert.Equal((1ul, 1ul, 0ul), (
            bench.Counters[LacCounter.TunnelsOpened], bench.Counters[LacCounter.TunnelsFailed], bench.Counters[LacCounter.TunnelsClosed]));
    }

    [Fact]
    public void Exhausted_repetitions_of_Sccrq_are_a_timeout_and_of_an_established_tunnel_a_dead_LNS()
    {
        var bench = new L2tpBench(L2tpBench.Plain with { Retries = 1, SetupTimeout = TimeSpan.FromSeconds(60) });
        bench.Open();
        bench.Advance(2.9);
        Assert.Equal("", bench.WasTold());
        bench.Advance(0.2);
        Assert.Equal("closed TunnelTimeout: no answer to any repetition", bench.WasTold());
        bench.Sent();

        bench.LnsNr = 0;
        var tunnel = bench.Establish();
        bench.Connect(tunnel, 0x2222, "a");
        bench.Place(tunnel, "b");
        bench.Sent();
        bench.Advance(3.1);
        Assert.Contains("ended a LnsDead | ended b LnsDead | closed LnsDead: no answer to any repetition", bench.WasTold(), StringComparison.Ordinal);
        bench.Sent();

        // The LNS is back, with its old tunnel: silence lets it find out that it is gone.
        bench.Hello(tunnel);
        Assert.Equal("", bench.Sent());
        bench.Advance(31);
        Assert.Contains("forgotten", bench.WasTold(), StringComparison.Ordinal);
    }

    [Fact]
    public void L2TP_030_our_StopCcn_is_repeated_until_acknowledged_or_exhausted()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        bench.Close(tunnel);
        Assert.Equal("closed Shutdown: shutting down", bench.WasTold());
        bench.Advance(46.9);
        Assert.Equal(6, bench.Sent().Split(" | ").Count(m => m == "StopCCN 3c4d/0000 2,1 (6/0) shutting down"));
        Assert.Equal("", bench.WasTold());
        bench.Advance(0.2);
        Assert.Equal("forgotten", bench.WasTold());
        bench.Close(tunnel);
        Assert.Equal("", bench.Sent());
    }

    [Fact]
    public void Nothing_that_waits_for_the_window_delays_StopCcn()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish(window: 1);
        var first = bench.Connect(tunnel, 0x2222, "a");
        var second = bench.Connect(tunnel, 0x2223, "b");
        bench.EndCall(first);
        bench.EndCall(second);
        bench.Close(tunnel);
        Assert.Equal($"CDN 3c4d/2222 6,3 (3/0)", bench.Sent());
        bench.Zlb(tunnel);
        Assert.Equal("StopCCN 3c4d/0000 7,3 (6/0) shutting down", bench.Sent());
    }

    [Fact]
    public void StopCcns_that_cross_end_the_tunnel_once()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        bench.Close(tunnel);
        bench.Sent();
        bench.LnsNr--;
        bench.StopCcn(tunnel, new ResultCode(StopCcnResult.GeneralClear));
        Assert.Equal("closed Shutdown: shutting down", bench.WasTold());
        Assert.Equal("ZLB 3c4d/0000 3,2", bench.Sent());
        bench.Advance(31.1);
        Assert.Equal("forgotten", bench.WasTold());
        Assert.Equal("", bench.Sent());
    }

    [Fact]
    public void StopCcn_of_the_LNS_that_acknowledges_ours_is_acknowledged_before_the_socket_may_go()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        bench.Close(tunnel);
        bench.Sent();
        bench.StopCcn(tunnel, new ResultCode(StopCcnResult.GeneralClear));
        Assert.Equal("closed Shutdown: shutting down", bench.WasTold());
        Assert.Equal("ZLB 3c4d/0000 3,2", bench.Sent());
        bench.Advance(31.1);
        Assert.Equal("forgotten", bench.WasTold());
        Assert.Equal(("", 0), (bench.Sent(), bench.Timers.Count));
    }

    [Fact]
    public void Texts_of_any_length_fit_into_CDN()
    {
        var bench = new L2tpBench();
        var call = bench.Connect(bench.Establish(), 0x2222);
        bench.EndCall(call, text: new string('\u20ac', 5000));
        var cdn = Assert.Single(bench.SentOctets());
        Assert.StartsWith("CDN 3c4d/2222", L2tpBench.Describe(cdn, default), StringComparison.Ordinal);
        Assert.InRange(cdn.Length, 765, 900);
    }

    [Fact]
    public void Established_tunnels_refuse_start_messages_and_unknown_mandatory_things()
    {
        (string Avps, string Answer)[] cases =
        [
            ("8008 0000 0000 0002 8008 0000 0002 0100 800a 0000 0003 00000003 8007 0000 0007 6c 8008 0000 0009 3c4d", "(7/0) SCCRP in state Established"),
            ("8008 0000 0000 0003", "(7/0) SCCCN in state Established"),
            ("8008 0000 0000 0063", "(2/8) message type 99: unknown"),
            ("8008 0000 0000 0006 8008 0000 1092 0001", "(2/8) AVP 0/4242: unknown"),
            ("8008 0000 0000 0006 8005 0000 0007", "(2/2) AVP 0/7: length"),
            ("8008 0000 0009 3c4d", "(2/6) message type missing"),
        ];
        foreach (var (avps, answer) in cases)
        {
            var bench = new L2tpBench();
            var tunnel = bench.Establish();
            bench.Connect(tunnel, 0x2222, "a");
            bench.FromLns(tunnel, 0, avps);
            Assert.Equal($"StopCCN 3c4d/0000 4,3 {answer}", bench.Sent());
            Assert.StartsWith("ended a TunnelProtocolError | closed TunnelProtocolError:", bench.WasTold(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void L2TP_006_L2TP_007_L2TP_026_what_may_be_ignored_is_acknowledged()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        bench.FromLns(tunnel, 0, "0008 0000 0000 0063 8008 0000 1092 0001");
        bench.FromLns(tunnel, 0, "8008 0000 0000 0006 0008 0000 1092 0001");
        Assert.Equal("ZLB 3c4d/0000 2,3", bench.Sent());
        Assert.Equal(TunnelState.Established, tunnel.State);
    }

    [Fact]
    public void The_user_may_open_the_next_tunnel_while_it_is_told_of_the_end_of_one()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        bench.Connect(tunnel, 0x2222, "a");
        bench.OnCallEnded = (call, _) =>
        {
            Assert.Null(bench.Endpoint.PlaceCall(call.Tunnel, new CallRequest("", ""), "again", bench.Now));
            bench.OnCallEnded = null;
            bench.Place(bench.Open(), "elsewhere");
        };
        bench.StopCcn(tunnel, new ResultCode(StopCcnResult.GeneralClear));
        Assert.Equal(2, bench.Endpoint.Tunnels.Count);
        Assert.Equal("SCCRQ 0000/0000 0,0 | ZLB 3c4d/0000 4,3", bench.Sent());
    }
}
