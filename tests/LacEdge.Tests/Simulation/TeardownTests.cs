using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Lac;
using LacEdge.Lab.Peers;
using LacEdge.Simulator;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Simulation;

/// <summary>Either side ends it; the other is told with the right code; the cause is kept; nothing stays behind.</summary>
public sealed class TeardownTests
{
    private static readonly TimeSpan _aMoment = TimeSpan.FromSeconds(10);

    [Fact]
    public void L2TP_051_PADT_of_the_subscriber_becomes_CDN_1()
    {
        var scenario = Scenario.Up(new ScenarioOptions(), 4);
        var subscriber = scenario.Subscribers[0];
        scenario.Network.HangUp(subscriber, HangUpKind.Padt);
        scenario.Network.Run(_aMoment);

        Assert.Equal(EndCause.SubscriberPadt, scenario.Down(subscriber).Cause);
        var end = Scenario.Ended(scenario.A, subscriber).End;
        Assert.Equal((true, 1, 0), (end.ByPeer, end.Result, end.Error));
        Assert.Equal(3, scenario.Lac.Core.SessionCount);
        Assert.Empty(SentAfterPadtOf(scenario, subscriber));
        scenario.AssertClean();
    }

    [Fact]
    public void Terminate_Request_of_the_subscriber_ends_the_call_at_the_LNS()
    {
        var scenario = Scenario.Up(new ScenarioOptions(), 4);
        var subscriber = scenario.Subscribers[1];
        scenario.Network.HangUp(subscriber, HangUpKind.Terminate);
        scenario.Network.Run(_aMoment);

        Assert.Equal((SubscriberState.Ended, SubscriberEnd.HungUp), (subscriber.State, subscriber.LastEnd));
        var end = scenario.B.EndedCalls.Single().End;
        Assert.Equal((false, 1), (end.ByPeer, end.Result));
        // The LNS's CDN is only the consequence.
        Assert.Equal(EndCause.SubscriberTerminate, scenario.Down(subscriber).Cause);
        Assert.Equal(3, scenario.Lac.Core.SessionCount);
        scenario.AssertClean();
    }

    [Fact]
    public void The_session_ends_with_LCP_even_if_neither_side_says_so()
    {
        // As between pppd and l2tpns: the LNS sends no CDN (here: it does not arrive), the subscriber no PADT.
        var scenario = Scenario.Up(new ScenarioOptions(), 4);
        var subscriber = scenario.Subscribers[0];
        var own = "8864" + $"1100{subscriber.SessionId:x4}";
        var addresses = scenario.Passed.Last(passed => passed.Side == Side.FromSubscriber && passed.Hex[24..36] == own).Hex[..24];
        scenario.Network.FromLnses = LinkFaults.Cut;
        scenario.Network.InjectFrame(0, Convert.FromHexString(addresses + own + "000a" + "c02105010008" + "62796521"));
        scenario.Network.Run(TimeSpan.FromSeconds(2.9));
        Assert.Equal(4, scenario.Lac.Core.SessionCount);

        scenario.Passed.Clear();
        scenario.Network.Run(TimeSpan.FromSeconds(0.2));
        var down = scenario.Down(subscriber);
        Assert.Equal((EndCause.SubscriberTerminate, "bye!"), (down.Cause, down.Detail));
        const string padt = "886311a7", cdn1 = "800800000000000e" + "80";
        Assert.Single(scenario.Passed, passed => passed.Side == Side.ToSubscriber && passed.Hex.Contains(padt, StringComparison.Ordinal));
        Assert.Single(scenario.Passed, passed => passed.Side == Side.ToLns && passed.Hex.Contains(cdn1, StringComparison.Ordinal));

        scenario.Network.FromLnses = LinkFaults.Perfect;
        scenario.Network.Run(_aMoment);
        Assert.Equal(3, scenario.Subscribers.Count(s => s.State == SubscriberState.Up));
        scenario.AssertClean();
    }

