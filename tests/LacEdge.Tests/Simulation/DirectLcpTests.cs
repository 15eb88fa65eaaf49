using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Lab.Peers;
using LacEdge.Simulator;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Simulation;

/// <summary><c>partial-termination: never</c>: the LNS speaks PPP from the first LCP frame on.</summary>
public sealed class DirectLcpTests
{
    private static AccessServiceConfig Direct(AccessServiceConfig service) => Scenario.ToLnsA(service) with { PartialTermination = false };

    [Theory]
    [InlineData(AuthenticationProtocol.Pap, false)]
    [InlineData(AuthenticationProtocol.ChapMd5, true)]
    [InlineData(AuthenticationProtocol.MsChapV2, false)]
    [InlineData(AuthenticationProtocol.Eap, true)]
    public void The_LNS_negotiates_LCP_itself_and_gets_no_proxy_AVPs(AuthenticationProtocol authentication, bool throughCore)
    {
        var options = new ScenarioOptions { Service = Direct, Authentication = authentication, ThroughCore = throughCore };
        var scenario = Scenario.Up(options, 4);
        scenario.PingAll();
        Assert.All(scenario.A.Calls, call => Assert.False(call.Proxy!.HasLcp || call.Proxy.Type is not null));
        Assert.All(scenario.A.Calls, call => Assert.Equal(JudgedBy.OwnAuthentication, call.Ppp!.JudgedBy));
        Assert.All(scenario.A.Calls, call => Assert.StartsWith("user", call.User, StringComparison.Ordinal));
        Assert.All(scenario.Subscribers, s => Assert.Equal(1u, s.Ppp!.LcpOpenings));
        Assert.All(scenario.Events<SessionUp>(), up => Assert.Equal("", up.User));
        scenario.AssertClean();
    }

    [Fact]
    public void LacEdge_says_nothing_in_PPP_and_hands_the_first_LCP_frame_over_right_after_ICCN()
    {
        var scenario = Scenario.Up(new ScenarioOptions { Service = Direct }, 1);
        var passed = scenario.Passed;
        var iccn = passed.FindIndex(p => p.Side == Side.ToLns && IsControl(p.Octets, MessageType.Iccn));
        Assert.DoesNotContain(passed.Take(iccn), p => p.Side == Side.ToSubscriber && p.Octets[12..14] is [0x88, 0x64]);
        var request = passed.First(p => p.Side == Side.FromSubscriber && p.Octets[12..14] is [0x88, 0x64]).Octets[20..];
        var handed = passed[iccn + 1];
        Assert.Equal(Side.ToLns, handed.Side);
        Assert.True(request.AsSpan().StartsWith(handed.Octets.AsSpan()[8..]));
    }

    [Fact]
    public void Only_the_latest_LCP_frame_is_kept_for_an_LNS_that_is_slow()
    {
        var options = new ScenarioOptions { Service = Direct };
        options = options with { Lns = name => Scenario.LnsOptionsFor(name, options) with { AnswerDelay = TimeSpan.FromSeconds(4) } };
        var scenario = Scenario.Up(options, 1);
        scenario.PingAll();
        Assert.Equal(1u, scenario.Subscribers[0].Ppp!.LcpOpenings);
        // The subscriber's requests at 0, 3 and 6 s: the last one alone waited for ICCN at 8 s.
        var iccn = scenario.Passed.FindIndex(p => p.Side == Side.ToLns && IsControl(p.Octets, MessageType.Iccn));
        var before = scenario.Passed.Take(iccn).Count(p => p.Side == Side.FromSubscriber && p.Octets[12..14] is [0x88, 0x64]);
        Assert.Equal(3, before);
        Assert.Single(scenario.Passed.Skip(iccn + 1).TakeWhile(p => p.Side == Side.ToLns));
        scenario.AssertClean();
    }

    [Fact]
    public void A_subscriber_of_whom_only_the_workers_have_heard_gets_a_new_session_when_it_dials_anew()
    {
        var scenario = new Scenario(new ScenarioOptions { Service = Direct });
        // Its LCP begins when the call stands already.
        scenario.Network.Tamper = (side, octets) =>
            side == Side.FromSubscriber && octets[12..14] is [0x88, 0x64] && scenario.Events<SessionUp>().Count == 0 ? null : octets;
        var subscriber = scenario.Add(0);
        scenario.Network.Dial(subscriber);
        scenario.WaitAllUp(TimeSpan.FromSeconds(10));
        scenario.Network.HangUp(subscriber, HangUpKind.Silent);
        scenario.Network.Run(TimeSpan.FromSeconds(20));
        scenario.Network.Dial(subscriber);
        scenario.WaitAllUp(TimeSpan.FromSeconds(10));
        Assert.Equal(EndCause.SubscriberReplaced, Assert.Single(scenario.Events<SessionDown>()).Cause);
        Assert.Equal((1, 1), (scenario.A.Calls.Count(), scenario.A.EndedCalls.Count));
        scenario.PingAll();
        scenario.AssertClean();
    }

    [Fact]
    public void Without_an_LNS_the_subscriber_gets_PADT_and_no_LCP()
    {
        var scenario = new Scenario(new ScenarioOptions { Service = Direct });
        scenario.A.RefuseTunnels = new ResultCode(StopCcnResult.NotAuthorized);
        var subscriber = scenario.Add(0);
        scenario.Network.Dial(subscriber);
        scenario.Network.Run(TimeSpan.FromSeconds(3));
        Assert.Equal(SubscriberEnd.PadtReceived, subscriber.LastEnd);
        Assert.Equal(EndCause.TunnelRefused, Assert.Single(scenario.Events<SessionFailed>()).Cause);
        Assert.DoesNotContain(scenario.Passed, p => p.Side == Side.ToSubscriber && p.Octets[12..14] is [0x88, 0x64]);
        scenario.AssertNothingLeft();
    }

    [Fact]
    public void A_hang_up_of_either_side_ends_both()
    {
        var scenario = Scenario.Up(new ScenarioOptions { Service = Direct }, 2);
        scenario.Network.HangUp(scenario.Subscribers[0], HangUpKind.Terminate);
        scenario.Network.Do(scenario.A, lns => lns.Calls.Last().HangUp("bye", scenario.Network.Now));
        scenario.Network.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(2, scenario.Events<SessionDown>().Count);
        Assert.All(scenario.Subscribers, s => Assert.NotEqual(SubscriberState.Up, s.State));
        scenario.AssertNothingLeft();
    }

    private static bool IsControl(byte[] datagram, MessageType type) =>
        L2tpHeader.TryParse(datagram, out var header, out _) && header is { IsControl: true, IsZlb: false }
        && ControlMessageParser.Parse(header, default).Type == type;
}
