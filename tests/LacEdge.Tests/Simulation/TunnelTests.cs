using LacEdge.Core.Events;
using LacEdge.Lab.Peers;
using LacEdge.Simulator;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Simulation;

/// <summary>Tunnels are shared, watched, closed when idle, and never two from one port.</summary>
public sealed class TunnelTests
{
    [Fact]
    public void Subscribers_share_one_tunnel_and_it_closes_when_idle()
    {
        var scenario = Scenario.Up(new ScenarioOptions { IdleTimeout = TimeSpan.FromSeconds(30) }, 10);
        Assert.Equal((1ul, 1ul), (scenario.A.TunnelsOpened, scenario.B.TunnelsOpened));

        foreach (var subscriber in scenario.Subscribers) scenario.Network.HangUp(subscriber, HangUpKind.Padt);
        scenario.Network.Run(TimeSpan.FromSeconds(20));
        Assert.Equal(2, scenario.Lac.Core.Tunnels.Count);
        scenario.Network.Dial(scenario.Subscribers[0]);
        scenario.Network.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(SubscriberState.Up, scenario.Subscribers[0].State);
        Assert.Equal(1ul, scenario.A.TunnelsOpened);
        Assert.Equal(EndCause.IdleTunnel, Assert.Single(scenario.Events<TunnelDown>()).Cause);
        var end = scenario.B.EndedTunnels.Single().End;
        Assert.Equal((true, (ushort)1), (end.ByPeer, end.Result));
        scenario.AssertClean();
    }

    [Fact]
    public void A_subscriber_that_dials_while_its_tunnel_lingers_gets_another_from_another_port()
    {
        var scenario = Scenario.Up(new ScenarioOptions(), 2);
        scenario.Network.Do(scenario.A, lns => lns.CloseAll(new ResultCode(StopCcnResult.GeneralClear), scenario.Network.Now));
        scenario.Network.Run(TimeSpan.FromSeconds(5));
        scenario.Network.Dial(scenario.Subscribers[0]);
        scenario.WaitAllUp(TimeSpan.FromSeconds(5));
        var ports = scenario.Passed.Where(p => p.Side == Side.ToLns && p.Remote == Scenario.LnsA)
            .Select(p => p.Local.Port).Distinct().ToList();
        Assert.Equal(1701, ports[0]);
        Assert.Equal(2, ports.Count);
        Assert.InRange(ports[1], 49152, 53247);
        scenario.PingAll();
        scenario.AssertClean();
    }

    [Fact]
    public void L2TP_029_no_HELLO_while_subscribers_receive_anything()
    {
        var scenario = Scenario.Up(new ScenarioOptions(), 2);
        for (var i = 0; i < 30; i++)
        {
            scenario.Network.Run(TimeSpan.FromSeconds(10));
            scenario.PingAll();
        }

        Assert.Equal(0u, scenario.A.Tunnels.Single().HellosReceived);
        scenario.Network.Run(TimeSpan.FromSeconds(80));
        Assert.Equal(1u, scenario.A.Tunnels.Single().HellosReceived);
        scenario.AssertClean();
    }

    [Fact]
    public void L2TP_029_HELLO_is_sent_after_a_minute_of_silence_and_not_before()
    {
        var scenario = Scenario.Up(new ScenarioOptions(), 2);
        scenario.Network.Run(TimeSpan.FromSeconds(50));
        Assert.Equal(0u, scenario.A.Tunnels.Single().HellosReceived);
        scenario.Network.Run(TimeSpan.FromSeconds(20));
        Assert.Equal(1u, scenario.A.Tunnels.Single().HellosReceived);
        scenario.Network.Run(TimeSpan.FromSeconds(300));
        Assert.InRange(scenario.A.Tunnels.Single().HellosReceived, 5u, 7u);
        Assert.Equal(0u, scenario.A.Tunnels.Single().ControlRepeats);
        scenario.AssertClean();
    }

    [Fact]
    public void HELLO_of_the_LNS_is_acknowledged()
    {
        var options = new ScenarioOptions();
        var scenario = Scenario.Up(
            options with { Lns = name => Scenario.LnsOptionsFor(name, options) with { HelloInterval = TimeSpan.FromSeconds(5) } }, 2);
        scenario.Network.Run(TimeSpan.FromSeconds(120));
        Assert.Equal(0u, scenario.A.Tunnels.Single().ControlRepeats);
        Assert.Equal(2, scenario.A.CallCount + scenario.B.CallCount);
        scenario.AssertClean();
    }

    [Fact]
    public void A_full_LNS_refuses_with_CDN_4_and_serves_the_others()
    {
        var options = new ScenarioOptions();
        var scenario = new Scenario(options with { Lns = name => Scenario.LnsOptionsFor(name, options) with { MaxCalls = 3 } });
        for (var i = 0; i < 10; i += 2) scenario.Network.Dial(scenario.Add(i));
        scenario.Network.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(3, scenario.Subscribers.Count(s => s.State == SubscriberState.Up));
        Assert.Equal(2, scenario.Events<SessionFailed>().Count(e => e.Cause == EndCause.CallRefused));
        scenario.AssertClean();
    }
}
