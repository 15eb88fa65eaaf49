using LacEdge.Core.Events;
using LacEdge.Core.Forwarding;
using LacEdge.Core.L2tp;
using LacEdge.Core.Steering;
using LacEdge.Wire.Ip;

namespace LacEdge.Core.Lac;

/// <summary>Finds the tunnel that a session may share, or opens one; gives sockets and slots back when it is gone.</summary>
internal sealed class TunnelManager(L2tpEndpoint endpoint, UdpSockets sockets, Outbox outbox, LacCounters counters, int maxTunnels)
{
    private readonly List<LacTunnel> _tunnels = [];
    private readonly SlotPool _slots = new(maxTunnels);

    /// <summary>In the order of their opening, lingering ones included.</summary>
    public IReadOnlyList<LacTunnel> Tunnels => _tunnels;

    /// <summary>Sessions on this LNS over all its tunnels, those still connecting included.</summary>
    public int SessionsOn(UdpEndpoint lns)
    {
        var sessions = 0;
        foreach (var tunnel in _tunnels)
        {
            if (tunnel.Target.Lns == lns) sessions += tunnel.SessionCount;
        }

        return sessions;
    }

    /// <summary>A tunnel that takes calls to this candidate, new or shared; null when there is no slot, port or tunnel id left.
    /// Tunnels are shared by sessions whose LNS and tunnel profile are the same.</summary>
    public LacTunnel? Acquire(LnsCandidate candidate, Instant now)
    {
        var lns = new UdpEndpoint(candidate.Lns.Address, candidate.Lns.Port);
        foreach (var open in _tunnels)
        {
            if (open.TakesCalls && open.Target.Lns == lns && open.Target.Profile == candidate.Profile) return open;
        }

        if (!_slots.TryTake(out var slot))
        {
            counters.Count(DropReason.Limit);
            return null;
        }

        var tunnel = new LacTunnel(new TunnelTarget(candidate.Profile, lns, candidate.Lns.Name), slot);
        _tunnels.Add(tunnel);
        return BindAndOpen(tunnel, now) ? tunnel : null;
    }

    /// <summary>The host's answer to OpenSocket. On failure another port is tried; gives the tunnels whose sessions have to go on without them.</summary>
    public IReadOnlyList<LacTunnel> HandleSocket(int handle, bool opened, string error, Instant now)
    {
        if (sockets.Opened(handle, opened) is not { } entry) return [];
        if (!opened) outbox.Event(new HostTrouble(now, $"UDP {entry.Local} cannot be opened: {error}"));

        var failed = new List<LacTunnel>();
        foreach (var tunnel in entry.Users.ToArray())
        {
            if (tunnel.SessionCount == 0)
            {
                Forget(tunnel);
                continue;
            }

            if (opened ? Open(tunnel, now) : BindAndOpen(tunnel, now)) continue;
            tunnel.Closed = true;
            failed.Add(tunnel);
        }

        return failed;
    }

    /// <summary>The data plane learns of the tunnel before its first session.</summary>
    public void Install(LacTunnel tunnel)
    {
        if (tunnel.Installed || tunnel.L2tp is not { } l2tp) return;
        tunnel.Installed = true;
        outbox.Forwarding(new InstallTunnel(tunnel.Slot, l2tp.Socket, l2tp.Peer, l2tp.LocalTunnelId, l2tp.PeerTunnelId));
    }

    /// <summary>The last of the tunnel is gone.</summary>
    public void Forget(LacTunnel tunnel)
    {
        if (!_tunnels.Remove(tunnel)) return;
        tunnel.Closed = true;
        if (tunnel.Installed) outbox.Forwarding(new RemoveTunnel(tunnel.Slot));
        if (tunnel.Socket is { } socket) sockets.Release(socket, tunnel);
        _slots.Release(tunnel.Slot);
    }

    private bool BindAndOpen(LacTunnel tunnel, Instant now)
    {
        tunnel.Socket = sockets.Acquire(tunnel, tunnel.Target.Profile.SourceAddress);
        if (tunnel.Socket is null)
        {
            Forget(tunnel);
            return false;
        }

        return !tunnel.Socket.IsOpen || Open(tunnel, now);
    }

    private bool Open(LacTunnel tunnel, Instant now)
    {
        if (tunnel.L2tp is not null) return true;
        tunnel.L2tp = endpoint.Open(tunnel.Target, tunnel.Socket!.Handle, now);
        if (tunnel.L2tp is null)
        {
            Forget(tunnel);
            return false;
        }

        tunnel.L2tp.Owner = tunnel;
        return true;
    }
}
