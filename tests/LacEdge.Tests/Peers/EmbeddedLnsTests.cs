using LacEdge.Core;
using LacEdge.Lab.Peers;
using LacEdge.Wire;
using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Peers;

/// <summary>The LNS alone, against literal messages.</summary>
public sealed class EmbeddedLnsTests
{
    private static readonly UdpEndpoint _lnsAt = new(IpAddress.Parse("198.51.100.1"), 1701);
    private static readonly UdpEndpoint _lacAt = new(IpAddress.Parse("192.0.2.1"), 1701);
    private readonly PeerOutbox _outbox = new();
    private Instant _now = new(1_000_000_000);

    /// <summary>The logged session of a real LAC with a real LNS (secret "hello", CHAP password "cisco"), our LNS in the real one's place.</summary>
    [Fact]
    public void LAB_transcript_is_answered_octet_for_octet()
    {
        var lns = Make("hello", "cisco", fixedValues: new LnsFixedValues(0xD7E6, 0x002D, Bytes.Hex("98B296C28429E7ADC767237A45F31040")));

        var sccrq = new StartControlConnection
        {
            HostName = "2500-1",
            AssignedTunnelId = 0x4518,
            FramingCapabilities = Framings.Synchronous | Framings.Asynchronous,
            Challenge = Convert.FromHexString("545A2343FBE20EA08BCA7B56E4A7D29E"),
        };
        Feed(lns, Convert.ToHexString(sccrq.WriteSccrq(new byte[256])));
        var sccrp = One();
        Assert.StartsWith("c802", sccrp, StringComparison.Ordinal);
        Assert.Equal("4518" + "0000" + "0000" + "0001", sccrp[8..24]);
        Assert.Contains("80160000000d" + "7c358f7a7ba21957c07801195dcadfa6", sccrp, StringComparison.Ordinal);
        Assert.Contains("80160000000b" + "98b296c28429e7adc767237a45f31040", sccrp, StringComparison.Ordinal);

        Feed(lns, "C802002AD7E60000000100018008000000000003801600000" + "00D9639531841AC22E3103E208EF7D90989");
        Assert.Equal("c802000c" + "4518" + "0000" + "0001" + "0002", One());
        Assert.Equal(LnsTunnelState.Established, lns.Tunnels[0].State);

        var icrq = new Icrq { AssignedSessionId = 7, CallSerialNumber = 1 };
        Feed(lns, Convert.ToHexString(icrq.Write(new byte[256], 0xD7E6, 2, 1)));
        Assert.Equal("c802001c4518000700010003800800000000000b80080000000e002d", One());

        // ICCN with the logged proxy AVPs.
        Feed(lns, Iccn());
        // CHAP Success with AVP 32's identifier, without any LCP of the LNS's own.
        var success = _outbox.Outputs.Select(Hex).First(hex => hex.StartsWith("0002", StringComparison.Ordinal));
        Assert.Equal("0002" + "4518" + "0007" + "ff03" + "c223" + "03060004", success);
        Assert.Equal(JudgedBy.Proxy, lns.CallOf("2500-1")!.Ppp!.JudgedBy);
        Assert.Equal(0x109D08F2u, lns.CallOf("2500-1")!.Ppp!.Magic);
        _outbox.Clear();

        Feed(lns, "C8020026D7E6002D00040002800800000000000E80080000000E0007800A00000001000100" + "00");
        Assert.Equal("c802000c4518000000020005", One());
        Assert.Equal(new LnsEnd(true, 1, 0, ""), lns.EndedCalls.Single().End);

        lns.Tunnels[0].Close(new ResultCode(1), _now);
        Assert.Equal("c8020024451800000002000580080000000000048008000000" + "09d7e68008000000010001", One());
        Feed(lns, "C802000CD7E6000000050003");
        Assert.Equal(0, _outbox.Count);
        Assert.Empty(lns.Violations);
    }

