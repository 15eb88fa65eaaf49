using LacEdge.Decode;
using LacEdge.Wire;
using LacEdge.Wire.Pcap;
using LacEdge.Wire.Ppp;

namespace LacEdge.Tests.Decode;

public sealed class FrameDecoderTests
{
    private const string Echo = "{'ppp':{'protocol':49185,'header_form':'plain','code':9,'id':1,'data':'00000000'}}";
    private const string Ports = "'ip':{'src':'192.0.2.1','dst':'192.0.2.2','src_port':1701,'dst_port':1701}";
    private const string Zlb = "c802000c1a2b000000010002";
    private const string ZlbJson =
        "'l2tp':{'control':true,'flags':51202,'length':12,'tunnel_id':6699,'session_id':0,'ns':1,'nr':2,'avps':[]}";

    private static string Udp(string payload) => Sample.Udp("192.0.2.1:1701", "192.0.2.2:1701", payload);

    [Theory]
    [InlineData(LinkType.Ppp, Sample.LcpEcho, "plain")]
    [InlineData(LinkType.Ppp, "ff03" + Sample.LcpEcho, "ff03")]
    [InlineData(LinkType.PppHdlc, "ff03" + Sample.LcpEcho, "ff03")]
    [InlineData(LinkType.PppHdlc, "0f00880b" + Sample.LcpEcho, "plain")]
    [InlineData(LinkType.PppWithDirection, "01" + "ff03" + Sample.LcpEcho, "ff03")]
    [InlineData(LinkType.Ethernet, Sample.Host + Sample.Ac + "880b" + Sample.LcpEcho, "plain")]
    [InlineData(LinkType.Ethernet, Sample.Host + Sample.Ac + "c021" + "0901000800000000", "plain")]
    [InlineData(LinkType.LinuxCooked, "0000 0200 0000 0000000000000000 880b" + Sample.LcpEcho, "plain")]
    public void PPP_is_found_on_its_link_types(LinkType linkType, string frame, string form) =>
        Assert.Equal(Echo.Replace("plain", form, StringComparison.Ordinal), Sample.Json(linkType, frame));

    [Theory]
    [InlineData(LinkType.Raw, "")]
    [InlineData(LinkType.RawKernel, "")]
    [InlineData(LinkType.RawOpenBsd, "")]
    [InlineData(LinkType.Ipv4, "")]
    [InlineData(LinkType.BsdNull, "02000000")]
    [InlineData(LinkType.BsdLoop, "00000002")]
    [InlineData(LinkType.Ethernet, Sample.Host + Sample.Ac + "0800")]
    [InlineData(LinkType.LinuxCooked, "0000 0001 0006 020000000001 0000 0800")]
    [InlineData(LinkType.LinuxCooked2, "0800 0000 00000003 0001 00 06 020000000001 0000")]
    public void L2TP_is_found_on_every_link_type_that_carries_IP(LinkType linkType, string header) =>
        Assert.Equal($"{{{Ports},{ZlbJson}}}", Sample.Json(linkType, header + Udp(Zlb)));

    [Theory]
    [InlineData(LinkType.Ipv6, "")]
    [InlineData(LinkType.BsdNull, "1e000000")]
    [InlineData(LinkType.Ethernet, Sample.Host + Sample.Ac + "86dd")]
    public void IPv6_carries_it_as_well(LinkType linkType, string header) => Assert.Equal(
        $"{{'ip':{{'src':'2001:db8::1','dst':'2001:db8::2','src_port':1701,'dst_port':40000}},{ZlbJson}}}",
        Sample.Json(linkType, header + Sample.Udp("[2001:db8::1]:1701", "[2001:db8::2]:40000", Zlb)));

    [Fact]
    public void An_unknown_link_type_is_named() =>
        Assert.Equal("{'error':'link-type-unknown'}", Sample.Json((LinkType)147, "00"));

