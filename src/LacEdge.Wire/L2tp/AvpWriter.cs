using System.Text;

namespace LacEdge.Wire.L2tp;

/// <summary>How the AVPs of a message are written besides the rules of <see cref="AvpTable"/>.</summary>
public readonly ref struct AvpManner
{
    /// <summary>With a vector: every AVP that may be hidden is, with this secret.</summary>
    public ReadOnlySpan<byte> Secret { get; init; }
    public ReadOnlySpan<byte> RandomVector { get; init; }
    /// <summary>Types of vendor 0 (bit n for type n) that are sent without the M bit.</summary>
    public ulong WithoutMandatoryBit { get; init; }
}

/// <summary>
/// Builds one control message: header, Message Type, AVPs with the M bit of <see cref="AvpTable"/>. The order is the caller's.
/// Check <see cref="Ok"/> after <see cref="Finish"/>: false when the buffer or the 1017 octets of an AVP value were too small.
/// </summary>
public ref struct AvpWriter
{
    /// <summary>Advisory texts may hold what a subscriber or an operator wrote; so many characters always fit.</summary>
    public const int MaxMessageText = 255;

    /// <summary>Shorter values are padded: there are LNSes that take less for damaged, and the length shows no closer.</summary>
    private const int MinHiddenSize = 8;

    private readonly ReadOnlySpan<byte> _secret;
    private readonly ulong _withoutMandatoryBit;
    private readonly bool _hidesAll;
    private WireWriter _writer;
    private Range _vector;
    private (ushort Type, int At, int Size) _toHide;
    private bool _oversized;

    /// <param name="tunnelId">The peer's tunnel id; 0 while unknown.</param>
    /// <param name="sessionId">The peer's session id; 0 for a tunnel message and while unknown.</param>
    public AvpWriter(
        Span<byte> buffer, MessageType type, ushort tunnelId, ushort sessionId = 0, ushort ns = 0, ushort nr = 0, AvpManner manner = default)
    {
        _writer = new WireWriter(buffer);
        _secret = manner.Secret;
        _withoutMandatoryBit = manner.WithoutMandatoryBit;
        L2tpHeader.WriteControl(ref _writer, tunnelId, sessionId, ns, nr);
        WriteHeader(MessageTable.IsMandatory(type) ? Avp.MandatoryBit : (ushort)0, 0, (ushort)AvpType.MessageType, 2);
        _writer.WriteUInt16((ushort)type);
        if (manner.RandomVector.IsEmpty) return;
        RandomVector(manner.RandomVector);
        _hidesAll = true;
    }

    public readonly bool Ok => _writer.Ok && !_oversized;

    public void UInt16(AvpType type, ushort value)
    {
        Begin(type, 2);
        _writer.WriteUInt16(value);
    }

    public void UInt32(AvpType type, uint value)
    {
        Begin(type, 4);
        _writer.WriteUInt32(value);
    }

    public void Octets(AvpType type, scoped ReadOnlySpan<byte> value)
    {
        Begin(type, value.Length);
        _writer.WriteBytes(value);
    }

    /// <summary>Two zero octets, then the numbers.</summary>
    public void Numbers(AvpType type, scoped ReadOnlySpan<uint> numbers)
    {
        Begin(type, 2 + 4 * numbers.Length);
        _writer.WriteUInt16(0);
        foreach (var number in numbers) _writer.WriteUInt32(number);
    }

    /// <summary>UTF-8, not terminated.</summary>
    public void Text(AvpType type, string text)
    {
        var size = Encoding.UTF8.GetByteCount(text);
        Begin(type, size);
        Utf8(text, size);
    }

    public void Empty(AvpType type) => Begin(type, 0);

    /// <summary>The text is cut at <see cref="MaxMessageText"/> characters.</summary>
    public void ResultCode(in ResultCode code)
    {
        var text = code.Text.Length <= MaxMessageText ? code.Text : code.Text[..MaxMessageText];
        var textSize = Encoding.UTF8.GetByteCount(text);
        // Text needs the error code before it.
        var hasError = code.Error is not null || textSize > 0;
        Begin(AvpType.ResultCode, hasError ? 4 + textSize : 2);
        _writer.WriteUInt16(code.Result);
        if (!hasError) return;
        _writer.WriteUInt16(code.Error ?? 0);
        Utf8(text, textSize);
    }

    public void DisconnectCause(in DisconnectCause cause)
    {
        var textSize = Encoding.UTF8.GetByteCount(cause.Text);
        Begin(AvpType.PppDisconnectCause, 5 + textSize);
        _writer.WriteUInt16(cause.Code);
        _writer.WriteUInt16(cause.Protocol);
        _writer.WriteByte(cause.Direction);
        Utf8(cause.Text, textSize);
    }

    /// <summary>An AVP of a vendor: always optional, since nobody has to know it.</summary>
    public void Vendor(ushort vendor, ushort type, scoped ReadOnlySpan<byte> value)
    {
        Begin(0, vendor, type, value.Length, AvpTable.Find(vendor, type) is not { MayHide: false });
        _writer.WriteBytes(value);
    }

    /// <summary>The vector of the hidden AVPs that follow, up to the next one.</summary>
    public void RandomVector(scoped ReadOnlySpan<byte> vector)
    {
        Octets(AvpType.RandomVector, vector);
        _vector = (_writer.Position - vector.Length).._writer.Position;
    }

    /// <summary>Hides the value with the last random vector written. <paramref name="padding"/> conceals its length.</summary>
    public void Hidden(
        AvpType type, scoped ReadOnlySpan<byte> value, scoped ReadOnlySpan<byte> secret, scoped ReadOnlySpan<byte> padding = default)
    {
        var info = AvpTable.Get(type);
        if (!info.MayHide) throw new ArgumentException($"{info.Name} must not be hidden", nameof(type));
        if (_vector.Equals(default)) throw new InvalidOperationException("a hidden AVP needs a random vector before it");

        var size = HiddenAvp.LengthSize + value.Length + padding.Length;
        WriteHeader((ushort)(MandatoryBit(info) | Avp.HiddenBit), 0, (ushort)type, size);
        var start = _writer.Position;
        _writer.WriteUInt16((ushort)value.Length);
        _writer.WriteBytes(value);
        _writer.WriteBytes(padding);
        if (Ok) HiddenAvp.Hide((ushort)type, secret, _writer.Written[_vector], _writer.Written.Slice(start, size));
    }

    /// <summary>Sets the Length of the header and gives the whole message.</summary>
    public ReadOnlySpan<byte> Finish()
    {
        HideLast();
        L2tpHeader.PatchControlLength(ref _writer, 0);
        return _writer.Written;
    }

    /// <summary>A zero-length body message: the 12 octets of a header.</summary>
    public static ReadOnlySpan<byte> Zlb(Span<byte> buffer, ushort tunnelId, ushort sessionId, ushort ns, ushort nr)
    {
        var writer = new WireWriter(buffer);
        L2tpHeader.PatchControlLength(ref writer, L2tpHeader.WriteControl(ref writer, tunnelId, sessionId, ns, nr));
        return writer.Written;
    }

    private void Begin(AvpType type, int size)
    {
        var info = AvpTable.Get(type);
        Begin(MandatoryBit(info), info.Vendor, info.Type, size, info.MayHide);
    }

    private void Begin(ushort flags, ushort vendor, ushort type, int size, bool mayHide)
    {
        if (!_hidesAll || !mayHide)
        {
            WriteHeader(flags, vendor, type, size);
            return;
        }

        var hiddenSize = Math.Max(HiddenAvp.LengthSize + size, MinHiddenSize);
        WriteHeader((ushort)(flags | Avp.HiddenBit), vendor, type, hiddenSize);
        // Once the value stands behind its length, with the next AVP or at the end.
        _toHide = (type, _writer.Position, hiddenSize);
        _writer.WriteUInt16((ushort)size);
    }

    private readonly ushort MandatoryBit(AvpInfo info) =>
        info.Mandatory && (info.Type >= 64 || (_withoutMandatoryBit >> info.Type & 1) == 0) ? Avp.MandatoryBit : (ushort)0;

    private void HideLast()
    {
        var (type, at, size) = _toHide;
        _toHide = default;
        while (size > 0 && Ok && _writer.Position < at + size) _writer.WriteByte(0);
        if (size > 0 && Ok) HiddenAvp.Hide(type, _secret, _writer.Written[_vector], _writer.Written.Slice(at, size));
    }

    private void WriteHeader(ushort flags, ushort vendor, ushort type, int size)
    {
        HideLast();
        if (size > Avp.MaxValueSize) _oversized = true;
        _writer.WriteUInt16((ushort)(flags | (size + Avp.HeaderSize & Avp.LengthMask)));
        _writer.WriteUInt16(vendor);
        _writer.WriteUInt16(type);
    }

    private void Utf8(string text, int size)
    {
        if (_writer.Reserve(size) is var s && s.Length == size) Encoding.UTF8.GetBytes(text, s);
    }
}
