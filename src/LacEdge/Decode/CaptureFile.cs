using LacEdge.Wire;
using LacEdge.Wire.Pcap;

namespace LacEdge.Decode;

/// <summary>Feeds a capture file or pipe of any length to a handler, record by record, with a bounded buffer.</summary>
internal static class CaptureFile
{
    private const int InitialBuffer = 256 * 1024;

    public delegate void RecordHandler(long number, in CaptureRecord record);

    /// <summary>Returns none at a clean end, else why reading stopped: <see cref="DecodeError.CaptureFormat"/> or
    /// <see cref="DecodeError.CaptureTruncated"/>. I/O errors are thrown.</summary>
    /// <param name="beforeWait">Called whenever the next read may have to wait for the writer of a pipe.</param>
    public static DecodeError Read(Stream stream, RecordHandler handler, Action? beforeWait = null)
    {
        var reader = new CaptureReader();
        var buffer = new byte[InitialBuffer];
        int start = 0, end = 0;
        long number = 0;
        var complete = false;
        while (true)
        {
            var status = reader.Read(buffer.AsSpan(start..end), complete, out var consumed, out var record);
            if (status == CaptureReadStatus.Record) handler(++number, record);
            start += consumed;
            switch (status)
            {
                case CaptureReadStatus.Record:
                    continue;
                case CaptureReadStatus.End:
                    return DecodeError.None;
                case CaptureReadStatus.Error:
                    return reader.Error;
            }

            buffer.AsSpan(start..end).CopyTo(buffer);
            (start, end) = (0, end - start);
            // The reader asks for no more than its largest block, which bounds this.
            if (end == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
            beforeWait?.Invoke();
            var read = stream.Read(buffer, end, buffer.Length - end);
            end += read;
            complete = read == 0;
        }
    }
}
