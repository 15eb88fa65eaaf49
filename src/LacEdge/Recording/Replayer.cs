using System.Text;
using System.Text.Json;
using LacEdge.Core.Lac;

namespace LacEdge.Recording;

/// <summary>The first place where a replay does not do what the recording says.</summary>
/// <param name="Turn">The input that led to it.</param>
/// <param name="Output">Which output of the turn, from 1.</param>
/// <param name="Recorded">Null: the recording has no further output here.</param>
/// <param name="Replayed">Null: the replay has none.</param>
internal sealed record ReplayDifference(RecordedTurn Turn, int Output, string? Recorded, string? Replayed);

/// <param name="Inputs">How many inputs were played, the one that led to the difference included.</param>
/// <param name="End">Why the recording ended; null when it breaks off, or was not played to its end.</param>
internal sealed record ReplayResult(long Inputs, long Outputs, ReplayDifference? Difference, string? End)
{
    public bool Same => Difference is null;
}

/// <summary>
/// Feeds a recording's inputs to a new <see cref="Lac"/> in virtual time and compares what it does with what was recorded,
/// byte for byte, until the first difference.
/// </summary>
internal sealed class Replayer : IDisposable
{
    private readonly RecordingReader _recording;
    private readonly Lac _lac;
    private readonly RecordWriter _writer;
    private readonly List<string> _replayed = [];

    public Replayer(RecordingReader recording)
    {
        _recording = recording;
        var header = recording.Header;
        _lac = new Lac(header.Config, header.Boot, header.Seed.Span, header.Start);
        _writer = new RecordWriter(line => _replayed.Add(Encoding.UTF8.GetString(line.Span[..^1])));
    }

    /// <exception cref="RecordingException"/>
    public ReplayResult Run()
    {
        long inputs = 0, outputs = 0;
        ReplayDifference? missing = null;
        foreach (var turn in _recording.Turns())
        {
            // More outputs than the last turn recorded: a difference, unless the recording was cut off just there.
            if (missing is not null) return new ReplayResult(inputs, outputs, missing, null);
            inputs++;
            Play(turn.Input);
            outputs += _replayed.Count;
            if (Compare(turn) is not { } difference) continue;
            if (difference.Recorded is not null) return new ReplayResult(inputs, outputs, difference, null);
            missing = difference;
        }

        var cut = _recording.End is null;
        return new ReplayResult(inputs, outputs, cut ? null : missing, _recording.End);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _lac.Dispose();
    }

    private void Play(LacInput input)
    {
        _replayed.Clear();
        input.ApplyTo(_lac);
        _writer.Outputs(_lac.Outbox);
        _lac.Outbox.Clear();
    }

    private ReplayDifference? Compare(RecordedTurn turn)
    {
        for (var i = 0; i < Math.Max(turn.Outputs.Count, _replayed.Count); i++)
        {
            var recorded = i < turn.Outputs.Count ? turn.Outputs[i].Json : null;
            var replayed = i < _replayed.Count ? _replayed[i] : null;
            if (!Same(recorded, replayed, turn.Outputs.ElementAtOrDefault(i).Line))
                return new ReplayDifference(turn, i + 1, recorded, replayed);
        }

        return null;
    }

    private static bool Same(string? recorded, string? replayed, int line)
    {
        if (recorded == replayed) return true;
        if (recorded is null || replayed is null) return false;
        try
        {
            // A recording that was edited by hand may have other white space.
            using var a = JsonDocument.Parse(recorded);
            using var b = JsonDocument.Parse(replayed);
            return JsonElement.DeepEquals(a.RootElement, b.RootElement);
        }
        catch (JsonException)
        {
            throw new RecordingException($"line {line}: not a record");
        }
    }
}
