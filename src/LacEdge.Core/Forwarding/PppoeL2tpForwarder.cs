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

    /// <summary><see cref="ForwardingReason.Forwarded"/>: it may be forwarded if its session is spliced. Every form of the
    /// header is taken (RFC 2661 section 3.1); Ns is not looked at.</summary>
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
        };
        return ForwardingReason.Forwarded;
    }
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
    /// <summary>Octets that a data message puts in front of PPP: flags, tunnel id, session id, FF 03.</summary>
    public const int L2tpHeaderSize = 8;
    /// <summary>The most octets that a session frame has in front of PPP: Ethernet, two VLAN tags, PPPoE.</summary>
    public const int MaxPppoeHeaderSize = EthernetFrame.HeaderSize + 8 + PppoePacket.HeaderSize;

    /// <summary>From the subscriber to the LNS: no Length, no Ns, FF 03 in front. Refuses frames that are not the session's
    /// (<see cref="ForwardingReason.NotOwner"/>).</summary>
    /// <param name="frame">The whole frame; its headers are overwritten.</param>
    public static ForwardingReason ToL2tp(
        Span<byte> frame, in SessionFrame read, in UpstreamEntry entry, ushort peerTunnelId, out Rewritten datagram)
    {
        datagram = default;
        if (read.Source != entry.Subscriber || read.Destination != entry.AccessConcentrator || !read.Vlans.SameLine(entry.Vlans))
            return ForwardingReason.NotOwner;

        datagram = new Rewritten(read.PppAt - L2tpHeaderSize, L2tpHeaderSize + read.PppLength, read.PppLength);
        var writer = new WireWriter(frame.Slice(datagram.At, L2tpHeaderSize));
        WriteL2tpHeader(ref writer, peerTunnelId, entry.PeerSessionId);
        return ForwardingReason.Forwarded;
    }

    /// <summary>What stands in front of PPP in a data message: <see cref="L2tpHeaderSize"/> octets.</summary>
    internal static void WriteL2tpHeader(ref WireWriter writer, ushort peerTunnelId, ushort peerSessionId)
    {
        writer.WriteUInt16(L2tpHeader.Version);
        writer.WriteUInt16(peerTunnelId);
        writer.WriteUInt16(peerSessionId);
        writer.WriteUInt16(AddressAndControl);
    }

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
        EthernetFrame.WriteHeader(ref writer, entry.Subscriber, entry.AccessConcentrator, entry.Vlans, EtherType.PppoeSession);
        writer.WriteByte(PppoePacket.VersionAndType);
        writer.WriteByte((byte)PppoeCode.Session);
        writer.WriteUInt16(entry.PppoeSessionId);
        writer.WriteUInt16((ushort)read.PppLength);
        return ForwardingReason.Forwarded;
    }

    private const ushort AddressAndControl = 0xFF03;

    internal static int AddressAndControlSize(ReadOnlySpan<byte> ppp) => ppp is [0xFF, 0x03, ..] ? 2 : 0;
}
