using LacEdge.Core.Forwarding;
using LacEdge.Linux.Sockets;

namespace LacEdge.Linux.DataPlane;

/// <summary>What is installed in which slot: turns Core's updates into entries of the workers' tables.</summary>
internal sealed class SpliceTable(ForwardingTables tables, int slots)
{
    private readonly Splice[] _splices = new Splice[slots];
    private readonly Dictionary<int, HashSet<int>> _slotsOfTunnel = [];

    private enum SpliceState : byte { Free, Installed, Withdrawn }

    private struct Splice
    {
        public SpliceState State;
        public InstallDownstream Downstream;
    }

    public void Install(InstallTunnel tunnel, int fd)
    {
        ref var entry = ref tables.Tunnel(tunnel.TunnelSlot);
        ForwardingTables.Publish(ref entry, ref entry.Valid, new TunnelEntry
        {
            Socket = tunnel.Socket,
            Fd = fd,
            LocalTunnelId = tunnel.LocalTunnelId,
            PeerTunnelId = tunnel.PeerTunnelId,
            Peer = SocketAddress.From(tunnel.Peer),
            PathMtu = tunnel.Data.PathMtu,
            MaxMssIpv4 = tunnel.Data.MaxMssIpv4,
            MaxMssIpv6 = tunnel.Data.MaxMssIpv6,
            ReorderWindow = (ushort)tunnel.Data.ReorderWindow,
            ReorderMilliseconds = (ushort)tunnel.Data.ReorderTime.TotalMilliseconds,
            Dscp = tunnel.Data.Dscp ?? TunnelEntry.CopyDscp,
            Flags = (tunnel.Data.AddressAndControl ? TunnelFlags.AddressAndControl : 0)
                | (tunnel.Data.AlwaysSequenced ? TunnelFlags.AlwaysSequenced : 0),
        });
    }

    public void Remove(RemoveTunnel tunnel)
    {
        ForwardingTables.Withdraw(ref tables.Tunnel(tunnel.TunnelSlot).Valid);
        _slotsOfTunnel.Remove(tunnel.TunnelSlot);
    }

    public void Install(InstallDownstream session)
    {
        ref var splice = ref _splices[session.Slot];
        if (splice.State != SpliceState.Free) throw new InvalidOperationException($"slot {session.Slot} is in use");
        ref var entry = ref tables.Downstream(session.LocalSessionId);
        if (entry.Valid != 0) throw new InvalidOperationException($"L2TP session id {session.LocalSessionId} is in use");

        splice = new Splice { State = SpliceState.Installed, Downstream = session };
        if (!_slotsOfTunnel.TryGetValue(session.TunnelSlot, out var siblings)) _slotsOfTunnel.Add(session.TunnelSlot, siblings = []);
        siblings.Add(session.Slot);
        var always = (tables.Tunnel(session.TunnelSlot).Flags & TunnelFlags.AlwaysSequenced) != 0;
        tables.Sequence(session.Slot) = new SequenceState { Sending = always ? 1 : 0 };
        ForwardingTables.Publish(ref entry, ref entry.Valid, new DownstreamEntry
        {
            Slot = session.Slot,
            TunnelSlot = session.TunnelSlot,
            AccessGroup = session.AccessGroup,
            PppoeSessionId = session.PppoeSessionId,
            MaxPppPayload = session.MaxPppPayload,
            Subscriber = session.Subscriber,
            AccessConcentrator = session.AccessConcentrator,
            Vlans = session.Vlans,
            PriorityFromDscp = session.PriorityFromDscp,
            ThroughCore = session.ThroughCore,
        });
    }

    public void Forward(ForwardDownstream session)
    {
        ref var splice = ref _splices[session.Slot];
        if (splice.State != SpliceState.Installed) throw new InvalidOperationException($"slot {session.Slot} has no downstream entry");
        Volatile.Write(ref tables.Downstream(splice.Downstream.LocalSessionId).ThroughCore, false);
    }

    public void Install(InstallUpstream session)
    {
        ref var splice = ref _splices[session.Slot];
        if (splice.State != SpliceState.Installed) throw new InvalidOperationException($"slot {session.Slot} has no downstream entry");
        var down = splice.Downstream;
        ref var entry = ref tables.Upstream(down.AccessGroup, down.PppoeSessionId);
        if (entry.Valid != 0) throw new InvalidOperationException($"PPPoE session id {down.PppoeSessionId} is spliced already");

        ForwardingTables.Publish(ref entry, ref entry.Valid, new UpstreamEntry
        {
            Slot = session.Slot,
            TunnelSlot = down.TunnelSlot,
            PeerSessionId = session.PeerSessionId,
            Dscp = session.Dscp ?? UpstreamEntry.NoDscp,
            Subscriber = down.Subscriber,
            AccessConcentrator = down.AccessConcentrator,
            Vlans = down.Vlans,
        });
    }

    /// <summary>Of the sessions in this tunnel.</summary>
    public IReadOnlyCollection<int> SlotsOf(int tunnelSlot) => _slotsOfTunnel.TryGetValue(tunnelSlot, out var slots) ? slots : [];

    /// <summary>Takes both directions from the workers; the slot stays in use until <see cref="Free"/>.</summary>
    public void Withdraw(int slot)
    {
        ref var splice = ref _splices[slot];
        if (splice.State != SpliceState.Installed) throw new InvalidOperationException($"slot {slot} is not in use");
        var down = splice.Downstream;
        ForwardingTables.Withdraw(ref tables.Downstream(down.LocalSessionId).Valid);
        ref var upstream = ref tables.Upstream(down.AccessGroup, down.PppoeSessionId);
        // Without its own upstream entry, another session may have spliced this id meanwhile.
        if (upstream.Valid != 0 && upstream.Slot == slot) ForwardingTables.Withdraw(ref upstream.Valid);
        splice.State = SpliceState.Withdrawn;
        if (_slotsOfTunnel.TryGetValue(down.TunnelSlot, out var siblings)) siblings.Remove(slot);
    }

    public void Free(int slot) => _splices[slot] = default;
}
