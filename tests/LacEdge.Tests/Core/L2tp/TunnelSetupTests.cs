using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.L2tp;
using LacEdge.Wire;
using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Core.L2tp;

/// <summary>The control connection as the LAC opens it, and who may speak on it (RFC 2661 sections 5.1, 7.2.1, 8.1).</summary>
public sealed class TunnelSetupTests
{
    [Fact]
    public void Tunnel_and_call_byte_for_byte()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Open();
        var id = tunnel.LocalTunnelId;
        Assert.Equal(TunnelState.WaitCtlReply, tunnel.State);
        // L2TP-001, 005, 010, 014, 016, 032: SCCRQ to tunnel 0, session 0, Ns 0, Nr 0.
        Assert.Equal(
            ["c8020061000000000000000080080000000000018008000000020100800a00000003000000038016000000076c6163312e6578616d706c652e6e6574"
                + $"800800000009{id:x4}80080000000a00400008000000060100000d000000084c616345646765"],
            Hex(bench.SentOctets()));

        bench.FromLns(Bytes(
            $"c802004c{id:x4}00000000000180080000000000028008000000020100800a00000003000000038016000000076c6e73312e6578616d706c652e6e6574"
            + "8008000000093c4d80080000000a0008"));
        Assert.Equal("established lns1.example.net", bench.WasTold());
        Assert.Equal((TunnelState.Established, (ushort)0x3c4d, L2tpBench.Lns), (tunnel.State, tunnel.PeerTunnelId, tunnel.Peer));
        Assert.Equal(["c80200143c4d0000000100018008000000000003"], Hex(bench.SentOctets()));
        bench.FromLns(Bytes($"c802000c{id:x4}000000010002"));

        var call = bench.Place(tunnel);
        var session = call.LocalSessionId;
        Assert.Equal(CallState.WaitReply, call.State);
        // L2TP-046
        Assert.Equal(
            [$"c80200583c4d000000020001800800000000000a80080000000e{session:x4}800a0000000f00000001800a000000120000000180170000001630323a30303a"
                + "30303a30303a30303a30318011000000156973702e6578616d706c65"],
            Hex(bench.SentOctets()));

        bench.FromLns(Bytes($"c802001c{id:x4}{session:x4}00010003800800000000000b80080000000e2222"));
        Assert.Equal("accepted s", bench.WasTold());
        Assert.Equal((CallState.Established, (ushort)0x2222), (call.State, call.PeerSessionId));
        // L2TP-048, 056, PROXY-001, 003
        Assert.Equal(
            ["c80200ba3c4d222200030002800800000000000c800a0000001800fa0000800a0000001300000001000a00000026000fa00000100000001a010405dc05060a"
                + "0b0c0d00150000001b010405d40305c2230505060badcafe00100000001c010405d405060a0b0c0d00080000001d000200170000001e616c69636540697370"
                + "2e6578616d706c6500160000001f101112131415161718191a1b1c1d1e1f000800000020002a001600000021e19a9463414757c0fd809ea3977b7730"],
            Hex(bench.SentOctets()));
        Assert.Equal("", bench.WasTold());
        bench.FromLns(Bytes($"c802000c{id:x4}000000020004"));
        Assert.Equal("connected s", bench.WasTold());

        bench.EndCall(call, 3, 0, "admin", 1);
        Assert.Equal(
            [$"c80200363c4d222200040002800800000000000e800f000000010003000061646d696e80080000000e{session:x4}000b0000002e0001000000"],
            Hex(bench.SentOctets()));
        bench.FromLns(Bytes($"c802000c{id:x4}000000020005"));

