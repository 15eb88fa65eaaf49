using System.Buffers;
using LacEdge.Wire;
using LacEdge.Wire.Pcap;

namespace LacEdge.Tests.Wire.Pcap;

/// <summary>A record that outlives the bytes it was read from.</summary>
internal sealed record Frame(LinkType LinkType, string? Interface, long? Time, long OriginalLength, Bytes Data);

internal static class CaptureFiles
{
    /// <summary>Reads a whole file, handing it over in pieces of the given size.</summary>
    public static (List<Frame> Frames, DecodeError Error) Read(ReadOnlySpan<byte> file, int piece = int.MaxValue)
    {
        var reader = new CaptureReader();
        var frames = new List<Frame>();
        int start = 0, end = Math.Min(piece, file.Length);
        while (true)
        {
            var status = reader.Read(file[start..end], end == file.Length, out var consumed, out var record);
            switch (status)
            {
                case CaptureReadStatus.Record:
                    frames.Add(new Frame(record.Interface.LinkType, record.Interface.Name, record.UnixNanoseconds, record.OriginalLength,
                        Bytes.Copy(record.Data)));
                    break;
                case CaptureReadStatus.NeedMore:
                    Assert.True(end < file.Length, "asked for more than there is");
                    end = (int)Math.Min((long)end + piece, file.Length);
                    break;
                case CaptureReadStatus.End: return (frames, DecodeError.None);
                case CaptureReadStatus.Error: return (frames, reader.Error);
            }

            start += consumed;
        }
    }

    public static byte[] Pcapng(Action<PcapngWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(new PcapngWriter(output, "test"));
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Two interfaces, three frames, one of them cut, one with a comment.</summary>
    public static byte[] SamplePcapng() => Pcapng(writer =>
    {
        var access = writer.AddInterface("access", LinkType.Ethernet);
        var core = writer.AddInterface("core", LinkType.Raw);
        writer.WritePacket(access, 1_700_000_000_123_456_789, [1, 2, 3]);
        writer.WritePacket(core, 1_700_000_001_000_000_000, [4, 5, 6, 7], originalLength: 1500);
        writer.WritePacket(access, 1_700_000_002_000_000_001, [8], comment: "the last");
    });

    public static byte[] SamplePcap(LinkType linkType = LinkType.Ethernet)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new PcapWriter(output, linkType);
        writer.WritePacket(1_700_000_000_123_456_789, [1, 2, 3]);
        writer.WritePacket(1_700_000_001_000_000_000, [4, 5, 6, 7], originalLength: 1500);
        return output.WrittenSpan.ToArray();
    }
}
