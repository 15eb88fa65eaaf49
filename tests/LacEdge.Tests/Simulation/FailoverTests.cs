using LacEdge.Core;
using LacEdge.Core.Events;
using LacEdge.Lab.Peers;
using LacEdge.Simulator;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Simulation;

/// <summary>When the first LNS does not want or cannot, the second gets the call and the subscriber notices nothing.</summary>
public sealed class FailoverTests
{
    private static readonly ScenarioOptions _oneIsp = new() { OneIsp = true };

    [Fact]
    public void A_dead_LNS_is_passed_over_after_its_set_up_timeout()
    {
        var scenario = new Scenario(_oneIsp);
        scenario.A.Die();
        AllUpAt(scenario, scenario.B, within: 10);
    }

    [Fact]
    public void L2TP_044_StopCCN_during_set_up_moves_to_the_next()
    {
        foreach (var refusal in (ResultCode[])
            [
                new(StopCcnResult.GeneralError, L2tpErrorCode.TryAnother, "198.51.100.2"),
                new(StopCcnResult.NotAuthorized), new(StopCcnResult.ShuttingDown), new((ushort)1),
            ])
        {
            var scenario = new Scenario(_oneIsp);
            scenario.A.RefuseTunnels = refusal;
            AllUpAt(scenario, scenario.B, within: 3);
            Assert.Equal(0ul, scenario.A.CallsOpened);
        }
    }

    [Fact]
    public void L2TP_054_CDN_during_set_up_moves_to_the_next()
    {
        foreach (var refusal in (ResultCode[])
            [
                new(CdnResult.GeneralError, L2tpErrorCode.TryAnother), new(CdnResult.GeneralError, L2tpErrorCode.InsufficientResources),
                new(CdnResult.NoFacilitiesTemporary), new(CdnResult.NoFacilitiesPermanent),
            ])
        {
            var scenario = new Scenario(_oneIsp);
            scenario.A.RefuseCalls = refusal;
            AllUpAt(scenario, scenario.B, within: 3);
        }
    }

    [Fact]
    public void An_administrative_CDN_concerns_the_user_and_ends_the_search()
    {
        var scenario = new Scenario(_oneIsp);
        scenario.A.RefuseCalls = new ResultCode(CdnResult.Administrative, L2tpErrorCode.None, "account closed");
        var subscriber = scenario.Add(0);
        scenario.Network.Dial(subscriber);
        scenario.Network.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(SubscriberEnd.TerminatedByPeer, subscriber.LastEnd);
        var failed = scenario.Failed(subscriber);
        Assert.Equal(EndCause.CallRefused, failed.Cause);
        Assert.Contains("account closed", failed.Detail, StringComparison.Ordinal);
        Assert.Equal(0ul, scenario.B.CallsOpened);
        scenario.AssertClean();
    }

    [Fact]
    public void L2TP_036_an_LNS_with_another_secret_gets_StopCCN_4_and_no_subscriber()
    {
        var options = _oneIsp with { Secret = "tunnel-secret" };
        var scenario = new Scenario(options with
        {
            Lns = name => Scenario.LnsOptionsFor(name, name == "a" ? options with { Secret = "other-secret" } : options),
        });
        AllUpAt(scenario, scenario.B, within: 3);
        Assert.Equal((ushort)4, scenario.A.EndedTunnels.First().End.Result);
        Assert.Contains(scenario.Events<TunnelDown>(), e => e.Cause == EndCause.TunnelSecretWrong && e.Lns == "lns-a");
    }

