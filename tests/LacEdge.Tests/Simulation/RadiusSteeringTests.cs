using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;
using LacEdge.Wire.Radius;
using static LacEdge.Tests.Core.Radius.AccessAcceptTests;

namespace LacEdge.Tests.Simulation;

/// <summary>RADIUS names the LNS, and the subscriber is up there.</summary>
public sealed class RadiusSteeringTests : RadiusScenario
{
    [Fact]
    public void RAD_016_Framed_IP_Address_of_the_Accept_is_the_LNS()
    {
        var scenario = Scenario();
        R1.Says = realm => (RadiusCode.AccessAccept, realm == "isp1.example" ? FramedA : FramedB);
        var (one, two) = (scenario.Add(0), scenario.Add(1));
        Dial(scenario);
        scenario.WaitAllUp(TimeSpan.FromSeconds(5));
        Assert.Equal((1, 1), (scenario.A.CallCount, scenario.B.CallCount));
        Assert.Equal(["dynamic/198.51.100.1", "dynamic/198.51.100.2"], scenario.Events<SessionUp>().Select(up => $"{up.Isp}/{up.Lns}").Order());
        Assert.Equal("steering.main[0]: radius aaa: found: aaa/r1: 198.51.100.1", scenario.Lac.Core.SessionsAfter(0).First().Path!.Steps[0].ToString());
        scenario.PingAll();
        scenario.AssertClean();
    }

