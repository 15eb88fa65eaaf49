using LacEdge.Core.Forwarding;
using LacEdge.Linux.Kernel;
using LacEdge.Linux.Sockets;
using LacEdge.Wire.Ip;

namespace LacEdge.Linux.DataPlane;

/// <summary>
/// Forwards in this process, with raw sockets and UDP sockets: works on every kernel and every interface. Two workers, one
/// for each direction.
/// </summary>
public sealed class PacketDataPlane : IDataPlane
{
    /// <summary>What is told to the user in one <see cref="Deliver"/>, for each worker.</summary>
    private const int MaxDelivered = 256;

    private readonly EventFd _bell = new();
    private readonly ForwardingTables _tables;
    private readonly AccessWorker _access;
    private readonly CoreWorker _core;
    // Frames that Core sent itself.
    private readonly WorkerCounters _coreUp;
    private readonly WorkerCounters _coreDown;
    private readonly SpliceTable _splices;
    private readonly Dictionary<int, PacketSocket> _accessSockets = [];
    private readonly Dictionary<int, UdpSocket> _sockets = [];
    private readonly Queue<Retired> _retiring = new();
    private long _grace;
    private long _closedSocketDrops;

    /// <param name="accessGroups">How many access interfaces there are.</param>
    /// <param name="slots">Slots are 0 to this number less one.</param>
    /// <param name="tunnels">Tunnel slots likewise.</param>
    public PacketDataPlane(int accessGroups, int slots, int tunnels)
    {
        _tables = new ForwardingTables(accessGroups, slots, tunnels);
        _splices = new SpliceTable(_tables, slots);
        _access = new AccessWorker(_tables, slots, _bell);
        _core = new CoreWorker(_tables, slots, _bell);
        _coreUp = new WorkerCounters(slots);
        _coreDown = new WorkerCounters(slots);
    }

    /// <summary>What the workers may still be using: a session's slot, or a socket.</summary>
    private readonly record struct Retired(long Grace, int Slot, IDisposable? Socket);

    public int Fd => _bell.Fd;

    public void Start()
    {
        _access.Start();
        _core.Start();
    }

    public void Deliver(IDataPlaneUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        _bell.Clear();
        var failure = _access.Failure ?? _core.Failure;
        if (failure is not null) throw new InvalidOperationException("a forwarding thread has failed", failure);

        for (var i = 0; i < MaxDelivered && _access.Ring.TryRead(out var group, out _, out var frame); i++)
        {
            user.FrameReceived(group, frame);
            _access.Ring.Release();
        }

        for (var i = 0; i < MaxDelivered && _core.Ring.TryRead(out var socket, out var source, out var datagram); i++)
        {
            user.DatagramReceived(socket, source.ToEndpoint(), datagram);
            _core.Ring.Release();
        }

        FinishRetired(user);
        if (!_access.Ring.IsEmpty || !_core.Ring.IsEmpty) _bell.Ring();
    }

