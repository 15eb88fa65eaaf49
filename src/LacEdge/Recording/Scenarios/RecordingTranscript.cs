namespace LacEdge.Recording.Scenarios;

/// <summary>Makes a transcript out of a recording: to follow when the octets cannot be the same, because secrets are missing.</summary>
internal static class RecordingTranscript
{
    /// <exception cref="RecordingException"/>
    public static Transcript Read(RecordingReader recording, byte[] secret)
    {
        var items = new List<TranscriptItem>();
        foreach (var turn in recording.Turns())
        {
            if (FromInput(turn, secret) is { } item) items.Add(item);
            foreach (var output in turn.Outputs)
            {
                if (FromOutput(output, turn.Input.At.Nanoseconds, secret) is { } message) items.Add(message);
            }
        }

        return new Transcript(items, recording.Header.Boot, HasAccessSide: true, []);
    }

    private static TranscriptItem? FromInput(RecordedTurn turn, byte[] secret)
    {
        var (where, time) = ($"line {turn.Line}", turn.Input.At.Nanoseconds);
        return turn.Input switch
        {
            FrameInput frame => Message.FromFrame(frame.Octets.Span) is { } message
                ? new TranscriptMessage(where, time, message, false, frame.AccessGroup, default) : null,
            DatagramInput datagram => Message.FromDatagram(datagram.Octets.Span, secret) is { } message
                ? new TranscriptMessage(where, time, message, false, 0, datagram.Source) : null,
            LinkInput or CommandInput => new TranscriptInput(where, time, turn.Input),
            // Timeouts, sockets and counters come by themselves.
            _ => null,
        };
    }

    private static TranscriptMessage? FromOutput(RecordedOutput output, long time, byte[] secret)
    {
        var record = RecordingReader.ReadOutput(output);
        var where = $"line {output.Line}";
        return record.Text("out") switch
        {
            "frame" => Message.FromFrame(record.Octets("octets").Span) is { } message
                ? new TranscriptMessage(where, time, message, true, record.Int("group"), default) : null,
            "datagram" => Message.FromDatagram(record.Octets("octets").Span, secret) is { } message
                ? new TranscriptMessage(where, time, message, true, 0, record.Endpoint("peer")) : null,
            _ => null,
        };
    }
}
