using System.Globalization;

namespace LacEdge.Wire.L2tp;

/// <summary>Result codes of StopCCN (RFC 2661 section 4.4.2, RFC 3308).</summary>
public enum StopCcnResult : ushort
{
    GeneralClear = 1,
    /// <summary>The error code says more.</summary>
    GeneralError = 2,
    AlreadyExists = 3,
    NotAuthorized = 4,
    /// <summary>The error code is the highest version supported.</summary>
    VersionNotSupported = 5,
    ShuttingDown = 6,
    StateMachineError = 7,
    CcdsMismatch = 8,
}

/// <summary>Result codes of CDN (RFC 2661 section 4.4.2, RFC 3308).</summary>
public enum CdnResult : ushort
{
    LossOfCarrier = 1,
    /// <summary>The error code says more.</summary>
    GeneralError = 2,
    Administrative = 3,
    NoFacilitiesTemporary = 4,
    NoFacilitiesPermanent = 5,
    InvalidDestination = 6,
    NoCarrier = 7,
    Busy = 8,
    NoDialTone = 9,
    /// <summary>Not established within the time allotted by the LAC.</summary>
    SetupTimeout = 10,
    NoFraming = 11,
    SdsMismatch = 12,
}

/// <summary>General error codes of StopCCN and CDN (RFC 2661 section 4.4.2 and the IANA registry).</summary>
public enum L2tpErrorCode : ushort
{
    None = 0,
    NoControlConnection = 1,
    LengthWrong = 2,
    FieldOutOfRange = 3,
    InsufficientResources = 4,
    SessionIdInvalid = 5,
    VendorSpecific = 6,
    TryAnother = 7,
    UnknownMandatoryAvp = 8,
    TryAnotherDirected = 9,
    NextHopUnreachable = 10,
    NextHopBusy = 11,
    TsaBusy = 12,
}

/// <summary>The value of a Result Code AVP to send. Without <paramref name="Error"/> it has two octets, which some old peers
/// refuse.</summary>
public readonly record struct ResultCode(ushort Result, ushort? Error = null, string Text = "")
{
    public ResultCode(StopCcnResult result, L2tpErrorCode error = L2tpErrorCode.None, string text = "")
        : this((ushort)result, (ushort)error, text) { }

    public ResultCode(CdnResult result, L2tpErrorCode error = L2tpErrorCode.None, string text = "")
        : this((ushort)result, (ushort)error, text) { }
}

/// <summary>A view of a received Result Code AVP; what is absent is 0 or empty.</summary>
public readonly ref struct ResultCodeValue
{
    public ushort Result { get; private init; }
    public ushort Error { get; private init; }
    /// <summary>The peer's words: hostile octets.</summary>
    public ReadOnlySpan<byte> Text { get; private init; }

    /// <summary>Of 2 octets or more; an odd third one is left alone.</summary>
    public static ResultCodeValue Read(ReadOnlySpan<byte> value)
    {
        var reader = new WireReader(value);
        return new ResultCodeValue { Result = reader.ReadUInt16(), Error = reader.ReadUInt16(), Text = reader.Rest };
    }
}

/// <summary>The value of a PPP Disconnect Cause AVP to send (RFC 3145).</summary>
/// <param name="Protocol">PPP protocol that it concerns; 0 if none.</param>
/// <param name="Direction">0 global, 1 at the peer, 2 at the local end.</param>
public readonly record struct DisconnectCause(ushort Code, ushort Protocol = 0, byte Direction = 0, string Text = "");

/// <summary>A view of a received PPP Disconnect Cause AVP (RFC 3145 section 2).</summary>
public readonly ref struct DisconnectCauseValue
{
    public ushort Code { get; private init; }
    public ushort Protocol { get; private init; }
    public byte Direction { get; private init; }
    /// <summary>The peer's words: hostile octets.</summary>
    public ReadOnlySpan<byte> Text { get; private init; }

    /// <summary>Of 5 octets or more.</summary>
    public static DisconnectCauseValue Read(ReadOnlySpan<byte> value)
    {
        var reader = new WireReader(value);
        return new DisconnectCauseValue
        {
            Code = reader.ReadUInt16(),
            Protocol = reader.ReadUInt16(),
            Direction = reader.ReadByte(),
            Text = reader.Rest,
        };
    }
}