    [Fact]
    public void A_wrong_response_to_our_challenge_closes_the_tunnel_with_StopCCN_4()
    {
        var lns = Make("tunnel-secret", "x", fixedValues: new LnsFixedValues(0x3c4d, 0x2222, Bytes.Hex("f0e1d2c3b4a5968778695a4b3c2d1e0f")));
        Feed(lns, Vectors.Sccrq);
        Assert.Contains("80160000000d6c0da2faf7a397aa3f88f55061ea9134", One(), StringComparison.Ordinal);
        Feed(lns, Vectors.Scccn.Replace("6339904a", "6339904b", StringComparison.Ordinal));
        Assert.EndsWith("0004" + "0000" + Convert.ToHexStringLower("wrong challenge response"u8), One(), StringComparison.Ordinal);
        Assert.Equal(LnsTunnelState.Closing, lns.Tunnels[0].State);
    }

    [Fact]
    public void The_vectors_of_a_call_with_PAP_bring_it_up_to_IPCP()
    {
        foreach (var iccn in (string[])[Vectors.IccnPap, Vectors.IccnPapHidden])
        {
            _outbox.Clear();
            var lns = Make("tunnel-secret", "wonderland", fixedValues: new LnsFixedValues(0x3c4d, 0x2222, Bytes.Hex("f0e1d2c3b4a5968778695a4b3c2d1e0f")));
            Feed(lns, Vectors.Sccrq);
            Feed(lns, Vectors.Scccn);
            Feed(lns, Vectors.Icrq);
            Feed(lns, iccn);
            var data = _outbox.Outputs.Select(Hex).Where(hex => hex.StartsWith("0002", StringComparison.Ordinal)).ToList();
            Assert.Equal("00021a2b1111ff03" + "c02302010005" + "00", data[0]);
            Assert.StartsWith("00021a2b1111ff03" + "802101", data[1], StringComparison.Ordinal);
            Assert.Equal("alice@isp.example", lns.Calls.Single().User);
            Assert.Empty(lns.Violations);
        }
    }

    [Fact]
    public void A_message_is_repeated_after_1_2_4_8_and_16_seconds_and_then_the_tunnel_is_gone()
    {
        var lns = Make("", "x");
        Feed(lns, Vectors.SccrqWithoutChallenge);
        var start = _now;
        var times = new List<double>();
        while (lns.Tunnels.Count > 0)
        {
            _outbox.Clear();
            _now = lns.NextTimeout;
            lns.HandleTimeout(_now);
            if (_outbox.Count > 0) times.Add((_now - start).TotalSeconds);
        }

        Assert.Equal([1.0, 3.0, 7.0, 15.0, 31.0], times);
        Assert.Equal(Instant.Never, lns.NextTimeout);
    }

    [Fact]
    public void Messages_out_of_order_wait_for_their_turn_and_repeats_are_acknowledged()
    {
        var lns = Make("tunnel-secret", "wonderland", fixedValues: new LnsFixedValues(0x3c4d, 0x2222, Bytes.Hex("f0e1d2c3b4a5968778695a4b3c2d1e0f")));
        Feed(lns, Vectors.Sccrq);
        Feed(lns, Vectors.Sccrq);
        Assert.Single(lns.Tunnels);
        _outbox.Clear();
        Feed(lns, Vectors.Icrq);
        Assert.Equal(0, _outbox.Count);
        Feed(lns, Vectors.Scccn);
        Assert.Equal("c802001c1a2b111100010003800800000000000b80080000000e2222", One());
        Feed(lns, Vectors.Icrq);
        Assert.Equal("c802000c1a2b0000" + "0002" + "0003", One());
        Assert.Single(lns.Calls);
    }

    [Fact]
    public void Rules_that_a_LAC_breaks_are_noted()
    {
        var lns = Make("", "x");
        // Framing Capabilities without the M bit, and an unknown AVP.
        Feed(lns, Vectors.SccrqWithoutChallenge.Replace("800a00000003", "000a00000003", StringComparison.Ordinal));
        Assert.Contains(lns.Violations, text => text.Contains("M bit of Framing Capabilities", StringComparison.Ordinal));
        Feed(lns, "c801000c3c4d000000000000");
        Assert.Contains(lns.Violations, text => text.Contains(nameof(DecodeError.L2tpVersion), StringComparison.Ordinal));
    }

