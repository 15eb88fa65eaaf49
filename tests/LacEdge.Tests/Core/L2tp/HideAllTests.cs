using LacEdge.Core.Config;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Core.L2tp;

/// <summary>hide-avps: all (RFC 2661 section 4.3).</summary>
public sealed class HideAllTests
{
    [Theory]
    [InlineData(AvpHiding.All, null)]
    [InlineData(AvpHiding.None, AvpHiding.All)]
    public void Everything_that_may_be_hidden_is_from_Scccn_on(AvpHiding tunnel, AvpHiding? peer)
    {
        var profile = L2tpBench.WithSecret with { Hiding = tunnel };
        var bench = new L2tpBench(profile) { Connecting = _ => L2tpBench.Pap with { PrivateGroup = "gold" } };
        var open = bench.Open(peer: PeerProfile.Default with { Name = "p", Hiding = peer });
        var sccrq = bench.SentOctets()[0];
        Assert.Equal("", Hidden(sccrq));
        Assert.True(L2tpHeader.TryParse(sccrq, out var header, out _));
        var response = new byte[16];
        TunnelAuthentication.Respond(MessageType.Sccrp, profile.Secret.Span, ControlMessageParser.Parse(header, default).Challenge, response);
        bench.LnsNr = 1;
        bench.Sccrp(open, [1, 2, 3], response);
        var scccn = bench.SentOctets()[0];
        Assert.Equal("13", Hidden(scccn));
        bench.LnsNr = 2;
        bench.Zlb(open);
        var call = bench.Place(open);
        var icrq = bench.SentOctets()[0];
        Assert.Equal("14 15 18 22 21", Hidden(icrq));
        var clear = Revealed(icrq, profile);
        Assert.Equal((call.LocalSessionId, "02:00:00:00:00:01"), (clear.AssignedSessionId!.Value, System.Text.Encoding.ASCII.GetString(clear.CallingNumber)));

        bench.LnsNr = 3;
        bench.Icrp(call, 0x2222);
        var iccn = bench.SentOctets()[0];
        Assert.Equal("24 19 38 26 27 28 29 30 32 33 37", Hidden(iccn));
        clear = Revealed(iccn, profile);
        Assert.Equal(
            (16_384_000u, 1_024_000u, (byte)1, "wonderland", "gold"),
            (clear.TxConnectSpeed!.Value, clear.RxConnectSpeed!.Value, clear.ProxyAuthenId!.Value,
                System.Text.Encoding.ASCII.GetString(clear.ProxyAuthenResponse), System.Text.Encoding.ASCII.GetString(clear.PrivateGroupId)));

        bench.LnsNr = 4;
        bench.Zlb(open);
        bench.EndCall(call, 3, 0, "bye", 3);
        var cdn = bench.SentOctets()[0];
        // Result Code must not be hidden.
        Assert.Equal("14 46", Hidden(cdn));
        Assert.Equal(3, Revealed(cdn, profile).DisconnectCause.Code);
        bench.LnsNr = 5;
        bench.Zlb(open);
        bench.Close(open);
        var stop = bench.SentOctets()[0];
        Assert.Equal("9", Hidden(stop));
        Assert.Equal(open.LocalTunnelId, Revealed(stop, profile).AssignedTunnelId);
        // No two messages use one vector.
        Assert.Equal(4, new[] { icrq, iccn, cdn, stop }.Select(Vector).Distinct().Count());
    }

    [Fact]
    public void Without_a_secret_or_before_the_LNS_has_proved_it_nothing_is_hidden()
    {
        var bench = new L2tpBench(L2tpBench.Plain with { Hiding = AvpHiding.All });
        var tunnel = bench.Establish();
        bench.Place(tunnel);
        Assert.Equal("", Hidden(bench.SentOctets()[0]));

        bench = new L2tpBench(L2tpBench.WithSecret with { Hiding = AvpHiding.All });
        tunnel = bench.Open();
        bench.Sent();
        bench.Sccrp(tunnel, null, new byte[16]);
        Assert.Equal("", Hidden(bench.SentOctets()[0]));
    }

    private static ControlMessage Revealed(byte[] datagram, TunnelProfile profile)
    {
        Assert.True(L2tpHeader.TryParse(datagram, out var header, out _));
        var message = ControlMessageParser.Parse(header, profile.Secret.Span.ToArray());
        Assert.Equal(default, message.Problem);
        return message;
    }

    private static string Hidden(byte[] datagram)
    {
        var types = new List<ushort>();
        var avps = new AvpReader(datagram.AsSpan(L2tpHeader.ControlSize));
        while (avps.MoveNext())
        {
            if (avps.Current.Hidden) types.Add(avps.Current.Type);
            else Assert.False(types.Count > 0 && AvpTable.Find(avps.Current.Vendor, avps.Current.Type)!.MayHide);
        }

        return string.Join(' ', types);
    }

    private static string Vector(byte[] datagram)
    {
        Assert.True(L2tpHeader.TryParse(datagram, out var header, out _));
        return Convert.ToHexString(ControlMessageParser.Parse(header, default).Octets(AvpType.RandomVector));
    }
}
