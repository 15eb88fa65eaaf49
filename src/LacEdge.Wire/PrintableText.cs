using System.Buffers;
using System.Globalization;
using System.Text;

namespace LacEdge.Wire;

/// <summary>Octets that peers send, made harmless for logs, tables and answers of the API.</summary>
public static class PrintableText
{
    /// <summary>Octets that are printed; "..." stands for the rest. PAP cannot carry a longer name.</summary>
    public const int MaxOctets = 255;

    /// <summary>One line without control characters: UTF-8 where it is valid and visible, a backslash doubled, every other octet
    /// as \xHH. Octets that differ print differently, up to the limit.</summary>
    public static string From(ReadOnlySpan<byte> octets)
    {
        var text = new StringBuilder(octets.Length);
        for (var left = MaxOctets; !octets.IsEmpty;)
        {
            var valid = Rune.DecodeFromUtf8(octets, out var rune, out var size) == OperationStatus.Done;
            left -= size;
            if (left < 0) return text.Append("...").ToString();
            if (!valid || !IsVisible(rune)) foreach (var octet in octets[..size]) text.Append(CultureInfo.InvariantCulture, $"\\x{octet:x2}");
            else if (rune.Value == '\\') text.Append(@"\\");
            else text.Append(rune);
            octets = octets[size..];
        }

        return text.ToString();
    }

    /// <summary>Formatting characters are out: they can turn the direction of a log line or hide in a name. So are spaces that
    /// look like the common one.</summary>
    private static bool IsVisible(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator);
}
