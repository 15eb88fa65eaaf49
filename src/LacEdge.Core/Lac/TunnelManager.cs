using LacEdge.Core.Events;
using LacEdge.Core.Forwarding;
using LacEdge.Core.L2tp;
using LacEdge.Core.Steering;
using LacEdge.Wire.Ip;

namespace LacEdge.Core.Lac;

/// <summary>Why a tunnel cannot be had.</summary>
internal readonly record struct TunnelFailure(EndCause Cause, string Detail);

/// <summary>Finds the tunnel that a session may share, or opens one; gives sockets and slots back when it is gone.</summary>
internal sealed class TunnelManager(L2tpEndpoint endpoint, UdpSockets sockets, Outbox outbox, LacCounters counters, LnsBook lnses, int maxTunnels) : ILnsStates
{
    private const int MaxPortsRefused = 4;

    private readonly List<LacTunnel> _tunnels = [];
    private readonly LnsLockouts _lockouts = new();
    private readonly SlotPool _slots = new(maxTunnels);
    private static readonly TunnelFailure _nothingFree = new(EndCause.Limit, "no tunnel id, slot or local port is free");

    /// <summary>In the order of their opening, lingering ones included.</summary>
    public IReadOnlyList<LacTunnel> Tunnels => _tunnels;

    /// <summary>Told of every tunnel that takes no calls any more.</summary>
    public Action<LacTunnel, Instant>? Lost { get; set; }
    /// <summary>From now on a tunnel that nobody needs any more while its socket is awaited is let go, persistent or not.</summary>
    public bool ShuttingDown { get; set; }

    /// <summary>Sessions on this LNS over all its tunnels, those still connecting included. One address in two VRFs is two LNSes.</summary>
    public int SessionsOn(UdpEndpoint lns, string vrf)
    {
        var sessions = 0;
        foreach (var tunnel in _tunnels)
        {
            if (tunnel.Target.Lns == lns && tunnel.Target.Profile.Vrf == vrf) sessions += tunnel.SessionCount;
        }

        return sessions;
    }

    public LnsState StateOf(LnsCandidate candidate, Instant now)
    {
        var (lns, endpoint) = (candidate.Lns, new UdpEndpoint(candidate.Lns.Address, candidate.Lns.Port));
        if (SessionsOn(endpoint, candidate.Profile.Vrf) >= lns.MaxSessions)
            return new LnsState(LnsAvailability.Full, EndCause.Limit, $"LNS {lns.Name} has its {lns.MaxSessions} sessions", default);
        if (_lockouts.Find(endpoint, candidate.Profile) is not { } lockout || !lockout.Holds(now)) return default;
        // What stands is no question any more, whatever another tunnel came to.
        if (_tunnels.Exists(open => open is { TakesCalls: true, Established: true } && IsFor(open.Target, candidate, endpoint))) return default;
        var why = lockout.Probed ? "locked out, one call is trying it" : $"locked out for {(lockout.Until - now).TotalSeconds:0.#} s";
        return new LnsState(LnsAvailability.LockedOut, lockout.Why.Cause, $"{why}: {lockout.Why.Detail}", lockout.Since);
    }

