using System.Globalization;
using System.Text;
using System.Text.Json;
using LacEdge.Cli;
using LacEdge.Configuration;
using LacEdge.Core.Config;
using LacEdge.Recording.Scenarios;

namespace LacEdge.Recording;

/// <summary>One run of <c>lacedge replay</c>: does it and prints the result. Each way returns the exit code.</summary>
internal sealed class ReplayRun(bool asJson, TextWriter output, TextWriter errors)
{
    /// <summary>Replays that follow a transcript have no recorded seed; any one is as good.</summary>
    private static readonly byte[] _anySeed = [.. Enumerable.Range(1, Core.RandomStreams.SeedSize).Select(i => (byte)i)];

    public int Replay(string path) => Guard(path, () =>
    {
        using var reader = OpenText(path);
        var recording = new RecordingReader(reader);
        if (recording.Header.Redacted) return Follow(path, recording);

        using var replayer = new Replayer(recording);
        var result = replayer.Run();
        if (asJson) WriteJson(json => Write(json, result));
        else Write(path, result);
        return result.Same ? ExitCode.Ok : ExitCode.Warnings;
    });

    public int Redact(string path, string copy) => Guard(path, () =>
    {
        using var reader = OpenText(path);
        var recording = new RecordingReader(reader);
        using var file = RecordingFile.OpenPrivate(copy);
        using var buffered = new BufferedStream(file);
        using var writer = new RecordWriter(line => buffered.Write(line.Span));
        var inputs = Redactor.Copy(recording, writer);
        errors.WriteLine(Invariant($"{copy}: {inputs} inputs without secrets; names and addresses are still in it"));
        return ExitCode.Ok;
    });

    public int Foreign(IReadOnlyList<string> captures, string? configFile, string secret, string password) => Guard(captures[0], () =>
    {
        LacConfig? config = null;
        if (configFile is not null)
        {
            var read = ConfigFile.Load(configFile);
            foreach (var problem in read.Problems) errors.WriteLine(problem);
            if (read.Config is null) return ExitCode.Failed;
            config = read.Config;
        }

        var report = PlayForeign(captures, config, Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(password), _anySeed);
        return Print(string.Join(", ", captures.Select(Path.GetFileName)), report);
    });

    /// <param name="config">Null: made to fit.</param>
    /// <param name="recordTo">File for a recording of what our LAC does; null for none.</param>
    /// <exception cref="RecordingException"/>
    /// <exception cref="IOException"/>
    public static ScenarioReport PlayForeign(
        IReadOnlyList<string> captures, LacConfig? config, byte[] secret, byte[] password, ReadOnlySpan<byte> seed,
        string? recordTo = null)
    {
        if (config is not null && secret.Length == 0) secret = ForeignConfig.SecretOf(config);
        var transcript = CaptureTranscript.Read(captures, secret);
        ForeignConfig.CheckSecret(transcript, secret);
        config ??= ForeignConfig.For(transcript, secret);
        using var player = new ScenarioPlayer(transcript, config, seed, secret, password, recordTo);
        return player.Run();
    }

    /// <summary>A redacted recording cannot give the same octets; that the same happens can be seen all the same.</summary>
    private int Follow(string path, RecordingReader recording)
    {
        var config = recording.Header.Config;
        var secret = ForeignConfig.SecretOf(config);
        using var player = new ScenarioPlayer(RecordingTranscript.Read(recording, secret), config, _anySeed, secret, []);
        if (!asJson) output.WriteLine($"{path} is redacted: messages are compared by kind and order, not by octets");
        return Print(path, player.Run());
    }

    private int Print(string name, ScenarioReport report)
    {
        if (asJson) WriteJson(json => Write(json, report));
        else Write(name, report);
        return report.Same ? ExitCode.Ok : ExitCode.Warnings;
    }

