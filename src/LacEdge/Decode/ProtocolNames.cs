using System.Globalization;
using LacEdge.Wire;
using LacEdge.Wire.Ppp;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Decode;

/// <summary>Names for people, in the words of the RFCs. Null where there is none.</summary>
internal static class ProtocolNames
{
    private static readonly string[] _errors = [.. Enum.GetNames<DecodeError>().Select(KebabCase)];

    /// <summary><see cref="DecodeError.PppOptionLength"/> is "ppp-option-length".</summary>
    public static string Error(DecodeError error) => _errors[(int)error];

    public static string? Pppoe(PppoeCode code) => (byte)code switch
    {
        (byte)PppoeCode.Session => "session",
        (byte)PppoeCode.Padi => "PADI",
        (byte)PppoeCode.Pado => "PADO",
        (byte)PppoeCode.Padr => "PADR",
        (byte)PppoeCode.Pads => "PADS",
        (byte)PppoeCode.Padt => "PADT",
        // RFC 5578 and the active discovery messages of some access concentrators.
        0x0A => "PADG",
        0x0B => "PADC",
        0x0C => "PADQ",
        0xD3 => "PADM",
        0xD4 => "PADN",
        _ => null,
    };

    public static string? Tag(PppoeTagType type) => type switch
    {
        PppoeTagType.EndOfList => "End-Of-List",
        PppoeTagType.ServiceName => "Service-Name",
        PppoeTagType.AcName => "AC-Name",
        PppoeTagType.HostUniq => "Host-Uniq",
        PppoeTagType.AcCookie => "AC-Cookie",
        PppoeTagType.VendorSpecific => "Vendor-Specific",
        PppoeTagType.RelaySessionId => "Relay-Session-Id",
        PppoeTagType.PppMaxPayload => "PPP-Max-Payload",
        PppoeTagType.ServiceNameError => "Service-Name-Error",
        PppoeTagType.AcSystemError => "AC-System-Error",
        PppoeTagType.GenericError => "Generic-Error",
        _ => null,
    };

    /// <summary>In RADIUS as well, there with bit/s (RFC 4679).</summary>
    public static string? AccessLine(AccessLineType type) => type switch
    {
        AccessLineType.CircuitId => "Agent-Circuit-Id",
        AccessLineType.RemoteId => "Agent-Remote-Id",
        AccessLineType.ActualRateUp => "Actual-Data-Rate-Upstream",
        AccessLineType.ActualRateDown => "Actual-Data-Rate-Downstream",
        AccessLineType.MinimumRateUp => "Minimum-Data-Rate-Upstream",
        AccessLineType.MinimumRateDown => "Minimum-Data-Rate-Downstream",
        AccessLineType.AttainableRateUp => "Attainable-Data-Rate-Upstream",
        AccessLineType.AttainableRateDown => "Attainable-Data-Rate-Downstream",
        AccessLineType.MaximumRateUp => "Maximum-Data-Rate-Upstream",
        AccessLineType.MaximumRateDown => "Maximum-Data-Rate-Downstream",
        AccessLineType.MinimumRateUpLowPower => "Minimum-Data-Rate-Upstream-Low-Power",
        AccessLineType.MinimumRateDownLowPower => "Minimum-Data-Rate-Downstream-Low-Power",
        AccessLineType.MaximumDelayUp => "Maximum-Interleaving-Delay-Upstream",
        AccessLineType.ActualDelayUp => "Actual-Interleaving-Delay-Upstream",
        AccessLineType.MaximumDelayDown => "Maximum-Interleaving-Delay-Downstream",
        AccessLineType.ActualDelayDown => "Actual-Interleaving-Delay-Downstream",
        AccessLineType.Encapsulation => "Access-Loop-Encapsulation",
        AccessLineType.LineType => "Access-Line-Type",
        AccessLineType.Iwf => "IWF-Session",
        _ => null,
    };

