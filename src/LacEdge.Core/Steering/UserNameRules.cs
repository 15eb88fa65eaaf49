using System.Text;
using LacEdge.Core.Config;

namespace LacEdge.Core.Steering;

/// <summary>How one access service reads user names, and what it shows of them to others. Made once for a service, not for a
/// subscriber: it holds compiled expressions.</summary>
public sealed class UserNameRules
{
    private readonly byte[] _delimiters;
    private readonly RealmPosition _position;

    /// <param name="config">Valid: <see cref="RegexType"/> has taken its expressions.</param>
    public UserNameRules(UserNameConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        _delimiters = Encoding.ASCII.GetBytes(config.Delimiters);
        _position = config.Realm;
        IgnoreCase = config.IgnoreCase;
        DefaultRealm = config.DefaultRealm is { } realm ? Fold(realm) : null;
        (ToLns, ToRadius) = (new NameRewriter(config.ToLns), new NameRewriter(config.ToRadius));
    }

    public bool IgnoreCase { get; }
    public string? DefaultRealm { get; }
    public NameRewriter ToLns { get; }
    public NameRewriter ToRadius { get; }

    /// <summary>A realm as it is compared: in lower case, unless case counts.</summary>
    public string Fold(string realm) => IgnoreCase ? realm.ToLowerInvariant() : realm;

    /// <summary>The realm's octets; empty when there is none. Delimiters are ASCII, so that no character is cut in two.</summary>
    /// <param name="user">Where the rest stands, without the delimiter.</param>
    public ReadOnlySpan<byte> Split(ReadOnlySpan<byte> name, out Range user)
    {
        var suffix = _position == RealmPosition.Suffix;
        var at = suffix ? name.LastIndexOfAny(_delimiters) : name.IndexOfAny(_delimiters);
        user = at < 0 ? ..name.Length : suffix ? ..at : (at + 1)..name.Length;
        if (at < 0) return default;
        return suffix ? name[(at + 1)..] : name[..at];
    }
}
