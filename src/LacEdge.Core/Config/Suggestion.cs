namespace LacEdge.Core.Config;

/// <summary>What somebody who mistyped a word may have meant.</summary>
public static class Suggestion
{
    /// <summary>" (did you mean 'x'?)", or nothing when no known word is near.</summary>
    public static string For(string word, IEnumerable<string> known) =>
        Nearest(word, known) is { } meant ? $" (did you mean '{meant}'?)" : "";

    /// <summary>The known word with the fewest changes, at most a third of its letters (but one); the first among equals.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        string? nearest = null;
        var fewest = int.MaxValue;
        foreach (var candidate in known)
        {
            var distance = Distance(word, candidate);
            if (distance >= fewest || distance > Math.Max(1, candidate.Length / 3)) continue;
            (nearest, fewest) = (candidate, distance);
        }

        return nearest;
    }

    /// <summary>Letters to insert, delete, replace or swap with their neighbour; upper and lower case are one.</summary>
    internal static int Distance(string a, string b)
    {
        var (before, previous, current) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++) previous[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + change);
                var swapped = i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]);
                if (swapped) current[j] = Math.Min(current[j], before[j - 2] + 1);
            }

            (before, previous, current) = (previous, current, before);
        }

        return previous[b.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
