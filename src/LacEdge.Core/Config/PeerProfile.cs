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
    /// <summary>Template of AVP 23; empty: not sent.</summary>
    public string SubAddress { get; init; } = "";
    /// <summary>Template of AVP 25, a decimal number; what is none is not sent.</summary>
    public string PhysicalChannel { get; init; } = "";
    /// <summary>Template of AVP 37; empty: not sent.</summary>
    public string PrivateGroup { get; init; } = "";
    /// <summary>AVP 38 in ICCN also when both speeds are equal.</summary>
    public bool RxSpeedAlways { get; init; }
    /// <summary>Null: as the tunnel profile says.</summary>
    public AvpHiding? Hiding { get; init; }
    /// <summary>The most control messages that are sent ahead, whatever window the LNS offers.</summary>
    public int SendWindow { get; init; } = 1024;
    /// <summary>AVPs that are sent without the M bit, so that an LNS that does not know them goes on.</summary>
    public CallAvps WithoutMBit { get; init; }
    /// <summary>What the LNS marks mandatory and LacEdge does not understand is ignored.</summary>
    public bool IgnoreMBit { get; init; }
    /// <summary>Optional AVPs that the LNS does not know are left out, once it has refused them three times.</summary>
    public bool Adapt { get; init; }
    /// <summary>RFC 4951 as the surviving side: sessions wait for an LNS whose control channel recovers.</summary>
    public bool Failover { get; init; }
    /// <summary>What the codes of a refused call mean, where that differs from RFC 2661.</summary>
    public ImmutableArray<ResultCodeRule> ResultCodes { get; init; } = [];
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
    public static ImmutableArray<PeerProfile> Shipped { get; } =
    [
        Default,
        // Reads circuit id, remote id and rates (dsl-line-info-forwarding).
        Default with { Name = "cisco", AccessLine = AccessLineAvps.CircuitId | AccessLineAvps.RemoteId | AccessLineAvps.ActualRates },
        // Reads all of RFC 5515, and its own LAC tells equal speeds, too.
        Default with { Name = "juniper", AccessLine = AccessLineAvps.All, RxSpeedAlways = true },
        // Take no message out of order: what is lost costs all that was sent behind it.
        Default with { Name = "xl2tpd", SendWindow = 4 },
        Default with { Name = "l2tpns", SendWindow = 4 },
    ];

    /// <summary>What a CDN before ICCN means; null: what RFC 2661 says.</summary>
    public RefusedCall? MeaningOf(ushort result, ushort error)
    {
        RefusedCall? meaning = null;
        foreach (var rule in ResultCodes)
        {
            if (rule.Result != result || rule.Error is { } one && one != error) continue;
            // A rule for result and error goes before one for the result alone.
            if (rule.Error is not null) return rule.Meaning;
            meaning = rule.Meaning;
        }

        return meaning;
    }
}

/// <summary>AVPs of ICRQ and ICCN that have the M bit and that an LNS can do without.</summary>
[Flags]
public enum CallAvps : ulong
{
    None = 0,
    BearerType = 1ul << 18,
    CalledNumber = 1ul << 21,
    CallingNumber = 1ul << 22,
    SubAddress = 1ul << 23,
    SequencingRequired = 1ul << 39,
}

/// <summary>What LacEdge does when an LNS refuses a call.</summary>
public enum RefusedCall
{
    /// <summary>The next LNS is asked.</summary>
    NextLns,
    /// <summary>The subscriber is refused.</summary>
    Refuse,
}

/// <param name="Error">Null: any.</param>
public sealed record ResultCodeRule(ushort Result, ushort? Error, RefusedCall Meaning)
{
    /// <summary>"4" or "2/6".</summary>
    public static bool TryParse(string text, out ushort result, out ushort? error)
    {
        var (slash, number) = (text.IndexOf('/', StringComparison.Ordinal), (ushort)0);
        error = null;
        if (!Read(slash < 0 ? text : text[..slash], out result)) return false;
        if (slash < 0) return true;
        if (!Read(text[(slash + 1)..], out number)) return false;
        error = number;
        return true;
    }

    private static bool Read(string text, out ushort number) =>
        ushort.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out number);
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
