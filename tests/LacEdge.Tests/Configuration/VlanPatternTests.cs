using LacEdge.Core.Config;
using LacEdge.Core.Pppoe;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Tests.Configuration;

/// <summary>Which tag stacks a pattern takes, and what an MTU leaves behind them.</summary>
public sealed class VlanPatternTests
{
    [Theory]
    [InlineData("untagged", "", true)]
    [InlineData("untagged", "0", true)]
    [InlineData("untagged", "0.0", true)]
    [InlineData("untagged", "1", false)]
    [InlineData("untagged", "0.1", false)]
    [InlineData("100", "100", true)]
    [InlineData("100", "101", false)]
    [InlineData("100", "", false)]
    [InlineData("100", "0.100", true)]
    [InlineData("100", "100.0", true)]
    [InlineData("100", "100.100", false)]
    [InlineData("100-199", "99", false)]
    [InlineData("100-199", "100", true)]
    [InlineData("100-199", "199", true)]
    [InlineData("100-199", "200", false)]
    [InlineData("any", "1", true)]
    [InlineData("any", "4094", true)]
    [InlineData("any", "4095", false)]
    [InlineData("any", "1.1", false)]
    [InlineData("any", "", false)]
    [InlineData("300.7", "300.7", true)]
    [InlineData("300.7", "7.300", false)]
    [InlineData("300.7", "300", false)]
    [InlineData("300.7", "300.0", false)]
    [InlineData("100.100", "100.100", true)]
    [InlineData("200-299.any", "250.4094", true)]
    [InlineData("200-299.any", "250.4095", false)]
    [InlineData("200-299.any", "250", false)]
    [InlineData("200-299.any", "300.1", false)]
    [InlineData("any.any", "1.1", true)]
    [InlineData("any.any", "0.1", false)]
    [InlineData("any.10-20", "4094.20", true)]
    [InlineData("any.10-20", "4094.21", false)]
    public void A_pattern_takes_ids_whatever_TPIDs_and_priorities(string text, string ids, bool taken)
    {
        Assert.True(VlanPattern.TryParse(text, out var pattern));
        Assert.Equal(text, pattern.ToString());
        foreach (var tpid in (ushort[])[0x8100, 0x88A8, 0x9100])
        {
            foreach (var bits in (ushort[])[0, 0x1000, 0xE000, 0xF000])
            {
                var tags = ids.Split('.', StringSplitOptions.RemoveEmptyEntries)
                    .Select(id => new VlanTag(tpid, (ushort)(bits | ushort.Parse(id, null)))).ToArray();
                var stack = tags switch { [] => VlanStack.Untagged, [var one] => VlanStack.Single(one), _ => VlanStack.Double(tags[0], tags[1]) };
                Assert.Equal(taken, pattern.Matches(stack));
            }
        }
    }

    [Theory]
    [InlineData(1500, 1492, "untagged any", null)]
    [InlineData(1508, 1492, "any.any", null)]
    [InlineData(1499, 1492, "untagged", "MTU 1499 is too small for full frames: the largest MRU there is 1491; set the MTU to 1500")]
    [InlineData(1499, 1492, "untagged 7", "MTU 1499 is too small for full frames with a VLAN tag: the largest MRU there is 1491; set the MTU to 1500")]
    [InlineData(1500, 1492, "7 any.any", "MTU 1500 is too small for full frames with two VLAN tags: the largest MRU there is 1488 "
        + "(1484 where the outer TPID is not 0x8100); set the MTU to 1508")]
    [InlineData(1500, 1484, "any.any", null)]
    [InlineData(1500, 1485, "any.any", "MTU 1500 is too small for full frames with two VLAN tags: the largest MRU there is 1488 "
        + "(1484 where the outer TPID is not 0x8100); set the MTU to 1501")]
    public void An_MTU_without_room_for_the_tags_is_told(int mtu, int mru, string vlans, string? trouble)
    {
        VlanPattern[] patterns = [.. vlans.Split(' ').Select(text => VlanPattern.TryParse(text, out var pattern) ? pattern : throw new FormatException(text))];
        var service = new AccessServiceConfig
        {
            Name = "residential",
            Interfaces = [new AccessInterfaceConfig("eth1", [.. patterns]), "eth2"],
            AcName = "lac1",
            ChallengeName = "lac1",
            Ppp = new PppConfig { Mru = (ushort)mru },
        };
        var config = new LacConfig { Node = new NodeConfig { Name = "lac1" }, Access = [service] };
        Assert.Equal(trouble is null ? null : $"access interface eth1: {trouble}", AccessMtu.Trouble(config, "eth1", mtu));
        Assert.Null(AccessMtu.Trouble(config, "eth2", 1500));
    }
}