    [Fact]
    public void A_subscriber_that_falls_silent_is_missed_by_the_LNS()
    {
        var timers = new PppTimers { EchoInterval = TimeSpan.FromSeconds(10) };
        var options = new ScenarioOptions();
        var scenario = Scenario.Up(options with { Lns = name => Scenario.LnsOptionsFor(name, options) with { Timers = timers } }, 2);
        var subscriber = scenario.Subscribers[0];
        scenario.Network.HangUp(subscriber, HangUpKind.Silent);
        scenario.Network.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(EndCause.LnsCdn, scenario.Down(subscriber).Cause);
        Assert.Equal(SubscriberState.Up, scenario.Subscribers[1].State);
        Assert.True(scenario.Subscribers[1].Ppp!.EchoesAnswered >= 5);
        scenario.AssertClean();
    }

    [Fact]
    public void L2TP_050_CDN_of_the_LNS_becomes_PADT()
    {
        var scenario = Scenario.Up(new ScenarioOptions(), 4);
        var subscriber = scenario.Subscribers[0];
        var call = scenario.A.CallOf(subscriber.Options.User)!;
        var code = new ResultCode(CdnResult.Administrative, text: "quota used up");
        scenario.Network.Do(scenario.A, _ => call.Drop(code, null, scenario.Network.Now));
        scenario.Network.Run(_aMoment);

        var down = scenario.Down(subscriber);
        Assert.Equal(EndCause.LnsCdn, down.Cause);
        Assert.Contains("quota used up", down.Detail, StringComparison.Ordinal);
        Assert.Contains(subscriber.LastEnd, (SubscriberEnd[])[SubscriberEnd.PadtReceived, SubscriberEnd.TerminatedByPeer]);
        Assert.Equal(3, scenario.Subscribers.Count(s => s.State == SubscriberState.Up));
        scenario.AssertClean();
    }

    [Fact]
    public void Terminate_Request_of_the_LNS_reaches_the_subscriber_before_PADT()
    {
        var scenario = Scenario.Up(new ScenarioOptions(), 2);
        var subscriber = scenario.Subscribers[0];
        scenario.Network.Do(scenario.A, lns => lns.Calls.Single().HangUp("maintenance", scenario.Network.Now));
        scenario.Network.Run(_aMoment);
        Assert.Equal(SubscriberEnd.TerminatedByPeer, subscriber.LastEnd);
        Assert.Contains(scenario.Down(subscriber).Cause, (EndCause[])[EndCause.LnsCdn, EndCause.SubscriberPadt]);
        scenario.AssertClean();
    }

