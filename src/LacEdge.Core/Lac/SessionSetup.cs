using System.Globalization;
using System.Collections.Immutable;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.L2tp;
using LacEdge.Core.Pppoe;
using LacEdge.Core.Steering;

namespace LacEdge.Core.Lac;

/// <summary>
/// From the user name to the call that the LNS accepts: steering, tunnel, call, and the next candidate when one fails. Only when none is left does the
/// subscriber see LCP Terminate-Request and PADT.
/// </summary>
internal sealed class SessionSetup(
    LacContext context, ImmutableArray<string> interfaces, L2tpEndpoint l2tp, TunnelManager tunnels, LnsSelector selector, SessionEnding ending)
{
    /// <summary>The subscriber has said who it is.</summary>
    public void Start(SubscriberSession session, Instant now)
    {
        session.Stage = SessionStage.Connecting;
        var walk = new SteeringWalk(selector, tunnels, LineOf(session.Pppoe), session.User) { Owner = session };
        walk.GoesOn = at => GoOn(session, at);
        session.Attempt = new SetupAttempt(session, walk);
        session.Path = walk.Path;
        context.Timers.Set(session.Attempt.Budget, now + session.Pppoe.Service.Ppp.SetupTimeout);
        GoOn(session, now);
    }

    /// <summary>The candidate does not take the call.</summary>
    public void CallEnded(SubscriberSession session, CallEnd end, Instant now) =>
        CandidateFailed(session, end.Cause, end.Detail, CallRefusal.MayTryNext(end, session.Candidate!.Peer), now);

    public void CandidateFailed(SubscriberSession session, EndCause cause, string detail, bool tryNext, Instant now)
    {
        var attempt = session.Attempt!;
        attempt.Walk.Failed(cause, detail);
        var (candidate, tunnel) = (session.Candidate!, session.Tunnel);
        SessionEnding.LeaveTunnel(session);

        // A tunnel that was closing when the call came is no fault of the LNS: one more, to the same one.
        if (cause == EndCause.LnsStopCcn && tunnel is { Established: true } && !attempt.Repeated)
        {
            attempt.Repeated = true;
            if (StartAt(session, candidate, now)) return;
        }

        if (tryNext) GoOn(session, now);
        else GiveUp(session, now);
    }

    /// <summary>Calls that waited for the socket are placed; those of tunnels that could not be opened go on to the next candidate.</summary>
    public void SocketAnswered(IReadOnlyList<(LacTunnel Tunnel, TunnelFailure Why)> failed, Instant now)
    {
        foreach (var (tunnel, why) in failed)
        {
            foreach (var session in tunnel.TakeWaiting()) CandidateFailed(session, why.Cause, why.Detail, true, now);
        }

        foreach (var tunnel in tunnels.Tunnels.Where(t => t.L2tp is not null && t.HasWaiting).ToArray())
        {
            foreach (var session in tunnel.TakeWaiting()) PlaceCall(session, tunnel, now);
        }
    }

    public void BudgetSpent(SubscriberSession session, Instant now)
    {
        var walk = session.Attempt!.Walk;
        var detail = $"no LNS took the call in {session.Pppoe.Service.Ppp.SetupTimeout.TotalSeconds:0.#} s";
        if (walk.WaitsFor.Length > 0) detail += $"; still waiting for {walk.WaitsFor}";
        if (walk.Detail.Length > 0) detail += $"; last: {walk.Detail}";
        Abandon(session, EndCause.SetupTimeout, now);
        ending.Refuse(session, EndCause.SetupTimeout, detail, now);
    }

    /// <summary>The subscriber does not wait any more, or begins anew. Nothing if no LNS is being looked for.</summary>
    public void Abandon(SubscriberSession session, EndCause cause, Instant now)
    {
        if (session.Attempt is null) return;
        ending.DropAttempt(session, now);
        ending.EndCall(session, cause, "", now);
        SessionEnding.LeaveTunnel(session);
    }

    private void GoOn(SubscriberSession session, Instant now)
    {
        var attempt = session.Attempt!;
        while (true)
        {
            switch (attempt.Walk.Next(now))
            {
                case WalkStep.Waiting:
                    return;
                case WalkStep.Over:
                    GiveUp(session, now);
                    return;
                case WalkStep.Candidate:
                    attempt.Repeated = false;
                    session.Candidate = attempt.Walk.Candidate!;
                    if (StartAt(session, session.Candidate, now)) return;
                    break;
            }
        }
    }

    private bool StartAt(SubscriberSession session, LnsCandidate candidate, Instant now)
    {
        if (tunnels.Acquire(candidate, now, out var failure) is not { } tunnel)
        {
            session.Attempt!.Walk.Failed(failure.Cause, failure.Detail);
            return false;
        }

        session.Tunnel = tunnel;
        tunnel.SessionCount++;
        if (tunnel.L2tp is null) tunnel.Wait(session);
        else PlaceCall(session, tunnel, now);
        return true;
    }

    /// <summary>The template with what is known of the session's line and user.</summary>
    public string Fill(string template, SubscriberSession session) =>
        LineOf(session.Pppoe).Fill(template, session.User, context.Config.Node.Name);

    private void PlaceCall(SubscriberSession session, LacTunnel tunnel, Instant now)
    {
        var (line, peer) = (LineOf(session.Pppoe), session.Candidate!.Peer);
        var request = new CallRequest(
            Fill(peer.CallingNumber), Fill(peer.CalledNumber), Number(Fill(peer.PhysicalChannel)), Fill(peer.NasPort),
            peer.AccessLine == AccessLineAvps.None ? null : line.Told, Fill(peer.SubAddress));
        session.Call = l2tp.PlaceCall(tunnel.L2tp!, request, session, now);
        if (session.Call is null) CandidateFailed(session, EndCause.Limit, "no L2TP session id is free", true, now);

        string Fill(string template) => this.Fill(template, session);
        static uint Number(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    private void GiveUp(SubscriberSession session, Instant now)
    {
        var walk = session.Attempt!.Walk;
        ending.DropAttempt(session, now);
        if (walk.ToUser is { } text) session.Link?.RejectUser(text, now);
        ending.Refuse(session, walk.Cause, walk.Detail, now);
    }

    private SubscriberLine LineOf(PppoeSession pppoe) =>
        new(pppoe.Service, interfaces[pppoe.AccessGroup], pppoe.Vlans, pppoe.Subscriber, pppoe.ServiceName, pppoe.Line);
}
