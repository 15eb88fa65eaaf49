using LacEdge.Configuration;
using LacEdge.Core.Config;

namespace LacEdge.Tests.Configuration;

public sealed class ShippedConfigTests
{
    private static string Text => File.ReadAllText(Path.Combine(RepositoryRoot(), "config", "lacedge.yaml"));

    [Fact]
    public void The_shipped_configuration_is_valid()
    {
        using var folder = WithSecrets();
        var result = ConfigFile.Load(folder.Write("lacedge.yaml", Text));
        Assert.Empty(result.Problems);
        Assert.Equal(["isp1", "isp2"], result.Config!.Isps.Select(isp => isp.Name));
    }

    [Fact]
    public void What_it_shows_as_defaults_are_the_defaults()
    {
        using var folder = WithSecrets();
        var asShipped = ConfigFile.Load(folder.Write("lacedge.yaml", Text)).Config!;
        var uncommented = string.Join('\n', Text.Split('\n').Select(Uncomment));
        var result = ConfigFile.Load(folder.Write("lacedge.yaml", uncommented));
        Assert.Empty(result.Problems);
        Assert.Equal(ConfigValueTests.Print(asShipped), ConfigValueTests.Print(result.Config!));
        foreach (var key in KeyTable.All.Where(key => !key.Planned && key.Path.Count(c => c == '.') == 1 && !key.Path.EndsWith('*')))
        {
            Assert.Contains(key.Path.Split('.')[1] + ":", uncommented, StringComparison.Ordinal);
        }
    }

    /// <summary>"# key: value" after any indentation becomes "key: value"; prose and alternatives stay comments.</summary>
    private static string Uncomment(string line)
    {
        var at = line.IndexOf("# ", StringComparison.Ordinal);
        if (at < 0 || line[..at].Trim().Length > 0 || line[at..].StartsWith("# - lns", StringComparison.Ordinal) || line.Contains("#   tunnel: own", StringComparison.Ordinal) || line.Contains("# cookie-key:", StringComparison.Ordinal) || line.Contains("# macs:", StringComparison.Ordinal) || line.Contains("# eth3:", StringComparison.Ordinal) || line.Contains("# nas-port: ", StringComparison.Ordinal)) return line;
        return System.Text.RegularExpressions.Regex.IsMatch(line[(at + 2)..], "^ *[a-z0-9-]+:( |$)") && at + 2 < line.Length ? line[..at] + line[(at + 2)..] : line;
    }

    private static TemporaryFolder WithSecrets()
    {
        var folder = new TemporaryFolder();
        folder.Write("secrets/wholesale", "example");
        folder.Write("secrets/isp2", "example");
        folder.Write("secrets/cookie", "example");
        folder.Write("secrets/r1", "example");
        folder.Write("secrets/r2", "example");
        return folder;
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "LacEdge.sln"))) folder = folder.Parent;
        return folder.FullName;
    }
}
