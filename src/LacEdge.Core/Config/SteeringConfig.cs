using System.Collections.Immutable;

namespace LacEdge.Core.Config;

public sealed record SteeringListConfig(string Name, ImmutableArray<SteeringRuleConfig> Rules);

/// <summary>Targets in order; the first that gives LNSes wins, those after it are not asked.</summary>
public sealed record SteeringRuleConfig(ImmutableArray<SteeringTarget> To)
{
    public SteeringMatch Match { get; init; } = new();
}

/// <summary>All that is set must hold. Texts are patterns: * stands for any characters, ? for one.</summary>
public sealed record SteeringMatch
{
    public string? CircuitId { get; init; }
    public string? RemoteId { get; init; }
    /// <summary>A subscriber without a realm matches none.</summary>
    public string? Realm { get; init; }
    /// <summary>A regular expression; the realm is in lower case where case is ignored.</summary>
    public string? RealmRegex { get; init; }
    /// <summary>The whole user name as the subscriber sent it.</summary>
    public string? User { get; init; }
    /// <summary>A regular expression; a name that is not valid UTF-8 matches none.</summary>
    public string? UserRegex { get; init; }
    /// <summary>The Service-Name that was asked for; "" where it was any.</summary>
    public string? ServiceName { get; init; }
    /// <summary>Name of the access service.</summary>
    public string? Access { get; init; }
    public string? Interface { get; init; }
    /// <summary>Empty: any.</summary>
    public ImmutableArray<VlanPattern> Vlans { get; init; } = [];
    /// <summary>Empty: any.</summary>
    public ImmutableArray<MacPattern> Macs { get; init; } = [];

    public bool IsEverybody =>
        !NeedsUser && CircuitId is null && RemoteId is null && ServiceName is null && Access is null && Interface is null && Vlans.IsEmpty && Macs.IsEmpty;

    /// <summary>Whether it can be decided only once the subscriber has said who it is.</summary>
    public bool NeedsUser => Realm is not null || User is not null || RealmRegex is not null || UserRegex is not null;
}

/// <summary>Where a rule leads. Every outcome but success ends the search, unless it says otherwise; a rejection always does.</summary>
public abstract record SteeringTarget
{
    /// <summary>On to the next target when there is nothing for the subscriber here.</summary>
    public bool NextOnNotFound { get; init; }
    /// <summary>On to the next target when the servers that know are silent or fail.</summary>
    public bool NextOnTimeout { get; init; }
    /// <summary>As it is shown to people.</summary>
    public abstract string Text { get; }
}

/// <summary>The ISP in whose <c>realms</c> the subscriber's realm stands.</summary>
public sealed record RealmTableTarget : SteeringTarget
{
    // A realm that nobody has is the usual reason for a second target.
    public RealmTableTarget() => NextOnNotFound = true;
    public override string Text => "realm-table";
}

public sealed record IspTarget(string Isp) : SteeringTarget
{
    public override string Text => $"isp {Isp}";
}

/// <summary>One fixed LNS.</summary>
public sealed record LnsTarget(LnsConfig Lns, string Tunnel) : SteeringTarget
{
    public override string Text => $"lns {Lns.Name}";
}

/// <summary>The LNSes that DNS names. Exactly one of <paramref name="Prefix"/> and <paramref name="Name"/> is set.</summary>
/// <param name="Prefix">Put before the subscriber's realm, with a dot.</param>
/// <param name="Lns">What holds for every address that is found; name and address are not set.</param>
public sealed record DnsTarget(string? Prefix, string? Name, LnsConfig Lns, string Tunnel) : SteeringTarget
{
    /// <summary>Asks for SRV records of _l2tp._udp before the name (RFC 2782).</summary>
    public bool Services { get; init; }
    public override string Text => Name is null ? $"dns {Prefix}.<realm>" : $"dns {Name}";
}

/// <summary>The LNSes that RADIUS names.</summary>
/// <param name="Group">Of servers.</param>
/// <param name="Tunnel">Profile that gives what the Accept does not say.</param>
public sealed record RadiusTarget(string Group, string Tunnel) : SteeringTarget
{
    public static Secret DefaultPassword { get; } = Secret.FromText("password");

    /// <summary>Template of User-Name.</summary>
    public string UserName { get; init; } = "{realm}";
    public Secret Password { get; init; } = DefaultPassword;
    public int ServiceType { get; init; } = 5;
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
    /// <summary>RADIUS judges the subscriber's own name and response, in place of <see cref="UserName"/> and <see cref="Password"/>.</summary>
    public bool AuthenticateBeforeForward { get; init; }
    public string PeerProfile { get; init; } = Config.PeerProfile.Default.Name;
    public override string Text => $"radius {Group}";
}
