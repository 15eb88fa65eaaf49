namespace LacEdge.Core.L2tp;

/// <summary>An incoming call as the LAC sees it (RFC 2661 section 7.4.1). <see cref="TunnelCalls"/> moves it along.</summary>
public sealed class L2tpCall : ITimerOwner
{
    internal L2tpCall(L2tpTunnel tunnel, ushort localSessionId, uint serialNumber, object owner, ulong timerOrder)
    {
        Tunnel = tunnel;
        LocalSessionId = localSessionId;
        SerialNumber = serialNumber;
        Owner = owner;
        TimerOrder = timerOrder;
    }

    public L2tpTunnel Tunnel { get; }
    public CallState State { get; internal set; } = CallState.WaitTunnel;
    public ushort LocalSessionId { get; }
    /// <summary>0 until ICRP.</summary>
    public ushort PeerSessionId { get; internal set; }
    /// <summary>Call Serial Number: the same for LAC and LNS, to find a call in both logs.</summary>
    public uint SerialNumber { get; }
    public object? Owner { get; set; }
    /// <summary>DSCP for its data messages that the LNS wants instead of the profile's (RFC 3308); null: the profile's.</summary>
    public byte? Dscp { get; internal set; }
    public ulong TimerOrder { get; }

    /// <summary>What the last message about it, ICRQ or ICCN, carried.</summary>
    internal SentAvps Sent { get; set; }
    internal Instant SentAt { get; set; }
    /// <summary>ICCN is acknowledged.</summary>
    internal bool Connected { get; set; }
    /// <summary>What ICRQ will say; dropped when it is sent.</summary>
    internal CallRequest? Request { get; set; }
    /// <summary>For ICRP, while it is awaited; then, where it is of interest, for the proof that ICCN is not refused.</summary>
    internal Timer? AnswerTimer { get; set; }
    /// <summary>Place in the tunnel's list.</summary>
    internal int Index { get; set; }

    public void HandleTimer(int kind, Instant now)
    {
        if (State == CallState.WaitReply) Tunnel.CallMachine.ReplyOverdue(this, now);
        else Tunnel.Accepted(Sent, now);
    }
}

/// <summary>All live calls by our session id: pages, so that a few calls cost little and many cost no hashing.</summary>
internal sealed class CallTable
{
    private const int PageSize = 256;
    private readonly L2tpCall?[]?[] _pages = new L2tpCall?[65536 / PageSize][];

    public L2tpCall? this[ushort sessionId]
    {
        get => _pages[sessionId / PageSize]?[sessionId % PageSize];
        set => (_pages[sessionId / PageSize] ??= new L2tpCall?[PageSize])[sessionId % PageSize] = value;
    }
}
