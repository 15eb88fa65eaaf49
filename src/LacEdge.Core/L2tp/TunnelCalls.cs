using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Wire;
using LacEdge.Wire.L2tp;

namespace LacEdge.Core.L2tp;

/// <summary>
/// The calls of one tunnel: the state machine of RFC 2661 section 7.4.1 (incoming call, LAC side).
/// </summary>
/// <remarks>
/// A call waits until the tunnel is established and its window has room for ICRQ, so that thousands of waiting calls never
/// delay ICCN or CDN of those under way. The time for ICRP runs only from when the LNS has acknowledged ICRQ: until then the
/// channel repeats it, and gives the tunnel up when the LNS is gone.
/// </remarks>
internal sealed class TunnelCalls(L2tpTunnel tunnel, ControlChannel channel, L2tpShared shared)
{
    private const int MaxRefusals = 1024;
    /// <summary>Session states of one FSR.</summary>
    private const int StatesInOne = 50;
    private static readonly TimeSpan _replyTimeout = TimeSpan.FromSeconds(10);

    private readonly List<L2tpCall> _calls = [];
    /// <summary>Of the calls that the LNS has accepted.</summary>
    private readonly HashSet<ushort> _peerSessionIds = [];
    private readonly Queue<L2tpCall> _waiting = new();

    /// <summary>Live calls; those that ended are not among them, even while their CDN is under way.</summary>
    public IReadOnlyCollection<L2tpCall> Calls => _calls;

    /// <summary>Null when the tunnel takes no calls or no session id is free.</summary>
    public L2tpCall? Place(CallRequest request, object owner, Instant now)
    {
        if (tunnel.State is not (TunnelState.WaitCtlReply or TunnelState.Established)) return null;
        if (!shared.SessionIds.TryTake(now, out var sessionId))
        {
            shared.Counters.Count(DropReason.Limit);
            return null;
        }

        var call = new L2tpCall(tunnel, sessionId, shared.NextSerialNumber(), owner, shared.NextTimerOrder())
        {
            Request = request,
            Index = _calls.Count,
        };
        _calls.Add(call);
        shared.Calls[sessionId] = call;
        shared.Counters.Count(LacCounter.CallsPlaced);
        if (_calls.Count == 1) tunnel.CallCountChanged(now);
        _waiting.Enqueue(call);
        StartWaiting(now);
        return call;
    }

    /// <summary>Sends ICRQ for as many waiting calls as the window has room for.</summary>
    public void StartWaiting(Instant now)
    {
        while (tunnel.State == TunnelState.Established && channel.HasRoom && _waiting.TryDequeue(out var call))
        {
            if (call.State == CallState.WaitTunnel) SendIcrq(call, now);
        }
    }

    public void Connect(L2tpCall call, CallConnect connect, Instant now)
    {
        if (call is not { State: CallState.WaitReply, PeerSessionId: not 0 }) throw new InvalidOperationException("ICRP has not come");
        call.State = CallState.Established;
        var message = CallMessages.Iccn(shared, tunnel, call.PeerSessionId, connect);
        (call.Sent, call.SentAt) = (tunnel.Remember(message, now), now);
        if (tunnel.WantsProof(MessageType.Iccn)) SetTimer(call, L2tpTunnel.RefusalTime, now);
        var sendsProxy = (call.Sent.LeftOut & AvpGroups.ProxyAuthentication) == 0;
        if (sendsProxy && connect.Authentication.Type == (ushort)ProxyAuthenType.Pap && tunnel.Hiding == AvpHiding.None) tunnel.WarnOfClearPasswords(now);
        tunnel.Send(message, new SentMessage(MessageType.Iccn, call), now);
    }

    /// <summary>Ends the call; the LNS is told if it has heard of it.</summary>
    public void End(L2tpCall call, in ResultCode result, DisconnectCause? cause, Instant now)
    {
        if (call.State == CallState.Idle) return;
        var known = call.State != CallState.WaitTunnel;
        Remove(call, now);
        if (known && tunnel.State == TunnelState.Established) SendCdn(call, call.PeerSessionId, result, cause, now);
        else Release(call, now);
    }

