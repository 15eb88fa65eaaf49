using LacEdge.Core;
using LacEdge.Core.Config;

namespace LacEdge.Recording;

/// <summary>
/// Records a running <see cref="Core.Lac.Lac"/> into a file of mode 0600, from which it can be replayed byte for byte. The
/// file holds secrets by nature.
/// </summary>
internal sealed class LacRecorder : IDisposable
{
    /// <summary>How a recording ends when the Lac did.</summary>
    public const string Stopped = "stopped";

    private readonly RecordingFile _file;
    private readonly RecordWriter _writer;

    /// <summary>Everything that the Lac was made from. An existing file is kept as <paramref name="path"/>.1.</summary>
    /// <param name="onFailure">Called once, from any thread, with one clear sentence, when the recording ends early.</param>
    /// <exception cref="IOException">The file cannot be made; as <see cref="UnauthorizedAccessException"/>.</exception>
    public LacRecorder(string path, LacConfig config, uint boot, ReadOnlySpan<byte> seed, Instant start, Action<string> onFailure)
    {
        if (File.Exists(path)) File.Move(path, path + ".1", overwrite: true);
        _file = new RecordingFile(RecordingFile.OpenPrivate(path), reason => onFailure($"recording to {path} ends: {reason}"));
        _writer = new RecordWriter(line => _file.Append(line.Span));
        _writer.Header(config, boot, seed, start, redacted: false);
    }

    /// <summary>Where inputs and outputs go; null when the recording has ended early.</summary>
    public RecordWriter? Writer => _file.IsOpen ? _writer : null;

    public void Dispose()
    {
        Writer?.End(Stopped);
        _file.Dispose();
        _writer.Dispose();
    }
}
