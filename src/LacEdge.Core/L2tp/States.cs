namespace LacEdge.Core.L2tp;

/// <summary>States of a control connection (RFC 2661 section 7.2.1).</summary>
public enum TunnelState
{
    /// <summary>Over and forgotten.</summary>
    Idle,
    /// <summary>SCCRQ is sent.</summary>
    WaitCtlReply,
    Established,
    /// <summary>The LNS fails over: sessions go on, nothing is sent until it has recovered the tunnel (RFC 4951).</summary>
    Recovering,
    /// <summary>Takes no calls: StopCCN is on its way, or the ids linger.</summary>
    Closing,
}

/// <summary>Which of a tunnel profile's secrets a tunnel goes by.</summary>
public enum TunnelSecret { None, Current, Old }

/// <summary>States of an incoming call at the LAC (RFC 2661 section 7.4.1).</summary>
public enum CallState
{
    /// <summary>Over.</summary>
    Idle,
    /// <summary>The tunnel is not established, or its window is full.</summary>
    WaitTunnel,
    /// <summary>ICRQ is sent.</summary>
    WaitReply,
    /// <summary>ICCN is sent.</summary>
    Established,
}
