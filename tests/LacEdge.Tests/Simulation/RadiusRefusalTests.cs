using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Radius;
using LacEdge.Lab.Peers;
using LacEdge.Wire.Radius;
using static LacEdge.Tests.Core.Radius.AccessAcceptTests;

namespace LacEdge.Tests.Simulation;

/// <summary>RADIUS rejects, judges or says nothing: what becomes of the subscriber, and what it is told.</summary>
public sealed class RadiusRefusalTests : RadiusScenario
{
    [Fact]
    public void A_rejected_realm_ends_by_LCP_alone_with_the_servers_words_in_the_log()
    {
        var scenario = Scenario(target: target => target with { NextOnNotFound = true, NextOnTimeout = true });
        R1.Says = _ => (RadiusCode.AccessReject, Text(18, "no such realm"));
        var subscriber = scenario.Add(0);
        scenario.Network.Dial(subscriber);
        scenario.Network.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(SubscriberEnd.TerminatedByPeer, subscriber.LastEnd);
        var failed = scenario.Failed(subscriber);
        Assert.Equal((EndCause.RadiusReject, "aaa/r1 rejects: no such realm (steering.main[0], radius aaa)"), (failed.Cause, failed.Detail));
        scenario.AssertClean();
    }

    [Theory]
    [InlineData(AuthenticationProtocol.Pap)]
    [InlineData(AuthenticationProtocol.ChapMd5)]
    [InlineData(AuthenticationProtocol.MsChapV1)]
    [InlineData(AuthenticationProtocol.MsChapV2)]
    public void A_user_whose_own_credentials_RADIUS_rejects_hears_that_they_are_wrong(AuthenticationProtocol authentication)
    {
        var scenario = Scenario(
            new ScenarioOptions { Authentication = authentication }, target => target with { AuthenticateBeforeForward = true, ServiceType = 2 });
        R1.Says = _ => (RadiusCode.AccessReject, Text(18, "unpaid"));
        var subscriber = scenario.Add(0);
        scenario.Network.Dial(subscriber);
        scenario.Network.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(SubscriberEnd.AuthenticationRejected, subscriber.LastEnd);
        if (authentication != AuthenticationProtocol.MsChapV1) Assert.Contains("unpaid", subscriber.LastText, StringComparison.Ordinal);
        Assert.Equal((EndCause.RadiusReject, "user0@isp1.example"), (scenario.Failed(subscriber).Cause, R1.LastText(1)));
        Assert.Equal((0, 0), (scenario.A.CallCount, scenario.B.CallCount));
        scenario.AssertClean();
    }

