using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Lac;
using LacEdge.Lab.Peers;
using LacEdge.Simulator;
using LacEdge.Tests.Core.Pppoe;
using LacEdge.Tests.Simulation;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Core.Lac;

/// <summary>Ends in the middle of a set-up: nothing new may begin, nothing may stay, and the cause is the true one.</summary>
public sealed class SetupEndTests
{
    [Fact]
    public void A_shutdown_during_set_up_asks_no_further_LNS()
    {
        var scenario = new Scenario(new ScenarioOptions { OneIsp = true });
        scenario.A.Die();
        var subscriber = scenario.Add(0);
        scenario.Network.Dial(subscriber);
        scenario.Network.Run(TimeSpan.FromSeconds(2));
        Assert.Equal(SessionStage.Connecting, scenario.Lac.Core.SessionsAfter(0).Single().Stage);
        scenario.Lac.Command(new Shutdown());
        Assert.True(scenario.Lac.Core.ShutdownComplete);
        Assert.Equal(EndCause.Shutdown, scenario.Failed(subscriber).Cause);
        Assert.DoesNotContain(scenario.Passed, p => p.Side == Side.ToLns && p.Remote == Scenario.LnsB);
        Assert.Single(scenario.Lac.Core.Tunnels);
        scenario.AssertNothingLeft();
    }

    [Fact]
    public void A_link_that_breaks_during_set_up_gives_the_call_up_and_asks_no_further_LNS()
    {
        var scenario = new Scenario(new ScenarioOptions { OneIsp = true });
        scenario.A.Die();
        var subscriber = scenario.Add(0);
        scenario.Network.Dial(subscriber);
        scenario.Network.Run(TimeSpan.FromSeconds(2));
        var session = scenario.Lac.Core.SessionsAfter(0).Single();
        // Protocol-Reject of CHAP, which the subscriber had agreed to.
        scenario.Network.InjectFrame(0, Convert.FromHexString(PppoeHarness.Session(
            Hex(LacNode.MacOf(0)), Hex(session.Pppoe.Subscriber), $"{session.Pppoe.SessionId:x4}", "c02108630006c223")));
        Assert.Null(session.Call);
        Assert.Null(session.Tunnel);
        scenario.Network.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(EndCause.AuthenticationRefused, scenario.Failed(subscriber).Cause);
        Assert.DoesNotContain(scenario.Passed, p => p.Side == Side.ToLns && p.Remote == Scenario.LnsB);
        scenario.AssertNothingLeft();
    }

    [Fact]
    public void A_subscriber_that_names_itself_anew_without_end_gets_a_handful_of_calls_and_no_more()
    {
        var options = new ScenarioOptions { Authentication = AuthenticationProtocol.Pap };
        options = options with { Lns = name => Scenario.LnsOptionsFor(name, options) with { AnswerDelay = TimeSpan.FromSeconds(3) } };
        var scenario = new Scenario(options);
        var subscriber = scenario.Add(0);
        scenario.Network.Dial(subscriber);
        scenario.Network.RunUntil(() => scenario.Events<TunnelUp>().Count > 0, TimeSpan.FromSeconds(10));
        var session = scenario.Lac.Core.SessionsAfter(0).Single();
        for (var i = 0; i < 200; i++)
        {
            // PAP Authenticate-Request "uNNN@isp1.example", password "x".
            var name = Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes($"u{i:d3}@isp1.example"));
            scenario.Network.InjectFrame(0, Convert.FromHexString(PppoeHarness.Session(
                Hex(LacNode.MacOf(0)), Hex(session.Pppoe.Subscriber), $"{session.Pppoe.SessionId:x4}", $"c02301{i:x2}001811{name[..34]}0178")));
            scenario.Network.Run(TimeSpan.FromMilliseconds(10));
        }

