using LacEdge.Core.Config;
using LacEdge.Core.L2tp;
using LacEdge.Core.Ppp;
using LacEdge.Wire;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Core.L2tp;

/// <summary>What ICRQ and ICCN tell the LNS of the subscriber (RFC 2661 sections 4.4.4 and 4.4.5).</summary>
public sealed class ProxyAvpTests
{
    private const string SpeedAndFraming = "800a0000001800fa0000800a0000001300000001";

    [Fact]
    public void PROXY_002_Pap_in_clear_without_a_secret()
    {
        // LP-7 from AVP 24 on.
        Assert.Equal(
            SpeedAndFraming + "000a00000026000fa00000100000001a010405dc05060a0b0c0d00140000001b010405d40304c02305060badcafe00100000001c010405d4"
            + "05060a0b0c0d00080000001d000300170000001e616c696365406973702e6578616d706c650008000000200001001000000021776f6e6465726c616e64",
            IccnAvps(L2tpBench.Plain, L2tpBench.Pap));
    }

    [Theory]
    [InlineData(AvpHiding.Auto, true, true)]
    [InlineData(AvpHiding.Auto, false, false)]
    [InlineData(AvpHiding.Sensitive, false, true)]
    [InlineData(AvpHiding.None, true, false)]
    public void PROXY_006_name_and_password_of_Pap_are_hidden_by_policy(AvpHiding hiding, bool lnsChallenges, bool hidden)
    {
        var profile = L2tpBench.WithSecret with { Hiding = hiding };
        var avps = IccnAvps(profile, L2tpBench.Pap, lnsChallenges);
        Assert.Equal(!hidden, avps.Contains(Convert.ToHexStringLower("wonderland"u8), StringComparison.Ordinal));
        Assert.Equal(!hidden, avps.Contains(Convert.ToHexStringLower("alice"u8), StringComparison.Ordinal));
        // M bit as the table says, H bit, the response padded to 16 octets of subformat.
        Assert.Equal(hidden, avps.Contains("40190000001e", StringComparison.Ordinal));
        Assert.Equal(hidden, avps.Contains("401600000021", StringComparison.Ordinal));

        var message = Reveal(avps, "tunnel-secret"u8);
        Assert.Equal("alice@isp.example|wonderland|3|1", message);
    }

    [Fact]
    public void PROXY_006_the_response_of_Chap_needs_no_hiding()
    {
        var avps = IccnAvps(L2tpBench.WithSecret with { Hiding = AvpHiding.Sensitive }, L2tpBench.Chap, true);
        Assert.EndsWith("00080000001d000200170000001e616c696365406973702e6578616d706c6500160000001f101112131415161718191a1b1c1d1e1f000800000020002a"
            + "001600000021e19a9463414757c0fd809ea3977b7730", avps, StringComparison.Ordinal);
    }

    [Fact]
    public void PROXY_005_without_authentication_only_the_type_is_sent()
    {
        var connect = L2tpBench.Chap with { Authentication = new ProxyAuthentication(4, 0, Bytes.Empty, Bytes.Empty, Bytes.Empty) };
        Assert.EndsWith("00080000001d0004", IccnAvps(L2tpBench.Plain, connect), StringComparison.Ordinal);
    }

    [Fact]
    public void L2TP_056_the_receive_speed_is_sent_when_it_differs_and_speeds_are_clamped()
    {
        var none = new ProxyAuthentication(4, 0, Bytes.Empty, Bytes.Empty, Bytes.Empty);
        var equal = new CallConnect(1_000_000_000, 1_000_000_000, default, none);
        Assert.Equal("800a000000183b9aca00800a000000130000000100080000001d0004", IccnAvps(L2tpBench.Plain, equal));
        var fast = new CallConnect(10_000_000_000, 5_000_000, default, none);
        Assert.Equal("800a00000018ffffffff800a0000001300000001000a00000026004c4b4000080000001d0004", IccnAvps(L2tpBench.Plain, fast));
    }

