using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Steering;
using LacEdge.Lab.Peers;
using LacEdge.Wire.Dns;
using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Simulation;

/// <summary>The whole LAC, its LNSes known by name only. Subscribers are users of isp1.example and isp2.example by turns.</summary>
public sealed class DnsSteeringTests
{
    private const string A = "198.51.100.1", B = "198.51.100.2";

    [Fact]
    public void The_realm_makes_the_name_that_is_looked_up()
    {
        var scenario = Make(Prefix());
        scenario.Lac.Dns.Set("lns.isp1.example", 60, A);
        scenario.Lac.Dns.Set("lns.isp2.example", 60, B);
        Dial(scenario, 2);
        Assert.Equal((1, 1), (scenario.A.CallCount, scenario.B.CallCount));
        var up = scenario.Events<SessionUp>()[0];
        Assert.Equal((LnsSelector.DynamicIsp, "lns.isp1.example", "198.51.100.1:1701"), (up.Isp, up.Lns, up.LnsEndpoint.ToString()));
        Assert.Equal(
            ["steering.main[0]: dns lns.<realm>: found: lns.isp1.example: 198.51.100.1 (ttl 60 s)", "dynamic/lns.isp1.example 198.51.100.1: taken"],
            scenario.Lac.Core.SessionsAfter(0).First().Path!.Steps.Select(step => step.ToString()));
        scenario.AssertClean();
    }

    [Fact]
    public void One_name_is_asked_for_once_however_many_wait_and_again_after_its_TTL()
    {
        var scenario = Make(Name());
        scenario.Lac.Dns.Set("lns.example", 60, A);
        scenario.Lac.Dns.Delay = TimeSpan.FromSeconds(1);
        Dial(scenario, 20);
        Assert.Equal([new DnsQuestion("lns.example", DnsType.A), new DnsQuestion("lns.example", DnsType.Aaaa)], scenario.Lac.Dns.Questions);
        scenario.Lac.Dns.Set("lns.example", 60, B);
        Dial(scenario, 1);
        scenario.Network.Run(TimeSpan.FromSeconds(60));
        Dial(scenario, 1);
        // A's address holds for the tunnel, not for new subscribers.
        Assert.Equal((21, 1), (scenario.A.CallCount, scenario.B.CallCount));
    }

    [Fact]
    public void All_addresses_of_a_name_are_candidates_and_share_the_subscribers()
    {
        var scenario = Make(Name());
        scenario.Lac.Dns.Set("lns.example", 60, A, B, "2001:db8::1");
        Dial(scenario, 40);
        Assert.InRange(scenario.A.CallCount, 10, 30);
        Assert.Equal(40, scenario.A.CallCount + scenario.B.CallCount);
    }

    [Fact]
    public void A_refusal_moves_to_the_next_address()
    {
        var scenario = Make(Name());
        scenario.Lac.Dns.Set("lns.example", 60, A, B);
        scenario.A.RefuseCalls = new ResultCode(CdnResult.NoFacilitiesTemporary);
        Dial(scenario, 8);
        Assert.Equal(8, scenario.B.CallCount);
    }

    [Fact]
    public void SRV_records_give_priority_weight_and_port()
    {
        var scenario = Make(Name() with { Services = true });
        scenario.Lac.Dns.SetServices("_l2tp._udp.lns.example", 60,
            new DnsService(20, 0, 1701, "b.example"), new DnsService(10, 0, 1701, "a.example"), new DnsService(5, 0, 0, "."));
        scenario.Lac.Dns.Set("a.example", 60, A);
        scenario.Lac.Dns.Set("b.example", 60, B);
        Dial(scenario, 5);
        Assert.Equal(5, scenario.A.CallCount);
        scenario.A.RefuseCalls = new ResultCode(CdnResult.NoFacilitiesTemporary);
        Dial(scenario, 5);
        Assert.Equal((5, 5), (scenario.A.CallCount, scenario.B.CallCount));
    }

    [Fact]
    public void SRV_weights_share_the_subscribers()
    {
        var scenario = Make(Name() with { Services = true });
        scenario.Lac.Dns.SetServices("_l2tp._udp.lns.example", 60, new DnsService(1, 300, 1701, "a.example"), new DnsService(1, 100, 1701, "b.example"));
        scenario.Lac.Dns.Set("a.example", 60, A);
        scenario.Lac.Dns.Set("b.example", 60, B);
        Dial(scenario, 100);
        Assert.InRange(scenario.A.CallCount, 62, 88);
    }

