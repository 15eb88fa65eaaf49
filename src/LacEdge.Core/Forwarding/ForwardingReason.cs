namespace LacEdge.Core.Forwarding;

/// <summary>What the data plane did with a frame or datagram, and why.</summary>
public enum ForwardingReason : byte
{
    /// <summary>Rewritten and sent.</summary>
    Forwarded,
    /// <summary>Passed up: a PPPoE code other than session data, a subscriber's LCP Terminate-Request, an L2TP control message, or what Core
    /// wants to see for itself.</summary>
    Control,
    /// <summary>Passed up: cannot be decoded; Core finds out why and counts it.</summary>
    Malformed,
    /// <summary>Passed up: no such session is spliced (in this direction, yet, any more).</summary>
    SessionUnknown,
    /// <summary>Dropped: the source MAC, our MAC or the VLANs are not the session's.</summary>
    NotOwner,
    /// <summary>Dropped: the address, port or socket is not the tunnel's.</summary>
    NotPeer,
    /// <summary>Dropped: longer than the subscriber's link takes.</summary>
    Oversized,
    /// <summary>Dropped: the kernel did not take it (queue full, link down, no route).</summary>
    SendFailed,
    /// <summary>Dropped: longer than the receive buffer.</summary>
    Truncated,
    /// <summary>Dropped: should be passed up, but Core does not keep pace.</summary>
    PassUpFull,
    /// <summary>Dropped: a sequenced data message that came too late, or twice.</summary>
    Late,
    /// <summary>Dropped: longer than the access interface takes, or than the path to the LNS takes and it may not be fragmented.</summary>
    TooLong,
    /// <summary>Forwarded, in fragments; counted besides.</summary>
    Fragmented,
    /// <summary>Forwarded, a TCP SYN with its MSS made smaller; counted besides.</summary>
    MssClamped,
    /// <summary>Forwarded, after it had waited for an earlier data message; counted besides.</summary>
    Reordered,
    /// <summary>Sequenced data messages that never came, or too late.</summary>
    Missing,
}