    [Fact]
    public void Tunnels_and_calls_are_refused_as_ordered_and_the_dead_say_nothing()
    {
        var lns = Make("", "x");
        lns.RefuseTunnels = new ResultCode(StopCcnResult.GeneralError, L2tpErrorCode.TryAnother, "full");
        Feed(lns, Vectors.SccrqWithoutChallenge);
        Assert.EndsWith("800e00000001" + "00020007" + "66756c6c", One(), StringComparison.Ordinal);

        lns.Restart();
        Assert.Empty(lns.Tunnels);
        lns.Die();
        Feed(lns, Vectors.SccrqWithoutChallenge);
        Assert.Equal(0, _outbox.Count);
    }

    private EmbeddedLns Make(string secret, string password, LnsMode mode = LnsMode.Forced, LnsFixedValues? fixedValues = null) => new(
        new LnsOptions
        {
            Name = "lns1.example.net",
            Endpoint = _lnsAt,
            Secret = secret,
            Passwords = _ => password,
            Mode = mode,
            Fixed = fixedValues,
        },
        1, _outbox);

    private void Feed(EmbeddedLns lns, string hex) => lns.HandleDatagram(_lnsAt, _lacAt, Convert.FromHexString(hex), _now);

    private string Hex(PeerOutput output) => Convert.ToHexStringLower(_outbox.Octets(output));

    private string One()
    {
        var hex = Hex(Assert.Single(_outbox.Outputs));
        _outbox.Clear();
        return hex;
    }

    private static string Iccn()
    {
        var message = new Iccn
        {
            TxConnectSpeed = 64000,
            FramingType = Framings.Synchronous,
            LastSentLcpConfReq = Convert.FromHexString("0305C223050506109D08F2"),
            LastReceivedLcpConfReq = Convert.FromHexString("05066EE4E865"),
            Authentication = new ProxyAuthenAvps
            {
                Type = ProxyAuthenType.Chap,
                Identifier = 6,
                Name = "2500-1"u8,
                Challenge = Convert.FromHexString("5D0D008CB1677CF8BC354556321A7A74"),
                Response = Convert.FromHexString("CA1CC2E4FA6899E8DF1B695C0A80883E"),
            },
        };
        return Convert.ToHexString(message.Write(new byte[512], 0xD7E6, 0x002D, 3, 2));
    }
}

internal static class Vectors
{
    public const string Sccrq =
        "c8020077000000000000000080080000000000018008000000020100800a00000003000000038016000000076c6163312e6578616d706c652e6e65748008000000091a2b"
        + "80080000000a001080160000000b000102030405060708090a0b0c0d0e0f0008000000060100000d000000084c616345646765";
    public const string SccrqWithoutChallenge =
        "c8020061000000000000000080080000000000018008000000020100800a00000003000000038016000000076c6163312e6578616d706c652e6e65748008000000091a2b"
        + "80080000000a00100008000000060100000d000000084c616345646765";
    public const string Scccn = "c802002a3c4d000000010001800800000000000380160000000d6339904a85f1a08ba0a9ff823aa23c50";
    public const string Icrq =
        "c80200a03c4d000000020001800800000000000a80080000000e1111800a0000000f00000001800a000000120000000180170000001630323a30303a30303a30303a30303a"
        + "30318011000000156973702e6578616d706c6500150de90001414e312065746820312f323a313030000e0de900025355422d30303432000e0de9008100000000000fa000"
        + "000e0de900820000000000fa000000090de90090010200";
    public const string IccnPap =
        "c802009d3c4d222200030002800800000000000c800a0000001800fa0000800a0000001300000001000a00000026000fa00000100000001a010405dc05060a0b0c0d0014"
        + "0000001b010405d40304c02305060badcafe00100000001c010405d405060a0b0c0d00080000001d000300170000001e616c696365406973702e6578616d706c65000800"
        + "0000200001001000000021776f6e6465726c616e64";
    public const string IccnPapHidden =
        "c80200ab3c4d222200030002800800000000000c800a0000001800fa0000800a0000001300000001000a00000026000fa00000140000001b010405d40304c02305060bad"
        + "cafe00100000001c010405d405060a0b0c0d00080000001d00038016000000240f1e2d3c4b5a69788796a5b4c3d2e1f040190000001e229de5ab82a9b8f0aaccd586933f"
        + "6aeb9ee6e400080000002000014016000000216c0225e37988aff1c99cfecb1f512dec";
}
