using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.L2tp;
using LacEdge.Wire.Ppp;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Core.Forwarding;

/// <summary>A PPPoE session frame as far as the data plane looks into it.</summary>
public readonly ref struct SessionFrame
{
    public MacAddress Destination { get; private init; }
    public MacAddress Source { get; private init; }
    public VlanStack Vlans { get; private init; }
    public ushort SessionId { get; private init; }
    /// <summary>Where PPP starts in the frame: at its protocol field, an FF 03 in front (which does not belong there) is skipped.</summary>
    public int PppAt { get; private init; }
    /// <summary>Octets of PPP from the protocol field on; Ethernet padding is not among them.</summary>
    public int PppLength { get; private init; }

    /// <summary><see cref="ForwardingReason.Forwarded"/>: it may be forwarded if its session is spliced.</summary>
    public static ForwardingReason Read(ReadOnlySpan<byte> frame, out SessionFrame read)
    {
        read = default;
        if (!EthernetFrame.TryParse(frame, out var ethernet, out _)) return ForwardingReason.Malformed;
        if (ethernet.EtherType != EtherType.PppoeSession) return ForwardingReason.Control;
        if (!PppoePacket.TryParse(ethernet.Payload, out var pppoe, out _)) return ForwardingReason.Malformed;
        if (pppoe.Code != PppoeCode.Session) return ForwardingReason.Control;

        var skip = PppoeL2tpForwarder.AddressAndControlSize(pppoe.Payload);
        if (pppoe.Payload.Length == skip) return ForwardingReason.Malformed;
        if (IsTerminateRequest(pppoe.Payload[skip..])) return ForwardingReason.Control;
        read = new SessionFrame
        {
            Destination = ethernet.Destination,
            Source = ethernet.Source,
            Vlans = ethernet.Vlans,
            SessionId = pppoe.SessionId,
            PppAt = EthernetFrame.HeaderSize + ethernet.Vlans.Size + PppoePacket.HeaderSize + skip,
            PppLength = pppoe.Payload.Length - skip,
        };
        return ForwardingReason.Forwarded;
    }

    /// <summary>Whether it is the subscriber's LCP Terminate-Request: Core forwards that itself, so that it learns of it.</summary>
    /// <param name="ppp">From the protocol field on.</param>
    public static bool IsTerminateRequest(ReadOnlySpan<byte> ppp) => ppp is [0xC0, 0x21, (byte)LcpCode.TerminateRequest, ..];
}

/// <summary>An L2TP data message as far as the data plane looks into it.</summary>
public readonly ref struct DataMessage
{
    public ushort TunnelId { get; private init; }
    public ushort SessionId { get; private init; }
    /// <summary>Where PPP starts in the datagram: at its protocol field, behind FF 03 if there is one.</summary>
    public int PppAt { get; private init; }
    /// <summary>Octets of PPP from the protocol field on; what follows behind the Length field is not among them.</summary>
    public int PppLength { get; private init; }
    public bool HasSequence { get; private init; }
    /// <summary>0 without <see cref="HasSequence"/>.</summary>
    public ushort Ns { get; private init; }

    /// <summary><see cref="ForwardingReason.Forwarded"/>: it may be forwarded if its session is spliced. Every form of the
    /// header is taken (RFC 2661 section 3.1).</summary>
    public static ForwardingReason Read(ReadOnlySpan<byte> datagram, out DataMessage read)
    {
        read = default;
        if (!L2tpHeader.TryParse(datagram, out var header, out _)) return ForwardingReason.Malformed;
        if (header.IsControl) return ForwardingReason.Control;

        var skip = PppoeL2tpForwarder.AddressAndControlSize(header.Payload);
        if (header.Payload.Length == skip) return ForwardingReason.Malformed;
        var end = header.HasLength ? header.Length : datagram.Length;
        read = new DataMessage
        {
            TunnelId = header.TunnelId,
            SessionId = header.SessionId,
            PppAt = end - header.Payload.Length + skip,
            PppLength = header.Payload.Length - skip,
            HasSequence = header.HasSequence,
            Ns = header.Ns,
        };
        return ForwardingReason.Forwarded;
    }
}

/// <summary>What a data message to the LNS has in front of PPP.</summary>
/// <param name="AddressAndControl">FF 03.</param>
/// <param name="Ns">-1: none; else Ns, with an Nr of 0.</param>
public readonly record struct DataForm(ushort PeerTunnelId, bool AddressAndControl = true, int Ns = -1)
{
    /// <summary>Octets in front of PPP's protocol field.</summary>
    public int Size => 6 + (Ns >= 0 ? 4 : 0) + (AddressAndControl ? 2 : 0);
}

/// <summary>Where a rewritten frame or datagram stands in the buffer, and what it counts for.</summary>
/// <param name="At">First octet.</param>
/// <param name="Length">Octets in all.</param>
/// <param name="PppOctets">Octets of PPP from the protocol field on.</param>
public readonly record struct Rewritten(int At, int Length, int PppOctets);

/// <summary>
/// Rewrites PPPoE session frames to L2TP data messages and back, in place: PPP stays where it is, only the headers in front
/// of it change. No tables, no I/O: what every data plane does to a frame is defined here.
/// </summary>
public static class PppoeL2tpForwarder
{
    /// <summary>The most octets that a data message to the LNS has in front of PPP.</summary>
    public const int MaxL2tpHeaderSize = 12;
    /// <summary>The most octets that a session frame has in front of PPP: Ethernet, two VLAN tags, PPPoE.</summary>
    public const int MaxPppoeHeaderSize = EthernetFrame.HeaderSize + 8 + PppoePacket.HeaderSize;

