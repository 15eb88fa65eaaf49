using LacEdge.Wire;

namespace LacEdge.Core;

/// <summary>Well-formed input that was not acted upon, by reason.</summary>
public enum DropReason : byte
{
    /// <summary>EtherType, destination MAC or VLANs are not ours.</summary>
    NotForUs,
    InterfaceNotReady,
    GroupSource,
    ServiceNameCount,
    ServiceUnknown,
    SessionIdNotZero,
    CookieMissing,
    CookieWrong,
    PppoeCodeUnexpected,
    PppoeSessionUnknown,
    /// <summary>Session frame or PADT from another MAC or VLAN than the session's.</summary>
    PppoeNotOwner,
    /// <summary>By the MAC lists.</summary>
    MacDenied,
    /// <summary>The host has used up its rate of PADIs.</summary>
    PadiRateMac,
    PadiRateVlan,
    PadiRateInterface,
    /// <summary>PADRs whose cookie was right.</summary>
    PadrRateMac,
    PadrRateVlan,
    PadrRateInterface,
    /// <summary>The line's sessions kept ending at once.</summary>
    LockedOut,
    /// <summary>The PADO delay is "never".</summary>
    PadoNever,
    /// <summary>Too many PADOs waited for their time.</summary>
    PadoQueueFull,
    ServiceLimit,
    InterfaceLimit,
    VlanLimit,
    CircuitLimit,
    PppUnexpected,
    PppIdentifierMismatch,
    CredentialsMalformed,
    L2tpTunnelUnknown,
    /// <summary>Control or data from another address, port or socket than the tunnel's.</summary>
    L2tpNotPeer,
    L2tpSessionUnknown,
    L2tpDuplicate,
    L2tpAhead,
    L2tpNrBogus,
    L2tpStateUnexpected,
    L2tpDataOversized,
    L2tpSccrqRefused,
    /// <summary>A RADIUS packet that answers nothing that waits.</summary>
    RadiusUnexpected,
    /// <summary>From another address or port than the server's.</summary>
    RadiusNotServer,
    /// <summary>Response Authenticator or Message-Authenticator are wrong: another secret, or forged.</summary>
    RadiusForged,
    /// <summary>Without the Message-Authenticator that is required of this server.</summary>
    RadiusUnsigned,
    Limit,
    /// <summary>LacEdge is ending: nobody begins anew.</summary>
    ShuttingDown,
}

/// <summary>Messages received and sent, and refusals, by kind.</summary>
public enum LacCounter : byte
{
    PadiReceived, PadoSent, PadrReceived, PadsSent, PadsErrorSent, PadtReceived, PadtSent,
    PppFramesReceived, PppFramesSent,
    L2tpControlReceived, L2tpControlSent, L2tpControlRetransmitted, L2tpZlbSent, L2tpZlbReceived, L2tpDataReceived, L2tpDataSent,
    TunnelsOpened, TunnelsEstablished, TunnelsFailed, TunnelsClosed,
    CallsPlaced, CallsConnected, CallsFailed, CallsEnded,
    RadiusSent,
    LookupsSent, LookupsFailed,
    SessionsOpened, SessionsUp, SessionsFailed, SessionsEnded,
}

/// <summary>Counts of everything received, sent, refused and dropped. Never reset by Core.</summary>
public sealed class LacCounters
{
    private readonly ulong[] _errors = new ulong[Enum.GetValues<DecodeError>().Length];
    private readonly ulong[] _drops = new ulong[Enum.GetValues<DropReason>().Length];
    private readonly ulong[] _counters = new ulong[Enum.GetValues<LacCounter>().Length];

    public ulong this[DecodeError error] => _errors[(int)error];
    public ulong this[DropReason reason] => _drops[(int)reason];
    public ulong this[LacCounter counter] => _counters[(int)counter];

    public void Count(DecodeError error) => _errors[(int)error]++;
    public void Count(DropReason reason) => _drops[(int)reason]++;
    public void Count(LacCounter counter) => _counters[(int)counter]++;
}
