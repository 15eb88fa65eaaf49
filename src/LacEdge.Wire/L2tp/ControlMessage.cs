using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace LacEdge.Wire.L2tp;

/// <summary>
/// A received control message with its AVPs in typed form (RFC 2661 sections 4.4 and 6). A view: values point into the
/// datagram, or into a copy when something was hidden. What was not there is null or empty.
/// <para>Look at <see cref="Problem"/> first: it says whether, and how, the message must be refused. The values are
/// what could be read nevertheless; those of CDN and StopCCN are useful even then.</para>
/// </summary>
public readonly ref struct ControlMessage
{
    private readonly ReadOnlySpan<byte> _octets;
    private readonly AvpSlots _slots;
    private readonly MessageInfo? _known;

    internal ControlMessage(
        scoped in L2tpHeader header, MessageType type, MessageInfo? known, ReadOnlySpan<byte> octets, scoped in AvpSlots slots,
        AvpProblem problem, DecodeError ignored)
    {
        (TunnelId, SessionId, Ns, Nr, Type) = (header.TunnelId, header.SessionId, header.Ns, header.Nr, type);
        _octets = octets;
        _known = known;
        _slots = slots;
        (Problem, Ignored) = (problem, ignored);
    }

    public ushort TunnelId { get; }
    public ushort SessionId { get; }
    public ushort Ns { get; }
    public ushort Nr { get; }
    public MessageType Type { get; }

    /// <summary>The first thing that makes the message unacceptable.</summary>
    public AvpProblem Problem { get; }
    /// <summary>The first thing that was wrong but may be ignored, because the M bit was not set.</summary>
    public DecodeError Ignored { get; }
    /// <summary>Not a message of RFC 2661, but one that may be acknowledged and ignored.</summary>
    public bool IsUnknown => _known is null && Problem.IsNone;
    /// <summary>A refusal ends the session with CDN, not the tunnel with StopCCN.</summary>
    public bool IsSessionMessage => _known is { Scope: MessageScope.Session };

    public ushort? ProtocolVersion => UInt16(AvpType.ProtocolVersion);
    public uint? FramingCapabilities => UInt32(AvpType.FramingCapabilities);
    public uint? BearerCapabilities => UInt32(AvpType.BearerCapabilities);
    public ReadOnlySpan<byte> TieBreaker => Octets(AvpType.TieBreaker);
    public ushort? FirmwareRevision => UInt16(AvpType.FirmwareRevision);
    public ReadOnlySpan<byte> HostName => Octets(AvpType.HostName);
    public ReadOnlySpan<byte> VendorName => Octets(AvpType.VendorName);
    public ushort? AssignedTunnelId => UInt16(AvpType.AssignedTunnelId);
    public ushort? ReceiveWindowSize => UInt16(AvpType.ReceiveWindowSize);
    /// <summary>Empty: none was sent (an empty one is malformed).</summary>
    public ReadOnlySpan<byte> Challenge => Octets(AvpType.Challenge);
    public ReadOnlySpan<byte> ChallengeResponse => Octets(AvpType.ChallengeResponse);
    public ResultCodeValue ResultCode => ResultCodeValue.Read(Octets(AvpType.ResultCode));
    public ReadOnlySpan<byte> Q931Cause => Octets(AvpType.Q931CauseCode);
    public ushort? AssignedSessionId => UInt16(AvpType.AssignedSessionId);
    public uint? CallSerialNumber => UInt32(AvpType.CallSerialNumber);
    public uint? BearerType => UInt32(AvpType.BearerType);
    public uint? FramingType => UInt32(AvpType.FramingType);
    public ReadOnlySpan<byte> CalledNumber => Octets(AvpType.CalledNumber);
    public ReadOnlySpan<byte> CallingNumber => Octets(AvpType.CallingNumber);
    public ReadOnlySpan<byte> SubAddress => Octets(AvpType.SubAddress);
    /// <summary>Bit/s, LAC to subscriber.</summary>
    public uint? TxConnectSpeed => UInt32(AvpType.TxConnectSpeed);
    /// <summary>Bit/s, subscriber to LAC.</summary>
    public uint? RxConnectSpeed => UInt32(AvpType.RxConnectSpeed);
    public uint? PhysicalChannelId => UInt32(AvpType.PhysicalChannelId);
    public ReadOnlySpan<byte> InitialReceivedLcpConfReq => Octets(AvpType.InitialReceivedLcpConfReq);
    public ReadOnlySpan<byte> LastSentLcpConfReq => Octets(AvpType.LastSentLcpConfReq);
    public ReadOnlySpan<byte> LastReceivedLcpConfReq => Octets(AvpType.LastReceivedLcpConfReq);
    public ushort? ProxyAuthenType => UInt16(AvpType.ProxyAuthenType);
    public ReadOnlySpan<byte> ProxyAuthenName => Octets(AvpType.ProxyAuthenName);
    public ReadOnlySpan<byte> ProxyAuthenChallenge => Octets(AvpType.ProxyAuthenChallenge);
    /// <summary>The PPP identifier: the second octet of the AVP.</summary>
    public byte? ProxyAuthenId => (byte?)UInt16(AvpType.ProxyAuthenId);
    public ReadOnlySpan<byte> ProxyAuthenResponse => Octets(AvpType.ProxyAuthenResponse);
    public ReadOnlySpan<byte> PrivateGroupId => Octets(AvpType.PrivateGroupId);
    /// <summary>Two zero octets and six counts of 32 bits.</summary>
    public ReadOnlySpan<byte> CallErrors => Octets(AvpType.CallErrors);
    /// <summary>Two zero octets, the send and the receive map.</summary>
    public ReadOnlySpan<byte> Accm => Octets(AvpType.Accm);
    public bool SequencingRequired => Has(AvpType.SequencingRequired);
    /// <summary>DSCP for control messages, as <see cref="PhbId"/> (RFC 3308).</summary>
    public ushort? Ccds => UInt16(AvpType.Ccds);
    /// <summary>DSCP for data messages, likewise.</summary>
    public ushort? Sds => UInt16(AvpType.Sds);
    public bool HasDisconnectCause => Has(AvpType.PppDisconnectCause);
    public DisconnectCauseValue DisconnectCause => DisconnectCauseValue.Read(Octets(AvpType.PppDisconnectCause));

    /// <summary>Whether the peer's control channel can recover (C bit), and in how many milliseconds (RFC 4951 section 4.1).</summary>
    public (bool Control, uint RecoveryTime)? FailoverCapability => Octets(AvpType.FailoverCapability) is [_, var bits, .. var time]
        ? ((bits & 1) != 0, BinaryPrimitives.ReadUInt32BigEndian(time))
        : null;

    /// <summary>The sender's and the receiver's id of the tunnel that is to be recovered (RFC 4951 section 4.2).</summary>
    public (uint Sender, uint Receiver)? TunnelRecovery => Has(AvpType.TunnelRecovery) ? Pair(Octets(AvpType.TunnelRecovery)) : null;

    /// <summary>Of FSQ and FSR: the sender's and the receiver's ids of sessions (RFC 4951 section 4.4), every well-formed one.</summary>
    public IReadOnlyList<(uint Sender, uint Receiver)> SessionStates()
    {
        var states = new List<(uint, uint)>();
        var avps = new AvpReader(_octets);
        var size = AvpTable.Get(AvpType.FailoverSessionState).MaxSize;
        while (avps.MoveNext())
        {
            if (avps.Current is not { Vendor: 0, Type: (ushort)AvpType.FailoverSessionState, HasReservedBits: false } avp) continue;
            if (!avp.Hidden && avp.Value.Length == size) states.Add(Pair(avp.Value));
            // It stands there in clear, perhaps with padding behind it.
            else if (avp.Hidden && avp.Value.Length >= HiddenAvp.LengthSize + size) states.Add(Pair(avp.Value[HiddenAvp.LengthSize..]));
        }

        return states;
    }

    private static (uint Sender, uint Receiver) Pair(ReadOnlySpan<byte> value) =>
        (BinaryPrimitives.ReadUInt32BigEndian(value[2..]), BinaryPrimitives.ReadUInt32BigEndian(value[6..]));

    /// <summary>Whether the AVP was there and well-formed.</summary>
    public bool Has(AvpType type) => _slots.Has(AvpTable.SlotOf((int)type));

    /// <summary>The value in clear; empty also when absent (<see cref="Has"/> tells).</summary>
    public ReadOnlySpan<byte> Octets(AvpType type) => Has(type) ? _octets[_slots.Get(AvpTable.SlotOf((int)type))] : default;

    private ushort? UInt16(AvpType type) => Has(type) ? BinaryPrimitives.ReadUInt16BigEndian(Octets(type)) : null;

    private uint? UInt32(AvpType type) => Has(type) ? BinaryPrimitives.ReadUInt32BigEndian(Octets(type)) : null;
}

/// <summary>Where the values of recognized AVPs stand in a message; the first of several with one type.</summary>
internal struct AvpSlots
{
    [InlineArray(AvpTable.Slots)]
    private struct Places
    {
        private (ushort Offset, ushort Length) _place;
    }

    private ulong _present;
    private Places _places;

    public readonly bool Has(int type) => (_present >> type & 1) != 0;

    public readonly Range Get(int type) => _places[type].Offset..(_places[type].Offset + _places[type].Length);

    public void Set(int type, int offset, int length)
    {
        if (Has(type)) return;
        _present |= 1ul << type;
        _places[type] = ((ushort)offset, (ushort)length);
    }
}
