using System.Buffers.Binary;

namespace LacEdge.Wire.Ip;

/// <summary>IP protocol numbers that LacEdge knows.</summary>
public static class IpProtocol
{
    public const byte Icmp = 1, Tcp = 6, Udp = 17, Gre = 47, Icmpv6 = 58;
}

/// <summary>A view of an IPv4 packet (RFC 791 section 3.1).</summary>
public readonly ref struct Ipv4Header
{
    /// <summary>
    /// |Version|  IHL  |Type of Service|          Total Length         |
    /// |         Identification        |Flags|      Fragment Offset    |
    /// |  Time to Live |    Protocol   |         Header Checksum       |
    /// |                       Source Address                          |
    /// |                    Destination Address                        |
    /// </summary>
    public const int MinimumSize = 20;
    public const ushort DontFragment = 0x4000, MoreFragments = 0x2000, OffsetMask = 0x1FFF;

    public IpAddress Source { get; private init; }
    public IpAddress Destination { get; private init; }
    public byte Protocol { get; private init; }
    public byte TypeOfService { get; private init; }
    public byte TimeToLive { get; private init; }
    public ushort Identification { get; private init; }
    /// <summary>Flags and offset as one word, as on the wire.</summary>
    public ushort Fragmentation { get; private init; }
    /// <summary>Whether this is only a piece of a packet; the payload then need not begin with a header.</summary>
    public bool IsFragment => (Fragmentation & (MoreFragments | OffsetMask)) != 0;
    /// <summary>What follows the options; octets behind Total Length are cut off.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>Errors: <see cref="DecodeError.IpTruncated"/>, <see cref="DecodeError.IpVersion"/>, <see cref="DecodeError.IpLength"/>.
    /// The checksum is not verified.</summary>
    /// <param name="missing">Octets of the packet that are known to be cut off, for captures: lengths may run into them.</param>
    public static bool TryParse(ReadOnlySpan<byte> packet, out Ipv4Header header, out DecodeError error, int missing = 0)
    {
        header = default;
        error = DecodeError.IpTruncated;
        if (packet.Length < MinimumSize) return false;
        if (packet[0] >> 4 != 4) { error = DecodeError.IpVersion; return false; }
        var headerSize = (packet[0] & 0x0F) * 4;
        if (headerSize > packet.Length) return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        error = DecodeError.IpLength;
        if (headerSize < MinimumSize || length < headerSize || length > packet.Length + (long)missing) return false;

        header = new Ipv4Header
        {
            Source = IpAddress.Read(packet.Slice(12, 4)),
            Destination = IpAddress.Read(packet.Slice(16, 4)),
            Protocol = packet[9],
            TypeOfService = packet[1],
            TimeToLive = packet[8],
            Identification = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]),
            Fragmentation = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]),
            Payload = packet[headerSize..Math.Min(length, packet.Length)],
        };
        error = DecodeError.None;
        return true;
    }

    /// <summary>Writes a header without options, its checksum included.</summary>
    public static void Write(
        ref WireWriter writer, IpAddress source, IpAddress destination, byte protocol, int payloadLength, byte timeToLive = 64)
    {
        var header = writer.Reserve(MinimumSize);
        if (header.IsEmpty) return;
        header.Clear();
        header[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)(MinimumSize + payloadLength));
        BinaryPrimitives.WriteUInt16BigEndian(header[6..], DontFragment);
        header[8] = timeToLive;
        header[9] = protocol;
        source.Write(header[12..]);
        destination.Write(header[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], InternetChecksum.Finish(InternetChecksum.Add(0, header)));
    }
}
