using LacEdge.Core.Config;
using LacEdge.Lab.Peers;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Tests.Simulation;

/// <summary>Subscribers behind tags, from PADI to ping and back to nothing.</summary>
public sealed class VlanTests
{
    private static readonly ushort[] s_tpids = [0x8100, 0x88A8, 0x9100];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void PPPOE_023_Subscribers_of_every_tag_stack_come_up_ping_and_go(bool throughCore)
    {
        var scenario = new Scenario(new ScenarioOptions { ThroughCore = throughCore, Service = On("untagged", "any", "any.any") });
        VlanStack[] stacks =
        [
            VlanStack.Untagged,
            .. from outer in s_tpids from id in (ushort[])[0, 100] select VlanStack.Single(new VlanTag(outer, id)),
            .. from outer in s_tpids
               from inner in s_tpids
               from id in (ushort[])[100, 0xE007]
               select VlanStack.Double(new VlanTag(outer, 100), new VlanTag(inner, id)),
        ];
        scenario.Lac.Link(0, up: true, mtu: 1508);
        foreach (var (vlans, i) in stacks.Select((vlans, i) => (vlans, i))) scenario.Network.Dial(scenario.Add(i, vlans: vlans));
        scenario.WaitAllUp(TimeSpan.FromSeconds(30));
        Assert.Equal(stacks, scenario.Lac.Core.SessionsAfter(0).OrderBy(session => session.Pppoe.Subscriber).Select(session => session.Pppoe.Vlans));
        scenario.PingAll();
        foreach (var subscriber in scenario.Subscribers) scenario.Network.HangUp(subscriber, HangUpKind.Terminate);
        scenario.AssertClean();
        scenario.AssertNothingLeft();
    }

    [Fact]
    public void A_subscriber_on_a_VLAN_of_nobody_hears_nothing()
    {
        var scenario = new Scenario(new ScenarioOptions { Service = On("100") });
        var stranger = scenario.Add(1, vlans: VlanStack.Single(new VlanTag(0x8100, 101)));
        scenario.Network.Dial(stranger);
        scenario.Network.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(SubscriberEnd.NoPado, stranger.LastEnd);
        Assert.Equal(0u, stranger.FramesReceived);
        Assert.Equal((ulong)stranger.PadisSent, scenario.Lac.Core.Counters[LacEdge.Core.DropReason.NotForUs]);
        scenario.AssertClean();
    }

    private static Func<AccessServiceConfig, AccessServiceConfig> On(params string[] vlans)
    {
        VlanPattern[] patterns = [.. vlans.Select(text => VlanPattern.TryParse(text, out var pattern) ? pattern : throw new FormatException(text))];
        return service => service with { Interfaces = [new AccessInterfaceConfig("eth1", [.. patterns])] };
    }
}
