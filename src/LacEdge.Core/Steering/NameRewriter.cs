using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using LacEdge.Core.Config;
using LacEdge.Wire;

namespace LacEdge.Core.Steering;

/// <summary>What others see of a user name: first the realm is stripped if so told, then the first rule that matches is applied.</summary>
public sealed class NameRewriter
{
    /// <summary>Octets that a rule may leave.</summary>
    public const int MaxOctets = 255;

    private readonly bool _stripRealm;
    private readonly ImmutableArray<(Regex Match, string Replace)> _rules;

    public NameRewriter(NameRewriteConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        _stripRealm = config.StripRealm;
        _rules = [.. config.Rules.Select(rule => (new Regex(rule.Match, RegexType.Options), rule.Replace))];
    }

    /// <summary>Rules work on text: they leave a name that is not valid UTF-8 as it is. A step that would leave no octet, or more
    /// than <see cref="MaxOctets"/>, is not taken: a name cut short could be somebody else's.</summary>
    public Bytes Apply(UserName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var octets = _stripRealm && !name.UserPart.IsEmpty ? Bytes.Copy(name.UserPart) : name.Octets;
        if (_rules.IsEmpty || !Utf8.IsValid(octets.Span)) return octets;
        var text = Encoding.UTF8.GetString(octets.Span);
        foreach (var (match, replace) in _rules)
        {
            if (!match.IsMatch(text)) continue;
            // The first match only: ".*" would match a second time, behind the end.
            var rewritten = Encoding.UTF8.GetBytes(match.Replace(text, replace, 1));
            return rewritten.Length is > 0 and <= MaxOctets ? Bytes.Wrap(rewritten) : octets;
        }

        return octets;
    }
}
