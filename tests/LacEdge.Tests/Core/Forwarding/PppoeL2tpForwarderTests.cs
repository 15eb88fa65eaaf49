using System.Runtime.CompilerServices;
using LacEdge.Core.Forwarding;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Tests.Core.Forwarding;

public sealed class PppoeL2tpForwarderTests
{
    private const string EchoRequest = "c0210901000800000000";
    private const string SubscriberMac = "020000000001", OurMac = "0200000000fe";
    private static readonly MacAddress s_subscriber = new(0x0200_0000_0001), s_our = new(0x0200_0000_00FE);
    private static readonly VlanTag s_outer = new(0x88A8, 0x2064), s_inner = new(0x8100, 7);

    private static UpstreamEntry Upstream(VlanStack vlans = default) => new()
    {
        Valid = 1,
        PeerSessionId = 0x2222,
        Subscriber = s_subscriber,
        AccessConcentrator = s_our,
        Vlans = vlans,
    };

    private static DownstreamEntry Downstream(VlanStack vlans = default, ushort maxPppPayload = 1492) => new()
    {
        Valid = 1,
        PppoeSessionId = 0x1001,
        MaxPppPayload = maxPppPayload,
        Subscriber = s_subscriber,
        AccessConcentrator = s_our,
        Vlans = vlans,
    };

    /// <summary>The datagram's hex, or the reason why there is none.</summary>
    private static string ToL2tp(string frameHex, UpstreamEntry entry)
    {
        var frame = Convert.FromHexString(frameHex);
        var reason = SessionFrame.Read(frame, out var read);
        if (reason != ForwardingReason.Forwarded) return reason.ToString();
        if (!PppoeL2tpForwarder.IsOwner(read, entry)) return nameof(ForwardingReason.NotOwner);
        var datagram = PppoeL2tpForwarder.ToL2tp(frame, read, entry, new DataForm(0x3C4D));
        Assert.Equal(datagram.Length - 8, datagram.PppOctets);
        return Convert.ToHexStringLower(frame.AsSpan(datagram.At, datagram.Length));
    }

    /// <summary>The frame's hex, or the reason why there is none.</summary>
    private static string ToPppoe(string datagramHex, DownstreamEntry entry)
    {
        const int headroom = PppoeL2tpForwarder.MaxPppoeHeaderSize;
        var buffer = new byte[headroom].Concat(Convert.FromHexString(datagramHex)).ToArray();
        var reason = DataMessage.Read(buffer.AsSpan(headroom), out var read);
        if (reason != ForwardingReason.Forwarded) return reason.ToString();
        Assert.Equal((0x3C4D, 0x2222), (read.TunnelId, read.SessionId));
        reason = PppoeL2tpForwarder.ToPppoe(buffer, headroom, read, entry, out var frame);
        if (reason != ForwardingReason.Forwarded) return reason.ToString();
        return Convert.ToHexStringLower(buffer.AsSpan(frame.At, frame.Length));
    }

    [Theory]
    [InlineData("DM-1 no L", "00023c4d2222ff03c0210901000800000000")]
    [InlineData("DM-2 L", "400200143c4d2222ff03c0210901000800000000")]
    [InlineData("DM-3 S", "08023c4d222200070000ff03c0210901000800000000")]
    [InlineData("DM-4 L S", "480200183c4d222200070000ff03c0210901000800000000")]
    [InlineData("DM-5 L O, offset 4", "4202001a3c4d22220004aaaaaaaaff03c0210901000800000000")]
    [InlineData("DM-6 L O P, offset 0", "430200163c4d22220000ff03c0210901000800000000")]
    [InlineData("DM-7 L S O P, offset 3", "4b02001d3c4d2222ffff00000003000000ff03c0210901000800000000")]
    [InlineData("DM-8 without FF 03", "400200123c4d2222c0210901000800000000")]
    [InlineData("DM-9 reserved bits", "74f200143c4d2222ff03c0210901000800000000")]
    [InlineData("octets behind Length", "400200143c4d2222ff03c0210901000800000000aabbccdd")]
    public void Every_form_of_the_data_header_gives_the_same_session_frame(string form, string datagram)
    {
        Assert.NotEmpty(form);
        Assert.Equal(SubscriberMac + OurMac + "8864" + "11001001000a" + EchoRequest, ToPppoe(datagram, Downstream()));
    }

    [Fact]
    public void Downstream_frames_carry_the_tags_of_the_session()
    {
        const string datagram = "00023c4d2222ff03" + EchoRequest;
        Assert.Equal(
            SubscriberMac + OurMac + "88a82064" + "8864" + "11001001000a" + EchoRequest,
            ToPppoe(datagram, Downstream(VlanStack.Single(s_outer))));
        Assert.Equal(
            SubscriberMac + OurMac + "88a82064" + "81000007" + "8864" + "11001001000a" + EchoRequest,
            ToPppoe(datagram, Downstream(VlanStack.Double(s_outer, s_inner))));
    }

    [Fact]
    public void The_shortest_header_has_room_for_two_tags()
    {
        // Six octets of L2TP, no FF 03: the new headers reach furthest in front of the datagram.
        Assert.Equal(
            SubscriberMac + OurMac + "88a82064" + "81000007" + "8864" + "11001001000a" + EchoRequest,
            ToPppoe("00023c4d2222" + EchoRequest, Downstream(VlanStack.Double(s_outer, s_inner))));
    }