    /// <summary>Whether the frame comes from the session's own host and line, to us; else it is <see cref="ForwardingReason.NotOwner"/>.</summary>
    public static bool IsOwner(in SessionFrame read, in UpstreamEntry entry) =>
        read.Source == entry.Subscriber && read.Destination == entry.AccessConcentrator && read.Vlans.SameLine(entry.Vlans);

    /// <summary>From the subscriber to the LNS, without a Length; only what <see cref="IsOwner"/> allows.</summary>
    /// <param name="frame">The whole frame; its headers are overwritten.</param>
    public static Rewritten ToL2tp(Span<byte> frame, in SessionFrame read, in UpstreamEntry entry, in DataForm form)
    {
        var datagram = new Rewritten(read.PppAt - form.Size, form.Size + read.PppLength, read.PppLength);
        var writer = new WireWriter(frame.Slice(datagram.At, form.Size));
        WriteL2tpHeader(ref writer, form, entry.PeerSessionId);
        return datagram;
    }

    /// <summary>What stands in front of PPP in a data message: <see cref="DataForm.Size"/> octets.</summary>
    public static void WriteL2tpHeader(ref WireWriter writer, in DataForm form, ushort peerSessionId)
    {
        writer.WriteUInt16(form.Ns >= 0 ? (ushort)(L2tpHeader.Version | L2tpHeader.SequenceBit) : L2tpHeader.Version);
        writer.WriteUInt16(form.PeerTunnelId);
        writer.WriteUInt16(peerSessionId);
        if (form.Ns >= 0)
        {
            writer.WriteUInt16((ushort)form.Ns);
            writer.WriteUInt16(0);
        }

        if (form.AddressAndControl) writer.WriteUInt16(AddressAndControl);
    }

    /// <summary>The data message with sequence numbers: one without Length, Ns and Offset gets this Ns and an Nr of 0.</summary>
    /// <param name="buffer">At least four octets longer than the message.</param>
    public static ReadOnlySpan<byte> Number(ReadOnlySpan<byte> datagram, ushort ns, Span<byte> buffer)
    {
        const int flagsAndIds = 6;
        var writer = new WireWriter(buffer);
        writer.WriteUInt16(L2tpHeader.Version | L2tpHeader.SequenceBit);
        writer.WriteBytes(datagram[2..flagsAndIds]);
        writer.WriteUInt16(ns);
        writer.WriteUInt16(0);
        writer.WriteBytes(datagram[flagsAndIds..]);
        return buffer[..writer.Position];
    }

    /// <summary>DSCP of the IPv4 or IPv6 packet in a PPP frame (from the protocol field on); 0 for anything else.</summary>
    public static byte DscpOf(ReadOnlySpan<byte> ppp) => ppp switch
    {
        [0x00, 0x21, >= 0x45 and <= 0x4F, var tos, ..] => (byte)(tos >> 2),
        [0x21, >= 0x45 and <= 0x4F, var tos, ..] => (byte)(tos >> 2),
        [0x00, 0x57, var high and >= 0x60 and <= 0x6F, var low, ..] => (byte)((high << 8 | low) >> 6 & 0x3F),
        [0x57, var high and >= 0x60 and <= 0x6F, var low, ..] => (byte)((high << 8 | low) >> 6 & 0x3F),
        _ => 0,
    };

    /// <summary>From the LNS to the subscriber. Refuses what the subscriber's link does not take
    /// (<see cref="ForwardingReason.Oversized"/>).</summary>
    /// <param name="buffer">Holds the datagram, with at least <see cref="MaxPppoeHeaderSize"/> octets in front of it.</param>
    /// <param name="datagramAt">Where the datagram starts in the buffer.</param>
    public static ForwardingReason ToPppoe(
        Span<byte> buffer, int datagramAt, in DataMessage read, in DownstreamEntry entry, out Rewritten frame)
    {
        frame = default;
        if (read.PppLength > entry.MaxPppPayload + 2) return ForwardingReason.Oversized;

        var size = EthernetFrame.HeaderSize + entry.Vlans.Size + PppoePacket.HeaderSize;
        frame = new Rewritten(datagramAt + read.PppAt - size, size + read.PppLength, read.PppLength);
        var writer = new WireWriter(buffer.Slice(frame.At, size));
        var vlans = entry.PriorityFromDscp
            ? entry.Vlans.WithPriority((byte)(DscpOf(buffer.Slice(datagramAt + read.PppAt, read.PppLength)) >> 3)) : entry.Vlans;
        EthernetFrame.WriteHeader(ref writer, entry.Subscriber, entry.AccessConcentrator, vlans, EtherType.PppoeSession);
        writer.WriteByte(PppoePacket.VersionAndType);
        writer.WriteByte((byte)PppoeCode.Session);
        writer.WriteUInt16(entry.PppoeSessionId);
        writer.WriteUInt16((ushort)read.PppLength);
        return ForwardingReason.Forwarded;
    }

    private const ushort AddressAndControl = 0xFF03;

    internal static int AddressAndControlSize(ReadOnlySpan<byte> ppp) => ppp is [0xFF, 0x03, ..] ? 2 : 0;
}
