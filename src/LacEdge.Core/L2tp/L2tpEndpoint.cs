using System.Diagnostics.CodeAnalysis;
using LacEdge.Core.Events;
using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;

namespace LacEdge.Core.L2tp;

/// <summary>All tunnels over UDP: finds the tunnel of a datagram, opens, closes and forgets tunnels, places calls.</summary>
/// <remarks>
/// Endpoint, tunnel (<see cref="L2tpTunnel"/>, over <see cref="ControlChannel"/>), call (<see cref="L2tpCall"/>, moved by
/// <see cref="TunnelCalls"/>): RFC 2661 from the side of a LAC that opens every tunnel and places every call. Left out on purpose:
/// tunnels that an LNS opens (StopCCN 4; tie breakers are understood), outgoing calls (CDN), data sequencing (the data plane's).
/// An LNS that fails over may recover its tunnels (<see cref="RecoveryTunnel"/>, RFC 4951), where its peer profile says so.
/// The user is told through <see cref="IL2tpUser"/> and may call back into the endpoint at any time.
/// </remarks>
[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "Commands are the endpoint's, whoever carries them out.")]
public sealed class L2tpEndpoint
{
    private readonly L2tpShared _shared;

    public L2tpEndpoint(
        RandomStreams random, TimerQueue timers, Outbox outbox, LacCounters counters, IL2tpUser user, int maxTunnels,
        Func<ulong> nextTimerOrder) =>
        _shared = new L2tpShared(random, timers, outbox, counters, user, maxTunnels, nextTimerOrder);

    /// <summary>Tunnels in every state, lingering ones included, in the order of their opening.</summary>
    public IReadOnlyCollection<L2tpTunnel> Tunnels => _shared.Tunnels.InOrder;

    /// <summary>Tunnel and session ids that have an owner; the two for refusals do not count.</summary>
    public int IdsInUse => _shared.Tunnels.IdsInUse + _shared.SessionIds.Live - 1;

    /// <summary>Sends SCCRQ. Null when no tunnel id is free or the limit is reached.</summary>
    public L2tpTunnel? Open(TunnelTarget target, int socket, Instant now)
    {
        if (!_shared.Tunnels.TryTakeId(now, out var id))
        {
            _shared.Counters.Count(DropReason.Limit);
            return null;
        }

        var tunnel = new L2tpTunnel(_shared, target, socket, id, now);
        _shared.Tunnels.Add(tunnel);
        tunnel.Open(now);
        return tunnel;
    }

    /// <summary>Any datagram: control, or data that the data plane did not forward.</summary>
    public void HandleDatagram(int socket, UdpEndpoint source, ReadOnlySpan<byte> datagram, Instant now)
    {
        if (!L2tpHeader.TryParse(datagram, out var header, out var error)) _shared.Counters.Count(error);
        else if (header.IsControl && header.TunnelId == 0) HandleWithoutTunnelId(socket, source, header, datagram, now);
        else if (header.IsControl && _shared.Recoveries.TryGetValue(header.TunnelId, out var recovery))
            recovery.HandleControl(socket, source, header, datagram, now);
        else if (_shared.Tunnels.Find(header.TunnelId) is not { } tunnel) _shared.Counters.Count(DropReason.L2tpTunnelUnknown);
        else if (header.IsControl) tunnel.HandleControl(socket, source, header, datagram, now);
        else tunnel.HandleData(socket, source, header, now);
    }

    /// <summary>Sends ICRQ, at once or when the tunnel is established and its window allows. Null when no session id is free or the
    /// tunnel is closing.</summary>
    public L2tpCall? PlaceCall(L2tpTunnel tunnel, CallRequest request, object owner, Instant now) =>
        tunnel.CallMachine.Place(request, owner, now);

    /// <summary>Sends ICCN for a call that was accepted.</summary>
    public void Connect(L2tpCall call, CallConnect connect, Instant now) => call.Tunnel.CallMachine.Connect(call, connect, now);

    /// <summary>Ends a call in any state, with CDN if the LNS has heard of it.</summary>
    public void EndCall(L2tpCall call, ushort resultCode, ushort errorCode, string message, ushort? disconnectCause, Instant now) =>
        call.Tunnel.CallMachine.End(
            call, new ResultCode(resultCode, errorCode, message), disconnectCause is { } code ? new DisconnectCause(code) : null, now);

    /// <summary>Sends StopCCN; all calls on the tunnel end with this cause. A tunnel that the LNS has not answered yet is given up
    /// without a word. Nothing when it is closing already.</summary>
    public void Close(L2tpTunnel tunnel, ushort resultCode, ushort errorCode, string message, EndCause cause, Instant now) =>
        tunnel.Close(new TunnelRefusal(new ResultCode(resultCode, errorCode, message), cause), now);

