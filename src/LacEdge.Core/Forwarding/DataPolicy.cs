namespace LacEdge.Core.Forwarding;

/// <summary>How a tunnel's data messages are made and treated; from its tunnel profile and peer profile.</summary>
public sealed record DataPolicy
{
    public static DataPolicy Default { get; } = new();

    /// <summary>FF 03 in front of PPP towards the LNS; from it both forms are taken.</summary>
    public bool AddressAndControl { get; init; } = true;
    /// <summary>Every data message carries Ns, for Sequencing Required (AVP 39) was sent; else the LNS's way is followed.</summary>
    public bool AlwaysSequenced { get; init; }
    /// <summary>Data messages of one session that may wait for an earlier one; 0: none waits.</summary>
    public int ReorderWindow { get; init; }
    /// <summary>How long they wait.</summary>
    public TimeSpan ReorderTime { get; init; }
    /// <summary>Of the outer IP header; null: that of the inner packet.</summary>
    public byte? Dscp { get; init; } = 0;
    /// <summary>Longest outer IP packet that the path takes whole, octets; longer ones are counted. 0: not known.</summary>
    public ushort PathMtu { get; init; }
    /// <summary>Longest TCP MSS that a SYN of the subscriber's traffic keeps, octets; 0: it is left alone.</summary>
    public ushort MaxMssIpv4 { get; init; }
    public ushort MaxMssIpv6 { get; init; }
}
