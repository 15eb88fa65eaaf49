using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Steering;
using LacEdge.Wire.Ip;

namespace LacEdge.Tests.Steering;

public sealed class LnsSelectorTests
{
    private static readonly SteeringTarget _realmTarget = new RealmTableTarget();

    [Fact]
    public void The_realm_leads_to_its_ISP()
    {
        var walk = Walk("bob@isp2.example", _realmTarget);
        var candidate = Assert.Single(walk.Candidates());
        Assert.Equal(("two", "x", "retail"), (candidate.Isp, candidate.Lns.Name, candidate.Profile.Name));
        Assert.Equal(["steering.main[0]: realm-table: found: two"], walk.Path.Steps.Select(step => step.ToString()));
    }

    [Fact]
    public void SEL_001_The_first_target_that_gives_an_LNS_wins()
    {
        Assert.Equal("two", Walk("bob@unknown.example", _realmTarget, new IspTarget("two"), new IspTarget("one")).Candidates()[0].Isp);
        Assert.Equal("one", Walk("bob@isp1.example", _realmTarget, new IspTarget("two")).Candidates()[0].Isp);
    }

    [Fact]
    public void SEL_001_whatever_else_comes_of_a_target_ends_the_search_unless_it_says_next()
    {
        Assert.Empty(Walk("bob@unknown.example", new RealmTableTarget { NextOnNotFound = false }, new IspTarget("two")).Candidates());
        Assert.Empty(Walk("bob", new IspTarget("empty"), new IspTarget("two")).Candidates());
        Assert.Equal("two", Walk("bob", new IspTarget("empty") { NextOnNotFound = true }, new IspTarget("two")).Candidates()[0].Isp);
        // Who has no realm goes past the realm table even so.
        Assert.Equal("two", Walk("bob", new RealmTableTarget { NextOnNotFound = false }, new IspTarget("two")).Candidates()[0].Isp);
    }

    [Fact]
    public void A_fixed_LNS_needs_no_realm()
    {
        var lns = Lns("192.0.2.10", 10, 1);
        var candidate = Assert.Single(Walk("bob", new LnsTarget(lns, "retail")).Candidates());
        Assert.Equal((LnsSelector.FixedIsp, lns, "retail"), (candidate.Isp, candidate.Lns, candidate.Profile.Name));
    }

    [Fact]
    public void A_service_with_an_LNS_sends_everyone_there()
    {
        var lns = Lns("192.0.2.10", 10, 1);
        var service = Service() with { Steering = null, Lns = lns, Tunnel = "wholesale" };
        var walk = WalkBench.Walk(Config(_realmTarget) with { Access = [service] }, WalkBench.Line(service), WalkBench.Name(""));
        var candidate = Assert.Single(walk.Candidates());
        Assert.Equal((LnsSelector.FixedIsp, lns, "wholesale"), (candidate.Isp, candidate.Lns, candidate.Profile.Name));
        Assert.Equal("access.residential", walk.Path.Steps[0].Rule);
    }

    [Theory]
    [InlineData("bob", EndCause.NoRealm, "user name 'bob' has no realm (steering.main[0], realm-table)")]
    [InlineData("bob@Nowhere.example", EndCause.RealmUnknown, "no ISP has the realm 'nowhere.example' (steering.main[0], realm-table)")]
    [InlineData("bob@empty.example", EndCause.NoLns, "ISP 'empty' has no LNS (steering.main[0], realm-table)")]
    [InlineData("bob@\n", EndCause.RealmUnknown, @"no ISP has the realm '\x0a' (steering.main[0], realm-table)")]
    public void Whoever_leads_nowhere_is_refused_with_a_cause(string user, EndCause cause, string detail)
    {
        var walk = Walk(user, _realmTarget);
        Assert.Empty(walk.Candidates());
        Assert.Equal((cause, detail), (walk.Cause, walk.Detail));
    }

    [Fact]
    public void When_all_targets_were_tried_the_first_refusal_is_told_else_that_of_the_one_that_ended_the_search()
    {
        SteeringTarget empty = new IspTarget("empty") { NextOnNotFound = true };
        var tried = Walk("bob", _realmTarget, empty);
        Assert.Empty(tried.Candidates());
        Assert.Equal(EndCause.NoRealm, tried.Cause);
        Assert.Equal(["skipped", "not-found"], tried.Path.Steps.Select(step => step.Answer));

        var ended = Walk("bob", _realmTarget, new IspTarget("empty"), new IspTarget("one"));
        Assert.Empty(ended.Candidates());
        Assert.Equal((EndCause.NoLns, "ISP 'empty' has no LNS (steering.main[0], isp empty)"), (ended.Cause, ended.Detail));
    }

    [Fact]
    public void The_path_keeps_a_bounded_number_of_steps_the_last_one_always()
    {
        var nothing = new IspTarget("empty") { NextOnNotFound = true };
        var walk = Walk("bob", [.. Enumerable.Repeat<SteeringTarget>(nothing, 40), new IspTarget("two")]);
        Assert.Single(walk.Candidates());
        Assert.Equal((SteeringPath.Limit, 41 - SteeringPath.Limit), (walk.Path.Steps.Count, walk.Path.Missing));
        Assert.Equal("found", walk.Path.Steps[^1].Answer);
    }

    [Fact]
    public void The_lowest_preference_comes_first()
    {
        var order = Walk("bob@isp1.example", _realmTarget).Candidates().Select(candidate => candidate.Lns.Preference);
        Assert.Equal([10, 10, 20], order);
    }

    [Fact]
    public void Equals_share_by_weight()
    {
        using var random = new RandomStreams(new byte[32]);
        var selector = new LnsSelector(Config(_realmTarget), random);
        var heavyFirst = Enumerable.Range(0, 4000).Count(_ => WalkBench.Walk(selector, "bob@isp1.example").Candidates()[0].Lns.Name == "b");
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
        return string.Concat(Enumerable.Range(0, 64).SelectMany(_ => WalkBench.Walk(selector, "bob@isp1.example").Candidates().Select(c => c.Lns.Name)));
    }

    private static SteeringWalk Walk(string user, params SteeringTarget[] to) =>
        WalkBench.Walk(Config(to), WalkBench.Line(Service()), WalkBench.Name(user));

    private static AccessServiceConfig Service() => WalkBench.Service();

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
