using System.Collections.Immutable;
using LacEdge.Core.Config;
using LacEdge.Wire.Ip;

namespace LacEdge.Core.Radius;

/// <summary>RADIUS servers that stand for each other.</summary>
public sealed record RadiusGroupConfig
{
    public required string Name { get; init; }
    public required ImmutableArray<RadiusServerConfig> Servers { get; init; }
    public RadiusSelection Selection { get; init; } = RadiusSelection.Failover;
    /// <summary>First wait for an answer; the next ones double up to <see cref="MaxRetransmitTime"/> (RFC 5080 section 2.2.1).</summary>
    public TimeSpan RetransmitTime { get; init; } = TimeSpan.FromSeconds(2);
    public TimeSpan MaxRetransmitTime { get; init; } = TimeSpan.FromSeconds(16);
    /// <summary>Retransmissions, over all servers together.</summary>
    public int Retransmissions { get; init; } = 5;
    /// <summary>From the first transmission to giving up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
    /// <summary>How long a server that does not answer is left alone, unless a probe finds it earlier.</summary>
    public TimeSpan DeadTime { get; init; } = TimeSpan.FromSeconds(60);
    /// <summary>Questions on their way at once; at the limit more are refused.</summary>
    public int MaxOutstanding { get; init; } = 2_000;
    /// <summary>Templates of attributes 87, 31 and 30; empty: not sent.</summary>
    public string NasPortId { get; init; } = "{interface}:{vlans}";
    public string CallingStationId { get; init; } = "{mac}";
    public string CalledStationId { get; init; } = "{service-name}";
    /// <summary>Attribute 61; null: 32, 33 or 34 by the number of VLAN tags (RFC 4603 section 2).</summary>
    public int? NasPortType { get; init; }
}

public enum RadiusSelection
{
    /// <summary>The first that lives, in the order of their names.</summary>
    Failover,
    RoundRobin,
    /// <summary>At random, by their weights.</summary>
    Weighted,
}

public sealed record RadiusServerConfig
{
    public required string Name { get; init; }
    public required IpAddress Address { get; init; }
    public ushort AuthenticationPort { get; init; } = 1812;
    public ushort AccountingPort { get; init; } = 1813;
    public required Secret Secret { get; init; }
    /// <summary>None: the kernel chooses.</summary>
    public IpAddress SourceAddress { get; init; }
    public int Weight { get; init; } = 1;
    public MessageAuthenticatorPolicy MessageAuthenticator { get; init; } = MessageAuthenticatorPolicy.Auto;
    /// <summary>While it is dead it is probed by Status-Server (RFC 5997).</summary>
    public bool StatusServer { get; init; }
    /// <summary>It has signed replies in an earlier run: under <see cref="MessageAuthenticatorPolicy.Auto"/> it must go on doing so.</summary>
    public bool HasSigned { get; init; }
}

/// <summary>Whether replies must carry a Message-Authenticator (CVE-2024-3596).</summary>
public enum MessageAuthenticatorPolicy
{
    /// <summary>From the first reply on that has one.</summary>
    Auto,
    Yes,
    No,
}
