using System.Diagnostics;

namespace LacEdge.Fuzz.Engine;

/// <summary>Makes the input of a finding smaller while it still breaks the same way: leaves out pieces, halves first, then single ones.</summary>
internal static class Minimizer
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(20);

    public static byte[] Minimize(FuzzTarget target, byte[] input, Func<byte[], bool> breaks)
    {
        var clock = Stopwatch.StartNew();
        var pieces = target.Pieces(input);
        for (var size = Math.Max(1, pieces.Count / 2); ; size /= 2)
        {
            bool smaller;
            do
            {
                smaller = false;
                for (var at = 0; at < pieces.Count && clock.Elapsed < _limit;)
                {
                    List<byte[]> fewer = [.. pieces[..at], .. pieces[Math.Min(pieces.Count, at + size)..]];
                    if (fewer.Count < pieces.Count && breaks(Join(fewer))) (pieces, smaller) = (fewer, true);
                    else at += size;
                }
            }
            while (smaller && clock.Elapsed < _limit);
            if (size <= 1) return Join(pieces);
        }
    }

    private static byte[] Join(List<byte[]> pieces) => [.. pieces.SelectMany(piece => piece)];
}
