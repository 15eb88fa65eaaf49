using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Core.Forwarding;

/// <summary>
/// A change of what the data plane forwards. Order matters and is kept: the tunnel, then the entry towards the subscriber
/// (before ICCN is first sent), then the entry towards the LNS. Slots are small numbers that Core allocates.
/// </summary>
public abstract record ForwardingUpdate;

/// <summary>A tunnel's outer header. Frames for it go out of <paramref name="Socket"/> to <paramref name="Peer"/>; frames
/// from it are taken only on that socket, from that address and port, for <paramref name="LocalTunnelId"/>.</summary>
public sealed record InstallTunnel(int TunnelSlot, int Socket, UdpEndpoint Peer, ushort LocalTunnelId, ushort PeerTunnelId) : ForwardingUpdate
{
    public DataPolicy Data { get; init; } = DataPolicy.Default;
}

public sealed record RemoveTunnel(int TunnelSlot) : ForwardingUpdate;

/// <summary>Changes nothing: the host answers with the frames that the tunnel's sessions have received from the LNS so far.</summary>
public sealed record ReadTunnel(int TunnelSlot) : ForwardingUpdate;

/// <summary>Changes nothing: the host answers with the session's frames so far, in both directions and without LCP echoes.</summary>
public sealed record ReadSession(int Slot) : ForwardingUpdate;

/// <summary>L2TP to PPPoE: frames for <paramref name="LocalSessionId"/> of the tunnel go to the subscriber. FF 03 is taken
/// off; information fields over <paramref name="MaxPppPayload"/> + 2 octets (protocol included) are dropped and counted.</summary>
public sealed record InstallDownstream(
    int Slot, int TunnelSlot, ushort LocalSessionId, int AccessGroup, MacAddress Subscriber, MacAddress AccessConcentrator,
    VlanStack Vlans, ushort PppoeSessionId, ushort MaxPppPayload) : ForwardingUpdate
{
    /// <summary>Each frame's 802.1p priority is the upper three bits of its packet's DSCP.</summary>
    public bool PriorityFromDscp { get; init; }
    /// <summary>Frames are passed up and Core sends them on, until <see cref="ForwardDownstream"/>.</summary>
    public bool ThroughCore { get; init; }
}

/// <summary>Ends <see cref="InstallDownstream.ThroughCore"/>. No frame overtakes those that are on their way through Core.</summary>
public sealed record ForwardDownstream(int Slot) : ForwardingUpdate;

/// <summary>PPPoE to L2TP, for the same <paramref name="Slot"/>: taken only from this subscriber's MAC and VLANs. FF 03 is put in front.</summary>
public sealed record InstallUpstream(int Slot, ushort PeerSessionId) : ForwardingUpdate
{
    /// <summary>Of the outer header, instead of the tunnel's.</summary>
    public byte? Dscp { get; init; }
}

/// <summary>Both directions of the slot end. The host answers with exactly one final counters input.</summary>
public sealed record RemoveSession(int Slot) : ForwardingUpdate;

/// <summary>Frames and PPP octets (from the protocol field on: no FF 03, PPPoE, L2TP or padding) of one session.
/// Upstream is from the subscriber to the LNS.</summary>
public readonly record struct ForwardingCounters(ulong UpFrames, ulong UpOctets, ulong DownFrames, ulong DownOctets, ulong Dropped)
{
    public static ForwardingCounters operator +(ForwardingCounters a, ForwardingCounters b) => new(
        a.UpFrames + b.UpFrames, a.UpOctets + b.UpOctets, a.DownFrames + b.DownFrames, a.DownOctets + b.DownOctets, a.Dropped + b.Dropped);

    public ForwardingCounters Add(ForwardingCounters other) => this + other;
}
