using System.Collections.Immutable;
using System.Text;

namespace LacEdge.Core.Config;

/// <summary>
/// A text with names in braces that stand for what is known of a subscriber's line: "{mac}", "{interface}.{vlans}".
/// "{circuit-id|mac}" is the first of them that is not empty.
/// </summary>
public static class LineTemplate
{
    /// <summary>The names that may stand in braces.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        "mac", "interface", "vlans", "outer-vlan", "inner-vlan", "circuit-id", "remote-id", "service-name", "access", "realm", "user", "node",
    ];

    /// <summary>What is wrong with a template; null when it is right.</summary>
    public static string? Problem(string template)
    {
        if (template.LastIndexOf('{') > template.LastIndexOf('}')) return "a '{' has no '}'";
        foreach (var (name, isName) in Parts(template))
        {
            if (isName && name.Split('|').FirstOrDefault(one => !Names.Contains(one)) is { } unknown) return $"there is no '{{{unknown}}}'";
        }

        return null;
    }

    /// <param name="valueOf">The value of a name; empty when it is not known.</param>
    public static string Fill(string template, Func<string, string> valueOf)
    {
        var text = new StringBuilder();
        foreach (var (part, isName) in Parts(template))
            text.Append(isName ? part.Split('|').Select(valueOf).FirstOrDefault(value => value.Length > 0) : part);
        return text.ToString();
    }

    private static IEnumerable<(string Text, bool IsName)> Parts(string template)
    {
        for (var at = 0; at < template.Length;)
        {
            var open = template.IndexOf('{', at);
            var close = open < 0 ? -1 : template.IndexOf('}', open);
            if (close < 0)
            {
                yield return (template[at..], false);
                yield break;
            }

            if (open > at) yield return (template[at..open], false);
            yield return (template[(open + 1)..close], true);
            at = close + 1;
        }
    }
}
