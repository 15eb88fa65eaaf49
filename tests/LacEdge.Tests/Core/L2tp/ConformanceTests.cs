using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.L2tp;
using LacEdge.Wire;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Core.L2tp;

/// <summary>Rules of RFC 2661 held against the endpoint as a whole, one test for each number.</summary>
public sealed class ConformanceTests
{
    private const string GoodSccrp = "8008 0000 0000 0002 8008 0000 0002 0100 800a 0000 0003 00000003 8007 0000 0007 6c 8008 0000 0009 3c4d";

    [Fact]
    public void L2TP_001_every_control_message_has_the_header_of_12_octets_and_its_own_length()
    {
        var bench = new L2tpBench();
        var seen = new List<MessageType>();
        var tunnel = bench.Open();
        Look();
        bench.Sccrp(tunnel);
        Look();
        var call = bench.Place(tunnel);
        bench.Zlb(tunnel);
        Look();
        bench.Icrp(call, 0x2222);
        Look();
        bench.Hello(tunnel);
        bench.Zlb(tunnel);
        bench.Advance(1);
        Look();
        bench.Endpoint.Probe(tunnel, bench.Now);
        bench.EndCall(call);
        bench.Zlb(tunnel);
        Look();
        bench.Zlb(tunnel);
        bench.Close(tunnel);
        Look();
        Assert.Equal(
            [MessageType.Sccrq, MessageType.Scccn, MessageType.Icrq, MessageType.Iccn, 0, MessageType.Hello, MessageType.Cdn, MessageType.StopCcn],
            seen.Distinct());

        void Look()
        {
            foreach (var datagram in bench.SentOctets())
            {
                Assert.Equal(0xC802, datagram[0] << 8 | datagram[1]);
                Assert.Equal(datagram.Length, datagram[2] << 8 | datagram[3]);
                Assert.True(L2tpHeader.TryParse(datagram, out var header, out _));
                Assert.Equal(L2tpHeader.ControlSize, datagram.Length - header.Payload.Length);
                seen.Add(header.IsZlb ? 0 : ControlMessageParser.Parse(header, default).Type);
                if (!header.IsZlb) bench.LnsNr = (ushort)(header.Ns + 1);
            }
        }
    }