    public void AddAccess(int accessGroup, PacketSocket sessions)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        _accessSockets.Add(accessGroup, sessions);
        _tables.SetAccessFd(accessGroup, sessions.Fd);
        _access.Watch(sessions.Fd, accessGroup);
    }

    public void RemoveAccess(int accessGroup)
    {
        if (!_accessSockets.Remove(accessGroup, out var sessions)) return;
        _tables.SetAccessFd(accessGroup, -1);
        _access.Unwatch(sessions.Fd);
        _closedSocketDrops += sessions.KernelDrops;
        Retire(-1, sessions);
    }

    public void AddSocket(int handle, UdpSocket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        _sockets.Add(handle, socket);
        _core.Watch(socket.Fd, handle);
    }

    public void RemoveSocket(int handle)
    {
        if (!_sockets.Remove(handle, out var socket)) return;
        _core.Unwatch(socket.Fd);
        _closedSocketDrops += socket.KernelDrops;
        Retire(-1, socket);
    }

    public bool Send(int handle, UdpEndpoint peer, ReadOnlySpan<byte> datagram) =>
        _sockets.TryGetValue(handle, out var socket) && socket.Send(peer, datagram);

    public bool SendData(int handle, UdpEndpoint peer, ReadOnlySpan<byte> datagram, int slot)
    {
        if (DataMessage.Read(datagram, out var read) != ForwardingReason.Forwarded) return false;
        var ns = _tables.NextNs(slot);
        var numbered = ns >= 0 ? datagram.Length <= 2000 ? stackalloc byte[2048] : new byte[datagram.Length + 4] : default;
        var sent = Send(handle, peer, ns >= 0 ? PppoeL2tpForwarder.Number(datagram, (ushort)ns, numbered) : datagram);
        if (sent) _coreUp.Forwarded(slot, read.PppLength);
        return sent;
    }

    public void Apply(ForwardingUpdate update)
    {
        switch (update)
        {
            case InstallTunnel tunnel:
                _splices.Install(tunnel, _sockets[tunnel.Socket].Fd);
                break;
            case RemoveTunnel tunnel:
                _splices.Remove(tunnel);
                break;
            case InstallDownstream downstream:
                _splices.Install(downstream);
                break;
            case ForwardDownstream forward:
                _splices.Forward(forward);
                break;
            case InstallUpstream upstream:
                _splices.Install(upstream);
                break;
            case RemoveSession session:
                _splices.Withdraw(session.Slot);
                Retire(session.Slot, null);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(update));
        }
    }

    public void CountFrame(int slot, ReadOnlySpan<byte> frame)
    {
        if (SessionFrame.Read(frame, out var read) == ForwardingReason.Forwarded) _coreDown.Forwarded(slot, read.PppLength);
    }

    public ForwardingCounters ReadCounters(int slot) =>
        Sum(_access.Counters.Read(slot), _coreUp.Read(slot), _core.Counters.Read(slot), _coreDown.Read(slot));

    public ulong ReadTunnelFrames(int tunnelSlot) =>
        _splices.SlotsOf(tunnelSlot).Aggregate(0ul, (frames, slot) => frames + ReadCounters(slot).DownFrames);

    public LineQuality ReadQuality(int slot) => _tables.ReadQuality(slot);

    public DataPlaneStatistics ReadStatistics() => new(
        Sum(_access.Counters.ReadTotal(), _coreUp.ReadTotal(), _core.Counters.ReadTotal(), _coreDown.ReadTotal()),
        _closedSocketDrops + _accessSockets.Values.Sum(socket => socket.KernelDrops) + _sockets.Values.Sum(socket => socket.KernelDrops),
        [.. Enum.GetValues<ForwardingReason>().Select(reason => _access.Counters.Read(reason) + _core.Counters.Read(reason))]);

    public void Dispose()
    {
        _access.Dispose();
        _core.Dispose();
        foreach (var socket in _accessSockets.Values) socket.Dispose();
        foreach (var socket in _sockets.Values) socket.Dispose();
        foreach (var retired in _retiring) retired.Socket?.Dispose();
        _coreUp.Dispose();
        _coreDown.Dispose();
        _tables.Dispose();
        _bell.Dispose();
    }

    /// <summary>Frees it when both workers have done with everything that they may have begun before.</summary>
    private void Retire(int slot, IDisposable? socket)
    {
        _retiring.Enqueue(new Retired(++_grace, slot, socket));
        _access.AskGrace(_grace);
        _core.AskGrace(_grace);
        // Workers that do not run yet do not ring.
        if (GraceSeen >= _grace) _bell.Ring();
    }

    private long GraceSeen => Math.Min(_access.GraceSeen, _core.GraceSeen);

    private void FinishRetired(IDataPlaneUser user)
    {
        var seen = GraceSeen;
        while (_retiring.TryPeek(out var oldest) && oldest.Grace <= seen)
        {
            _retiring.Dequeue();
            oldest.Socket?.Dispose();
            if (oldest.Slot >= 0) FinishSession(oldest.Slot, user);
        }
    }

    private void FinishSession(int slot, IDataPlaneUser user)
    {
        var counters = ReadCounters(slot);
        _access.Counters.Clear(slot);
        _core.Counters.Clear(slot);
        _coreUp.Clear(slot);
        _coreDown.Clear(slot);
        _tables.ClearEchoes(slot);
        _splices.Free(slot);
        user.CountersFinal(slot, counters);
    }

    private static ForwardingCounters Sum(SlotCounters up, SlotCounters coreUp, SlotCounters down, SlotCounters coreDown) => new(
        up.Frames + coreUp.Frames, up.Octets + coreUp.Octets,
        down.Frames + coreDown.Frames, down.Octets + coreDown.Octets,
        up.Dropped + down.Dropped);
}
