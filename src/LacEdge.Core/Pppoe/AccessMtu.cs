using LacEdge.Core.Config;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Core.Pppoe;

/// <summary>What the MTU of an access interface leaves for PPP behind VLAN tags.</summary>
public static class AccessMtu
{
    /// <summary>Header of PPPoE, and the protocol field of PPP, which is no part of an MRU.</summary>
    private const int Overhead = 8;

    /// <summary>The largest MRU of a subscriber behind these tags: octets of PPP information in the longest frame that the
    /// interface takes. Below zero for absurd MTUs.</summary>
    public static int Room(int mtu, VlanStack vlans) => mtu + vlans.FreeSize - vlans.Size - Overhead;

    /// <summary>One sentence if the MTU is too small for the MRU of a service on this interface; else null.</summary>
    public static string? Trouble(LacConfig config, string interfaceName, int mtu)
    {
        var (needed, tags) = config.Access
            .SelectMany(service => service.Interfaces.Where(one => one.Name == interfaceName)
                .SelectMany(one => one.Vlans).Select(vlans => (Needed: Needed(service.Ppp.Mru, vlans.Tags), vlans.Tags)))
            .Max();
        if (mtu >= needed) return null;
        var room = Room(mtu, tags switch { 0 => VlanStack.Untagged, 1 => VlanStack.Single(s_tag), _ => VlanStack.Double(s_tag, s_tag) });
        var (behind, worse) = tags switch
        {
            0 => ("", ""),
            1 => (" with a VLAN tag", ""),
            _ => (" with two VLAN tags", $" ({room - 4} where the outer TPID is not 0x8100)"),
        };
        return $"access interface {interfaceName}: MTU {mtu} is too small for full frames{behind}: "
            + $"the largest MRU there is {room}{worse}; set the MTU to {needed}";
    }

    private static readonly VlanTag s_tag = new(0x8100, 1);

    /// <summary>One C-VLAN tag is free. Of two, none need be: their TPIDs are the access network's choice.</summary>
    private static int Needed(int mru, byte tags) => mru + Overhead + (tags == 2 ? 8 : 0);
}
