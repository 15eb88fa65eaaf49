using System.Buffers.Binary;
using LacEdge.Wire;
using LacEdge.Wire.Ip;

namespace LacEdge.Lab.Peers;

/// <summary>As much of IPv4, ICMP echo (RFC 792) and UDP as pinging and counting need. Checksums are verified: the peers trust
/// nothing that came through a LAC.</summary>
public readonly ref struct Ipv4Packet
{
    private const int IcmpHeaderSize = 8;
    private const byte EchoReply = 0, EchoRequest = 8;

    public byte Protocol { get; private init; }
    /// <summary>First octet highest.</summary>
    public uint Source { get; private init; }
    public uint Destination { get; private init; }
    /// <summary>What follows the header.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    public bool IsEchoRequest => Protocol == IpProtocol.Icmp && Payload is [EchoRequest, 0, ..];
    public bool IsEchoReply => Protocol == IpProtocol.Icmp && Payload is [EchoReply, 0, ..];
    /// <summary>Of an ICMP echo.</summary>
    public ushort EchoIdentifier => BinaryPrimitives.ReadUInt16BigEndian(Payload[4..]);
    public ushort EchoSequence => BinaryPrimitives.ReadUInt16BigEndian(Payload[6..]);
    /// <summary>What an ICMP echo or a UDP datagram carries.</summary>
    public ReadOnlySpan<byte> Data => Payload[8..];

    /// <summary>False when a length or a checksum (of the header, of ICMP) is wrong.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out Ipv4Packet packet)
    {
        packet = default;
        if (!Ipv4Header.TryParse(octets, out var header, out _) || header.IsFragment) return false;
        if (Checksum(octets[..Ipv4Header.MinimumSize]) != 0) return false;
        if (header.Protocol == IpProtocol.Icmp && (header.Payload.Length < IcmpHeaderSize || Checksum(header.Payload) != 0)) return false;
        if (header.Protocol == IpProtocol.Udp && !UdpHeader.TryParse(header.Payload, out _, out _)) return false;
        packet = new Ipv4Packet
        {
            Protocol = header.Protocol,
            Source = header.Source.Ipv4,
            Destination = header.Destination.Ipv4,
            Payload = header.Payload,
        };
        return true;
    }

    public static void WriteEcho(
        ref WireWriter writer, bool reply, uint source, uint destination, ushort identifier, ushort sequence, ReadOnlySpan<byte> data)
    {
        Ipv4Header.Write(
            ref writer, IpAddress.FromIpv4(source), IpAddress.FromIpv4(destination), IpProtocol.Icmp, IcmpHeaderSize + data.Length);
        var at = writer.Position;
        writer.WriteByte(reply ? EchoReply : EchoRequest);
        writer.WriteByte(0);
        writer.WriteUInt16(0);
        writer.WriteUInt16(identifier);
        writer.WriteUInt16(sequence);
        writer.WriteBytes(data);
        writer.PatchUInt16(at + 2, Checksum(writer.Written[at..]));
    }

    private static ushort Checksum(ReadOnlySpan<byte> octets) => InternetChecksum.Finish(InternetChecksum.Add(0, octets));
}
