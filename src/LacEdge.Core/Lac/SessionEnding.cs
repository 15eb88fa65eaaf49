using LacEdge.Core.Events;
using LacEdge.Core.Forwarding;
using LacEdge.Core.L2tp;
using LacEdge.Core.Pppoe;
using LacEdge.Wire;
using LacEdge.Wire.Ppp;

namespace LacEdge.Core.Lac;

/// <summary>
/// All ways to an end: tells the other side with the code that the cause table names, takes the session out of the data
/// plane, waits for its final counters, and reports it.
/// </summary>
/// <remarks>
/// PADTs are paced: a lost tunnel or a shutdown would otherwise send tens of thousands in one turn and lose most of them
/// in the interface's queue. Up to <see cref="PadtBurst"/> go at once, the rest in ticks.
/// </remarks>
internal sealed class SessionEnding(
    LacContext context, SessionTable table, PppoeServer pppoe, L2tpEndpoint l2tp, TunnelManager tunnels, SlotPool slots) : ITimerOwner
{
    private const int PadtBurst = 64;
    private static readonly TimeSpan _padtTick = TimeSpan.FromMilliseconds(5);

    private readonly Queue<SubscriberSession> _padtQueue = new();
    private readonly Dictionary<int, SubscriberSession> _bySlot = [];
    private Timer? _padtTimer;
    private int _padtsThisTick;

    public ulong TimerOrder { get; } = context.NextTimerOrder();
    /// <summary>Sessions that have not reached their LNS.</summary>
    public int HalfOpen { get; set; }
    public bool ShuttingDown { get; private set; }
    public bool ShutdownComplete => ShuttingDown && table.Count == 0;

    public SubscriberSession? SessionAt(int slot) => _bySlot.GetValueOrDefault(slot);
    public void SlotTaken(int slot, SubscriberSession session) => _bySlot[slot] = session;

    /// <summary>Ends politely what the LAC's own PPP link can end (Terminate-Request first), everything else at once.</summary>
    public void Refuse(SubscriberSession session, EndCause cause, string detail, Instant now)
    {
        if (session.Stage is SessionStage.Terminating or SessionStage.Ended) return;
        session.Pppoe.IsEnding = true;
        if (session.Link is { } link)
        {
            session.Stage = SessionStage.Terminating;
            (session.EndCause, session.EndDetail) = (cause, detail);
            link.Terminate(cause, detail, now);
        }
        else
        {
            End(session, cause, detail, now);
        }
    }

    public void End(SubscriberSession session, EndCause cause, string detail, Instant now)
    {
        if (session.Stage == SessionStage.Ended)
        {
            // The subscriber was faster than our paced PADT.
            if (cause == EndCause.SubscriberPadt) session.PadtPending = false;
            return;
        }

        if (session.UpAt == Instant.Never) HalfOpen--;
        var wasSpliced = session.Stage is SessionStage.Spliced or SessionStage.Up;
        // Whatever comes after our Terminate-Request, the reason for it is what counts.
        if (session.Stage != SessionStage.Terminating) (session.EndCause, session.EndDetail) = (cause, detail);
        session.Stage = SessionStage.Ended;
        session.EndedAt = now;
        session.Pppoe.IsEnding = true;
        pppoe.SessionEnded(session.Pppoe, CauseTable.BlamesTheLine(session.EndCause), now);

        EndCall(session, cause, detail, now);
        LeaveTunnel(session);
        DropAttempt(session, now);
        if (session.Goodbye is { } goodbye) context.Timers.Stop(goodbye);
        session.LetLinkGo();
        session.PapRequest = default;
        if (session.ResendPap is { } resend) context.Timers.Stop(resend);
        if (session.Clock is { } clock)
        {
            context.Timers.Stop(clock.Expiry);
            context.Timers.Stop(clock.IdleCheck);
        }

        if (session.Slot >= 0) context.Outbox.Forwarding(new RemoveSession(session.Slot));

        // A PADT from the subscriber has closed the PPPoE session already; over a lost interface nothing can be said.
        if (cause == EndCause.AccessInterfaceDown) pppoe.Close(session.Pppoe, false, "", now);
        else if (cause != EndCause.SubscriberPadt) ClosePppoe(session, wasSpliced && CauseTable.Of(cause).TerminatesLcp, now);
        FinishIfDone(session);
    }

    /// <summary>Ends it before its subscriber's new session begins: its PADT does not wait for a turn.</summary>
    public void Replace(SubscriberSession session, string detail, Instant now)
    {
        End(session, EndCause.SubscriberReplaced, detail, now);
        if (session.PadtPending) SendPadt(session, now);
    }

    /// <summary>CDN with the codes of the cause, if there is a call.</summary>
    public void EndCall(SubscriberSession session, EndCause cause, string detail, Instant now)
    {
        if (session.Call is not { } call) return;
        session.Call = null;
        var row = CauseTable.Of(cause);
        // No codes: the LNS ended the call itself and this is not the way here; 3 (administrative) is always true.
        var codes = row.Cdn ?? new CdnCodes(3);
        l2tp.EndCall(call, codes.Result, codes.Error, detail.Length > 0 ? $"{row.Name}: {detail}" : row.Name, row.DisconnectCause, now);
    }

    /// <summary>No LNS is looked for any more.</summary>
    public void DropAttempt(SubscriberSession session, Instant now)
    {
        if (session.Attempt is not { } attempt) return;
        session.Attempt = null;
        context.Timers.Stop(attempt.Budget);
        attempt.Walk.Withdraw(now);
    }

    public static void LeaveTunnel(SubscriberSession session)
    {
        if (session.Tunnel is not { } tunnel) return;
        session.Tunnel = null;
        tunnel.SessionCount--;
        tunnel.StopWaiting(session);
    }

    public void CountersArrived(int slot, ForwardingCounters counters, Instant now)
    {
        if (!_bySlot.Remove(slot, out var session)) return;
        slots.Release(slot);
        session.Slot = -1;
        session.FinalCounters = counters;
        FinishIfDone(session);
    }

    public void Shutdown(Instant now)
    {
        if (ShuttingDown) return;
        ShuttingDown = true;
        foreach (var tunnel in tunnels.Tunnels.ToArray())
        {
            if (tunnel is { Closed: false, L2tp: { } open }) l2tp.Close(open, 6, 0, "shutting down", EndCause.Shutdown, now);
        }

        foreach (var session in table.After(0).ToArray()) End(session, EndCause.Shutdown, "", now);
    }

    public void HandleTimer(int kind, Instant now)
    {
        _padtsThisTick = 0;
        while (_padtsThisTick < PadtBurst && _padtQueue.TryDequeue(out var session)) SendPadt(session, now);
        if (_padtsThisTick > 0) context.Timers.Set(_padtTimer!, now + _padtTick);
    }

    private void ClosePppoe(SubscriberSession session, bool terminateFirst, Instant now)
    {
        session.PadtPending = true;
        session.TerminateFirst = terminateFirst;
        if (_padtsThisTick >= PadtBurst)
        {
            _padtQueue.Enqueue(session);
            return;
        }

        SendPadt(session, now);
        _padtTimer ??= new Timer(this, 0);
        if (!_padtTimer.IsSet) context.Timers.Set(_padtTimer, now + _padtTick);
    }

    private void SendPadt(SubscriberSession session, Instant now)
    {
        if (session.PadtPending)
        {
            _padtsThisTick++;
            session.PadtPending = false;
            // The interface may have gone while the PADT waited for its turn.
            var up = pppoe.IsUp(session.Pppoe.AccessGroup);
            if (session.TerminateFirst && up) SendTerminateRequest(session);
            pppoe.Close(session.Pppoe, up, CauseTable.Of(session.EndCause).Meaning, now);
        }

        FinishIfDone(session);
    }

    /// <summary>The LNS spoke PPP and cannot any more: one Terminate-Request in its place tells the subscriber's PPP before PADT
    /// takes the ground away.</summary>
    private void SendTerminateRequest(SubscriberSession session)
    {
        var writer = new WireWriter(stackalloc byte[64]);
        PppControlPacket.Write(ref writer, PppProtocol.Lcp, (byte)LcpCode.TerminateRequest, 0xFF, default);
        pppoe.SendPpp(session.Pppoe, writer.Written, -1);
    }

    /// <summary>Reported and forgotten once both the final counters and the PADT are out of the way.</summary>
    private void FinishIfDone(SubscriberSession session)
    {
        if (session.Slot >= 0 || session.PadtPending || session.Reported) return;
        session.Reported = true;
        table.Remove(session.Key);
        var mac = session.Pppoe.Subscriber;
        var lasted = session.EndedAt - session.OpenedAt;
        if (session.UpAt == Instant.Never)
        {
            context.Counters.Count(LacCounter.SessionsFailed);
            context.Outbox.Event(new SessionFailed(
                session.EndedAt, session.Key, session.UserText, mac, session.CircuitText, session.IspName, session.LnsName, session.EndCause, session.EndDetail,
                lasted));
        }
        else
        {
            context.Counters.Count(LacCounter.SessionsEnded);
            context.Outbox.Event(new SessionDown(
                session.EndedAt, session.Key, session.UserText, mac, session.CircuitText, session.IspName, session.LnsName, session.EndCause, session.EndDetail,
                lasted, session.FinalCounters)
            {
                TerminateCause = CauseTable.TerminateCauseOf(session.EndCause, session.CallEnd?.ResultCode ?? 0, session.CallEnd?.DisconnectCause),
            });
        }
    }
}
