using System.Text;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Steering;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Tests.Steering;

/// <summary>Which rule of a steering list is a subscriber's.</summary>
public sealed class SteeringMatchTests
{
    private const string Line = "010a" + "4f4c5437206574682f31" + "0203" + "533432";

    public static TheoryData<SteeringMatch, bool> Conditions => new()
    {
        { new SteeringMatch(), true },
        { new SteeringMatch { CircuitId = "OLT7*" }, true },
        { new SteeringMatch { CircuitId = "olt7*" }, false },
        { new SteeringMatch { CircuitId = "OLT7*", RemoteId = "S4?" }, true },
        { new SteeringMatch { CircuitId = "OLT7*", RemoteId = "S4" }, false },
        { new SteeringMatch { Realm = "ISP?.example" }, true },
        { new SteeringMatch { Realm = "isp1" }, false },
        { new SteeringMatch { RealmRegex = "^isp[0-9]\\.example$" }, true },
        { new SteeringMatch { RealmRegex = "^sp1" }, false },
        { new SteeringMatch { User = "bob@*" }, true },
        { new SteeringMatch { UserRegex = "^b.b@Isp" }, true },
        { new SteeringMatch { UserRegex = "^b.b$" }, false },
        { new SteeringMatch { User = "b" }, false },
        { new SteeringMatch { ServiceName = "go*" }, true },
        { new SteeringMatch { ServiceName = "silver" }, false },
        { new SteeringMatch { Access = "resi*" }, true },
        { new SteeringMatch { Access = "business" }, false },
        { new SteeringMatch { Interface = "eth2" }, true },
        { new SteeringMatch { Interface = "eth1" }, false },
        { new SteeringMatch { Vlans = [Vlan("7"), Vlan("100-199.any")] }, true },
        { new SteeringMatch { Vlans = [Vlan("untagged"), Vlan("100-199")] }, false },
        { new SteeringMatch { Macs = [Mac("02:00:00:00:00:00"), Mac("00:53:00:*")] }, true },
        { new SteeringMatch { Macs = [Mac("00:53:01:*")] }, false },
        { new SteeringMatch { User = "bob@*", Macs = [Mac("00:53:01:*")] }, false },
    };

    [Theory]
    [MemberData(nameof(Conditions))]
    public void A_rule_decides_when_all_of_its_conditions_hold(SteeringMatch match, bool holds)
    {
        var result = Decide(Line, "bob@Isp1.example", new SteeringRuleConfig([new IspTarget("one")]) { Match = match });
        if (holds) Assert.Equal("one", Assert.Single(result.Candidates()).Isp);
        else Assert.Empty(result.Candidates());
        if (!holds) Assert.Equal((EndCause.NoLns, "no rule of steering list 'main' matches"), (result.Cause, result.Detail));
    }

    [Fact]
    public void The_first_rule_that_matches_decides_even_when_it_leads_nowhere()
    {
        SteeringRuleConfig[] rules =
        [
            new([new IspTarget("one")]) { Match = new SteeringMatch { CircuitId = "OLT8*" } },
            new([new RealmTableTarget()]) { Match = new SteeringMatch { CircuitId = "OLT7*" } },
            new([new IspTarget("one")]),
        ];
        var walk = Decide(Line, "bob@nowhere.example", rules);
        Assert.Empty(walk.Candidates());
        Assert.Equal(EndCause.RealmUnknown, walk.Cause);
        Assert.Equal("one", Decide("", "bob@nowhere.example", rules).Candidates()[0].Isp);
    }

    [Theory]
    [InlineData("", "", "*", null, null, null)]
    [InlineData("0201" + "41", "", "*", null, null, null)]
    [InlineData("0101" + "41", "", null, "*", null, null)]
    [InlineData(Line, "bob", null, null, "*", null)]
    [InlineData(Line, null, null, null, null, "*")]
    public void What_is_not_known_matches_nothing(string line, string? user, string? circuitId, string? remoteId, string? realm, string? name)
    {
        var match = new SteeringMatch { CircuitId = circuitId, RemoteId = remoteId, Realm = realm, User = name };
        var walk = Decide(line, user, new SteeringRuleConfig([new IspTarget("one")]) { Match = match });
        Assert.Empty(walk.Candidates());
        Assert.Equal(EndCause.NoLns, walk.Cause);
    }

    [Fact]
    public void Whoever_has_no_name_yet_has_no_realm()
    {
        var walk = Decide(Line, null, new SteeringRuleConfig([new RealmTableTarget()]));
        Assert.Empty(walk.Candidates());
        Assert.Equal((EndCause.NoRealm, "the user is not known yet (steering.main[0], realm-table)"), (walk.Cause, walk.Detail));
    }

    private static VlanPattern Vlan(string text) => VlanPattern.TryParse(text, out var pattern) ? pattern : throw new ArgumentException(text);
    private static MacPattern Mac(string text) => MacPattern.TryParse(text, out var pattern) ? pattern : throw new ArgumentException(text);

    private static SteeringWalk Decide(string line, string? user, params SteeringRuleConfig[] rules)
    {
        var service = new AccessServiceConfig { Name = "residential", Interfaces = ["eth1", "eth2"], AcName = "lac1", ChallengeName = "lac1", Steering = "main" };
        var config = new LacConfig
        {
            Node = new NodeConfig { Name = "lac1" },
            Access = [service],
            Steering = [new SteeringListConfig("main", [.. rules])],
            Isps = [new IspConfig { Name = "one", Tunnel = "t", Lns = [new LnsConfig { Name = "a", Address = IpAddress.Parse("192.0.2.10") }] }],
            Tunnels = [new TunnelProfile { Name = "t", HostName = "lac1" }],
        };
        var vlans = VlanStack.Double(new VlanTag(0x88A8, 100), new VlanTag(0x8100, 7));
        var mac = MacAddress.Read([0, 0x53, 0, 0x11, 0x22, 0x33]);
        var told = AccessLine.Read(Convert.FromHexString(line), out _);
        var subscriber = new SubscriberLine(service, "eth2", vlans, mac, Bytes.Copy("gold"u8), told);
        var rulesOfNames = new UserNameRules(service.UserName);
        return WalkBench.Walk(config, subscriber, user is null ? null : new UserName(Bytes.Copy(Encoding.UTF8.GetBytes(user)), rulesOfNames));
    }
}
