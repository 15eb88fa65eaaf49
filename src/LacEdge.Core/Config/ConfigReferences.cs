namespace LacEdge.Core.Config;

/// <summary>The entries of one mapping that others refer to by name: who refers to what is not there, and what nobody refers to.</summary>
internal sealed class ConfigReferences
{
    private readonly string _what;
    private readonly ConfigProblems _problems;
    private readonly ConfigValue _mapping;
    private readonly List<string> _names;
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <param name="builtIn">Names that are there without being in the mapping.</param>
    public ConfigReferences(ConfigValue mapping, string what, ConfigProblems problems, params IReadOnlyList<string> builtIn)
    {
        _what = what;
        _problems = problems;
        _mapping = mapping;
        _names = [.. mapping.Named().Select(entry => entry.Name), .. builtIn];
    }

    public ConfigValue Find(string name) => _mapping[name];

    public void Use(string name) => _used.Add(name);

    /// <summary>Reports a reference to what is not there; an absent or misshapen one is not this check's business.</summary>
    public void Check(ConfigValue reference)
    {
        if (!reference.IsPresent || reference.Read("") is not { Length: > 0 } name) return;
        Use(name);
        if (_names.Contains(name)) return;
        _problems.Error(reference.Node!.Place, reference.Path, $"there is no {_what} '{name}'" + Suggestion.For(name, _names));
    }

    public void WarnUnused(string why)
    {
        foreach (var (name, value) in _mapping.Named().Where(entry => !_used.Contains(entry.Name)))
        {
            _problems.Warning(value.Place, value.Path, $"{_what} '{name}' is not used: {why}");
        }
    }
}
