using System.Collections.Immutable;
using LacEdge.Core.Config;
using LacEdge.Core.Events;

namespace LacEdge.Core.Steering;

/// <summary>An LNS that a subscriber may be sent to, and how the tunnel to it is made.</summary>
/// <param name="Isp">Label for metrics and logs: the ISP's name, <see cref="LnsSelector.FixedIsp"/> or <see cref="LnsSelector.DynamicIsp"/>.</param>
/// <param name="Peer">What the LNS wants to be told.</param>
public sealed record LnsCandidate(string Isp, LnsConfig Lns, TunnelProfile Profile, PeerProfile Peer);

/// <summary>What came of asking a target.</summary>
public enum TargetOutcome
{
    /// <summary>There are candidates.</summary>
    Found,
    /// <summary>It needs what the user name does not have: always on to the next.</summary>
    Skipped,
    /// <summary>There is nothing for this subscriber; see <see cref="SteeringTarget.NextOnNotFound"/>.</summary>
    NotFound,
    /// <summary>Its servers are silent or fail; see <see cref="SteeringTarget.NextOnTimeout"/>.</summary>
    Timeout,
    /// <summary>The subscriber is turned away: never on to the next.</summary>
    Rejected,
}

/// <summary>What a target says.</summary>
/// <param name="Candidates">In the order in which they are tried; some exactly when they were found.</param>
/// <param name="Cause">Why there are none.</param>
/// <param name="Why">Printable, without its full stop; with candidates, what led to them.</param>
public sealed record TargetAnswer(TargetOutcome Outcome, ImmutableArray<LnsCandidate> Candidates, EndCause Cause, string Why)
{
    /// <summary>Its own credentials were judged and found wrong: it is told so, with this text (perhaps none). Null: they were not judged.</summary>
    public string? ToUser { get; init; }

    /// <summary>For the session, whoever is its LNS in the end.</summary>
    public SessionTerms Terms { get; init; }

    public static TargetAnswer Of(ImmutableArray<LnsCandidate> candidates, string why) => new(TargetOutcome.Found, candidates, EndCause.None, why);
    public static TargetAnswer None(TargetOutcome outcome, EndCause cause, string why) => new(outcome, [], cause, why);
}

/// <summary>Answers targets that the configuration alone does not: a lookup, a question to a server.</summary>
internal interface ITargetSource
{
    /// <summary>The answer where it is known; null: <see cref="SteeringWalk.Answered"/> is called with it later, once, unless it is withdrawn.</summary>
    TargetAnswer? Ask(SteeringWalk walk, SteeringTarget target, Instant now);

    /// <summary>The walk does not wait any more.</summary>
    void Withdraw(SteeringWalk walk, Instant now);
}

/// <summary>Whether an LNS can be given a call now.</summary>
public enum LnsAvailability
{
    Usable,
    /// <summary>It has its sessions.</summary>
    Full,
    /// <summary>It failed: only for whoever has no other.</summary>
    LockedOut,
}

/// <param name="Cause">Why it is not usable.</param>
/// <param name="Since">When it was locked out.</param>
public readonly record struct LnsState(LnsAvailability Availability, EndCause Cause, string Why, Instant Since);

/// <summary>Knows how the LNSes are. Asking changes nothing.</summary>
internal interface ILnsStates
{
    LnsState StateOf(LnsCandidate candidate, Instant now);
}
