using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LacEdge.Core.Forwarding;
using LacEdge.Linux.Kernel;
using LacEdge.Linux.Sockets;

namespace LacEdge.Linux.DataPlane;

/// <summary>Data messages of spliced sessions go to their subscriber, all others and the control messages up. Sockets are
/// known by Core's handle.</summary>
internal sealed unsafe class CoreWorker(ForwardingTables tables, int slots, EventFd bell) : Worker("core", tables, slots, bell)
{
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

        var buffer = Received.WithHeadroom(index);
        reason = PppoeL2tpForwarder.ToPppoe(buffer, ReceiveBatch.Headroom, read, entry, out var frame);
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

        var octets = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(buffer)) + frame.At;
        Sending.Add(fd, default, octets, frame.Length, entry.Slot, frame.PppOctets);
    }
}
