using System.Globalization;
using System.Text;

namespace LacEdge.Wire.Dns;

/// <summary>Domain names as text: in lower case, without the dot at the end, always absolute.</summary>
public static class DnsName
{
    /// <summary>Characters of a name as text: 255 octets on the wire (RFC 1035 section 3.1) without the first length and the root.</summary>
    public const int MaxText = 253;
    private const int MaxWire = 255, MaxLabel = 63;

    /// <summary>A host's name: labels of letters, digits and hyphens (RFC 1123 section 2.1), the last one not all digits, so that no IP
    /// address is one. What is not ASCII is refused: an operator or a subscriber writes its A-label (RFC 5890).</summary>
    /// <param name="name">In lower case.</param>
    public static bool TryParseHost(string text, out string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        name = "";
        if (text.Length is 0 or > MaxText) return false;
        var labels = text.Split('.');
        if (!labels.All(IsHostLabel) || labels[^1].All(char.IsAsciiDigit)) return false;
        name = text.ToLowerInvariant();
        return true;
    }

    private static bool IsHostLabel(string label) =>
        label.Length is > 0 and <= MaxLabel && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <summary>A name in a message, compressed or not (RFC 1035 section 4.1.4): pointers lead backwards, before everything read so far, and
    /// the whole is at most 255 octets long. Octets that no host name has are escaped (\DDD), so that different names differ as text.</summary>
    /// <param name="at">Where it begins; afterwards the octet behind it.</param>
    internal static bool TryRead(ReadOnlySpan<byte> message, ref int at, out string name)
    {
        name = "";
        var text = new StringBuilder();
        var (from, end, size) = (at, -1, 1);
        var limit = from;
        while (true)
        {
            if (from >= message.Length) return false;
            var length = message[from];
            if (length >= 0xC0)
            {
                if (from + 2 > message.Length) return false;
                var to = (length & 0x3F) << 8 | message[from + 1];
                if (end < 0) end = from + 2;
                // Each pointer leads before all that was read: no loop is possible.
                if (to >= limit) return false;
                (from, limit) = (to, to);
                continue;
            }

            if (length > MaxLabel || from + 1 + length > message.Length) return false;
            if (length == 0) break;
            size += length + 1;
            if (size > MaxWire) return false;
            if (text.Length > 0) text.Append('.');
            foreach (var octet in message.Slice(from + 1, length)) Append(text, octet);
            from += length + 1;
        }

        at = end < 0 ? from + 1 : end;
        name = text.ToString();
        return true;
    }

    private static void Append(StringBuilder text, byte octet)
    {
        var c = char.ToLowerInvariant((char)octet);
        if (octet is > 0x20 and < 0x7F && c is not ('.' or '\\')) text.Append(c);
        else text.Append(CultureInfo.InvariantCulture, $"\\{octet:000}");
    }
}
