namespace LacEdge.Wire.Pppoe;

/// <summary>Sub-options of the access-line tag (TR-101 section 3.9.2). The types of the AVPs of vendor 3561 are the same (RFC 5515).</summary>
public enum AccessLineType : byte
{
    CircuitId = 0x01,
    RemoteId = 0x02,
    ActualRateUp = 0x81,
    ActualRateDown = 0x82,
    MinimumRateUp = 0x83,
    MinimumRateDown = 0x84,
    AttainableRateUp = 0x85,
    AttainableRateDown = 0x86,
    MaximumRateUp = 0x87,
    MaximumRateDown = 0x88,
    MinimumRateUpLowPower = 0x89,
    MinimumRateDownLowPower = 0x8A,
    MaximumDelayUp = 0x8B,
    ActualDelayUp = 0x8C,
    MaximumDelayDown = 0x8D,
    ActualDelayDown = 0x8E,
    /// <summary>Data link, first and second encapsulation: one octet each.</summary>
    Encapsulation = 0x90,
    /// <summary>1 ADSL, 2 ADSL2, 3 ADSL2+, 4 VDSL, 5 VDSL2, 6 SDSL, 7 unknown. Not in TR-101, but sent.</summary>
    LineType = 0x91,
    /// <summary>PPPoA is interworked into PPPoE; no value.</summary>
    Iwf = 0xFE,
}

public readonly ref struct AccessLineOption(AccessLineType type, ReadOnlySpan<byte> value)
{
    public AccessLineType Type { get; } = type;
    public ReadOnlySpan<byte> Value { get; } = value;

    public static void Write(ref WireWriter writer, AccessLineType type, scoped ReadOnlySpan<byte> value)
    {
        writer.WriteByte((byte)type);
        writer.WriteByte((byte)value.Length);
        writer.WriteBytes(value);
    }
}

/// <summary>Walks the sub-options of an access-line tag, from behind the vendor id: type, length of the value, value, without
/// alignment.</summary>
public ref struct AccessLineReader(ReadOnlySpan<byte> options)
{
    private WireReader _rest = new(options);

    public AccessLineOption Current { get; private set; }

    /// <summary>After the walk: <see cref="DecodeError.None"/> or <see cref="DecodeError.AccessLineTruncated"/>.</summary>
    public DecodeError Error { get; private set; }

    public bool MoveNext()
    {
        if (_rest.Remaining == 0) return false;
        var type = (AccessLineType)_rest.ReadByte();
        var value = _rest.ReadBytes(_rest.ReadByte());
        if (!_rest.Ok) { Error = DecodeError.AccessLineTruncated; return false; }
        Current = new AccessLineOption(type, value);
        return true;
    }
}
