using LacEdge.Linux.Netlink;
using LacEdge.Linux.Sockets;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Hosting;

/// <summary>An access interface: one raw socket for discovery, which the control thread reads, one for session frames, which
/// the data plane reads, so that a flood of one kind does not push out the other.</summary>
internal sealed class AccessPort(int group, string name) : IDisposable
{
    private PacketSocket? _discovery;
    private PacketSocket? _sessions;

    public int Group { get; } = group;
    public string Name { get; } = name;
    /// <summary>As last seen; null while the interface does not exist.</summary>
    public LinkInfo? Link { get; private set; }
    public int DiscoveryFd => _discovery!.Fd;
    public PacketSocket Sessions => _sessions!;

    /// <summary>Whether sockets were opened: not when they are open on this interface already.</summary>
    public bool Open(LinkInfo link)
    {
        var opened = _discovery is null;
        _discovery ??= PacketSocket.Open(link, EtherType.PppoeDiscovery);
        _sessions ??= PacketSocket.Open(link, EtherType.PppoeSession);
        Link = link;
        return opened;
    }

    public void Receive(FrameHandler handler) => _discovery?.Receive(handler);

    /// <summary>Discovery and session frames leave by the same socket, in order.</summary>
    public bool Send(ReadOnlySpan<byte> frame) => _discovery?.Send(frame) ?? false;

    public void Close()
    {
        _discovery?.Dispose();
        _sessions?.Dispose();
        (_discovery, _sessions, Link) = (null, null, null);
    }

    public void Dispose() => Close();
}
