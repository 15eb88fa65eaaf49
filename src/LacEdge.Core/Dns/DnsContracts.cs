using System.Collections.Immutable;
using LacEdge.Wire.Dns;
using LacEdge.Wire.Ip;

namespace LacEdge.Core.Dns;

/// <summary>How the host's lookup ended.</summary>
public enum LookupOutcome : byte
{
    /// <summary>A server answered; its message says what.</summary>
    Answered,
    /// <summary>No server gave an answer.</summary>
    Failed,
    /// <summary>DNSSEC is required and the answer is not proven.</summary>
    Bogus,
}

/// <summary>What is known of a question.</summary>
internal enum LookupState : byte
{
    Found,
    /// <summary>There is no such name, or no such record.</summary>
    NotFound,
    /// <summary>The servers are silent or fail.</summary>
    Failed,
}

/// <param name="Why">Printable: "ttl 37 s", "no such name", "no server answers".</param>
/// <param name="Stale">Its TTL is over; the servers fail.</param>
internal sealed record LookupAnswer(
    LookupState State, ImmutableArray<IpAddress> Addresses, ImmutableArray<DnsService> Services, string Why, bool Stale = false)
{
    public static LookupAnswer None(LookupState state, string why) => new(state, [], [], why);
}

internal interface ILookupUser
{
    /// <summary>Once for each question that was not answered at once, unless it is withdrawn.</summary>
    void LookedUp(DnsQuestion question, LookupAnswer answer, Instant now);
}
