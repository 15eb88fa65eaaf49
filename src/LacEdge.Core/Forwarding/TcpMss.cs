using System.Buffers.Binary;

namespace LacEdge.Core.Forwarding;

/// <summary>Makes the MSS option of TCP SYNs smaller, in IPv4 and IPv6 packets inside PPP, and mends the checksum (RFC 1624).</summary>
/// <remarks>Only what is plain PPP data is looked into: compressed or encrypted frames have other protocol numbers.</remarks>
public static class TcpMss
{
    private const int Ipv4HeaderSize = 20, Ipv6HeaderSize = 40, TcpHeaderSize = 20;
    private const byte Tcp = 6, Syn = 0x02, EndOfOptions = 0, NoOperation = 1, MaximumSegmentSize = 2;

    /// <summary>Whether it was changed.</summary>
    /// <param name="ppp">From the protocol field on.</param>
    /// <param name="maxIpv4">0: left alone.</param>
    /// <param name="maxIpv6">0: left alone.</param>
    public static bool Clamp(Span<byte> ppp, ushort maxIpv4, ushort maxIpv6) => ppp switch
    {
        [0x00, 0x21, ..] => ClampIpv4(ppp[2..], maxIpv4),
        [0x21, ..] => ClampIpv4(ppp[1..], maxIpv4),
        [0x00, 0x57, ..] => ClampIpv6(ppp[2..], maxIpv6),
        [0x57, ..] => ClampIpv6(ppp[1..], maxIpv6),
        _ => false,
    };

    private static bool ClampIpv4(Span<byte> packet, ushort max)
    {
        if (max == 0 || packet.Length < Ipv4HeaderSize || packet[0] >> 4 != 4 || packet[9] != Tcp) return false;
        // A fragment other than the first has no TCP header.
        if ((BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x1FFF) != 0) return false;
        var header = (packet[0] & 15) * 4;
        var length = Math.Min(packet.Length, BinaryPrimitives.ReadUInt16BigEndian(packet[2..]));
        return header >= Ipv4HeaderSize && header < length && ClampTcp(packet[header..length], max);
    }

    /// <summary>Extension headers are not walked: SYNs have none.</summary>
    private static bool ClampIpv6(Span<byte> packet, ushort max) =>
        max != 0 && packet.Length >= Ipv6HeaderSize && packet[0] >> 4 == 6 && packet[6] == Tcp && ClampTcp(packet[Ipv6HeaderSize..], max);

    private static bool ClampTcp(Span<byte> segment, ushort max)
    {
        if (segment.Length < TcpHeaderSize || (segment[13] & Syn) == 0) return false;
        var end = (segment[12] >> 4) * 4;
        if (end < TcpHeaderSize || end > segment.Length) return false;
        for (var at = TcpHeaderSize; at < end && segment[at] != EndOfOptions;)
        {
            if (segment[at] == NoOperation)
            {
                at++;
                continue;
            }

            if (at + 1 >= end || segment[at + 1] < 2 || at + segment[at + 1] > end) return false;
            if (segment[at] == MaximumSegmentSize && segment[at + 1] == 4) return Reduce(segment, at + 2, max);
            at += segment[at + 1];
        }

        return false;
    }

    private static bool Reduce(Span<byte> segment, int at, ushort max)
    {
        var mss = BinaryPrimitives.ReadUInt16BigEndian(segment[at..]);
        if (mss <= max) return false;
        BinaryPrimitives.WriteUInt16BigEndian(segment[at..], max);

        // RFC 1624 equation 3. At an odd place each octet counts in the other half of its word.
        var (before, after) = at % 2 == 0 ? (mss, max) : (BinaryPrimitives.ReverseEndianness(mss), BinaryPrimitives.ReverseEndianness(max));
        var sum = (uint)(ushort)~BinaryPrimitives.ReadUInt16BigEndian(segment[16..]) + (ushort)~before + after;
        sum = (sum & 0xFFFF) + (sum >> 16);
        sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(segment[16..], (ushort)~sum);
        return true;
    }
}
