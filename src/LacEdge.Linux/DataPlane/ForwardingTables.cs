using System.Runtime.InteropServices;
using LacEdge.Core.Forwarding;
using LacEdge.Linux.Kernel;
using LacEdge.Linux.Sockets;

namespace LacEdge.Linux.DataPlane;

/// <summary>A tunnel's outer header and what is checked of it. One cache line.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct TunnelEntry
{
    /// <summary>As <see cref="UpstreamEntry.Valid"/>.</summary>
    public uint Valid;
    public int Socket;
    /// <summary>The file descriptor of <see cref="Socket"/>.</summary>
    public int Fd;
    public ushort LocalTunnelId;
    public ushort PeerTunnelId;
    public SocketAddress Peer;
}

/// <summary>
/// What the workers look frames up in: arrays indexed by ids that LacEdge allocates itself, no hashing. The control thread is
/// the only writer. An entry is published by its valid word, last; an id rests long enough before it is used again that no
/// worker can still be reading the entry of its former owner.
/// </summary>
internal sealed class ForwardingTables : IDisposable
{
    /// <summary>PPPoE session ids, or L2TP session ids.</summary>
    public const int Ids = 65_536;

    private readonly NativeTable<UpstreamEntry>[] _upstream;
    private readonly NativeTable<DownstreamEntry> _downstream = new(Ids);
    private readonly NativeTable<TunnelEntry> _tunnels;
    private readonly int[] _accessFds;

    public ForwardingTables(int accessGroups, int tunnels)
    {
        _upstream = [.. Enumerable.Range(0, accessGroups).Select(_ => new NativeTable<UpstreamEntry>(Ids))];
        _tunnels = new NativeTable<TunnelEntry>(tunnels);
        _accessFds = new int[accessGroups];
        Array.Fill(_accessFds, -1);
    }

    public int AccessGroups => _upstream.Length;
    public ref UpstreamEntry Upstream(int accessGroup, ushort pppoeSessionId) => ref _upstream[accessGroup][pppoeSessionId];
    public ref DownstreamEntry Downstream(ushort localSessionId) => ref _downstream[localSessionId];
    public ref TunnelEntry Tunnel(int slot) => ref _tunnels[slot];

    /// <summary>The raw socket of an access group; -1 while there is none.</summary>
    public int AccessFd(int accessGroup) => Volatile.Read(ref _accessFds[accessGroup]);
    public void SetAccessFd(int accessGroup, int fd) => Volatile.Write(ref _accessFds[accessGroup], fd);

    /// <summary>Makes an entry visible to the workers, whole or not at all.</summary>
    /// <param name="valid">The valid word of <paramref name="entry"/>.</param>
    public static void Publish<T>(ref T entry, ref uint valid, in T value) where T : unmanaged
    {
        Withdraw(ref valid);
        entry = value;
        Volatile.Write(ref valid, 1);
    }

    public static void Withdraw(ref uint valid)
    {
        valid = 0;
        // What is written to the entry from now on must not be seen before this.
        Interlocked.MemoryBarrier();
    }

    public void Dispose()
    {
        foreach (var table in _upstream) table.Dispose();
        _downstream.Dispose();
        _tunnels.Dispose();
    }
}
