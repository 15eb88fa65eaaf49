namespace LacEdge.Core.Config;

/// <summary>Joins the trees of several files: mappings by name; anything else that two files set is an error.</summary>
public static class ConfigMerge
{
    public static MappingNode Merge(IReadOnlyList<MappingNode> files, ConfigProblems problems) =>
        files.Skip(1).Aggregate(files[0], (merged, next) => Merge(merged, next, "", problems));

    private static MappingNode Merge(MappingNode first, MappingNode second, string path, ConfigProblems problems)
    {
        var entries = first.Entries.ToList();
        foreach (var entry in second.Entries)
        {
            var at = entries.FindIndex(known => known.Key == entry.Key);
            if (at < 0) entries.Add(entry);
            else entries[at] = Merge(entries[at], entry, ConfigPath.Append(path, entry.Key), problems);
        }

        return new MappingNode(first.Place, [.. entries]);
    }

    private static ConfigEntry Merge(ConfigEntry first, ConfigEntry second, string path, ConfigProblems problems)
    {
        if (second.Value.IsNull) return first;
        if (first.Value.IsNull) return second;
        if (first.Value is MappingNode a && second.Value is MappingNode b)
        {
            return new ConfigEntry(first.Key, first.Place, Merge(a, b, path, problems));
        }

        problems.Error(second.Place, path, $"set twice: here and at {first.Place}");
        return first;
    }
}
