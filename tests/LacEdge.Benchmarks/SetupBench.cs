using System.Diagnostics;
using LacEdge.Lab.Peers;

namespace LacEdge.Benchmarks;

/// <summary>Brings all subscribers up as fast as the peers can dial, and looks at LacEdge's CPU, heap and pauses.</summary>
internal static class SetupBench
{
    private const int DialsAtOnce = 64;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(120);

    /// <summary>Whether all of them came up.</summary>
    public static bool Run(BenchLab lab, TextWriter output)
    {
        var all = lab.Peers.Fleet.Subscribers;
        var empty = Memory.Read(lab, collect: true);
        output.WriteLine("set-ups (CPU: user and kernel time of LacEdge's process alone; wall time: with all peers on the same cores):");
        output.WriteLine("  sessions         set-ups/s   CPU ms a set-up");
        // The first ones wait for the compiler; what a set-up costs afterwards shows only behind them.
        var (started, up) = (Usage.Now(lab), 0);
        var (first, half) = (all.Count / 20, all.Count / 2);
        foreach (var (from, to) in (ReadOnlySpan<(int, int)>)[(0, first), (first, half), (half, all.Count)])
        {
            var before = Usage.Now(lab);
            lab.Dial([.. all.Take(to).Skip(from)], DialsAtOnce, _patience);
            var portion = all.Take(to).Skip(from).Count(s => s.State == SubscriberState.Up);
            up += portion;
            WriteRow(output, $"{from + 1,5} - {to,5}", portion, before, Usage.Now(lab));
        }

        WriteRow(output, "all", up, started, Usage.Now(lab));
        output.WriteLine($"  {up} of {all.Count} subscribers up");
        var full = Memory.Read(lab, collect: false);
        var collections = full.Collections - empty.Collections;
        output.WriteLine($"  garbage collection: {collections} runs meanwhile, longest pause {full.LongestPause:0.0} ms");
        output.WriteLine();
        WriteMemory(output, up, empty, Memory.Read(lab, collect: true));
        return up == all.Count;
    }

    private static void WriteRow(TextWriter output, string sessions, int setUps, Usage before, Usage after)
    {
        var rate = setUps / Stopwatch.GetElapsedTime(before.Timestamp, after.Timestamp).TotalSeconds;
        output.WriteLine($"  {sessions,-13} {rate,12:0} {(after.Cpu - before.Cpu).TotalMilliseconds / Math.Max(1, setUps),17:0.000}");
    }

    private static void WriteMemory(TextWriter output, int up, Memory empty, Memory full)
    {
        output.WriteLine("memory after a full collection:  live heap      resident");
        WriteMemory(output, $"{0,6} sessions", 1 << 20, "MiB", empty.Heap, empty.Resident);
        WriteMemory(output, $"{up,6} sessions", 1 << 20, "MiB", full.Heap, full.Resident);
        // Of the resident part, the code compiled meanwhile is no session's.
        var (heap, resident) = (full.Heap - empty.Heap, full.Resident - empty.Resident);
        WriteMemory(output, "    a session", 1 << 10, "KiB", heap / Math.Max(1, up), resident / Math.Max(1, up));
    }

    private static void WriteMemory(TextWriter output, string what, double unit, string unitName, long heap, long resident) =>
        output.WriteLine($"  {what,-27}{heap / unit,9:0.00} {unitName} {resident / unit,9:0.00} {unitName}");

    private readonly record struct Usage(long Timestamp, TimeSpan Cpu)
    {
        public static Usage Now(BenchLab lab) => new(Stopwatch.GetTimestamp(), lab.Usage.CpuTime());
    }

    private readonly record struct Memory(long Heap, long Resident, int Collections, double LongestPause)
    {
        /// <param name="collect">A full collection first; the longest pause is measured anew from then on.</param>
        public static Memory Read(BenchLab lab, bool collect)
        {
            var memory = lab.Api(collect ? "memory?collect=true" : "memory");
            // Each generation's count contains those of the older ones.
            return new Memory(
                memory.GetProperty("heap_bytes").GetInt64(), lab.Usage.Resident(), memory.GetProperty("gen0_collections").GetInt32(),
                memory.GetProperty("longest_pause_ms").GetDouble());
        }
    }
}