    [Theory]
    [InlineData("ffffffff")]
    [InlineData("fffffffe")]
    [InlineData("00000000")]
    [InlineData("7f000001")]
    [InlineData("e0000001")]
    public void RAD_016_an_address_that_no_LNS_can_have_is_none(string address)
    {
        var failed = Refused(Attribute(8, address));
        Assert.Equal(EndCause.NoLns, failed.Cause);
        Assert.Contains("is no LNS that can be reached", failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void RAD_001_RAD_025_the_question_tells_who_asks_about_which_line()
    {
        var scenario = Scenario();
        R1.Says = _ => (RadiusCode.AccessAccept, FramedA);
        scenario.Network.Dial(scenario.Add(0));
        scenario.WaitAllUp(TimeSpan.FromSeconds(5));
        Assert.Equal(("isp1.example", "lac1", "eth1:", "02:00:00:00:00:01", "1000000000/1000000000"),
            (R1.LastText(1), R1.LastText(32), R1.LastText(87), R1.LastText(31), R1.LastText(77)));
        Assert.Equal(("00000005", "00000020", scenario.Events<SessionUp>().Single().Key.AcctSessionId), (R1.Last(6), R1.Last(61), R1.LastText(44)));
        Assert.Equal(80, R1.Asked[0].Keys.First());
        Assert.False(R1.Asked[0].ContainsKey(3));
    }

    [Fact]
    public void RAD_010_RAD_014_tagged_sets_are_tried_by_preference_with_their_own_secret_and_names()
    {
        var scenario = Scenario(new ScenarioOptions
        {
            Secret = "",
            Lns = name => Simulation.Scenario.LnsOptionsFor(name, new ScenarioOptions { Secret = name == "a" ? "other" : "of-radius" }),
        });
        // The first has another secret than RADIUS says; the second is right.
        R1.Says = _ => (RadiusCode.AccessAccept,
            Set(1, "198.51.100.2", 20, Text(90, "lac-by-radius", 1) + Text(91, "lns-b.example.net", 1) + Text(82, "gold", 1)) + Set(2, "198.51.100.1", 10));
        scenario.Network.Dial(scenario.Add(0));
        scenario.WaitAllUp(TimeSpan.FromSeconds(5));
        Assert.Equal((0, 1), (scenario.A.CallCount, scenario.B.CallCount));
        var tunnel = Assert.Single(scenario.Lac.Core.Tunnels, tunnel => tunnel.SessionCount > 0);
        Assert.Equal(("gold", "lac-by-radius", "lns-b.example.net"),
            (tunnel.Target.AssignmentId, tunnel.Target.Profile.HostName, tunnel.Target.Profile.PeerHostName));
        Assert.Equal(
            ["steering.main[0]: radius aaa: found", "dynamic/198.51.100.1: tunnel-secret-wrong", "dynamic/198.51.100.2: taken"],
            scenario.Lac.Core.SessionsAfter(0).First().Path!.Steps.Select(
                step => string.Join(": ", step.ToString().Split(": ").Take(step.Rule.Length > 0 ? 3 : 2))));

        // Without an assignment id it is another tunnel, though all the rest is the same.
        R1.Says = _ => (RadiusCode.AccessAccept, Set(1, "198.51.100.2", 20, Text(90, "lac-by-radius", 1) + Text(91, "lns-b.example.net", 1)));
        scenario.Network.Dial(scenario.Add(2));
        scenario.WaitAllUp(TimeSpan.FromSeconds(5));
        Assert.Equal(2, scenario.Lac.Core.Tunnels.Count(open => open.SessionCount == 1));
        scenario.AssertClean();

        string Set(byte tag, string lns, uint preference, string more = "") =>
            // Pairs beside a set that is whole say nothing.
            L2tpSet(tag, lns, preference, Pair("vpdn:ip-addresses=203.0.113.77") + more) + R1.TunnelPassword(tag, "of-radius");
    }

    [Fact]
    public void SEL_003_pairs_of_vpdn_name_LNS_secret_and_host_name()
    {
        var scenario = Scenario(new ScenarioOptions
        {
            Secret = "",
            Lns = name => Simulation.Scenario.LnsOptionsFor(name, new ScenarioOptions { Secret = "clear-text" }),
        });
        R1.Says = _ => (RadiusCode.AccessAccept, Pair("vpdn:tunnel-type=l2tp") + Pair("vpdn:tunnel-id=lac-by-pair")
            + Pair("vpdn:l2tp-tunnel-password=clear-text") + Pair("vpdn:ip-addresses=198.51.100.9/198.51.100.2"));
        scenario.Network.Dial(scenario.Add(0));
        scenario.WaitAllUp(TimeSpan.FromSeconds(10));
        Assert.Equal((0, 1), (scenario.A.CallCount, scenario.B.CallCount));
        Assert.Equal("lac-by-pair", scenario.Lac.Core.SessionsAfter(0).First().Tunnel!.Target.Profile.HostName);
        scenario.AssertClean();
    }

    [Fact]
    public void RAD_013_an_Accept_with_other_tunnel_types_alone_is_a_Reject()
    {
        var failed = Refused(Attribute(64, "01000001") + Text(67, "198.51.100.1", 1) + FramedA);
        Assert.Equal(EndCause.RadiusReject, failed.Cause);
        Assert.Contains("other types than L2TP only", failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void RAD_015_sets_that_cannot_be_used_are_passed_over()
    {
        var scenario = Scenario();
        R1.Says = _ => (RadiusCode.AccessAccept, L2tpSet(1, "198.51.100.300", 1) + L2tpSet(2, "2001:db8::1", 2) + L2tpSet(3, "lns.example.net", 3)
            + Attribute(64, "04000003") + L2tpSet(5, "198.51.100.2", 5));
        scenario.Network.Dial(scenario.Add(0));
        scenario.WaitAllUp(TimeSpan.FromSeconds(5));
        Assert.Equal((0, 1), (scenario.A.CallCount, scenario.B.CallCount));
        scenario.AssertClean();
    }

    [Fact]
    public void RAD_015_an_endpoint_that_is_a_name_is_looked_up_when_its_turn_comes()
    {
        var scenario = Scenario(config: config => config with { Dns = new DnsConfig { Servers = [new UdpEndpoint(IpAddress.Parse("192.0.2.53"), 53)] } });
        scenario.Lac.Dns.Set("lns-b.example.net", 60, "198.51.100.2");
        R1.Says = _ => (RadiusCode.AccessAccept, L2tpSet(1, "LNS-A.example.net", 1) + L2tpSet(2, "lns-b.example.net", 2));
        scenario.Network.Dial(scenario.Add(0));
        scenario.WaitAllUp(TimeSpan.FromSeconds(5));
        Assert.Equal((0, 1), (scenario.A.CallCount, scenario.B.CallCount));
        scenario.AssertClean();
    }

    [Fact]
    public void RAD_023_the_line_is_told_in_the_units_of_RADIUS_and_nothing_but_what_an_Access_Request_may_hold()
    {
        var scenario = Scenario();
        R1.Says = _ => (RadiusCode.AccessAccept, FramedA);
        string[] options =
        [
            "0104" + "4f4c5437", "0203" + "533432", "8104" + "00000400", "8204" + "ffffffff",
            "8304" + "00000001", "8b04" + "00000008", "9003" + "010103", "fe00",
        ];
        var value = "00000de9" + string.Concat(options);
        scenario.Network.Dial(scenario.Add(0, tags: LacEdge.Wire.Bytes.Hex($"0105{value.Length / 2:x4}{value}")));
        scenario.WaitAllUp(TimeSpan.FromSeconds(5));
        Assert.Equal(
            ["0106" + "4f4c5437", "0205" + "533432", "8106" + "000fa000", "8206" + "ffffffff", "9005" + "020103", "fe02"],
            R1.Asked[0][26].Select(attribute => Convert.ToHexStringLower(attribute.AsSpan(4))));
        Assert.All(R1.Asked[0][26], attribute => Assert.Equal("00000de9", Convert.ToHexStringLower(attribute.AsSpan(0, 4))));
    }

    [Theory]
    [InlineData(0, "00000020")]
    [InlineData(1, "00000021")]
    [InlineData(2, "00000022")]
    public void RAD_025_NAS_Port_Type_counts_the_tags_of_the_line(int tags, string type)
    {
        var vlans = tags switch
        {
            0 => VlanStack.Untagged,
            1 => VlanStack.Single(new VlanTag(0x8100, 100)),
            _ => VlanStack.Double(new VlanTag(0x88A8, 200), new VlanTag(0x8100, 300)),
        };
        var scenario = Scenario(new ScenarioOptions { Service = service => service with { Interfaces = [new("eth1", [VlanPattern.Untagged, One, Two])] } });
        R1.Says = _ => (RadiusCode.AccessAccept, FramedA);
        scenario.Network.Dial(scenario.Add(0, vlans: vlans));
        scenario.WaitAllUp(TimeSpan.FromSeconds(5));
        Assert.Equal((type, $"eth1:{(tags == 0 ? "" : vlans)}"), (R1.Last(61), R1.LastText(87)));
    }

    [Fact]
    public void RAD_025_what_is_told_of_the_line_is_as_configured()
    {
        var scenario = Scenario(group: group => group with { NasPortType = 15, NasPortId = "{access}", CallingStationId = "{circuit-id|mac}", CalledStationId = "" });
        R1.Says = _ => (RadiusCode.AccessAccept, FramedA);
        scenario.Network.Dial(scenario.Add(0));
        scenario.WaitAllUp(TimeSpan.FromSeconds(5));
        Assert.Equal(("0000000f", "residential", "02:00:00:00:00:01"), (R1.Last(61), R1.LastText(87), R1.LastText(31)));
        Assert.False(R1.Asked[0].ContainsKey(30));
    }

    private static VlanPattern One => new(1, 100, 100, 0, 0);
    private static VlanPattern Two => new(2, 200, 200, 300, 300);

    [Theory]
    [InlineData("0606000000ff")]
    [InlineData("060600000001")]
    public void An_Accept_for_another_service_is_a_Reject(string serviceType) => Assert.Equal(EndCause.RadiusReject, Refused(serviceType + FramedA).Cause);

    [Theory]
    [InlineData("060600000005")]
    [InlineData("060600000002")]
    public void An_Accept_for_outbound_or_framed_service_is_none(string serviceType)
    {
        var scenario = Scenario();
        R1.Says = _ => (RadiusCode.AccessAccept, serviceType + FramedA);
        scenario.Network.Dial(scenario.Add(0));
        scenario.WaitAllUp(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void A_user_without_a_realm_is_passed_over_by_a_question_about_realms()
    {
        var scenario = Scenario();
        var subscriber = scenario.Add(0, user: "bob");
        scenario.Network.Dial(subscriber);
        scenario.Network.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(EndCause.NoRealm, scenario.Failed(subscriber).Cause);
        Assert.Empty(R1.Asked);

        var whole = Scenario(target: target => target with { UserName = "{user}" });
        R1.Says = _ => (RadiusCode.AccessAccept, FramedA);
        whole.Network.Dial(whole.Add(0, user: "böb"));
        whole.WaitAllUp(TimeSpan.FromSeconds(5));
        Assert.Equal("böb", R1.LastText(1));
    }
}
