using LacEdge.Core;
using LacEdge.Core.L2tp;
using LacEdge.Wire;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Core.L2tp;

/// <summary>Incoming calls from the LAC's side (RFC 2661 section 7.4.1).</summary>
public sealed class CallTests
{
    [Fact]
    public void L2TP_045_calls_wait_for_the_tunnel_and_start_when_it_opens()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Open();
        L2tpCall[] calls = [bench.Place(tunnel, "a"), bench.Place(tunnel, "b"), bench.Place(tunnel, "c")];
        Assert.All(calls, c => Assert.Equal(CallState.WaitTunnel, c.State));
        Assert.Equal(3, tunnel.CallCount);
        bench.EndCall(calls[1]);
        Assert.Equal("SCCRQ 0000/0000 0,0", bench.Sent());
        bench.Sccrp(tunnel);
        Assert.Equal("SCCCN 3c4d/0000 1,1 | ICRQ 3c4d/0000 2,1", bench.Sent());
        bench.Zlb(tunnel);
        Assert.Equal("ICRQ 3c4d/0000 3,1", bench.Sent());
        Assert.Equal([CallState.WaitReply, CallState.Idle, CallState.WaitReply], calls.Select(c => c.State));
        Assert.Equal("established lns1.example.net", bench.WasTold());
    }

    [Fact]
    public void Waiting_calls_let_those_under_way_pass()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish(window: 1);
        var calls = Enumerable.Range(0, 4).Select(i => bench.Place(tunnel, $"c{i}")).ToArray();
        Assert.Equal("ICRQ 3c4d/0000 2,1", bench.Sent());
        bench.Icrp(calls[0], 0x2222);
        Assert.Equal("ICCN 3c4d/2222 3,2", bench.Sent());
        bench.Zlb(tunnel);
        Assert.Equal("ICRQ 3c4d/0000 4,2", bench.Sent());
        Assert.Equal("accepted c0 | connected c0", bench.WasTold());
        bench.EndCall(calls[0]);
        Assert.Equal("", bench.Sent());
        bench.Icrp(calls[1], 0x2223);
        Assert.Equal("CDN 3c4d/2222 5,3 (3/0)", bench.Sent());
        bench.Zlb(tunnel);
        Assert.Equal("ICCN 3c4d/2223 6,3", bench.Sent());
    }

    [Fact]
    public void L2TP_046_ids_are_random_and_serial_numbers_increase()
    {
        var bench = new L2tpBench();
        var (one, two) = (bench.Open(), bench.Open());
        L2tpCall[] calls = [bench.Place(one), bench.Place(two), bench.Place(one)];
        Assert.Equal([1u, 2u, 3u], calls.Select(c => c.SerialNumber));
        Assert.Equal(3, calls.Select(c => c.LocalSessionId).Distinct().Count());
        Assert.DoesNotContain((ushort)0, calls.Select(c => c.LocalSessionId));
    }

    [Fact]
    public void L2TP_043_the_session_id_rests_until_the_Cdn_is_acknowledged_and_31_s_more()
    {
        var bench = new L2tpBench(L2tpBench.Plain with { IdleTimeout = TimeSpan.Zero, HelloInterval = TimeSpan.Zero });
        var tunnel = bench.Establish();
        var used = new HashSet<ushort>();
        var first = bench.Connect(tunnel, 0x2222);
        bench.EndCall(first);
        bench.Sent();
        bench.Advance(10);
        bench.Sent();

        // Every other id goes out: the quarantined one must not be among them.
        var capacity = 0;
        while (bench.Endpoint.PlaceCall(tunnel, new CallRequest("", ""), "x", bench.Now) is { } call)
        {
            Assert.NotEqual(first.LocalSessionId, call.LocalSessionId);
            Assert.True(used.Add(call.LocalSessionId));
            capacity++;
            if (call.State == CallState.WaitReply) bench.Outbox.Clear();
        }

        Assert.Equal(29_999, capacity);
        Assert.Equal(1ul, bench.Counters[DropReason.Limit]);
        Assert.Equal(30_000 - 1, tunnel.CallCount);
    }

    [Fact]
    public void L2TP_047_Icrp_without_or_with_a_zero_session_id_yields_Cdn()
    {
        (string Avps, string Answer)[] cases =
        [
            ("8008 0000 0000 000b", "CDN 3c4d/0000 3,2 (2/6) AVP 0/14: missing"),
            ("8008 0000 0000 000b 8008 0000 000e 0000", "CDN 3c4d/0000 3,2 (2/3) AVP 0/14: value"),
            ("8008 0000 0000 000b 8008 0000 000e 2222 8008 0000 1092 0001", "CDN 3c4d/0000 3,2 (2/8) AVP 0/4242: unknown"),
            ("8008 0000 0000 000b 8008 0000 000e 2222 8408 0000 000f 0001", "CDN 3c4d/0000 3,2 (2/8) AVP 0/15: reserved bits"),
        ];
        foreach (var (avps, answer) in cases)
        {
            var bench = new L2tpBench();
            var tunnel = bench.Establish();
            var call = bench.Place(tunnel, "a");
            bench.Sent();
            bench.FromLns(tunnel, call.LocalSessionId, avps);
            Assert.Equal(answer, bench.Sent());
            Assert.Equal("ended a CallProtocolError", bench.WasTold());
            Assert.Equal(TunnelState.Established, tunnel.State);
        }
    }

    [Fact]
    public void L2TP_007_L2TP_012_optional_nonsense_in_Icrp_is_ignored()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        var call = bench.Place(tunnel, "a");
        bench.Sent();
        bench.FromLns(tunnel, call.LocalSessionId, "8008 0000 0000 000b 8008 0000 000e 2222 0008 0000 1092 0001 0008 0000 0026 fa00");
        Assert.Equal("ICCN 3c4d/2222 3,2", bench.Sent());
        Assert.Equal(1ul, bench.Counters[DecodeError.AvpValue]);
    }

    [Fact]
    public void L2TP_052_without_Icrp_for_10_s_the_call_ends_with_Cdn_10()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        bench.Place(tunnel, "a");
        bench.Sent();
        bench.Zlb(tunnel);
        bench.Advance(9.9);
        Assert.Equal("", bench.WasTold());
        bench.Advance(0.2);
        Assert.Equal("ended a CallTimeout", bench.WasTold());
        Assert.Equal("CDN 3c4d/0000 3,1 (10/0) no answer to ICRQ in time", bench.Sent());
    }

    [Fact]
    public void L2TP_052_the_time_for_Icrp_runs_from_the_acknowledgement_of_Icrq_on()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        bench.Place(tunnel, "a");
        // Four of them are lost.
        bench.Advance(14);
        Assert.Equal("", bench.WasTold());
        bench.Sent();
        bench.Zlb(tunnel);
        bench.Advance(9.9);
        Assert.Equal("", bench.WasTold());
        bench.Advance(0.2);
        Assert.Equal("ended a CallTimeout", bench.WasTold());
    }

    [Fact]
    public void L2TP_049_Cdn_before_Icrp_names_the_call_by_our_id()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        var call = bench.Place(tunnel);
        bench.Sent();
        bench.EndCall(call, 1, 0, "gone", 3);
        var cdn = bench.SentOctets()[0];
        Assert.Equal("CDN 3c4d/0000 3,1 (1/0) gone", L2tpBench.Describe(cdn, default));
        Assert.True(L2tpHeader.TryParse(cdn, out var header, out _));
        var message = ControlMessageParser.Parse(header, default);
        Assert.Equal(call.LocalSessionId, message.AssignedSessionId);
        Assert.Equal(3, message.DisconnectCause.Code);
        Assert.Equal("", bench.WasTold());

        // The answer to ICRQ crossed it: the LNS is told with its own id, too.
        bench.LnsNr++;
        bench.Icrp(call, 0x2222);
        Assert.Equal("CDN 3c4d/2222 4,2 (2/5) the call has ended", bench.Sent());
        Assert.Equal("", bench.WasTold());
    }

    [Fact]
    public void L2TP_049_a_received_Cdn_is_matched_by_the_header_or_by_the_id_of_the_LNS()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        var (a, b) = (bench.Connect(tunnel, 0x2222, "a"), bench.Connect(tunnel, 0x2223, "b"));
        bench.Cdn(tunnel, 0, 0x2223, new ResultCode(CdnResult.LossOfCarrier));
        Assert.Equal("ended b LnsCdn", bench.WasTold());
        bench.Cdn(tunnel, a.LocalSessionId, 0x9999, new ResultCode(CdnResult.LossOfCarrier));
        Assert.Equal("ended a LnsCdn", bench.WasTold());
        bench.Cdn(tunnel, b.LocalSessionId, 0x2223, new ResultCode(CdnResult.LossOfCarrier));
        bench.Cdn(tunnel, 0, 0x7777, new ResultCode(CdnResult.LossOfCarrier));
        Assert.Equal(("", 2ul), (bench.WasTold(), bench.Counters[DropReason.L2tpSessionUnknown]));
        Assert.DoesNotContain("CDN", bench.Sent(), StringComparison.Ordinal);
    }

    [Fact]
    public void L2TP_050_L2TP_057_how_the_LNS_ended_the_call_is_told()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        var call = bench.Connect(tunnel, 0x2222, "a");
        var cause = new DisconnectCause(16, 0xc223, 1, "wrong password");
        bench.Cdn(tunnel, call.LocalSessionId, 0x2222, new ResultCode(CdnResult.GeneralError, L2tpErrorCode.VendorSpecific, "bye\0"), cause);
        Assert.Equal("ended a LnsCdn", bench.WasTold());
        Assert.Equal(
            new CallEnd(
                LacEdge.Core.Events.EndCause.LnsCdn, 2, 6,
                "CDN: general error (2), vendor-specific error (6), bye\\x00; "
                + "authentication failed (16) protocol c223 direction 1, wrong password", 16),
            bench.Ends[0]);
        Assert.Equal((CallState.Idle, 0), (call.State, tunnel.CallCount));
    }

    [Theory]
    [InlineData(2, 4)]
    [InlineData(2, 7)]
    [InlineData(4, 0)]
    [InlineData(3, 0)]
    public void L2TP_054_a_refused_call_is_told_with_its_codes(ushort result, ushort error)
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        var call = bench.Place(tunnel, "a");
        bench.Sent();
        bench.Cdn(tunnel, call.LocalSessionId, 0x2222, new ResultCode(result, error));
        Assert.Equal("ended a CallRefused", bench.WasTold());
        Assert.Equal((result, error), (bench.Ends[0].ResultCode, bench.Ends[0].ErrorCode));
    }

    [Fact]
    public void L2TP_051_the_end_of_a_connected_call_is_told_to_the_LNS_with_its_id()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        var call = bench.Connect(tunnel, 0x2222);
        bench.EndCall(call, 1);
        Assert.Equal("CDN 3c4d/2222 4,2 (1/0)", bench.Sent());
        bench.EndCall(call, 1);
        Assert.Equal("", bench.Sent());
        Assert.Equal((1ul, 0ul), (bench.Counters[LacCounter.CallsEnded], bench.Counters[LacCounter.CallsFailed]));
    }

    [Fact]
    public void L2TP_053_calls_that_the_LNS_places_are_refused()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        const string ocrq = "8008 0000 0000 0007 8008 0000 000e 2222 800a 0000 000f 00000001 800a 0000 0010 00000001 800a 0000 0011 00000002"
            + "800a 0000 0012 00000001 800a 0000 0013 00000001 8007 0000 0015 31";
        bench.FromLns(tunnel, 0, ocrq);
        Assert.Equal("CDN 3c4d/2222 2,2 (5/0) OCRQ is not served", bench.Sent());
        bench.FromLns(tunnel, 0, "8008 0000 0000 000a 8008 0000 000e 2223 800a 0000 000f 00000001");
        Assert.Equal("CDN 3c4d/2223 3,3 (5/0) ICRQ is not served", bench.Sent());
        Assert.Equal((TunnelState.Established, 0), (tunnel.State, tunnel.CallCount));
    }

    [Fact]
    public void L2TP_053_an_LNS_that_asks_on_and_acknowledges_nothing_fills_no_memory()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        var refused = bench.Counters[DropReason.L2tpSessionUnknown];
        for (var i = 0; i < 5000; i++) bench.FromLns(tunnel, 0, "8008 0000 0000 000a 8008 0000 000e 2223 800a 0000 000f 00000001");
        Assert.Equal(5000ul, bench.Counters[DropReason.L2tpSessionUnknown] - refused);
        bench.Outbox.Clear();
        var answers = 0;
        for (; tunnel.HasUnacknowledged; answers++)
        {
            bench.LnsNr++;
            bench.Zlb(tunnel);
        }

        Assert.Equal(1024, answers);
    }

    [Theory]
    [InlineData("8008 0000 0000 000b 8008 0000 000e 2222", "ICRP in state Established")]
    [InlineData("8008 0000 0000 000a 8008 0000 000e 2222 800a 0000 000f 00000001", "ICRQ in state Established")]
    [InlineData("8008 0000 0000 000c 800a 0000 0018 00000001 800a 0000 0013 00000001", "ICCN in state Established")]
    [InlineData("8008 0000 0000 0008 8008 0000 000e 2222", "OCRP in state Established")]
    public void Messages_out_of_state_end_the_call(string avps, string text)
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        var call = bench.Connect(tunnel, 0x2222, "a");
        bench.FromLns(tunnel, call.LocalSessionId, avps);
        Assert.Equal("ended a CallProtocolError", bench.WasTold());
        Assert.Equal($"CDN 3c4d/2222 4,3 (2/6) {text}", bench.Sent());
        Assert.Equal(text, bench.Ends[0].Detail);
    }

    [Fact]
    public void L2TP_055_Sli_and_Wen_are_accepted_and_acknowledged()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        var call = bench.Connect(tunnel, 0x2222);
        bench.FromLns(tunnel, call.LocalSessionId, "8008 0000 0000 0010 8010 0000 0023 0000ffffffffffffffff");
        bench.FromLns(tunnel, call.LocalSessionId, "8008 0000 0000 000f 8020 0000 0022 0000 000000000000000000000000000000000000000000000000");
        Assert.Equal("ZLB 3c4d/0000 4,4", bench.Sent());
        Assert.Equal((CallState.Established, ""), (call.State, bench.WasTold()));
        // Unknown, mandatory: the call only.
        bench.FromLns(tunnel, call.LocalSessionId, "8008 0000 0000 0010 8010 0000 0023 0000ffffffffffffffff 8008 0000 1092 0001");
        Assert.Equal("CDN 3c4d/2222 4,5 (2/8) AVP 0/4242: unknown", bench.Sent());
    }

    [Fact]
    public void L2TP_019_a_Zlb_acknowledges_whatever_session_id_it_carries()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        var call = bench.Place(tunnel, "a");
        bench.Sent();
        bench.Icrp(call, 0x2222);
        bench.Sent();
        bench.Zlb(tunnel, sessionId: 0xabcd);
        Assert.Equal("accepted a | connected a", bench.WasTold());
        bench.Advance(9);
        Assert.Equal("", bench.Sent());
    }

    [Fact]
    public void A_Cdn_that_acknowledges_Iccn_ends_a_connected_call()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        var call = bench.Place(tunnel, "a");
        bench.Sent();
        bench.Icrp(call, 0x2222);
        bench.Sent();
        bench.Cdn(tunnel, call.LocalSessionId, 0x2222, new ResultCode(CdnResult.Administrative));
        Assert.Equal("accepted a | connected a | ended a LnsCdn", bench.WasTold());
    }

    [Fact]
    public void DATA_003_DATA_006_DATA_007_data_reaches_its_call_from_Iccn_on()
    {
        var bench = new L2tpBench { Connecting = null };
        var tunnel = bench.Establish();
        var call = bench.Place(tunnel, "a");
        bench.Sent();
        bench.Icrp(call, 0x2222);
        var (t, s) = ($"{tunnel.LocalTunnelId:x4}", $"{call.LocalSessionId:x4}");
        bench.FromLns(Convert.FromHexString($"0002{t}{s}ff03c0210101000400"));
        Assert.Equal(1ul, bench.Counters[DropReason.L2tpStateUnexpected]);
        bench.Endpoint.Connect(call, L2tpBench.Chap, bench.Now);

        bench.FromLns(Convert.FromHexString($"0002{t}{s}ff03c02101010004"));
        bench.FromLns(Convert.FromHexString($"4b020019{t}{s}000700000003aabbccff03c02101020004"));
        bench.FromLns(Convert.FromHexString($"0002{t}{s}c02101030004"));
        bench.FromLns(Convert.FromHexString($"0002{t}{s}ff03"));
        bench.FromLns(Convert.FromHexString($"0002{t}{(ushort)(call.LocalSessionId ^ 1):x4}ff03c02101010004"));
        Assert.Equal(["a c02101010004", "a c02101020004", "a c02101030004"], bench.Data);
        Assert.Equal(1ul, bench.Counters[DropReason.L2tpSessionUnknown]);
        Assert.Equal(1ul, bench.Counters[DecodeError.PppTruncated]);

        // The id of a call on another tunnel.
        var other = bench.Open();
        bench.FromLns(Convert.FromHexString($"0002{other.LocalTunnelId:x4}{s}ff03c02101010004"));
        Assert.Equal(3, bench.Data.Count);
    }

    [Fact]
    public void Ending_other_calls_and_the_tunnel_while_being_told_is_safe()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        var calls = Enumerable.Range(0, 5).Select(i => bench.Connect(tunnel, (ushort)(0x2222 + i), $"c{i}")).ToArray();
        bench.OnCallEnded = (_, _) => bench.EndCall(calls[4]);
        bench.StopCcn(tunnel, new ResultCode(StopCcnResult.GeneralClear));
        Assert.Equal("ended c0 LnsStopCcn | ended c1 LnsStopCcn | ended c2 LnsStopCcn | ended c3 LnsStopCcn", string.Join(" | ", bench.Told.Take(4)));
        Assert.Equal("ZLB 3c4d/0000 12,7", bench.Sent());

        bench = new L2tpBench();
        tunnel = bench.Establish();
        bench.OnCallAccepted = _ => bench.Close(tunnel);
        bench.Icrp(bench.Place(tunnel, "a"), 0x2222);
        Assert.Equal("accepted a | ended a Shutdown | closed Shutdown: shutting down", bench.WasTold());
    }

    [Fact]
    public void An_id_that_is_another_calls_already_is_refused_without_naming_it()
    {
        using var bench = new L2tpBench();
        var tunnel = bench.Establish();
        var first = bench.Connect(tunnel, 0x2222);
        var second = bench.Place(tunnel);
        bench.Sent();
        bench.Icrp(second, 0x2222);
        Assert.Contains("CDN 3c4d/0000", bench.Sent(), StringComparison.Ordinal);
        Assert.Equal((CallState.Established, CallState.Idle), (first.State, second.State));
        Assert.Equal("session id 8738 is another call's already", Assert.Single(bench.Ends).Detail);

        // Once the other call has ended it may be given again.
        bench.EndCall(first);
        bench.Sent();
        Assert.Equal(CallState.Established, bench.Connect(tunnel, 0x2222).State);
    }
}
