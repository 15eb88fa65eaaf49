using System.Diagnostics;
using System.Globalization;
using LacEdge.Fuzz.Engine;
using LacEdge.Fuzz.LacSequences;
using LacEdge.Fuzz.Targets;

namespace LacEdge.Fuzz;

/// <summary>All targets that were asked for, one after the other, and a table of what they did.</summary>
internal sealed class FuzzRun(FuzzOptions options, TextWriter output)
{
    /// <summary>Cases of one target that --keep adds at most.</summary>
    private const int MaxKept = 12;
    private static readonly TimeSpan _longestExecution = TimeSpan.FromSeconds(20);

    public static IReadOnlyList<FuzzTarget> Targets =>
    [
        new EthernetTarget(), new DiscoveryTarget(), new PppTarget(), new L2tpTarget(), new HiddenTarget(), new RadiusTarget(), new IpTarget(),
        new CaptureTarget(), new DecodeTarget(), new ConfigTarget(), new RecordingTarget(), new LacTarget(),
    ];

    /// <summary>0: nothing found; 1: something is broken; 2: the options make no sense.</summary>
    public int Run()
    {
        var targets = Targets.Where(target => options.Targets.Count == 0 || options.Targets.Contains(target.Name)).ToList();
        if (options.Targets.FirstOrDefault(name => Targets.All(target => target.Name != name)) is { } unknown)
        {
            output.WriteLine($"there is no target '{unknown}': {string.Join(", ", Targets.Select(target => target.Name))}");
            return 2;
        }

        if (options.Case is { } file) return RunCase(targets, file);
        var root = Repository();
        var corpus = new CorpusFolder(options.Corpus ?? Path.Combine(root, "tests/LacEdge.Fuzz/corpus"));
        var seeds = SeedPool.Load(root, options.Captures);
        output.WriteLine($"{"target",-10}{"executions",12}{"per s",10}{"seeds",8}{"corpus",8}{"features",10}{"grew at",10}{"of",9}   finding");
        var failed = 0;
        foreach (var target in targets) failed += RunTarget(target, targets, corpus, seeds) ? 0 : 1;
        output.WriteLine();
        output.WriteLine($"{targets.Count - failed} passed, {failed} failed");
        return failed == 0 ? 0 : 1;
    }

    /// <summary>The folder that the solution stands in, above this program.</summary>
    internal static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LacEdge.sln"))) folder = folder.Parent;
        return folder?.FullName ?? Environment.CurrentDirectory;
    }

    private bool RunTarget(FuzzTarget target, List<FuzzTarget> targets, CorpusFolder corpus, SeedPool seeds)
    {
        var fuzzer = new Fuzzer(target, options.Seed);
        using var watch = new Timer(_ => Watch(fuzzer, target, corpus), null, _longestExecution, TimeSpan.FromSeconds(2));
        fuzzer.Run(corpus.Files(target.Name).Select(CorpusFolder.Read), seeds, Share(target, targets), options.Executions);
        var elapsed = fuzzer.Elapsed.TotalSeconds;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{target.Name,-10}{fuzzer.Executions,12}{fuzzer.Executions / elapsed,10:0}{fuzzer.Seeds,8}{fuzzer.Corpus,8}{fuzzer.Features,10}{fuzzer.GrewAt.TotalSeconds,9:0.0}s{elapsed,8:0.0}s   {fuzzer.Finding?.Fault ?? "none"}"));
        if (options.Keep) foreach (var input in fuzzer.Distinct(MaxKept)) corpus.Keep(target.Name, input);
        if (fuzzer.Finding is not { } finding) return true;
        output.WriteLine($"  {finding.Input.Length} octets after minimizing. Again: ./dev fuzz --target {target.Name} --case {corpus.Keep(target.Name, finding.Input)}");
        return false;
    }

    /// <summary>Whole-Lac sequences get half of the time when there are other targets.</summary>
    private TimeSpan Share(FuzzTarget target, List<FuzzTarget> targets)
    {
        var others = targets.Count(one => one is not LacTarget);
        var share = target is LacTarget ? (others == 0 ? 1 : 0.5) : (others == targets.Count ? 1 : 0.5) / others;
        return TimeSpan.FromSeconds(options.Seconds * share);
    }

    private int RunCase(List<FuzzTarget> targets, string file)
    {
        if (targets.Count != 1)
        {
            output.WriteLine("--case wants one --target");
            return 2;
        }

        var input = CorpusFolder.Read(file);
        foreach (var line in targets[0].Describe(input)) output.WriteLine(line);
        var fault = new Fuzzer(targets[0], options.Seed).Fault(input);
        output.WriteLine($"finding: {fault ?? "none"}");
        return fault is null ? 0 : 1;
    }

    /// <summary>An execution that does not end cannot be ended from outside: the case is kept, and the run is over.</summary>
    private void Watch(Fuzzer fuzzer, FuzzTarget target, CorpusFolder corpus)
    {
        var (input, since) = fuzzer.Running;
        if (input is null || fuzzer.Elapsed - since < _longestExecution || Debugger.IsAttached) return;
        output.WriteLine($"{target.Name}: an execution does not end. Again: ./dev fuzz --target {target.Name} --case {corpus.Keep(target.Name, input)}");
        output.WriteLine("0 passed, 1 failed");
        output.Flush();
        Environment.Exit(1);
    }
}
