namespace LacEdge.Wire.Pcap;

/// <summary>
/// Reads pcap (both byte orders, micro- and nanoseconds) and pcapng files piece by piece. The caller keeps a buffer that begins where
/// the reader left off:
/// <code>
/// while (reader.Read(buffer, complete, out var consumed, out var record) is var status)
///     Record:   use the record, then drop `consumed` octets from the front of the buffer
///     NeedMore: drop `consumed` octets, append what comes next from the file, or set `complete` when nothing does
/// </code>
/// It never asks for more than <see cref="MaxBlockSize"/> octets at once.
/// </summary>
public sealed class CaptureReader
{
    /// <summary>The longest pcapng block that is taken; longer ones are <see cref="DecodeError.CaptureFormat"/>.</summary>
    public const int MaxBlockSize = 16 * 1024 * 1024;
    /// <summary>The longest frame that is taken (libpcap's own limit); longer ones are <see cref="DecodeError.CaptureFormat"/>.</summary>
    public const int MaxFrameSize = 262_144;

    private PcapReader? _pcap;
    private PcapngReader? _pcapng;

    /// <summary>Why reading ended: <see cref="DecodeError.CaptureFormat"/>, <see cref="DecodeError.CaptureTruncated"/>, or none.</summary>
    public DecodeError Error { get; private set; }

    /// <param name="available">The file from where the last call left off.</param>
    /// <param name="complete">Whether the file ends with <paramref name="available"/>.</param>
    /// <param name="consumed">Octets at the front that are done with once the record has been used.</param>
    public CaptureReadStatus Read(ReadOnlySpan<byte> available, bool complete, out int consumed, out CaptureRecord record)
    {
        consumed = 0;
        record = default;
        if (Error != DecodeError.None) return CaptureReadStatus.Error;
        if (_pcap is null && _pcapng is null && available.Length >= 4)
        {
            if (PcapngReader.IsPcapng(available)) _pcapng = new PcapngReader();
            else if (PcapReader.IsPcap(available)) _pcap = new PcapReader();
            else return Fail(DecodeError.CaptureFormat);
        }

        var error = DecodeError.None;
        var found = _pcap is not null ? _pcap.TryRead(available, out consumed, out record, out error)
            : _pcapng is not null && _pcapng.TryRead(available, out consumed, out record, out error);
        if (found) return CaptureReadStatus.Record;
        if (error != DecodeError.None) return Fail(error);
        if (!complete) return CaptureReadStatus.NeedMore;
        // An empty file is no capture; a file that ends inside a header or record was cut.
        var started = _pcap is { HasHeader: true } || _pcapng is { HasSection: true };
        return started && consumed == available.Length ? CaptureReadStatus.End : Fail(DecodeError.CaptureTruncated);
    }

    private CaptureReadStatus Fail(DecodeError error)
    {
        Error = error;
        return CaptureReadStatus.Error;
    }
}