    /// <summary>A tunnel that takes calls to this candidate, new or shared; null when there is no slot, port or tunnel id left, or
    /// the last one failed just now. Tunnels are shared by sessions whose LNS, tunnel profile, peer profile and assignment id are the same, as many as
    /// the profile lets on one; then another tunnel is opened, as many as it allows.</summary>
    public LacTunnel? Acquire(LnsCandidate candidate, Instant now, out TunnelFailure failure)
    {
        failure = default;
        var lns = new UdpEndpoint(candidate.Lns.Address, candidate.Lns.Port);
        var full = 0;
        foreach (var open in _tunnels)
        {
            if (!open.TakesCalls || !IsFor(open.Target, candidate, lns)) continue;
            if (open.SessionCount < candidate.Profile.MaxSessions) return open;
            full++;
        }

        if (full >= candidate.Profile.MaxTunnels)
        {
            counters.Count(DropReason.Limit);
            var trouble = $"{full} tunnel(s) to LNS {candidate.Lns.Name} have their {candidate.Profile.MaxSessions} sessions each";
            failure = new TunnelFailure(EndCause.Limit, trouble);
            return null;
        }

        if (_lockouts.Find(lns, candidate.Profile) is { } last && now < last.NotBefore)
        {
            failure = last.Why;
            return null;
        }

        failure = _nothingFree;
        if (!_slots.TryTake(out var slot))
        {
            counters.Count(DropReason.Limit);
            return null;
        }

        var target = new TunnelTarget(candidate.Profile, lns, candidate.Lns.Name, candidate.Peer)
        {
            AssignmentId = candidate.Lns.AssignmentId,
            Adaptation = candidate.Peer.Adapt ? lnses.Of(candidate).Adaptation : null,
        };
        var tunnel = new LacTunnel(target, slot);
        _tunnels.Add(tunnel);
        _lockouts.Probing(lns, candidate.Profile, true);
        return BindAndOpen(tunnel, now) ? tunnel : null;
    }

    /// <summary>How an LNS is that the configuration names. One that DNS has to look up has all that its name stands for.</summary>
    public LnsStatus StatusOf(LnsCandidate candidate, Instant now)
    {
        var lns = new UdpEndpoint(candidate.Lns.Address, candidate.Lns.Port);
        var tunnels = _tunnels.Where(tunnel => tunnel.TakesCalls && (!candidate.Lns.Address.IsNone ? IsFor(tunnel.Target, candidate, lns)
            : tunnel.Target.LnsName == candidate.Lns.Name && tunnel.Target.Profile == candidate.Profile)).ToList();
        var usable = StateOf(candidate, now);
        var lockout = _lockouts.Find(lns, candidate.Profile);
        var records = lnses.Find(candidate);
        var state = usable.Availability == LnsAvailability.Full ? LnsCondition.Full
            : tunnels.Exists(tunnel => tunnel.L2tp is { State: TunnelState.Established }) ? LnsCondition.Up
            : tunnels.Count > 0 ? LnsCondition.Opening
            : lockout is { } held && now < held.Until ? LnsCondition.HeldBack
            : LnsCondition.Idle;
        var (until, why) = state switch
        {
            LnsCondition.HeldBack => (lockout!.Value.Until, lockout.Value.Why.Detail),
            LnsCondition.Full => (Instant.Never, usable.Why),
            _ => (Instant.Never, ""),
        };
        return new LnsStatus(
            candidate, state, until, why, tunnels.Sum(tunnel => tunnel.SessionCount), tunnels.Count,
            records.Select(record => record.LastRefusal).Where(one => one is not null).MaxBy(one => one!.At),
            candidate.Peer.Adapt ? [.. records.SelectMany(record => record.Adaptation.Messages)] : []);
    }

    private static bool IsFor(TunnelTarget target, LnsCandidate candidate, UdpEndpoint lns) =>
        target.Lns == lns && target.Profile == candidate.Profile && target.Peer == candidate.Peer && target.AssignmentId == candidate.Lns.AssignmentId;

    /// <summary>The host's answer to OpenSocket. On failure another port is tried, and after some of them none; gives the tunnels
    /// whose sessions have to go on without them.</summary>
    public IReadOnlyList<(LacTunnel Tunnel, TunnelFailure Why)> HandleSocket(int handle, bool opened, string error, Instant now)
    {
        if (sockets.Opened(handle, opened, now) is not { } entry) return [];
        var trouble = $"{entry.Local} cannot be opened: {error}";
        if (!opened) outbox.Event(new HostTrouble(now, trouble));

        var failed = new List<(LacTunnel, TunnelFailure)>();
        foreach (var tunnel in entry.Users.ToArray())
        {
            if (tunnel.SessionCount == 0 && (ShuttingDown || !tunnel.Target.Profile.Persistent))
            {
                Forget(tunnel, now);
            }
            else if (!opened && ++tunnel.PortsRefused >= MaxPortsRefused)
            {
                Forget(tunnel, now);
                var why = new TunnelFailure(EndCause.SocketFailed, trouble);
                HoldBack(tunnel, why, now);
                failed.Add((tunnel, why));
            }
            else if (!(opened ? Open(tunnel, now) : BindAndOpen(tunnel, now)))
            {
                failed.Add((tunnel, _nothingFree));
            }
        }

        return failed;
    }