    [Fact]
    public void An_LNS_of_an_ISP_may_be_known_by_name_and_is_looked_up_when_its_turn_comes()
    {
        var scenario = Make(new IspTarget("isp1"), isp =>
            isp with { Lns = [isp.Lns[0], new LnsConfig { Name = "by-name", Address = default, Dns = "lns2.example", Preference = 20 }] });
        scenario.Lac.Dns.Set("lns2.example", 60, B);
        Dial(scenario, 1);
        Assert.Empty(scenario.Lac.Dns.Questions);
        scenario.A.RefuseCalls = new ResultCode(CdnResult.NoFacilitiesTemporary);
        Dial(scenario, 3);
        Assert.Equal((1, 3), (scenario.A.CallCount, scenario.B.CallCount));
        Assert.Equal(("isp1", "by-name"), (scenario.Events<SessionUp>()[^1].Isp, scenario.Events<SessionUp>()[^1].Lns));
    }

    [Fact]
    public void DNS_003_while_the_servers_are_silent_subscribers_get_an_answer_and_when_they_return_all_come_up()
    {
        var scenario = Make(Name());
        scenario.Lac.Dns.Set("lns.example", 60, A);
        scenario.Lac.Dns.Silent = true;
        for (var i = 0; i < 10; i++) scenario.Network.Dial(scenario.Add(i));
        scenario.Network.Run(TimeSpan.FromSeconds(10));
        Assert.All(scenario.Subscribers, one => Assert.Equal(SubscriberEnd.TerminatedByPeer, one.LastEnd));
        var failed = scenario.Events<SessionFailed>()[0];
        Assert.Equal((EndCause.DnsFailed, "lns.example: no DNS server answers within 5 s (steering.main[0], dns lns.example)"), (failed.Cause, failed.Detail));
        Assert.Equal(2, scenario.Lac.Dns.Cancelled);
        scenario.Lac.Dns.Silent = false;
        foreach (var subscriber in scenario.Subscribers) scenario.Network.Dial(subscriber);
        scenario.WaitAllUp(TimeSpan.FromSeconds(10));
        scenario.AssertClean();
    }

