using LacEdge.Wire.Ethernet;

namespace LacEdge.Lab;

/// <summary>How the lab's subscribers reach LacEdge: by turns without a tag, on a VLAN, and behind QinQ (802.1ad over 802.1Q).</summary>
internal static class LabLine
{
    /// <summary>As the configuration writes them.</summary>
    public const string Vlans = "[untagged, 100-199, 200-299.any]";

    public static VlanStack Of(int subscriber)
    {
        var (kind, number) = (subscriber / 4 % 3, subscriber % 100);
        // Four at a time: both ISPs and both ways of authentication have lines of every kind.
        return kind switch
        {
            0 => VlanStack.Untagged,
            1 => VlanStack.Single(new VlanTag(0x8100, (ushort)(100 + number))),
            _ => VlanStack.Double(new VlanTag(0x88A8, (ushort)(200 + number)), new VlanTag(0x8100, (ushort)(1 + subscriber % 4094))),
        };
    }
}
