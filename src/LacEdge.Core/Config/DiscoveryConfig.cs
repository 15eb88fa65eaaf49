using System.Collections.Immutable;

namespace LacEdge.Core.Config;

/// <summary>How discovery protects LacEdge and its neighbours, on all access interfaces.</summary>
public sealed record DiscoveryConfig
{
    /// <summary>Makes AC-Cookies that survive a restart; unset: a fresh one at every start.</summary>
    public Secret CookieKey { get; init; }
    public DiscoveryRates PadiRate { get; init; } = new(10, 1_000, 20_000);
    public DiscoveryRates PadrRate { get; init; } = new(10, 1_000, 20_000);
    /// <summary>PADTs a second, on each interface, in answer to frames of unknown sessions; 0: none.</summary>
    public int PadtRate { get; init; } = 100;
    public LockoutConfig Lockout { get; init; } = new();
    public MacListConfig Macs { get; init; } = new();
}

/// <summary>Frames a second; 0: no limit. A burst of one second's worth passes.</summary>
public sealed record DiscoveryRates(int Mac, int Vlan, int Interface);

/// <summary>A line (interface, VLAN stack, MAC) whose sessions keep failing or ending at once is not answered for a while.</summary>
public sealed record LockoutConfig
{
    /// <summary>Short sessions in a row before the first lockout; 0: never.</summary>
    public int After { get; init; } = 5;
    /// <summary>A session that lasted less is short.</summary>
    public TimeSpan Short { get; init; } = TimeSpan.FromSeconds(30);
    /// <summary>The first lockout; each further one is twice as long.</summary>
    public TimeSpan First { get; init; } = TimeSpan.FromSeconds(1);
    public TimeSpan Longest { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>Which hosts are answered.</summary>
public sealed record MacListConfig
{
    /// <summary>Empty: everyone who is not denied.</summary>
    public ImmutableArray<MacPattern> Allow { get; init; } = [];
    public ImmutableArray<MacPattern> Deny { get; init; } = [];
}