    /// <summary>The tunnel closes: nothing more is sent about its calls.</summary>
    public void EndAll(CallEnd end, Instant now)
    {
        _waiting.Clear();
        foreach (var call in _calls.ToArray())
        {
            // The user may have ended it while it was told of another.
            if (call.State == CallState.Idle) continue;
            Remove(call, now);
            Release(call, now);
            shared.User.CallEnded(call, end, now);
        }
    }

    public bool HasEstablished => _calls.Exists(call => call.Connected);

    /// <summary>The LNS fails over: calls that were not established are forgotten silently by both sides (RFC 4951 section 3.2).</summary>
    public void EndUnestablished(Instant now)
    {
        _waiting.Clear();
        var end = new CallEnd(EndCause.LnsDead, 0, 0, "the LNS fails over");
        foreach (var call in _calls.Where(call => !call.Connected).ToArray())
        {
            // The user may have ended it while it was told of another.
            if (call.State == CallState.Idle) continue;
            Remove(call, now);
            Release(call, now);
            shared.User.CallEnded(call, end, now);
        }
    }

    /// <summary>FSQ asks which sessions we have, FSR says which the LNS has not (RFC 4951 section 3.3).</summary>
    public void HandleStates(in ControlMessage message, Instant now)
    {
        var states = message.SessionStates();
        if (message.Type == MessageType.Fsr)
        {
            foreach (var (theirs, ours) in states)
            {
                if (theirs != 0 || ours > ushort.MaxValue || Find((ushort)ours) is not { } call) continue;
                Remove(call, now);
                Release(call, now);
                shared.User.CallEnded(call, new CallEnd(EndCause.LnsDead, 0, 0, "the LNS has lost the session in its failover"), now);
            }

            return;
        }

        foreach (var some in states.Chunk(StatesInOne))
        {
            if (channel.Unacknowledged >= MaxRefusals) return;
            var answer = some.Select(state => (Has(state.Sender, state.Receiver) ? state.Receiver : 0, state.Sender)).ToArray();
            tunnel.Send(Messages.Fsr(shared.Scratch, tunnel.PeerTunnelId, answer, tunnel.Manner), new SentMessage(MessageType.Fsr, null), now);
        }
    }

    private bool Has(uint theirs, uint ours) => ours <= ushort.MaxValue && Find((ushort)ours) is { Connected: true } call && call.PeerSessionId == theirs;

    /// <summary>ICRP did not come in time.</summary>
    public void ReplyOverdue(L2tpCall call, Instant now)
    {
        var result = new ResultCode(CdnResult.SetupTimeout, L2tpErrorCode.None, "no answer to ICRQ in time");
        EndAndTell(call, result, new CallEnd(EndCause.CallTimeout, 0, 0, result.Text), now);
    }

    /// <summary>A message about a call was acknowledged or given up.</summary>
    public void HandleDone(MessageType type, L2tpCall call, Instant now)
    {
        if (type == MessageType.Cdn) Release(call, now);
        else if (type == MessageType.Icrq && call is { State: CallState.WaitReply, PeerSessionId: 0 }) SetTimer(call, _replyTimeout, now);
        else if (type == MessageType.Iccn && call is { State: CallState.Established, Connected: false })
        {
            call.Connected = true;
            shared.Counters.Count(LacCounter.CallsConnected);
            shared.User.CallConnected(call, now);
        }
    }

    public void HandleData(in L2tpHeader header, Instant now)
    {
        shared.Counters.Count(LacCounter.L2tpDataReceived);
        var ppp = header.Payload;
        if (ppp is [0xFF, 0x03, ..]) ppp = ppp[2..];

        if (Find(header.SessionId) is not { } call) shared.Counters.Count(DropReason.L2tpSessionUnknown);
        else if (call.State != CallState.Established) shared.Counters.Count(DropReason.L2tpStateUnexpected);
        else if (ppp.IsEmpty) shared.Counters.Count(DecodeError.PppTruncated);
        else shared.User.DataReceived(call, ppp, now);
    }

