using System.Buffers.Binary;
using LacEdge.Wire;

namespace LacEdge.Lab.Peers;

/// <summary>As much of IPv4 (RFC 791), ICMP echo (RFC 792) and UDP (RFC 768) as pinging and counting need: no options, no fragments.</summary>
public readonly ref struct Ipv4Packet
{
    public const int HeaderSize = 20, IcmpHeaderSize = 8, UdpHeaderSize = 8;
    public const byte Icmp = 1, Udp = 17;
    private const byte EchoReply = 0, EchoRequest = 8;

    public byte Protocol { get; private init; }
    /// <summary>First octet highest.</summary>
    public uint Source { get; private init; }
    public uint Destination { get; private init; }
    /// <summary>What follows the header, cut to Total Length.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    public bool IsEchoRequest => Protocol == Icmp && Payload is [EchoRequest, 0, ..] && Payload.Length >= IcmpHeaderSize;
    public bool IsEchoReply => Protocol == Icmp && Payload is [EchoReply, 0, ..] && Payload.Length >= IcmpHeaderSize;
    /// <summary>Of an ICMP echo.</summary>
    public ushort EchoIdentifier => BinaryPrimitives.ReadUInt16BigEndian(Payload[4..]);
    public ushort EchoSequence => BinaryPrimitives.ReadUInt16BigEndian(Payload[6..]);
    /// <summary>What an ICMP echo or a UDP datagram carries.</summary>
    public ReadOnlySpan<byte> Data => Payload[8..];

    /// <summary>False when a length or a checksum (IP header, ICMP) is wrong: the peers trust nothing that came through a LAC.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out Ipv4Packet packet)
    {
        packet = default;
        if (octets.Length < HeaderSize || octets[0] != 0x45) return false;
        var length = BinaryPrimitives.ReadUInt16BigEndian(octets[2..]);
        if (length < HeaderSize || length > octets.Length || Checksum(octets[..HeaderSize], 0) != 0) return false;
        var payload = octets[HeaderSize..length];
        var protocol = octets[9];
        if (protocol == Icmp && (payload.Length < IcmpHeaderSize || Checksum(payload, 0) != 0)) return false;
        if (protocol == Udp && payload.Length < UdpHeaderSize) return false;
        packet = new Ipv4Packet
        {
            Protocol = protocol,
            Source = BinaryPrimitives.ReadUInt32BigEndian(octets[12..]),
            Destination = BinaryPrimitives.ReadUInt32BigEndian(octets[16..]),
            Payload = payload,
        };
        return true;
    }

    public static void WriteEcho(
        ref WireWriter writer, bool reply, uint source, uint destination, ushort identifier, ushort sequence, ReadOnlySpan<byte> data)
    {
        WriteHeader(ref writer, Icmp, source, destination, IcmpHeaderSize + data.Length);
        var at = writer.Position;
        writer.WriteByte(reply ? EchoReply : EchoRequest);
        writer.WriteByte(0);
        writer.WriteUInt16(0);
        writer.WriteUInt16(identifier);
        writer.WriteUInt16(sequence);
        writer.WriteBytes(data);
        writer.PatchUInt16(at + 2, Checksum(writer.Written[at..], 0));
    }

    public static void WriteUdp(
        ref WireWriter writer, uint source, uint destination, ushort sourcePort, ushort destinationPort, ReadOnlySpan<byte> data)
    {
        var length = UdpHeaderSize + data.Length;
        WriteHeader(ref writer, Udp, source, destination, length);
        var at = writer.Position;
        writer.WriteUInt16(sourcePort);
        writer.WriteUInt16(destinationPort);
        writer.WriteUInt16((ushort)length);
        writer.WriteUInt16(0);
        writer.WriteBytes(data);
        var pseudo = (source >> 16) + (source & 0xFFFF) + (destination >> 16) + (destination & 0xFFFF) + Udp + (uint)length;
        var checksum = Checksum(writer.Written[at..], pseudo);
        writer.PatchUInt16(at + 6, checksum == 0 ? (ushort)0xFFFF : checksum);
    }

    private static void WriteHeader(ref WireWriter writer, byte protocol, uint source, uint destination, int payloadSize)
    {
        var at = writer.Position;
        writer.WriteUInt16(0x4500);
        writer.WriteUInt16((ushort)(HeaderSize + payloadSize));
        writer.WriteUInt32(0x0000_4000);
        writer.WriteByte(64);
        writer.WriteByte(protocol);
        writer.WriteUInt16(0);
        writer.WriteUInt32(source);
        writer.WriteUInt32(destination);
        writer.PatchUInt16(at + 10, Checksum(writer.Written[at..], 0));
    }

    /// <summary>RFC 1071; 0 over octets that contain their own right checksum.</summary>
    private static ushort Checksum(ReadOnlySpan<byte> octets, uint sum)
    {
        for (; octets.Length >= 2; octets = octets[2..]) sum += BinaryPrimitives.ReadUInt16BigEndian(octets);
        if (octets.Length == 1) sum += (uint)octets[0] << 8;
        while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }
}
