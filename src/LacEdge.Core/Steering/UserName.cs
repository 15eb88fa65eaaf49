using System.Globalization;
using System.Text;
using LacEdge.Wire;

namespace LacEdge.Core.Steering;

/// <summary>
/// A user name as the subscriber sent it. The octets are hostile: what is shown or compared is <see cref="Printable"/>
/// and <see cref="Realm"/>.
/// </summary>
public sealed class UserName
{
    /// <summary>Octets of a name that are printed; the rest becomes "...". PAP cannot carry more.</summary>
    public const int PrintableLimit = 255;

    public UserName(Bytes octets)
    {
        Octets = octets;
        var at = octets.Span.LastIndexOf((byte)'@');
        if (at >= 0 && at + 1 < octets.Length) Realm = Print(octets.Span[(at + 1)..]).ToLowerInvariant();
        Printable = octets.Length <= PrintableLimit ? Print(octets.Span) : Print(octets.Span[..PrintableLimit]) + "...";
    }

    public Bytes Octets { get; }
    /// <summary>What stands behind the last '@', in lower case and printable; null when there is no '@' or nothing behind it.</summary>
    public string? Realm { get; }
    /// <summary>One line without control characters: other octets are written \xHH, a backslash is doubled.</summary>
    public string Printable { get; }

    public override string ToString() => Printable;

    /// <summary>Untrusted octets as one line of text: UTF-8 where it is valid and visible, \xHH for the rest.</summary>
    public static string Print(ReadOnlySpan<byte> octets)
    {
        var text = new StringBuilder(octets.Length);
        while (!octets.IsEmpty)
        {
            var valid = Rune.DecodeFromUtf8(octets, out var rune, out var size) == System.Buffers.OperationStatus.Done;
            if (rune.Value == '\\') text.Append(@"\\");
            else if (valid && IsVisible(rune)) text.Append(rune.ToString());
            else foreach (var octet in octets[..size]) text.Append(CultureInfo.InvariantCulture, $"\\x{octet:x2}");
            octets = octets[size..];
        }

        return text.ToString();
    }

    /// <summary>Formatting characters are out: they can turn the direction of a log line or hide in a name.</summary>
    private static bool IsVisible(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator);
}
