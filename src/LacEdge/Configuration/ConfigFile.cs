using LacEdge.Core.Config;

namespace LacEdge.Configuration;

/// <summary>The configuration on disk: a main YAML file and, beside it, the drop-in folder conf.d with more (*.yaml, by name).</summary>
public static class ConfigFile
{
    public const string DropInFolder = "conf.d";

    /// <summary>Reads everything, secrets included. Never throws for what the files hold or for files that cannot be read.</summary>
    public static ConfigResult Load(string path)
    {
        var problems = new ConfigProblems();
        var folder = Path.GetDirectoryName(path) ?? "";
        List<MappingNode?> files = [];
        foreach (var file in (string[])[path, .. DropIns(folder, problems)])
        {
            files.Add(Read(file, problems) is { } content ? YamlFile.Parse(file, content, problems) : null);
        }

        // With one file lost, what it says would only look missing.
        if (files.Contains(null)) return new ConfigResult(null, problems.Sorted);
        return LacConfigReader.Read([.. files.OfType<MappingNode>()], new SecretStore(folder).Resolve, problems);
    }

    private static IEnumerable<string> DropIns(string folder, ConfigProblems problems)
    {
        var dropIns = Path.Combine(folder, DropInFolder);
        if (!Directory.Exists(dropIns)) return [];
        try
        {
            var files = Directory.GetFiles(dropIns).Where(file => Path.GetFileName(file)[0] != '.').Order(StringComparer.Ordinal).ToList();
            foreach (var file in files.Where(file => file.EndsWith(".yml", StringComparison.Ordinal)))
            {
                problems.Warning(new ConfigPlace(file, 1, 1), "", "this file is not read: its name must end in .yaml");
            }

            return files.Where(file => file.EndsWith(".yaml", StringComparison.Ordinal));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problems.Error(new ConfigPlace(dropIns, 1, 1), "", "cannot read the folder: " + FileFailure.Of(dropIns, failure));
            return [];
        }
    }

    private static byte[]? Read(string path, ConfigProblems problems)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problems.Error(new ConfigPlace(path, 1, 1), "", "cannot read the file: " + FileFailure.Of(path, failure));
            return null;
        }
    }
}
