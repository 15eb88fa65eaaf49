using System.Buffers;
using System.Buffers.Binary;
using LacEdge.Decode;
using LacEdge.Wire;
using LacEdge.Wire.Pcap;

namespace LacEdge.Tests.Replay;

internal sealed record CapturedFrame(long Time, byte[] Octets);

/// <summary>Changed copies of captures, to see that a replay notices.</summary>
internal sealed class CaptureEdit : IDisposable
{
    private const int Ethernet = 14, Ipv4 = 20, Udp = 8;

    private readonly string _folder = Directory.CreateTempSubdirectory("lacedge-capture-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The copy has the same name, in a temporary folder.</summary>
    public string Write(
        string capture, Func<List<CapturedFrame>, IEnumerable<CapturedFrame>> change, LinkType linkType = LinkType.Ethernet)
    {
        var frames = new List<CapturedFrame>();
        using (var stream = File.OpenRead(capture))
        {
            Assert.Equal(DecodeError.None, CaptureFile.Read(stream, (number, in record) =>
                frames.Add(new CapturedFrame(record.UnixNanoseconds!.Value, record.Data.ToArray()))));
        }

        var output = new ArrayBufferWriter<byte>();
        var writer = new PcapWriter(output, linkType);
        foreach (var frame in change(frames)) writer.WritePacket(frame.Time, frame.Octets);
        var path = Path.Combine(_folder, Path.GetFileName(capture));
        File.WriteAllBytes(path, output.WrittenSpan);
        return path;
    }

    public static List<CapturedFrame> Change(List<CapturedFrame> frames, int at, Func<CapturedFrame, CapturedFrame> change)
    {
        frames[at] = change(frames[at]);
        return frames;
    }

    /// <summary>With what another link type has in place of the Ethernet header.</summary>
    public static CapturedFrame Relink(CapturedFrame frame, byte[] header) =>
        frame with { Octets = [.. header, .. frame.Octets.AsSpan(Ethernet)] };

    /// <summary>Lets two neighbours change places in time.</summary>
    public static List<CapturedFrame> Swap(List<CapturedFrame> frames, int first)
    {
        var (a, b) = (frames[first], frames[first + 1]);
        (frames[first], frames[first + 1]) = (a with { Octets = b.Octets }, b with { Octets = a.Octets });
        return frames;
    }

    /// <summary>Replaces octets, which have to be there, by as many others.</summary>
    public static CapturedFrame Replace(CapturedFrame frame, string old, string changed)
    {
        var hex = Convert.ToHexStringLower(frame.Octets);
        Assert.Contains(old, hex, StringComparison.Ordinal);
        return frame with { Octets = Convert.FromHexString(hex.Replace(old, changed, StringComparison.Ordinal)) };
    }

    /// <summary>A longer datagram in the same IPv4 packet without options; checksums are left as they are.</summary>
    public static CapturedFrame Grow(CapturedFrame frame, int payload)
    {
        var octets = new byte[Ethernet + Ipv4 + Udp + payload];
        frame.Octets.CopyTo(octets, 0);
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(Ethernet + 2), (ushort)(Ipv4 + Udp + payload));
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(Ethernet + Ipv4 + 4), (ushort)(Udp + payload));
        return frame with { Octets = octets };
    }
}
