using System.Collections.Immutable;
using LacEdge.Wire.Ip;

namespace LacEdge.Core.Config;

/// <summary>How LNSes are looked up by name. The machine's own resolver is never asked.</summary>
public sealed record DnsConfig
{
    /// <summary>Recursive servers; empty: nothing can be looked up.</summary>
    public ImmutableArray<UdpEndpoint> Servers { get; init; } = [];
    /// <summary>None: the kernel chooses.</summary>
    public IpAddress SourceAddress { get; init; }
    /// <summary>For one question, all servers and repetitions together.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
    /// <summary>Longest time that an answer is used without asking again, whatever its TTL.</summary>
    public TimeSpan MaxTtl { get; init; } = TimeSpan.FromHours(24);
    /// <summary>The same for "there is no such name".</summary>
    public TimeSpan MaxNegativeTtl { get; init; } = TimeSpan.FromHours(1);
    /// <summary>How long an answer is used after its TTL while servers are silent or fail (RFC 8767); zero: never.</summary>
    public TimeSpan StaleTime { get; init; } = TimeSpan.FromHours(24);
    /// <summary>Questions whose answers are remembered; the one that was used longest ago is forgotten.</summary>
    public int MaxQuestions { get; init; } = 10_000;
    /// <summary>The addresses of a name that are tried first.</summary>
    public AddressFamily Prefer { get; init; } = AddressFamily.Ipv4;
    public DnssecPolicy Dnssec { get; init; } = DnssecPolicy.Off;
    /// <summary>File with the keys of the root zone, for <see cref="DnssecPolicy.Require"/>.</summary>
    public string TrustAnchor { get; init; } = "/usr/share/dns/root.key";
}

public enum AddressFamily { Ipv4, Ipv6 }

public enum DnssecPolicy
{
    Off,
    /// <summary>An answer that is not proven counts as a failure of the servers.</summary>
    Require,
}
