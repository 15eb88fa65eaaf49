using System.Text;
using LacEdge.Decode;
using LacEdge.Wire;
using LacEdge.Wire.Pcap;

namespace LacEdge.Tests.Decode;

public sealed class TextFormatTests
{
    private static string Line(LinkType linkType, string hex, bool showSecrets = false, FrameDecoder? decoder = null, int missing = 0) =>
        new TextFormat(showSecrets).Line(Sample.Decode(linkType, hex, decoder, missing)).Trim();

    private static string Udp(string payload) => Sample.Udp("192.0.2.1:1701", "192.0.2.2:1701", payload);

    private static string Text(string text) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void Discovery_shows_addresses_VLANs_and_tags()
    {
        Assert.Equal("1 02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff  PADI  Service-Name=\"\", Host-Uniq=11223344", Line(LinkType.Ethernet, Sample.Padi));
        Assert.Equal(
            "1 vlan 100.7  02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff  PADI  Service-Name=\"\", Host-Uniq=11223344",
            Line(LinkType.Ethernet, Sample.Padi.Insert(24, "88a8006481000007")));
        Assert.EndsWith(
            "session 1001  PADS  AC-Name=\"ac\", PPP-Max-Payload=1500, Generic-Error=\"no\\x1b[31m\", tag 0999=aa, "
            + "Vendor-Specific=3561[Agent-Circuit-Id=\"AN1\", Actual-Data-Rate-Upstream=1024]",
            Line(LinkType.Ethernet, Sample.Host + Sample.Ac + "8863" + "116503e90037" + "010200026163" + "0120000205dc" + "02030007" + Text("no\x1b[31m")
                + "09990001aa" + "0105000f00000de9" + "0103414e31" + "810400000400").Replace("  !! pppoe-length", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("8e04000000088f0101fe00", "Actual-Interleaving-Delay-Downstream=8, 143=01, IWF-Session")]
    [InlineData("9003010200" + "01ff41", "Access-Loop-Encapsulation=010200, ?01ff41")]
    public void The_line_information_is_shown_with_what_cannot_be_read(string options, string expected)
    {
        var tag = $"0105{options.Length / 2 + 4:x4}00000de9{options}";
        Assert.EndsWith($"PADI  Vendor-Specific=3561[{expected}]",
            Line(LinkType.Ethernet, $"{Sample.Host}{Sample.Ac}886311090000{tag.Length / 2:x4}{tag}"));
    }

    [Fact]
    public void PAP_passwords_are_masked_unless_asked_for()
    {
        var request = "c0230101000f" + "03" + Text("bob") + "06" + Text("secret");
        Assert.Equal("1 PAP Authenticate-Request 1  peer-id=\"bob\", password=********", Line(LinkType.Ppp, request));
        Assert.Equal("1 PAP Authenticate-Request 1  peer-id=\"bob\", password=\"secret\"", Line(LinkType.Ppp, request, showSecrets: true));
        // Lengths that do not fit may leave anything in the rest.
        Assert.Equal("1 PAP Authenticate-Request 1  ********  !! pap-length", Line(LinkType.Ppp, "c0230101000c" + "20" + Text("sec") + "00000000"));
    }

    [Fact]
    public void Proxy_authentication_is_masked_when_it_is_a_password()
    {
        var decoder = new FrameDecoder("tunnel-secret"u8.ToArray());
        var iccn = Line(LinkType.Raw, Udp(Sample.IccnHidden), decoder: decoder);
        Assert.Contains("tunnel 15437 session 8738 Ns 3 Nr 2  L2TP ICCN  Tx Connect Speed=16384000, Framing Type=sync", iccn, StringComparison.Ordinal);
        Assert.Contains("Proxy Authen Type=PAP", iccn, StringComparison.Ordinal);
        Assert.Contains("Proxy Authen Name=alice@isp.example", iccn, StringComparison.Ordinal);
        Assert.Contains("Proxy Authen Response=********", iccn, StringComparison.Ordinal);
        Assert.DoesNotContain(Text("wonderland"), iccn, StringComparison.Ordinal);
        Assert.Contains($"Proxy Authen Response={Text("wonderland")}",
            Line(LinkType.Raw, Udp(Sample.IccnHidden), showSecrets: true, decoder: decoder), StringComparison.Ordinal);
        Assert.Contains("Proxy Authen Name=(hidden, 19 octets)", Line(LinkType.Raw, Udp(Sample.IccnHidden)), StringComparison.Ordinal);

        var chap = "c80200263c4d222200030002" + "800800000000000c" + "00080000001d0002" + "000a00000021" + "e19a9463";
        Assert.EndsWith("Proxy Authen Type=CHAP, Proxy Authen Response=e19a9463", Line(LinkType.Raw, Udp(chap)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("c0210101001b" + "010405dc" + "0304c023" + "0305c22305" + "0305c22381" + "0702" + "6303ab", "LCP Configure-Request 1  MRU=1500, "
        + "Authentication-Protocol=PAP, Authentication-Protocol=CHAP-MD5, Authentication-Protocol=MS-CHAPv2, PFC, option 99=ab")]
    [InlineData("8021020100100306c00002018106c0000235", "IPCP Configure-Ack 1  IP-Address=192.0.2.1, Primary-DNS=192.0.2.53")]
    [InlineData("c0210902000a00000001abcd", "LCP Echo-Request 2  magic=00000001, abcd")]
    [InlineData("c0210803000880570101", "LCP Protocol-Reject 3  IPV6CP 0101")]
    [InlineData("c0210803000ec02301010008016101 62", "LCP Protocol-Reject 3  PAP ********")]
    [InlineData("c22702010007 06 6162", "EAP Response 1  type=6, ********")]
    [InlineData("c0210504000862796521", "LCP Terminate-Request 4  \"bye!\"")]
    [InlineData("c0210604 0004", "LCP Terminate-Ack 4")]
    [InlineData("c021ff040004", "LCP code 255 4")]
    [InlineData("c0230201000702 6f6b", "PAP Authenticate-Ack 1  \"ok\"")]
    [InlineData("c22301070009 02aabb 6163", "CHAP Challenge 7  value=aabb, name=\"ac\"")]
    [InlineData("c2230407 0006 6e6f", "CHAP Failure 7  \"no\"")]
    [InlineData("c22702010007 01 6162", "EAP Response 1  type=1, \"ab\"")]
    [InlineData("0021450000140000000040060000c0000201c0000202", "192.0.2.1 > 192.0.2.2  data IPv4  20 octets")]
    [InlineData("00fd010203", "data compressed data  3 octets")]
    public void PPP_packets_read_as_their_RFCs_name_things(string hex, string expected) =>
        Assert.Equal($"1 {expected}", Line(LinkType.Ppp, hex));

    [Fact]
    public void RADIUS_attributes_read_by_the_dictionary()
    {
        var attributes = "0105626f62" + "0406c0000201" + "060600000002" + "400601000003" + "430b01" + Text("10.0.0.1") + "5a05006162"
            + "1a1200000009010c" + Text("vpdn:a=b,c") + "1903ff" + "fe03aa";
        var packet = $"0107{20 + attributes.Length / 2:x4}" + new string('0', 32) + attributes;
        Assert.Equal(
            "1 192.0.2.1:5 > 192.0.2.2:1812  RADIUS Access-Request 7  User-Name=\"bob\", NAS-IP-Address=192.0.2.1, Service-Type=2, "
            + "Tunnel-Type=3 (tag 1), Tunnel-Server-Endpoint=\"10.0.0.1\" (tag 1), Tunnel-Client-Auth-ID=\"ab\", "
            + "Vendor-Specific=9[1=\"vpdn:a=b,c\"], Class=ff, attribute 254=aa",
            Line(LinkType.Raw, Sample.Udp("192.0.2.1:5", "192.0.2.2:1812", packet)));
    }

    [Fact]
    public void Time_runs_from_the_first_frame_and_cut_frames_say_so()
    {
        var format = new TextFormat();
        var decoder = new FrameDecoder();
        var source = new CaptureInterface(LinkType.Ppp, null);
        Assert.Equal("     7     0.000000 LCP Terminate-Ack 4",
            format.Line(decoder.Decode(7, source, 1_700_000_000_000_000_000, Sample.Hex("c02106040004"))));
        Assert.Equal("     8     1.500001 data IPv6  1 octets  (captured 3 of 103)  !! capture-truncated",
            format.Line(decoder.Decode(8, source, 1_700_000_001_500_001_000, Sample.Hex("005760"), missing: 100)));
    }

    [Fact]
    public void Long_values_end_in_their_length() => Assert.Equal(
        $"1 LCP Echo-Request 1  magic=00000000, {new string('a', 128)}... (70 octets)",
        Line(LinkType.Ppp, "c0210901004e" + "00000000" + new string('a', 140)));

    [Fact]
    public void Every_error_has_a_name_of_its_own()
    {
        var names = Enum.GetValues<DecodeError>().Select(ProtocolNames.Error).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.Contains("l2tp-control-flags", names);
        Assert.Contains("avp-hidden-without-vector", names);
        Assert.All(names, n => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", n));
    }
}
