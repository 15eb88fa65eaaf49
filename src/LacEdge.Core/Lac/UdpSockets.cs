using LacEdge.Core.Config;
using LacEdge.Wire.Ip;

namespace LacEdge.Core.Lac;

/// <summary>One local address and port that the host has opened for us, or is about to.</summary>
internal sealed class UdpSocketEntry(int handle, UdpEndpoint local)
{
    public int Handle { get; } = handle;
    public UdpEndpoint Local { get; } = local;
    public bool IsOpen { get; set; }
    /// <summary>Tunnels that use it or wait for it, lingering ones included.</summary>
    public List<LacTunnel> Users { get; } = [];
}

/// <summary>
/// Chooses the source port of each tunnel and asks the host for sockets. Two tunnels to one LNS address never share a
/// source port: a Linux LNS finds the tunnel by address and port and mixes them up. The first takes 1701, which
/// many LNSes and their filters expect; others, and a reconnect while the old one lingers, take one of the local ports.
/// </summary>
internal sealed class UdpSockets(PortRange localPorts, RandomStream random, Outbox outbox)
{
    private const ushort WellKnownPort = 1701;
    private const int TriesForPort = 64;
    private readonly List<UdpSocketEntry> _entries = [];
    private readonly List<UdpEndpoint> _refused = [];
    private int _nextHandle;

    /// <summary>Null when no port is left for this LNS.</summary>
    public UdpSocketEntry? Acquire(LacTunnel tunnel, IpAddress source)
    {
        // Unset, the host binds to all addresses of the LNS's family.
        var address = source.IsNone && tunnel.Target.Lns.Address.IsIpv6 ? IpAddress.Parse("::") : source;
        var port = ChoosePort(address, tunnel.Target.Lns.Address);
        if (port == 0) return null;

        var local = new UdpEndpoint(address, port);
        var entry = _entries.Find(e => e.Local == local);
        if (entry is null)
        {
            entry = new UdpSocketEntry(_nextHandle++, local);
            _entries.Add(entry);
            outbox.OpenSocket(entry.Handle, local);
        }

        entry.Users.Add(tunnel);
        return entry;
    }

    public void Release(UdpSocketEntry entry, LacTunnel tunnel)
    {
        entry.Users.Remove(tunnel);
        if (entry.Users.Count > 0 || !_entries.Remove(entry)) return;
        if (entry.IsOpen) outbox.CloseSocket(entry.Handle);
    }

    /// <summary>The host's answer. Null when nobody waits for this handle.</summary>
    public UdpSocketEntry? Opened(int handle, bool opened)
    {
        var entry = _entries.Find(e => e.Handle == handle);
        if (entry is null)
        {
            if (opened) outbox.CloseSocket(handle);
            return null;
        }

        entry.IsOpen = opened;
        if (!opened)
        {
            _entries.Remove(entry);
            if (!_refused.Contains(entry.Local)) _refused.Add(entry.Local);
        }

        return entry;
    }

    private ushort ChoosePort(IpAddress source, IpAddress lns)
    {
        bool Usable(ushort port) =>
            !_refused.Contains(new UdpEndpoint(source, port))
            && !_entries.Exists(e => e.Local == new UdpEndpoint(source, port) && e.Users.Exists(t => t.Target.Lns.Address == lns));

        if (Usable(WellKnownPort)) return WellKnownPort;
        var count = localPorts.Last - localPorts.First + 1;
        for (var i = 0; i < TriesForPort; i++)
        {
            var port = (ushort)(localPorts.First + random.Next(count));
            if (Usable(port)) return port;
        }

        return 0;
    }
}
