using LacEdge.Decode;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;
using LacEdge.Wire.Pcap;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Fuzz.Engine;

/// <summary>Messages to begin with, by kind: of recorded runs, of captures of real equipment where there are some, each once.</summary>
internal sealed class SeedPool
{
    /// <summary>More of one kind than this show nothing new and cost time.</summary>
    private const int MaxPerKind = 4_000, MaxSize = 2_000;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public List<byte[]> Files { get; } = [];
    public List<byte[]> Recordings { get; } = [];
    public List<byte[]> Configurations { get; } = [];
    /// <summary>Whole Ethernet frames.</summary>
    public List<byte[]> Frames { get; } = [];
    /// <summary>Tags of PADI, PADO, PADR, PADS, PADT.</summary>
    public List<byte[]> Tags { get; } = [];
    /// <summary>PPP frames from their protocol field on.</summary>
    public List<byte[]> Ppp { get; } = [];
    /// <summary>IP packets.</summary>
    public List<byte[]> Packets { get; } = [];
    /// <summary>UDP payloads to or from port 1701.</summary>
    public List<byte[]> L2tp { get; } = [];
    public List<byte[]> Radius { get; } = [];

    /// <summary>The repository's own recordings and configurations, and captures of real equipment in a folder besides.</summary>
    public static SeedPool Load(string repository, string? captures)
    {
        var pool = new SeedPool();
        pool.AddFolder(Path.Combine(repository, "pcaps"));
        pool.AddFolder(Path.Combine(repository, "config"));
        if (captures is not null && Directory.Exists(captures)) pool.AddFolder(captures);
        return pool;
    }

    private void AddFolder(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            switch (Path.GetExtension(file))
            {
                case ".pcap" or ".pcapng": AddCapture(File.ReadAllBytes(file)); break;
                case ".jsonl": Recordings.Add(File.ReadAllBytes(file)); break;
                case ".yaml": Configurations.Add(File.ReadAllBytes(file)); break;
            }
        }
    }

    private void AddCapture(byte[] file)
    {
        // The readers are fuzzed with the beginning: the rest is more of the same.
        Add(Files, file.AsSpan(0, Math.Min(file.Length, MaxSize)));
        using var stream = new MemoryStream(file);
        CaptureFile.Read(stream, (number, in record) =>
        {
            var frame = record.Data;
            if (record.Interface.LinkType != LinkType.Ethernet)
            {
                if (record.Interface.LinkType is LinkType.Raw or LinkType.RawKernel or LinkType.Ipv4 or LinkType.Ipv6) AddPacket(frame);
                return;
            }

            Add(Frames, frame);
            if (!EthernetFrame.TryParse(frame, out var ethernet, out _)) return;
            if (ethernet.EtherType is EtherType.Ipv4 or EtherType.Ipv6) AddPacket(ethernet.Payload);
            if (ethernet.EtherType is not (EtherType.PppoeDiscovery or EtherType.PppoeSession)) return;
            if (PppoePacket.TryParse(ethernet.Payload, out var pppoe, out _))
                Add(ethernet.EtherType == EtherType.PppoeSession ? Ppp : Tags, pppoe.Payload);
        });
    }

    private void AddPacket(ReadOnlySpan<byte> packet)
    {
        Add(Packets, packet);
        ReadOnlySpan<byte> payload;
        if (Ipv4Header.TryParse(packet, out var four, out _)) payload = four.Payload;
        else if (Ipv6Header.TryParse(packet, out var six, out _)) payload = six.Payload;
        else return;
        if (!UdpHeader.TryParse(payload, out var udp, out _)) return;
        if (udp.SourcePort == 1701 || udp.DestinationPort == 1701) Add(L2tp, udp.Payload);
        if (udp.DestinationPort is 1812 or 1813 or 1645 or 1646 || udp.SourcePort is 1812 or 1813 or 1645 or 1646) Add(Radius, udp.Payload);
    }

    private void Add(List<byte[]> kind, ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty || octets.Length > MaxSize || kind.Count >= MaxPerKind) return;
        if (_known.Add(Convert.ToHexString(octets))) kind.Add(octets.ToArray());
    }
}
