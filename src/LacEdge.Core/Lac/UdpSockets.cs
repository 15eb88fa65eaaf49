using LacEdge.Core.Config;
using LacEdge.Core.L2tp;
using LacEdge.Wire.Ip;

namespace LacEdge.Core.Lac;

/// <summary>A local address and port, on a device of its own or on any ("").</summary>
internal readonly record struct LocalEnd(UdpEndpoint Endpoint, string Device)
{
    public bool Is(IpAddress address, string device) => Endpoint.Address == address && Device == device;
    public override string ToString() => Device.Length == 0 ? $"UDP {Endpoint}" : $"UDP {Endpoint} on {Device}";
}

/// <summary>One local address and port that the host has opened for us, or is about to.</summary>
internal sealed class UdpSocketEntry(int handle, LocalEnd local, UdpSocketOptions options)
{
    public int Handle { get; } = handle;
    public LocalEnd Local { get; } = local;
    public UdpSocketOptions Options { get; } = options;
    public bool IsOpen { get; set; }
    /// <summary>Tunnels that use it or wait for it, lingering ones included.</summary>
    public List<LacTunnel> Users { get; } = [];
}

/// <summary>
/// Chooses the source port of each tunnel and asks the host for sockets. Two tunnels to one LNS address never share a
/// source port: a Linux LNS finds the tunnel by address and port and mixes them up. The first takes 1701, which
/// many LNSes and their filters expect; others, and a reconnect while the old one lingers, take one of the local ports.
/// A profile may insist on 1701 for all, or on local ports.
/// </summary>
internal sealed class UdpSockets(PortRange localPorts, RandomStream random, Outbox outbox)
{
    private const ushort WellKnownPort = 1701;
    /// <summary>How long a port is left alone that the host could not open: its owner may go, the address may come.</summary>
    public static readonly TimeSpan RefusalTime = TimeSpan.FromSeconds(60);

    private readonly List<UdpSocketEntry> _entries = [];
    /// <summary>Ports of tunnels that ended: the LNS may keep its end for a full cycle, and would mix it up with a new one.</summary>
    private readonly List<(LocalEnd Local, IpAddress Lns, Instant Until)> _resting = [];
    private readonly List<(LocalEnd Local, Instant Until)> _refused = [];
    private int _nextHandle;

    /// <summary>Null when no port is left for this LNS.</summary>
    public UdpSocketEntry? Acquire(LacTunnel tunnel, Instant now)
    {
        var (source, device) = (tunnel.Target.Profile.SourceAddress, tunnel.Target.Profile.Vrf);
        _refused.RemoveAll(refused => refused.Until <= now);
        _resting.RemoveAll(resting => resting.Until <= now);
        // Unset, the host binds to all addresses of the LNS's family.
        var address = source.IsNone && tunnel.Target.Lns.Address.IsIpv6 ? IpAddress.Parse("::") : source;
        var options = OptionsFor(tunnel.Target.Profile);
        var port = ChoosePort(address, options, tunnel.Target);
        if (port == 0) return null;

        var local = new LocalEnd(new UdpEndpoint(address, port), device);
        var entry = _entries.Find(e => e.Local == local);
        if (entry is null)
        {
            entry = new UdpSocketEntry(_nextHandle++, local, options);
            _entries.Add(entry);
            outbox.OpenSocket(entry.Handle, local.Endpoint, options);
        }

        entry.Users.Add(tunnel);
        return entry;
    }

    public void Release(UdpSocketEntry entry, LacTunnel tunnel)
    {
        entry.Users.Remove(tunnel);
        if (tunnel.ClosedAt != Instant.Never) _resting.Add((entry.Local, tunnel.Target.Lns.Address, tunnel.ClosedAt + IdPool.Rest));
        if (entry.Users.Count > 0 || !_entries.Remove(entry)) return;
        if (entry.IsOpen) outbox.CloseSocket(entry.Handle);
    }

    /// <summary>The host's answer. Null when nobody waits for this handle.</summary>
    public UdpSocketEntry? Opened(int handle, bool opened, Instant now)
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
            _refused.Add((entry.Local, now + RefusalTime));
        }

        return entry;
    }

    private static UdpSocketOptions OptionsFor(TunnelProfile profile)
    {
        var options = new UdpSocketOptions(profile.Vrf, profile.UdpChecksum, profile.Oversize == OversizePolicy.Drop);
        return options == UdpSocketOptions.Default ? UdpSocketOptions.Default : options;
    }

    /// <summary>By policy 1701, else the next free one from a random place on; 0: none is free.</summary>
    private ushort ChoosePort(IpAddress source, UdpSocketOptions options, TunnelTarget target)
    {
        var (policy, lns, device) = (target.Profile.SourcePort, target.Lns.Address, options.Device);
        var unusable = new HashSet<ushort>();
        foreach (var (local, _) in _refused)
        {
            if (local.Is(source, device)) unusable.Add(local.Endpoint.Port);
        }

        foreach (var entry in _entries)
        {
            if (!entry.Local.Is(source, device)) continue;
            var shares = policy == SourcePort.WellKnown || !entry.Users.Exists(t => t.Target.Lns.Address == lns);
            if (entry.Options != options || !shares) unusable.Add(entry.Local.Endpoint.Port);
        }

        if (policy == SourcePort.WellKnown) return unusable.Contains(WellKnownPort) ? (ushort)0 : WellKnownPort;
        foreach (var (local, restingFor, _) in _resting)
        {
            if (local.Is(source, device) && restingFor == lns) unusable.Add(local.Endpoint.Port);
        }

        if (policy == SourcePort.Auto && !unusable.Contains(WellKnownPort)) return WellKnownPort;
        var count = localPorts.Last - localPorts.First + 1;
        var start = random.Next(count);
        for (var i = 0; i < count; i++)
        {
            var port = (ushort)(localPorts.First + (start + i) % count);
            if (!unusable.Contains(port)) return port;
        }

        return 0;
    }
}
