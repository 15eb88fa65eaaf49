using LacEdge.Core.Forwarding;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Core.Events;

/// <summary>Something that happened and that an operator may want to know. No event carries a secret or a password.</summary>
public abstract record LacEvent(Instant At);

/// <summary>The LNS has the call (ICCN is acknowledged); frames flow.</summary>
/// <param name="CircuitId">As the access node tells it, safe to print; empty when it does not.</param>
public sealed record SessionUp(
    Instant At, SessionKey Key, string User, MacAddress Mac, int AccessGroup, VlanStack Vlans, ushort PppoeSessionId,
    string CircuitId, string Isp, string Lns, UdpEndpoint LnsEndpoint, ushort LocalTunnelId, ushort LocalSessionId, ushort PeerTunnelId, ushort PeerSessionId,
    TimeSpan Setup) : LacEvent(At);

/// <summary>A session that was up has ended.</summary>
public sealed record SessionDown(
    Instant At, SessionKey Key, string User, MacAddress Mac, string CircuitId, string Isp, string Lns, EndCause Cause, string Detail,
    TimeSpan Lasted, ForwardingCounters Counters) : LacEvent(At)
{
    /// <summary>Of the cause, refined by what the LNS said.</summary>
    public AcctTerminateCause TerminateCause { get; init; }
}

/// <summary>A session ended before the LNS had it.</summary>
public sealed record SessionFailed(
    Instant At, SessionKey Key, string User, MacAddress Mac, string CircuitId, string Isp, string Lns, EndCause Cause, string Detail,
    TimeSpan Lasted) : LacEvent(At);

public sealed record TunnelUp(Instant At, ushort LocalTunnelId, ushort PeerTunnelId, string Lns, UdpEndpoint Peer, string PeerHostName) : LacEvent(At);

public sealed record TunnelDown(Instant At, ushort LocalTunnelId, string Lns, UdpEndpoint Peer, EndCause Cause, string Detail, int Sessions) : LacEvent(At);

/// <summary>A RADIUS server has signed a reply for the first time: from now on it must always do so.</summary>
/// <param name="Server">With its group: "aaa/r1".</param>
public sealed record RadiusServerSigns(Instant At, string Server, IpAddress Address) : LacEvent(At);

/// <summary>LacEdge could not do what the configuration asks for (a port is taken, an interface is gone).</summary>
public sealed record HostTrouble(Instant At, string What) : LacEvent(At);
