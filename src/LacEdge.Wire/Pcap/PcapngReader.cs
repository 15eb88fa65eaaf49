using System.Buffers.Binary;
using System.Text;

namespace LacEdge.Wire.Pcap;

/// <summary>
/// The block format (draft-ietf-opsawg-pcapng): sections with their own byte order and interfaces, packets in enhanced, simple or old
/// packet blocks; every other block is skipped.
/// </summary>
internal sealed class PcapngReader
{
    internal const uint SectionHeader = 0x0A0D0D0A, InterfaceDescription = 1, OldPacket = 2, SimplePacket = 3, EnhancedPacket = 6;
    internal const uint ByteOrderMagic = 0x1A2B3C4D;
    internal const ushort EndOfOptions = 0, CommentOption = 1, NameOption = 2, ResolutionOption = 9, OffsetOption = 14;
    private const int MaxInterfaces = 4096, BlockOverhead = 12, SectionBodySize = 16;

    private readonly List<Source> _interfaces = [];
    private bool _bigEndian;

    private readonly record struct Source(CaptureInterface Interface, uint SnapLength, byte Resolution, long OffsetSeconds);

    public bool HasSection { get; private set; }

    public static bool IsPcapng(ReadOnlySpan<byte> file) => BinaryPrimitives.ReadUInt32BigEndian(file) == SectionHeader;

    /// <summary>False with no error: more octets are needed. Blocks without a packet are consumed either way.</summary>
    public bool TryRead(ReadOnlySpan<byte> available, out int consumed, out CaptureRecord record, out DecodeError error)
    {
        consumed = 0;
        record = default;
        while (true)
        {
            var rest = available[consumed..];
            if (!TryReadBlock(rest, out var type, out var body, out var size, out error)) return false;
            var found = false;
            error = type switch
            {
                SectionHeader => StartSection(body),
                InterfaceDescription => AddInterface(body),
                EnhancedPacket => ReadEnhancedPacket(body, out record, out found),
                SimplePacket => ReadSimplePacket(body, out record, out found),
                OldPacket => ReadOldPacket(body, out record, out found),
                _ => DecodeError.None,
            };
            if (error != DecodeError.None) return false;
            consumed += size;
            if (found) return true;
        }
    }

    private bool TryReadBlock(ReadOnlySpan<byte> rest, out uint type, out ReadOnlySpan<byte> body, out int size, out DecodeError error)
    {
        type = 0;
        body = default;
        size = 0;
        error = DecodeError.None;
        if (rest.Length < BlockOverhead) return false;
        type = BinaryPrimitives.ReadUInt32BigEndian(rest);
        // The section header reads the same in both byte orders; its magic tells how to read its own length already.
        if (type == SectionHeader)
        {
            _bigEndian = BinaryPrimitives.ReadUInt32BigEndian(rest[8..]) == ByteOrderMagic;
            HasSection = true;
        }

        type = ReadUInt32(rest);
        var length = ReadUInt32(rest[4..]);
        error = DecodeError.CaptureFormat;
        if (length < BlockOverhead || length % 4 != 0 || length > CaptureReader.MaxBlockSize) return false;
        error = DecodeError.None;
        if (rest.Length < length) return false;
        size = (int)length;
        if (ReadUInt32(rest[(size - 4)..]) != length) { error = DecodeError.CaptureFormat; return false; }
        body = rest[8..(size - 4)];
        return true;
    }

    private DecodeError StartSection(ReadOnlySpan<byte> body)
    {
        var known = body.Length >= SectionBodySize && ReadUInt32(body) == ByteOrderMagic && ReadUInt16(body[4..]) == 1;
        if (!known) return DecodeError.CaptureFormat;
        _interfaces.Clear();
        return DecodeError.None;
    }

