using System.Buffers.Binary;

namespace LacEdge.Wire.Radius;

/// <summary>RADIUS packet codes (RFC 2865, RFC 2866, RFC 5176, RFC 5997).</summary>
public enum RadiusCode : byte
{
    AccessRequest = 1,
    AccessAccept = 2,
    AccessReject = 3,
    AccountingRequest = 4,
    AccountingResponse = 5,
    AccessChallenge = 11,
    StatusServer = 12,
    StatusClient = 13,
    DisconnectRequest = 40,
    DisconnectAck = 41,
    DisconnectNak = 42,
    CoaRequest = 43,
    CoaAck = 44,
    CoaNak = 45,
}

/// <summary>A view of a RADIUS packet (RFC 2865 section 3): framing only, no authenticator is verified.</summary>
public readonly ref struct RadiusPacket
{
    /// <summary>
    /// |     Code      |  Identifier   |            Length             |
    /// |                     Authenticator (16)                        |
    /// |  Attributes ...
    /// </summary>
    public const int HeaderSize = 20, MaxSize = 4096;

    public RadiusCode Code { get; private init; }
    public byte Identifier { get; private init; }
    public ReadOnlySpan<byte> Authenticator { get; private init; }
    /// <summary>Octets behind Length are padding and cut off.</summary>
    public ReadOnlySpan<byte> Attributes { get; private init; }

    /// <summary>Errors: <see cref="DecodeError.RadiusTruncated"/>, <see cref="DecodeError.RadiusLength"/> (below 20, above 4096 or
    /// past the end).</summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out RadiusPacket packet, out DecodeError error)
    {
        packet = default;
        error = DecodeError.RadiusTruncated;
        if (datagram.Length < HeaderSize) return false;
        var length = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        error = DecodeError.RadiusLength;
        if (length is < HeaderSize or > MaxSize || length > datagram.Length) return false;
        packet = new RadiusPacket
        {
            Code = (RadiusCode)datagram[0],
            Identifier = datagram[1],
            Authenticator = datagram.Slice(4, 16),
            Attributes = datagram[HeaderSize..length],
        };
        error = DecodeError.None;
        return true;
    }
}

public readonly ref struct RadiusAttribute(byte type, ReadOnlySpan<byte> value)
{
    public const byte VendorSpecific = 26, MessageAuthenticator = 80;
    public const int MaxValueSize = 253;

    public byte Type { get; } = type;
    public ReadOnlySpan<byte> Value { get; } = value;
}

/// <summary>Walks attributes (RFC 2865 section 5): type, length (with header), value.</summary>
public ref struct RadiusAttributeReader(ReadOnlySpan<byte> attributes)
{
    private WireReader _rest = new(attributes);

    public RadiusAttribute Current { get; private set; }

    /// <summary>After the walk: none or <see cref="DecodeError.RadiusAttributeLength"/> (below 2 or past the end).</summary>
    public DecodeError Error { get; private set; }

    public bool MoveNext()
    {
        if (_rest.Remaining == 0) return false;
        var type = _rest.ReadByte();
        var value = _rest.ReadBytes(_rest.ReadByte() - 2);
        if (!_rest.Ok) { Error = DecodeError.RadiusAttributeLength; return false; }
        Current = new RadiusAttribute(type, value);
        return true;
    }
}
