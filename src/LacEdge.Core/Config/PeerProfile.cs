using System.Collections.Immutable;

namespace LacEdge.Core.Config;

/// <summary>What an LNS wants to be told, and how: one named set of interoperability switches.</summary>
public sealed record PeerProfile
{
    public required string Name { get; init; }
    /// <summary>Template of AVP 22; empty: not sent.</summary>
    public string CallingNumber { get; init; } = "{mac}";
    /// <summary>Template of AVP 21; empty: not sent.</summary>
    public string CalledNumber { get; init; } = "{realm}";
    /// <summary>Template of Cisco's AVP 100 (vendor 9, M=0) in ICRQ, for example "Serial0:0"; empty: not sent.</summary>
    public string NasPort { get; init; } = "";
    /// <summary>Access-line AVPs in ICRQ (RFC 5515).</summary>
    public AccessLineAvps AccessLine { get; init; } = AccessLineAvps.None;
    /// <summary>What stands for MS-CHAPv2, which has no proxy authentication type.</summary>
    public ProxyMsChapV2 ProxyMsChapV2 { get; init; } = ProxyMsChapV2.Omit;
    public ProxyEap ProxyEap { get; init; } = ProxyEap.Omit;
    /// <summary>FF 03 in front of PPP in data messages.</summary>
    public bool AddressAndControl { get; init; } = true;
    /// <summary>Sequencing Required (AVP 39) in ICCN: data messages are numbered in both directions.</summary>
    public bool SequencingRequired { get; init; }
    /// <summary>The subscriber's PAP request goes to an LNS that has sent no PPP after ICCN, once.</summary>
    public bool ResendPap { get; init; }

    public static PeerProfile Default { get; } = new() { Name = "default" };

    /// <summary>Those that are there without being configured.</summary>
    public static ImmutableArray<PeerProfile> Shipped { get; } = [Default];
}

/// <summary>Groups of access-line AVPs (RFC 5515 section 3).</summary>
[Flags]
public enum AccessLineAvps
{
    None = 0,
    CircuitId = 1,
    RemoteId = 2,
    /// <summary>Actual data rates.</summary>
    ActualRates = 4,
    /// <summary>Minimum, attainable, maximum and low-power data rates.</summary>
    OtherRates = 8,
    Delays = 16,
    Encapsulation = 32,
    Iwf = 64,
    LineType = 128,
    All = 255,
}

public enum ProxyMsChapV2
{
    /// <summary>No AVPs 29 to 33: the LNS authenticates anew.</summary>
    Omit,
    /// <summary>AVP 29 = 4 (no authentication).</summary>
    None,
}

public enum ProxyEap
{
    /// <summary>No AVPs 29 to 33: the LNS authenticates anew.</summary>
    Omit,
    /// <summary>AVP 29 = 7, 30 the identity, 32 the identifier, 33 the Identity Response.</summary>
    Type7,
}
