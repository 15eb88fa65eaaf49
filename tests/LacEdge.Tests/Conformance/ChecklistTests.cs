using System.Text.RegularExpressions;

namespace LacEdge.Tests.Conformance;

/// <summary><c>checklist.txt</c> and the tests that carry its numbers. <c>./dev</c> prints both with the results.</summary>
public sealed partial class ChecklistTests
{
    private static readonly string _tests = Path.Combine(RepositoryRoot(), "tests");
    private static readonly string[] _lines = File.ReadAllLines(Path.Combine(_tests, "LacEdge.Tests/Conformance/checklist.txt"));
    private static readonly HashSet<string> _carried = [.. TestNames().SelectMany(NumbersIn)];

    [Fact]
    public void Every_item_of_a_complete_group_has_a_test_unless_it_is_open()
    {
        var groups = _lines.Select(line => CompleteGroup().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value).ToHashSet();
        Assert.NotEmpty(groups);
        var without = Items().Where(item => groups.Contains(item.Split('-')[0])).Except(_carried);
        Assert.Equal(OpenItems(), without);
    }

    [Fact]
    public void Every_number_in_a_test_name_is_in_the_checklist()
    {
        var groups = Items().Select(item => item.Split('-')[0]).ToHashSet();
        Assert.Empty(_carried.Where(number => groups.Contains(number.Split('-')[0])).Except(Items()));
    }

    [Fact]
    public void The_checklist_counts_up_without_a_gap()
    {
        foreach (var group in Items().GroupBy(item => item.Split('-')[0]))
            Assert.Equal(Enumerable.Range(1, group.Count()).Select(number => $"{group.Key}-{number:000}"), group);
    }

    [Theory]
    [InlineData("PPPOE_001_A_word", "PPPOE-001")]
    [InlineData("PPPOE_001_002_words", "PPPOE-001 PPPOE-002")]
    [InlineData("L2TP_034_DATA_006_words_003", "L2TP-034 DATA-006")]
    [InlineData("A_name_without_number", "")]
    public void Numbers_stand_at_the_beginning_of_a_name(string name, string numbers) => Assert.Equal(numbers, string.Join(' ', NumbersIn(name)));

    private static IEnumerable<string> Items() => _lines.Where(line => ItemLine().IsMatch(line)).Select(line => line.Split(' ')[0]);

    private static IEnumerable<string> OpenItems() =>
        _lines.Where(line => ItemLine().IsMatch(line) && line.Contains(" (open) ", StringComparison.Ordinal)).Select(line => line.Split(' ')[0]);

    private static IEnumerable<string> TestNames() =>
        Directory.EnumerateFiles(_tests, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .SelectMany(file => TestMethod().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value);

    // GROUP_123_124_OTHER_007_what_is_stated: the same rule as in checklist.awk.
    private static IEnumerable<string> NumbersIn(string name)
    {
        var group = "";
        foreach (var word in name.Split('_'))
        {
            if (word is [>= '0' and <= '9', >= '0' and <= '9', >= '0' and <= '9'] && group.Length > 0)
                yield return $"{group}-{word}";
            else if (Group().IsMatch(word))
                group = word;
            else
                yield break;
        }
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LacEdge.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("LacEdge.sln is not above the test's folder");
    }

    [GeneratedRegex("^= ([A-Z0-9]+) complete ")]
    private static partial Regex CompleteGroup();

    [GeneratedRegex("^[A-Z0-9]+-[0-9]{3} ")]
    private static partial Regex ItemLine();

    [GeneratedRegex(@"public (?:async )?(?:void|Task|ValueTask) ([A-Z][A-Z0-9]+_[0-9]{3}_\w+)\(")]
    private static partial Regex TestMethod();

    [GeneratedRegex("^[A-Z][A-Z0-9]+$")]
    private static partial Regex Group();
}
