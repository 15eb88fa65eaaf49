namespace LacEdge.Wire.L2tp;

/// <summary>A view of an L2TPv2 message, control or data (RFC 2661 section 3.1).</summary>
public readonly ref struct L2tpHeader
{
    /// <summary>
    /// |T|L|x|x|S|x|O|P|x|x|x|x|  Ver  |          Length (opt)         |
    /// |           Tunnel ID           |           Session ID          |
    /// |             Ns (opt)          |             Nr (opt)          |
    /// |      Offset Size (opt)        |    Offset pad... (opt)        |
    /// </summary>
    public const int ControlSize = 12;
    public const ushort ControlBit = 0x8000, LengthBit = 0x4000, SequenceBit = 0x0800, OffsetBit = 0x0200, PriorityBit = 0x0100;
    public const ushort VersionMask = 0x000F, Version = 2;
    /// <summary>Flags of every control message: T, L, S, version 2.</summary>
    public const ushort ControlFlags = 0xC802;

    /// <summary>The first word as received, reserved bits included.</summary>
    public ushort Flags { get; private init; }
    /// <summary>The Length field; 0 when L is not set.</summary>
    public ushort Length { get; private init; }
    public ushort TunnelId { get; private init; }
    public ushort SessionId { get; private init; }
    public ushort Ns { get; private init; }
    public ushort Nr { get; private init; }
    /// <summary>The Offset Size field; 0 when O is not set.</summary>
    public ushort OffsetSize { get; private init; }
    /// <summary>AVPs, or the PPP frame; octets behind Length are cut off.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    public bool IsControl => (Flags & ControlBit) != 0;
    public bool HasLength => (Flags & LengthBit) != 0;
    public bool HasSequence => (Flags & SequenceBit) != 0;
    public bool HasOffset => (Flags & OffsetBit) != 0;
    /// <summary>A zero-length body: a control message that only acknowledges.</summary>
    public bool IsZlb => IsControl && Payload.IsEmpty;

    /// <summary>Errors: <see cref="DecodeError.L2tpTruncated"/>, <see cref="DecodeError.L2tpVersion"/>,
    /// <see cref="DecodeError.L2tpLength"/>, <see cref="DecodeError.L2tpControlFlags"/>, <see cref="DecodeError.L2tpOffset"/>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out L2tpHeader header, out DecodeError error)
    {
        header = default;
        var reader = new WireReader(datagram);
        var flags = reader.ReadUInt16();
        if (!reader.Ok) { error = DecodeError.L2tpTruncated; return false; }
        if ((flags & VersionMask) != Version) { error = DecodeError.L2tpVersion; return false; }

        const ushort fixedBits = ControlBit | LengthBit | SequenceBit | OffsetBit | PriorityBit;
        if ((flags & ControlBit) != 0 && (flags & fixedBits) != (ControlBit | LengthBit | SequenceBit))
        {
            error = DecodeError.L2tpControlFlags;
            return false;
        }

        ushort length = 0;
        if ((flags & LengthBit) != 0)
        {
            length = reader.ReadUInt16();
            if (!reader.Ok) { error = DecodeError.L2tpTruncated; return false; }
            if (length > datagram.Length || length < 4) { error = DecodeError.L2tpLength; return false; }
            reader = new WireReader(datagram[4..length]);
        }

        var tunnelId = reader.ReadUInt16();
        var sessionId = reader.ReadUInt16();
        ushort ns = 0, nr = 0, offset = 0;
        if ((flags & SequenceBit) != 0)
        {
            ns = reader.ReadUInt16();
            nr = reader.ReadUInt16();
        }

        if ((flags & OffsetBit) != 0) offset = reader.ReadUInt16();
        if (!reader.Ok)
        {
            error = (flags & LengthBit) != 0 ? DecodeError.L2tpLength : DecodeError.L2tpTruncated;
            return false;
        }

        reader.ReadBytes(offset);
        if (!reader.Ok) { error = DecodeError.L2tpOffset; return false; }

        header = new L2tpHeader
        {
            Flags = flags,
            Length = length,
            TunnelId = tunnelId,
            SessionId = sessionId,
            Ns = ns,
            Nr = nr,
            OffsetSize = offset,
            Payload = reader.Rest,
        };
        error = DecodeError.None;
        return true;
    }

    /// <summary>Writes a control header with a Length of 0; <see cref="PatchControlLength"/> sets it. Returns its position.</summary>
    public static int WriteControl(ref WireWriter writer, ushort tunnelId, ushort sessionId, ushort ns, ushort nr)
    {
        var at = writer.Position;
        writer.WriteUInt16(ControlFlags);
        writer.WriteUInt16(0);
        writer.WriteUInt16(tunnelId);
        writer.WriteUInt16(sessionId);
        writer.WriteUInt16(ns);
        writer.WriteUInt16(nr);
        return at;
    }

    public static void PatchControlLength(ref WireWriter writer, int headerAt) =>
        writer.PatchUInt16(headerAt + 2, (ushort)(writer.Position - headerAt));
}
