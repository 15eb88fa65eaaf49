using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.L2tp;

namespace LacEdge.Core.Lac;

/// <summary>What it means that a call came to nothing.</summary>
internal static class CallRefusal
{
    /// <summary>An administrative CDN (RFC 2661 section 4.4.2) and one that tells of a failed authentication (RFC 3145: 13, 14, 16) concern the
    /// user, not the LNS; the peer profile may know better.</summary>
    public static bool MayTryNext(CallEnd end, PeerProfile peer) => end.Cause != EndCause.CallRefused || peer.MeaningOf(end.ResultCode, end.ErrorCode) switch
    {
        RefusedCall.NextLns => true,
        RefusedCall.Refuse => false,
        null => end is not ({ ResultCode: 3 } or { DisconnectCause: 13 or 14 or 16 }),
    };
}
