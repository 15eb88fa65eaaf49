using LacEdge.Core.Config;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Core.Pppoe;

/// <summary>Digests of lines and hosts, keyed: what tables that strangers fill are indexed by.</summary>
internal static class LineHash
{
    /// <summary>The VLAN ids on an interface: TPIDs and priority tags make no other line of it, or a host would get a rate for each.</summary>
    public static ulong OfLine(this KeyedHash hash, int accessGroup, VlanStack vlans) => hash.Of((ulong)accessGroup, Word(vlans));

    /// <summary>A MAC on it.</summary>
    public static ulong OfHost(this KeyedHash hash, int accessGroup, VlanStack vlans, MacAddress mac) =>
        hash.Of((ulong)accessGroup, Word(vlans), mac.Value);

    private static ulong Word(VlanStack vlans)
    {
        var (outer, inner) = VlanPattern.IdsOf(vlans);
        return (ulong)outer << 16 | inner;
    }
}
