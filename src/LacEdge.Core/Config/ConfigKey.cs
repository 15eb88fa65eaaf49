namespace LacEdge.Core.Config;

/// <summary>What a change of a key costs when a new configuration is applied to a running LacEdge.</summary>
public enum ReloadClass
{
    /// <summary>At once, for everybody.</summary>
    Live,
    /// <summary>For sessions and tunnels that begin afterwards.</summary>
    NewSessions,
    /// <summary>Sockets are opened or closed; sessions elsewhere are not touched.</summary>
    Listener,
    /// <summary>Ends sessions, or needs a restart.</summary>
    Disruptive,
}

/// <summary>One row of the key table.</summary>
/// <param name="Path">A pattern: names joined by dots, "*" for any name, "[]" for an item of a list.</param>
/// <param name="Type">Of the value; null for a mapping or a list. A key with a type may be a mapping too, when keys below it exist.</param>
/// <param name="Default">As it would be written; null: none. Starts with "=" when it is another key's value.</param>
/// <param name="Description">One sentence without its full stop.</param>
public sealed record ConfigKey(string Path, ConfigType? Type, string? Default, ReloadClass Reload, string Description)
{
    /// <summary>Must be there wherever its parent is; a mapping or a list must have something in it.</summary>
    public bool Required { get; init; }
    /// <summary>For the names under a "*".</summary>
    public ConfigType<string>? NameType { get; init; }
    /// <summary>Known, but refused: a later version will read it.</summary>
    public bool Planned { get; init; }
}

/// <summary>The key table as a tree: one node a segment of the paths.</summary>
public sealed class ConfigKeyTree
{
    private readonly Dictionary<string, ConfigKeyTree> _children = new(StringComparer.Ordinal);
    // In the order of the table: the dictionary's own order must not show.
    private readonly List<string> _names = [];

    private ConfigKeyTree() { }

    /// <summary>The tree of the whole table.</summary>
    public static ConfigKeyTree Root { get; } = Build(KeyTable.All);

    /// <summary>Null only for the root.</summary>
    public ConfigKey? Key { get; private set; }
    /// <summary>The names of the keys below, without planned ones.</summary>
    public IEnumerable<string> KnownNames => _names.Where(name => _children[name].Key is { Planned: false });
    public IEnumerable<(string Name, ConfigKeyTree Tree)> Children => _names.Select(name => (name, _children[name]));
    /// <summary>Below a "*": every name leads there.</summary>
    public ConfigKeyTree? AnyName { get; private set; }
    /// <summary>Below a "[]".</summary>
    public ConfigKeyTree? Item { get; private set; }

    public bool TakesScalar => Key?.Type is not null;
    public bool TakesSequence => Item is not null;
    /// <summary>Also a key without a type and without anything below it: an empty mapping, there for its presence.</summary>
    public bool TakesMapping => AnyName is not null || _names.Count > 0 || (!TakesScalar && !TakesSequence);

    public ConfigKeyTree? Find(string name) => _children.GetValueOrDefault(name) ?? AnyName;

    private static ConfigKeyTree Build(IEnumerable<ConfigKey> keys)
    {
        var root = new ConfigKeyTree();
        foreach (var key in keys)
        {
            var segments = key.Path.Split('.');
            var parent = segments[..^1].Aggregate(root, (node, segment) => node.Child(segment)
                ?? throw new InvalidOperationException($"the row above {key.Path} is missing in the key table"));
            parent.Add(segments[^1], new ConfigKeyTree { Key = key });
        }

        return root;
    }

    private ConfigKeyTree? Child(string segment) => segment switch
    {
        "*" => AnyName,
        "[]" => Item,
        _ => _children.GetValueOrDefault(segment),
    };

    private void Add(string segment, ConfigKeyTree child)
    {
        if (segment == "*") AnyName = child;
        else if (segment == "[]") Item = child;
        else
        {
            _children.Add(segment, child);
            _names.Add(segment);
        }
    }
}
