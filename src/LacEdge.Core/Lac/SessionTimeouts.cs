using LacEdge.Core.Events;
using LacEdge.Core.Forwarding;
using LacEdge.Core.Steering;

namespace LacEdge.Core.Lac;

/// <summary>A session's time as it runs out.</summary>
internal sealed class SessionClock(SubscriberSession session, SessionTerms terms)
{
    public SessionTerms Terms { get; } = terms;
    public Timer Expiry { get; } = new(session, (int)SessionTimer.SessionTimeout);
    public Timer IdleCheck { get; } = new(session, (int)SessionTimer.IdleCheck);
    /// <summary>When frames were last seen to have passed.</summary>
    public Instant ActiveAt { get; set; }
    public ulong Frames { get; set; }
}

/// <summary>Ends sessions whose time is over. Whether one is idle the data plane tells: it is asked several times within the idle timeout.</summary>
internal sealed class SessionTimeouts(LacContext context, SessionEnding ending)
{
    private const int ChecksPerTimeout = 4;
    private static readonly TimeSpan _shortestCheck = TimeSpan.FromSeconds(1), _longestCheck = TimeSpan.FromSeconds(60);

    /// <summary>The LNS has the session.</summary>
    public void Start(SubscriberSession session, Instant now)
    {
        if (session.Terms.IsNone) return;
        var clock = session.Clock = new SessionClock(session, session.Terms) { ActiveAt = now };
        if (clock.Terms.Session > TimeSpan.Zero) context.Timers.Set(clock.Expiry, now + clock.Terms.Session);
        if (clock.Terms.Idle > TimeSpan.Zero) context.Timers.Set(clock.IdleCheck, now + CheckInterval(clock));
    }

    public void SessionTimeout(SubscriberSession session, Instant now) =>
        ending.End(session, EndCause.SessionTimeout, $"{session.Clock!.Terms.Session.TotalSeconds:0} s", now);

    public void CheckIdle(SubscriberSession session) => context.Outbox.Forwarding(new ReadSession(session.Slot));

    /// <summary>The data plane's answer: frames of the session, in both directions and without LCP echoes.</summary>
    public void FramesRead(int slot, ulong frames, Instant now)
    {
        if (ending.SessionAt(slot) is not { Stage: SessionStage.Up, Clock: { } clock } session) return;
        if (frames != clock.Frames) (clock.Frames, clock.ActiveAt) = (frames, now);
        var idle = now - clock.ActiveAt;
        if (idle >= clock.Terms.Idle) ending.End(session, EndCause.IdleTimeout, $"{idle.TotalSeconds:0} s", now);
        else context.Timers.Set(clock.IdleCheck, now + CheckInterval(clock));
    }

    private static TimeSpan CheckInterval(SessionClock clock)
    {
        var interval = clock.Terms.Idle / ChecksPerTimeout;
        return interval < _shortestCheck ? _shortestCheck : interval > _longestCheck ? _longestCheck : interval;
    }
}