    [Fact]
    public void Without_a_secret_a_challenge_cannot_be_answered_StopCCN_4()
    {
        var options = _oneIsp with { Secret = "" };
        var scenario = new Scenario(options with
        {
            Lns = name => Scenario.LnsOptionsFor(name, options) with { Secret = name == "a" ? "secret-of-the-lns" : "" },
        });
        for (var i = 0; i < 3; i++) scenario.Network.Dial(scenario.Add(i));
        scenario.WaitAllUp(TimeSpan.FromSeconds(5));
        Assert.Equal(3, scenario.B.CallCount);
        Assert.Equal((ushort)4, scenario.A.EndedTunnels.First().End.Result);
        Assert.Contains(scenario.Events<TunnelDown>(), e => e.Cause == EndCause.TunnelSecretMissing && e.Lns == "lns-a");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SEL_002_when_none_is_left_the_subscriber_gets_Terminate_Request_and_PADT(bool dead)
    {
        var scenario = new Scenario(_oneIsp);
        foreach (var lns in scenario.Network.Lnses)
        {
            if (dead) lns.Die();
            else lns.RefuseCalls = new ResultCode(CdnResult.NoFacilitiesTemporary, L2tpErrorCode.None, "full");
        }

        var subscriber = scenario.Add(0);
        scenario.Network.Dial(subscriber);
        Assert.True(scenario.Network.RunUntil(() => subscriber.State == SubscriberState.Failed, TimeSpan.FromSeconds(30)));
        scenario.Network.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(SubscriberEnd.TerminatedByPeer, subscriber.LastEnd);
        Assert.Equal(dead ? EndCause.TunnelTimeout : EndCause.CallRefused, scenario.Failed(subscriber).Cause);
        Assert.Equal(0u, subscriber.StrayFrames);
        scenario.AssertClean();
    }

    [Fact]
    public void An_unknown_realm_and_a_missing_one_are_refused_by_name()
    {
        var scenario = new Scenario(_oneIsp);
        var unknown = scenario.Add(0, user: "bob@elsewhere.example");
        var missing = scenario.Add(1, user: "bob");
        foreach (var subscriber in scenario.Subscribers) scenario.Network.Dial(subscriber);
        scenario.Network.Run(TimeSpan.FromSeconds(10));
        Assert.Equal((EndCause.RealmUnknown, EndCause.NoRealm), (scenario.Failed(unknown).Cause, scenario.Failed(missing).Cause));
        Assert.All(scenario.Subscribers, s => Assert.Equal(SubscriberEnd.TerminatedByPeer, s.LastEnd));
        scenario.AssertClean();
    }

    [Fact]
    public void The_path_of_a_session_names_every_step_to_its_LNS()
    {
        var scenario = new Scenario(_oneIsp);
        scenario.A.RefuseCalls = new ResultCode(CdnResult.NoFacilitiesTemporary, L2tpErrorCode.None, "full");
        AllUpAt(scenario, scenario.B, within: 3);
        var path = scenario.Lac.Core.SessionsAfter(0).First().Path!;
        Assert.Equal(
            ["steering.main[0]: realm-table: found: isp1", "isp1/lns-a: call-refused: CDN: no facilities", "isp1/lns-b: taken"],
            path.Steps.Select(step => step.ToString().Split(" (")[0]));
    }

    [Fact]
    public void An_LNS_that_failed_is_locked_out_and_then_tried_by_one_call_while_the_others_go_elsewhere()
    {
        var scenario = new Scenario(_oneIsp);
        scenario.A.Die();
        AllUpAt(scenario, scenario.B, within: 10);
        // The next need not wait for a silent LNS.
        scenario.Network.Dial(scenario.Add(5));
        scenario.WaitAllUp(TimeSpan.FromSeconds(1));
        Assert.Contains("lns-a: tunnel-timeout: locked out for", scenario.Lac.Core.SessionsAfter(5).First().Path!.Steps[1].ToString(), StringComparison.Ordinal);

        scenario.A.Restart();
        scenario.Network.Run(TimeSpan.FromSeconds(30));
        scenario.Network.ToLnses = new LinkFaults { Delay = TimeSpan.FromMilliseconds(500) };
        for (var i = 6; i < 16; i++) scenario.Network.Dial(scenario.Add(i));
        scenario.WaitAllUp(TimeSpan.FromSeconds(10));
        Assert.Equal((1, 15), (scenario.A.CallCount, scenario.B.CallCount));
        scenario.Network.Dial(scenario.Add(16));
        scenario.WaitAllUp(TimeSpan.FromSeconds(10));
        Assert.Equal(2, scenario.A.CallCount);
        scenario.AssertClean();
    }

    [Fact]
    public void A_probe_that_fails_locks_out_again()
    {
        var scenario = new Scenario(_oneIsp);
        scenario.A.Die();
        AllUpAt(scenario, scenario.B, within: 10);
        scenario.Network.Run(TimeSpan.FromSeconds(31));
        var opened = scenario.Lac.Core.Counters[LacCounter.TunnelsOpened];
        for (var i = 5; i < 15; i++) scenario.Network.Dial(scenario.Add(i));
        scenario.WaitAllUp(TimeSpan.FromSeconds(10));
        scenario.Network.Dial(scenario.Add(15));
        scenario.WaitAllUp(TimeSpan.FromSeconds(1));
        Assert.Equal(opened + 1, scenario.Lac.Core.Counters[LacCounter.TunnelsOpened]);
        scenario.AssertClean();
    }

    [Fact]
    public void When_all_are_locked_out_the_one_that_was_first_is_tried()
    {
        var scenario = new Scenario(_oneIsp);
        scenario.A.Die();
        scenario.B.Die();
        var first = scenario.Add(0);
        scenario.Network.Dial(first);
        Assert.True(scenario.Network.RunUntil(() => first.State == SubscriberState.Failed, TimeSpan.FromSeconds(20)));
        scenario.A.Restart();
        scenario.B.Restart();
        scenario.Network.Run(TimeSpan.FromSeconds(2));
        var second = scenario.Add(1, user: "user1@isp1.example");
        scenario.Network.Dial(second);
        Assert.True(scenario.Network.RunUntil(() => second.State == SubscriberState.Up, TimeSpan.FromSeconds(2)));
        Assert.Equal((1, 0), (scenario.A.CallCount, scenario.B.CallCount));
        Assert.Contains(scenario.Lac.Core.SessionsAfter(1).First().Path!.Steps, step => step.Answer == "last-resort");
    }

    [Fact]
    public void Subscribers_of_a_failed_LNS_return_over_the_other()
    {
        var scenario = Scenario.Up(_oneIsp with { Redial = TimeSpan.FromSeconds(3) }, 10);
        Assert.Equal(10, scenario.A.CallCount);
        scenario.A.Die();
        scenario.Network.Run(TimeSpan.FromSeconds(150));
        Assert.Equal(10, scenario.B.CallCount);
        scenario.PingAll();
        scenario.AssertClean();
    }

    [Fact]
    public void A_port_that_is_taken_does_not_keep_a_tunnel_from_opening()
    {
        var scenario = new Scenario(_oneIsp);
        scenario.Lac.TakenPorts.Add(1701);
        AllUpAt(scenario, scenario.A, within: 3);
        Assert.NotEmpty(scenario.Events<HostTrouble>());
    }

    private static void AllUpAt(Scenario scenario, EmbeddedLns lns, int within)
    {
        for (var i = 0; i < 5; i++) scenario.Network.Dial(scenario.Add(i));
        scenario.WaitAllUp(TimeSpan.FromSeconds(within));
        Assert.Equal(5, lns.CallCount);
        Assert.All(scenario.Subscribers, s => Assert.Equal(1u, s.Dials));
        scenario.AssertClean();
    }
}
