using System.Text;
using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Steering;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Tests.Steering;

public sealed class LnsSelectorTests
{
    private static readonly SteeringTarget _realmTarget = new RealmTableTarget();

    [Fact]
    public void The_realm_leads_to_its_ISP()
    {
        var result = Decide("bob@isp2.example", _realmTarget);
        Assert.Equal(EndCause.None, result.Refusal);
        var candidate = Assert.Single(result.Candidates);
        Assert.Equal(("two", "x", "retail"), (candidate.Isp, candidate.Lns.Name, candidate.Profile.Name));
    }

    [Fact]
    public void SEL_001_The_first_target_that_gives_an_LNS_wins()
    {
        Assert.Equal("two", Decide("bob@unknown.example", _realmTarget, new IspTarget("two"), new IspTarget("one")).Candidates[0].Isp);
        Assert.Equal("one", Decide("bob@isp1.example", _realmTarget, new IspTarget("two")).Candidates[0].Isp);
    }

    [Fact]
    public void A_fixed_LNS_needs_no_realm()
    {
        var lns = Lns("192.0.2.10", 10, 1);
        var candidate = Assert.Single(Decide("bob", new LnsTarget(lns, "retail")).Candidates);
        Assert.Equal((LnsSelector.FixedIsp, lns, "retail"), (candidate.Isp, candidate.Lns, candidate.Profile.Name));
    }

    [Fact]
    public void A_service_with_an_LNS_sends_everyone_there()
    {
        var lns = Lns("192.0.2.10", 10, 1);
        var service = Service() with { Steering = null, Lns = lns, Tunnel = "wholesale" };
        using var random = new RandomStreams(new byte[32]);
        var candidate = Assert.Single(new LnsSelector(Config(_realmTarget), random).Decide(Line(service), Name("")).Candidates);
        Assert.Equal((LnsSelector.FixedIsp, lns, "wholesale"), (candidate.Isp, candidate.Lns, candidate.Profile.Name));
    }

    [Theory]
    [InlineData("bob", EndCause.NoRealm, "user name 'bob' has no realm")]
    [InlineData("bob@Nowhere.example", EndCause.RealmUnknown, "no ISP has the realm 'nowhere.example'")]
    [InlineData("bob@empty.example", EndCause.NoLns, "ISP 'empty' has no LNS")]
    [InlineData("bob@\n", EndCause.RealmUnknown, @"no ISP has the realm '\x0a'")]
    public void Whoever_leads_nowhere_is_refused_with_a_cause(string user, EndCause cause, string detail)
    {
        var result = Decide(user, _realmTarget);
        Assert.Empty(result.Candidates);
        Assert.Equal((cause, detail), (result.Refusal, result.Detail));
    }

    [Fact]
    public void The_first_refusal_is_the_one_that_is_told() =>
        Assert.Equal(EndCause.NoRealm, Decide("bob", _realmTarget, new IspTarget("empty")).Refusal);

    [Fact]
    public void The_lowest_preference_comes_first()
    {
        var order = Decide("bob@isp1.example", _realmTarget).Candidates.Select(candidate => candidate.Lns.Preference);
        Assert.Equal([10, 10, 20], order);
    }

    [Fact]
    public void Equals_share_by_weight()
    {
        using var random = new RandomStreams(new byte[32]);
        var selector = new LnsSelector(Config(_realmTarget), random);
        var heavyFirst = Enumerable.Range(0, 4000).Count(_ => selector.Decide(Line(Service()), Name("bob@isp1.example")).Candidates[0].Lns.Name == "b");
        Assert.InRange(heavyFirst, 2850, 3150);
    }

    [Fact]
    public void One_seed_always_draws_the_same()
    {
        Assert.Equal(Draws(1), Draws(1));
        Assert.NotEqual(Draws(1), Draws(2));
    }

    private static string Draws(byte seed)
    {
        using var random = new RandomStreams([.. Enumerable.Repeat(seed, 32)]);
        var selector = new LnsSelector(Config(_realmTarget), random);
        return string.Concat(Enumerable.Range(0, 64).SelectMany(_ => selector.Decide(Line(Service()), Name("bob@isp1.example")).Candidates.Select(c => c.Lns.Name)));
    }

    private static SteeringResult Decide(string user, params SteeringTarget[] to)
    {
        using var random = new RandomStreams(new byte[32]);
        return new LnsSelector(Config(to), random).Decide(Line(Service()), Name(user));
    }

    private static SubscriberLine Line(AccessServiceConfig service) =>
        new(service, "eth1", VlanStack.Untagged, MacAddress.Read([0, 0x53, 0, 0x11, 0x22, 0x33]), Bytes.Empty, null);

    private static UserName Name(string user) => new(Bytes.Wrap(Encoding.UTF8.GetBytes(user)), new UserNameRules(new UserNameConfig()));

    private static AccessServiceConfig Service() => new() { Name = "residential", Interfaces = ["eth1"], AcName = "lac1", ChallengeName = "lac1", Steering = "main" };

    private static LnsConfig Lns(string name, int preference, int weight) =>
        new() { Name = name, Address = IpAddress.Parse("192.0.2.10"), Preference = preference, Weight = weight };

    private static LacConfig Config(params SteeringTarget[] to) => new()
    {
        Node = new NodeConfig { Name = "lac1" },
        Access = [Service()],
        Steering = [new SteeringListConfig("main", [new SteeringRuleConfig([.. to])])],
        Isps =
        [
            new IspConfig { Name = "one", Realms = ["isp1.example"], Tunnel = "wholesale", Lns = [Lns("c", 20, 9), Lns("a", 10, 1), Lns("b", 10, 3)] },
            new IspConfig { Name = "two", Realms = ["isp2.example"], Tunnel = "retail", Lns = [Lns("x", 10, 1)] },
            new IspConfig { Name = "empty", Realms = ["empty.example"], Tunnel = "retail" },
        ],
        Tunnels = [new TunnelProfile { Name = "wholesale", HostName = "lac1" }, new TunnelProfile { Name = "retail", HostName = "lac1" }],
    };
}
