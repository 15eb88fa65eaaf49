using System.Text;

namespace LacEdge.Core.Config;

/// <summary>
/// Patterns over circuit-ids and remote-ids: * stands for any octets, ? for one, everything else (in UTF-8) for itself, upper and
/// lower case apart. The whole text must match.
/// </summary>
public static class TextPattern
{
    /// <summary>Never more steps than octets of the pattern times octets of the text, whatever a subscriber's line sends.</summary>
    public static bool Matches(string pattern, ReadOnlySpan<byte> text)
    {
        var size = Encoding.UTF8.GetMaxByteCount(pattern.Length);
        var octets = size <= 512 ? stackalloc byte[size] : new byte[size];
        return Matches(octets[..Encoding.UTF8.GetBytes(pattern, octets)], text);
    }

    private static bool Matches(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text)
    {
        var (p, t) = (0, 0);
        // The last * and the text that it has not taken yet. An earlier * need not be tried again: the last one can take what it would.
        var (star, rest) = (-1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, rest) = (p++, t);
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == text[t]))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                (p, t) = (star + 1, ++rest);
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*') p++;
        return p == pattern.Length;
    }
}
