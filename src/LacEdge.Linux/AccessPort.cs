using LacEdge.Linux.DataPlane;
using LacEdge.Linux.Kernel;
using LacEdge.Linux.Namespaces;
using LacEdge.Linux.Netlink;
using LacEdge.Linux.Sockets;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Linux;

/// <summary>
/// An access interface: its discovery frames come to a handler on the control thread, its session frames go to the data
/// plane. Follows the interface when it goes away and comes back under its name.
/// </summary>
public sealed class AccessPort : IDisposable
{
    private const int DiscoveryBuffer = 4 << 20, SessionBuffer = 16 << 20;

    private readonly ControlLoop _loop;
    private readonly IDataPlane _dataPlane;
    private readonly FrameHandler _discoveryReceived;
    private readonly bool _tagged;
    private PacketSocket? _discovery;

    /// <summary>Throws <see cref="HostException"/> when the interface does not exist or is no Ethernet interface, or when the
    /// right to raw frames is missing.</summary>
    /// <param name="tagged">Whether subscribers stand on VLANs.</param>
    /// <param name="discoveryReceived">Takes discovery frames (0x8863), tags in band.</param>
    public AccessPort(ControlLoop loop, IDataPlane dataPlane, string name, int accessGroup, bool tagged, FrameHandler discoveryReceived)
    {
        (_loop, _dataPlane, _discoveryReceived, Name, AccessGroup) = (loop, dataPlane, discoveryReceived, name, accessGroup);
        _tagged = tagged;
        Link = LinkInfo.Get(name);
        if (!Link.IsEthernet) throw new HostException($"interface {name} is no Ethernet interface");
        Attach();
    }

    public string Name { get; }
    public int AccessGroup { get; }

    /// <summary>The interface as last seen; null while there is none of this name.</summary>
    public LinkInfo? Link { get; private set; }

    /// <summary>In bit/s, as the interface says now; 0: not known.</summary>
    public ulong Speed => Ethtool.SpeedOf(Name);

    /// <summary>Frames that the kernel refused to send since the interface last appeared.</summary>
    public long SendFailures => _discovery?.SendFailures ?? 0;

    /// <summary>Discovery frames lost because the control thread did not keep pace.</summary>
    public long KernelDrops => _discovery?.KernelDrops ?? 0;

    /// <summary>Sends a whole frame, discovery or session. False when it is lost: no interface, link down, queue full, too long.</summary>
    public bool Send(ReadOnlySpan<byte> frame) => _discovery is not null && _discovery.Send(frame);

    /// <summary>Looks at the interface again; whether anything changed. To be called when <see cref="LinkMonitor"/> has news.
    /// Throws <see cref="HostException"/> when it is back but cannot be used; the next news tries again.</summary>
    public bool Refresh()
    {
        var before = Link;
        Link = LinkInfo.Find(Name);
        if (Link == before) return false;
        if (Link?.Index == before?.Index) return true;

        if (before is not null) Detach();
        try
        {
            if (Link is not null) Attach();
        }
        catch (HostException trouble)
        {
            Link = null;
            // Gone again already: more news is on its way.
            if (trouble.Errno != Errno.ENODEV) throw;
        }

        return true;
    }

    public void Dispose()
    {
        if (Link is not null) Detach();
        Link = null;
    }

    private void Attach()
    {
        var discovery = PacketSocket.Open(Link!, EtherType.PppoeDiscovery, DiscoveryBuffer);
        try
        {
            if (_tagged) discovery.TakeAllVlans(Link!);
            _dataPlane.AddAccess(AccessGroup, PacketSocket.Open(Link!, EtherType.PppoeSession, SessionBuffer));
        }
        catch
        {
            discovery.Dispose();
            throw;
        }

        _loop.Add(discovery.Fd, () => discovery.Receive(_discoveryReceived));
        _discovery = discovery;
    }

    private void Detach()
    {
        _loop.Remove(_discovery!.Fd);
        _discovery.Dispose();
        _discovery = null;
        _dataPlane.RemoveAccess(AccessGroup);
    }
}
