using LacEdge.Wire.Ethernet;

namespace LacEdge.Core.Pppoe;

/// <summary>One access interface: its state, its services, its sessions.</summary>
internal sealed class AccessGroup(int number, IEnumerable<ServiceVlans> services, RandomStreams random)
{
    /// <summary>Ethernet's payload of 1500 less the PPPoE header and the PPP protocol field (RFC 2516 section 7).</summary>
    public const int StandardPayload = 1492;

    public int Number => number;
    public AccessServices Services { get; } = new(services);
    public PppoeSessionTable Sessions { get; } = new(random[RandomPurpose.CookieKey]);
    /// <summary>0 and 0xFFFF are not for sessions (RFC 2516 section 4).</summary>
    public IdPool Ids { get; } = new(random[RandomPurpose.PppoeSessionId], 1, 0xFFFE, 0xFFFE);

    public MacAddress Mac { get; set; }
    public int Mtu { get; set; }
    public bool Up { get; set; }
    /// <summary>In bit/s; 0: not known.</summary>
    public ulong Speed { get; set; }

    public bool TakesMoreThanStandard(VlanStack vlans) => AccessMtu.Room(Mtu, vlans) > StandardPayload;

    /// <summary>RFC 4638 section 5.1: the largest MRU for a host behind these tags that sent this PPP-Max-Payload (0: none).</summary>
    public ushort MaxPayload(ushort tag, VlanStack vlans)
    {
        var wanted = tag > StandardPayload ? tag : StandardPayload;
        return (ushort)Math.Clamp(AccessMtu.Room(Mtu, vlans), 0, wanted);
    }

    /// <summary>Whether the interface takes the frame.</summary>
    public bool Fits(ReadOnlySpan<byte> frame) =>
        EthernetFrame.TryParse(frame, out var ethernet, out _) && frame.Length <= EthernetFrame.HeaderSize + Mtu + ethernet.Vlans.FreeSize;
}
