using System.Globalization;

namespace LacEdge.Wire.L2tp;

/// <summary>Attribute types of vendor 0 (RFC 2661 section 4.4 and the IANA registry of L2TP).</summary>
public enum AvpType : ushort
{
    MessageType = 0,
    ResultCode = 1,
    ProtocolVersion = 2,
    FramingCapabilities = 3,
    BearerCapabilities = 4,
    TieBreaker = 5,
    FirmwareRevision = 6,
    HostName = 7,
    VendorName = 8,
    AssignedTunnelId = 9,
    ReceiveWindowSize = 10,
    Challenge = 11,
    Q931CauseCode = 12,
    ChallengeResponse = 13,
    AssignedSessionId = 14,
    CallSerialNumber = 15,
    MinimumBps = 16,
    MaximumBps = 17,
    BearerType = 18,
    FramingType = 19,
    CalledNumber = 21,
    CallingNumber = 22,
    SubAddress = 23,
    TxConnectSpeed = 24,
    PhysicalChannelId = 25,
    InitialReceivedLcpConfReq = 26,
    LastSentLcpConfReq = 27,
    LastReceivedLcpConfReq = 28,
    ProxyAuthenType = 29,
    ProxyAuthenName = 30,
    ProxyAuthenChallenge = 31,
    ProxyAuthenId = 32,
    ProxyAuthenResponse = 33,
    CallErrors = 34,
    Accm = 35,
    RandomVector = 36,
    PrivateGroupId = 37,
    RxConnectSpeed = 38,
    SequencingRequired = 39,
    RxMinimumBps = 40,
    RxMaximumBps = 41,
    ServiceCategory = 42,
    ServiceName = 43,
    CallingSubAddress = 44,
    VpiVciIdentifier = 45,
    PppDisconnectCause = 46,
    Ccds = 47,
    Sds = 48,
    LcpWantOptions = 49,
    LcpAllowOptions = 50,
    LnsLastSentLcpConfReq = 51,
    LnsLastReceivedLcpConfReq = 52,
    ModemOnHoldCapable = 53,
    ModemOnHold = 54,
    FailoverCapability = 76,
    TunnelRecovery = 77,
    SuggestedControlSequence = 78,
    FailoverSessionState = 79,
    ConnectSpeedUpdate = 97,
    ConnectSpeedUpdateEnable = 98,
    EcnCapability = 103,
}

/// <summary>How the value of an AVP is made up: what <see cref="AvpText"/> prints.</summary>
public enum AvpShape : byte
{
    Octets,
    Text,
    Number,
    MessageType,
    ResultCode,
    Version,
    Framing,
    Bearer,
    Q931Cause,
    ProxyAuthenType,
    /// <summary>A zero octet and the PPP identifier.</summary>
    ProxyAuthenId,
    LcpOptions,
    DisconnectCause,
    /// <summary>Two zero octets, then 32-bit numbers (Call Errors, ACCM, RFC 4951 and RFC 5515 structures).</summary>
    Numbers,
    Empty,
}

/// <summary>One row of <see cref="AvpTable"/>.</summary>
/// <param name="Mandatory">The M bit when we send it.</param>
/// <param name="MayHide">False: must not be hidden (RFC 2661 section 4.4).</param>
/// <param name="MinSize">Octets of value before hiding; anything outside of the range is malformed.</param>
/// <param name="NonZero">A number that must not be 0 (ids, window).</param>
/// <param name="Recognized">Processed by an L2TPv2 peer of RFC 2661 and 3145, or known to be safe to ignore. Others are named only:
/// with the M bit they clear the session or the tunnel.</param>
public sealed record AvpInfo(
    ushort Vendor, ushort Type, string Name, bool Mandatory, bool MayHide, AvpShape Shape,
    int MinSize, int MaxSize, bool NonZero, bool Recognized)
{
    public bool Accepts(int size) => size >= MinSize && size <= MaxSize;
}

/// <summary>Every AVP as data (RFC 2661 section 4.4, RFC 3145, 3301, 3308, 3437, 3573, 4951, 5515, 9601).
/// The one place for M bits, hiding, lengths and names.</summary>
public static class AvpTable
{
    /// <summary>The enterprise number of the DSL Forum (RFC 5515 access-line AVPs).</summary>
    public const ushort DslForum = 3561;
    public const ushort Cisco = 9;
    /// <summary>Text of the LAC's port, like "Serial0:0".</summary>
    public const ushort CiscoNasPort = 100;
    /// <summary>Some peers send the disconnect cause under vendor 43 (3Com) with the type of RFC 3145.</summary>
    public const ushort ThreeCom = 43;

