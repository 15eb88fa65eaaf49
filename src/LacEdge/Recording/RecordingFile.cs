namespace LacEdge.Recording;

/// <summary>
/// Writes a file in the background: the caller only copies into memory, of which there is a bounded amount. When the disk
/// fails or cannot keep up, the writing ends and says so once; the caller is never held up and never sees an exception.
/// </summary>
internal sealed class RecordingFile : IDisposable
{
    /// <summary>Octets that may wait for the disk.</summary>
    public const int MaxWaiting = 32 << 20;
    private static readonly TimeSpan _flushInterval = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly FileStream _stream;
    private readonly Action<string> _onFailure;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _closing = new();
    private readonly int _maxWaiting;
    private MemoryStream _filling = new(64 << 10);
    private MemoryStream _writing = new(64 << 10);
    private volatile bool _failed, _closed;

    /// <param name="stream">Closed in the end.</param>
    /// <param name="onFailure">Called once, from any thread, with one clear sentence.</param>
    /// <param name="maxWaiting">Octets that may wait for the disk.</param>
    public RecordingFile(FileStream stream, Action<string> onFailure, int maxWaiting = MaxWaiting)
    {
        (_stream, _onFailure, _maxWaiting) = (stream, onFailure, maxWaiting);
        _thread = new Thread(Run) { IsBackground = true, Name = "recording" };
        _thread.Start();
    }

    /// <summary>False once the writing has ended.</summary>
    public bool IsOpen => !_failed && !_closed;

    public void Append(ReadOnlySpan<byte> octets)
    {
        if (!IsOpen) return;
        lock (_lock)
        {
            if (_filling.Length + octets.Length <= _maxWaiting)
            {
                _filling.Write(octets);
                return;
            }
        }

        Fail($"the disk is too slow: {_maxWaiting} octets wait to be written");
    }

    /// <summary>Writes what waits, then closes the file.</summary>
    public void Dispose()
    {
        if (_closed) return;
        _closed = true;
        _closing.Set();
        _thread.Join();
        _stream.Dispose();
        _closing.Dispose();
    }

    /// <summary>A new file, readable by its owner alone.</summary>
    /// <exception cref="IOException">The file is there already or cannot be made; as <see cref="UnauthorizedAccessException"/>.</exception>
    public static FileStream OpenPrivate(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.Write,
        Share = FileShare.Read,
        BufferSize = 0,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });

    private void Run()
    {
        var last = false;
        while (!last && !_failed)
        {
            last = _closing.Wait(_flushInterval);
            try
            {
                WriteOut();
            }
            catch (IOException e)
            {
                Fail(e.Message);
            }
        }
    }

    private void WriteOut()
    {
        lock (_lock) (_filling, _writing) = (_writing, _filling);
        _stream.Write(_writing.GetBuffer().AsSpan(0, (int)_writing.Length));
        _writing.SetLength(0);
        // A burst must not hold its memory for ever.
        if (_writing.Capacity > 1 << 20) _writing.Capacity = 64 << 10;
    }

    private void Fail(string reason)
    {
        lock (_lock)
        {
            if (_failed) return;
            _failed = true;
            _filling = new MemoryStream();
        }

        _onFailure(reason);
    }
}
