namespace LacEdge.Wire.L2tp;

/// <summary>A view of one attribute-value pair (RFC 2661 section 4.1).</summary>
public readonly ref struct Avp(ushort flagsAndLength, ushort vendor, ushort type, ReadOnlySpan<byte> value)
{
    /// <summary>
    /// |M|H| rsvd  |      Length       |           Vendor ID           |
    /// |         Attribute Type        |        Attribute Value...     ~
    /// </summary>
    public const int HeaderSize = 6;
    public const int MaxValueSize = 1023 - HeaderSize;
    public const ushort MandatoryBit = 0x8000, HiddenBit = 0x4000, ReservedBits = 0x3C00, LengthMask = 0x03FF;

    public bool Mandatory => (flagsAndLength & MandatoryBit) != 0;
    public bool Hidden => (flagsAndLength & HiddenBit) != 0;
    public bool HasReservedBits => (flagsAndLength & ReservedBits) != 0;
    /// <summary>0 is the IETF.</summary>
    public ushort Vendor { get; } = vendor;
    public ushort Type { get; } = type;
    /// <summary>As on the wire: cipher text when <see cref="Hidden"/>.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;
}

/// <summary>Walks AVPs by their lengths alone: unknown, hidden, vendor or nonsensical ones all advance correctly.</summary>
public ref struct AvpReader(ReadOnlySpan<byte> avps)
{
    private WireReader _rest = new(avps);

    public Avp Current { get; private set; }

    /// <summary>After the walk: none, <see cref="DecodeError.AvpTruncated"/> (less than a header left) or
    /// <see cref="DecodeError.AvpLength"/> (below 6 or past the end).</summary>
    public DecodeError Error { get; private set; }

    public bool MoveNext()
    {
        if (_rest.Remaining == 0) return false;
        var flagsAndLength = _rest.ReadUInt16();
        var vendor = _rest.ReadUInt16();
        var type = _rest.ReadUInt16();
        if (!_rest.Ok) { Error = DecodeError.AvpTruncated; return false; }
        var value = _rest.ReadBytes((flagsAndLength & Avp.LengthMask) - Avp.HeaderSize);
        if (!_rest.Ok) { Error = DecodeError.AvpLength; return false; }
        Current = new Avp(flagsAndLength, vendor, type, value);
        return true;
    }
}