        Assert.InRange(scenario.Passed.Count(p => p.Side == Side.ToLns), 10, 40);
        scenario.Network.Run(TimeSpan.FromSeconds(30));
        Assert.Equal(EndCause.TooManyAttempts, scenario.Events<SessionFailed>()[0].Cause);
        scenario.AssertNothingLeft();
    }

    [Fact]
    public void LCP_010_a_subscriber_that_falls_silent_while_an_LNS_is_looked_for_gets_PADT()
    {
        var scenario = new Scenario(new ScenarioOptions
        {
            Tunnel = tunnel => tunnel with { SetupTimeout = TimeSpan.FromMinutes(1) },
            Service = service => service with
            {
                Ppp = new PppConfig { EchoInterval = TimeSpan.FromSeconds(1), EchoFailures = 2, SetupTimeout = TimeSpan.FromMinutes(1) },
            },
        });
        scenario.A.Die();
        var subscriber = scenario.Add(0);
        scenario.Network.Dial(subscriber);
        scenario.Network.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(SessionStage.Connecting, scenario.Lac.Core.SessionsAfter(0).Single().Stage);
        Assert.Equal(4u, subscriber.Ppp!.EchoesAnswered);

        scenario.Network.HangUp(subscriber, HangUpKind.Silent);
        scenario.Passed.Clear();
        scenario.Network.Run(TimeSpan.FromSeconds(4));
        Assert.Equal(EndCause.EchoTimeout, scenario.Failed(subscriber).Cause);
        var said = scenario.Passed.Where(p => p.Side == Side.ToSubscriber).Select(p => p.Octets).ToList();
        Assert.All(said.SkipLast(1), frame => Assert.Equal([0xC0, 0x21, 9], frame[20..23]));
        Assert.Equal(0xA7, said[^1][15]);
        scenario.AssertNothingLeft();
    }

    [Fact]
    public void A_redial_storm_against_an_LNS_that_refuses_opens_one_tunnel_a_second()
    {
        var scenario = new Scenario(new ScenarioOptions());
        scenario.A.RefuseTunnels = new ResultCode(StopCcnResult.NotAuthorized);
        for (var i = 0; i < 100; i++)
        {
            // All of ISP 1.
            var subscriber = scenario.Add(2 * i);
            scenario.Network.Dial(subscriber);
            scenario.Network.Run(TimeSpan.FromMilliseconds(100));
        }

        scenario.Network.Run(TimeSpan.FromSeconds(10));
        var failed = scenario.Events<SessionFailed>();
        Assert.Equal(100, failed.Count);
        Assert.All(failed, e => Assert.Equal(EndCause.TunnelRefused, e.Cause));
        Assert.InRange(scenario.Events<TunnelDown>().Count, 9, 11);
        scenario.AssertClean();
        scenario.AssertNothingLeft();
    }

    [Fact]
    public void Ports_that_cannot_be_opened_end_the_search_with_the_hosts_reason_and_are_tried_again_later()
    {
        var scenario = new Scenario(new ScenarioOptions());
        for (var port = 49152; port <= 53247; port++) scenario.Lac.TakenPorts.Add((ushort)port);
        scenario.Lac.TakenPorts.Add(1701);
        var subscriber = scenario.Add(0);
        scenario.Network.Dial(subscriber);
        scenario.Network.Run(TimeSpan.FromSeconds(10));
        var failed = scenario.Failed(subscriber);
        Assert.Equal(EndCause.SocketFailed, failed.Cause);
        Assert.Contains("address already in use", failed.Detail, StringComparison.Ordinal);
        Assert.Equal(4, scenario.Events<HostTrouble>().Count);

        scenario.Lac.TakenPorts.Clear();
        scenario.Network.Run(TimeSpan.FromSeconds(60));
        scenario.Network.Dial(subscriber);
        scenario.WaitAllUp(TimeSpan.FromSeconds(5));
        Assert.Equal(1701, scenario.Passed.Last(p => p.Side == Side.ToLns).Local.Port);
        scenario.AssertClean();
    }

    [Fact]
    public void TunnelDown_counts_the_sessions_that_the_tunnel_took_along_and_no_others()
    {
        var scenario = Scenario.Up(new ScenarioOptions { IdleTimeout = TimeSpan.FromSeconds(5) }, 6);
        // Two of three leave by themselves.
        foreach (var i in (int[])[0, 2]) scenario.Network.HangUp(scenario.Subscribers[i], HangUpKind.Padt);
        scenario.Network.Run(TimeSpan.FromSeconds(1));
        scenario.Network.Do(scenario.A, lns => lns.CloseAll(new ResultCode(StopCcnResult.ShuttingDown), scenario.Network.Now));
        scenario.Network.Run(TimeSpan.FromSeconds(1));
        scenario.Lac.Command(new Shutdown());
        var downs = scenario.Events<TunnelDown>();
        Assert.Equal((EndCause.LnsStopCcn, 1), (downs[0].Cause, downs[0].Sessions));
        Assert.Equal((EndCause.Shutdown, 3), (downs[1].Cause, downs[1].Sessions));
        Assert.Equal(2, downs.Count);
    }

    [Theory]
    [InlineData("0021aabb")]
    [InlineData("ff030021aabb")]
    public void A_frame_of_a_spliced_session_that_reaches_Core_is_forwarded_with_one_FF_03(string ppp)
    {
        var scenario = Scenario.Up(new ScenarioOptions { ThroughCore = true }, 1);
        var session = scenario.Lac.Core.SessionsAfter(0).Single();
        scenario.Passed.Clear();
        scenario.Network.InjectFrame(0, Convert.FromHexString(PppoeHarness.Session(
            Hex(LacNode.MacOf(0)), Hex(session.Pppoe.Subscriber), $"{session.Pppoe.SessionId:x4}", ppp)));
        var sent = scenario.Passed.Single(p => p.Side == Side.ToLns);
        Assert.Equal($"0002{session.Call!.Tunnel.PeerTunnelId:x4}{session.Call.PeerSessionId:x4}ff030021aabb", sent.Hex);
    }

    [Fact]
    public void A_reason_longer_than_an_AVP_reaches_the_LNS_cut()
    {
        var scenario = Scenario.Up(new ScenarioOptions(), 1);
        scenario.Lac.Command(new ClearSession(scenario.Lac.Core.SessionsAfter(0).Single().Key, new string('x', 5000)));
        scenario.Network.Run(TimeSpan.FromSeconds(1));
        Assert.StartsWith("operator: xxx", Scenario.Ended(scenario.A, scenario.Subscribers[0]).End.Text, StringComparison.Ordinal);
        scenario.AssertClean();
    }

    private static string Hex(MacAddress mac)
    {
        Span<byte> octets = stackalloc byte[6];
        mac.Write(octets);
        return Convert.ToHexStringLower(octets);
    }
}