    [Theory]
    [InlineData("8802 0014", "L=0")]
    [InlineData("c002 0014", "S=0")]
    [InlineData("ca02 0014", "O=1")]
    [InlineData("c902 0014", "P=1")]
    [InlineData("c802 000b", "Length below 12")]
    [InlineData("c802 0015", "Length beyond the datagram")]
    public void L2TP_004_a_control_message_with_a_bad_header_is_dropped_without_a_word(string start, string what)
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        var octets = Convert.FromHexString($"{start}{tunnel.LocalTunnelId:x4}0000{bench.LnsNs:x4}{bench.LnsNr:x4}8008000000000006".Replace(" ", "", StringComparison.Ordinal));
        bench.FromLns(octets);
        bench.Advance(1);
        Assert.True(bench.Sent().Length == 0, what);
        Assert.Equal(TunnelState.Established, tunnel.State);
        Assert.Equal(1ul, Enum.GetValues<DecodeError>().Aggregate(0ul, (sum, error) => sum + bench.Counters[error]));
        // The same message in good form counts.
        bench.FromLns(tunnel, 0, "8008 0000 0000 0006");
        bench.Advance(1);
        Assert.Equal("ZLB 3c4d/0000 2,2", bench.Sent());
    }

    [Fact]
    public void L2TP_008_vendor_and_type_are_compared_together()
    {
        // Vendor 3561 type 2 is an Agent-Remote-ID, no Protocol Version.
        var bench = new L2tpBench();
        var tunnel = bench.Open();
        bench.Sent();
        bench.FromLns(tunnel, 0, GoodSccrp.Replace("800a 0000 0003", "0008 0de9 0002 0200 800a 0000 0003", StringComparison.Ordinal));
        Assert.Equal(TunnelState.Established, tunnel.State);

        bench = new L2tpBench();
        tunnel = bench.Open();
        bench.Sent();
        bench.FromLns(tunnel, 0, GoodSccrp.Replace("8008 0000 0002 0100", "0008 0de9 0002 0100", StringComparison.Ordinal));
        Assert.Equal("StopCCN 3c4d/0000 1,1 (2/6) AVP 0/2: missing", bench.Sent());
    }

    [Theory]
    [InlineData("8408", "StopCCN 3c4d/0000 1,1 (2/8) AVP 0/10: reserved bits")]
    [InlineData("a008", "StopCCN 3c4d/0000 1,1 (2/8) AVP 0/10: reserved bits")]
    [InlineData("0408", "SCCCN 3c4d/0000 1,1")]
    public void L2TP_009_an_Avp_with_a_reserved_bit_is_an_unknown_one(string flags, string answer)
    {
        var bench = new L2tpBench();
        var tunnel = bench.Open();
        bench.Sent();
        bench.FromLns(tunnel, 0, $"{GoodSccrp} {flags} 0000 000a 0010");
        Assert.Equal(answer, bench.Sent());
        // It has not been taken for a window: the default of 4 holds.
        if (answer.StartsWith("SCCCN", StringComparison.Ordinal))
        {
            for (var i = 0; i < 20; i++) bench.Place(tunnel);
            bench.LnsNr = 2;
            for (var i = 0; i < 10; i++)
            {
                bench.Zlb(tunnel);
                var datagrams = bench.SentOctets();
                Assert.InRange(datagrams.Count, 0, 4);
                bench.LnsNr += (ushort)datagrams.Count;
            }
        }
    }

    [Theory]
    [InlineData("8000 0000 000e 2222")]
    [InlineData("8005 0000 000e 2222")]
    [InlineData("83ff 0000 000e 2222")]
    [InlineData("8009 0000 000e 2222")]
    [InlineData("8008 0000")]
    public void L2TP_011_an_Avp_of_0_to_5_octets_or_beyond_the_message_ends_the_call(string avp)
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        var call = bench.Place(tunnel, "a");
        bench.Sent();
        bench.FromLns(tunnel, call.LocalSessionId, $"8008 0000 0000 000b {avp}");
        Assert.Equal("ended a CallProtocolError", bench.WasTold());
        Assert.StartsWith("CDN 3c4d/0000 3,2 (2/2) AVP 0/", bench.Sent(), StringComparison.Ordinal);
        Assert.Equal(TunnelState.Established, tunnel.State);
    }

    [Theory]
    // Rx Connect Speed of 2 octets, Vendor Name hidden without a vector, Tie Breaker of 3.
    [InlineData("0008 0000 0026 fa00")]
    [InlineData("4009 0000 0008 616263")]
    [InlineData("0009 0000 0005 010203")]
    public void L2TP_012_a_malformed_Avp_without_the_M_bit_is_ignored_and_counted(string avp)
    {
        var bench = new L2tpBench();
        var tunnel = bench.Open();
        bench.Sent();
        bench.FromLns(tunnel, 0, $"{GoodSccrp} {avp}");
        Assert.Equal("SCCCN 3c4d/0000 1,1", bench.Sent());
        Assert.Equal(1ul, Enum.GetValues<DecodeError>().Aggregate(0ul, (sum, error) => sum + bench.Counters[error]));
    }

    [Fact]
    public void L2TP_014_numbers_are_big_endian_and_text_has_no_terminator()
    {
        var bench = new L2tpBench(L2tpBench.Plain with { ReceiveWindow = 0x0102, VendorName = "äé" });
        bench.Open();
        var sccrq = Convert.ToHexStringLower(bench.SentOctets()[0]);
        Assert.Contains("80080000000a0102", sccrq, StringComparison.Ordinal);
        Assert.Contains("80160000" + "0007" + "6c6163312e6578616d706c652e6e6574" + "80", sccrq, StringComparison.Ordinal);
        Assert.EndsWith("000a00000008c3a4c3a9", sccrq, StringComparison.Ordinal);
    }

    [Fact]
    public void L2TP_022_exhausted_retries_clear_the_tunnel_and_all_its_sessions()
    {
        var bench = new L2tpBench(L2tpBench.Plain with { HelloInterval = TimeSpan.Zero });
        var tunnel = bench.Establish();
        bench.Connect(tunnel, 0x2222, "a");
        bench.Connect(tunnel, 0x2223, "b");
        bench.Endpoint.Probe(tunnel, bench.Now);
        // 1, 2, 4, 8, 16 s, and 16 s more for an answer to the last.
        bench.Advance(46.9);
        Assert.Equal("", bench.WasTold());
        bench.Advance(0.2);
        Assert.Equal("ended a LnsDead | ended b LnsDead | closed LnsDead: no answer to any repetition", bench.WasTold());
        Assert.Equal((TunnelState.Closing, 0), (tunnel.State, tunnel.CallCount));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(1024)]
    public void L2TP_023_any_window_from_1_to_1024_is_used_and_kept(ushort window)
    {
        var bench = new L2tpBench(L2tpBench.Plain with { HelloInterval = TimeSpan.Zero });
        var tunnel = bench.Establish(window);
        for (var i = 0; i < 3000; i++) bench.Place(tunnel);
        var (most, sent) = (0, 0);
        for (var round = 0; sent < 3000; round++)
        {
            Assert.True(round < 5000);
            var outstanding = bench.SentOctets().Count;
            most = Math.Max(most, outstanding);
            sent += outstanding;
            // Each is acknowledged by a message of its own, so that the window opens as fast as it may.
            for (var i = 0; i < outstanding; i++)
            {
                bench.LnsNr++;
                bench.Zlb(tunnel);
            }
        }

        Assert.InRange(most, window == 1024 ? 200 : window, window);
        Assert.Equal(0ul, bench.Counters[LacCounter.L2tpControlRetransmitted]);
    }

    [Fact]
    public void L2TP_026_what_is_refused_above_is_acknowledged_below()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        var call = bench.Connect(tunnel, 0x2222, "a");
        // An ICRP too many ends the call, an OCRQ is not served, message 99 is unknown but optional: Nr goes on by one each time.
        bench.FromLns(tunnel, call.LocalSessionId, "8008 0000 0000 000b 8008 0000 000e 2222");
        Assert.Equal("CDN 3c4d/2222 4,3 (2/6) ICRP in state Established", bench.Sent());
        bench.FromLns(tunnel, 0, "8008 0000 0000 000a 8008 0000 000e 2223 800a 0000 000f 00000001");
        Assert.Equal("CDN 3c4d/2223 5,4 (5/0) ICRQ is not served", bench.Sent());
        bench.FromLns(tunnel, 0, "0008 0000 0000 0063");
        bench.Advance(0.1);
        Assert.Equal("ZLB 3c4d/0000 6,5", bench.Sent());
    }

    [Fact]
    public void L2TP_032_Sccrq_goes_to_port_1701_with_all_zero_ids_and_numbers()
    {
        var bench = new L2tpBench();
        bench.Open();
        var output = Assert.Single(bench.Outbox.Outputs);
        Assert.Equal((OutputKind.Datagram, L2tpBench.Lns, (ushort)1701), (output.Kind, output.Peer, output.Peer.Port));
        Assert.True(L2tpHeader.TryParse(bench.Outbox.Octets(output), out var header, out _));
        Assert.Equal((0, 0, 0, 0), (header.TunnelId, header.SessionId, header.Ns, header.Nr));
        Assert.Equal(MessageType.Sccrq, ControlMessageParser.Parse(header, default).Type);
    }

    [Fact]
    public void L2TP_037_the_challenge_in_Sccrp_is_answered_in_Scccn_with_3_the_secret_and_the_challenge()
    {
        var bench = new L2tpBench(L2tpBench.Plain with { Secret = Secret.FromText("hello") });
        var tunnel = bench.Open();
        Assert.True(L2tpHeader.TryParse(bench.SentOctets()[0], out var header, out _));
        var response = new byte[16];
        TunnelAuthentication.Respond(MessageType.Sccrp, "hello"u8, ControlMessageParser.Parse(header, default).Challenge, response);
        bench.LnsNr = 1;
        // TA-2: challenge and response of a Cisco pair with this secret.
        bench.Sccrp(tunnel, Convert.FromHexString("98B296C28429E7ADC767237A45F31040"), response);
        Assert.Equal("80160000000d9639531841ac22e3103e208ef7d90989", Convert.ToHexStringLower(bench.SentOctets()[0])[40..]);
    }

    [Fact]
    public void L2TP_048_Iccn_has_both_required_Avps_and_the_session_id_of_the_LNS_in_its_header()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        var call = bench.Place(tunnel);
        bench.Sent();
        bench.Icrp(call, 0x2222);
        Assert.True(L2tpHeader.TryParse(bench.SentOctets()[0], out var header, out _));
        var iccn = ControlMessageParser.Parse(header, default);
        Assert.Equal((MessageType.Iccn, (ushort)0x2222), (iccn.Type, header.SessionId));
        Assert.Equal((16_384_000u, 1u), (iccn.TxConnectSpeed, iccn.FramingType));
        // What belongs to other messages would make some LNSes refuse this one.
        Assert.False(iccn.Has(AvpType.AssignedSessionId) || iccn.Has(AvpType.CallErrors) || iccn.Has(AvpType.Accm));
    }

    [Fact]
    public void L2TPX_003_a_request_for_speeds_that_were_never_offered_is_acknowledged_and_not_answered()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        var call = bench.Connect(tunnel, 0x2222);
        bench.FromLns(tunnel, 0, $"0008 0000 0000 001d 0012 0000 0061 0000 {call.LocalSessionId:x4} 00000000 00000000");
        bench.Advance(0.1);
        Assert.Equal("ZLB 3c4d/0000 4,3", bench.Sent());
        Assert.Equal((TunnelState.Established, CallState.Established), (tunnel.State, call.State));

        // A per-hop behaviour that nobody asked for binds nobody (RFC 3308 section 3).
        bench = new L2tpBench();
        tunnel = bench.Open();
        bench.Sent();
        bench.FromLns(tunnel, 0, $"{GoodSccrp} 0008 0000 002f b800");
        Assert.Equal("SCCCN 3c4d/0000 1,1", bench.Sent());
    }

    [Fact]
    public void L2TPX_004_failover_is_not_offered_76_is_ignored_and_77_is_unknown()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Open();
        Assert.DoesNotContain("0000004c", Convert.ToHexStringLower(bench.SentOctets()[0]), StringComparison.Ordinal);
        bench.LnsNr = 1;
        bench.FromLns(tunnel, 0, $"{GoodSccrp} 000c 0000 004c 0003 00002710");
        Assert.Equal("SCCCN 3c4d/0000 1,1", bench.Sent());

        bench = new L2tpBench();
        tunnel = bench.Open();
        bench.Sent();
        bench.FromLns(tunnel, 0, $"{GoodSccrp} 8010 0000 004d 0000 00001a2b 00003c4d");
        Assert.Equal("StopCCN 3c4d/0000 1,1 (2/8) AVP 0/77: unknown", bench.Sent());

        // An LNS that wants to recover a tunnel opens a new one with it.
        bench = new L2tpBench();
        bench.FromLns(Convert.FromHexString(
            "c80200450000000000000000" + "8008000000000001" + "8008000000020100" + "800a00000003" + "00000003" + "80070000" + "00076c"
            + "8008000000095555" + "80100000004d" + "00001a2b00003c4d0000"));
        Assert.Equal("StopCCN 5555/0000 0,1 (2/8) AVP 0/77: unknown", bench.Sent());
    }
}
