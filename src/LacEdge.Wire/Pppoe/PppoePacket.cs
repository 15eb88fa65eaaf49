namespace LacEdge.Wire.Pppoe;

/// <summary>PPPoE codes (RFC 2516 section 5).</summary>
public enum PppoeCode : byte
{
    Session = 0x00,
    Pado = 0x07,
    Padi = 0x09,
    Padr = 0x19,
    Pads = 0x65,
    Padt = 0xA7,
}

/// <summary>A view of a PPPoE packet: what follows EtherType 0x8863 or 0x8864 (RFC 2516 section 4).</summary>
public readonly ref struct PppoePacket
{
    /// <summary>
    ///  0                   1                   2                   3
    /// |  VER  | TYPE  |      CODE     |          SESSION_ID           |
    /// |            LENGTH             |           payload             ~
    /// </summary>
    public const int HeaderSize = 6;
    public const byte VersionAndType = 0x11;

    public PppoeCode Code { get; private init; }
    public ushort SessionId { get; private init; }
    /// <summary>LENGTH octets; Ethernet padding behind them is cut off.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>Errors: <see cref="DecodeError.PppoeTruncated"/>, <see cref="DecodeError.PppoeVersion"/>,
    /// <see cref="DecodeError.PppoeLength"/> (LENGTH exceeds what was received).</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out PppoePacket packet, out DecodeError error)
    {
        packet = default;
        var reader = new WireReader(bytes);
        var versionAndType = reader.ReadByte();
        var code = (PppoeCode)reader.ReadByte();
        var sessionId = reader.ReadUInt16();
        var length = reader.ReadUInt16();
        if (!reader.Ok) { error = DecodeError.PppoeTruncated; return false; }
        if (versionAndType != VersionAndType) { error = DecodeError.PppoeVersion; return false; }
        var payload = reader.ReadBytes(length);
        if (!reader.Ok) { error = DecodeError.PppoeLength; return false; }

        packet = new PppoePacket { Code = code, SessionId = sessionId, Payload = payload };
        error = DecodeError.None;
        return true;
    }

    /// <summary>Writes the header with a LENGTH of 0; <see cref="PatchLength"/> sets it once the payload is written.
    /// Returns the position of the header.</summary>
    public static int WriteHeader(ref WireWriter writer, PppoeCode code, ushort sessionId)
    {
        var at = writer.Position;
        writer.WriteByte(VersionAndType);
        writer.WriteByte((byte)code);
        writer.WriteUInt16(sessionId);
        writer.WriteUInt16(0);
        return at;
    }

    public static void PatchLength(ref WireWriter writer, int headerAt) =>
        writer.PatchUInt16(headerAt + 4, (ushort)(writer.Position - headerAt - HeaderSize));
}
