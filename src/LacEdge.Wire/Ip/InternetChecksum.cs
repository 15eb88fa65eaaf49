using System.Buffers.Binary;

namespace LacEdge.Wire.Ip;

/// <summary>The one's complement sum of RFC 1071, which IPv4 and UDP headers carry.</summary>
public static class InternetChecksum
{
    /// <summary>Adds octets to a running sum; every part but the last must be of even length, all together at most 128 KiB.</summary>
    public static uint Add(uint sum, ReadOnlySpan<byte> octets)
    {
        while (octets.Length >= 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(octets);
            octets = octets[2..];
        }

        return octets.IsEmpty ? sum : sum + (uint)(octets[0] << 8);
    }

    /// <summary>Adds the pseudo-header of UDP (RFC 768, RFC 8200 section 8.1).</summary>
    public static uint AddPseudoHeader(uint sum, IpAddress source, IpAddress destination, byte protocol, int length)
    {
        Span<byte> octets = stackalloc byte[32];
        source.Write(octets);
        destination.Write(octets[source.Size..]);
        return Add(sum, octets[..(source.Size + destination.Size)]) + protocol + (uint)length;
    }

    /// <summary>The checksum of what was added; over a header that holds a right checksum it is 0.</summary>
    public static ushort Finish(uint sum)
    {
        while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }
}
