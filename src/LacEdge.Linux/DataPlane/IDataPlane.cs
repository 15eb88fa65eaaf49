using LacEdge.Core.Forwarding;
using LacEdge.Linux.Sockets;
using LacEdge.Wire.Ip;

namespace LacEdge.Linux.DataPlane;

/// <summary>What the data plane tells the host, on the control thread, within <see cref="IDataPlane.Deliver"/>.</summary>
public interface IDataPlaneUser
{
    /// <summary>A session frame that was not forwarded; tags in band.</summary>
    void FrameReceived(int accessGroup, ReadOnlySpan<byte> frame);

    /// <summary>A control message, or a data message that was not forwarded.</summary>
    void DatagramReceived(int socket, UdpEndpoint source, ReadOnlySpan<byte> datagram);

    /// <summary>The last counters of a session after <see cref="RemoveSession"/>: nothing is counted in the slot any more and it
    /// may be used again.</summary>
    void CountersFinal(int slot, ForwardingCounters counters);
}

/// <summary>
/// Moves subscribers' frames between PPPoE and L2TP as Core says. All members belong to the control thread. Order of use:
/// construct, <see cref="Start"/>, then watch <see cref="Fd"/> and call <see cref="Deliver"/> whenever it has input.
/// </summary>
public interface IDataPlane : IDisposable
{
    /// <summary>Has input when <see cref="Deliver"/> has something to tell.</summary>
    int Fd { get; }

    void Start();

    /// <summary>Tells the user what is waiting, a bounded amount. Throws when a worker has failed.</summary>
    void Deliver(IDataPlaneUser user);

    /// <summary>Session frames (0x8864) of this access group come and go by this socket, which the data plane from now on owns.</summary>
    void AddAccess(int accessGroup, PacketSocket sessions);

    /// <summary>Closes the socket as soon as no worker uses it.</summary>
    void RemoveAccess(int accessGroup);

    /// <summary>Datagrams of this socket are read by the data plane, which from now on owns it.</summary>
    void AddSocket(int handle, UdpSocket socket);

    /// <summary>Closes the socket as soon as no worker uses it.</summary>
    void RemoveSocket(int handle);

    /// <summary>Sends by a socket that was added; false when the kernel refused it or there is no such socket (any more).</summary>
    bool Send(int handle, UdpEndpoint peer, ReadOnlySpan<byte> datagram);

    /// <summary>The same for a data message that Core made without Ns for a session: it gets the next one if the session's have
    /// them, and is counted.</summary>
    bool SendData(int handle, UdpEndpoint peer, ReadOnlySpan<byte> datagram, int slot);

    /// <summary>Changes what is forwarded. A slot is free for a new session after <see cref="IDataPlaneUser.CountersFinal"/>.</summary>
    void Apply(ForwardingUpdate update);

    /// <summary>Counts a session frame that Core sent to the subscriber itself.</summary>
    void CountFrame(int slot, ReadOnlySpan<byte> frame);

    ForwardingCounters ReadCounters(int slot);

    /// <summary>Frames from the LNS to the subscribers whose sessions are installed in this tunnel now.</summary>
    ulong ReadTunnelFrames(int tunnelSlot);

    /// <summary>Of the echoes that were forwarded here; those that Core sent on itself are not among them.</summary>
    LineQuality ReadQuality(int slot);

    DataPlaneStatistics ReadStatistics();
}

/// <summary>Totals since the start.</summary>
/// <param name="Forwarded">Over all sessions, what Core sent itself included.</param>
/// <param name="KernelDrops">Frames and datagrams that the kernel dropped because a receive buffer was full.</param>
/// <param name="Reasons">By <see cref="ForwardingReason"/>: frames and datagrams of both workers.</param>
public sealed record DataPlaneStatistics(ForwardingCounters Forwarded, long KernelDrops, IReadOnlyList<ulong> Reasons)
{
    public ulong this[ForwardingReason reason] => Reasons[(int)reason];
}