    /// <summary>A session message on the established tunnel.</summary>
    public void HandleMessage(in ControlMessage message, Instant now)
    {
        var call = Find(message.SessionId);
        if (message.Type == MessageType.Cdn) HandleCdn(call ?? FindByPeer(message), message, now);
        else if (call is null) RefuseUnknown(message, now);
        else if (!message.Problem.IsNone)
        {
            var result = new ResultCode(CdnResult.GeneralError, message.Problem.ErrorCode, message.Problem.ToString());
            Fail(call, result, $"{MessageTable.NameOf(message.Type)}: {result.Text}", now);
        }
        else if (message.Type == MessageType.Icrp && call is { State: CallState.WaitReply, PeerSessionId: 0 }) Accepted(call, message, now);
        // A PPPoE line has no ACCM and no modem: both are accepted without effect.
        else if (message.Type is not (MessageType.Sli or MessageType.Wen))
        {
            var text = $"{MessageTable.NameOf(message.Type)} in state {call.State}";
            Fail(call, new ResultCode(CdnResult.GeneralError, L2tpErrorCode.VendorSpecific, text), text, now);
        }
    }

    private void SendIcrq(L2tpCall call, Instant now)
    {
        var message = CallMessages.Icrq(shared, tunnel, call.LocalSessionId, call.SerialNumber, call.Request!);
        (call.Sent, call.SentAt) = (tunnel.Remember(message, now), now);
        call.Request = null;
        call.State = CallState.WaitReply;
        tunnel.Send(message, new SentMessage(MessageType.Icrq, call), now);
    }

    private void Accepted(L2tpCall call, in ControlMessage icrp, Instant now)
    {
        StopTimer(call);
        tunnel.Accepted(call.Sent, now);
        var peerSessionId = icrp.AssignedSessionId ?? 0;
        if (!_peerSessionIds.Add(peerSessionId))
        {
            // xl2tpd draws ids without looking. A CDN that named this one would end the other call.
            var text = $"session id {peerSessionId} is another call's already";
            Fail(call, new ResultCode(CdnResult.GeneralError, L2tpErrorCode.SessionIdInvalid, text), text, now);
            return;
        }

        call.PeerSessionId = peerSessionId;
        if (tunnel.AgreesOnDscp && icrp.Sds is { } wish)
        {
            // RFC 3308 section 4: another value is a counter-offer, taken when it is a DSCP.
            if (!PhbId.TryGetDscp(wish, out var dscp))
            {
                var text = $"behaviour {wish:x4} for data messages is not a DSCP";
                Fail(call, new ResultCode(CdnResult.SdsMismatch, text: text), text, now);
                return;
            }

            call.Dscp = dscp;
        }

        shared.User.CallAccepted(call, now);
    }

    private void HandleCdn(L2tpCall? call, in ControlMessage message, Instant now)
    {
        if (call is null)
        {
            // Ours and theirs crossed.
            shared.Counters.Count(DropReason.L2tpSessionUnknown);
            return;
        }

        var result = message.ResultCode;
        var detail = $"CDN: {AvpText.Result(result, MessageType.Cdn)}{call.Sent.Explain(result)}";
        if (message.HasDisconnectCause) detail += $"; {AvpText.Disconnect(message.DisconnectCause)}";
        var cause = call.State == CallState.Established ? EndCause.LnsCdn : EndCause.CallRefused;
        var end = new CallEnd(cause, result.Result, result.Error, detail, message.HasDisconnectCause ? message.DisconnectCause.Code : null);
        if (cause == EndCause.CallRefused || now - call.SentAt <= L2tpTunnel.RefusalTime) tunnel.Refused(call.Sent, result, now);
        Remove(call, now);
        Release(call, now);
        shared.User.CallEnded(call, end, now);
    }