    private DecodeError AddInterface(ReadOnlySpan<byte> body)
    {
        if (body.Length < 8 || _interfaces.Count == MaxInterfaces) return DecodeError.CaptureFormat;
        var linkType = (LinkType)ReadUInt16(body);
        var snapLength = ReadUInt32(body[4..]);
        string? name = null;
        byte resolution = 6;
        long offset = 0;
        var options = body[8..];
        while (options.Length >= 4)
        {
            var code = ReadUInt16(options);
            int length = ReadUInt16(options[2..]);
            var padded = (length + 3) & ~3;
            if (code == EndOfOptions) break;
            if (padded > options.Length - 4) return DecodeError.CaptureFormat;
            var value = options.Slice(4, length);
            if (code == NameOption) name = Encoding.UTF8.GetString(value);
            else if (code == ResolutionOption && length == 1) resolution = value[0];
            else if (code == OffsetOption && length == 8) offset = (long)ReadUInt64(value);
            options = options[(4 + padded)..];
        }

        _interfaces.Add(new Source(new CaptureInterface(linkType, name), snapLength, resolution, offset));
        return DecodeError.None;
    }

    private DecodeError ReadEnhancedPacket(ReadOnlySpan<byte> body, out CaptureRecord record, out bool found) =>
        ReadTimedPacket(body, body.Length < 4 ? uint.MaxValue : ReadUInt32(body), out record, out found);

    /// <summary>As the enhanced one, with a 16-bit interface and a drop count in the first word.</summary>
    private DecodeError ReadOldPacket(ReadOnlySpan<byte> body, out CaptureRecord record, out bool found) =>
        ReadTimedPacket(body, body.Length < 4 ? uint.MaxValue : ReadUInt16(body), out record, out found);

    private DecodeError ReadTimedPacket(ReadOnlySpan<byte> body, uint index, out CaptureRecord record, out bool found)
    {
        record = default;
        found = false;
        if (body.Length < 20 || index >= _interfaces.Count) return DecodeError.CaptureFormat;
        var source = _interfaces[(int)index];
        var ticks = (ulong)ReadUInt32(body[4..]) << 32 | ReadUInt32(body[8..]);
        var captured = ReadUInt32(body[12..]);
        if (captured > CaptureReader.MaxFrameSize || captured > body.Length - 20) return DecodeError.CaptureFormat;
        record = new CaptureRecord
        {
            Interface = source.Interface,
            UnixNanoseconds = Nanoseconds(ticks, source.Resolution, source.OffsetSeconds),
            OriginalLength = Math.Max(captured, ReadUInt32(body[16..])),
            Data = body.Slice(20, (int)captured),
        };
        found = true;
        return DecodeError.None;
    }

    private DecodeError ReadSimplePacket(ReadOnlySpan<byte> body, out CaptureRecord record, out bool found)
    {
        record = default;
        found = false;
        if (body.Length < 4 || _interfaces.Count == 0) return DecodeError.CaptureFormat;
        var source = _interfaces[0];
        var original = ReadUInt32(body);
        var captured = source.SnapLength == 0 ? original : Math.Min(original, source.SnapLength);
        if (captured > CaptureReader.MaxFrameSize || captured > body.Length - 4) return DecodeError.CaptureFormat;
        record = new CaptureRecord { Interface = source.Interface, OriginalLength = original, Data = body.Slice(4, (int)captured) };
        found = true;
        return DecodeError.None;
    }

    /// <summary>Units of 10^-n seconds, or with the top bit of the resolution set 2^-n. Times beyond 64 bits stay at their limit.</summary>
    private static long Nanoseconds(ulong ticks, byte resolution, long offsetSeconds)
    {
        var exponent = resolution & 0x7F;
        Int128 nanoseconds = ticks;
        if ((resolution & 0x80) != 0)
        {
            nanoseconds = nanoseconds * 1_000_000_000 >> exponent;
        }
        else
        {
            for (; exponent < 9; exponent++) nanoseconds *= 10;
            for (; exponent > 9 && nanoseconds != 0; exponent--) nanoseconds /= 10;
        }

        nanoseconds += (Int128)offsetSeconds * 1_000_000_000;
        return (long)Int128.Clamp(nanoseconds, long.MinValue, long.MaxValue);
    }

    private ushort ReadUInt16(ReadOnlySpan<byte> from) =>
        _bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(from) : BinaryPrimitives.ReadUInt16LittleEndian(from);

    private uint ReadUInt32(ReadOnlySpan<byte> from) =>
        _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(from) : BinaryPrimitives.ReadUInt32LittleEndian(from);

    private ulong ReadUInt64(ReadOnlySpan<byte> from) =>
        _bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(from) : BinaryPrimitives.ReadUInt64LittleEndian(from);
}