    [Fact]
    public void An_option_list_that_no_Avp_can_hold_is_left_out()
    {
        var lists = new ProxyLcp(Bytes.Wrap(new byte[1018]), Bytes.Wrap(new byte[1017]), Bytes.Empty);
        var connect = L2tpBench.Chap with { ProxyLcp = lists, Authentication = new ProxyAuthentication(4, 0, Bytes.Empty, Bytes.Empty, Bytes.Empty) };
        var avps = IccnAvps(L2tpBench.Plain, connect);
        Assert.DoesNotContain("0000001a", avps, StringComparison.Ordinal);
        Assert.Contains("03ff0000001b", avps, StringComparison.Ordinal);
    }

    [Fact]
    public void Icrq_leaves_out_what_is_empty()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        bench.Endpoint.PlaceCall(tunnel, new CallRequest("", ""), "x", bench.Now);
        var icrq = bench.SentOctets()[0];
        Assert.Equal(12 + 8 + 8 + 10 + 10, icrq.Length);
        bench.LnsNr++;

        bench.Zlb(tunnel);
        bench.Endpoint.PlaceCall(tunnel, new CallRequest(new string('7', 3000), "8", 9), "x", bench.Now);
        Assert.True(L2tpHeader.TryParse(bench.SentOctets()[0], out var header, out _));
        var message = ControlMessageParser.Parse(header, default);
        Assert.Equal(default, message.Problem);
        Assert.Equal((255, 1, 9u), (message.CallingNumber.Length, message.CalledNumber.Length, message.PhysicalChannelId!.Value));
    }

    [Fact]
    public void Framing_is_what_the_LNS_has_advertised()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Open();
        bench.Sent();
        bench.FromLns(tunnel, 0, "8008 0000 0000 0002 8008 0000 0002 0100 800a 0000 0003 00000002 8007 0000 0007 6c 8008 0000 0009 3c4d");
        bench.Sent();
        bench.Zlb(tunnel);
        var call = bench.Place(tunnel);
        bench.Sent();
        bench.Icrp(call, 0x2222);
        Assert.Contains("800a0000001300000002", Convert.ToHexStringLower(bench.SentOctets()[0]), StringComparison.Ordinal);
    }

    /// <summary>The AVPs of ICCN behind the Message Type.</summary>
    private static string IccnAvps(TunnelProfile profile, CallConnect connect, bool lnsChallenges = false)
    {
        var bench = new L2tpBench(profile) { Connecting = _ => connect };
        var tunnel = bench.Open();
        byte[]? response = null;
        if (profile.Secret.IsSet)
        {
            Assert.True(L2tpHeader.TryParse(bench.Outbox.Octets(bench.Outbox.Outputs[0]), out var sccrq, out _));
            response = new byte[16];
            TunnelAuthentication.Respond(MessageType.Sccrp, profile.Secret.Span, ControlMessageParser.Parse(sccrq, default).Challenge, response);
        }

        bench.Sent();
        bench.Sccrp(tunnel, lnsChallenges ? [1, 2, 3] : null, response);
        bench.Sent();
        bench.Zlb(tunnel);
        var call = bench.Place(tunnel);
        bench.Sent();
        bench.Icrp(call, 0x2222);
        var iccn = Assert.Single(bench.SentOctets());
        return Convert.ToHexStringLower(iccn.AsSpan(20));
    }

    private static string Reveal(string avps, ReadOnlySpan<byte> secret)
    {
        var message = LacEdge.Tests.Wire.L2tp.Vectors.MessageOf("80080000" + "0000000c" + avps, secret.ToArray());
        Assert.Equal(default, message.Problem);
        return $"{PrintableText.From(message.ProxyAuthenName)}|{PrintableText.From(message.ProxyAuthenResponse)}|{message.ProxyAuthenType}|{message.ProxyAuthenId}";
    }
}