    [Fact]
    public void All_VLAN_tags_are_listed() => Assert.Equal(
        "{'vlans':[{'tpid':34984,'id':100,'priority':5},{'tpid':33024,'id':7,'priority':0},{'tpid':37120,'id':4095,'priority':7}],"
        + "'pppoe':{'code':9,'session_id':0,'tags':[{'type':257,'value':''},{'type':259,'value':'11223344'}]}}",
        Sample.Json(LinkType.Ethernet, Sample.Padi.Insert(24, "88a8a064" + "81000007" + "9100ffff")));

    [Fact]
    public void A_cooked_frame_may_hold_VLAN_tags() => Assert.Equal(
        $"{{'vlans':[{{'tpid':33024,'id':7,'priority':0}}],{Ports},{ZlbJson}}}",
        Sample.Json(LinkType.LinuxCooked, "0000 0001 0006 020000000001 0000 8100" + "00070800" + Udp(Zlb)));

    [Fact]
    public void A_PPPoE_session_shows_the_PPP_in_it_and_the_IP_in_that() => Assert.Equal(
        "{'pppoe':{'code':0,'session_id':1001},'ppp':{'protocol':33,'header_form':'pfc','data':'450000140000000040060000c0000201c0000202'},"
        + "'ip':{'src':'192.0.2.1','dst':'192.0.2.2'}}",
        Sample.Json(LinkType.Ethernet, Sample.Host + Sample.Ac + "8864" + "110003e90015" + "21" + "450000140000000040060000c0000201c0000202"));

    [Fact]
    public void L2TP_data_shows_the_PPP_in_it()
    {
        const string ppp = "'ppp':{'protocol':49185,'header_form':'ff03','code':9,'id':1,'data':'00000000'}";
        Assert.Equal($"{{{ppp},{Ports},'l2tp':{{'control':false,'flags':2,'tunnel_id':15437,'session_id':8738}}}}",
            Sample.Json(LinkType.Raw, Udp("00023c4d2222ff03" + Sample.LcpEcho)));
        Assert.Equal(
            $"{{{ppp},{Ports},'l2tp':{{'control':false,'flags':19202,'length':29,'offset':3,'tunnel_id':15437,'session_id':8738,'ns':65535,'nr':0}}}}",
            Sample.Json(LinkType.Raw, Udp("4b02001d3c4d2222ffff00000003000000ff03" + Sample.LcpEcho)));
    }

    [Fact]
    public void Configure_packets_show_options_and_others_data()
    {
        Assert.Equal("{'ppp':{'protocol':49185,'header_form':'plain','code':4,'id':1,'options':[{'type':7,'value':''},{'type':17,'value':'05dc'}]}}",
            Sample.Json(LinkType.Ppp, "c0210401000a" + "0702" + "110405dc"));
        Assert.Equal("{'ppp':{'protocol':33287,'header_form':'plain','code':1,'id':2,'options':[]}}", Sample.Json(LinkType.Ppp, "820701020004"));
        Assert.Equal("{'ppp':{'protocol':49187,'header_form':'plain','code':1,'id':0,'data':'01610162'}}",
            Sample.Json(LinkType.Ppp, "c02301000008" + "01610162"));
        Assert.Equal("{'ppp':{'protocol':253,'header_form':'plain','data':'abcd'}}", Sample.Json(LinkType.Ppp, "00fdabcd"));
    }