    private int Guard(string path, Func<int> run)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (e is RecordingException or IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"lacedge: {path}: {e.Message}");
            return ExitCode.Failed;
        }
    }

    private static StreamReader OpenText(string path) => new(path, new UTF8Encoding(false));

    private void Write(string path, ReplayResult result)
    {
        if (result.Difference is not { } difference)
        {
            output.WriteLine(Invariant($"{path}: {result.Inputs} inputs give the same {result.Outputs} outputs"));
            if (result.End is null) output.WriteLine("the recording breaks off: LacEdge was killed, or still runs");
            else if (result.End != LacRecorder.Stopped) output.WriteLine($"the recording ends early: {result.End}");
            return;
        }

        var turn = difference.Turn;
        output.WriteLine(Invariant($"{path}: input {result.Inputs} (line {turn.Line}, at {turn.Input.At} s) does something else now"));
        output.WriteLine($"  input     {RecordText.Describe(RecordText.LineOf(turn.Input))}");
        output.WriteLine(Invariant($"  output {difference.Output}"));
        output.WriteLine($"  recorded  {(difference.Recorded is { } recorded ? RecordText.Describe(recorded) : "nothing")}");
        output.WriteLine($"  replayed  {(difference.Replayed is { } replayed ? RecordText.Describe(replayed) : "nothing")}");
        foreach (var field in Fields(difference))
        {
            output.WriteLine($"  {field.Path}: recorded {field.Recorded ?? "nothing"}, replayed {field.Replayed ?? "nothing"}");
        }
    }

    private static IReadOnlyList<FieldDifference> Fields(ReplayDifference difference) =>
        difference is { Recorded: { } recorded, Replayed: { } replayed } ? RecordText.Compare(recorded, replayed) : [];

    private void Write(string name, ScenarioReport report)
    {
        output.WriteLine(Invariant($"{name}: {report.Played} messages of the peers played, {report.Compared} of the LAC found among ours"));
        foreach (var remark in report.Remarks) output.WriteLine($"  left out: {remark}");
        foreach (var difference in report.Differences) output.WriteLine($"  {difference}");
        if (report.Same) output.WriteLine("  no difference");
    }

    private void WriteJson(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, RecordingJson.WriterOptions)) write(json);
        output.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static void Write(Utf8JsonWriter json, ReplayResult result)
    {
        json.WriteStartObject();
        json.WriteBoolean("same", result.Same);
        json.WriteNumber("inputs", result.Inputs);
        json.WriteNumber("outputs", result.Outputs);
        if (result.End is { } end) json.WriteString("end", end);
        if (result.Difference is { } difference)
        {
            json.WriteStartObject("difference");
            json.WriteNumber("line", difference.Turn.Line);
            json.WriteNumber("at", difference.Turn.Input.At.Nanoseconds);
            json.WriteString("input", RecordText.Describe(RecordText.LineOf(difference.Turn.Input)));
            json.WriteNumber("output", difference.Output);
            if (difference.Recorded is { } recorded) json.WriteString("recorded", RecordText.Describe(recorded));
            if (difference.Replayed is { } replayed) json.WriteString("replayed", RecordText.Describe(replayed));
            json.WriteStartArray("fields");
            foreach (var field in Fields(difference))
            {
                json.WriteStartObject();
                json.WriteString("field", field.Path);
                json.WriteString("recorded", field.Recorded);
                json.WriteString("replayed", field.Replayed);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ScenarioReport report)
    {
        json.WriteStartObject();
        json.WriteBoolean("same", report.Same);
        json.WriteNumber("played", report.Played);
        json.WriteNumber("compared", report.Compared);
        json.WriteStartArray("differences");
        foreach (var difference in report.Differences)
        {
            json.WriteStartObject();
            json.WriteString("kind", JsonNamingPolicy.KebabCaseLower.ConvertName(difference.Kind.ToString()));
            json.WriteString("message", difference.Message);
            json.WriteString("where", difference.Where);
            json.WriteString("detail", difference.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("left_out");
        foreach (var remark in report.Remarks) json.WriteStringValue(remark);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
