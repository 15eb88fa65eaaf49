using System.Diagnostics;
using System.Runtime.InteropServices;
using LacEdge.Interop.Cases;
using LacEdge.Interop.Host;

namespace LacEdge.Interop;

/// <summary>The whole run: packages, lanes side by side, matrix or recordings, cleaning up.</summary>
internal sealed class InteropRun(Options options) : IDisposable
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _console = new();
    private readonly List<Lane> _lanes = [];

    public async Task<int> RunAsync()
    {
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        try
        {
            await Packages.EnsureAsync(Report);
            await LabNetwork.SweepAsync();
            return options.RecordScenarios is { } folder ? await RecordAsync(folder) : await FillMatrixAsync();
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
            foreach (var lane in _lanes)
                await lane.DisposeAsync();
        }
    }

    public void Dispose() => _stop.Dispose();

    private async Task<int> FillMatrixAsync()
    {
        var rows = InteropCase.All.Where(row => IsWanted(row.Name) && (row.SuitsReference || !options.Reference)).ToList();
        if (rows.Count == 0)
            throw new InteropException($"no row contains \"{options.Only}\": {string.Join(", ", InteropCase.All.Select(row => row.Name))}");
        var matrix = new Matrix();
        var results = await InLanesAsync(
            rows, row => row.Peer,
            (lane, row) => new CaseRun(row, lane, EmptyFolder(row.Name), step => Report($"{row.Name}: {step}")).RunAsync());
        foreach (var (row, result) in results)
            matrix.Add(row.Name, result);
        Report($"captures and logs: {options.Artifacts}");
        Console.WriteLine($"\n{matrix}");
        if (options.Keep)
            await HoldAsync();
        return matrix.Failed > 0 ? 1 : 0;
    }

    private async Task<int> RecordAsync(string folder)
    {
        var scenarios = Scenario.All.Where(scenario => IsWanted(scenario.Name)).ToList();
        var failures = await InLanesAsync(scenarios, scenario => scenario.Row.Peer, async (lane, scenario) =>
        {
            try
            {
                await scenario.RecordAsync(lane, EmptyFolder($"scenario-{scenario.Name}"), Path.Combine(folder, scenario.Name));
                Report($"{scenario.Name}: recorded");
                return 0;
            }
            catch (CheckFailedException e)
            {
                Report($"{scenario.Name}: FAIL: {e.Message}");
                return 1;
            }
        });
        var failed = failures.Sum(failure => failure.Result);
        Console.WriteLine($"\n{scenarios.Count - failed} passed, {failed} failed");
        return failed > 0 ? 1 : 0;
    }

    private bool IsWanted(string name) => name.Contains(options.Only, StringComparison.Ordinal);

    private string EmptyFolder(string name)
    {
        var folder = Path.Combine(options.Artifacts, name);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        return Directory.CreateDirectory(folder).FullName;
    }

    // Each LNS has its lane: items of one lane run one after the other, lanes side by side. The first lane that breaks ends them all.
    private async Task<List<(T Item, TResult Result)>> InLanesAsync<T, TResult>(
        IEnumerable<T> items, Func<T, PeerKind> peerOf, Func<Lane, T, Task<TResult>> run)
    {
        var runs = items.GroupBy(peerOf).Select(group => RunLaneAsync(group.Key, group, run)).ToList();
        try
        {
            await foreach (var ended in Task.WhenEach(runs))
                await ended;
            return [.. runs.SelectMany(results => results.Result)];
        }
        catch
        {
            await _stop.CancelAsync();
            // No lane may open after all are closed.
            await ((Task)Task.WhenAll(runs)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private async Task<List<(T Item, TResult Result)>> RunLaneAsync<T, TResult>(
        PeerKind peer, IEnumerable<T> items, Func<Lane, T, Task<TResult>> run)
    {
        var lane = await Lane.OpenAsync(peer, options);
        lock (_lanes)
            _lanes.Add(lane);
        Report($"{InteropCase.NameOf(peer)}: peers are up");
        var results = new List<(T, TResult)>();
        foreach (var item in items)
        {
            _stop.Token.ThrowIfCancellationRequested();
            results.Add((item, await run(lane, item).WaitAsync(_stop.Token)));
        }
        return results;
    }

    // The last rows have stopped the LNSes and the access concentrators; networks and guests are there to be used by hand.
    private async Task HoldAsync()
    {
        foreach (var lane in _lanes)
            Report($"namespaces {lane.Network.Prefix}-acc, -ac and -core stay up; their peers' files: {lane.Network.Folder}");
        Report("Ctrl-C ends");
        await Task.WhenAny(Task.Delay(Timeout.Infinite, _stop.Token));
    }

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
