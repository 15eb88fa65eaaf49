using System.Collections.Immutable;

namespace LacEdge.Core.Config;

public sealed record SteeringListConfig(string Name, ImmutableArray<SteeringRuleConfig> Rules);

/// <summary>Targets in order; the first that gives an LNS wins.</summary>
public sealed record SteeringRuleConfig(ImmutableArray<SteeringTarget> To)
{
    public SteeringMatch Match { get; init; } = new();
}

/// <summary>All that is set must hold. Patterns know * (any characters) and ? (one).</summary>
public sealed record SteeringMatch
{
    public string? CircuitId { get; init; }
    public string? RemoteId { get; init; }

    public bool IsEverybody => CircuitId is null && RemoteId is null;
}

public abstract record SteeringTarget;
/// <summary>The ISP in whose <c>realms</c> the subscriber's realm stands.</summary>
public sealed record RealmTableTarget : SteeringTarget;
public sealed record IspTarget(string Isp) : SteeringTarget;
/// <summary>One fixed LNS.</summary>
public sealed record LnsTarget(LnsConfig Lns, string Tunnel) : SteeringTarget;
