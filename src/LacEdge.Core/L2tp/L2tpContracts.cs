using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Ppp;
using LacEdge.Wire;
using LacEdge.Wire.Ip;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Core.L2tp;

/// <summary>Where a tunnel goes and under which name, and what its LNS wants to be told.</summary>
public sealed record TunnelTarget(TunnelProfile Profile, UdpEndpoint Lns, string LnsName, PeerProfile Peer)
{
    /// <summary>Sessions of other assignment ids get other tunnels.</summary>
    public string AssignmentId { get; init; } = "";
    /// <summary>What is learned of its LNS; null: the peer profile does not adapt.</summary>
    public AvpAdaptation? Adaptation { get; init; }
}

/// <summary>What ICRQ says of a call. What is empty, 0 or null is left out.</summary>
/// <param name="NasPort">Text of Cisco's AVP 100.</param>
/// <param name="SubAddress">AVP 23.</param>
/// <param name="Line">For the access-line AVPs that the tunnel's peer profile asks for.</param>
public sealed record CallRequest(
    string CallingNumber, string CalledNumber, uint PhysicalChannelId = 0, string NasPort = "", AccessLine? Line = null,
    string SubAddress = "");

/// <summary>What ICCN says of a call: speeds in bit/s (clamped to 32 bits), proxy LCP, proxy authentication, AVP 37.</summary>
public sealed record CallConnect(
    ulong TxSpeed, ulong RxSpeed, ProxyLcp ProxyLcp, ProxyAuthentication Authentication, string PrivateGroup = "");

/// <summary>AVPs 29 to 33 (RFC 2661 section 4.4.5). <paramref name="Challenge"/> is empty for PAP.</summary>
/// <param name="Type">Null: none of the AVPs is sent.</param>
public sealed record ProxyAuthentication(ushort? Type, byte Identifier, Bytes Name, Bytes Challenge, Bytes Response)
{
    public static ProxyAuthentication Omitted { get; } = new(null, 0, default, default, default);

    /// <summary>Without the secrets.</summary>
    public override string ToString() => $"type {Type} id {Identifier}";
}

/// <summary>How a call ended, seen from the L2TP side.</summary>
/// <param name="Cause">LnsCdn, LnsStopCcn, LnsDead, CallTimeout, CallRefused (CDN before ICCN), CallProtocolError, or the cause of the
/// tunnel.</param>
/// <param name="ResultCode">Of the CDN or StopCCN received; 0 if none was.</param>
/// <param name="Detail">One sentence with the peer's text, printable.</param>
/// <param name="DisconnectCause">RFC 3145 code, when the peer sent one.</param>
public sealed record CallEnd(EndCause Cause, ushort ResultCode, ushort ErrorCode, string Detail, ushort? DisconnectCause = null);

/// <summary>What the L2TP endpoint tells its user.</summary>
public interface IL2tpUser
{
    void TunnelEstablished(L2tpTunnel tunnel, Instant now);

    /// <summary>The tunnel takes no calls any more. Every call on it has been reported by <see cref="CallEnded"/> before.
    /// It may linger to acknowledge and to repeat StopCCN.</summary>
    void TunnelClosed(L2tpTunnel tunnel, EndCause cause, string detail, Instant now);

    /// <summary>Whether data that the user forwards itself has come from the LNS: true when the user finds out and tells by
    /// <see cref="L2tpEndpoint.HandleActivity"/>; false when none can have come.</summary>
    bool AskActivity(L2tpTunnel tunnel);

    /// <summary>The last of the tunnel is gone: its socket and slot are free.</summary>
    void TunnelForgotten(L2tpTunnel tunnel, Instant now);

    /// <summary>ICRP is here: the peer's session id is known. The user installs the downstream entry, then connects.</summary>
    void CallAccepted(L2tpCall call, Instant now);

    /// <summary>ICCN is acknowledged.</summary>
    void CallConnected(L2tpCall call, Instant now);

    /// <summary>The call ended by the peer, by the tunnel, or by a timer. Not called after the user ended it.</summary>
    void CallEnded(L2tpCall call, CallEnd end, Instant now);

    /// <summary>A PPP frame from the LNS that the data plane passed up, FF 03 taken off.</summary>
    void DataReceived(L2tpCall call, ReadOnlySpan<byte> ppp, Instant now);
}