    /// <summary>Types of vendor 0 below this may be recognized.</summary>
    internal const int RecognizedLimit = 55;
    /// <summary>The four of RFC 4951 follow them.</summary>
    internal const int Slots = RecognizedLimit + 4;

    private const int Any = Avp.MaxValueSize;
    private const bool Must = true, Hide = true;

    private static readonly AvpInfo[] Rows =
    [
        Row(AvpType.MessageType, "Message Type", Must, !Hide, AvpShape.MessageType, 2),
        Row(AvpType.ResultCode, "Result Code", Must, !Hide, AvpShape.ResultCode, 2, Any),
        Row(AvpType.ProtocolVersion, "Protocol Version", Must, !Hide, AvpShape.Version, 2),
        Row(AvpType.FramingCapabilities, "Framing Capabilities", Must, Hide, AvpShape.Framing, 4),
        Row(AvpType.BearerCapabilities, "Bearer Capabilities", Must, Hide, AvpShape.Bearer, 4),
        Row(AvpType.TieBreaker, "Tie Breaker", !Must, !Hide, AvpShape.Octets, 8),
        Row(AvpType.FirmwareRevision, "Firmware Revision", !Must, Hide, AvpShape.Number, 2),
        Row(AvpType.HostName, "Host Name", Must, !Hide, AvpShape.Text, 1, Any),
        Row(AvpType.VendorName, "Vendor Name", !Must, Hide, AvpShape.Text, 0, Any),
        Row(AvpType.AssignedTunnelId, "Assigned Tunnel ID", Must, Hide, AvpShape.Number, 2, nonZero: true),
        Row(AvpType.ReceiveWindowSize, "Receive Window Size", Must, !Hide, AvpShape.Number, 2, nonZero: true),
        Row(AvpType.Challenge, "Challenge", Must, Hide, AvpShape.Octets, 1, Any),
        Row(AvpType.Q931CauseCode, "Q.931 Cause Code", Must, !Hide, AvpShape.Q931Cause, 3, Any),
        Row(AvpType.ChallengeResponse, "Challenge Response", Must, Hide, AvpShape.Octets, 16),
        Row(AvpType.AssignedSessionId, "Assigned Session ID", Must, Hide, AvpShape.Number, 2, nonZero: true),
        Row(AvpType.CallSerialNumber, "Call Serial Number", Must, Hide, AvpShape.Number, 4),
        Row(AvpType.MinimumBps, "Minimum BPS", Must, Hide, AvpShape.Number, 4),
        Row(AvpType.MaximumBps, "Maximum BPS", Must, Hide, AvpShape.Number, 4),
        Row(AvpType.BearerType, "Bearer Type", Must, Hide, AvpShape.Bearer, 4),
        Row(AvpType.FramingType, "Framing Type", Must, Hide, AvpShape.Framing, 4),
        Row(AvpType.CalledNumber, "Called Number", Must, Hide, AvpShape.Text, 0, Any),
        Row(AvpType.CallingNumber, "Calling Number", Must, Hide, AvpShape.Text, 0, Any),
        Row(AvpType.SubAddress, "Sub-Address", Must, Hide, AvpShape.Text, 0, Any),
        Row(AvpType.TxConnectSpeed, "Tx Connect Speed", Must, Hide, AvpShape.Number, 4),
        Row(AvpType.PhysicalChannelId, "Physical Channel ID", !Must, Hide, AvpShape.Number, 4),
        Row(AvpType.InitialReceivedLcpConfReq, "Initial Received LCP CONFREQ", !Must, Hide, AvpShape.LcpOptions, 0, Any),
        Row(AvpType.LastSentLcpConfReq, "Last Sent LCP CONFREQ", !Must, Hide, AvpShape.LcpOptions, 0, Any),
        Row(AvpType.LastReceivedLcpConfReq, "Last Received LCP CONFREQ", !Must, Hide, AvpShape.LcpOptions, 0, Any),
        Row(AvpType.ProxyAuthenType, "Proxy Authen Type", !Must, Hide, AvpShape.ProxyAuthenType, 2),
        Row(AvpType.ProxyAuthenName, "Proxy Authen Name", !Must, Hide, AvpShape.Text, 0, Any),
        Row(AvpType.ProxyAuthenChallenge, "Proxy Authen Challenge", !Must, Hide, AvpShape.Octets, 0, Any),
        Row(AvpType.ProxyAuthenId, "Proxy Authen ID", !Must, Hide, AvpShape.ProxyAuthenId, 2),
        Row(AvpType.ProxyAuthenResponse, "Proxy Authen Response", !Must, Hide, AvpShape.Octets, 0, Any),
        Row(AvpType.CallErrors, "Call Errors", Must, Hide, AvpShape.Numbers, 26),
        Row(AvpType.Accm, "ACCM", Must, Hide, AvpShape.Numbers, 10),
        Row(AvpType.RandomVector, "Random Vector", Must, !Hide, AvpShape.Octets, 1, Any),
        Row(AvpType.PrivateGroupId, "Private Group ID", !Must, Hide, AvpShape.Text, 0, Any),
        Row(AvpType.RxConnectSpeed, "Rx Connect Speed", !Must, Hide, AvpShape.Number, 4),
        Row(AvpType.SequencingRequired, "Sequencing Required", Must, !Hide, AvpShape.Empty, 0),
        Row(AvpType.RxMinimumBps, "Rx Minimum BPS", !Must, Hide, AvpShape.Number, 4),
        Row(AvpType.RxMaximumBps, "Rx Maximum BPS", !Must, Hide, AvpShape.Number, 4),
        Row(AvpType.ServiceCategory, "Service Category", !Must, Hide, AvpShape.Number, 2),
        Row(AvpType.ServiceName, "Service Name", !Must, Hide, AvpShape.Text, 0, Any),
        Row(AvpType.CallingSubAddress, "Calling Sub-Address", !Must, Hide, AvpShape.Text, 0, Any),
        Row(AvpType.VpiVciIdentifier, "VPI/VCI Identifier", !Must, Hide, AvpShape.Number, 4),
        Row(AvpType.PppDisconnectCause, "PPP Disconnect Cause", !Must, Hide, AvpShape.DisconnectCause, 5, Any),
        Row(AvpType.Ccds, "Control Connection DS", !Must, Hide, AvpShape.Number, 2),
        Row(AvpType.Sds, "Session DS", !Must, Hide, AvpShape.Number, 2),
        Row(AvpType.LcpWantOptions, "LCP Want Options", !Must, Hide, AvpShape.LcpOptions, 0, Any),
        Row(AvpType.LcpAllowOptions, "LCP Allow Options", !Must, Hide, AvpShape.LcpOptions, 0, Any),
        Row(AvpType.LnsLastSentLcpConfReq, "LNS Last Sent LCP CONFREQ", !Must, Hide, AvpShape.LcpOptions, 0, Any),
        Row(AvpType.LnsLastReceivedLcpConfReq, "LNS Last Received LCP CONFREQ", !Must, Hide, AvpShape.LcpOptions, 0, Any),
        Row(AvpType.ModemOnHoldCapable, "Modem On-Hold Capable", !Must, Hide, AvpShape.Octets, 0, Any),
        Row(AvpType.ModemOnHold, "Modem On-Hold", !Must, Hide, AvpShape.Octets, 0, Any),
        Named(AvpType.FailoverCapability, "Failover Capability", !Must, Hide, AvpShape.Numbers, 6),
        Named(AvpType.TunnelRecovery, "Tunnel Recovery", Must, !Hide, AvpShape.Numbers, 10),
        Named(AvpType.SuggestedControlSequence, "Suggested Control Sequence", !Must, Hide, AvpShape.Octets, 6),
        Named(AvpType.FailoverSessionState, "Failover Session State", Must, Hide, AvpShape.Numbers, 10),
        Named(AvpType.ConnectSpeedUpdate, "Connect Speed Update", !Must, Hide, AvpShape.Octets, 12),
        Named(AvpType.ConnectSpeedUpdateEnable, "Connect Speed Update Enable", !Must, Hide, AvpShape.Empty, 0),
        Named(AvpType.EcnCapability, "ECN Capability", !Must, Hide, AvpShape.Empty, 0),
        Line(1, "Agent Circuit ID", AvpShape.Text, 1, 63),
        Line(2, "Agent Remote ID", AvpShape.Text, 1, 63),
        Line(129, "Actual Data Rate Upstream", AvpShape.Number, 8, 8),
        Line(130, "Actual Data Rate Downstream", AvpShape.Number, 8, 8),
        Line(131, "Minimum Data Rate Upstream", AvpShape.Number, 8, 8),
        Line(132, "Minimum Data Rate Downstream", AvpShape.Number, 8, 8),
        Line(133, "Attainable Data Rate Upstream", AvpShape.Number, 8, 8),
        Line(134, "Attainable Data Rate Downstream", AvpShape.Number, 8, 8),
        Line(135, "Maximum Data Rate Upstream", AvpShape.Number, 8, 8),
        Line(136, "Maximum Data Rate Downstream", AvpShape.Number, 8, 8),
        Line(137, "Minimum Data Rate Upstream Low-Power", AvpShape.Number, 8, 8),
        Line(138, "Minimum Data Rate Downstream Low-Power", AvpShape.Number, 8, 8),
        Line(139, "Maximum Interleaving Delay Upstream", AvpShape.Number, 4, 4),
        Line(140, "Actual Interleaving Delay Upstream", AvpShape.Number, 4, 4),
        Line(141, "Maximum Interleaving Delay Downstream", AvpShape.Number, 4, 4),
        Line(142, "Actual Interleaving Delay Downstream", AvpShape.Number, 4, 4),
        Line(144, "Access Loop Encapsulation", AvpShape.Octets, 3, 3),
        Line(145, "Access Line Type", AvpShape.Octets, 4, 4),
        Line(254, "IWF Session", AvpShape.Number, 4, 4),
        new(Cisco, CiscoNasPort, "NAS Port", !Must, Hide, AvpShape.Text, 0, Any, false, false),
        new(
            ThreeCom, (ushort)AvpType.PppDisconnectCause, "PPP Disconnect Cause", !Must, Hide,
            AvpShape.DisconnectCause, 5, Any, false, true),
    ];