/// <summary>The codes in words, for logs and for <c>decode</c>.</summary>
public static class ResultCodeNames
{
    public static string StopCcn(ushort result) => (StopCcnResult)result switch
    {
        StopCcnResult.GeneralClear => "general request to clear the control connection",
        StopCcnResult.GeneralError => "general error",
        StopCcnResult.AlreadyExists => "control channel already exists",
        StopCcnResult.NotAuthorized => "requester is not authorized",
        StopCcnResult.VersionNotSupported => "protocol version not supported",
        StopCcnResult.ShuttingDown => "requester is being shut down",
        StopCcnResult.StateMachineError => "finite state machine error",
        StopCcnResult.CcdsMismatch => "CCDS AVP mismatch",
        _ => Number("result", result),
    };

    public static string Cdn(ushort result) => (CdnResult)result switch
    {
        CdnResult.LossOfCarrier => "loss of carrier",
        CdnResult.GeneralError => "general error",
        CdnResult.Administrative => "administrative reasons",
        CdnResult.NoFacilitiesTemporary => "no facilities (temporary)",
        CdnResult.NoFacilitiesPermanent => "no facilities (permanent)",
        CdnResult.InvalidDestination => "invalid destination",
        CdnResult.NoCarrier => "no carrier detected",
        CdnResult.Busy => "busy",
        CdnResult.NoDialTone => "no dial tone",
        CdnResult.SetupTimeout => "not established within the time allotted by the LAC",
        CdnResult.NoFraming => "no appropriate framing detected",
        CdnResult.SdsMismatch => "SDS AVP mismatch",
        _ => Number("result", result),
    };

    public static string Error(ushort error) => (L2tpErrorCode)error switch
    {
        L2tpErrorCode.None => "no general error",
        L2tpErrorCode.NoControlConnection => "no control connection exists yet",
        L2tpErrorCode.LengthWrong => "length is wrong",
        L2tpErrorCode.FieldOutOfRange => "field out of range or reserved field non-zero",
        L2tpErrorCode.InsufficientResources => "insufficient resources",
        L2tpErrorCode.SessionIdInvalid => "session id invalid in this context",
        L2tpErrorCode.VendorSpecific => "vendor-specific error",
        L2tpErrorCode.TryAnother => "try another LNS",
        L2tpErrorCode.UnknownMandatoryAvp => "unknown AVP with the M bit set",
        L2tpErrorCode.TryAnotherDirected => "try another LNS, directed",
        L2tpErrorCode.NextHopUnreachable => "next hop unreachable",
        L2tpErrorCode.NextHopBusy => "next hop busy",
        L2tpErrorCode.TsaBusy => "TSA busy",
        _ => Number("error", error),
    };

    /// <summary>RFC 3145 section 3.</summary>
    public static string Disconnect(ushort code) => code switch
    {
        0 => "no information available",
        1 => "administrative disconnect",
        2 => "LCP renegotiation disabled at the LNS and no proxy LCP",
        3 => "normal disconnection, LCP Terminate-Request",
        4 => "compulsory encryption refused",
        5 => "LCP finite state machine timeout",
        6 => "no LCP packets received",
        7 => "loop back detected",
        8 => "LCP echo timeout",
        9 => "endpoint discriminator mismatch",
        10 => "MRRU not valid",
        11 => "short sequence number option invalid",
        12 => "compulsory callback refused",
        13 => "authentication finite state machine timeout",
        14 => "unexpected or unacceptable authenticated name",
        15 => "authentication protocol unacceptable",
        16 => "authentication failed",
        17 => "NCP finite state machine timeout",
        18 => "no NCP available",
        19 => "NCP address failed to converge",
        20 => "NCP address not permitted",
        _ => Number("code", code),
    };

    private static string Number(string what, ushort value) => string.Create(CultureInfo.InvariantCulture, $"{what} {value}");
}
