using System.Buffers;
using System.Buffers.Binary;

namespace LacEdge.Wire.Pcap;

/// <summary>Appends a pcap file with nanosecond times to a buffer: one link type, big-endian.</summary>
public sealed class PcapWriter
{
    private readonly IBufferWriter<byte> _output;

    public PcapWriter(IBufferWriter<byte> output, LinkType linkType)
    {
        _output = output;
        var header = output.GetSpan(PcapReader.FileHeaderSize)[..PcapReader.FileHeaderSize];
        header.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(header, PcapReader.NanosecondMagic);
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16BigEndian(header[6..], 4);
        BinaryPrimitives.WriteUInt32BigEndian(header[16..], CaptureReader.MaxFrameSize);
        BinaryPrimitives.WriteUInt32BigEndian(header[20..], (ushort)linkType);
        output.Advance(PcapReader.FileHeaderSize);
    }

    /// <param name="unixNanoseconds">Nanoseconds since 1970, until 2106.</param>
    /// <param name="originalLength">Octets on the wire when the frame is cut; else leave it out.</param>
    public void WritePacket(long unixNanoseconds, ReadOnlySpan<byte> frame, int? originalLength = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frame.Length, CaptureReader.MaxFrameSize);
        var size = PcapReader.RecordHeaderSize + frame.Length;
        var record = _output.GetSpan(size)[..size];
        BinaryPrimitives.WriteUInt32BigEndian(record, (uint)(unixNanoseconds / 1_000_000_000));
        BinaryPrimitives.WriteUInt32BigEndian(record[4..], (uint)(unixNanoseconds % 1_000_000_000));
        BinaryPrimitives.WriteUInt32BigEndian(record[8..], (uint)frame.Length);
        BinaryPrimitives.WriteUInt32BigEndian(record[12..], (uint)(originalLength ?? frame.Length));
        frame.CopyTo(record[PcapReader.RecordHeaderSize..]);
        _output.Advance(size);
    }
}
