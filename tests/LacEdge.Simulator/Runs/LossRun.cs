using LacEdge.Core;
using LacEdge.Core.Events;
using LacEdge.Lab.Peers;

namespace LacEdge.Simulator.Runs;

/// <summary>What a cell of the table over loss and delay says.</summary>
/// <param name="UpAfter">Until all were up, from the first dial; null: not before the faults stopped.</param>
/// <param name="UpWithFaults">Subscribers that were up when the faults stopped.</param>
/// <param name="HealedAfter">Until all were up, from the end of the faults.</param>
/// <param name="Redials">Dials beyond the first of each.</param>
/// <param name="Twice">Calls that the LNSes opened beyond one for each.</param>
internal sealed record LossResult(
    TimeSpan? UpAfter, int UpWithFaults, TimeSpan HealedAfter, long Redials, long Twice, int TunnelsLost, ulong Retransmissions);

/// <summary>Many subscribers dial at once over a core that loses, doubles and reorders; the faults stop; everybody leaves.</summary>
internal sealed class LossRun(ulong seed, int subscribers, double loss, TimeSpan jitter, TextWriter? trace = null)
{
    /// <summary>How long the faults last; 120 s is the demand at 5 %.</summary>
    public static readonly TimeSpan FaultTime = TimeSpan.FromSeconds(300), Demand = TimeSpan.FromSeconds(120);
    public static readonly TimeSpan HealTime = TimeSpan.FromMinutes(10);
    public const double Duplication = 0.02, DemandLoss = 0.05;
    public static readonly TimeSpan DemandJitter = TimeSpan.FromMilliseconds(50);

    /// <exception cref="RunException"/>
    public LossResult Run()
    {
        var run = new RunNetwork(Options());
        var network = run.Network;
        network.FromLnses = network.ToLnses = new LinkFaults(loss, loss > 0 ? Duplication : 0, TimeSpan.FromMilliseconds(5), jitter);
        if (trace is not null) network.Observer = passed => trace.WriteLine(passed);
        var start = network.Now;
        for (var i = 0; i < subscribers; i++) network.Dial(run.Add(i));

        TimeSpan? upAfter = network.RunUntil(AllUp, FaultTime) ? network.Now - start : null;
        run.Check(peersToo: true);
        // Those that are up have to stay up while the faults last.
        network.Run(start + FaultTime - network.Now);
        var up = run.Subscribers.Count(one => one.State == SubscriberState.Up);
        run.Check(peersToo: true);

        network.FromLnses = network.ToLnses = LinkFaults.Perfect;
        var healed = network.Now;
        run.AllUp(run.Subscribers, HealTime);
        var result = new LossResult(
            upAfter, up, network.Now - healed, run.Subscribers.Sum(one => one.Dials - 1L),
            network.Lnses.Sum(lns => (long)lns.CallsOpened) - subscribers, network.Lac.EventsOf<TunnelDown>().Count(),
            run.Lac.Counters[LacCounter.L2tpControlRetransmitted]);
        run.Check(peersToo: true);
        Demands(result, run);
        run.DisconnectAll(shutdown: false);
        run.Check(peersToo: true);
        return result;

        bool AllUp() => run.Subscribers.All(one => one.State == SubscriberState.Up);
    }

    /// <summary>All that waits waits as long as the demand: thousands of messages over a window of 16 that loses every twentieth take
    /// their time. Lost echoes end nothing: they would be the subscribers' doing.</summary>
    private RunOptions Options() => new()
    {
        Seed = seed,
        SetupTimeout = Demand,
        SubscriberTimers = new PppTimers { AuthenticationTimeout = Demand, EchoInterval = TimeSpan.FromSeconds(20), EchoFailures = 12 },
        // An LNS finds out by itself that a tunnel is dead.
        Lns = lns => lns with { HelloInterval = TimeSpan.FromSeconds(60) },
    };

    private static string FirstEnd(RunNetwork run) =>
        run.Network.Lac.Events.FirstOrDefault(happened => happened is SessionFailed or SessionDown)?.ToString() ?? "no session's end";

    private void Demands(LossResult result, RunNetwork run)
    {
        if (loss > DemandLoss || loss == DemandLoss && jitter != DemandJitter || jitter > DemandJitter) return;
        if (result.UpAfter is not { } after || after > Demand) throw new RunException($"not all are up after {Demand.TotalSeconds:0} s");
        if (result.Redials > 0) throw new RunException($"{result.Redials} redials, the first after {FirstEnd(run)}");
        if (result.Twice > 0) throw new RunException($"{result.Twice} calls more than subscribers");
        if (result.UpWithFaults < subscribers) throw new RunException($"only {result.UpWithFaults} stayed up");
    }
}
