using System.Buffers.Binary;

namespace LacEdge.Wire.L2tp;

/// <summary>
/// Reads the AVPs of a control message by <see cref="AvpTable"/> and <see cref="MessageTable"/> and applies the rules of RFC 2661
/// sections 4.1, 4.3, 4.4.1 and 7.1: an AVP that is unknown, has a reserved bit, or is malformed matters only with its M bit;
/// broken framing and missing AVPs always matter.
/// </summary>
public ref struct ControlMessageParser
{
    private ReadOnlySpan<byte> _octets;
    private readonly ReadOnlySpan<byte> _secret;
    private byte[]? _clear;
    private ReadOnlySpan<byte> _vector;
    private AvpSlots _slots;
    private AvpProblem _problem;
    private DecodeError _ignored;

    private readonly bool _forgiving, _failover;

    private ControlMessageParser(ReadOnlySpan<byte> octets, ReadOnlySpan<byte> secret, bool forgiving, bool failover)
    {
        _octets = octets;
        _secret = secret;
        _forgiving = forgiving;
        _failover = failover;
    }

    /// <param name="message">A control message that is no ZLB.</param>
    /// <param name="secret">The tunnel's secret; empty: none, hidden AVPs cannot be read.</param>
    /// <param name="forgiving">The M bit of AVPs and message types that are not understood does not count.</param>
    /// <param name="failover">Messages and AVPs of RFC 4951 are understood.</param>
    public static ControlMessage Parse(scoped in L2tpHeader message, ReadOnlySpan<byte> secret, bool forgiving = false, bool failover = false)
    {
        var parser = new ControlMessageParser(message.Payload, secret, forgiving, failover);
        var type = parser.ReadMessageType(out var known);
        if (known is not null) parser.ReadAvps(known);
        return new ControlMessage(message, type, known, parser._octets, parser._slots, parser._problem, parser._ignored);
    }

    private MessageType ReadMessageType(out MessageInfo? known)
    {
        known = null;
        var avps = new AvpReader(_octets);
        if (!avps.MoveNext() || avps.Current is not { Vendor: 0, Type: (ushort)AvpType.MessageType, Hidden: false, Value.Length: 2 })
        {
            _problem = new AvpProblem(DecodeError.MessageTypeMissing, 0, 0);
            return 0;
        }

        var type = (MessageType)BinaryPrimitives.ReadUInt16BigEndian(avps.Current.Value);
        known = _failover ? MessageTable.FindWithFailover(type) : MessageTable.Find(type);
        if (known is null && avps.Current.Mandatory && !_forgiving) _problem = new AvpProblem(DecodeError.MessageTypeUnknown, 0, (ushort)type);
        return type;
    }

    private void ReadAvps(MessageInfo message)
    {
        var avps = new AvpReader(_octets);
        var (vendor, type, end) = ((ushort)0, (ushort)0, 0);
        while (avps.MoveNext())
        {
            (vendor, type) = (avps.Current.Vendor, avps.Current.Type);
            end += Avp.HeaderSize + avps.Current.Value.Length;
            ReadAvp(avps.Current, end - avps.Current.Value.Length);
        }

        if (avps.Error != DecodeError.None)
        {
            // Name the AVP that is broken when its header is there, else the last good one.
            if (_octets.Length >= end + Avp.HeaderSize)
            {
                vendor = BinaryPrimitives.ReadUInt16BigEndian(_octets[(end + 2)..]);
                type = BinaryPrimitives.ReadUInt16BigEndian(_octets[(end + 4)..]);
            }

            Refuse(avps.Error, vendor, type, true);
        }

        foreach (var required in message.Required)
        {
            if (!_slots.Has(AvpTable.SlotOf((int)required))) Refuse(DecodeError.AvpMissing, 0, (ushort)required, true);
        }
    }

    private void ReadAvp(in Avp avp, int offset)
    {
        if (avp.HasReservedBits) { Refuse(DecodeError.AvpReservedBits, avp); return; }
        if (AvpTable.Find(avp.Vendor, avp.Type) is not { } info || !info.Recognized && !(_failover && AvpTable.IsFailover(info)))
        {
            Refuse(DecodeError.AvpUnknownMandatory, avp);
            return;
        }

        var length = avp.Value.Length;
        if (avp.Hidden)
        {
            var error = Reveal(avp, info, offset, out length);
            if (error != DecodeError.None) { Refuse(error, avp); return; }
            offset += HiddenAvp.LengthSize;
        }

        var value = _octets.Slice(offset, length);
        if (!info.Accepts(length) || info.NonZero && value.IndexOfAnyExcept((byte)0) < 0) { Refuse(DecodeError.AvpValue, avp); return; }
        if (info.Type == (ushort)AvpType.RandomVector) _vector = value;
        _slots.Set(AvpTable.SlotOf(info.Type), offset, length);
    }

    private DecodeError Reveal(in Avp avp, AvpInfo info, int offset, out int length)
    {
        length = 0;
        if (!info.MayHide) return DecodeError.AvpMustNotBeHidden;
        if (_vector.IsEmpty) return DecodeError.AvpHiddenWithoutVector;
        if (_secret.IsEmpty) return DecodeError.AvpHiddenWithoutSecret;

        if (_clear is null)
        {
            _clear = _octets.ToArray();
            _octets = _clear;
        }

        HiddenAvp.TryReveal(avp.Type, _secret, _vector, _clear.AsSpan(offset, avp.Value.Length), out length, out var error);
        return error;
    }

    private void Refuse(DecodeError error, in Avp avp) => Refuse(error, avp.Vendor, avp.Type, avp.Mandatory && !_forgiving);

    private void Refuse(DecodeError error, ushort vendor, ushort type, bool mandatory)
    {
        if (!mandatory)
        {
            // An unknown AVP without the M bit is what the M bit is for.
            if (_ignored == DecodeError.None && error != DecodeError.AvpUnknownMandatory) _ignored = error;
        }
        else if (_problem.IsNone) _problem = new AvpProblem(error, vendor, type);
    }
}
