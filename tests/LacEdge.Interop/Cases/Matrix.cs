using System.Text;

namespace LacEdge.Interop.Cases;

/// <summary>The results of all rows, for people.</summary>
internal sealed class Matrix
{
    private readonly List<(string Row, IReadOnlyDictionary<Check, CheckResult> Results)> _rows = [];

    public int Failed => Count(Verdict.Failed);

    public void Add(string row, IReadOnlyDictionary<Check, CheckResult> results) => _rows.Add((row, results));

    /// <summary>The table, the reason for every failure, and as the last line <c>N passed, N failed[, N skipped]</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var checks = Enum.GetValues<Check>();
        string[] titles = [.. checks.Select(Title)];
        var first = _rows.Max(row => row.Row.Length) + 2;
        text.Append(' ', first).AppendJoin("  ", titles).Append('\n');
        foreach (var (row, results) in _rows)
        {
            text.Append(row.PadRight(first));
            text.AppendJoin("  ", checks.Select((check, i) => Cell(results[check].Verdict).PadRight(titles[i].Length))).Append('\n');
        }
        foreach (var (row, results) in _rows)
            foreach (var (check, result) in results.Where(each => each.Value.Verdict == Verdict.Failed).OrderBy(each => each.Key))
                text.Append($"\n{row}, {Title(check)}: {result.Reason}");
        text.Append(Failed > 0 ? "\n\n" : "\n");
        text.Append($"{Count(Verdict.Passed)} passed, {Failed} failed");
        if (Count(Verdict.Unsupported) is var unsupported and > 0)
            text.Append($", {unsupported} skipped");
        return text.ToString();
    }

    private int Count(Verdict verdict) => _rows.Sum(row => row.Results.Values.Count(result => result.Verdict == verdict));

    private static string Cell(Verdict verdict) => verdict switch
    {
        Verdict.Passed => "ok",
        Verdict.Failed => "FAIL",
        Verdict.Unsupported => "unsupported",
        Verdict.NotApplicable => "-",
    };

    private static string Title(Check check) => check switch
    {
        Check.Ipcp => "IPCP",
        Check.Ping => "ping",
        Check.Transfer => "1 MiB",
        Check.LargestFrame => "largest frame",
        Check.SharedTunnel => "two in tunnel",
        Check.Feature => "feature",
        Check.HangUp => "hang-up",
        Check.LnsHangUp => "LNS hang-up",
        Check.Padt => "PADT",
        Check.Redial => "redial",
        Check.LnsStop => "LNS StopCCN",
        Check.WrongPassword => "password",
        Check.Restart => "LNS restart",
        Check.Shutdown => "SIGTERM",
        Check.Crash => "crash",
        Check.TunnelSecret => "tunnel secret",
        Check.Log => "causes",
        Check.Tshark => "tshark",
    };
}
