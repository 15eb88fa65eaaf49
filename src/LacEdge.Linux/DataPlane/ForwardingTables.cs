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
    /// <summary>Of <see cref="DataPolicy"/>.</summary>
    public ushort PathMtu, MaxMssIpv4, MaxMssIpv6, ReorderWindow, ReorderMilliseconds;
    /// <summary>0 to 63, or <see cref="CopyDscp"/>.</summary>
    public byte Dscp;
    public TunnelFlags Flags;

    public const byte CopyDscp = 0xFF;

    /// <summary>Octets of IP and UDP header.</summary>
    public readonly int OuterSize => (Peer.Family == Constants.AF_INET6 ? 40 : 20) + 8;
}

[Flags]
internal enum TunnelFlags : byte
{
    None = 0,
    AddressAndControl = 1,
    AlwaysSequenced = 2,
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
    private readonly NativeTable<SequenceState> _sequences;
    private readonly NativeTable<EchoFlow> _echoesUp;
    private readonly NativeTable<EchoFlow> _echoesDown;
    private readonly int[] _accessFds;

    public ForwardingTables(int accessGroups, int slots, int tunnels)
    {
        _sequences = new NativeTable<SequenceState>(slots);
        (_echoesUp, _echoesDown) = (new NativeTable<EchoFlow>(slots), new NativeTable<EchoFlow>(slots));
        _upstream = [.. Enumerable.Range(0, accessGroups).Select(_ => new NativeTable<UpstreamEntry>(Ids))];
        _tunnels = new NativeTable<TunnelEntry>(tunnels);
        PathLimits = new PathLimits(tunnels);
        _accessFds = new int[accessGroups];
        Array.Fill(_accessFds, -1);
    }

    public int AccessGroups => _upstream.Length;
    public ref UpstreamEntry Upstream(int accessGroup, ushort pppoeSessionId) => ref _upstream[accessGroup][pppoeSessionId];
    public ref DownstreamEntry Downstream(ushort localSessionId) => ref _downstream[localSessionId];
    public ref TunnelEntry Tunnel(int slot) => ref _tunnels[slot];
    public int Tunnels => _tunnels.Count;
    public PathLimits PathLimits { get; }
    /// <summary>Unlike the rest, the workers write it: the core worker what it receives and whether numbers are sent, the access worker
    /// and the control thread count those that they send.</summary>
    public ref SequenceState Sequence(int slot) => ref _sequences[slot];

    /// <summary>Written by the access worker.</summary>
    public ref EchoFlow EchoesUp(int slot) => ref _echoesUp[slot];
    /// <summary>Written by the core worker.</summary>
    public ref EchoFlow EchoesDown(int slot) => ref _echoesDown[slot];

    /// <summary>For the control thread.</summary>
    public LineQuality ReadQuality(int slot) => LineQuality.Of(Read(ref _echoesUp[slot]), Read(ref _echoesDown[slot]));

    /// <summary>Only while no worker can know the slot.</summary>
    public void ClearEchoes(int slot) => _echoesUp[slot] = _echoesDown[slot] = default;

    /// <summary>Whether the session's data messages to the LNS have numbers.</summary>
    public bool IsNumbered(int slot) => Volatile.Read(ref _sequences[slot].Sending) != 0;

    /// <summary>Ns of the next data message of the session to the LNS; -1: it has none.</summary>
    public int NextNs(int slot)
    {
        ref var sequence = ref _sequences[slot];
        return Volatile.Read(ref sequence.Sending) == 0 ? -1 : (ushort)(Interlocked.Increment(ref sequence.Sent) - 1);
    }

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
        PathLimits.Dispose();
        _sequences.Dispose();
        _echoesUp.Dispose();
        _echoesDown.Dispose();
    }

    /// <summary>Each word whole, as its worker wrote it.</summary>
    private static EchoFlow Read(ref EchoFlow flow) => new()
    {
        Request = Volatile.Read(ref flow.Request),
        Answered = Volatile.Read(ref flow.Answered),
        Requests = Volatile.Read(ref flow.Requests),
        Replies = Volatile.Read(ref flow.Replies),
        Timed = Volatile.Read(ref flow.Timed),
        LastRtt = Volatile.Read(ref flow.LastRtt),
        MaxRtt = Volatile.Read(ref flow.MaxRtt),
        SmoothedRtt = Volatile.Read(ref flow.SmoothedRtt),
    };
}
