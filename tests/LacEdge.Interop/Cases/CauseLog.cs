using LacEdge.Interop.Peers;

namespace LacEdge.Interop.Cases;

/// <summary>What LacEdge's log must and must not say.</summary>
internal static class CauseLog
{
    public const string TunnelSecretWrong = "tunnel-secret-wrong";

    // What CaseRun makes happen, as the cause table names it.
    private static readonly string[] _causes = ["subscriber-terminate", "subscriber-padt", "lns-cdn", "lns-stopccn", "lns-dead", "shutdown"];
    private static readonly string[] _featureCauses = ["subscriber-padt", "shutdown"];

    /// <summary>Each cause stands in a line with the subscriber's name, and no secret stands anywhere.</summary>
    /// <exception cref="CheckFailedException">A line is missing, or a secret is there.</exception>
    public static void Examine(string log, InteropCase row)
    {
        var lines = log.Split('\n');
        // Where LacEdge looks at no PPP the line is all that it knows.
        string[] signs = row.IsTransparent ? [.. row.Lines.All.Select(line => line.Mac)] : [.. Subscriber.All.Select(each => each.User)];
        var ends = lines.Where(line => signs.Any(sign => line.Contains(sign, StringComparison.Ordinal))).ToList();
        foreach (var cause in row.Feature is null ? _causes : _featureCauses)
            if (!ends.Any(line => line.Contains(cause, StringComparison.Ordinal)))
                throw new CheckFailedException($"no line says which subscriber ended by {cause}");
        if (lines.FirstOrDefault(line => row.Secrets.Any(secret => line.Contains(secret, StringComparison.Ordinal))) is { } leak)
            throw new CheckFailedException($"a secret is in the log: {leak}");
    }
}