        bench.Close(tunnel);
        Assert.Equal("closed Shutdown: shutting down", bench.WasTold());
        Assert.Equal(
            [$"c80200333c4d0000000500028008000000000004800800000009{id:x4}801700000001000600007368757474696e6720646f776e"],
            Hex(bench.SentOctets()));
        bench.FromLns(Bytes($"c802000c{id:x4}000000020006"));
        Assert.Equal("forgotten", bench.WasTold());
        Assert.Empty(bench.Endpoint.Tunnels);
        Assert.Equal(0, bench.Timers.Count);
    }

    [Fact]
    public void L2TP_036_L2TP_037_both_sides_prove_that_they_hold_the_secret()
    {
        var bench = new L2tpBench(L2tpBench.WithSecret);
        var tunnel = bench.Open();
        var challenge = ChallengeOf(bench.SentOctets()[0]);
        Assert.Equal(16, challenge.Length);
        bench.LnsNr = 1;

        var lnsChallenge = Bytes("f0e1d2c3b4a5968778695a4b3c2d1e0f");
        bench.Sccrp(tunnel, lnsChallenge, Response(MessageType.Sccrp, challenge));
        Assert.Equal(TunnelState.Established, tunnel.State);
        // TA-4
        Assert.Equal(["c802002a3c4d000000010001800800000000000380160000000d6339904a85f1a08ba0a9ff823aa23c50"], Hex(bench.SentOctets()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(600)]
    public void L2TP_038_challenges_of_any_length_are_answered(int size)
    {
        var bench = new L2tpBench(L2tpBench.WithSecret);
        var tunnel = bench.Open();
        var challenge = ChallengeOf(bench.SentOctets()[0]);
        bench.LnsNr = 1;
        var lnsChallenge = new byte[size];
        bench.Sccrp(tunnel, lnsChallenge, Response(MessageType.Sccrp, challenge));
        Assert.True(L2tpHeader.TryParse(bench.SentOctets()[0], out var header, out _));
        var scccn = ControlMessageParser.Parse(header, default);
        Assert.Equal(Response(MessageType.Scccn, lnsChallenge), scccn.ChallengeResponse.ToArray());
    }

    [Fact]
    public void L2TP_036_an_LNS_that_does_not_challenge_is_answered_without_a_response()
    {
        var bench = new L2tpBench(L2tpBench.WithSecret);
        var tunnel = bench.Open();
        var challenge = ChallengeOf(bench.SentOctets()[0]);
        bench.LnsNr = 1;
        bench.Sccrp(tunnel, null, Response(MessageType.Sccrp, challenge));
        Assert.Equal(["c80200143c4d0000000100018008000000000003"], Hex(bench.SentOctets()));
    }

    [Theory]
    [InlineData("missing", "challenge response missing")]
    [InlineData("wrong", "challenge response wrong")]
    [InlineData("other type", "challenge response wrong")]
    [InlineData("reflected", "challenge reflected")]
    public void L2TP_036_L2TP_039_a_wrong_response_ends_the_tunnel(string how, string text)
    {
        var bench = new L2tpBench(L2tpBench.WithSecret);
        var tunnel = bench.Open();
        bench.Place(tunnel, "a");
        var challenge = ChallengeOf(bench.SentOctets()[0]);
        bench.LnsNr = 1;
        byte[]? response = how switch
        {
            "missing" => null,
            "wrong" => new byte[16],
            "other type" => Response(MessageType.Scccn, challenge),
            _ => Response(MessageType.Sccrp, challenge),
        };
        bench.Sccrp(tunnel, how == "reflected" ? challenge : Bytes("aabb"), response);
        Assert.Equal($"ended a TunnelSecretWrong | closed TunnelSecretWrong: {text}", bench.WasTold());
        Assert.Equal($"StopCCN 3c4d/0000 1,1 (4/0) {text}", bench.Sent());
        bench.Zlb(tunnel);
        Assert.Equal("forgotten", bench.WasTold());
    }

    [Fact]
    public void A_challenge_that_cannot_be_answered_ends_the_tunnel()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Open();
        bench.Sent();
        bench.Sccrp(tunnel, Bytes("aabb"));
        Assert.Equal("closed TunnelSecretMissing: no tunnel secret here", bench.WasTold());
        Assert.Equal("StopCCN 3c4d/0000 1,1 (4/0) no tunnel secret here", bench.Sent());
    }

    [Fact]
    public void L2TP_039_challenges_are_never_reused()
    {
        var bench = new L2tpBench(L2tpBench.WithSecret);
        var seen = new HashSet<string>();
        for (var i = 0; i < 50; i++)
        {
            bench.Open();
            Assert.True(seen.Add(Convert.ToHexString(ChallengeOf(bench.SentOctets()[0]))));
        }
    }

    [Theory]
    // Protocol Version 0.0 and 2.0; a revision is none of our business.
    [InlineData("8008 0000 0000 0002 8008 0000 0002 0000 800a 0000 0003 00000003 8007 0000 0007 6c 8008 0000 0009 3c4d", "5/256", "L2TP version not supported")]
    [InlineData("8008 0000 0000 0002 8008 0000 0002 0200 800a 0000 0003 00000003 8007 0000 0007 6c 8008 0000 0009 3c4d", "5/256", "L2TP version not supported")]
    [InlineData("8008 0000 0000 0002 800a 0000 0003 00000003 8007 0000 0007 6c 8008 0000 0009 3c4d", "2/6", "AVP 0/2: missing")]
    [InlineData("8008 0000 0000 0002 8008 0000 0002 0100 8007 0000 0007 6c 8008 0000 0009 3c4d", "2/6", "AVP 0/3: missing")]
    [InlineData("8008 0000 0000 0002 8008 0000 0002 0100 800a 0000 0003 00000003 8008 0000 0009 3c4d", "2/6", "AVP 0/7: missing")]
    [InlineData("8008 0000 0000 0002 8008 0000 0002 0100 800a 0000 0003 00000003 8007 0000 0007 6c 8008 0000 0009 3c4d 8408 0000 000a 0010", "2/8", "AVP 0/10: reserved bits")]
    [InlineData("8008 0000 0000 0002 8008 0000 0002 0100 800a 0000 0003 00000003 8007 0000 0007 6c 8008 0000 0009 3c4d 8008 0000 1092 0001", "2/8", "AVP 0/4242: unknown")]
    [InlineData("8008 0000 0000 0006", "7/0", "HELLO in state WaitCtlReply")]
    [InlineData("8008 0000 0000 0003", "7/0", "SCCCN in state WaitCtlReply")]
    [InlineData("8008 0000 0000 0063", "7/0", "message 99 in state WaitCtlReply")]
    public void L2TP_006_007_009_016_an_unacceptable_reply_is_refused_with_StopCcn(string avps, string code, string text)
    {
        var bench = new L2tpBench();
        var tunnel = bench.Open();
        bench.Sent();
        bench.FromLns(tunnel, 0, avps);
        Assert.Equal($"closed TunnelProtocolError: {text}", bench.WasTold());
        var id = avps.Contains("3c4d", StringComparison.Ordinal) ? "3c4d" : "0000";
        Assert.Equal($"StopCCN {id}/0000 1,1 ({code}) {text}", bench.Sent());
    }

    [Fact]
    public void L2TP_040_without_the_id_of_the_peer_StopCcn_goes_to_tunnel_0_and_names_ours()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Open();
        bench.Sent();
        bench.FromLns(tunnel, 0, "8008 0000 0000 0002 8008 0000 0002 0100 800a 0000 0003 00000003 8007 0000 0007 6c");
        Assert.True(L2tpHeader.TryParse(bench.SentOctets()[0], out var header, out _));
        Assert.Equal(0, header.TunnelId);
        Assert.Equal(tunnel.LocalTunnelId, ControlMessageParser.Parse(header, default).AssignedTunnelId);
    }

    [Fact]
    public void L2TP_033_SCCRP_from_another_port_is_accepted_and_that_port_used_from_then_on()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Open();
        bench.Sent();
        bench.Source = L2tpBench.Lns with { Port = 40000 };
        bench.Sccrp(tunnel);
        Assert.Equal(bench.Source, tunnel.Peer);
        Assert.Equal("SCCCN 3c4d/0000 1,1", bench.Sent());
    }

    [Fact]
    public void L2TP_035_SCCRP_from_another_address_needs_the_right_response()
    {
        var elsewhere = new UdpEndpoint(IpAddress.Parse("203.0.113.9"), 1701);
        var plain = new L2tpBench();
        var tunnel = plain.Open();
        plain.Sent();
        plain.Source = elsewhere;
        plain.Sccrp(tunnel);
        plain.Zlb(tunnel);
        Assert.Equal((2ul, TunnelState.WaitCtlReply), (plain.Counters[DropReason.L2tpNotPeer], tunnel.State));
        // The spoofed acknowledgement has stopped nothing.
        plain.Source = L2tpBench.Lns;
        plain.Advance(1);
        Assert.Equal("SCCRQ 0000/0000 0,0", plain.Sent());

        var secured = new L2tpBench(L2tpBench.WithSecret);
        tunnel = secured.Open();
        var challenge = ChallengeOf(secured.SentOctets()[0]);
        secured.LnsNr = 1;
        secured.Source = elsewhere;
        secured.Sccrp(tunnel, null, new byte[16]);
        Assert.Equal(TunnelState.WaitCtlReply, tunnel.State);
        secured.LnsNs = 0;
        secured.Sccrp(tunnel, null, Response(MessageType.Sccrp, challenge));
        Assert.Equal((TunnelState.Established, elsewhere), (tunnel.State, tunnel.Peer));
        Assert.Equal("SCCCN 3c4d/0000 1,1", secured.Sent());
    }

    [Fact]
    public void L2TP_034_DATA_006_afterwards_everything_from_elsewhere_is_dropped()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        var call = bench.Connect(tunnel, 0x2222);
        var data = Bytes($"0002{tunnel.LocalTunnelId:x4}{call.LocalSessionId:x4}ff03c021090100080000 0000");
        var hello = Messages.Hello(new byte[20], tunnel.LocalTunnelId, bench.LnsNs, bench.LnsNr).ToArray();
        foreach (var source in new[] { L2tpBench.Lns with { Port = 1702 }, new UdpEndpoint(IpAddress.Parse("198.51.100.11"), 1701) })
        {
            bench.Source = source;
            bench.FromLns(data);
            bench.FromLns(hello);
        }

        bench.Source = L2tpBench.Lns;
        bench.FromLns(data, socket: 4);
        bench.FromLns(hello, socket: 4);
        Assert.Equal(6ul, bench.Counters[DropReason.L2tpNotPeer]);
        Assert.Empty(bench.Data);
        bench.FromLns(data);
        Assert.Equal(["s c0210901000800000000"], bench.Data);
    }

    [Fact]
    public void L2TP_042_a_tunnel_that_an_LNS_opens_is_refused_statelessly()
    {
        var bench = new L2tpBench();
        var sccrq = new StartControlConnection { HostName = "lns1", AssignedTunnelId = 0x5555 };
        for (var i = 0; i < 2; i++)
        {
            bench.FromLns(sccrq.WriteSccrq(new byte[100]));
            Assert.Equal("StopCCN 5555/0000 0,1 (4/0) this LAC opens its tunnels itself", bench.Sent());
        }

        Assert.Equal(2ul, bench.Counters[DropReason.L2tpSccrqRefused]);
        Assert.Empty(bench.Endpoint.Tunnels);
        Assert.Equal(0, bench.Timers.Count);
        bench.FromLns(Bytes("c802001c0000000000000000 8008000000000001 8008000000095555"));
        Assert.Equal("", bench.Sent());
    }

    [Fact]
    public void Unknown_tunnels_and_broken_datagrams_are_counted_and_not_answered()
    {
        var bench = new L2tpBench();
        bench.FromLns(Bytes("c802000c1234000000000000"));
        bench.FromLns(Bytes("c802000c0000000000000000"));
        bench.FromLns(Bytes("000212345678ff03"));
        Assert.Equal(3ul, bench.Counters[DropReason.L2tpTunnelUnknown]);
        bench.FromLns(Bytes("c801000c1234000000000000"));
        bench.FromLns([]);
        Assert.Equal((1ul, 1ul), (bench.Counters[DecodeError.L2tpVersion], bench.Counters[DecodeError.L2tpTruncated]));
        Assert.Equal("", bench.Sent());
    }

    [Fact]
    public void L2TP_043_ids_are_random_limited_and_rest()
    {
        var bench = new L2tpBench(maxTunnels: 3);
        L2tpTunnel[] tunnels = [bench.Open(), bench.Open(), bench.Open()];
        Assert.Equal(3, tunnels.Select(t => t.LocalTunnelId).Distinct().Count());
        Assert.DoesNotContain((ushort)0, tunnels.Select(t => t.LocalTunnelId));
        Assert.Null(bench.Endpoint.Open(new TunnelTarget(bench.Profile, L2tpBench.Lns, "x", PeerProfile.Default), L2tpBench.Socket, bench.Now));
        Assert.Equal(1ul, bench.Counters[DropReason.Limit]);
        Assert.Equal(tunnels, bench.Endpoint.Tunnels);

        var other = new L2tpBench(seed: 2);
        Assert.NotEqual(tunnels[0].LocalTunnelId, other.Open().LocalTunnelId);
        Assert.Equal(tunnels[0].LocalTunnelId, new L2tpBench().Open().LocalTunnelId);
    }

    [Fact]
    public void Nothing_that_prints_holds_a_secret()
    {
        var bench = new L2tpBench(L2tpBench.WithSecret);
        var tunnel = bench.Open();
        foreach (var text in new[] { tunnel.Target.ToString(), L2tpBench.Pap.ToString(), L2tpBench.Pap.Authentication.ToString() })
        {
            Assert.DoesNotContain("tunnel-secret", text, StringComparison.Ordinal);
            Assert.DoesNotContain("wonderland", text, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToHexStringLower("wonderland"u8), text, StringComparison.Ordinal);
        }
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
    private static IEnumerable<string> Hex(IEnumerable<byte[]> datagrams) => datagrams.Select(Convert.ToHexStringLower);

    private static byte[] ChallengeOf(byte[] sccrq)
    {
        Assert.True(L2tpHeader.TryParse(sccrq, out var header, out _));
        return ControlMessageParser.Parse(header, default).Challenge.ToArray();
    }

    private static byte[] Response(MessageType carrier, byte[] challenge)
    {
        var response = new byte[16];
        TunnelAuthentication.Respond(carrier, "tunnel-secret"u8, challenge, response);
        return response;
    }
}