    [Fact]
    public void StopCCN_of_the_LNS_ends_its_subscribers_and_nobody_elses()
    {
        var scenario = Scenario.Up(new ScenarioOptions(), 6);
        var code = new ResultCode(StopCcnResult.ShuttingDown, text: "upgrade");
        scenario.Network.Do(scenario.A, lns => lns.CloseAll(code, scenario.Network.Now));
        scenario.Network.Run(_aMoment);

        Assert.Equal(3, scenario.Events<SessionDown>().Count(e => e.Cause == EndCause.LnsStopCcn && e.Lns == "lns-a"));
        var tunnel = Assert.Single(scenario.Events<TunnelDown>());
        Assert.Equal((EndCause.LnsStopCcn, 3), (tunnel.Cause, tunnel.Sessions));
        Assert.Contains("upgrade", tunnel.Detail, StringComparison.Ordinal);
        Assert.All(scenario.Subscribers, (s, i) => Assert.Equal(i % 2 == 1, s.State == SubscriberState.Up));
        Assert.Equal(0u, scenario.A.EndedTunnels.Single().ControlRepeats);
        scenario.AssertClean();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_dead_LNS_is_found_by_HELLO_and_costs_its_own_sessions_only(bool restarts)
    {
        var scenario = Scenario.Up(new ScenarioOptions(), 6);
        if (restarts) scenario.A.Restart();
        else scenario.A.Die();
        // 60 s of silence, then a HELLO and its repeats: 31 s and the wait for the last.
        scenario.Network.Run(TimeSpan.FromSeconds(130));

        Assert.Equal(3, scenario.Events<SessionDown>().Count(e => e.Cause == EndCause.LnsDead && e.Lns == "lns-a"));
        Assert.Equal(EndCause.LnsDead, Assert.Single(scenario.Events<TunnelDown>()).Cause);
        Assert.All(scenario.Subscribers, (s, i) => Assert.Equal(i % 2 == 1, s.State == SubscriberState.Up));
        Assert.True(scenario.B.Tunnels.Single().HellosReceived >= 1);
        scenario.AssertClean();
    }

    [Fact]
    public void An_operator_who_clears_a_session_is_named_to_both_sides()
    {
        var scenario = Scenario.Up(new ScenarioOptions(), 4);
        var subscriber = scenario.Subscribers[2];
        var key = scenario.Lac.Core.SessionsAfter(0).Single(s => s.UserText == subscriber.Options.User).Key;
        scenario.Lac.Command(new ClearSession(key, "moved to another port"));
        scenario.Network.Run(_aMoment);

        var down = scenario.Down(subscriber);
        Assert.Equal((EndCause.Operator, "moved to another port"), (down.Cause, down.Detail));
        var end = Scenario.Ended(scenario.A, subscriber).End;
        Assert.Equal((true, (ushort)3, (ushort?)1), (end.ByPeer, end.Result, end.DisconnectCause));
        Assert.Contains(subscriber.LastEnd, (SubscriberEnd[])[SubscriberEnd.TerminatedByPeer, SubscriberEnd.PadtReceived]);
        scenario.AssertClean();
    }

    [Fact]
    public void Shutdown_sends_StopCCN_6_to_every_LNS_and_PADT_to_every_subscriber()
    {
        var scenario = Scenario.Up(new ScenarioOptions(), 200);
        scenario.Lac.Command(new Shutdown());
        var started = scenario.Network.Now;
        Assert.True(scenario.Network.RunUntil(() => scenario.Lac.Core.ShutdownComplete, TimeSpan.FromSeconds(2)));
        Assert.True(scenario.Network.Now - started < TimeSpan.FromSeconds(1));
        scenario.Network.Run(_aMoment);

        Assert.Equal(200, scenario.Events<SessionDown>().Count(e => e.Cause == EndCause.Shutdown));
        Assert.All(scenario.Subscribers, s => Assert.Equal(SubscriberEnd.PadtReceived, s.LastEnd));
        foreach (var lns in scenario.Network.Lnses)
        {
            var end = lns.EndedTunnels.Single().End;
            Assert.Equal((true, (ushort)6), (end.ByPeer, end.Result));
        }

        scenario.AssertClean();
        scenario.AssertNothingLeft();
    }

    [Fact]
    public void A_lost_access_interface_ends_its_sessions_with_CDN_1()
    {
        var scenario = Scenario.Up(new ScenarioOptions(), 4);
        scenario.Lac.Link(0, up: false);
        scenario.Network.Run(_aMoment);
        Assert.Equal(4, scenario.Events<SessionDown>().Count(e => e.Cause == EndCause.AccessInterfaceDown));
        Assert.All(scenario.A.EndedCalls, call => Assert.Equal((true, (ushort)1), (call.End.ByPeer, call.End.Result)));
        Assert.Equal(0, scenario.Lac.Core.SessionCount);
        scenario.AssertClean();
    }

    [Fact]
    public void Another_MAC_of_the_access_interface_ends_its_sessions_with_CDN_1_and_subscribers_come_back_to_it()
    {
        var scenario = Scenario.Up(new ScenarioOptions(), 4);
        scenario.Lac.Link(0, up: true, mac: new MacAddress(0x02FE_0000_00AAUL));
        scenario.Network.Run(_aMoment);
        Assert.Equal(4, scenario.Events<SessionDown>().Count(
            e => e is { Cause: EndCause.AccessInterfaceDown, Detail: "its MAC changed from 02:fe:00:00:00:00 to 02:fe:00:00:00:aa" }));
        Assert.All(scenario.A.EndedCalls, call => Assert.Equal((true, (ushort)1), (call.End.ByPeer, call.End.Result)));
        Assert.Equal(0, scenario.Lac.Core.SessionCount);

        foreach (var subscriber in scenario.Subscribers)
        {
            scenario.Network.HangUp(subscriber, HangUpKind.Silent);
            scenario.Network.Dial(subscriber);
        }

        scenario.WaitAllUp(TimeSpan.FromSeconds(10));
        scenario.PingAll();
        scenario.AssertClean();
    }

    [Fact]
    public void Another_MTU_of_the_access_interface_leaves_sessions_alone_and_holds_for_new_ones()
    {
        var scenario = Scenario.Up(new ScenarioOptions(), 1);
        scenario.Lac.Link(0, up: true, mtu: 1400);
        var later = scenario.Add(1);
        scenario.Network.Dial(later);
        scenario.WaitAllUp(TimeSpan.FromSeconds(10));
        Assert.Equal([1492, 1392], scenario.Lac.Core.SessionsAfter(0).Select(session => session.Pppoe.MaxPayload));
        scenario.PingAll();
        scenario.AssertClean();
    }

    [Theory]
    [InlineData(LnsMode.Forced, AuthenticationProtocol.Pap)]
    [InlineData(LnsMode.Forced, AuthenticationProtocol.ChapMd5)]
    [InlineData(LnsMode.Renegotiate, AuthenticationProtocol.Pap)]
    [InlineData(LnsMode.Renegotiate, AuthenticationProtocol.ChapMd5)]
    [InlineData(LnsMode.ReChallenge, AuthenticationProtocol.ChapMd5)]
    [InlineData(LnsMode.WaitForRepeat, AuthenticationProtocol.Pap)]
    [InlineData(LnsMode.WaitForRepeat, AuthenticationProtocol.ChapMd5)]
    public void A_wrong_password_is_refused_by_the_LNS_and_reaches_the_subscriber_as_such(LnsMode mode, AuthenticationProtocol authentication)
    {
        var scenario = new Scenario(new ScenarioOptions { Mode = mode, Authentication = authentication });
        var subscriber = scenario.Add(0, password: "not-the-password");
        scenario.Network.Dial(subscriber);
        scenario.Network.Run(TimeSpan.FromSeconds(30));
        Assert.Equal((SubscriberEnd.AuthenticationRejected, "Login incorrect"), (subscriber.LastEnd, subscriber.LastText));
        Assert.Equal(0, scenario.Lac.Core.SessionCount);
        Assert.Contains(scenario.Down(subscriber).Cause, (EndCause[])[EndCause.LnsCdn, EndCause.SubscriberPadt]);
        scenario.AssertClean();
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(2.5)]
    [InlineData(4.2)]
    public void A_subscriber_that_leaves_during_set_up_leaves_nothing_at_the_LNS(double seconds)
    {
        var options = new ScenarioOptions();
        var scenario = new Scenario(options);
        scenario.A.AnswerDelay = TimeSpan.FromSeconds(2);
        var subscriber = scenario.Add(0);
        scenario.Network.Dial(subscriber);
        scenario.Network.Run(TimeSpan.FromSeconds(seconds));
        scenario.Network.HangUp(subscriber, HangUpKind.Padt);
        scenario.Network.Run(_aMoment);
        Assert.Equal((0, 0), (scenario.Lac.Core.SessionCount, scenario.A.CallCount));
        scenario.AssertClean();
        scenario.AssertNothingLeft();
    }

    [Fact]
    public void After_everybody_has_gone_nothing_is_left()
    {
        foreach (var kind in (HangUpKind[])[HangUpKind.Padt, HangUpKind.Terminate])
        {
            var scenario = Scenario.Up(new ScenarioOptions(), 20);
            foreach (var subscriber in scenario.Subscribers) scenario.Network.HangUp(subscriber, kind);
            scenario.AssertNothingLeft();
            scenario.AssertClean();
            Assert.Equal(2, scenario.Events<TunnelDown>().Count(e => e.Cause == EndCause.IdleTunnel));
            Assert.Equal(20, scenario.Events<SessionDown>().Count);
        }
    }

    private static IEnumerable<Passed> SentAfterPadtOf(Scenario scenario, SimulatedSubscriber subscriber)
    {
        var mac = Convert.FromHexString(subscriber.Options.Mac.ToString().Replace(":", "", StringComparison.Ordinal));
        var padt = scenario.Passed.FindLastIndex(
            p => p.Side == Side.FromSubscriber && p.Octets.AsSpan(6, 6).SequenceEqual(mac) && p.Octets[15] == 0xA7);
        Assert.True(padt >= 0);
        return scenario.Passed.Skip(padt + 1).Where(p => p.Side == Side.ToSubscriber && p.Octets.AsSpan(0, 6).SequenceEqual(mac));
    }
}
