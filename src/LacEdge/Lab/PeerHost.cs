using LacEdge.Core;
using LacEdge.Lab.Peers;
using LacEdge.Linux;
using LacEdge.Linux.Netlink;
using LacEdge.Linux.Sockets;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Lab;

/// <summary>A frame or datagram as a simulated peer sent or received it.</summary>
/// <param name="received">By the peer; else sent.</param>
internal delegate void PeerTrafficHandler(bool received, bool access, UdpEndpoint local, UdpEndpoint remote, ReadOnlySpan<byte> octets);

/// <summary>
/// Runs simulated subscribers and LNSes over real sockets, on one loop and one thread. Subscribers share the raw
/// sockets of an interface; each LNS has a UDP socket.
/// </summary>
internal sealed class PeerHost : IDisposable
{
    private readonly ControlLoop _loop;
    private readonly PeerOutbox _outbox = new();
    private readonly List<(PacketSocket Discovery, PacketSocket Sessions)> _links = [];
    private readonly List<(EmbeddedLns Lns, UdpSocket Socket)> _lnses = [];

    public PeerHost(ControlLoop loop, ulong seed)
    {
        _loop = loop;
        Fleet = new SubscriberFleet(_outbox, seed);
    }

    public SubscriberFleet Fleet { get; }
    /// <summary>Sees everything that peers send and receive.</summary>
    public PeerTrafficHandler? Traffic { get; set; }
    public IEnumerable<EmbeddedLns> Lnses => _lnses.Select(pair => pair.Lns);
    /// <summary>Frames and datagrams that the kernel did not take or dropped before they were read.</summary>
    public long Lost =>
        _links.Sum(link => link.Discovery.SendFailures + link.Discovery.KernelDrops + link.Sessions.KernelDrops)
        + _lnses.Sum(pair => pair.Socket.SendFailures + pair.Socket.KernelDrops);

    public Instant NextTimeout
    {
        get
        {
            var next = Fleet.NextTimeout;
            foreach (var (lns, _) in _lnses)
            {
                if (lns.NextTimeout < next) next = lns.NextTimeout;
            }

            return next;
        }
    }

    /// <summary>The number is what <see cref="SubscriberOptions.Link"/> names.</summary>
    public int AddLink(LinkInfo link)
    {
        var discovery = PacketSocket.Open(link, EtherType.PppoeDiscovery, anyDestination: true);
        var sessions = PacketSocket.Open(link, EtherType.PppoeSession, anyDestination: true);
        _links.Add((discovery, sessions));
        _loop.Add(discovery.Fd, () => discovery.Receive(FrameReceived));
        _loop.Add(sessions.Fd, () => sessions.Receive(FrameReceived));
        return _links.Count - 1;
    }

    public EmbeddedLns AddLns(LnsOptions options, ulong seed, UdpSocket socket)
    {
        var lns = new EmbeddedLns(options, seed, _outbox);
        _lnses.Add((lns, socket));
        _loop.Add(socket.Fd, () => socket.Receive((source, datagram) =>
        {
            Traffic?.Invoke(true, false, options.Endpoint, source, datagram);
            lns.HandleDatagram(options.Endpoint, source, datagram, SystemClock.Now);
            Flush();
        }));
        return lns;
    }

    /// <summary>Lets a subscriber do something, then sends what it wants sent.</summary>
    public void Do(SimulatedSubscriber subscriber, Action<SimulatedSubscriber> what)
    {
        Fleet.Do(subscriber, what);
        Flush();
    }

    public void HandleTimeout(Instant now)
    {
        Fleet.HandleTimeout(now);
        foreach (var (lns, _) in _lnses)
        {
            if (lns.NextTimeout <= now) lns.HandleTimeout(now);
        }

        Flush();
    }

    /// <summary>Sends what stands in the outbox.</summary>
    public void Flush()
    {
        foreach (var output in _outbox.Outputs)
        {
            var octets = _outbox.Octets(output);
            Traffic?.Invoke(false, output.Link >= 0, output.Local, output.Remote, octets);
            if (output.Link >= 0) _links[output.Link].Discovery.Send(octets);
            else Socket(output.Local).Send(output.Remote, octets);
        }

        _outbox.Clear();
    }

    /// <summary>Ready-made octets, as from a subscriber; false when the kernel did not take them.</summary>
    public bool SendFrame(int link, ReadOnlySpan<byte> frame) => _links[link].Discovery.Send(frame);

    /// <summary>Ready-made octets, as from an LNS.</summary>
    public bool SendDatagram(UdpEndpoint local, UdpEndpoint remote, ReadOnlySpan<byte> datagram) => Socket(local).Send(remote, datagram);

    public void Dispose()
    {
        foreach (var socket in _links.SelectMany(link => (PacketSocket[])[link.Discovery, link.Sessions]))
        {
            _loop.Remove(socket.Fd);
            socket.Dispose();
        }

        foreach (var (_, socket) in _lnses)
        {
            _loop.Remove(socket.Fd);
            socket.Dispose();
        }
    }

    private UdpSocket Socket(UdpEndpoint local) => _lnses.Find(pair => pair.Lns.Options.Endpoint == local).Socket;

    private void FrameReceived(ReadOnlySpan<byte> frame)
    {
        Traffic?.Invoke(true, true, default, default, frame);
        Fleet.HandleFrame(frame, SystemClock.Now);
        Flush();
    }
}
