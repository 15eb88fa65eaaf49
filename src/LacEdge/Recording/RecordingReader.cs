using System.Text.Json;
using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Dns;
using LacEdge.Wire;

namespace LacEdge.Recording;

/// <summary>A file is no recording, or a damaged one; the message is one clear sentence with the line.</summary>
internal sealed class RecordingException(string message) : Exception(message);

/// <summary>All that the recorded Lac was made from.</summary>
/// <param name="Redacted">Secrets and credentials were taken out: a replay cannot give the same octets.</param>
internal sealed record RecordingHeader(string Program, bool Redacted, uint Boot, Bytes Seed, Instant Start, LacConfig Config);

/// <summary>One line with an output, as it was written.</summary>
internal readonly record struct RecordedOutput(string Json, int Line);

/// <summary>An input and what the Lac did then.</summary>
internal sealed record RecordedTurn(LacInput Input, int Line, IReadOnlyList<RecordedOutput> Outputs);

/// <summary>Reads a recording, line by line, so that its length does not matter.</summary>
internal sealed class RecordingReader
{
    private readonly TextReader _reader;
    private int _line;

    /// <summary>Reads the header.</summary>
    /// <exception cref="RecordingException"/>
    public RecordingReader(TextReader reader)
    {
        _reader = reader;
        var text = NextLine() ?? throw new RecordingException("the file is empty");
        Header = ReadHeader(text);
    }

    public RecordingHeader Header { get; }
    /// <summary>After the last turn: why the recording ended; null when it breaks off after a whole line.</summary>
    public string? End { get; private set; }

    /// <summary>Once, in order.</summary>
    /// <exception cref="RecordingException"/>
    public IEnumerable<RecordedTurn> Turns()
    {
        (LacInput Input, int Line)? input = null;
        var outputs = new List<RecordedOutput>();
        var last = Header.Start;
        while (NextLine() is { } text)
        {
            if (End is not null) throw Error("there is more after the end of the recording");
            if (text.StartsWith("""{"out":""", StringComparison.Ordinal))
            {
                if (input is null) throw Error("an output without an input");
                if (!text.EndsWith('}')) throw BadRecord();
                outputs.Add(new RecordedOutput(text, _line));
                continue;
            }

            if (input is { } done) yield return new RecordedTurn(done.Input, done.Line, outputs);
            (input, outputs) = (null, []);
            using var document = Parse(text);
            var record = new RecordFields(document.RootElement, _line);
            if (record.TryGetText("end", out var end))
            {
                End = end;
                continue;
            }

            var next = ReadInput(record);
            if (next.At < last) throw Error("time runs backwards");
            (input, last) = ((next, _line), next.At);
        }

        if (input is { } unfinished) yield return new RecordedTurn(unfinished.Input, unfinished.Line, outputs);
    }

    /// <summary>A line with an output, for looking into it.</summary>
    /// <exception cref="RecordingException"/>
    public static RecordFields ReadOutput(RecordedOutput output)
    {
        try
        {
            using var document = JsonDocument.Parse(output.Json);
            return new RecordFields(document.RootElement.Clone(), output.Line);
        }
        catch (JsonException)
        {
            throw new RecordingException($"line {output.Line}: not a record");
        }
    }

    private RecordingHeader ReadHeader(string text)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            throw Error("this is not a LacEdge recording");
        }

        using (document)
        {
            var header = new RecordFields(document.RootElement, _line);
            if (!header.Has("lacedge_recording")) throw Error("this is not a LacEdge recording");
            var version = header.Number("lacedge_recording");
            if (version != RecordWriter.FormatVersion)
            {
                throw Error($"the recording has format {version}; this program reads format {RecordWriter.FormatVersion}");
            }

            var seed = header.Octets("seed");
            var redacted = header.Has("redacted") && header.Flag("redacted");
            if (seed.Length != RandomStreams.SeedSize && !redacted) throw Error($"the seed has {seed.Length} octets");
            return new RecordingHeader(
                header.Text("program"), redacted, (uint)header.Number("boot"), seed, new Instant(header.Number("start")),
                header.Value("config", RecordingJson.Config));
        }
    }

    private LacInput ReadInput(RecordFields record)
    {
        var at = new Instant(record.Number("at"));
        return record.Text("in") switch
        {
            "frame" => new FrameInput(at, ReadGroup(record), record.Octets("octets")),
            "datagram" => new DatagramInput(at, record.Int("socket"), record.Endpoint("source"), record.Octets("octets")),
            "timeout" => new TimeoutInput(at),
            "socket" => new SocketInput(at, record.Int("socket"), record.Flag("opened"), record.Endpoint("local"), record.Text("error")),
            "link" => new LinkInput(at, ReadGroup(record), record.Mac("mac"), record.Int("mtu"), record.Flag("up"), ReadSpeed(record)),
            "counters" => new CountersInput(at, record.Int("slot"), record.Value("counters", RecordingJson.Counters)),
            "tunnel-frames" => new TunnelFramesInput(at, record.Int("slot"), (ulong)record.Number("frames")),
            "session-frames" => new SessionFramesInput(at, record.Int("slot"), (ulong)record.Number("frames")),
            "lookup" => new LookupInput(at, record.Int("lookup"), record.Choice<LookupOutcome>("outcome"), record.Octets("message"), record.Text("error")),
            "command" => new CommandInput(at, record.Value("command", RecordingJson.Command)),
            var other => throw Error($"unknown input '{other}'"),
        };
    }

    /// <summary>Written where it is known.</summary>
    private static ulong ReadSpeed(RecordFields record) => record.Has("speed") ? (ulong)Math.Max(0, record.Number("speed")) : 0;

    private int ReadGroup(RecordFields record)
    {
        var group = record.Int("group");
        var groups = Header.Config.AccessInterfaces.Length;
        if (group >= 0 && group < groups) return group;
        throw Error($"access group {group}, but the configuration has {groups} access interfaces");
    }

    private JsonDocument Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            throw BadRecord();
        }
    }

    private RecordingException BadRecord() =>
        _reader.Peek() < 0 ? Error("the recording breaks off in the middle of a record") : Error("not a record");

    private string? NextLine()
    {
        _line++;
        return _reader.ReadLine();
    }

    private RecordingException Error(string what) => new($"line {_line}: {what}");
}
