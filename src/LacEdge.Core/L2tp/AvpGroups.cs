using LacEdge.Wire.L2tp;

namespace LacEdge.Core.L2tp;

/// <summary>Optional AVPs that are left out together, in the order in which that is tried: what is missed least comes first. A Challenge
/// is never left out.</summary>
[Flags]
public enum AvpGroups
{
    None = 0,
    // Of SCCRQ.
    /// <summary>AVP 47 (RFC 3308).</summary>
    ControlDscp = 1 << 0,
    VendorName = 1 << 1,
    FirmwareRevision = 1 << 2,
    TieBreaker = 1 << 3,
    ReceiveWindow = 1 << 4,
    // Of ICRQ.
    SubAddress = 1 << 5,
    /// <summary>Cisco's AVP 100.</summary>
    NasPort = 1 << 6,
    /// <summary>RFC 5515.</summary>
    AccessLine = 1 << 7,
    /// <summary>AVP 48 (RFC 3308).</summary>
    SessionDscp = 1 << 8,
    PhysicalChannel = 1 << 9,
    BearerType = 1 << 10,
    CalledNumber = 1 << 11,
    CallingNumber = 1 << 12,
    // Of ICCN.
    PrivateGroup = 1 << 13,
    RxSpeed = 1 << 14,
    SequencingRequired = 1 << 15,
    /// <summary>AVPs 26 to 28: the LNS negotiates LCP itself.</summary>
    ProxyLcp = 1 << 16,
    /// <summary>AVPs 29 to 33: the LNS authenticates itself.</summary>
    ProxyAuthentication = 1 << 17,
}

internal static class AvpGroupNames
{
    /// <summary>For the log: names and types of the AVPs.</summary>
    public static string InWords(this AvpGroups groups) =>
        string.Join(", ", Enum.GetValues<AvpGroups>().Where(group => (groups & group) != 0).Select(NameOf));

    private static string NameOf(AvpGroups group) => group switch
    {
        AvpGroups.AccessLine => "access-line AVPs (vendor 3561)",
        AvpGroups.NasPort => AvpTable.NameOf(AvpTable.Cisco, AvpTable.CiscoNasPort),
        AvpGroups.ProxyLcp => "proxy LCP (26 to 28)",
        AvpGroups.ProxyAuthentication => "proxy authentication (29 to 33)",
        _ => AvpTable.NameOf(0, SentAvps.TypeOf(group)),
    };
}
