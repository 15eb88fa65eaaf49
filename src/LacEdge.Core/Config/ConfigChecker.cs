namespace LacEdge.Core.Config;

/// <summary>Holds a tree against the key table: unknown, missing and planned keys, wrong kinds, wrong values.</summary>
internal sealed class ConfigChecker(ConfigProblems problems)
{
    public void Check(MappingNode root) => CheckMapping(root, root.Place, ConfigKeyTree.Root, "");

    /// <param name="at">Where the key of this node stands: missing things are missed there.</param>
    private void Check(ConfigNode node, ConfigPlace at, ConfigKeyTree tree, string path)
    {
        switch (node)
        {
            case MappingNode mapping when tree.TakesMapping:
                CheckMapping(mapping, at, tree, path);
                break;
            case SequenceNode sequence when tree.TakesSequence:
                if (sequence.Items.IsEmpty) problems.Error(node.Place, path, "the list is empty");
                for (var i = 0; i < sequence.Items.Length; i++)
                {
                    Check(sequence.Items[i], sequence.Items[i].Place, tree.Item!, ConfigPath.Append(path, i));
                }

                break;
            case ScalarNode { IsNull: true } when tree is { TakesScalar: false, TakesSequence: false }:
                CheckMapping(new MappingNode(node.Place, []), at, tree, path);
                break;
            case ScalarNode { IsNull: false } scalar when tree.TakesScalar:
                if (tree.Key!.Type!.Check(scalar.Text) is { } wrong) problems.Error(node.Place, path, wrong);
                break;
            default:
                problems.Error(node.Place, path, $"expected {Expected(tree)}, found {node.Kind}");
                break;
        }
    }

    private void CheckMapping(MappingNode mapping, ConfigPlace at, ConfigKeyTree tree, string path)
    {
        foreach (var entry in mapping.Entries)
        {
            var below = ConfigPath.Append(path, entry.Key);
            if (tree.Find(entry.Key) is not { } child) problems.Error(entry.Place, below, "unknown key" + Hint(entry.Key, tree));
            else if (child.Key!.Planned) problems.Error(entry.Place, below, $"'{entry.Key}' is not supported yet");
            else
            {
                if (child.Key.NameType?.Check(entry.Key) is { } wrong) problems.Error(entry.Place, below, wrong);
                Check(entry.Value, entry.Place, child, below);
            }
        }

        foreach (var (name, child) in tree.Children)
        {
            if (child.Key!.Required && mapping.Find(name) is null) problems.Error(at, path, $"the key '{name}' is missing");
        }

        var needsEntries = tree is { Key.Required: true, AnyName: not null };
        if (needsEntries && mapping.Entries.IsEmpty) problems.Error(at, path, "needs at least one entry");
    }

    private static string Expected(ConfigKeyTree tree)
    {
        if (tree.Key!.Type is { } type) return type.Expected;
        return tree.TakesSequence ? "a list" : "a mapping";
    }

    /// <summary>A similar key here, else the same key in another place.</summary>
    private static string Hint(string key, ConfigKeyTree tree)
    {
        if (Suggestion.For(key, tree.KnownNames) is { Length: > 0 } similar) return similar;
        var elsewhere = KeyTable.All.FirstOrDefault(row => !row.Planned && row.Path.EndsWith("." + key, StringComparison.Ordinal));
        return elsewhere is null ? "" : $" here; it belongs to '{Readable(elsewhere.Path[..^(key.Length + 1)])}'";
    }

    private static string Readable(string pattern) =>
        pattern.Replace(".[]", "[]", StringComparison.Ordinal).Replace("*", "<name>", StringComparison.Ordinal);
}
