using LacEdge.Wire;

namespace LacEdge.Core.Steering;

/// <summary>
/// A user name as the subscriber sent it, read by the rules of its access service. The octets are hostile: what is shown or
/// compared is <see cref="Printable"/> and <see cref="Realm"/>.
/// </summary>
public sealed class UserName
{
    private readonly UserNameRules _rules;
    private readonly Range _user;

    public UserName(Bytes octets, UserNameRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        (Octets, _rules) = (octets, rules);
        var realm = rules.Split(octets.Span, out _user);
        Realm = realm.IsEmpty ? rules.DefaultRealm : rules.Fold(PrintableText.From(realm));
        Printable = PrintableText.From(octets.Span);
    }

    public Bytes Octets { get; }
    /// <summary>Without realm and delimiter; the whole name when it has no delimiter.</summary>
    public ReadOnlySpan<byte> UserPart => Octets.Span[_user];
    /// <summary>By <see cref="PrintableText"/>, in lower case where case is ignored. The default realm when the name has none or an
    /// empty one; null when there is no default either.</summary>
    public string? Realm { get; }
    public bool IgnoreCase => _rules.IgnoreCase;
    /// <summary>By <see cref="PrintableText"/>.</summary>
    public string Printable { get; }

    /// <summary>The name for the LNS: AVP 30 (RFC 2661 section 4.4.5). The response beside it stays what the subscriber sent. That of
    /// PAP, CHAP and MS-CHAPv1 does not cover the name; that of MS-CHAPv2 does (RFC 2759 section 8.2), so that an LNS which is
    /// told another name refuses it.</summary>
    public Bytes ToLns() => _rules.ToLns.Apply(this);

    /// <summary>The name for User-Name in RADIUS, which holds 253 octets (RFC 2865 section 5).</summary>
    public Bytes ToRadius() => _rules.ToRadius.Apply(this);

    public override string ToString() => Printable;
}
