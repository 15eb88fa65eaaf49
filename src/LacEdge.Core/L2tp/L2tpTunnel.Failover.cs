using LacEdge.Core.Events;
using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;

namespace LacEdge.Core.L2tp;

// The LNS's control channel fails and recovers; ours survives (RFC 4951).
public sealed partial class L2tpTunnel
{
    /// <summary>Sessions of an LNS that is gone for good must end some day, whatever it has promised.</summary>
    private static readonly TimeSpan _longestRecovery = TimeSpan.FromSeconds(60);

    private TimeSpan _recoveryTime;
    private RecoveryTunnel? _recovery;

    private void NoteFailover(in ControlMessage sccrp)
    {
        if (!Target.Peer.Failover || sccrp.FailoverCapability is not { Control: true } capability) return;
        var time = TimeSpan.FromMilliseconds(capability.RecoveryTime);
        _recoveryTime = time < _longestRecovery ? time : _longestRecovery;
    }

    /// <summary>An SCCRQ with Tunnel Recovery. False: it is not for this tunnel, or the LNS may not recover it.</summary>
    internal bool TryRecover(int socket, UdpEndpoint source, in ControlMessage sccrq, in L2tpHeader header, ReadOnlySpan<byte> datagram, Instant now)
    {
        if (_recoveryTime == TimeSpan.Zero || State is not (TunnelState.Established or TunnelState.Recovering)) return false;
        if (socket != Socket || source.Address != Peer.Address) return false;
        if (!Secret.IsSet && !sccrq.Challenge.IsEmpty) return false;
        if (_recovery is { } open)
        {
            // One at a time: the repetition of its SCCRQ counts, another one waits for its end.
            if (open.IsFrom(source, sccrq.AssignedTunnelId ?? 0)) open.HandleControl(socket, source, header, datagram, now);
            else _shared.Counters.Count(DropReason.L2tpSccrqRefused);
            return true;
        }

        if (!_shared.Tunnels.TryTakeId(now, out var id)) return false;
        Note("SCCRQ of a recovery tunnel received", now);
        _recovery = new RecoveryTunnel(_shared, this, source, id, sccrq.AssignedTunnelId ?? 0);
        _shared.Recoveries.Add(id, _recovery);
        _recovery.Open(sccrq, header, datagram, now);
        return true;
    }

    /// <summary>The LNS has proved who it is on the recovery tunnel: the control channel begins anew (RFC 4951 section 3.2).</summary>
    internal void Recovered(Instant now)
    {
        _shared.Timers.Stop(_recoveryTimer);
        State = TunnelState.Recovering;
        CallMachine.EndUnestablished(now);
        // The user may have closed it.
        if (State != TunnelState.Recovering) return;
        _channel.Reset();
        HandleDone(now);
        _helloOutstanding = _activityAsked = false;
        State = TunnelState.Established;
        LastHeard = now;
        if (Target.Profile.HelloInterval > TimeSpan.Zero) _shared.Timers.Set(_helloTimer, now + Target.Profile.HelloInterval);
        Note("recovered", now);
        _shared.Outbox.Event(new HostTrouble(now, $"LNS {Target.LnsName} has recovered its tunnel"));
        CallCountChanged(now);
        Finish(now);
    }

    internal void RecoveryEnded(RecoveryTunnel recovery)
    {
        if (_recovery == recovery) _recovery = null;
    }

    /// <summary>False: there is nothing to wait for.</summary>
    private bool WaitForRecovery(Instant now)
    {
        if (_recoveryTime == TimeSpan.Zero || !CallMachine.HasEstablished) return false;
        State = TunnelState.Recovering;
        _shared.Timers.Stop(_helloTimer);
        _shared.Timers.Stop(_idleTimer);
        _shared.Timers.Set(_recoveryTimer, now + _recoveryTime);
        var text = FormattableString.Invariant($"LNS {Target.LnsName} does not answer: its sessions wait {_recoveryTime.TotalSeconds:0.#} s for its recovery");
        Note(text, now);
        _shared.Outbox.Event(new HostTrouble(now, text));
        CallMachine.EndUnestablished(now);
        if (State != TunnelState.Recovering) return true;
        _channel.Abandon();
        HandleDone(now);
        SetChannelTimer();
        return true;
    }
}
