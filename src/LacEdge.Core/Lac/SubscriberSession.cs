using LacEdge.Core.Events;
using LacEdge.Core.Forwarding;
using LacEdge.Core.L2tp;
using LacEdge.Core.Ppp;
using LacEdge.Core.Pppoe;
using LacEdge.Core.Steering;
using LacEdge.Wire;

namespace LacEdge.Core.Lac;

/// <summary>How far a subscriber has come.</summary>
public enum SessionStage : byte
{
    /// <summary>LCP, then PAP or CHAP, at the LAC.</summary>
    Ppp,
    /// <summary>The user is known; an LNS is being asked.</summary>
    Connecting,
    /// <summary>ICCN is sent: frames flow, the LNS speaks PPP.</summary>
    Spliced,
    /// <summary>ICCN is acknowledged.</summary>
    Up,
    /// <summary>LCP Terminate-Request is out; PADT follows.</summary>
    Terminating,
    /// <summary>Gone on both sides; the final counters are awaited.</summary>
    Ended,
}

internal enum SessionTimer { SetupBudget, Goodbye, ResendPap, SessionTimeout, IdleCheck }

/// <summary>
/// A subscriber session: one PPPoE session, one PPP link until the hand-over, one L2TP session from the first call on.
/// It holds what the stages have in common; <see cref="Lac"/> moves it along.
/// </summary>
public sealed class SubscriberSession(SessionKey key, PppoeSession pppoe, Instant openedAt, ulong timerOrder, Action<SubscriberSession, int, Instant> onTimeout)
    : ITimerOwner
{
    public SessionKey Key { get; } = key;
    public PppoeSession Pppoe { get; } = pppoe;
    public Instant OpenedAt { get; } = openedAt;
    public SessionStage Stage { get; internal set; }
    /// <summary>Null from the hand-over on: the LNS speaks PPP then. Null from the beginning where the LNS speaks LCP, too.</summary>
    public PppLink? Link { get; internal set; }
    /// <summary>What the subscriber's equipment called itself before the hand-over (LCP Identification), safe to print; empty: nothing.</summary>
    public string Identification { get => Link?.Identification ?? field; internal set; } = "";
    /// <summary>Null until the subscriber has presented credentials.</summary>
    public UserName? User { get; internal set; }
    /// <summary>The LNS in use or being asked.</summary>
    public LnsCandidate? Candidate { get; internal set; }
    /// <summary>How it was found, or why none was; null until the subscriber is steered.</summary>
    public SteeringPath? Path { get; internal set; }
    public L2tpCall? Call { get; internal set; }
    public LacTunnel? Tunnel { get; internal set; }
    /// <summary>Place in the data plane's tables; -1 before ICCN.</summary>
    public int Slot { get; internal set; } = -1;
    /// <summary>When ICCN was acknowledged.</summary>
    public Instant UpAt { get; internal set; } = Instant.Never;

    /// <summary>How often an LNS was looked for: for each credentials that were presented.</summary>
    internal int Presentations { get; set; }
    /// <summary>Without a link of ours: the last LCP frame that came before the LNS was there.</summary>
    internal Bytes EarlyLcp { get; set; }
    /// <summary>The subscriber's PAP request while the LNS, whose profile says so, has not spoken PPP; else empty.</summary>
    internal Bytes PapRequest { get; set; }
    internal Timer? ResendPap { get; set; }
    /// <summary>As whoever chose the LNS wants it.</summary>
    public SessionTerms Terms { get; internal set; }
    /// <summary>Runs from <see cref="UpAt"/> on where there are terms.</summary>
    internal SessionClock? Clock { get; set; }
    internal SetupAttempt? Attempt { get; set; }
    /// <summary>Exists once the subscriber has sent LCP Terminate-Request to the LNS: the time that the others have to end the call.</summary>
    internal Timer? Goodbye { get; set; }
    internal EndCause EndCause { get; set; }
    internal string EndDetail { get; set; } = "";
    /// <summary>What the LNS's end of the call said.</summary>
    internal CallEnd? CallEnd { get; set; }
    internal Instant EndedAt { get; set; }
    internal ForwardingCounters FinalCounters { get; set; }
    /// <summary>The PPPoE session is still open on our side, its PADT waits for its turn.</summary>
    internal bool PadtPending { get; set; }
    internal bool TerminateFirst { get; set; }
    internal bool Reported { get; set; }

    /// <summary>The user name, safe to print; empty before it is known.</summary>
    public string UserText => User?.Printable ?? "";
    /// <summary>The line's circuit id, safe to print; empty when the access node tells none.</summary>
    public string CircuitText => Pppoe.Line is { CircuitId.IsEmpty: false } line ? PrintableText.From(line.CircuitId.Span) : "";
    public string IspName => Candidate?.Isp ?? "";
    public string LnsName => Candidate?.Lns.Name ?? "";

    /// <summary>The end of our part of PPP; what is to be known of it stays.</summary>
    internal void LetLinkGo()
    {
        if (Link is not { } link) return;
        Identification = link.Identification;
        link.Release();
        Link = null;
    }

    public ulong TimerOrder { get; } = timerOrder;
    public void HandleTimer(int kind, Instant now) => onTimeout(this, kind, now);
}

/// <summary>What is needed only while an LNS is looked for; dropped at the hand-over.</summary>
internal sealed class SetupAttempt(SubscriberSession session, SteeringWalk walk)
{
    /// <summary>The budget for questions and all candidates together.</summary>
    public Timer Budget { get; } = new(session, (int)SessionTimer.SetupBudget);
    public SteeringWalk Walk { get; } = walk;
    /// <summary>Whether the present candidate got its second tunnel already (its first one was just closing).</summary>
    public bool Repeated { get; set; }
}
