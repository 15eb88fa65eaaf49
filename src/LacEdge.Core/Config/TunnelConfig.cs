using LacEdge.Wire.Ip;

namespace LacEdge.Core.Config;

/// <summary>Which AVPs are hidden (RFC 2661 section 4.3).</summary>
public enum AvpHiding
{
    /// <summary>The sensitive ones, when both ends have challenged each other (only then both surely hold the secret).</summary>
    Auto,
    None,
    /// <summary>Proxy authentication name and response of PAP, whenever there is a secret.</summary>
    Sensitive,
    /// <summary>All that may be, in every message from SCCCN on, whenever there is a secret.</summary>
    All,
}

/// <summary>The UDP port from which a tunnel is opened.</summary>
public enum SourcePort
{
    /// <summary>1701 for the first tunnel to an LNS address, a local port for each further one.</summary>
    Auto,
    /// <summary>1701 for every tunnel, also several to one LNS address.</summary>
    WellKnown,
    /// <summary>A local port for every tunnel.</summary>
    Any,
}

/// <summary>Where the LNS's first answer may come from (RFC 2661 section 8.1); afterwards address and port are fixed.</summary>
public enum ReplyFrom
{
    /// <summary>From any port of the address that was asked; from another address when it answers our challenge rightly.</summary>
    Proven,
    /// <summary>From any port of the address that was asked.</summary>
    Address,
    /// <summary>From the address and port that were asked.</summary>
    Exact,
}

/// <summary>Our side of a tunnel.</summary>
public sealed record TunnelProfile
{
    public required string Name { get; init; }
    /// <summary>Host Name AVP; the node's name unless set.</summary>
    public required string HostName { get; init; }
    public string VendorName { get; init; } = "LacEdge";
    /// <summary>Empty: no tunnel authentication.</summary>
    public Secret Secret { get; init; }
    /// <summary>Taken, too, while the LNS still has it; the LNS's answer to our challenge shows which one it holds.</summary>
    public Secret OldSecret { get; init; }
    /// <summary>The Host Name that the LNS must show; empty: any.</summary>
    public string PeerHostName { get; init; } = "";
    /// <summary>None: the kernel chooses.</summary>
    public IpAddress SourceAddress { get; init; }
    public SourcePort SourcePort { get; init; }
    public ReplyFrom ReplyFrom { get; init; }
    /// <summary>The device (a VRF, say) that the sockets are bound to; empty: none.</summary>
    public string Vrf { get; init; } = "";
    public TimeSpan HelloInterval { get; init; } = TimeSpan.FromSeconds(60);
    /// <summary>How long a tunnel without sessions stays; zero: for ever.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);
    /// <summary>Opened at start, opened again after any loss, never closed for being idle.</summary>
    public bool Persistent { get; init; }
    /// <summary>Sessions on one tunnel.</summary>
    public int MaxSessions { get; init; } = 30_000;
    /// <summary>Tunnels to one LNS (for each assignment id): another one is opened when the sessions of those before are used up.</summary>
    public int MaxTunnels { get; init; } = 1;
    /// <summary>Whether SCCRQ carries a Tie Breaker (RFC 2661 section 4.4.3).</summary>
    public bool TieBreaker { get; init; }
    public ushort ReceiveWindow { get; init; } = 64;
    /// <summary>Retransmissions of one control message before the tunnel is given up.</summary>
    public int Retries { get; init; } = 5;
    /// <summary>Longest interval between two of them, at least 8 s.</summary>
    public TimeSpan RetryCap { get; init; } = TimeSpan.FromSeconds(16);
    /// <summary>Time for SCCRP before the next candidate is tried.</summary>
    public TimeSpan SetupTimeout { get; init; } = TimeSpan.FromSeconds(5);
    /// <summary>How long an LNS gets no calls that others can have, after no tunnel could be opened to it or it died.</summary>
    public TimeSpan Lockout { get; init; } = TimeSpan.FromSeconds(30);
    public AvpHiding Hiding { get; init; } = AvpHiding.Auto;
    /// <summary>Of data messages' outer header; null: that of the subscriber's packet.</summary>
    public byte? Dscp { get; init; } = 0;
    /// <summary>DSCPs are agreed with the LNS (RFC 3308): it may want another for data messages.</summary>
    public bool NegotiateDscp { get; init; }
    /// <summary>Of control messages: the configuration has one for all.</summary>
    public byte ControlDscp { get; init; } = 48;
    /// <summary>False: data messages go without UDP checksum.</summary>
    public bool UdpChecksum { get; init; } = true;
    public OversizePolicy Oversize { get; init; } = OversizePolicy.Fragment;
    /// <summary>Longest IP packet that the path to the LNS takes whole, octets.</summary>
    public ushort PathMtu { get; init; } = 1500;
    /// <summary>Sequenced data messages of one session that may wait for an earlier one; 0: none waits.</summary>
    public int ReorderWindow { get; init; } = 16;
    public TimeSpan ReorderTime { get; init; } = TimeSpan.FromMilliseconds(50);
}

/// <summary>What becomes of data messages that the path to the LNS does not take whole.</summary>
public enum OversizePolicy
{
    /// <summary>The outer packet is fragmented.</summary>
    Fragment,
    /// <summary>They go with "don't fragment"; what does not fit is dropped and counted.</summary>
    Drop,
    /// <summary>As <see cref="Fragment"/>; TCP is told by a smaller MSS in its SYNs not to send such.</summary>
    ClampMss,
}
