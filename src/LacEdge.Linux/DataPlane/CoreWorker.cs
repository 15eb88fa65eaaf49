using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LacEdge.Core.Forwarding;
using LacEdge.Linux.Kernel;
using LacEdge.Linux.Sockets;

namespace LacEdge.Linux.DataPlane;

/// <summary>Data messages of spliced sessions go to their subscriber, all others and the control messages up. Sockets are
/// known by Core's handle.</summary>
internal sealed unsafe class CoreWorker : Worker
{
    private readonly ReorderBuffer _reorder = new();
    private readonly Func<ushort, ushort> _expected;
    // How far the ring was filled when the last data message of a session went up for Core to send it on; the same for any session.
    private readonly NativeTable<long> _wentUp = new(ForwardingTables.Ids);
    private long _lastWentUp;

    public CoreWorker(ForwardingTables tables, int slots, EventFd bell) : base("core", tables, slots, bell) =>
        _expected = session => Tables.Sequence(Tables.Downstream(session).Slot).Expected;

    protected override int WaitMilliseconds
    {
        get
        {
            if (_reorder.IsEmpty) return -1;
            var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), _reorder.NextDeadline).TotalMilliseconds;
            return (int)Math.Ceiling(Math.Max(0, left));
        }
    }

    protected override void Handle(int socket, int index)
    {
        var datagram = Received.Datagram(index);
        ref var source = ref Received.Source(index);
        var reason = DataMessage.Read(datagram, out var read);
        if (reason != ForwardingReason.Forwarded)
        {
            PassUp(reason, socket, source, datagram);
            return;
        }

        ref var entry = ref Tables.Downstream(read.SessionId);
        if (Volatile.Read(ref entry.Valid) == 0)
        {
            PassUp(ForwardingReason.SessionUnknown, socket, source, datagram);
            return;
        }

        ref var tunnel = ref Tables.Tunnel(entry.TunnelSlot);
        if (Volatile.Read(ref tunnel.Valid) == 0 || tunnel.LocalTunnelId != read.TunnelId)
        {
            PassUp(ForwardingReason.SessionUnknown, socket, source, datagram);
            return;
        }

        if (tunnel.Socket != socket || !tunnel.Peer.SameAs(source))
        {
            Counters.Dropped(entry.Slot, ForwardingReason.NotPeer);
            return;
        }

        if (Volatile.Read(ref entry.ThroughCore) || WouldOvertake(read.SessionId))
        {
            PassToCore(socket, source, datagram, read, entry);
            return;
        }

        if (IsDue(socket, datagram, read, entry, tunnel)) Forward(Received.WithHeadroom(index), read, entry, tunnel);
        if (read.HasSequence && !_reorder.IsEmpty) ReleaseNext(read.SessionId);
    }

    /// <summary>Routers sent datagrams back that are too long for the path: believed when they quote the tunnel, whose id nobody else can
    /// know.</summary>
    protected override void HandleErrors(int id, int fd)
    {
        var count = Received.Receive(fd, Constants.MSG_ERRQUEUE);
        for (var i = 0; i < count; i++)
        {
            if (!Received.IsTooLong(i, out var pathMtu)) continue;
            var quoted = PathLimits.QuotedTunnelId(Received.Datagram(i));
            for (var slot = 0; slot < Tables.Tunnels; slot++)
            {
                ref var tunnel = ref Tables.Tunnel(slot);
                if (Volatile.Read(ref tunnel.Valid) == 0 || tunnel.PeerTunnelId != quoted) continue;
                if (tunnel.Socket != id || !tunnel.Peer.SameAs(Received.Source(i))) continue;
                Tables.PathLimits.Learn(slot, tunnel.LocalTunnelId, pathMtu, tunnel.Peer.Family == Constants.AF_INET6);
            }
        }
    }

    /// <summary>What has waited long enough goes without those that it waited for.</summary>
    protected override void Expire()
    {
        if (_reorder.IsEmpty) return;
        var now = Stopwatch.GetTimestamp();
        for (var held = _reorder.TakeExpired(now, _expected); held >= 0; held = _reorder.TakeExpired(now, _expected))
        {
            Release(held);
            ReleaseNext(_reorder.Session(held));
        }

        Sending.Flush();
        _reorder.Sent();
    }

    protected override void Flushed() => _reorder.Sent();

    public override void Dispose()
    {
        base.Dispose();
        _reorder.Dispose();
        _wentUp.Dispose();
    }

    /// <summary>Whether an earlier data message of the session is still on its way through Core.</summary>
    private bool WouldOvertake(ushort sessionId) => _lastWentUp != 0 && Ring.Taken is var taken && _lastWentUp > taken && _wentUp[sessionId] > taken;

    /// <summary>It counts as delivered; nothing waits for those before it.</summary>
    private void PassToCore(int socket, in SocketAddress source, ReadOnlySpan<byte> datagram, in DataMessage read, in DownstreamEntry entry)
    {
        if (read.HasSequence)
        {
            ref var sequence = ref Tables.Sequence(entry.Slot);
            if (sequence.Sending == 0) Volatile.Write(ref sequence.Sending, 1);
            if (sequence.Judge(read.Ns) == SequenceVerdict.Late && !sequence.Restarts(read.Ns))
            {
                Counters.Dropped(entry.Slot, ForwardingReason.Late);
                return;
            }

            sequence.Delivered(read.Ns);
        }

        PassUp(ForwardingReason.Control, socket, source, datagram);
        _lastWentUp = _wentUp[read.SessionId] = Ring.Filled;
    }

    /// <summary>Keeps account of sequence numbers (RFC 2661 section 5.4). False: it waits, or came too late.</summary>
    private bool IsDue(int socket, ReadOnlySpan<byte> datagram, in DataMessage read, in DownstreamEntry entry, in TunnelEntry tunnel)
    {
        ref var sequence = ref Tables.Sequence(entry.Slot);
        if (!read.HasSequence)
        {
            // The LNS does without: so do we.
            if (sequence.Sending != 0 && (tunnel.Flags & TunnelFlags.AlwaysSequenced) == 0) Volatile.Write(ref sequence.Sending, 0);
            return true;
        }

        if (sequence.Sending == 0) Volatile.Write(ref sequence.Sending, 1);
        var verdict = sequence.Judge(read.Ns);
        if (verdict == SequenceVerdict.Late && sequence.Restarts(read.Ns)) _reorder.Drop(read.SessionId);
        else if (verdict == SequenceVerdict.Late || _reorder.Holds(read.SessionId, read.Ns))
        {
            Counters.Dropped(entry.Slot, ForwardingReason.Late);
            return false;
        }

        if (verdict == SequenceVerdict.Ahead)
        {
            var ahead = sequence.Distance(read.Ns);
            if (ahead <= tunnel.ReorderWindow)
            {
                var deadline = Stopwatch.GetTimestamp() + tunnel.ReorderMilliseconds * Stopwatch.Frequency / 1000;
                if (_reorder.TryHold(socket, read.SessionId, read.Ns, datagram, tunnel.ReorderWindow, deadline)) return false;
            }

            // Too far to wait: what lies between is given up, what waits of it goes first.
            for (var held = TakeBefore(read, sequence); held >= 0; held = TakeBefore(read, sequence)) Release(held);
            Counters.Count(ForwardingReason.Missing, sequence.Distance(read.Ns));
        }

        sequence.Delivered(read.Ns);
        return true;
    }

    private int TakeBefore(in DataMessage read, in SequenceState sequence) =>
        _reorder.TakeFirst(read.SessionId, sequence.Expected, sequence.Distance(read.Ns));

    /// <summary>Those that waited for nothing but the one just delivered.</summary>
    private void ReleaseNext(ushort session)
    {
        ref var entry = ref Tables.Downstream(session);
        if (Volatile.Read(ref entry.Valid) == 0) return;
        ref var sequence = ref Tables.Sequence(entry.Slot);
        for (var held = _reorder.Take(session, sequence.Expected); held >= 0; held = _reorder.Take(session, sequence.Expected))
            Release(held);
    }

    private void Release(int held)
    {
        ref var entry = ref Tables.Downstream(_reorder.Session(held));
        // Its session may have ended while it waited: numbers and counters of the slot may be another's.
        if (Volatile.Read(ref entry.Valid) == 0) return;
        DataMessage.Read(_reorder.Datagram(held), out var read);
        ref var sequence = ref Tables.Sequence(entry.Slot);
        Counters.Count(ForwardingReason.Missing, sequence.Distance(read.Ns));
        sequence.Delivered(read.Ns);
        Counters.Count(ForwardingReason.Reordered);

        ref var tunnel = ref Tables.Tunnel(entry.TunnelSlot);
        if (Volatile.Read(ref tunnel.Valid) != 0 && tunnel.Socket == _reorder.Socket(held))
            Forward(_reorder.WithHeadroom(held), read, entry, tunnel);
    }

    /// <param name="buffer">The datagram, with <see cref="ReceiveBatch.Headroom"/> octets in front of it.</param>
    private void Forward(Span<byte> buffer, in DataMessage read, in DownstreamEntry entry, in TunnelEntry tunnel)
    {
        var ppp = buffer.Slice(ReceiveBatch.Headroom + read.PppAt, read.PppLength);
        if (TcpMss.Clamp(ppp, tunnel.MaxMssIpv4, tunnel.MaxMssIpv6)) Counters.Count(ForwardingReason.MssClamped);
        var reason = PppoeL2tpForwarder.ToPppoe(buffer, ReceiveBatch.Headroom, read, entry, out var frame);
        if (reason != ForwardingReason.Forwarded)
        {
            Counters.Dropped(entry.Slot, reason);
            return;
        }

        var fd = Tables.AccessFd(entry.AccessGroup);
        if (fd < 0)
        {
            Counters.Dropped(entry.Slot, ForwardingReason.SendFailed);
            return;
        }

        if (LcpEcho.TryRead(ppp, out var echo)) Meter(echo, ref Tables.EchoesDown(entry.Slot), ref Tables.EchoesUp(entry.Slot));
        var octets = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(buffer)) + frame.At;
        Sending.Add(fd, octets, frame.Length, entry.Slot, frame.PppOctets);
    }
}
