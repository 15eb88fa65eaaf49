using System.Globalization;

namespace LacEdge.Wire.L2tp;

/// <summary>Control message types (RFC 2661 section 3.2 and the IANA registry). Values outside of the enum occur on the wire.</summary>
public enum MessageType : ushort
{
    /// <summary>Start-Control-Connection-Request.</summary>
    Sccrq = 1,
    /// <summary>Start-Control-Connection-Reply.</summary>
    Sccrp = 2,
    /// <summary>Start-Control-Connection-Connected.</summary>
    Scccn = 3,
    /// <summary>Stop-Control-Connection-Notification.</summary>
    StopCcn = 4,
    Hello = 6,
    /// <summary>Outgoing-Call-Request.</summary>
    Ocrq = 7,
    /// <summary>Outgoing-Call-Reply.</summary>
    Ocrp = 8,
    /// <summary>Outgoing-Call-Connected.</summary>
    Occn = 9,
    /// <summary>Incoming-Call-Request.</summary>
    Icrq = 10,
    /// <summary>Incoming-Call-Reply.</summary>
    Icrp = 11,
    /// <summary>Incoming-Call-Connected.</summary>
    Iccn = 12,
    /// <summary>Call-Disconnect-Notify.</summary>
    Cdn = 14,
    /// <summary>WAN-Error-Notify.</summary>
    Wen = 15,
    /// <summary>Set-Link-Info.</summary>
    Sli = 16,
    /// <summary>Failover-Session-Query (RFC 4951).</summary>
    Fsq = 21,
    /// <summary>Failover-Session-Response (RFC 4951).</summary>
    Fsr = 22,
    /// <summary>Connect-Speed-Update-Notification (RFC 5515).</summary>
    Csun = 28,
    /// <summary>Connect-Speed-Update-Request (RFC 5515).</summary>
    Csurq = 29,
}

/// <summary>What a refusal of a message clears (RFC 2661 section 7.1).</summary>
public enum MessageScope : byte { Tunnel, Session }

/// <summary>One row of <see cref="MessageTable"/>.</summary>
/// <param name="Name">The RFC's name, as operators know it.</param>
/// <param name="Mandatory">The M bit of the Message Type AVP when sent.</param>
/// <param name="Required">The AVPs that must be there, beside Message Type.</param>
public sealed record MessageInfo(MessageType Type, string Name, MessageScope Scope, bool Mandatory, AvpType[] Required);

/// <summary>The control messages that are understood (RFC 2661 section 6).</summary>
public static class MessageTable
{
    private static readonly MessageInfo?[] Rows = Build(
    [
        Tunnel(
            MessageType.Sccrq, "SCCRQ",
            AvpType.ProtocolVersion, AvpType.HostName, AvpType.FramingCapabilities, AvpType.AssignedTunnelId),
        Tunnel(
            MessageType.Sccrp, "SCCRP",
            AvpType.ProtocolVersion, AvpType.FramingCapabilities, AvpType.HostName, AvpType.AssignedTunnelId),
        Tunnel(MessageType.Scccn, "SCCCN"),
        Tunnel(MessageType.StopCcn, "StopCCN", AvpType.AssignedTunnelId, AvpType.ResultCode),
        Tunnel(MessageType.Hello, "HELLO"),
        Session(
            MessageType.Ocrq, "OCRQ", AvpType.AssignedSessionId, AvpType.CallSerialNumber, AvpType.MinimumBps, AvpType.MaximumBps,
            AvpType.BearerType, AvpType.FramingType, AvpType.CalledNumber),
        Session(MessageType.Ocrp, "OCRP", AvpType.AssignedSessionId),
        Session(MessageType.Occn, "OCCN", AvpType.TxConnectSpeed, AvpType.FramingType),
        Session(MessageType.Icrq, "ICRQ", AvpType.AssignedSessionId, AvpType.CallSerialNumber),
        Session(MessageType.Icrp, "ICRP", AvpType.AssignedSessionId),
        Session(MessageType.Iccn, "ICCN", AvpType.TxConnectSpeed, AvpType.FramingType),
        Session(MessageType.Cdn, "CDN", AvpType.ResultCode, AvpType.AssignedSessionId),
        Session(MessageType.Wen, "WEN", AvpType.CallErrors),
        Session(MessageType.Sli, "SLI", AvpType.Accm),
    ]);

    private static readonly MessageInfo Fsq = Tunnel(MessageType.Fsq, "FSQ", AvpType.FailoverSessionState);
    private static readonly MessageInfo Fsr = Tunnel(MessageType.Fsr, "FSR", AvpType.FailoverSessionState);

    /// <summary>Also the messages of RFC 4951.</summary>
    public static MessageInfo? FindWithFailover(MessageType type) => type switch
    {
        MessageType.Fsq => Fsq,
        MessageType.Fsr => Fsr,
        _ => Find(type),
    };

    /// <summary>Null for a type that RFC 2661 does not define.</summary>
    public static MessageInfo? Find(MessageType type) => (ushort)type < Rows.Length ? Rows[(ushort)type] : null;

    /// <summary>"ICRQ"; "CSUN"; "message 99" for unknown ones.</summary>
    public static string NameOf(MessageType type) => type switch
    {
        MessageType.Fsq => "FSQ",
        MessageType.Fsr => "FSR",
        MessageType.Csun => "CSUN",
        MessageType.Csurq => "CSURQ",
        _ => Find(type)?.Name ?? string.Create(CultureInfo.InvariantCulture, $"message {(ushort)type}"),
    };

    /// <summary>The M bit of Message Type when we send it; extensions are sent with 0, so that an old peer ignores them.</summary>
    public static bool IsMandatory(MessageType type) => Find(type)?.Mandatory ?? false;

    private static MessageInfo Tunnel(MessageType type, string name, params AvpType[] required) =>
        new(type, name, MessageScope.Tunnel, true, required);

    private static MessageInfo Session(MessageType type, string name, params AvpType[] required) =>
        new(type, name, MessageScope.Session, true, required);

    private static MessageInfo?[] Build(ReadOnlySpan<MessageInfo> rows)
    {
        var table = new MessageInfo?[(int)MessageType.Sli + 1];
        foreach (var row in rows) table[(int)row.Type] = row;
        return table;
    }
}