    private static readonly AvpInfo?[] Ietf = BuildIndex();

    public static ReadOnlySpan<AvpInfo> All => Rows;

    /// <summary>The row of a type of vendor 0 that is in the enum.</summary>
    public static AvpInfo Get(AvpType type) =>
        Ietf[(int)type] ?? throw new ArgumentOutOfRangeException(nameof(type), type, "not in the table");

    internal static bool IsFailover(AvpInfo info) =>
        info is { Vendor: 0, Type: >= (ushort)AvpType.FailoverCapability and <= (ushort)AvpType.FailoverSessionState };

    internal static int SlotOf(int type) => type < RecognizedLimit ? type : RecognizedLimit + type - (int)AvpType.FailoverCapability;

    /// <summary>Null for an AVP without a name here. Vendor and type are always compared together.</summary>
    public static AvpInfo? Find(ushort vendor, ushort type)
    {
        if (vendor == 0) return type < Ietf.Length ? Ietf[type] : null;
        foreach (var row in Rows)
        {
            if (row.Vendor == vendor && row.Type == type) return row;
        }

        return null;
    }

    /// <summary>"Host Name (7)", "AVP 4242", "AVP 9/101".</summary>
    public static string NameOf(ushort vendor, ushort type) => (Find(vendor, type)?.Name, vendor) switch
    {
        (null, 0) => string.Create(CultureInfo.InvariantCulture, $"AVP {type}"),
        (null, _) => string.Create(CultureInfo.InvariantCulture, $"AVP {vendor}/{type}"),
        (var name, 0) => string.Create(CultureInfo.InvariantCulture, $"{name} ({type})"),
        var (name, _) => string.Create(CultureInfo.InvariantCulture, $"{name} ({vendor}/{type})"),
    };

    private static AvpInfo Row(
        AvpType type, string name, bool must, bool hide, AvpShape shape, int min, int max = -1, bool nonZero = false) =>
        new(0, (ushort)type, name, must, hide, shape, min, max < 0 ? min : max, nonZero, true);

    private static AvpInfo Named(AvpType type, string name, bool must, bool hide, AvpShape shape, int size) =>
        new(0, (ushort)type, name, must, hide, shape, size, size, false, false);

    private static AvpInfo Line(ushort type, string name, AvpShape shape, int min, int max) =>
        new(DslForum, type, name, false, true, shape, min, max, false, false);

    private static AvpInfo?[] BuildIndex()
    {
        var index = new AvpInfo?[(int)AvpType.EcnCapability + 1];
        foreach (var row in Rows)
        {
            if (row.Vendor == 0) index[row.Type] = row;
        }

        return index;
    }
}