    /// <summary>It takes no calls any more; it may linger.</summary>
    public void Closed(LacTunnel tunnel, EndCause cause, string detail, Instant now)
    {
        tunnel.Closed = true;
        tunnel.ClosedAt = now;
        if (cause is not (EndCause.IdleTunnel or EndCause.Shutdown)) lnses.Refused(tunnel.Target, detail, now);
        var failed = !tunnel.Installed && cause is not (EndCause.IdleTunnel or EndCause.Shutdown);
        if (failed || cause == EndCause.LnsDead) HoldBack(tunnel, new TunnelFailure(cause, detail), now);
        Lost?.Invoke(tunnel, now);
    }

    /// <summary>The data plane learns of the tunnel before its first session.</summary>
    public void Install(LacTunnel tunnel)
    {
        if (tunnel.Installed || tunnel.L2tp is not { } l2tp) return;
        tunnel.Installed = true;
        outbox.Forwarding(new InstallTunnel(tunnel.Slot, l2tp.Socket, l2tp.Peer, l2tp.LocalTunnelId, l2tp.PeerTunnelId)
        {
            Data = TunnelData.PolicyOf(tunnel.Target),
        });
    }

    /// <summary>Asks the data plane whether it has forwarded anything from the LNS; false when it does not know the tunnel.</summary>
    public bool AskActivity(LacTunnel tunnel)
    {
        if (!tunnel.Installed || tunnel.SessionCount == 0) return false;
        outbox.Forwarding(new ReadTunnel(tunnel.Slot));
        return true;
    }

    /// <summary>The data plane's answer. Sessions that ended took their frames with them: then one HELLO too many is sent, never one too few.</summary>
    public void FramesRead(int slot, ulong frames, Instant now)
    {
        if (_tunnels.Find(one => one.Slot == slot) is not { L2tp: { } l2tp } tunnel) return;
        var active = frames > tunnel.FramesRead;
        tunnel.FramesRead = frames;
        endpoint.HandleActivity(l2tp, active, now);
    }

    /// <summary>The last of the tunnel is gone.</summary>
    public void Forget(LacTunnel tunnel, Instant now)
    {
        if (!_tunnels.Remove(tunnel)) return;
        var wasClosed = tunnel.Closed;
        tunnel.Closed = true;
        if (tunnel.Installed) outbox.Forwarding(new RemoveTunnel(tunnel.Slot));
        if (tunnel.Socket is { } socket) sockets.Release(socket, tunnel);
        _slots.Release(tunnel.Slot);
        // It went before it could tell anything about its LNS.
        if (!wasClosed) _lockouts.Probing(tunnel.Target.Lns, tunnel.Target.Profile, false);
        if (!wasClosed) Lost?.Invoke(tunnel, now);
    }

    /// <summary>The LNS has answered.</summary>
    public void Established(LacTunnel tunnel)
    {
        tunnel.Established = true;
        _lockouts.Works(tunnel.Target.Lns, tunnel.Target.Profile);
    }

    private void HoldBack(LacTunnel tunnel, TunnelFailure why, Instant now) =>
        _lockouts.Failed(tunnel.Target.Lns, tunnel.Target.Profile, why, why.Cause == EndCause.LnsDead, now);

    private bool BindAndOpen(LacTunnel tunnel, Instant now)
    {
        tunnel.Socket = sockets.Acquire(tunnel, now);
        if (tunnel.Socket is null)
        {
            Forget(tunnel, now);
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
            Forget(tunnel, now);
            return false;
        }

        tunnel.L2tp.Owner = tunnel;
        return true;
    }
}
