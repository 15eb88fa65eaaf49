using System.Globalization;
using System.Text;

namespace LacEdge.Decode;

/// <summary>
/// A call flow as text: a column for each end, a row for each message, an arrow from the sender to the receiver. Rows are kept until
/// <see cref="Write"/>; what exceeds <see cref="MaxRows"/> or <see cref="MaxEnds"/> is counted and left out.
/// </summary>
/// <param name="ends">Columns that stand from the beginning, left to right; others follow in the order they appear.</param>
internal sealed class Ladder(params string[] ends)
{
    public const int MaxRows = 100_000, MaxEnds = 12;
    private const int MinGap = 20, MaxGap = 52, TimeWidth = 12;

    private readonly List<string> _ends = [.. ends];
    private readonly Dictionary<string, string> _roles = [];
    private readonly List<Row> _rows = [];
    private long? _start;
    private int _omitted;

    private sealed record Row(long Nanoseconds, int From, int To, string Label)
    {
        public int Count { get; set; } = 1;
        public bool BothWays { get; set; }
        public bool Merges { get; init; }
        public string Text => Count == 1 ? Label : string.Create(CultureInfo.InvariantCulture, $"{Label} x{Count}");
    }

    /// <summary>Says what an end is; shown above its name. The first word stays unless others are added.</summary>
    public void Describe(string end, string role)
    {
        if (!_roles.TryGetValue(end, out var known)) _roles[end] = role;
        else if (!known.Split('/').Contains(role)) _roles[end] = $"{known}/{role}";
    }

    /// <param name="nanoseconds">Of any clock; rows show the seconds since the first.</param>
    /// <param name="to">Null: to whoever listens. The sender itself: a note beside its column.</param>
    /// <param name="merge">Join a run of such rows between the same two ends, in either direction, into one with a count.</param>
    public void Add(long nanoseconds, string from, string? to, string label, bool merge = false)
    {
        _start ??= nanoseconds;
        var (left, right) = (Column(from), to is null ? -1 : Column(to));
        if (left < 0 || to is not null && right < 0 || _rows.Count == MaxRows) { _omitted++; return; }
        if (merge && _rows is [.., { Merges: true } last] && last.Label == label)
        {
            var reversed = last.From == right && last.To == left;
            if (reversed || last.From == left && last.To == right)
            {
                last.Count++;
                last.BothWays |= reversed;
                return;
            }
        }

        _rows.Add(new Row(nanoseconds - _start.Value, left, right, label) { Merges = merge });
    }

    public void Write(TextWriter output)
    {
        if (_ends.Count == 0) return;
        var gaps = Gaps();
        var columns = new int[_ends.Count];
        columns[0] = TimeWidth + 2 + Math.Max(_ends[0].Length, Role(0).Length) / 2;
        for (var i = 1; i < columns.Length; i++) columns[i] = columns[i - 1] + gaps[i - 1];

        if (_roles.Count > 0) output.WriteLine(Centred(columns, Role));
        output.WriteLine(Centred(columns, i => _ends[i]));
        foreach (var row in _rows) output.WriteLine(Line(columns, row));
        if (_omitted == 0) return;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"({_omitted} messages of more ends or rows are not shown)"));
    }

    private int Column(string end)
    {
        var index = _ends.IndexOf(end);
        if (index >= 0 || _ends.Count == MaxEnds) return index;
        _ends.Add(end);
        return _ends.Count - 1;
    }

    private string Role(int column) => _roles.GetValueOrDefault(_ends[column], "");

    private int Receiver(Row row) => row.To >= 0 ? row.To : row.From + 1 < _ends.Count ? row.From + 1 : Math.Max(0, row.From - 1);

    /// <summary>Room for the longest label between two neighbours and for the names of the ends.</summary>
    private int[] Gaps()
    {
        var gaps = new int[Math.Max(0, _ends.Count - 1)];
        for (var i = 0; i < gaps.Length; i++)
        {
            var names = (Math.Max(_ends[i].Length, Role(i).Length) + Math.Max(_ends[i + 1].Length, Role(i + 1).Length)) / 2 + 2;
            gaps[i] = Math.Max(MinGap, names);
        }

        foreach (var row in _rows)
        {
            var (left, right) = Sorted(row.From, Receiver(row));
            if (right == left + 1) gaps[left] = Math.Clamp(row.Text.Length + 8, gaps[left], Math.Max(gaps[left], MaxGap));
        }

        return gaps;
    }

    private static string Centred(int[] columns, Func<int, string> text)
    {
        var line = new StringBuilder();
        for (var i = 0; i < columns.Length; i++)
        {
            var at = columns[i] - text(i).Length / 2;
            if (line.Length < at) line.Append(' ', at - line.Length);
            line.Append(text(i));
        }

        return line.ToString().TrimEnd();
    }

    private string Line(int[] columns, Row row)
    {
        var line = new char[columns[^1] + 1];
        Array.Fill(line, ' ');
        foreach (var column in columns) line[column] = '|';
        var receiver = Receiver(row);
        var time = string.Create(CultureInfo.InvariantCulture, $"{row.Nanoseconds / 1_000_000_000m,TimeWidth:f6}");
        // The columns stand to the right of the time, but a capture may run for years.
        if (time.Length < columns[0]) time.CopyTo(0, line, 0, time.Length);
        if (receiver == row.From) return $"{new string(line, 0, columns[row.From] + 1)} {row.Text}";

        var (left, right) = Sorted(columns[row.From], columns[receiver]);
        line.AsSpan((left + 1)..right).Fill('-');
        if (receiver > row.From || row.BothWays) line[right - 1] = '>';
        if (receiver < row.From || row.BothWays) line[left + 1] = '<';
        var room = right - left - 7;
        var label = row.Text.Length <= room ? row.Text : string.Concat(row.Text.AsSpan(0, Math.Max(0, room - 3)), "...");
        label = $" {label} ";
        label.CopyTo(0, line, left + (right - left - label.Length) / 2 + 1, label.Length);
        return new string(line);
    }

    private static (int Low, int High) Sorted(int a, int b) => a < b ? (a, b) : (b, a);
}
