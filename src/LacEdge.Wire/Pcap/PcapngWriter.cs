using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace LacEdge.Wire.Pcap;

/// <summary>
/// Appends a pcapng file to a buffer: one section, any number of named interfaces, nanosecond times, a comment per packet when wanted.
/// Little-endian. The caller moves the buffer's content to where it belongs, whenever it likes: blocks are written whole.
/// </summary>
public sealed class PcapngWriter
{
    private const byte Nanoseconds = 9;
    /// <summary>Texts are cut here; an option could hold 65,535 octets.</summary>
    private const int MaxText = 1024;

    private readonly IBufferWriter<byte> _output;
    private int _interfaces;

    /// <param name="application">Name and version of the program that writes.</param>
    public PcapngWriter(IBufferWriter<byte> output, string application)
    {
        _output = output;
        var text = Text(application);
        var block = Begin(PcapngReader.SectionHeader, 16 + OptionSize(text.Length) + 4);
        BinaryPrimitives.WriteUInt32LittleEndian(block[8..], PcapngReader.ByteOrderMagic);
        BinaryPrimitives.WriteUInt16LittleEndian(block[12..], 1);
        // A section length of -1: not known in advance.
        block.Slice(16, 8).Fill(0xFF);
        const ushort applicationOption = 4;
        WriteOption(block[24..], applicationOption, text);
        _output.Advance(block.Length);
    }

    /// <summary>Returns the number to pass to <see cref="WritePacket"/>. Interfaces may be added at any time.</summary>
    public int AddInterface(string name, LinkType linkType)
    {
        var text = Text(name);
        var block = Begin(PcapngReader.InterfaceDescription, 8 + OptionSize(text.Length) + OptionSize(1) + 4);
        BinaryPrimitives.WriteUInt16LittleEndian(block[8..], (ushort)linkType);
        BinaryPrimitives.WriteUInt32LittleEndian(block[12..], CaptureReader.MaxFrameSize);
        var at = 16 + WriteOption(block[16..], PcapngReader.NameOption, text);
        WriteOption(block[at..], PcapngReader.ResolutionOption, [Nanoseconds]);
        _output.Advance(block.Length);
        return _interfaces++;
    }

    /// <param name="interfaceIndex">What <see cref="AddInterface"/> returned.</param>
    /// <param name="unixNanoseconds">Nanoseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="originalLength">Octets on the wire when the frame is cut; else leave it out.</param>
    /// <param name="comment">Shown by Wireshark beside the packet.</param>
    public void WritePacket(
        int interfaceIndex, long unixNanoseconds, ReadOnlySpan<byte> frame, int? originalLength = null, string? comment = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)interfaceIndex, (uint)_interfaces, nameof(interfaceIndex));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frame.Length, CaptureReader.MaxFrameSize);
        var text = comment is null ? [] : Text(comment);
        var block = Begin(PcapngReader.EnhancedPacket, 20 + Padded(frame.Length) + (comment is null ? 0 : OptionSize(text.Length) + 4));
        BinaryPrimitives.WriteUInt32LittleEndian(block[8..], (uint)interfaceIndex);
        BinaryPrimitives.WriteUInt32LittleEndian(block[12..], (uint)(unixNanoseconds >> 32));
        BinaryPrimitives.WriteUInt32LittleEndian(block[16..], (uint)unixNanoseconds);
        BinaryPrimitives.WriteUInt32LittleEndian(block[20..], (uint)frame.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(block[24..], (uint)(originalLength ?? frame.Length));
        frame.CopyTo(block[28..]);
        if (comment is not null) WriteOption(block[(28 + Padded(frame.Length))..], PcapngReader.CommentOption, text);
        _output.Advance(block.Length);
    }

    /// <summary>A block of zeros with its type and both lengths set.</summary>
    private Span<byte> Begin(uint type, int bodySize)
    {
        var size = 12 + bodySize;
        var block = _output.GetSpan(size)[..size];
        block.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(block, type);
        BinaryPrimitives.WriteUInt32LittleEndian(block[4..], (uint)size);
        BinaryPrimitives.WriteUInt32LittleEndian(block[(size - 4)..], (uint)size);
        return block;
    }

    private static int WriteOption(Span<byte> at, ushort code, ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(at, code);
        BinaryPrimitives.WriteUInt16LittleEndian(at[2..], (ushort)value.Length);
        value.CopyTo(at[4..]);
        return OptionSize(value.Length);
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text.Length <= MaxText ? text : text[..MaxText]);

    private static int Padded(int length) => (length + 3) & ~3;
    private static int OptionSize(int length) => 4 + Padded(length);
}
