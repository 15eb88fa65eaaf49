using LacEdge.Wire;
using LacEdge.Wire.Ip;

namespace LacEdge.Tests.Wire.Ip;

public sealed class IpHeaderTests
{
    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    private static string Write(UdpEndpoint source, UdpEndpoint destination, string payload)
    {
        var writer = new WireWriter(stackalloc byte[200]);
        UdpHeader.WritePacket(ref writer, source, destination, Hex(payload));
        Assert.True(writer.Ok);
        return Convert.ToHexStringLower(writer.Written);
    }

    [Fact]
    public void The_checksum_is_that_of_RFC_1071()
    {
        // The example of section 3: the sum is ddf2.
        var sum = InternetChecksum.Add(0, Hex("0001f203f4f5f6f7"));
        Assert.Equal(0x220D, InternetChecksum.Finish(sum));
        Assert.Equal(0, InternetChecksum.Finish(InternetChecksum.Add(sum, Hex("220d"))));
        Assert.Equal(InternetChecksum.Add(0, Hex("ab00")), InternetChecksum.Add(0, Hex("ab")));
    }

    [Fact]
    public void A_UDP_packet_over_IPv4_is_written_with_both_checksums_and_read_back()
    {
        var source = new UdpEndpoint(IpAddress.Parse("192.0.2.1"), 1701);
        var destination = new UdpEndpoint(IpAddress.Parse("198.51.100.2"), 40000);
        var packet = Write(source, destination, "c802000c3c4d000000010002aa");
        Assert.Equal("45000029000040004011" + "4e8d" + "c0000201c6336402" + "06a59c400015" + "c247" + "c802000c3c4d000000010002aa", packet);

        Assert.True(Ipv4Header.TryParse(Hex(packet + "0000"), out var ip, out _));
        Assert.Equal((source.Address, destination.Address, IpProtocol.Udp, 64, false),
            (ip.Source, ip.Destination, ip.Protocol, ip.TimeToLive, ip.IsFragment));
        Assert.True(UdpHeader.TryParse(ip.Payload, out var udp, out _));
        Assert.Equal((1701, 40000), (udp.SourcePort, udp.DestinationPort));
        Assert.Equal(Hex("c802000c3c4d000000010002aa"), udp.Payload);
    }

    [Fact]
    public void A_UDP_packet_over_IPv6_is_written_with_its_checksum_and_read_back()
    {
        var source = new UdpEndpoint(IpAddress.Parse("2001:db8::1"), 1701);
        var destination = new UdpEndpoint(IpAddress.Parse("2001:db8::2"), 1701);
        var packet = Hex(Write(source, destination, "0102030405"));
        Assert.True(Ipv6Header.TryParse(packet, out var ip, out _));
        Assert.Equal((source.Address, destination.Address, IpProtocol.Udp, 64), (ip.Source, ip.Destination, ip.Protocol, ip.HopLimit));
        var sum = InternetChecksum.AddPseudoHeader(0, ip.Source, ip.Destination, ip.Protocol, ip.Payload.Length);
        Assert.Equal(0, InternetChecksum.Finish(InternetChecksum.Add(sum, ip.Payload)));
        Assert.True(UdpHeader.TryParse(ip.Payload, out var udp, out _));
        Assert.Equal(Hex("0102030405"), udp.Payload);
    }

    [Fact]
    public void A_checksum_of_zero_is_sent_as_FFFF()
    {
        var none = new UdpEndpoint(IpAddress.Parse("0.0.0.0"), 0);
        // Protocol 17 and twice the length of 10 make 37 = 0x25: this payload completes the sum to FFFF.
        var packet = Write(none, none, "ffda");
        Assert.EndsWith("0000000000" + "0a" + "ffff" + "ffda", packet, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", DecodeError.IpTruncated)]
    [InlineData("450000140000000040110000c0000201c63364", DecodeError.IpTruncated)]
    [InlineData("650000140000000040110000c0000201c6336402", DecodeError.IpVersion)]
    [InlineData("460000180000000040110000c0000201c6336402", DecodeError.IpTruncated)]
    [InlineData("440000140000000040110000c0000201c6336402", DecodeError.IpLength)]
    [InlineData("450000130000000040110000c0000201c6336402", DecodeError.IpLength)]
    [InlineData("450000150000000040110000c0000201c6336402", DecodeError.IpLength)]
    public void Broken_IPv4_headers_are_refused(string packet, DecodeError expected)
    {
        Assert.False(Ipv4Header.TryParse(Hex(packet), out _, out var error));
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData("4000", false)]
    [InlineData("2000", true)]
    [InlineData("0001", true)]
    public void IPv4_fragments_are_known_by_the_flag_and_the_offset(string word, bool fragment)
    {
        Assert.True(Ipv4Header.TryParse(Hex($"450000140000{word}40110000c0000201c6336402"), out var header, out _));
        Assert.Equal(fragment, header.IsFragment);
    }

    [Theory]
    [InlineData("60000000 0000 11 40", "", IpProtocol.Udp, false, "")]
    [InlineData("60000000 000a 00 40", "1100000000000000 abcd", IpProtocol.Udp, false, "abcd")]
    [InlineData("60000000 0012 00 40", "3c00000000000000 1100000000000000 abcd", IpProtocol.Udp, false, "abcd")]
    [InlineData("60000000 000a 2c 40", "1100000100000007 abcd", IpProtocol.Udp, true, "abcd")]
    [InlineData("60000000 000a 2c 40", "1100000000000007 abcd", IpProtocol.Udp, false, "abcd")]
    public void IPv6_extension_headers_are_walked(string start, string rest, byte protocol, bool fragment, string payload)
    {
        var addresses = new string('0', 64);
        Assert.True(Ipv6Header.TryParse(Hex(start + addresses + rest), out var header, out _));
        Assert.Equal((protocol, fragment, payload), (header.Protocol, header.IsFragment, Convert.ToHexStringLower(header.Payload)));
    }

    [Theory]
    [InlineData("60000000 0001 11 40", "", DecodeError.IpLength)]
    [InlineData("60000000 0000 00 40", "", DecodeError.IpLength)]
    [InlineData("60000000 0008 00 40", "1101000000000000", DecodeError.IpLength)]
    [InlineData("40000000 0000 11 40", "", DecodeError.IpVersion)]
    public void Broken_IPv6_headers_are_refused(string start, string rest, DecodeError expected)
    {
        Assert.False(Ipv6Header.TryParse(Hex(start + new string('0', 64) + rest), out _, out var error));
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData("06a506a5000800", DecodeError.UdpTruncated)]
    [InlineData("06a506a500070000", DecodeError.UdpLength)]
    [InlineData("06a506a500090000", DecodeError.UdpLength)]
    public void Broken_UDP_headers_are_refused(string datagram, DecodeError expected)
    {
        Assert.False(UdpHeader.TryParse(Hex(datagram), out _, out var error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void Lengths_may_run_into_what_a_capture_cut_off_but_not_further()
    {
        var datagram = Hex("06a506a5000a000041");
        Assert.True(UdpHeader.TryParse(datagram, out var udp, out _, missing: 1));
        Assert.Equal(Hex("41"), udp.Payload);
        Assert.False(UdpHeader.TryParse(datagram, out _, out _));

        var packet = Hex("450000160000000040110000c0000201c633640241");
        Assert.True(Ipv4Header.TryParse(packet, out var ip, out _, missing: 1));
        Assert.Equal(Hex("41"), ip.Payload);
        Assert.False(Ipv4Header.TryParse(packet, out _, out _));
    }
}
