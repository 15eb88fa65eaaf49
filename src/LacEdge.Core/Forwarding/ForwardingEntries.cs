using System.Runtime.InteropServices;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Core.Forwarding;

/// <summary>PPPoE to L2TP for one session, found by access group and PPPoE session id. One cache line.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
public struct UpstreamEntry
{
    public const byte NoDscp = 0xFF;

    /// <summary>Not zero: the rest may be read. Written last when an entry is made, first when it ends.</summary>
    public uint Valid;
    public int Slot;
    public int TunnelSlot;
    public ushort PeerSessionId;
    /// <summary>Of the outer header; <see cref="NoDscp"/>: the tunnel's.</summary>
    public byte Dscp;
    public MacAddress Subscriber;
    public MacAddress AccessConcentrator;
    public VlanStack Vlans;
}

/// <summary>L2TP to PPPoE for one session, found by the local L2TP session id. One cache line.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
public struct DownstreamEntry
{
    /// <summary>As <see cref="UpstreamEntry.Valid"/>.</summary>
    public uint Valid;
    public int Slot;
    public int TunnelSlot;
    public int AccessGroup;
    public ushort PppoeSessionId;
    /// <summary>Each frame's 802.1p priority is the upper three bits of its packet's DSCP.</summary>
    public bool PriorityFromDscp;
    /// <summary>Passed up instead. May change while the entry is valid.</summary>
    public bool ThroughCore;
    /// <summary>Longest information field in octets; the protocol field is not part of it.</summary>
    public ushort MaxPppPayload;
    public MacAddress Subscriber;
    public MacAddress AccessConcentrator;
    public VlanStack Vlans;
}