    [Theory]
    [InlineData(1492, 1494, true)]
    [InlineData(1492, 1495, false)]
    [InlineData(1500, 1502, true)]
    [InlineData(1500, 1503, false)]
    public void The_payload_limit_does_not_count_the_protocol_field(ushort limit, int pppLength, bool passes)
    {
        var ppp = "0021" + new string('a', (pppLength - 2) * 2);
        var result = ToPppoe("00023c4d2222ff03" + ppp, Downstream(maxPppPayload: limit));
        Assert.Equal(passes ? SubscriberMac + OurMac + "8864" + "11001001" + pppLength.ToString("x4", null) + ppp : "Oversized", result);
    }

    [Theory]
    [InlineData("", "Malformed")]
    [InlineData("00013c4d2222ff03c021", "Malformed")]
    [InlineData("00023c4d22", "Malformed")]
    [InlineData("00023c4d2222", "Malformed")]
    [InlineData("00023c4d2222ff03", "Malformed")]
    [InlineData("400200143c4d2222ff03c02109010008000000", "Malformed")]
    [InlineData("400200033c4d2222ff03c021", "Malformed")]
    [InlineData("02023c4d22220009ff03c0210901", "Malformed")]
    [InlineData("c802000c3c4d222200010002", "Control")]
    public void What_is_no_whole_data_message_is_passed_up(string datagram, string reason) =>
        Assert.Equal(reason, ToPppoe(datagram, Downstream()));

    [Fact]
    public void Upstream_the_ethernet_padding_is_left_behind()
    {
        // PE-9: LENGTH 16 in a frame padded to 60 octets.
        const string padding = "000000000000000000000000000000000000000000000000";
        const string padded = "0200000000fe0200000000018864110010010010c0210101000e010405d405060a0b0c0d" + padding;
        Assert.Equal("00023c4d2222ff03c0210101000e010405d405060a0b0c0d", ToL2tp(padded, Upstream()));
    }

    [Fact]
    public void Upstream_tags_are_checked_by_tpid_and_id_but_not_by_priority()
    {
        const string behind = "8864" + "11001001000a" + EchoRequest;
        const string forwarded = "00023c4d2222ff03" + EchoRequest;
        var single = Upstream(VlanStack.Single(s_outer));
        var @double = Upstream(VlanStack.Double(s_outer, s_inner));

        Assert.Equal(forwarded, ToL2tp(OurMac + SubscriberMac + "88a82064" + behind, single));
        Assert.Equal(forwarded, ToL2tp(OurMac + SubscriberMac + "88a8e064" + behind, single));
        Assert.Equal(forwarded, ToL2tp(OurMac + SubscriberMac + "88a8006481000007" + behind, @double));
        Assert.Equal("NotOwner", ToL2tp(OurMac + SubscriberMac + "88a82065" + behind, single));
        Assert.Equal("NotOwner", ToL2tp(OurMac + SubscriberMac + "81002064" + behind, single));
        Assert.Equal("NotOwner", ToL2tp(OurMac + SubscriberMac + behind, single));
        Assert.Equal("NotOwner", ToL2tp(OurMac + SubscriberMac + "88a82064" + behind, Upstream()));
        Assert.Equal("NotOwner", ToL2tp(OurMac + SubscriberMac + "88a8006481000008" + behind, @double));
        Assert.Equal("NotOwner", ToL2tp(OurMac + SubscriberMac + "88a80064" + behind, @double));
    }

    [Theory]
    [InlineData("0200000000fd", SubscriberMac)]
    [InlineData("ffffffffffff", SubscriberMac)]
    [InlineData(OurMac, "020000000002")]
    public void A_session_frame_of_another_station_is_not_forwarded(string destination, string source) =>
        Assert.Equal("NotOwner", ToL2tp(destination + source + "8864" + "11001001000a" + EchoRequest, Upstream()));

    [Fact]
    public void An_FF_03_that_does_not_belong_into_pppoe_is_not_doubled() =>
        Assert.Equal(
            "00023c4d2222ff03" + EchoRequest,
            ToL2tp(OurMac + SubscriberMac + "8864" + "11001001000c" + "ff03" + EchoRequest, Upstream()));

    [Theory]
    [InlineData("8864" + "11a71001000a" + EchoRequest, "Control")]
    [InlineData("8863" + "11001001000a" + EchoRequest, "Control")]
    [InlineData("8864" + "21001001000a" + EchoRequest, "Malformed")]
    [InlineData("8864" + "11001001000b" + EchoRequest, "Malformed")]
    [InlineData("8864" + "110010010000", "Malformed")]
    [InlineData("8864" + "110010010002" + "ff03", "Malformed")]
    [InlineData("8864" + "1100", "Malformed")]
    [InlineData("8100000181000002810000038864" + "11001001000a" + EchoRequest, "Malformed")]
    public void What_is_no_whole_session_frame_is_passed_up(string behindAddresses, string reason) =>
        Assert.Equal(reason, ToL2tp(OurMac + SubscriberMac + behindAddresses, Upstream()));

    [Theory]
    [InlineData("c02105010004", "Control")]
    [InlineData("ff03c02105010004", "Control")]
    [InlineData("c02106010004", "00023c4d2222ff03c02106010004")]
    [InlineData("802105010004", "00023c4d2222ff03802105010004")]
    public void A_subscribers_LCP_Terminate_Request_is_passed_up_and_nothing_else_of_PPP(string ppp, string expected) =>
        Assert.Equal(expected, ToL2tp(OurMac + SubscriberMac + "8864" + $"11001001{ppp.Length / 2:x4}" + ppp, Upstream()));

    [Fact]
    public void Entries_fill_one_cache_line()
    {
        Assert.Equal(64, Unsafe.SizeOf<UpstreamEntry>());
        Assert.Equal(64, Unsafe.SizeOf<DownstreamEntry>());
    }
}
