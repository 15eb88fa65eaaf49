using System.Buffers;
using LacEdge.Linux;
using LacEdge.Wire;
using LacEdge.Wire.Ip;
using LacEdge.Wire.Pcap;

namespace LacEdge.Lab;

/// <summary>
/// Keeps what the simulated peers send and receive as one pcapng file with two interfaces: the subscribers' Ethernet frames,
/// and the LNSes' datagrams under an IP header like the one they travel with.
/// </summary>
internal sealed class LabCapture : IDisposable
{
    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 16);
    private readonly PcapngWriter _writer;
    private readonly int _access, _core;
    private readonly byte[] _packet = new byte[65_600];

    public LabCapture(string path)
    {
        Path = path;
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        // To be read while the lab runs.
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        _writer = new PcapngWriter(_buffer, "lacedge lab");
        _access = _writer.AddInterface("access", LinkType.Ethernet);
        _core = _writer.AddInterface("core", LinkType.Ipv4);
    }

    public string Path { get; }
    public int Frames { get; private set; }

    public void Add(bool received, bool access, UdpEndpoint local, UdpEndpoint remote, ReadOnlySpan<byte> octets)
    {
        var time = SystemClock.Now.Nanoseconds + SystemClock.UnixOffsetNanoseconds;
        if (access)
        {
            _writer.WritePacket(_access, time, octets);
        }
        else
        {
            var writer = new WireWriter(_packet);
            UdpHeader.WritePacket(ref writer, received ? remote : local, received ? local : remote, octets);
            _writer.WritePacket(_core, time, writer.Written);
        }

        Frames++;
        if (_buffer.WrittenCount > 1 << 15) Flush();
    }

    public void Flush()
    {
        _file.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
        _file.Flush();
    }

    public void Dispose()
    {
        Flush();
        _file.Dispose();
    }
}
