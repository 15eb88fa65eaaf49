namespace LacEdge.Core.Config;

/// <summary>
/// A place in the key table with what the files say there, or nothing. Reading never fails: what is absent or wrong gives
/// the table's default; the checker has reported it.
/// </summary>
internal sealed class ConfigValue(ConfigKeyTree tree, ConfigNode? node, ConfigPlace place, string path)
{
    public ConfigNode? Node { get; } = node;
    /// <summary>Of the key; of the nearest key above when the value is absent.</summary>
    public ConfigPlace Place { get; } = place;
    public string Path { get; } = path;
    public bool IsPresent => Node is { IsNull: false } || (Node is not null && !tree.TakesScalar);

    /// <summary>A mapping in which every key is known and supported.</summary>
    public bool IsUnderstood => Node is MappingNode mapping && mapping.Entries.All(entry => tree.Find(entry.Key) is { Key.Planned: false });

    /// <summary>The value under a key that the table knows.</summary>
    public ConfigValue this[string key]
    {
        get
        {
            var child = tree.Find(key) ?? throw new InvalidOperationException($"'{key}' is not in the key table below '{Path}'");
            var entry = (Node as MappingNode)?.Find(key);
            return new ConfigValue(child, entry?.Value, entry?.Place ?? Place, ConfigPath.Append(Path, key));
        }
    }

    /// <summary>What is set under free names, sorted by name: their order in the files means nothing.</summary>
    public IEnumerable<(string Name, ConfigValue Value)> Named()
    {
        if (Node is not MappingNode mapping || tree.AnyName is not { } below) return [];
        return mapping.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => (entry.Key, new ConfigValue(below, entry.Value, entry.Place, ConfigPath.Append(Path, entry.Key))));
    }

    public IEnumerable<ConfigValue> Items()
    {
        if (Node is not SequenceNode sequence || tree.Item is not { } below) return [];
        return sequence.Items.Select((item, i) => new ConfigValue(below, item, item.Place, ConfigPath.Append(Path, i)));
    }

    /// <summary>The value; the table's default when it is absent or wrong.</summary>
    public T Read<T>()
    {
        var type = (ConfigType<T>)tree.Key!.Type!;
        return tree.Key.Default is { } standard && type.Parse(standard, out var value) is null ? Read(value) : Read(default(T)!);
    }

    /// <summary>The value; <paramref name="otherwise"/> when it is absent or wrong.</summary>
    public T Read<T>(T otherwise)
    {
        var type = (ConfigType<T>)tree.Key!.Type!;
        return Node is ScalarNode { IsNull: false } scalar && type.Parse(scalar.Text, out var value) is null ? value : otherwise;
    }

    /// <summary>The text; null when it is absent or wrong.</summary>
    public string? ReadIfSet() =>
        Node is ScalarNode { IsNull: false } scalar && ((ConfigType<string>)tree.Key!.Type!).Parse(scalar.Text, out var value) is null ? value : null;
}