    [Fact]
    public void DNS_003_known_LNSes_are_used_past_their_TTL_while_the_servers_are_silent()
    {
        var scenario = Make(Name());
        scenario.Lac.Dns.Set("lns.example", 10, A);
        Dial(scenario, 1);
        scenario.Network.Run(TimeSpan.FromSeconds(20));
        scenario.Lac.Dns.Silent = true;
        Dial(scenario, 3);
        Assert.Equal(4, scenario.A.CallCount);
        Assert.Contains("stale: no DNS server answers", scenario.Lac.Core.SessionsAfter(1).First().Path!.Steps[0].Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bob@isp1.example.evil", "lns.isp1.example.evil")]
    [InlineData("bob@ISP1.Example", "lns.isp1.example")]
    [InlineData("bob@isp1..example", null)]
    [InlineData("bob@isp1.example.", null)]
    [InlineData("bob@.isp1.example", null)]
    [InlineData("bob@198.51.100.1", null)]
    [InlineData("bob@2001:db8::1", null)]
    [InlineData("bob@isp1\\.example", null)]
    [InlineData("bob@isp1 .example", null)]
    [InlineData("bob@isp1\0.example", null)]
    [InlineData("bob@isp1.example;x", null)]
    [InlineData("bob@*", null)]
    [InlineData("bob@bücher.example", null)]
    public void DNS_005_a_realm_asks_only_for_a_name_below_itself(string user, string? name)
    {
        var scenario = Make(Prefix());
        var subscriber = scenario.Add(0, user);
        scenario.Network.Dial(subscriber);
        scenario.Network.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(name is null ? [] : [name, name], scenario.Lac.Dns.Questions.Select(question => question.Name));
        var failed = Assert.Single(scenario.Events<SessionFailed>());
        Assert.Equal(name is null ? EndCause.RealmUnknown : EndCause.LnsNameUnknown, failed.Cause);
    }

    [Fact]
    public void DNS_005_a_realm_that_is_too_long_for_a_name_asks_for_none()
    {
        var scenario = Make(Prefix());
        var realm = string.Join('.', Enumerable.Repeat(new string('a', 49), 5));
        scenario.Network.Dial(scenario.Add(0, $"b@{realm}"));
        scenario.Network.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(2, scenario.Lac.Dns.Questions.Count);
        scenario.Network.Dial(scenario.Add(1, $"b@{realm}.b"));
        scenario.Network.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(2, scenario.Lac.Dns.Questions.Count);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("169.254.1.1")]
    [InlineData("::1")]
    [InlineData("fe80::1")]
    [InlineData("::ffff:198.51.100.1")]
    public void DNS_005_addresses_that_no_LNS_can_have_are_refused(string address)
    {
        var scenario = Make(Name());
        scenario.Lac.Dns.Set("lns.example", 60, address);
        scenario.Network.Dial(scenario.Add(0));
        scenario.Network.Run(TimeSpan.FromSeconds(5));
        var failed = Assert.Single(scenario.Events<SessionFailed>());
        Assert.Equal((EndCause.LnsNameUnknown, "lns.example: no address that an LNS can have (steering.main[0], dns lns.example)"), (failed.Cause, failed.Detail));
    }

    [Theory]
    [InlineData(false, false, "silent")]
    [InlineData(true, false, "silent")]
    [InlineData(false, true, "unknown")]
    [InlineData(true, true, "unknown")]
    public void SEL_001_what_comes_after_a_dns_target_is_asked_only_where_it_says_so(bool next, bool exists, string how)
    {
        var target = Name() with { NextOnTimeout = next && how == "silent", NextOnNotFound = next && exists };
        var scenario = Make([target, new IspTarget("isp1")]);
        scenario.Lac.Dns.Silent = how == "silent";
        var subscriber = scenario.Add(0);
        scenario.Network.Dial(subscriber);
        scenario.Network.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(next ? SubscriberState.Up : SubscriberState.Failed, subscriber.State);
        if (next) Assert.Equal("isp1", Assert.Single(scenario.Events<SessionUp>()).Isp);
    }

    [Fact]
    public void SEL_001_who_has_no_realm_goes_past_a_target_that_needs_one()
    {
        var scenario = Make([Prefix(), new IspTarget("isp1")]);
        scenario.Network.Dial(scenario.Add(0, "bob"));
        scenario.WaitAllUp(TimeSpan.FromSeconds(3));
        Assert.Empty(scenario.Lac.Dns.Questions);

        var alone = Make(Prefix());
        alone.Network.Dial(alone.Add(0, "bob"));
        alone.Network.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(EndCause.NoRealm, Assert.Single(alone.Events<SessionFailed>()).Cause);
    }

    [Fact]
    public void SEL_002_the_budget_of_a_subscriber_holds_for_its_lookups_too()
    {
        var scenario = Make([Name()], dns: new DnsConfig { Timeout = TimeSpan.FromSeconds(60) });
        scenario.Lac.Dns.Silent = true;
        var subscriber = scenario.Add(0);
        var dialled = scenario.Network.Now;
        scenario.Network.Dial(subscriber);
        Assert.True(scenario.Network.RunUntil(() => subscriber.State == SubscriberState.Failed, TimeSpan.FromSeconds(30)));
        Assert.InRange((scenario.Network.Now - dialled).TotalSeconds, 20, 24);
        var failed = scenario.Failed(subscriber);
        Assert.Equal((EndCause.SetupTimeout, "no LNS took the call in 20 s; still waiting for dns lns.example"), (failed.Cause, failed.Detail));
        Assert.Equal(SubscriberEnd.TerminatedByPeer, subscriber.LastEnd);
    }

    [Fact]
    public void Whoever_hangs_up_while_a_name_is_looked_up_leaves_nothing_behind()
    {
        var scenario = Make(Name());
        scenario.Lac.Dns.Set("lns.example", 60, A);
        scenario.Lac.Dns.Delay = TimeSpan.FromSeconds(2);
        var subscriber = scenario.Add(0);
        scenario.Network.Dial(subscriber);
        scenario.Network.Run(TimeSpan.FromSeconds(1));
        scenario.Network.HangUp(subscriber, HangUpKind.Padt);
        scenario.Network.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(0ul, scenario.A.CallsOpened);
        scenario.AssertNothingLeft();
    }

    [Fact]
    public void The_source_address_of_the_tunnel_profile_decides_which_family_is_used()
    {
        var scenario = Make([Name()], tunnel: profile => profile with { SourceAddress = IpAddress.Parse("192.0.2.1") });
        scenario.Lac.Dns.Set("lns.example", 60, "2001:db8::1");
        scenario.Network.Dial(scenario.Add(0));
        scenario.Network.Run(TimeSpan.FromSeconds(5));
        Assert.Contains("none can be reached from 192.0.2.1", Assert.Single(scenario.Events<SessionFailed>()).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void With_every_server_silent_names_are_bounded_ISPs_without_names_unaffected_and_everyone_gets_an_answer()
    {
        var scenario = new Scenario(new()
        {
            Config = config => config with
            {
                Steering =
                [
                    new SteeringListConfig("main",
                    [
                        new SteeringRuleConfig([new IspTarget("isp1")]) { Match = new SteeringMatch { Realm = "isp1.example" } },
                        new SteeringRuleConfig([Prefix()]),
                    ]),
                ],
                Dns = new DnsConfig { Servers = [new UdpEndpoint(IpAddress.Parse("192.0.2.53"), 53)], MaxQuestions = 500 },
            },
        });
        scenario.Lac.Dns.Silent = true;
        var named = Enumerable.Range(0, 400).Select(i => scenario.Add(i, $"user@r{i}.example")).ToList();
        var fixedIsp = Enumerable.Range(400, 100).Select(i => scenario.Add(i, $"user{i}@isp1.example")).ToList();
        foreach (var subscriber in scenario.Subscribers) scenario.Network.Dial(subscriber);
        Assert.True(scenario.Network.RunUntil(() => fixedIsp.TrueForAll(one => one.State == SubscriberState.Up), TimeSpan.FromSeconds(3)));
        scenario.Network.Run(TimeSpan.FromSeconds(20));
        Assert.All(named, one => Assert.Equal(SubscriberEnd.TerminatedByPeer, one.LastEnd));
        Assert.All(scenario.Events<SessionFailed>(), failed => Assert.Equal(EndCause.DnsFailed, failed.Cause));
        Assert.InRange(scenario.Lac.Dns.Questions.Count, 1, 500);

        scenario.Lac.Dns.Silent = false;
        for (var i = 0; i < named.Count; i++) scenario.Lac.Dns.Set($"lns.r{i}.example", 60, A);
        scenario.Network.Run(TimeSpan.FromSeconds(10));
        foreach (var subscriber in named) scenario.Network.Dial(subscriber);
        // More names than are remembered at once: whoever finds no room dials again.
        for (var i = 0; i < 5 && !scenario.Network.RunUntil(() => named.TrueForAll(one => one.State == SubscriberState.Up), TimeSpan.FromSeconds(10)); i++)
            foreach (var subscriber in named.Where(one => one.State == SubscriberState.Failed)) scenario.Network.Dial(subscriber);
        Assert.All(named, one => Assert.Equal(SubscriberState.Up, one.State));
        scenario.AssertClean();
    }

    private static DnsTarget Prefix() => new("lns", null, new LnsConfig { Name = "", Address = default }, "wholesale");
    private static DnsTarget Name() => new(null, "lns.example", new LnsConfig { Name = "", Address = default }, "wholesale");

    private static Scenario Make(SteeringTarget target, Func<IspConfig, IspConfig>? isp = null) => Make([target], isp);

    private static Scenario Make(
        SteeringTarget[] to, Func<IspConfig, IspConfig>? isp = null, DnsConfig? dns = null, Func<TunnelProfile, TunnelProfile>? tunnel = null) => new(new()
        {
            Tunnel = tunnel ?? (profile => profile),
            Config = config => config with
            {
                Steering = [new SteeringListConfig("main", [new SteeringRuleConfig([.. to])])],
                Dns = (dns ?? new()) with { Servers = [new UdpEndpoint(IpAddress.Parse("192.0.2.53"), 53)] },
                Isps = [(isp ?? (one => one))(config.Isps[0]), .. config.Isps[1..]],
            },
        });

    private static void Dial(Scenario scenario, int subscribers)
    {
        for (var i = 0; i < subscribers; i++) scenario.Network.Dial(scenario.Add(scenario.Subscribers.Count));
        scenario.WaitAllUp(TimeSpan.FromSeconds(10));
    }
}
