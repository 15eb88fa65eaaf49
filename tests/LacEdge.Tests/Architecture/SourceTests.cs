using System.Xml.Linq;

namespace LacEdge.Tests.Architecture;

/// <summary>Rules about the source itself, so that nobody has to remember them.</summary>
public sealed class SourceTests
{
    private static readonly string _root = FindRoot();

    [Fact]
    public void References_go_leftwards_only()
    {
        Assert.Empty(ProjectReferences("LacEdge.Wire"));
        Assert.Equal(["LacEdge.Wire"], ProjectReferences("LacEdge.Core"));
        Assert.Equal(["LacEdge.Core"], ProjectReferences("LacEdge.Linux"));
        Assert.Equal(["LacEdge.Linux"], ProjectReferences("LacEdge"));
    }

    [Theory]
    [InlineData("LacEdge.Wire")]
    [InlineData("LacEdge.Core")]
    public void Wire_and_Core_use_no_package_but_the_analyzer(string project)
    {
        var packages = Project(project).Descendants("PackageReference").Select(e => e.Attribute("Include")!.Value);
        Assert.Equal(["Microsoft.CodeAnalysis.BannedApiAnalyzers"], packages);
    }

    [Fact]
    public void Only_Linux_holds_unsafe_code()
    {
        foreach (var project in (string[])["LacEdge.Wire", "LacEdge.Core", "LacEdge"])
        {
            Assert.Empty(Project(project).Descendants("AllowUnsafeBlocks"));
        }

        var imports = Sources("src").Where(f => !f.Contains("/LacEdge.Linux/", StringComparison.Ordinal))
            .Where(f => File.ReadAllText(f) is var text && (text.Contains("[LibraryImport", StringComparison.Ordinal) || text.Contains("[DllImport", StringComparison.Ordinal)));
        Assert.Empty(imports.Select(Relative));
    }

    [Fact]
    public void Protocol_folders_of_Core_do_not_know_each_other()
    {
        string[] protocols = ["Pppoe", "Ppp", "L2tp", "Steering", "Forwarding"];
        // What a call carries for the LNS is named in PPP's words: the one bridge.
        string[] allowed = ["L2tp -> Ppp"];
        var found = new List<string>();
        foreach (var from in protocols)
        {
            foreach (var file in Sources($"src/LacEdge.Core/{from}"))
            {
                var text = File.ReadAllText(file);
                found.AddRange(protocols.Where(to => to != from && text.Contains($"using LacEdge.Core.{to};", StringComparison.Ordinal)).Select(to => $"{from} -> {to}"));
            }
        }

        Assert.Equal(allowed, found.Distinct());
    }

    [Fact]
    public void Files_are_at_most_400_lines_of_at_most_160_columns()
    {
        var long_ = new List<string>();
        foreach (var file in Sources("src").Concat(Sources("tests")))
        {
            var lines = File.ReadAllLines(file);
            if (lines.Length > 400) long_.Add($"{Relative(file)}: {lines.Length} lines");
            for (var i = 0; i < lines.Length; i++)
            {
                // Test vectors are long by nature.
                if (lines[i].Length > 160 && !lines[i].Contains('"', StringComparison.Ordinal)) long_.Add($"{Relative(file)}:{i + 1}: {lines[i].Length} columns");
            }
        }

        Assert.Empty(long_);
    }

    [Fact]
    public void Nothing_is_left_to_do()
    {
        string[] words = ["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Exception", "HA" + "CK"];
        var left = Sources("src").Concat(Sources("tests")).Where(f => words.Any(w => File.ReadAllText(f).Contains(w, StringComparison.Ordinal)));
        Assert.Empty(left.Select(Relative));
    }

    [Fact]
    public void Places_named_in_the_architecture_page_exist()
    {
        var page = File.ReadAllText(Path.Combine(_root, "src/README.md"));
        var sources = Sources("src").Select(Relative).ToList();
        var missing = new List<string>();
        foreach (System.Text.RegularExpressions.Match match in System.Text.RegularExpressions.Regex.Matches(page, "`([A-Za-z0-9]+(?:/[A-Za-z0-9]+)+\\.cs)`"))
        {
            var path = match.Groups[1].Value;
            if (!sources.Exists(s => s.EndsWith(path, StringComparison.Ordinal) || s.EndsWith("." + path, StringComparison.Ordinal))) missing.Add(path);
        }

        Assert.Empty(missing);
    }

    private static IEnumerable<string> ProjectReferences(string project) =>
        Project(project).Descendants("ProjectReference").Select(e => Path.GetFileNameWithoutExtension(e.Attribute("Include")!.Value));

    private static XDocument Project(string name) => XDocument.Load(Path.Combine(_root, "src", name, name + ".csproj"));

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(_root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static string Relative(string path) => Path.GetRelativePath(_root, path);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LacEdge.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("LacEdge.sln is not above the test's folder");
    }
}
