namespace LacEdge.Wire.Ppp;

/// <summary>Codes of LCP and of the NCPs (RFC 1661 section 5, RFC 1570). NCPs use 1 to 7.</summary>
public enum LcpCode : byte
{
    ConfigureRequest = 1,
    ConfigureAck = 2,
    ConfigureNak = 3,
    ConfigureReject = 4,
    TerminateRequest = 5,
    TerminateAck = 6,
    CodeReject = 7,
    ProtocolReject = 8,
    EchoRequest = 9,
    EchoReply = 10,
    DiscardRequest = 11,
    Identification = 12,
    TimeRemaining = 13,
}

/// <summary>LCP option types (RFC 1661 section 6 and its extensions).</summary>
public enum LcpOptionType : byte
{
    Mru = 1,
    Accm = 2,
    AuthenticationProtocol = 3,
    QualityProtocol = 4,
    MagicNumber = 5,
    ProtocolFieldCompression = 7,
    AddressAndControlFieldCompression = 8,
    FcsAlternatives = 9,
    SelfDescribingPadding = 10,
    Callback = 13,
    CompoundFrames = 15,
    Mrru = 17,
    ShortSequenceNumbers = 18,
    EndpointDiscriminator = 19,
}

public enum PapCode : byte { AuthenticateRequest = 1, AuthenticateAck = 2, AuthenticateNak = 3 }

public enum ChapCode : byte { Challenge = 1, Response = 2, Success = 3, Failure = 4 }

/// <summary>The second half of LCP option 3 for protocol C223.</summary>
public enum ChapAlgorithm : byte { Md5 = 5, MsChapV1 = 0x80, MsChapV2 = 0x81 }

public enum EapCode : byte { Request = 1, Response = 2, Success = 3, Failure = 4 }

/// <summary>First octet of the data of an EAP Request or Response (RFC 3748 section 5).</summary>
public enum EapType : byte { Identity = 1, Notification = 2, Nak = 3, Md5Challenge = 4 }

/// <summary>A view of a packet of LCP, an NCP, PAP, CHAP or EAP: they share code, identifier and length (RFC 1661 section 5).</summary>
public readonly ref struct PppControlPacket
{
    /// <summary>
    /// |     Code      |  Identifier   |            Length             |
    /// |    Data ...
    /// </summary>
    public const int HeaderSize = 4;

    public byte Code { get; private init; }
    public byte Identifier { get; private init; }
    /// <summary>Length - 4 octets; padding behind them is cut off.</summary>
    public ReadOnlySpan<byte> Data { get; private init; }

    /// <summary>Errors: <see cref="DecodeError.PppControlTruncated"/>, <see cref="DecodeError.PppControlLength"/>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> information, out PppControlPacket packet, out DecodeError error)
    {
        packet = default;
        var reader = new WireReader(information);
        var code = reader.ReadByte();
        var identifier = reader.ReadByte();
        var length = reader.ReadUInt16();
        if (!reader.Ok) { error = DecodeError.PppControlTruncated; return false; }
        var data = reader.ReadBytes(length - HeaderSize);
        if (!reader.Ok) { error = DecodeError.PppControlLength; return false; }
        packet = new PppControlPacket { Code = code, Identifier = identifier, Data = data };
        error = DecodeError.None;
        return true;
    }

    /// <summary>Writes protocol, code, identifier, length and data: a whole PPP frame without FF 03.</summary>
    public static void Write(ref WireWriter writer, PppProtocol protocol, byte code, byte identifier, scoped ReadOnlySpan<byte> data)
    {
        writer.WriteUInt16((ushort)protocol);
        writer.WriteByte(code);
        writer.WriteByte(identifier);
        writer.WriteUInt16((ushort)(data.Length + HeaderSize));
        writer.WriteBytes(data);
    }
}

public readonly ref struct PppOption(byte type, ReadOnlySpan<byte> value)
{
    public byte Type { get; } = type;
    public ReadOnlySpan<byte> Value { get; } = value;

    public static void Write(ref WireWriter writer, byte type, scoped ReadOnlySpan<byte> value)
    {
        writer.WriteByte(type);
        writer.WriteByte((byte)(value.Length + 2));
        writer.WriteBytes(value);
    }
}

/// <summary>Walks the options of a Configure packet (RFC 1661 section 6): type, length (with header), value.</summary>
public ref struct PppOptionReader(ReadOnlySpan<byte> options)
{
    private WireReader _rest = new(options);

    public PppOption Current { get; private set; }

    /// <summary>After the walk: none, <see cref="DecodeError.PppOptionTruncated"/> or <see cref="DecodeError.PppOptionLength"/>.</summary>
    public DecodeError Error { get; private set; }

    public bool MoveNext()
    {
        if (_rest.Remaining == 0) return false;
        var type = _rest.ReadByte();
        var length = _rest.ReadByte();
        if (!_rest.Ok) { Error = DecodeError.PppOptionTruncated; return false; }
        var value = _rest.ReadBytes(length - 2);
        if (!_rest.Ok) { Error = DecodeError.PppOptionLength; return false; }
        Current = new PppOption(type, value);
        return true;
    }
}
