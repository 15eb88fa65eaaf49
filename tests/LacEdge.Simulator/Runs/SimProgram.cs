using System.Diagnostics;
using System.Globalization;

namespace LacEdge.Simulator.Runs;

/// <summary><c>./dev sim</c>: the table over loss and delay, and lives drawn from seeds.</summary>
internal static class SimProgram
{
    private const string Usage = """
        usage: ./dev sim [SEED] [options]
          SEED               of the table and of the first life (1)
          --subscribers N    of each cell of the table (1000)
          --cell LOSS/DELAY  only this cell, in percent and ms, as 5/50
          --lives N          so many lives from SEED on (16)
          --life SEED        only this life
          --fresh N          so many lives more, of seeds that nobody has seen
          --no-table         lives alone
          --trace            every message at the LAC, too
        """;

    private static readonly double[] _losses = [0, 0.01, 0.05, 0.1, 0.2, 0.3];
    private static readonly int[] _delays = [1, 50, 200];
    private static int _passed, _failed;
    private static bool _trace;

    public static int Main(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var (seed, subscribers, lives, fresh, table) = (1UL, 1000, 16, 0, true);
        (double Loss, int Delay)? cell = null;
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--no-table") table = false;
            else if (args[i] == "--trace") _trace = true;
            else if (args[i] is "--help" or "-h")
            {
                Console.WriteLine(Usage);
                return 0;
            }
            else if (ulong.TryParse(args[i], CultureInfo.InvariantCulture, out var number)) seed = number;
            else if (i + 1 < args.Length && args[i] == "--cell" && Cell(args[i + 1]) is { } one) (cell, lives, i) = (one, 0, i + 1);
            else if (i + 1 < args.Length && ulong.TryParse(args[i + 1], CultureInfo.InvariantCulture, out var value) && Set(args[i], value)) i++;
            else
            {
                Console.Error.WriteLine($"'{args[i]}' is not understood; --help tells");
                return 2;
            }
        }

        if (cell is { } only) RunCells(seed, subscribers, [only.Loss], [only.Delay]);
        else if (table) RunCells(seed, subscribers, _losses, _delays);
        RunLives("lives", Enumerable.Range(0, lives).Select(i => seed + (ulong)i));
        // The only place where a clock chooses: each run of continuous integration looks elsewhere.
        var first = (ulong)DateTime.UtcNow.Ticks;
        RunLives("fresh lives", Enumerable.Range(0, fresh).Select(i => first + (ulong)i));
        Console.WriteLine();
        Console.WriteLine($"{_passed} passed, {_failed} failed");
        return _failed == 0 ? 0 : 1;

        bool Set(string name, ulong value)
        {
            switch (name)
            {
                case "--subscribers" when value is > 0 and <= 20_000: subscribers = (int)value; return true;
                case "--lives" when value <= 1_000_000: lives = (int)value; return true;
                case "--fresh" when value <= 1_000_000: fresh = (int)value; return true;
                case "--life": (seed, lives, table) = (value, 1, false); return true;
                default: return false;
            }
        }
    }

    private static (double Loss, int Delay)? Cell(string text) =>
        text.Split('/') is [var loss, var delay] && double.TryParse(loss, CultureInfo.InvariantCulture, out var percent)
        && percent is >= 0 and < 100 && int.TryParse(delay, CultureInfo.InvariantCulture, out var ms) && ms is >= 0 and < 100_000
            ? (percent / 100, ms) : null;

    private static void RunCells(ulong seed, int subscribers, double[] losses, int[] delays)
    {
        Console.WriteLine($"{subscribers} subscribers dial at once; the core side loses, doubles 2 % and delays for {LossRun.FaultTime.TotalSeconds:0} s, then no more; seed {seed}");
        Console.WriteLine($"{"loss",5}{"delay up to",13}{"all up after",14}{"up at the end",15}{"healed after",14}{"redials",9}{"calls extra",13}{"tunnels lost",14}{"sent again",12}");
        foreach (var loss in losses)
        {
            foreach (var delay in delays) RunCell(seed, subscribers, loss, delay);
        }

        Console.WriteLine();
    }

    private static void RunCell(ulong seed, int subscribers, double loss, int delay)
    {
        var name = $"{loss * 100,3:0.##} %{delay,10} ms";
        try
        {
            var result = new LossRun(seed, subscribers, loss, TimeSpan.FromMilliseconds(delay), _trace ? Console.Out : null).Run();
            var up = result.UpAfter is { } after ? $"{after.TotalSeconds:0.0} s" : "-";
            Console.WriteLine($"{name}{up,14}{result.UpWithFaults,15}{result.HealedAfter.TotalSeconds,12:0.0} s{result.Redials,9}{result.Twice,13}{result.TunnelsLost,14}{result.Retransmissions,12}");
            _passed++;
        }
        catch (Exception e) when (e is RunException or InvalidOperationException)
        {
            Console.WriteLine($"{name}   {e.Message}");
            Console.WriteLine($"  again: ./dev sim {seed} --subscribers {subscribers} --cell {loss * 100:0.##}/{delay}");
            _failed++;
        }
    }

    private static void RunLives(string what, IEnumerable<ulong> seeds)
    {
        var (clock, count, failed) = (Stopwatch.StartNew(), 0, 0);
        foreach (var seed in seeds)
        {
            count++;
            try
            {
                new LifeRun(seed, _trace ? Console.Out : null).Run();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                failed++;
                Console.WriteLine($"life {seed}: {(e is RunException ? e.Message : e)}");
                Console.WriteLine($"  again: ./dev sim --life {seed}");
            }
        }

        if (count == 0) return;
        Console.WriteLine($"{count} {what}, {failed} failed, {clock.Elapsed.TotalSeconds:0.0} s");
        (_passed, _failed) = (_passed + count - failed, _failed + failed);
    }
}