    /// <summary>A call of the LNS's own (RFC 2661 section 7.5: we place none for it), or an answer to one that has ended here.</summary>
    private void RefuseUnknown(in ControlMessage message, Instant now)
    {
        shared.Counters.Count(DropReason.L2tpSessionUnknown);
        // An LNS that asks on and on and acknowledges nothing gets no more answers than this.
        if (message.AssignedSessionId is not { } peerSessionId || channel.Unacknowledged >= MaxRefusals) return;
        if (message.Type is MessageType.Icrq or MessageType.Ocrq)
        {
            var text = $"{MessageTable.NameOf(message.Type)} is not served";
            var result = new ResultCode(CdnResult.NoFacilitiesPermanent, L2tpErrorCode.None, text);
            SendCdn(null, peerSessionId, result, null, now);
        }
        else if (message.Type == MessageType.Icrp && message.SessionId != 0)
        {
            // Our CDN without its session id may not have told it which call is meant.
            var result = new ResultCode(CdnResult.GeneralError, L2tpErrorCode.SessionIdInvalid, "the call has ended");
            var cdn = Messages.Cdn(shared.Scratch, tunnel.PeerTunnelId, peerSessionId, message.SessionId, result, manner: tunnel.Manner);
            tunnel.Send(cdn, new SentMessage(MessageType.Cdn, null), now);
        }
    }

    private void Fail(L2tpCall call, in ResultCode result, string detail, Instant now) =>
        EndAndTell(call, result, new CallEnd(EndCause.CallProtocolError, 0, 0, detail), now);

    private void EndAndTell(L2tpCall call, in ResultCode result, CallEnd end, Instant now)
    {
        End(call, result, null, now);
        shared.User.CallEnded(call, end, now);
    }

    private void SendCdn(L2tpCall? call, ushort peerSessionId, in ResultCode result, DisconnectCause? cause, Instant now)
    {
        var ours = call?.LocalSessionId ?? shared.RefusalSessionId;
        var message = Messages.Cdn(shared.Scratch, tunnel.PeerTunnelId, peerSessionId, ours, result, cause, manner: tunnel.Manner);
        tunnel.Send(message, new SentMessage(MessageType.Cdn, call), now);
    }

    private L2tpCall? Find(ushort sessionId) => shared.Calls[sessionId] is { } call && call.Tunnel == tunnel ? call : null;

    /// <summary>CDN whose header names no session is matched by the LNS's own id (RFC 2661 section 4.4.4).</summary>
    private L2tpCall? FindByPeer(in ControlMessage cdn)
    {
        if (cdn.SessionId != 0 || cdn.AssignedSessionId is not { } peerSessionId) return null;
        foreach (var call in _calls)
        {
            if (call.PeerSessionId == peerSessionId) return call;
        }

        return null;
    }

    /// <summary>Takes the call out of everything but the quarantine of its id.</summary>
    private void Remove(L2tpCall call, Instant now)
    {
        shared.Counters.Count(call.Connected ? LacCounter.CallsEnded : LacCounter.CallsFailed);
        if (call.State == CallState.WaitTunnel) ForgetWaiting();
        StopTimer(call);
        call.State = CallState.Idle;
        call.Request = null;
        shared.Calls[call.LocalSessionId] = null;
        if (call.PeerSessionId != 0) _peerSessionIds.Remove(call.PeerSessionId);

        var last = _calls[^1];
        _calls[call.Index] = last;
        last.Index = call.Index;
        _calls.RemoveAt(_calls.Count - 1);
        if (_calls.Count == 0) tunnel.CallCountChanged(now);
    }

    /// <summary>Calls that ended while waiting stay in the queue until their turn; when they are the most, it is swept.</summary>
    private void ForgetWaiting()
    {
        if (_waiting.Count <= 64 + 2 * _calls.Count) return;
        for (var i = _waiting.Count; i > 0; i--)
        {
            if (_waiting.Dequeue() is { State: CallState.WaitTunnel } live) _waiting.Enqueue(live);
        }
    }

    private void Release(L2tpCall call, Instant now) => shared.SessionIds.Release(call.LocalSessionId, now);

    private void SetTimer(L2tpCall call, TimeSpan time, Instant now)
    {
        call.AnswerTimer ??= new Timer(call, 0);
        shared.Timers.Set(call.AnswerTimer, now + time);
    }

    private void StopTimer(L2tpCall call)
    {
        if (call.AnswerTimer is { } timer) shared.Timers.Stop(timer);
        call.AnswerTimer = null;
    }
}
