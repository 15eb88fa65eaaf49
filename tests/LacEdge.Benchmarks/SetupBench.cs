using System.Diagnostics;
using System.Text.Json;
using LacEdge.Lab.Peers;
using LacEdge.Linux;

namespace LacEdge.Benchmarks;

/// <summary>Brings all subscribers up as fast as the peers can dial, and looks at LacEdge's CPU, heap and pauses.</summary>
internal static class SetupBench
{
    private const int DialsAtOnce = 64;

    public static bool Run(BenchLab lab, TextWriter output)
    {
        var all = lab.Peers.Fleet.Subscribers;
        var fresh = Memory(lab);
        // A few first, so that the compiler has seen every path.
        Dial(lab, all.Take(Math.Min(500, all.Count / 4)).ToArray());
        var warm = all.Count(s => s.State == SubscriberState.Up);
        var empty = Memory(lab);
        var cpuBefore = lab.Usage.CpuTime();
        var clock = Stopwatch.StartNew();
        Dial(lab, [.. all.Skip(warm)]);
        var (elapsed, cpu) = (clock.Elapsed, lab.Usage.CpuTime() - cpuBefore);
        var full = Memory(lab, collect: false);
        var collected = Memory(lab);
        var up = all.Count(s => s.State == SubscriberState.Up);
        var setUps = Math.Max(1, up - warm);

        output.WriteLine($"set-ups: {up} of {all.Count} subscribers up ({warm} of them before the measurement)");
        output.WriteLine($"  {setUps / elapsed.TotalSeconds,10:0} set-ups/s, two cores shared with all peers");
        output.WriteLine($"  {cpu.TotalMilliseconds / setUps,10:0.000} ms CPU per set-up of LacEdge alone");
        output.WriteLine($"  {full.LongestPause,10:0.0} ms longest garbage collection pause meanwhile");
        output.WriteLine($"memory after a full collection:  live heap      resident");
        output.WriteLine($"  {0,6} sessions              {fresh.Heap / 1048576.0,8:0.0} MiB  {fresh.Resident / 1048576.0,8:0.0} MiB");
        output.WriteLine($"  {warm,6} sessions              {empty.Heap / 1048576.0,8:0.0} MiB  {empty.Resident / 1048576.0,8:0.0} MiB");
        output.WriteLine($"  {up,6} sessions              {collected.Heap / 1048576.0,8:0.0} MiB  {collected.Resident / 1048576.0,8:0.0} MiB");
        output.WriteLine($"  {(collected.Heap - empty.Heap) / 1024.0 / setUps,10:0.00} KiB of heap a session, {(collected.Resident - empty.Resident) / 1024.0 / setUps:0.00} KiB resident");
        return up == all.Count;
    }

    private static void Dial(BenchLab lab, SimulatedSubscriber[] subscribers)
    {
        var next = 0;
        var onTheWay = new List<SimulatedSubscriber>();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromSeconds(120))
        {
            var left = lab.Loop.InvokeAsync(() =>
            {
                onTheWay.RemoveAll(s => s.State is SubscriberState.Up or SubscriberState.Failed);
                for (; next < subscribers.Length && onTheWay.Count < DialsAtOnce; next++)
                {
                    onTheWay.Add(subscribers[next]);
                    lab.Peers.Do(subscribers[next], s => s.Dial(SystemClock.Now));
                }

                return onTheWay.Count;
            }).GetAwaiter().GetResult();
            if (left == 0) return;
            Thread.Sleep(2);
        }
    }

    private static (long Heap, long Resident, double LongestPause) Memory(BenchLab lab, bool collect = true)
    {
        JsonElement memory = lab.Api(collect ? "memory?collect=true" : "memory");
        return (memory.GetProperty("heap_bytes").GetInt64(), lab.Usage.Resident(), memory.GetProperty("longest_pause_ms").GetDouble());
    }
}
