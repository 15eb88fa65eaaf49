using System.Text;
using LacEdge.Configuration;
using LacEdge.Core.Config;

namespace LacEdge.Tests.Configuration;

/// <summary>Configurations as text, without files.</summary>
internal static class ConfigText
{
    /// <summary>Complete and right; <paramref name="access"/> stands in the access service, the rest at the end.</summary>
    public static string Valid(string access = "authentication: [chap]", string more = "") =>
        $$"""
        node: { name: lac1 }
        access:
          residential:
            interfaces: { eth1: {} }
            steering: main
            {{access}}
        steering:
          main: [ { to: [ { realm-table: {} } ] } ]
        isps:
          isp1:
            realms: [isp1.example]
            tunnel: wholesale
            lns: { a: { address: 198.51.100.1 } }
        tunnels:
          wholesale: {}
        {{more}}
        """;

    public static ConfigResult Read(params string[] files)
    {
        var problems = new ConfigProblems();
        var roots = files.Select((text, i) => YamlFile.Parse(i == 0 ? "lacedge.yaml" : $"conf.d/{i}.yaml", Encoding.UTF8.GetBytes(text), problems)).ToList();
        return roots.Contains(null) ? new ConfigResult(null, problems.Sorted) : LacConfigReader.Read([.. roots.OfType<MappingNode>()], Resolve, problems);
    }

    /// <summary>Every problem on a line of its own, but not that <see cref="Valid"/> without CHAP lets passwords go to its LNS in the clear.</summary>
    public static string Problems(params string[] files) =>
        string.Join('\n', Read(files).Problems.Where(problem => !problem.Message.Contains(" in the clear", StringComparison.Ordinal)));

    public static LacConfig Config(params string[] files)
    {
        var result = Read(files);
        Assert.Empty(result.Problems.Where(problem => problem.Severity == ConfigSeverity.Error).Select(problem => problem.ToString()));
        return result.Config!;
    }

    private static string? Resolve(SecretSource source, string name, out Secret secret)
    {
        secret = Secret.FromText($"{source} {name}");
        return name == "absent" ? "no such secret" : null;
    }
}