    /// <summary>The answer to <see cref="IL2tpUser.AskActivity"/>.</summary>
    public void HandleActivity(L2tpTunnel tunnel, bool active, Instant now) => tunnel.HandleActivity(active, now);

    /// <summary>Sends HELLO now, if none is outstanding.</summary>
    public void Probe(L2tpTunnel tunnel, Instant now) => tunnel.Probe(now);

    private void HandleWithoutTunnelId(int socket, UdpEndpoint source, in L2tpHeader header, ReadOnlySpan<byte> datagram, Instant now)
    {
        var message = header.IsZlb ? default : ControlMessageParser.Parse(header, default);
        if (message.Type == MessageType.Sccrq)
        {
            if (Recovers(socket, source, header, datagram, now)) return;
            if (!LosesTie(socket, source, message, now)) RefuseSccrq(socket, source, message);
            return;
        }

        if (message.Type == MessageType.StopCcn)
        {
            L2tpTunnel? meant = null;
            foreach (var tunnel in _shared.Tunnels.InOrder)
            {
                if (!tunnel.IsMeantBy(socket, source, message.AssignedTunnelId ?? 0)) continue;
                meant = tunnel;
                // One that only lingers must not take it from one that waits for its answer.
                if (tunnel.State != TunnelState.Closing) break;
            }

            if (meant is not null)
            {
                meant.HandleControl(socket, source, header, datagram, now);
                return;
            }
        }

        _shared.Counters.Count(DropReason.L2tpTunnelUnknown);
    }

    private bool Recovers(int socket, UdpEndpoint source, in L2tpHeader header, ReadOnlySpan<byte> datagram, Instant now)
    {
        var sccrq = ControlMessageParser.Parse(header, default, failover: true);
        if (header.Ns != 0 || !sccrq.Problem.IsNone || sccrq.TunnelRecovery is not { } ids) return false;
        // Whose id stands first is understood in both ways; the two together say which tunnel is meant.
        return Recovers(ids.Receiver, ids.Sender, socket, source, sccrq, header, datagram, now)
            || Recovers(ids.Sender, ids.Receiver, socket, source, sccrq, header, datagram, now);
    }

    private bool Recovers(
        uint ours, uint theirs, int socket, UdpEndpoint source, in ControlMessage sccrq, in L2tpHeader header, ReadOnlySpan<byte> datagram, Instant now) =>
        ours <= ushort.MaxValue && _shared.Tunnels.Find((ushort)ours) is { } tunnel && tunnel.PeerTunnelId == theirs
        && tunnel.TryRecover(socket, source, sccrq, header, datagram, now);

    /// <summary>When both sides open a tunnel at once, the lower tie breaker wins, one alone wins, equal ones lose both, and without any
    /// there are two tunnels (RFC 2661 section 4.4.3). True: theirs is silently discarded.</summary>
    private bool LosesTie(int socket, UdpEndpoint source, in ControlMessage sccrq, Instant now)
    {
        if (!sccrq.Problem.IsNone) return false;
        var theirs = sccrq.TieBreaker;
        foreach (var tunnel in _shared.Tunnels.InOrder)
        {
            if (!tunnel.IsAsking(socket, source) || theirs.IsEmpty && tunnel.TieBreaker.IsEmpty) continue;
            var order = theirs.IsEmpty ? 1 : tunnel.TieBreaker.IsEmpty ? -1 : theirs.SequenceCompareTo(tunnel.TieBreaker);
            if (order <= 0) tunnel.LoseTie(now);
            if (order < 0) return false;
            _shared.Counters.Count(DropReason.L2tpSccrqRefused);
            return true;
        }

        return false;
    }

    /// <summary>An LNS that opens a tunnel is told that it may not (RFC 2661 section 4.4.2), statelessly: it repeats until it hears
    /// us.</summary>
    private void RefuseSccrq(int socket, UdpEndpoint source, in ControlMessage sccrq)
    {
        _shared.Counters.Count(DropReason.L2tpSccrqRefused);
        // Only to a whole SCCRQ: the answer must not be worth a forged source address.
        var problem = sccrq.Problem;
        if (!problem.IsNone && problem.ErrorCode != L2tpErrorCode.UnknownMandatoryAvp || sccrq.AssignedTunnelId is not { } peerTunnelId) return;
        var result = problem.IsNone
            ? new ResultCode(StopCcnResult.NotAuthorized, text: "this LAC opens its tunnels itself")
            : new ResultCode(StopCcnResult.GeneralError, problem.ErrorCode, problem.ToString());
        var message = Messages.StopCcn(_shared.Scratch, peerTunnelId, _shared.Tunnels.RefusalId, result, 0, (ushort)(sccrq.Ns + 1));
        _shared.Outbox.Datagram(socket, source, message);
        _shared.Counters.Count(LacCounter.L2tpControlSent);
    }
}