    public static string Protocol(PppProtocol protocol) => (ushort)protocol switch
    {
        (ushort)PppProtocol.Ipv4 => "IPv4",
        (ushort)PppProtocol.Ipv6 => "IPv6",
        (ushort)PppProtocol.Multilink => "MP",
        0x002D => "VJ compressed TCP",
        0x002F => "VJ uncompressed TCP",
        0x00FD => "compressed data",
        0x0207 => "CDP",
        0x8023 => "OSINLCP",
        0x8207 => "CDPCP",
        0x8281 => "MPLSCP",
        0xC02B => "BACP",
        0xC029 => "CBCP",
        (ushort)PppProtocol.Ipcp => "IPCP",
        (ushort)PppProtocol.Ecp => "ECP",
        (ushort)PppProtocol.Ipv6cp => "IPV6CP",
        (ushort)PppProtocol.Ccp => "CCP",
        (ushort)PppProtocol.Lcp => "LCP",
        (ushort)PppProtocol.Pap => "PAP",
        (ushort)PppProtocol.Lqr => "LQR",
        (ushort)PppProtocol.Chap => "CHAP",
        (ushort)PppProtocol.Eap => "EAP",
        var other => string.Create(CultureInfo.InvariantCulture, $"protocol {other:x4}"),
    };

    /// <summary>The name of a control packet's code, which depends on its protocol.</summary>
    public static string PppCode(PppProtocol protocol, byte code) => protocol switch
    {
        PppProtocol.Pap => (PapCode)code switch
        {
            PapCode.AuthenticateRequest => "Authenticate-Request",
            PapCode.AuthenticateAck => "Authenticate-Ack",
            PapCode.AuthenticateNak => "Authenticate-Nak",
            _ => Code(code),
        },
        PppProtocol.Chap => (ChapCode)code switch
        {
            ChapCode.Challenge => "Challenge",
            ChapCode.Response => "Response",
            ChapCode.Success => "Success",
            ChapCode.Failure => "Failure",
            _ => Code(code),
        },
        PppProtocol.Eap => (EapCode)code switch
        {
            EapCode.Request => "Request",
            EapCode.Response => "Response",
            EapCode.Success => "Success",
            EapCode.Failure => "Failure",
            _ => Code(code),
        },
        _ => (LcpCode)code switch
        {
            LcpCode.ConfigureRequest => "Configure-Request",
            LcpCode.ConfigureAck => "Configure-Ack",
            LcpCode.ConfigureNak => "Configure-Nak",
            LcpCode.ConfigureReject => "Configure-Reject",
            LcpCode.TerminateRequest => "Terminate-Request",
            LcpCode.TerminateAck => "Terminate-Ack",
            LcpCode.CodeReject => "Code-Reject",
            LcpCode.ProtocolReject => "Protocol-Reject",
            LcpCode.EchoRequest => "Echo-Request",
            LcpCode.EchoReply => "Echo-Reply",
            LcpCode.DiscardRequest => "Discard-Request",
            LcpCode.Identification => "Identification",
            LcpCode.TimeRemaining => "Time-Remaining",
            _ => Code(code),
        },
    };

    public static string? Option(PppProtocol protocol, ushort type) => protocol switch
    {
        PppProtocol.Lcp => (LcpOptionType)type switch
        {
            LcpOptionType.Mru => "MRU",
            LcpOptionType.Accm => "ACCM",
            LcpOptionType.AuthenticationProtocol => "Authentication-Protocol",
            LcpOptionType.QualityProtocol => "Quality-Protocol",
            LcpOptionType.MagicNumber => "Magic-Number",
            LcpOptionType.ProtocolFieldCompression => "PFC",
            LcpOptionType.AddressAndControlFieldCompression => "ACFC",
            LcpOptionType.FcsAlternatives => "FCS-Alternatives",
            LcpOptionType.SelfDescribingPadding => "Self-Describing-Padding",
            LcpOptionType.Callback => "Callback",
            LcpOptionType.CompoundFrames => "Compound-Frames",
            LcpOptionType.Mrru => "MRRU",
            LcpOptionType.ShortSequenceNumbers => "Short-Sequence-Numbers",
            LcpOptionType.EndpointDiscriminator => "Endpoint-Discriminator",
            _ => null,
        },
        PppProtocol.Ipcp => type switch
        {
            1 => "IP-Addresses",
            2 => "IP-Compression",
            3 => "IP-Address",
            4 => "Mobile-IPv4",
            129 => "Primary-DNS",
            130 => "Primary-NBNS",
            131 => "Secondary-DNS",
            132 => "Secondary-NBNS",
            _ => null,
        },
        PppProtocol.Ipv6cp => type == 1 ? "Interface-Identifier" : null,
        _ => null,
    };

    private static string Code(byte code) => string.Create(CultureInfo.InvariantCulture, $"code {code}");

    private static string KebabCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c) : c.ToString()));
}
