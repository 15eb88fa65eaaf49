using System.Buffers.Binary;

namespace LacEdge.Wire.Ip;

/// <summary>A view of an IPv6 packet (RFC 8200 section 3), its extension headers walked.</summary>
public readonly ref struct Ipv6Header
{
    /// <summary>
    /// |Version| Traffic Class |           Flow Label                  |
    /// |         Payload Length        |  Next Header  |   Hop Limit   |
    /// |                     Source Address (16)                       |
    /// |                  Destination Address (16)                     |
    /// </summary>
    public const int Size = 40;
    private const byte HopByHop = 0, Routing = 43, Fragment = 44, DestinationOptions = 60;

    public IpAddress Source { get; private init; }
    public IpAddress Destination { get; private init; }
    /// <summary>The protocol behind the extension headers.</summary>
    public byte Protocol { get; private init; }
    public byte HopLimit { get; private init; }
    /// <summary>Whether this is only a piece of a packet; the payload then need not begin with a header.</summary>
    public bool IsFragment { get; private init; }
    /// <summary>What follows the extension headers; octets behind Payload Length are cut off.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>Errors: <see cref="DecodeError.IpTruncated"/>, <see cref="DecodeError.IpVersion"/>,
    /// <see cref="DecodeError.IpLength"/>.</summary>
    /// <param name="missing">Octets of the packet that are known to be cut off, for captures: lengths may run into them.</param>
    public static bool TryParse(ReadOnlySpan<byte> packet, out Ipv6Header header, out DecodeError error, int missing = 0)
    {
        header = default;
        error = DecodeError.IpTruncated;
        if (packet.Length < Size) return false;
        if (packet[0] >> 4 != 6) { error = DecodeError.IpVersion; return false; }
        int length = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        error = DecodeError.IpLength;
        if (length > packet.Length - Size + (long)missing) return false;

        var payload = packet[Size..Math.Min(Size + length, packet.Length)];
        if (!TrySkipExtensions(ref payload, packet[6], out var protocol, out var isFragment)) return false;
        header = new Ipv6Header
        {
            Source = IpAddress.Read(packet.Slice(8, 16)),
            Destination = IpAddress.Read(packet.Slice(24, 16)),
            Protocol = protocol,
            HopLimit = packet[7],
            IsFragment = isFragment,
            Payload = payload,
        };
        error = DecodeError.None;
        return true;
    }

    private static bool TrySkipExtensions(ref ReadOnlySpan<byte> payload, byte next, out byte protocol, out bool isFragment)
    {
        isFragment = false;
        while (next is HopByHop or Routing or Fragment or DestinationOptions)
        {
            protocol = next;
            if (payload.Length < 8) return false;
            var size = next == Fragment ? 8 : (payload[1] + 1) * 8;
            if (size > payload.Length) return false;
            // Offset and M flag all zero: a whole packet in fragment's clothes (RFC 6946).
            var partial = next == Fragment && (BinaryPrimitives.ReadUInt16BigEndian(payload[2..]) & 0xFFF9) != 0;
            next = payload[0];
            payload = payload[size..];
            if (!partial) continue;
            isFragment = true;
            break;
        }

        protocol = next;
        return true;
    }

    public static void Write(
        ref WireWriter writer, IpAddress source, IpAddress destination, byte protocol, int payloadLength, byte hopLimit = 64)
    {
        var header = writer.Reserve(Size);
        if (header.IsEmpty) return;
        header.Clear();
        header[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], (ushort)payloadLength);
        header[6] = protocol;
        header[7] = hopLimit;
        source.Write(header[8..]);
        destination.Write(header[24..]);
    }
}
