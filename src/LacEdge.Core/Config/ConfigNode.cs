using System.Collections.Immutable;
using System.Globalization;

namespace LacEdge.Core.Config;

/// <summary>Where something stands in a configuration file; line and column count from 1.</summary>
public readonly record struct ConfigPlace(string File, int Line, int Column) : IComparable<ConfigPlace>
{
    public int CompareTo(ConfigPlace other)
    {
        var byFile = string.CompareOrdinal(File, other.File);
        return byFile != 0 ? byFile : (Line, Column).CompareTo((other.Line, other.Column));
    }

    public static bool operator <(ConfigPlace left, ConfigPlace right) => left.CompareTo(right) < 0;
    public static bool operator >(ConfigPlace left, ConfigPlace right) => left.CompareTo(right) > 0;
    public static bool operator <=(ConfigPlace left, ConfigPlace right) => left.CompareTo(right) <= 0;
    public static bool operator >=(ConfigPlace left, ConfigPlace right) => left.CompareTo(right) >= 0;
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}");
}

/// <summary>
/// A configuration file as a tree, whatever it was written in. Deliberately not records: the text of a node may be a secret
/// and must not print.
/// </summary>
public abstract class ConfigNode(ConfigPlace place)
{
    public ConfigPlace Place { get; } = place;
    /// <summary>"a list", "a mapping", "a value", "nothing".</summary>
    public abstract string Kind { get; }
    /// <summary>Written without a value ("isps:").</summary>
    public virtual bool IsNull => false;
}

/// <param name="text">Exactly as written, quotes taken off.</param>
/// <param name="isNull">No value, or YAML's null.</param>
public sealed class ScalarNode(ConfigPlace place, string text, bool isNull = false) : ConfigNode(place)
{
    public string Text { get; } = text;
    public override bool IsNull { get; } = isNull;
    public override string Kind => IsNull ? "nothing" : "a value";
}

public sealed class SequenceNode(ConfigPlace place, ImmutableArray<ConfigNode> items) : ConfigNode(place)
{
    public ImmutableArray<ConfigNode> Items { get; } = items;
    public override string Kind => "a list";
}

/// <param name="entries">In the order of the file, each key once.</param>
public sealed class MappingNode(ConfigPlace place, ImmutableArray<ConfigEntry> entries) : ConfigNode(place)
{
    public ImmutableArray<ConfigEntry> Entries { get; } = entries;
    public override string Kind => "a mapping";
    public ConfigEntry? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key);
}

/// <param name="place">Of the key.</param>
public sealed class ConfigEntry(string key, ConfigPlace place, ConfigNode value)
{
    public string Key { get; } = key;
    public ConfigPlace Place { get; } = place;
    public ConfigNode Value { get; } = value;
}

public enum ConfigSeverity { Error, Warning }

/// <summary>Something wrong in a configuration.</summary>
/// <param name="Path">"isps.isp1.lns.a.port"; empty when it concerns the whole file.</param>
/// <param name="Message">What is wrong and, where it can be guessed, what was meant. Never holds a secret.</param>
public sealed record ConfigProblem(ConfigSeverity Severity, ConfigPlace Place, string Path, string Message)
{
    public string SeverityName => Severity == ConfigSeverity.Error ? "error" : "warning";
    public override string ToString() => $"{Place}: {SeverityName}: {(Path.Length > 0 ? Path + ": " : "")}{Message}";
}

/// <summary>All problems found so far.</summary>
public sealed class ConfigProblems
{
    private readonly List<ConfigProblem> _problems = [];

    public bool HasErrors => _problems.Exists(problem => problem.Severity == ConfigSeverity.Error);
    /// <summary>By file, line and column; those of one place in the order in which they were found.</summary>
    public ImmutableArray<ConfigProblem> Sorted => [.. _problems.OrderBy(problem => problem.Place)];

    public void Error(ConfigPlace place, string path, string message) =>
        _problems.Add(new ConfigProblem(ConfigSeverity.Error, place, path, message));

    public void Warning(ConfigPlace place, string path, string message) =>
        _problems.Add(new ConfigProblem(ConfigSeverity.Warning, place, path, message));
}

/// <summary>Paths of keys for people: "access.residential.interfaces", "steering.main[0].to[1].isp".</summary>
public static class ConfigPath
{
    /// <summary>A name with a dot is quoted: interfaces."eth1.100".</summary>
    public static string Append(string path, string key)
    {
        if (key.Contains('.', StringComparison.Ordinal)) key = $"\"{key}\"";
        return path.Length == 0 ? key : $"{path}.{key}";
    }

    public static string Append(string path, int index) => string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");
}
