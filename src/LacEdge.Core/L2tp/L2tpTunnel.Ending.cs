using LacEdge.Core.Events;
using LacEdge.Wire.L2tp;

namespace LacEdge.Core.L2tp;

// How a tunnel ends.
public sealed partial class L2tpTunnel
{
    private enum Ending
    {
        None,
        /// <summary>We close: StopCCN is repeated until acknowledged.</summary>
        Stopping,
        /// <summary>Our StopCCN is acknowledged: forgotten as soon as the message that said so is dealt with.</summary>
        Acknowledged,
        /// <summary>The LNS closed: its StopCCN is acknowledged again for a full cycle.</summary>
        Stopped,
        /// <summary>The LNS never answered: a late SCCRP gets StopCCN.</summary>
        Unanswered,
        /// <summary>The LNS died: silence, so that its own repetitions run out and it clears its calls, too.</summary>
        Dead,
    }

    private Ending _ending;

    /// <summary>Ends every call with the cause and, if the LNS has answered at all, sends StopCCN. Nothing when it is closing
    /// already.</summary>
    internal void Close(in TunnelRefusal reason, Instant now)
    {
        if (State is TunnelState.Closing or TunnelState.Idle) return;
        var established = BeginClosing(now);
        // Nr also comes back to 0 after 65,536 messages.
        if (!established && _channel.NextNr == 0) Linger(Ending.Unanswered, now);
        else Stop(reason.Result, now);
        Closed(established, new CallEnd(reason.Cause, 0, 0, reason.Result.Text), now);
    }

    /// <summary>The LNS opens a tunnel, too, and its tie breaker wins: ours is given up without a word (RFC 2661 section 4.4.3).</summary>
    internal void LoseTie(Instant now)
    {
        BeginClosing(now);
        Linger(Ending.Unanswered, now);
        Closed(false, new CallEnd(EndCause.TunnelRefused, 0, 0, "the LNS opens a tunnel itself and its tie breaker wins"), now);
    }

    private void HandleStopCcn(in ControlMessage message, Instant now)
    {
        _channel.AcknowledgeNow();
        if (State == TunnelState.Closing)
        {
            if (_ending is Ending.Stopping or Ending.Acknowledged or Ending.Unanswered) Linger(Ending.Stopped, now);
            return;
        }

        var result = message.ResultCode;
        // An LNS may close the tunnel for an AVP that is about one call.
        var about = !_answered || now - _sentAt <= RefusalTime ? _sent : default;
        var detail = $"StopCCN: {AvpText.Result(result, MessageType.StopCcn)}{about.Explain(result)}";
        Refused(about, result, now);
        var cause = State == TunnelState.Established ? EndCause.LnsStopCcn : EndCause.TunnelRefused;
        var end = new CallEnd(cause, result.Result, result.Error, detail);
        var established = BeginClosing(now);
        Linger(Ending.Stopped, now);
        Closed(established, end, now);
    }

    private void PeerDied(Instant now)
    {
        if (State == TunnelState.Closing)
        {
            Forget(now);
            return;
        }

        if (State == TunnelState.Established && WaitForRecovery(now)) return;
        var established = BeginClosing(now);
        Linger(established ? Ending.Dead : Ending.Unanswered, now);
        Closed(established, new CallEnd(established ? EndCause.LnsDead : EndCause.TunnelTimeout, 0, 0, "no answer to any repetition"), now);
    }

    private bool BeginClosing(Instant now)
    {
        var established = State is TunnelState.Established or TunnelState.Recovering;
        State = TunnelState.Closing;
        _challenge = [];
        _shared.Timers.Stop(_setupTimer);
        _shared.Timers.Stop(_helloTimer);
        _shared.Timers.Stop(_idleTimer);
        _shared.Timers.Stop(_recoveryTimer);
        _recovery?.Forget(now);
        return established;
    }

    private void Stop(in ResultCode result, Instant now)
    {
        _ending = Ending.Stopping;
        _shared.Timers.Stop(_lingerTimer);
        // Whatever waits behind the window is of no use to a tunnel that ends.
        _channel.DropUnsent();
        Send(Messages.StopCcn(_shared.Scratch, PeerTunnelId, LocalTunnelId, result, manner: Manner), new SentMessage(MessageType.StopCcn, null), now);
    }

    private void Linger(Ending ending, Instant now)
    {
        _ending = ending;
        _channel.Abandon();
        _shared.Timers.Set(_lingerTimer, now + L2tpShared.FullCycle);
    }

    private void Closed(bool established, CallEnd end, Instant now)
    {
        _shared.Counters.Count(established ? LacCounter.TunnelsClosed : LacCounter.TunnelsFailed);
        Note($"closed, {CauseTable.Of(end.Cause).Name}: {end.Detail}", now);
        CallMachine.EndAll(end, now);
        _shared.User.TunnelClosed(this, end.Cause, end.Detail, now);
        Finish(now);
    }

    private void Forget(Instant now)
    {
        if (State == TunnelState.Idle) return;
        State = TunnelState.Idle;
        _channel.Abandon();
        _shared.Timers.Stop(_lingerTimer);
        Finish(now);
        _shared.Tunnels.Remove(this, now);
        _shared.User.TunnelForgotten(this, now);
    }
}
