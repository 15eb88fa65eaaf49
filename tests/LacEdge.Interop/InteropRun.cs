using System.Diagnostics;
using System.Runtime.InteropServices;
using LacEdge.Interop.Cases;
using LacEdge.Interop.Host;

namespace LacEdge.Interop;

/// <summary>The whole run: packages, lanes side by side, matrix, cleaning up.</summary>
internal sealed class InteropRun(Options options) : IDisposable
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _console = new();

    public async Task<int> RunAsync()
    {
        // The reference challenges every LNS, so each needs the secret.
        InteropCase[] rows =
            [.. InteropCase.All.Where(row => row.Name.Contains(options.Only, StringComparison.Ordinal) && (row.HasSecret || !options.Reference))];
        if (rows.Length == 0)
        {
            await Console.Error.WriteLineAsync($"No row contains \"{options.Only}\": {string.Join(", ", InteropCase.All.Select(row => row.Name))}");
            return 2;
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        List<Lane> lanes = [];
        try
        {
            await Packages.EnsureAsync(Report);
            await LabNetwork.SweepAsync();
            Directory.CreateDirectory(options.Artifacts);
            var runs = rows.GroupBy(row => row.Lane).Select(lane => RunLaneAsync(lane.Key, [.. lane], lanes)).ToList();
            await foreach (var ended in Task.WhenEach(runs))
                await ended;       // the first lane that breaks ends the run
            var matrix = new Matrix();
            foreach (var (row, results) in runs.SelectMany(run => run.Result))
                matrix.Add(row.Name, results);
            Report($"captures and logs: {options.Artifacts}");
            Console.WriteLine($"\n{matrix}");
            if (options.Keep)
                await HoldAsync(lanes);
            return matrix.Failed > 0 ? 1 : 0;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("interrupted");
            return 130;
        }
        catch (InteropException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        finally
        {
            foreach (var lane in lanes)
                await lane.DisposeAsync();
        }
    }

    private async Task<List<(InteropCase, IReadOnlyDictionary<Check, CheckResult>)>> RunLaneAsync(string name, InteropCase[] rows, List<Lane> lanes)
    {
        var lane = await Lane.OpenAsync(name, options);
        lock (lanes)
            lanes.Add(lane);
        Report($"{name}: peers are up");
        var results = new List<(InteropCase, IReadOnlyDictionary<Check, CheckResult>)>();
        foreach (var row in rows)
        {
            _stop.Token.ThrowIfCancellationRequested();
            var folder = Path.Combine(options.Artifacts, row.Name);
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            Directory.CreateDirectory(folder);
            var run = new CaseRun(row, lane, folder, step => Report($"{row.Name}: {step}"));
            results.Add((row, await run.RunAsync().WaitAsync(_stop.Token)));
        }
        return results;
    }

    // The last rows have stopped the LNSes and the access concentrators; networks and guests are there to be used by hand.
    private async Task HoldAsync(List<Lane> lanes)
    {
        foreach (var lane in lanes)
            Report($"namespaces {lane.Network.Prefix}-acc, -ac and -core stay up; their peers' files: {lane.Network.Folder}");
        Report("Ctrl-C ends");
        await Task.WhenAny(Task.Delay(Timeout.Infinite, _stop.Token));
    }

    public void Dispose() => _stop.Dispose();

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        _stop.Cancel();
    }

    private void Report(string what)
    {
        lock (_console)
            Console.WriteLine($"{_clock.Elapsed.TotalSeconds,6:0.0} s  {what}");
    }
}
