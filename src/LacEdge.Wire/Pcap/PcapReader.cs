using System.Buffers.Binary;

namespace LacEdge.Wire.Pcap;

/// <summary>The classic format: a 24-octet file header, then records with a 16-octet header, in the byte order of the writer.</summary>
internal sealed class PcapReader
{
    internal const uint MicrosecondMagic = 0xA1B2C3D4, NanosecondMagic = 0xA1B23C4D;
    internal const int FileHeaderSize = 24, RecordHeaderSize = 16;

    private bool _bigEndian;
    private uint _nanosecondsPerUnit;
    private CaptureInterface? _interface;

    public bool HasHeader => _interface is not null;

    public static bool IsPcap(ReadOnlySpan<byte> file) =>
        BinaryPrimitives.ReadUInt32BigEndian(file) is MicrosecondMagic or NanosecondMagic
        || BinaryPrimitives.ReadUInt32LittleEndian(file) is MicrosecondMagic or NanosecondMagic;

    /// <summary>False with no error: more octets are needed.</summary>
    public bool TryRead(ReadOnlySpan<byte> available, out int consumed, out CaptureRecord record, out DecodeError error)
    {
        consumed = 0;
        record = default;
        error = DecodeError.None;
        if (_interface is null)
        {
            if (available.Length < FileHeaderSize) return false;
            _interface = ReadFileHeader(available);
            consumed = FileHeaderSize;
            available = available[FileHeaderSize..];
        }

        if (available.Length < RecordHeaderSize) return false;
        var seconds = ReadUInt32(available);
        var fraction = ReadUInt32(available[4..]);
        var captured = ReadUInt32(available[8..]);
        var original = ReadUInt32(available[12..]);
        if (captured > CaptureReader.MaxFrameSize) { error = DecodeError.CaptureFormat; return false; }
        if (available.Length - RecordHeaderSize < captured) return false;

        record = new CaptureRecord
        {
            Interface = _interface,
            UnixNanoseconds = seconds * 1_000_000_000L + (long)fraction * _nanosecondsPerUnit,
            OriginalLength = Math.Max(captured, original),
            Data = available.Slice(RecordHeaderSize, (int)captured),
        };
        consumed += RecordHeaderSize + (int)captured;
        return true;
    }

    private CaptureInterface ReadFileHeader(ReadOnlySpan<byte> header)
    {
        var magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        _bigEndian = magic is MicrosecondMagic or NanosecondMagic;
        _nanosecondsPerUnit = ReadUInt32(header) == NanosecondMagic ? 1u : 1000u;
        // The upper half of the last word tells of frame check sequences, not of the link type.
        return new CaptureInterface((LinkType)(ushort)ReadUInt32(header[20..]), null);
    }

    private uint ReadUInt32(ReadOnlySpan<byte> from) =>
        _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(from) : BinaryPrimitives.ReadUInt32LittleEndian(from);
}
