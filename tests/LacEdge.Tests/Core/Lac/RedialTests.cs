using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Lac;
using LacEdge.Simulator;
using LacEdge.Tests.Simulation;
using static LacEdge.Tests.Core.Pppoe.PppoeHarness;

namespace LacEdge.Tests.Core.Lac;

/// <summary>Subscribers that dial anew: after a crash, or in a loop.</summary>
public sealed class RedialTests
{
    private const string AnyName = "01010000";

    [Fact]
    public void PPPOE_018_A_subscriber_that_dials_anew_ends_its_call_then_its_old_session_and_gets_the_new_one()
    {
        var scenario = Scenario.Up(new ScenarioOptions(), 1);
        var old = scenario.Lac.Core.SessionsAfter(0).Single();
        var (mac, ac) = (old.Pppoe.Subscriber.Value.ToString("x12"), LacNode.MacOf(0).Value.ToString("x12"));
        scenario.Network.InjectFrame(0, Convert.FromHexString(Discovery(Broadcast, mac, "09", "0000", AnyName)));
        var cookie = TagOf(scenario.Passed[^1].Hex, "0104")!;
        scenario.Passed.Clear();
        scenario.Network.InjectFrame(0, Convert.FromHexString(
            Discovery(ac, mac, "19", "0000", AnyName + Tag("0103", "beef") + Tag("0104", cookie))));

        var sent = scenario.Passed.Where(p => p.Side is Side.ToLns or Side.ToSubscriber).ToList();
        Assert.Equal([Side.ToLns, Side.ToSubscriber, Side.ToSubscriber, Side.ToSubscriber], sent.Select(p => p.Side));
        // Message type 14 is CDN, 3 its result code.
        Assert.Contains("80080000" + "0000" + "000e", sent[0].Hex, StringComparison.Ordinal);
        Assert.Equal($"{mac}{ac}886311a7{old.Pppoe.SessionId:x4}", sent[1].Hex[..36]);
        Assert.Equal($"{mac}{ac}88631165", sent[2].Hex[..32]);
        Assert.NotEqual($"{old.Pppoe.SessionId:x4}", sent[2].Hex[32..36]);
        Assert.Equal($"{mac}{ac}88641100", sent[3].Hex[..32]);

        scenario.Network.Run(TimeSpan.FromSeconds(1));
        var down = Assert.Single(scenario.Events<SessionDown>());
        Assert.Equal((EndCause.SubscriberReplaced, old.Key), (down.Cause, down.Key));
        Assert.Equal(3, Scenario.Ended(scenario.A, scenario.Subscribers[0]).End.Result);
        Assert.NotEqual(old.Key, Assert.Single(scenario.Lac.Core.SessionsAfter(0)).Key);
    }

