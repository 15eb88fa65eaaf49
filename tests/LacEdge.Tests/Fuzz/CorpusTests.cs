using LacEdge.Fuzz;
using LacEdge.Fuzz.Engine;

namespace LacEdge.Tests.Fuzz;

/// <summary>Cases that the fuzzer found or kept, executed again: what was repaired stays repaired.</summary>
public sealed class CorpusTests
{
    public static TheoryData<string> Targets => [.. FuzzRun.Targets.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Kept_cases_break_nothing(string name)
    {
        var fuzzer = new Fuzzer(FuzzRun.Targets.Single(target => target.Name == name), seed: 1);
        var broken = new List<string>();
        foreach (var file in Corpus().Files(name))
        {
            if (fuzzer.Fault(CorpusFolder.Read(file)) is { } fault) broken.Add($"{Path.GetFileName(file)}: {fault}");
        }

        Assert.Empty(broken);
    }

    [Fact]
    public void Every_folder_of_the_corpus_has_a_target()
    {
        var folders = Directory.EnumerateDirectories(CorpusPath).Select(folder => Path.GetFileName(folder));
        Assert.Empty(folders.Except(FuzzRun.Targets.Select(target => target.Name)));
    }

    [Fact]
    public void One_seed_gives_one_run()
    {
        Assert.Equal(Course(3), Course(3));
        Assert.NotEqual(Course(3), Course(4));

        static (long, int, int) Course(ulong seed)
        {
            var fuzzer = new Fuzzer(FuzzRun.Targets.Single(target => target.Name == "lac"), seed);
            fuzzer.Run([], new SeedPool(), TimeSpan.FromHours(1), 12_000);
            Assert.Null(fuzzer.Finding);
            return (fuzzer.Executions, fuzzer.Corpus, fuzzer.Features);
        }
    }

    private static string CorpusPath => Path.Combine(FuzzRun.Repository(), "tests/LacEdge.Fuzz/corpus");
    private static CorpusFolder Corpus() => new(CorpusPath);
}
