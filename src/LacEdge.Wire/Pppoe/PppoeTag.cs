namespace LacEdge.Wire.Pppoe;

/// <summary>PPPoE tag types (RFC 2516 appendix A, RFC 4638).</summary>
public enum PppoeTagType : ushort
{
    EndOfList = 0x0000,
    ServiceName = 0x0101,
    AcName = 0x0102,
    HostUniq = 0x0103,
    AcCookie = 0x0104,
    VendorSpecific = 0x0105,
    RelaySessionId = 0x0110,
    PppMaxPayload = 0x0120,
    ServiceNameError = 0x0201,
    AcSystemError = 0x0202,
    GenericError = 0x0203,
}

public readonly ref struct PppoeTag(PppoeTagType type, ReadOnlySpan<byte> value)
{
    public PppoeTagType Type { get; } = type;
    public ReadOnlySpan<byte> Value { get; } = value;

    public static void Write(ref WireWriter writer, PppoeTagType type, scoped ReadOnlySpan<byte> value)
    {
        writer.WriteUInt16((ushort)type);
        writer.WriteUInt16((ushort)value.Length);
        writer.WriteBytes(value);
    }
}

/// <summary>Walks the tags of a discovery payload; stops at End-Of-List (RFC 2516 section 5).</summary>
public ref struct PppoeTagReader(ReadOnlySpan<byte> payload)
{
    private WireReader _rest = new(payload);

    public PppoeTag Current { get; private set; }

    /// <summary>After the walk: <see cref="DecodeError.None"/>, or why it ended early
    /// (<see cref="DecodeError.PppoeTagTruncated"/>, <see cref="DecodeError.PppoeTagLength"/>).</summary>
    public DecodeError Error { get; private set; }

    public bool MoveNext()
    {
        if (_rest.Remaining == 0) return false;
        var type = (PppoeTagType)_rest.ReadUInt16();
        var length = _rest.ReadUInt16();
        if (!_rest.Ok) { Error = DecodeError.PppoeTagTruncated; return false; }
        var value = _rest.ReadBytes(length);
        if (!_rest.Ok) { Error = DecodeError.PppoeTagLength; return false; }
        if (type == PppoeTagType.EndOfList) return false;
        Current = new PppoeTag(type, value);
        return true;
    }
}