    [Fact]
    public void However_many_dial_anew_at_once_each_gets_its_PADT_before_its_new_session()
    {
        using var bench = new LacBench();
        for (var i = 0; i < 200; i++) bench.Dial(i);
        var old = bench.Lac.SessionsAfter(0).Select(session => session.Pppoe.SessionId).ToArray();
        for (var i = 0; i < 200; i++)
        {
            var frames = bench.Dial(i, Tag("0103", "beef"));
            Assert.Equal(3, frames.Length);
            Assert.Equal($"{LacBench.MacOf(i)}{Ac}886311a7{old[i]:x4}", frames[0][..36]);
            Assert.Equal($"{LacBench.MacOf(i)}{Ac}88631165", frames[1][..32]);
        }

        Assert.Equal(200, bench.Lac.SessionCount);
        bench.Advance(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(bench.SentFrames(), frame => frame[24..32] == "886311a7");
    }

    [Fact]
    public void One_whose_PADT_waits_for_its_turn_has_its_turn_when_it_dials()
    {
        using var bench = new LacBench();
        for (var i = 0; i < 100; i++) bench.Dial(i);
        bench.Receive(Discovery(Broadcast, LacBench.MacOf(99), "09", "0000", AnyName));
        var cookie = TagOf(bench.SentFrames()[^1], "0104")!;
        bench.Command(new Shutdown());
        Assert.Equal(64, bench.SentFrames().Length);
        bench.Receive(Discovery(Ac, LacBench.MacOf(99), "19", "0000", AnyName + Tag("0103", "beef") + Tag("0104", cookie)));
        var frames = bench.SentFrames();
        Assert.Equal($"{LacBench.MacOf(99)}{Ac}886311a7", frames[0][..32]);
        Assert.Equal($"{LacBench.MacOf(99)}{Ac}886311650000", frames[1][..36]);
        bench.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(35, bench.SentFrames().Length);
        Assert.True(bench.Lac.ShutdownComplete);
    }

    [Fact]
    public void PPPOE_019_A_PADR_like_that_of_a_session_that_is_ending_asks_for_a_new_one()
    {
        using var bench = new LacBench();
        bench.Dial(1);
        var old = bench.Lac.SessionsAfter(0).Single();
        bench.Command(new ClearSession(old.Key, ""));
        // LCP Terminate-Request; its answer is awaited.
        Assert.Equal("c02105", Assert.Single(bench.SentFrames())[40..46]);
        var frames = bench.Dial(1);
        Assert.Equal($"{LacBench.MacOf(1)}{Ac}886311a7{old.Pppoe.SessionId:x4}", frames[0][..36]);
        Assert.Equal($"{LacBench.MacOf(1)}{Ac}88631165", frames[1][..32]);
    }

    [Fact]
    public void A_subscriber_with_a_wrong_password_that_redials_in_a_loop_is_answered_less_and_less_often()
    {
        var scenario = new Scenario(new ScenarioOptions { Redial = TimeSpan.FromSeconds(0.1) });
        var wrong = scenario.Add(0, password: "wrong");
        var right = scenario.Add(2);
        scenario.Network.Dial(wrong);
        scenario.Network.Dial(right);
        scenario.Network.Run(TimeSpan.FromSeconds(600));
        var failed = scenario.Events<SessionDown>().Where(e => e.User == wrong.Options.User).Select(e => e.At)
            .Concat(scenario.Events<SessionFailed>().Where(e => e.User == wrong.Options.User).Select(e => e.At)).Order().ToList();
        // Five at will; then after 1, 2, 4, 8 and more seconds, plus what the subscriber takes to try again.
        Assert.InRange(failed.Count, 10, 18);
        Assert.True(failed[4] - failed[0] < TimeSpan.FromSeconds(30));
        for (var i = 5; i < 12; i++)
            Assert.True(failed[i] - failed[i - 1] >= TimeSpan.FromSeconds(Math.Min(1 << i - 5, 300)), $"attempt {i + 1}: {failed[i] - failed[i - 1]}");
        Assert.True(scenario.Lac.Core.Counters[DropReason.LockedOut] > 0);
        Assert.DoesNotContain(scenario.Events<SessionDown>(), e => e.User == right.Options.User);
        scenario.AssertClean();
    }

    [Fact]
    public void An_operator_sees_locked_lines_and_lets_them_dial_again()
    {
        using var bench = new LacBench(discovery: new DiscoveryConfig { Lockout = new LockoutConfig { After = 2, First = TimeSpan.FromMinutes(1) } });
        for (var i = 0; i < 2; i++)
        {
            bench.Dial(1);
            var session = bench.Lac.SessionsAfter(0).Single();
            bench.Receive(Discovery(Ac, LacBench.MacOf(1), "a7", $"{session.Pppoe.SessionId:x4}", ""));
        }

        var line = Assert.Single(bench.Lac.LockedOut(bench.Now));
        Assert.Equal((Mac(LacBench.MacOf(1)), 2, bench.Now + TimeSpan.FromMinutes(1)), (line.Mac, line.ShortSessions, line.Until));
        bench.SentFrames();
        bench.Receive(Discovery(Broadcast, LacBench.MacOf(1), "09", "0000", AnyName));
        Assert.Empty(bench.SentFrames());
        bench.Command(new ClearLockout(Mac(LacBench.MacOf(1))));
        Assert.Equal(2, bench.Dial(1).Length);
    }

    [Fact]
    public void A_subscriber_that_dials_anew_in_a_loop_without_ending_its_sessions_is_locked_out_too()
    {
        using var bench = new LacBench(discovery: new DiscoveryConfig { Lockout = new LockoutConfig { After = 2, First = TimeSpan.FromMinutes(1) } });
        for (var i = 0; i < 3; i++) bench.Dial(1, Tag("0103", $"{i:x4}"));
        var line = Assert.Single(bench.Lac.LockedOut(bench.Now));
        Assert.Equal((Mac(LacBench.MacOf(1)), 2), (line.Mac, line.ShortSessions));
        // The last session stays; its successor has to wait.
        Assert.Single(bench.Lac.SessionsAfter(0));
        bench.Receive(Discovery(Broadcast, LacBench.MacOf(1), "09", "0000", AnyName));
        Assert.Empty(bench.SentFrames());
    }

    [Fact]
    public void A_subscriber_that_dials_anew_after_a_crash_is_not_held_against_its_line()
    {
        using var bench = new LacBench(discovery: new DiscoveryConfig { Lockout = new LockoutConfig { After = 1, Short = TimeSpan.FromSeconds(5) } });
        for (var i = 0; i < 5; i++)
        {
            bench.Dial(1, Tag("0103", $"{i:x4}"));
            bench.Advance(TimeSpan.FromSeconds(6));
            bench.SentFrames();
        }

        Assert.Empty(bench.Lac.LockedOut(bench.Now));
    }

    [Fact]
    public void A_session_whose_PADT_waits_for_its_turn_counts_once_when_its_subscriber_dials()
    {
        using var bench = new LacBench(discovery: new DiscoveryConfig { Lockout = new LockoutConfig { After = 1 } });
        for (var i = 0; i < 100; i++) bench.Dial(i);
        bench.Receive(Discovery(Broadcast, LacBench.MacOf(99), "09", "0000", AnyName));
        var cookie = TagOf(bench.SentFrames()[^1], "0104")!;
        bench.Command(new Shutdown());
        bench.Receive(Discovery(Ac, LacBench.MacOf(99), "19", "0000", AnyName + Tag("0103", "beef") + Tag("0104", cookie)));
        Assert.Empty(bench.Lac.LockedOut(bench.Now));
    }

    [Theory]
    [InlineData(EndCause.Operator)]
    [InlineData(EndCause.Shutdown)]
    [InlineData(EndCause.AccessInterfaceDown)]
    [InlineData(EndCause.LnsDead)]
    [InlineData(EndCause.LnsStopCcn)]
    [InlineData(EndCause.TunnelTimeout)]
    [InlineData(EndCause.CallTimeout)]
    [InlineData(EndCause.NoLns)]
    [InlineData(EndCause.Limit)]
    [InlineData(EndCause.SetupTimeout)]
    [InlineData(EndCause.SubscriberReplaced)]
    public void What_a_line_can_do_nothing_about_does_not_speak_against_it(EndCause cause) => Assert.False(CauseTable.BlamesTheLine(cause));
}
