using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Radius;
using LacEdge.Lab.Peers;
using LacEdge.Wire.Radius;

namespace LacEdge.Tests.Simulation;

/// <summary>Session-Timeout and Idle-Timeout of the Accept.</summary>
public sealed class SessionTimeoutTests
{
    private const string FramedA = "0806c6336401";
    private readonly FakeRadius _radius = new("r1", "203.0.113.1");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RAD_024_Session_Timeout_ends_the_session_though_frames_pass(bool throughCore)
    {
        var (scenario, subscriber) = Up("1b060000003c", throughCore);
        for (var second = 0; second < 50; second++)
        {
            scenario.Network.Run(TimeSpan.FromSeconds(1));
            scenario.PingAll();
        }

        Assert.Equal(SubscriberState.Up, subscriber.State);
        scenario.Network.Run(TimeSpan.FromSeconds(7));
        CheckEnd(scenario, subscriber, EndCause.SessionTimeout, AcctTerminateCause.SessionTimeout);
        Assert.InRange(scenario.Down(subscriber).Lasted.TotalSeconds, 60, 61);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RAD_024_Idle_Timeout_ends_a_session_in_which_nothing_but_LCP_echoes_passes(bool throughCore)
    {
        var (scenario, subscriber) = Up("1c0600000028", throughCore);
        for (var second = 0; second < 120; second++)
        {
            scenario.Network.Run(TimeSpan.FromSeconds(1));
            if (second % 20 == 0) scenario.PingAll();
        }

        Assert.Equal(SubscriberState.Up, subscriber.State);
        // The last ping was 20 s ago.
        scenario.Network.Run(TimeSpan.FromSeconds(18));
        Assert.Equal(SubscriberState.Up, subscriber.State);
        scenario.Network.Run(TimeSpan.FromSeconds(15));
        CheckEnd(scenario, subscriber, EndCause.IdleTimeout, AcctTerminateCause.IdleTimeout);
    }

    [Fact]
    public void RAD_024_terms_of_an_Accept_without_LNS_hold_for_the_LNS_of_the_next_target()
    {
        var target = new RadiusTarget("aaa", "wholesale") { AuthenticateBeforeForward = true, ServiceType = 2, NextOnNotFound = true };
        var (scenario, subscriber) = Up("1b060000000a", false, target, new RealmTableTarget());
        scenario.Network.Run(TimeSpan.FromSeconds(11));
        CheckEnd(scenario, subscriber, EndCause.SessionTimeout, AcctTerminateCause.SessionTimeout);
    }

    [Fact]
    public void RAD_024_whoever_goes_earlier_leaves_no_timer_behind()
    {
        var (scenario, subscriber) = Up("1b060000003c" + "1c060000000a", false);
        scenario.Network.HangUp(subscriber, HangUpKind.Padt);
        scenario.AssertNothingLeft();
        Assert.Equal(EndCause.SubscriberPadt, scenario.Down(subscriber).Cause);
    }

    private static void CheckEnd(Scenario scenario, SimulatedSubscriber subscriber, EndCause cause, AcctTerminateCause accounted)
    {
        Assert.Equal((SubscriberEnd.TerminatedByPeer, cause), (subscriber.LastEnd, scenario.Down(subscriber).Cause));
        Assert.Equal(accounted, CauseTable.Of(cause).TerminateCause);
        Assert.Equal((ushort)3, Scenario.Ended(scenario.A, subscriber).End.Result);
        scenario.AssertClean();
        scenario.AssertNothingLeft();
    }

    private (Scenario Scenario, SimulatedSubscriber Subscriber) Up(string terms, bool throughCore, RadiusTarget? target = null, SteeringTarget? then = null)
    {
        SteeringTarget radius = target ?? new RadiusTarget("aaa", "wholesale");
        var scenario = new Scenario(new ScenarioOptions
        {
            ThroughCore = throughCore,
            Config = config => config with
            {
                Steering = [new SteeringListConfig("main", [new SteeringRuleConfig(then is null ? [radius] : [radius, then])])],
                Radius = [new RadiusGroupConfig { Name = "aaa", Servers = [_radius.Config] }],
            },
        });
        _radius.Says = _ => (RadiusCode.AccessAccept, FramedA + terms);
        scenario.Network.AddServer(_radius.Endpoint, _radius.Answer);
        var subscriber = scenario.Add(0);
        scenario.Network.Dial(subscriber);
        scenario.WaitAllUp(TimeSpan.FromSeconds(5));
        return (scenario, subscriber);
    }
}
