using LacEdge.Core.L2tp;
using LacEdge.Core.Steering;

namespace LacEdge.Core.Lac;

public enum LnsCondition
{
    /// <summary>There is no tunnel to it.</summary>
    Idle,
    /// <summary>A tunnel to it is being opened.</summary>
    Opening,
    Up,
    /// <summary>It has its sessions.</summary>
    Full,
    /// <summary>The last tunnel to it failed just now: it gets no other yet.</summary>
    HeldBack,
}

/// <summary>How an LNS of the configuration is.</summary>
/// <param name="Until">When it is asked again; <see cref="Instant.Never"/> when it would be at once.</param>
/// <param name="Why">That it is not asked.</param>
/// <param name="Tunnels">Those that take calls.</param>
public sealed record LnsStatus(
    LnsCandidate Candidate, LnsCondition State, Instant Until, string Why, int Sessions, int Tunnels, LnsRefusal? LastRefusal,
    IReadOnlyList<AdaptedMessage> Adaptations);
