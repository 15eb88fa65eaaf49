namespace LacEdge.Core;

/// <summary>Texts that peers send, made harmless for logs and tables.</summary>
public static class PrintableText
{
    private const int MaxLength = 120;

    /// <summary>Printable ASCII as it is, every other octet as '.', cut at 120 characters.</summary>
    public static string From(ReadOnlySpan<byte> octets)
    {
        if (octets.Length > MaxLength) octets = octets[..MaxLength];
        if (octets.IsEmpty) return "";
        Span<char> text = stackalloc char[octets.Length];
        for (var i = 0; i < octets.Length; i++) text[i] = octets[i] is >= 0x20 and < 0x7F ? (char)octets[i] : '.';
        return new string(text);
    }
}
