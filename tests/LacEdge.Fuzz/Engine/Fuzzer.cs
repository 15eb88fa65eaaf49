using System.Diagnostics;
using LacEdge.Lab.Peers;

namespace LacEdge.Fuzz.Engine;

/// <summary>One target's run: seeds, then mutations of what showed something new, until the time or the number is over.</summary>
internal sealed class Fuzzer
{
    private const int MaxCorpus = 20_000;
    private readonly FuzzTarget _target;
    private readonly PeerRandom _random;
    private readonly FeatureMap _features = new();
    private readonly List<byte[]> _corpus = [];
    private readonly Stopwatch _clock = new();
    private TimeSpan _grewAt;

    public Fuzzer(FuzzTarget target, ulong seed)
    {
        _target = target;
        _random = new PeerRandom(seed);
    }

    public long Executions { get; private set; }
    public int Seeds { get; private set; }
    public int Corpus => _corpus.Count;
    public int Features => _features.Count;
    public TimeSpan Elapsed => _clock.Elapsed;
    /// <summary>When an input last showed something new, from the start.</summary>
    public TimeSpan GrewAt => _grewAt;
    public Finding? Finding { get; private set; }
    /// <summary>What is being executed and since when: for the watch over executions that never end.</summary>
    public (byte[]? Input, TimeSpan Since) Running { get; private set; }

    /// <param name="kept">Cases of the corpus folder: executed first.</param>
    public void Run(IEnumerable<byte[]> kept, SeedPool pool, TimeSpan time, long executions)
    {
        _clock.Start();
        foreach (var input in kept.Concat(_target.Seeds(pool)))
        {
            // Seeds are many; a short run leaves half of its time for mutations.
            if (_clock.Elapsed > time / 2) break;
            if (!TryExecute(input)) break;
        }

        Seeds = _corpus.Count;
        while (Finding is null && _corpus.Count > 0 && _clock.Elapsed < time && Executions < executions)
        {
            TryExecute(_target.Mutate(Pick(), Pick(), _random));
        }

        _clock.Stop();
        if (Finding is { } finding) Finding = finding with { Input = Minimizer.Minimize(_target, finding.Input, input => Fault(input) == finding.Fault) };
    }

    /// <summary>What is wrong with this input; null: nothing.</summary>
    public string? Fault(byte[] input)
    {
        Running = (input, _clock.Elapsed);
        try
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Executions += _target.Execute(input, _features);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            return allocated > _target.AllocationLimit + 64L * input.Length ? "an execution allocates without bound" : null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return Finding.FaultOf(e);
        }
        finally
        {
            Running = default;
        }
    }

    /// <summary>A small part of the corpus that shows most of what it shows as a whole: greedily, the last first.</summary>
    public IEnumerable<byte[]> Distinct(int limit)
    {
        var map = new FeatureMap();
        foreach (var input in Enumerable.Reverse(_corpus))
        {
            if (limit == 0) yield break;
            _target.Execute(input, map);
            if (map.Commit() < 3) continue;
            limit--;
            yield return input;
        }
    }

    private bool TryExecute(byte[] input)
    {
        if (Fault(input) is { } fault)
        {
            Finding = new Finding(input, fault);
            return false;
        }

        if (_features.Commit() == 0) return true;
        _grewAt = _clock.Elapsed;
        if (_corpus.Count < MaxCorpus) _corpus.Add(input);
        else _corpus[_random.Next(MaxCorpus)] = input;
        return true;
    }

    /// <summary>Half of the time one of the newest: they lead to where nobody was.</summary>
    private byte[] Pick()
    {
        var recent = Math.Min(_corpus.Count, 32);
        return _random.Next(2) == 0 ? _corpus[_random.Next(_corpus.Count)] : _corpus[_corpus.Count - 1 - _random.Next(recent)];
    }
}
