using System.Buffers.Binary;

namespace LacEdge.Wire.Ip;

/// <summary>A view of a UDP datagram (RFC 768).</summary>
public readonly ref struct UdpHeader
{
    /// <summary>
    /// |          Source Port          |       Destination Port        |
    /// |            Length             |           Checksum            |
    /// </summary>
    public const int Size = 8;

    public ushort SourcePort { get; private init; }
    public ushort DestinationPort { get; private init; }
    /// <summary>0: the sender made none.</summary>
    public ushort Checksum { get; private init; }
    /// <summary>Octets behind Length are cut off.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>Errors: <see cref="DecodeError.UdpTruncated"/>, <see cref="DecodeError.UdpLength"/>.
    /// The checksum is not verified.</summary>
    /// <param name="missing">Octets of the datagram that are known to be cut off, for captures: Length may run into them.</param>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out UdpHeader header, out DecodeError error, int missing = 0)
    {
        header = default;
        error = DecodeError.UdpTruncated;
        if (datagram.Length < Size) return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[4..]);
        error = DecodeError.UdpLength;
        if (length < Size || length > datagram.Length + (long)missing) return false;
        header = new UdpHeader
        {
            SourcePort = BinaryPrimitives.ReadUInt16BigEndian(datagram),
            DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]),
            Checksum = BinaryPrimitives.ReadUInt16BigEndian(datagram[6..]),
            Payload = datagram[Size..Math.Min(length, datagram.Length)],
        };
        error = DecodeError.None;
        return true;
    }

    /// <summary>Writes a whole IP packet: IPv4 or IPv6 header by the addresses, UDP header with checksum, payload.</summary>
    public static void WritePacket(
        ref WireWriter writer, UdpEndpoint source, UdpEndpoint destination, ReadOnlySpan<byte> payload, byte timeToLive = 64)
    {
        var length = Size + payload.Length;
        if (source.Address.IsIpv6) Ipv6Header.Write(ref writer, source.Address, destination.Address, IpProtocol.Udp, length, timeToLive);
        else Ipv4Header.Write(ref writer, source.Address, destination.Address, IpProtocol.Udp, length, timeToLive);

        var datagram = writer.Reserve(length);
        if (datagram.IsEmpty) return;
        BinaryPrimitives.WriteUInt16BigEndian(datagram, source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[2..], destination.Port);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[4..], (ushort)length);
        datagram[6] = datagram[7] = 0;
        payload.CopyTo(datagram[Size..]);
        var sum = InternetChecksum.AddPseudoHeader(0, source.Address, destination.Address, IpProtocol.Udp, length);
        var checksum = InternetChecksum.Finish(InternetChecksum.Add(sum, datagram));
        // 0 means none: a sum that comes out as 0 is sent as its equal FFFF.
        BinaryPrimitives.WriteUInt16BigEndian(datagram[6..], checksum == 0 ? (ushort)0xFFFF : checksum);
    }
}
