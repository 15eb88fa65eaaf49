using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LacEdge.Core.Forwarding;
using LacEdge.Linux.Kernel;

namespace LacEdge.Linux.DataPlane;

/// <summary>Session frames of spliced sessions go to their LNS, all others up. Sockets are known by access group.</summary>
internal sealed unsafe class AccessWorker(ForwardingTables tables, int slots, EventFd bell) : Worker("access", tables, slots, bell)
{
    // How far the ring was filled when the last frame of a session that was not spliced yet went up; the same for any session.
    private readonly NativeTable<long> _wentUp = new(tables.AccessGroups * ForwardingTables.Ids);
    private long _lastWentUp;

    protected override void Handle(int accessGroup, int index)
    {
        var frame = Received.Frame(index);
        var reason = SessionFrame.Read(frame, out var read);
        if (reason != ForwardingReason.Forwarded)
        {
            PassUp(reason, accessGroup, default, frame);
            return;
        }

        ref var entry = ref Tables.Upstream(accessGroup, read.SessionId);
        if (Volatile.Read(ref entry.Valid) == 0 || WouldOvertake(accessGroup, read.SessionId))
        {
            PassUp(ForwardingReason.SessionUnknown, accessGroup, default, frame);
            _lastWentUp = _wentUp[accessGroup * ForwardingTables.Ids + read.SessionId] = Ring.Filled;
            return;
        }

        ref var tunnel = ref Tables.Tunnel(entry.TunnelSlot);
        if (Volatile.Read(ref tunnel.Valid) == 0)
        {
            PassUp(ForwardingReason.SessionUnknown, accessGroup, default, frame);
            return;
        }

        // A number is drawn only for what is surely sent.
        if (!PppoeL2tpForwarder.IsOwner(read, entry))
        {
            Counters.Dropped(entry.Slot, ForwardingReason.NotOwner);
            return;
        }

        var addressAndControl = (tunnel.Flags & TunnelFlags.AddressAndControl) != 0;
        var limit = Tables.PathLimits.Of(entry.TunnelSlot, tunnel.LocalTunnelId);
        if (limit != PathLimits.None)
        {
            var likely = new DataForm(tunnel.PeerTunnelId, addressAndControl, Tables.IsNumbered(entry.Slot) ? 0 : -1);
            if (tunnel.OuterSize + likely.Size + read.PppLength > limit)
            {
                Counters.Dropped(entry.Slot, ForwardingReason.TooLong);
                return;
            }
        }

        var ppp = frame.Slice(read.PppAt, read.PppLength);
        if (TcpMss.Clamp(ppp, tunnel.MaxMssIpv4, tunnel.MaxMssIpv6)) Counters.Count(ForwardingReason.MssClamped);
        var dscp = entry.Dscp != UpstreamEntry.NoDscp ? entry.Dscp : tunnel.Dscp == TunnelEntry.CopyDscp ? PppoeL2tpForwarder.DscpOf(ppp) : tunnel.Dscp;
        var form = new DataForm(tunnel.PeerTunnelId, addressAndControl, Tables.NextNs(entry.Slot));
        var datagram = PppoeL2tpForwarder.ToL2tp(frame, read, entry, form);
        if (tunnel.PathMtu != 0 && datagram.Length + tunnel.OuterSize > tunnel.PathMtu) Counters.Count(ForwardingReason.Fragmented);
        if (LcpEcho.TryRead(ppp, out var echo)) Meter(echo, ref Tables.EchoesUp(entry.Slot), ref Tables.EchoesDown(entry.Slot));

        var octets = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(frame)) + datagram.At;
        Sending.Add(tunnel.Fd, tunnel.Peer, dscp, octets, datagram.Length, entry.Slot, datagram.PppOctets);
    }

    public override void Dispose()
    {
        base.Dispose();
        _wentUp.Dispose();
    }

    /// <summary>Whether an earlier frame of the session, from before the splice, is still on its way through Core.</summary>
    private bool WouldOvertake(int accessGroup, ushort sessionId)
    {
        var taken = Ring.Taken;
        return _lastWentUp > taken && _wentUp[accessGroup * ForwardingTables.Ids + sessionId] > taken;
    }
}
