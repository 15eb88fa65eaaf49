using LacEdge.Core.Forwarding;
using LacEdge.Linux.Kernel;
using LacEdge.Linux.Sockets;
using LacEdge.Wire.Ip;

namespace LacEdge.Linux.DataPlane;

/// <summary>Forwards nothing and opens nothing: for tests of the host. Counts what Core sends itself.</summary>
public sealed class NullDataPlane : IDataPlane
{
    private readonly EventFd _bell = new();
    private readonly Dictionary<int, ForwardingCounters> _installed = [];
    private readonly Queue<(int Slot, ForwardingCounters Counters)> _final = new();
    private ForwardingCounters _total;

    public int Fd => _bell.Fd;

    public void Start() { }

    public void Deliver(IDataPlaneUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        _bell.Clear();
        while (_final.TryDequeue(out var final)) user.CountersFinal(final.Slot, final.Counters);
    }

    public void AddAccess(int accessGroup, PacketSocket sessions) => sessions.Dispose();

    public void RemoveAccess(int accessGroup) { }

    public void AddSocket(int handle, UdpSocket socket) => socket.Dispose();

    public void RemoveSocket(int handle) { }

    public bool Send(int handle, UdpEndpoint peer, ReadOnlySpan<byte> datagram) => false;

    public bool SendData(int handle, UdpEndpoint peer, ReadOnlySpan<byte> datagram, int slot)
    {
        if (DataMessage.Read(datagram, out var read) == ForwardingReason.Forwarded)
            Count(slot, new ForwardingCounters(1, (ulong)read.PppLength, 0, 0, 0));
        return false;
    }

    public void Apply(ForwardingUpdate update)
    {
        if (update is InstallDownstream install) _installed.Add(install.Slot, default);
        if (update is not RemoveSession remove || !_installed.Remove(remove.Slot, out var counters)) return;
        _final.Enqueue((remove.Slot, counters));
        _bell.Ring();
    }

    public void CountFrame(int slot, ReadOnlySpan<byte> frame)
    {
        if (SessionFrame.Read(frame, out var read) == ForwardingReason.Forwarded)
            Count(slot, new ForwardingCounters(0, 0, 1, (ulong)read.PppLength, 0));
    }

    public ForwardingCounters ReadCounters(int slot) => _installed.GetValueOrDefault(slot);

    public ulong ReadTunnelFrames(int tunnelSlot) => 0;

    public LineQuality ReadQuality(int slot) => default;

    public DataPlaneStatistics ReadStatistics() => new(_total, 0, new ulong[Enum.GetValues<ForwardingReason>().Length]);

    public void Dispose() => _bell.Dispose();

    private void Count(int slot, ForwardingCounters counters)
    {
        _total += counters;
        if (_installed.TryGetValue(slot, out var sum)) _installed[slot] = sum + counters;
    }
}