    [Theory]
    [InlineData(AuthenticationProtocol.Pap, "2")]
    [InlineData(AuthenticationProtocol.ChapMd5, "3 60")]
    [InlineData(AuthenticationProtocol.MsChapV1, "26 26")]
    [InlineData(AuthenticationProtocol.MsChapV2, "26 26")]
    public void RAD_006_who_is_accepted_with_its_own_credentials_goes_on_to_the_next_target(AuthenticationProtocol authentication, string credentials)
    {
        var scenario = Scenario(
            new ScenarioOptions { Authentication = authentication },
            target => target with { AuthenticateBeforeForward = true, ServiceType = 2, NextOnNotFound = true },
            new RealmTableTarget());
        // The address is the subscriber's own, and no LNS.
        R1.Says = _ => (RadiusCode.AccessAccept, FramedB);
        scenario.Network.Dial(scenario.Add(0));
        scenario.WaitAllUp(TimeSpan.FromSeconds(5));
        Assert.Equal((1, 0), (scenario.A.CallCount, scenario.B.CallCount));
        var asked = R1.Asked[0];
        var credential = asked.Where(one => one.Key is 2 or 3 or 26 or 60).SelectMany(one => one.Value.Select(_ => one.Key)).Order();
        Assert.Equal(credentials, string.Join(' ', credential));
        if (authentication == AuthenticationProtocol.ChapMd5) Assert.Equal((17, 16), (asked[3][0].Length, asked[60][0].Length));
        if (authentication == AuthenticationProtocol.MsChapV2) Assert.Equal([22, 56], asked[26].Select(value => value.Length));
        Assert.Equal("00000002", R1.Last(6));
        scenario.AssertClean();
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void RAD_005_a_password_that_RADIUS_cannot_carry_is_refused_and_nobody_is_asked(int size, bool asked)
    {
        var scenario = Scenario(
            new ScenarioOptions { Authentication = AuthenticationProtocol.Pap }, target => target with { AuthenticateBeforeForward = true, ServiceType = 2 });
        var subscriber = scenario.Add(0, password: new string('p', size));
        scenario.Network.Dial(subscriber);
        scenario.Network.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(EndCause.RadiusReject, scenario.Failed(subscriber).Cause);
        Assert.Equal(asked ? 1 : 0, R1.Asked.Count);
        if (asked) Assert.Equal(Math.Max(16, size), Assert.Single(R1.Asked[0][2]).Length);
    }

    [Fact]
    public void With_every_server_silent_thousands_are_answered_in_time_others_do_not_notice_and_all_come_up_when_one_speaks_again()
    {
        const int asking = 5_000, others = 500;
        var scenario = Scenario(new ScenarioOptions { Redial = TimeSpan.FromSeconds(20) }, config: config => config with
        {
            Steering =
            [
                new SteeringListConfig("main",
                [
                    new SteeringRuleConfig([new LnsTarget(new LnsConfig { Name = "b", Address = Simulation.Scenario.LnsB.Address }, "wholesale")])
                    {
                        Match = new SteeringMatch { Realm = "isp2.example" },
                    },
                    new SteeringRuleConfig([new RadiusTarget("aaa", "wholesale")]),
                ]),
            ],
            Limits = config.Limits with { HalfOpen = asking + others },
            Discovery = config.Discovery with { PadiRate = new DiscoveryRates(0, 0, 0), PadrRate = new DiscoveryRates(0, 0, 0) },
        }, group: group => group with { MaxOutstanding = 500 });
        R1.Silent = true;
        R1.Says = _ => (RadiusCode.AccessAccept, FramedA);
        for (var i = 0; i < asking; i++) scenario.Add(2 * i);
        for (var i = 0; i < others; i++) scenario.Add(2 * i + 1);
        Dial(scenario);
        scenario.Network.Run(TimeSpan.FromSeconds(15));
        Assert.Equal(others, scenario.B.CallCount);
        Assert.All(scenario.Events<SessionUp>(), up => Assert.InRange(up.Setup.TotalSeconds, 0, 5));
        // Whoever is at the limit is told at once, the others after the target's timeout: 10 s.
        Assert.Equal(asking, scenario.Events<SessionFailed>().Select(failed => failed.User).Distinct().Count());
        Assert.Equal([EndCause.RadiusTimeout, EndCause.Limit], scenario.Events<SessionFailed>().Select(failed => failed.Cause).Distinct().OrderDescending());
        Assert.All(scenario.Events<SessionFailed>(), failed => Assert.InRange(failed.Lasted.TotalSeconds, 0, 20));

        R1.Silent = false;
        scenario.WaitAllUp(TimeSpan.FromSeconds(120));
        Assert.Equal((asking, others), (scenario.A.CallCount, scenario.B.CallCount));
        scenario.AssertClean();
    }

    [Theory]
    [InlineData(true, EndCause.RadiusTimeout)]
    [InlineData(false, EndCause.RadiusUnsigned)]
    public void Silence_and_unsigned_replies_have_their_own_causes(bool silent, EndCause cause)
    {
        var scenario = Scenario(server: server => server with { MessageAuthenticator = MessageAuthenticatorPolicy.Yes });
        (R1.Silent, R1.Signs) = (silent, false);
        R1.Says = _ => (RadiusCode.AccessAccept, FramedA);
        scenario.Network.Dial(scenario.Add(0));
        scenario.Network.Run(TimeSpan.FromSeconds(15));
        Assert.Equal(cause, scenario.Events<SessionFailed>().Single().Cause);
        scenario.AssertClean();
    }

    [Fact]
    public void A_wrong_secret_is_guessed_in_the_detail()
    {
        var wrong = new FakeRadius("r1", "203.0.113.1", "another-secret") { Says = _ => (RadiusCode.AccessAccept, FramedA) };
        var scenario = Scenario(servers: [wrong]);
        scenario.Network.Dial(scenario.Add(0));
        scenario.Network.Run(TimeSpan.FromSeconds(15));
        var failed = scenario.Events<SessionFailed>().Single();
        Assert.Equal(EndCause.RadiusTimeout, failed.Cause);
        Assert.Contains("is the secret the same on both sides?", failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void With_the_servers_silent_the_next_target_has_its_turn_within_the_budget()
    {
        var scenario = Scenario(null, target => target with { NextOnTimeout = true }, new RealmTableTarget());
        R1.Silent = true;
        for (var i = 0; i < 4; i++) scenario.Add(i);
        Dial(scenario);
        scenario.WaitAllUp(TimeSpan.FromSeconds(13));
        Assert.Equal((2, 2), (scenario.A.CallCount, scenario.B.CallCount));
        scenario.AssertClean();
    }

    [Fact]
    public void RAD_009_with_one_of_two_servers_silent_nobody_waits_longer_than_one_retransmission()
    {
        var scenario = Scenario(servers: [R1, R2]);
        R1.Silent = true;
        R2.Says = _ => (RadiusCode.AccessAccept, FramedA);
        for (var i = 0; i < 50; i++) scenario.Add(i);
        Dial(scenario);
        scenario.WaitAllUp(TimeSpan.FromSeconds(4));
        Assert.All(scenario.Events<SessionUp>(), up => Assert.InRange(up.Setup.TotalSeconds, 0, 3));
        scenario.AssertClean();
    }

    [Fact]
    public void Who_hangs_up_while_RADIUS_is_asked_leaves_no_question_behind()
    {
        var scenario = Scenario();
        R1.Silent = true;
        var subscriber = scenario.Add(0);
        scenario.Network.Dial(subscriber);
        scenario.Network.Run(TimeSpan.FromSeconds(3));
        Assert.Equal(2, R1.Asked.Count);
        scenario.Network.HangUp(subscriber, HangUpKind.Padt);
        scenario.Network.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(2, R1.Asked.Count);
        scenario.AssertNothingLeft();
    }
}
