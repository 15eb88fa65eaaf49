using LacEdge.Wire;

namespace LacEdge.Core.Steering;

/// <summary>
/// A user name as the subscriber sent it. The octets are hostile: what is shown or compared is <see cref="Printable"/>
/// and <see cref="Realm"/>.
/// </summary>
public sealed class UserName
{
    public UserName(Bytes octets)
    {
        Octets = octets;
        var at = octets.Span.LastIndexOf((byte)'@');
        if (at >= 0 && at + 1 < octets.Length) Realm = PrintableText.From(octets.Span[(at + 1)..]).ToLowerInvariant();
        Printable = PrintableText.From(octets.Span);
    }

    public Bytes Octets { get; }
    /// <summary>What stands behind the last '@', in lower case and printable; null when there is no '@' or nothing behind it.</summary>
    public string? Realm { get; }
    /// <summary>By <see cref="PrintableText"/>.</summary>
    public string Printable { get; }

    public override string ToString() => Printable;
}
