using LacEdge.Core.Events;
using LacEdge.Core.L2tp;
using LacEdge.Core.Lac;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Simulation;

/// <summary>Tunnels that are there before the first subscriber and come back by themselves.</summary>
public sealed class PersistentTunnelTests
{
    private static readonly ScenarioOptions _options = new() { Tunnel = profile => profile with { Persistent = true } };

    [Fact]
    public void They_open_at_start_and_do_not_close_for_being_idle()
    {
        var scenario = new Scenario(_options);
        scenario.Network.Run(TimeSpan.FromSeconds(600));
        Assert.Equal((1ul, 1ul), (scenario.A.TunnelsOpened, scenario.B.TunnelsOpened));
        Assert.Equal([TunnelState.Established, TunnelState.Established], scenario.Lac.Core.Tunnels.Select(tunnel => tunnel.L2tp!.State));

        var subscriber = scenario.Add(0);
        scenario.Network.Dial(subscriber);
        scenario.WaitAllUp(TimeSpan.FromSeconds(5));
        Assert.Equal(1ul, scenario.A.TunnelsOpened);
        scenario.Lac.Command(new Shutdown());
        scenario.AssertClean();
        scenario.AssertNothingLeft();
    }

    [Fact]
    public void After_a_loss_they_come_back_after_5_s_and_then_at_twice_the_time_up_to_60_s()
    {
        var scenario = new Scenario(_options);
        scenario.Network.Run(TimeSpan.FromSeconds(10));
        scenario.Network.Do(scenario.A, lns =>
        {
            lns.RefuseTunnels = new ResultCode(StopCcnResult.NotAuthorized);
            lns.CloseAll(new ResultCode(StopCcnResult.ShuttingDown), scenario.Network.Now);
        });
        scenario.Network.Run(TimeSpan.FromSeconds(400));
        var ends = scenario.Events<TunnelDown>().Where(end => end.Lns == "lns-a").Select(end => end.At).ToList();
        var gaps = ends.Zip(ends.Skip(1), (a, b) => (b - a).TotalSeconds).ToList();
        double[] expected = [5, 10, 20, 40, 60, 60, 60, 60];
        Assert.InRange(gaps.Count, 7, 9);
        foreach (var (gap, wanted) in gaps.Zip(expected)) Assert.InRange(gap, wanted * 0.8, wanted * 1.2 + 0.2);
        // Not all the same: jittered.
        Assert.True(gaps.Skip(4).Max() - gaps.Skip(4).Min() > 0.5);

        scenario.Network.Do(scenario.A, lns => lns.RefuseTunnels = null);
        scenario.Network.Run(TimeSpan.FromSeconds(75));
        Assert.Contains(scenario.Lac.Core.Tunnels, tunnel => tunnel is { Closed: false, L2tp.State: TunnelState.Established } && tunnel.Target.LnsName == "lns-a");
        Assert.Equal(0, scenario.Lac.Core.SessionCount);
        scenario.Lac.Command(new Shutdown());
        scenario.AssertClean();
        scenario.AssertNothingLeft();
    }

    [Fact]
    public void Its_socket_may_come_late_and_a_shutdown_in_between_leaves_nothing()
    {
        var scenario = new Scenario(_options);
        for (ushort port = 1701; port < 1702; port++) scenario.Lac.TakenPorts.Add(port);
        scenario.Network.Run(TimeSpan.FromSeconds(10));
        Assert.All(scenario.Lac.Core.Tunnels, tunnel => Assert.Equal(TunnelState.Established, tunnel.L2tp!.State));
        scenario.Lac.Command(new Shutdown());
        scenario.AssertClean();
        scenario.AssertNothingLeft();
    }
}