    [Fact]
    public void Hidden_AVPs_are_revealed_with_the_secret_alone()
    {
        var frame = Udp(Sample.IccnHidden);
        var hidden = Sample.Json(Sample.Decode(LinkType.Raw, frame));
        Assert.Contains("{'vendor':0,'type':33,'mandatory':false,'hidden':true,'value':'6c0225e37988aff1c99cfecb1f512dec'}", hidden, StringComparison.Ordinal);
        Assert.DoesNotContain("error", hidden, StringComparison.Ordinal);

        var revealed = Sample.Json(Sample.Decode(LinkType.Raw, frame, new FrameDecoder("tunnel-secret"u8.ToArray())));
        Assert.Contains("'clear':'" + Convert.ToHexStringLower("alice@isp.example"u8) + "'", revealed, StringComparison.Ordinal);
        Assert.Contains("'clear':'" + Convert.ToHexStringLower("wonderland"u8) + "'", revealed, StringComparison.Ordinal);

        var wrong = Sample.Json(Sample.Decode(LinkType.Raw, frame, new FrameDecoder("wrong"u8.ToArray())));
        Assert.EndsWith("]},'error':'avp-hidden-length'}", wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tunnel_is_followed_to_the_port_it_was_answered_from()
    {
        var decoder = new FrameDecoder();
        DecodedFrame Decode(string source, string destination, string payload) =>
            Sample.Decode(LinkType.Raw, Sample.Udp(source, destination, payload), decoder);
        const string sccrp = "c80200141a2b000000000001" + "8008000000000002";

        Assert.Null(Decode("192.0.2.2:6000", "192.0.2.1:5000", sccrp).L2tp);
        Assert.NotNull(Decode("192.0.2.1:5000", "192.0.2.2:1701", "c8020014000000000000000080080000000000 01").L2tp);
        Assert.NotNull(Decode("192.0.2.2:6000", "192.0.2.1:5000", sccrp).L2tp);
        Assert.NotNull(Decode("192.0.2.3:7000", "192.0.2.2:6000", "00023c4d2222" + Sample.LcpEcho).L2tp);

        // What does not read as L2TP on such a port is somebody else's.
        var other = Decode("192.0.2.1:5000", "192.0.2.9:53", "000100000000");
        Assert.Equal((null, DecodeError.None), (other.L2tp, other.Error));
    }

    [Theory]
    [InlineData("192.0.2.1:50000", "192.0.2.2:1812")]
    [InlineData("192.0.2.1:50000", "192.0.2.2:1813")]
    [InlineData("192.0.2.1:50000", "192.0.2.2:3799")]
    [InlineData("192.0.2.1:50000", "192.0.2.2:1645")]
    [InlineData("192.0.2.1:50000", "192.0.2.2:1646")]
    [InlineData("192.0.2.1:50000", "192.0.2.2:1700")]
    [InlineData("192.0.2.1:1812", "192.0.2.2:50000")]
    [InlineData("192.0.2.1:1812", "192.0.2.2:1701")]
    public void RADIUS_is_known_by_its_ports(string source, string destination)
    {
        var radius = Sample.Decode(LinkType.Raw, Sample.Udp(source, destination, "02070017" + new string('0', 32) + "010361"));
        if (destination.EndsWith(":1701", StringComparison.Ordinal)) Assert.Null(radius.Radius);
        else Assert.EndsWith(",'radius':{'code':2,'id':7,'attributes':[{'type':1,'value':'61'}]}}", Sample.Json(radius), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.1:53", "192.0.2.2:1812")]
    [InlineData("192.0.2.1:1701", "192.0.2.2:53")]
    public void Well_known_services_may_answer_to_these_ports(string source, string destination)
    {
        var frame = Sample.Decode(LinkType.Raw, Sample.Udp(source, destination, "00018180"));
        Assert.Equal((null, null, DecodeError.None), (frame.Radius, frame.L2tp, frame.Error));
    }

    [Fact]
    public void IP_fragments_and_GRE_are_left_alone()
    {
        const string addresses = "{'ip':{'src':'192.0.2.1','dst':'192.0.2.2'}}";
        var fragment = Udp(Zlb).Remove(12, 4).Insert(12, "2000");
        Assert.Equal(addresses, Sample.Json(LinkType.Raw, fragment));
        Assert.Equal(addresses, Sample.Json(LinkType.Raw, "45000018000000004" + "02f0000c0000201c0000202" + "3001880b"));
    }

    [Theory]
    [InlineData(LinkType.Ethernet, "ffffffffffff", "ethernet-truncated")]
    [InlineData(LinkType.Ethernet, Sample.Host + Sample.Ac + "81000001", "vlan-truncated")]
    [InlineData(LinkType.Ethernet, Sample.Host + Sample.Ac + "8863" + "110900000", "pppoe-truncated", 1)]
    [InlineData(LinkType.Ethernet, Sample.Host + Sample.Ac + "8863" + "210900000000", "pppoe-version")]
    [InlineData(LinkType.Ethernet, Sample.Host + Sample.Ac + "8863" + "110900000001", "pppoe-length")]
    [InlineData(LinkType.Ethernet, Sample.Host + Sample.Ac + "8863" + "114200000000", "pppoe-code")]
    [InlineData(LinkType.Ethernet, Sample.Host + Sample.Ac + "8864" + "110100010000", "pppoe-code")]
    [InlineData(LinkType.Ethernet, Sample.Host + Sample.Ac + "8863" + "110900000003" + "010100", "pppoe-tag-truncated")]
    [InlineData(LinkType.Ethernet, Sample.Host + Sample.Ac + "8863" + "110900000004" + "01010001", "pppoe-tag-length")]
    [InlineData(LinkType.Ethernet, Sample.Host + Sample.Ac + "8864" + "11000000000a" + Sample.LcpEcho, "pppoe-session-id")]
    [InlineData(LinkType.Ppp, "", "ppp-truncated")]
    [InlineData(LinkType.Ppp, "3030", "ppp-protocol-invalid")]
    [InlineData(LinkType.Ppp, "c02101", "ppp-control-truncated")]
    [InlineData(LinkType.Ppp, "c02101010005", "ppp-control-length")]
    [InlineData(LinkType.Ppp, "c0210105000501", "ppp-option-truncated")]
    [InlineData(LinkType.Ppp, "c02101050008010005dc", "ppp-option-length")]
    [InlineData(LinkType.Ppp, "c0230101000c20616c6963654069", "pap-length")]
    [InlineData(LinkType.Ppp, "c02302010004", "pap-length")]
    [InlineData(LinkType.Ppp, "c0230201000502", "pap-length")]
    [InlineData(LinkType.Ppp, "c2230101000510", "chap-length")]
    [InlineData(LinkType.Ppp, "c22701010004", "eap-length")]
    [InlineData(LinkType.Ppp, "003d00", "ppp-truncated")]
    [InlineData(LinkType.Ppp, "002145", "ip-truncated")]
    [InlineData(LinkType.Raw, "95", "ip-truncated")]
    [InlineData(LinkType.Raw, "", "ip-truncated")]
    [InlineData(LinkType.Raw, "950000140000000040110000c0000201c6336402", "ip-version")]
    [InlineData(LinkType.Raw, "450000150000000040110000c0000201c6336402", "ip-length")]
    [InlineData(LinkType.Raw, "450000150000000040110000c0000201c633640200", "udp-truncated")]
    [InlineData(LinkType.Raw, "4500001c0000000040110000c0000201c633640206a506a500090000", "udp-length")]
    public void Broken_frames_name_their_error(LinkType linkType, string frame, string error, int odd = 0) =>
        Assert.EndsWith($"'error':'{error}'}}", Sample.Json(linkType, frame + new string('0', odd)), StringComparison.Ordinal);

    [Theory]
    [InlineData("c8", "l2tp-truncated")]
    [InlineData("c801000c3c4d000000000000", "l2tp-version")]
    [InlineData("c802000b3c4d0000000000", "l2tp-length")]
    [InlineData("c80200143c4d00000000000080080000", "l2tp-length")]
    [InlineData("880200003c4d000000000000", "l2tp-control-flags")]
    [InlineData("02023c4d22220004aa", "l2tp-offset")]
    [InlineData("c80200113c4d000000000000" + "8005000000", "avp-truncated")]
    [InlineData("c80200123c4d000000000000" + "800500000007", "avp-length")]
    [InlineData("c80200123c4d000000000000" + "803f00000007", "avp-length")]
    [InlineData("c80200143c4d000000000000" + "8008000000070001", "message-type-missing")]
    [InlineData("c802001c3c4d000000000000" + "8008000000000006" + "84080000000a0010", "avp-reserved-bits")]
    [InlineData("c802001c3c4d000000000000" + "8008000000000006" + "c00a000000091845", "avp-length")]
    [InlineData("c802001e3c4d000000000000" + "8008000000000006" + "c00a000000091845dbf4", "avp-hidden-without-vector")]
    [InlineData("c802001c3c4d000000000000" + "800800000000000c" + "000800000026fa00", "avp-value")]
    public void Broken_L2TP_names_its_error(string datagram, string error) =>
        Assert.EndsWith($"'error':'{error}'}}", Sample.Json(LinkType.Raw, Udp(datagram)), StringComparison.Ordinal);

    [Fact]
    public void Parts_before_an_error_are_shown()
    {
        Assert.Equal(
            "{'pppoe':{'code':9,'session_id':0,'tags':[{'type':257,'value':''}]},'error':'pppoe-tag-length'}",
            Sample.Json(LinkType.Ethernet, Sample.Padi.Replace("01030004", "01030005", StringComparison.Ordinal)));
        Assert.Equal(
            "{'ppp':{'protocol':49185,'header_form':'plain','code':1,'id':5,'options':[{'type':1,'value':'05dc'}]},'error':'ppp-option-length'}",
            Sample.Json(LinkType.Ppp, "c0210105000a" + "010405dc" + "0501"));
        Assert.Equal(
            "{'ip':{'src':'192.0.2.1','dst':'192.0.2.2','src_port':50000,'dst_port':1812},'radius':{'code':1,'id':7,'attributes':[{'type':1,'value':'61'}]},"
            + "'error':'radius-attribute-length'}",
            Sample.Json(LinkType.Raw, Sample.Udp("192.0.2.1:50000", "192.0.2.2:1812", "0107001a" + new string('0', 32) + "010361" + "190461")));
    }

    [Fact]
    public void What_the_capture_cut_off_is_not_blamed_on_the_sender()
    {
        var cut = Udp("00023c4d2222" + "0021" + "4500003c" + "0000000040060000c0000201c0000202" + new string('0', 80))[..^80];
        var frame = Sample.Decode(LinkType.Raw, cut, missing: 40);
        Assert.Equal((DecodeError.CaptureTruncated, PppProtocol.Ipv4), (frame.Error, frame.Ppp!.Protocol));
        Assert.Equal((ushort)0x3C4D, frame.L2tp!.TunnelId);
        Assert.Equal(DecodeError.IpLength, Sample.Decode(LinkType.Raw, cut).Error);

        var session = Sample.Decode(LinkType.Ethernet, Sample.Host + Sample.Ac + "8864" + "110000010064" + "0021", missing: 98);
        Assert.Equal((DecodeError.CaptureTruncated, 1, PppProtocol.Ipv4), (session.Error, session.Pppoe!.SessionId, session.Ppp!.Protocol));

        // A cut frame can be wrong all the same.
        Assert.Equal(DecodeError.L2tpControlFlags, Sample.Decode(LinkType.Raw, Udp("880200003c4d000000000000"), missing: 5).Error);
    }

    [Fact]
    public void Every_truncation_and_every_flipped_bit_gives_a_frame()
    {
        var decoder = new FrameDecoder("tunnel-secret"u8.ToArray());
        var text = new TextFormat();
        (LinkType, string)[] samples =
        [
            (LinkType.Ethernet, Sample.Padi.Insert(24, "88a8a06481000007")),
            (LinkType.Ethernet, Sample.Host + Sample.Ac + "8864" + "110003e90021" + "c0230101001f" + "1161" + new string('6', 50)),
            (LinkType.Raw, Udp(Sample.IccnHidden)),
            (LinkType.Raw, Sample.Udp("[2001:db8::1]:1812", "[2001:db8::2]:40000", "02070017" + new string('0', 32) + "010361")),
        ];
        foreach (var (linkType, hex) in samples)
        {
            var octets = Sample.Hex(hex);
            var source = new CaptureInterface(linkType, null);
            for (var length = 0; length <= octets.Length; length++)
            {
                text.Line(decoder.Decode(1, source, 0, octets.AsSpan(0, length)));
                Assert.NotEqual(DecodeError.None, decoder.Decode(1, source, 0, octets.AsSpan(0, length), octets.Length - length + 1).Error);
            }

            for (var bit = 0; bit < octets.Length * 8; bit++)
            {
                octets[bit / 8] ^= (byte)(1 << bit % 8);
                Sample.Json(decoder.Decode(1, source, 0, octets));
                text.Line(decoder.Decode(1, source, 0, octets));
                octets[bit / 8] ^= (byte)(1 << bit % 8);
            }
        }
    }
}
