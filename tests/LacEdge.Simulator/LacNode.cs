using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Forwarding;
using LacEdge.Core.Lac;
using LacEdge.Recording;
using LacEdge.Wire.Dns;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Simulator;

/// <summary>
/// The real <see cref="Core.Lac.Lac"/> with a host around it: sockets, data plane, interfaces, all in memory. It watches what the LAC
/// does (<see cref="LacInvariants"/>).
/// </summary>
public sealed class LacNode : ILacHost
{
    /// <summary>Where tunnels without a source address come from.</summary>
    public static readonly IpAddress DefaultAddress = IpAddress.Parse("192.0.2.1");

    private readonly VirtualNetwork _network;
    private readonly LacDriver _driver;
    private readonly Dictionary<int, UdpEndpoint> _sockets = [];
    private readonly HashSet<int> _questions = [];
    private readonly List<LacEvent> _events = [];
    private ushort _nextEphemeralPort = 40000;

    internal LacNode(VirtualNetwork network, LacConfig config, uint boot, ReadOnlySpan<byte> seed, Instant now, LacRecorder? recorder)
    {
        _network = network;
        Core = new Lac(config, boot, seed, now);
        _driver = new LacDriver(Core, this, recorder);
        Invariants = new LacInvariants(this, config);
    }

    public Lac Core { get; }
    public MemoryDataPlane DataPlane { get; } = new();
    public VirtualDns Dns { get; } = new();
    public LacInvariants Invariants { get; }
    /// <summary>Spliced frames go through Core instead of the data plane.</summary>
    public bool EverythingThroughCore { get; set; }
    /// <summary>Local ports that cannot be opened.</summary>
    public HashSet<ushort> TakenPorts { get; } = [];
    public IReadOnlyList<LacEvent> Events => _events;
    /// <summary>Without those of questions to servers, which stay.</summary>
    public int OpenSockets => _sockets.Count - _questions.Count;
    /// <summary>What the LAC was fed with: frames, datagrams, timeouts, commands, link changes; answers of its host not counted.</summary>
    public long Inputs { get; private set; }
    /// <summary>After each of them.</summary>
    public Action? Turned { get; set; }
    /// <summary>Datagrams to ports that are not open.</summary>
    public ulong PortUnreachable { get; private set; }

    public static MacAddress MacOf(int accessGroup) => new(0x02FE_0000_0000UL + (uint)accessGroup);

    public IEnumerable<T> EventsOf<T>() where T : LacEvent => _events.OfType<T>();

    internal Instant NextTimeout => Core.NextTimeout < Dns.NextAnswer ? Core.NextTimeout : Dns.NextAnswer;

    internal void HandleTimeout()
    {
        if (Core.NextTimeout <= _network.Now) Turn(() => _driver.Timeout(_network.Now));
        else if (Dns.TryTakeDue(_network.Now, out var due))
            Turn(() => _driver.Lookup(due.Lookup, due.Outcome, due.Message, due.Error, _network.Now));
    }

    /// <param name="mac">Null: <see cref="MacOf"/>.</param>
    public void Link(int accessGroup, bool up, int mtu = 1500, MacAddress? mac = null)
    {
        var address = mac ?? MacOf(accessGroup);
        // Nothing can be said over a lost interface, or under a MAC that is lost: sessions end without PADT.
        if (!up || address != Invariants.MacOf(accessGroup)) Invariants.LinkLost(accessGroup, address);
        Turn(() => _driver.Link(accessGroup, address, mtu, up, _network.Now));
    }

    public void Command(LacCommand command) => Turn(() => _driver.Command(command, _network.Now));

    internal void ReceiveFrame(int accessGroup, byte[] frame)
    {
        Invariants.FrameReceived(accessGroup, frame);
        if (!EverythingThroughCore)
        {
            var reason = DataPlane.ForwardUp(accessGroup, frame, _network.Now, out var socket, out var peer, out var datagram);
            if (reason == ForwardingReason.Forwarded) Transmit(socket, peer, datagram);
            if (!MemoryDataPlane.PassesUp(reason)) return;
        }

        Turn(() => _driver.Frame(accessGroup, frame, _network.Now));
    }

    internal void ReceiveDatagram(UdpEndpoint local, UdpEndpoint source, byte[] payload)
    {
        var socket = SocketAt(local);
        if (socket < 0)
        {
            PortUnreachable++;
            return;
        }

        if (_questions.Contains(socket))
        {
            Turn(() => _driver.Datagram(socket, source, payload, _network.Now));
            return;
        }

        Invariants.DatagramReceived(source, payload);
        if (!EverythingThroughCore)
        {
            var reason = DataPlane.ForwardDown(socket, source, payload, _network.Now, out var group, out var frame);
            if (reason == ForwardingReason.Forwarded) Transmit(group, frame);
            if (!MemoryDataPlane.PassesUp(reason)) return;
        }

        Turn(() => _driver.Datagram(socket, source, payload, _network.Now));
    }

    void ILacHost.SendFrame(int accessGroup, ReadOnlySpan<byte> frame, int slot)
    {
        Invariants.FrameFromCore(accessGroup, frame, slot);
        if (slot >= 0 && SessionFrame.Read(frame, out var read) == ForwardingReason.Forwarded) DataPlane.Count(slot, false, read.PppLength);
        Transmit(accessGroup, frame);
    }

    void ILacHost.SendDatagram(int socket, UdpEndpoint peer, ReadOnlySpan<byte> payload, int slot)
    {
        if (!_questions.Contains(socket)) Invariants.DatagramFromCore(socket, peer, payload);
        if (slot >= 0 && DataMessage.Read(payload, out var read) == ForwardingReason.Forwarded) DataPlane.Count(slot, true, read.PppLength);
        Transmit(socket, peer, payload);
    }

    void ILacHost.OpenSocket(int socket, UdpEndpoint local, UdpSocketOptions options)
    {
        var address = local.Address.IsNone ? DefaultAddress : local.Address;
        var bound = new UdpEndpoint(address, local.Port == 0 ? _nextEphemeralPort++ : local.Port);
        var taken = TakenPorts.Contains(bound.Port) || SocketAt(bound) >= 0;
        if (!taken && !_sockets.TryAdd(socket, bound)) Invariants.Note($"socket {socket} is opened twice");
        if (!taken && options.Questions) _questions.Add(socket);
        _driver.Socket(socket, !taken, bound, taken ? "address already in use" : "", _network.Now);
    }

    void ILacHost.CloseSocket(int socket)
    {
        _questions.Remove(socket);
        if (!_sockets.Remove(socket)) Invariants.Note($"socket {socket} is closed but not open");
    }

    void ILacHost.Lookup(int lookup, DnsQuestion question) => Dns.Ask(lookup, question, _network.Now);
    void ILacHost.CancelLookup(int lookup) => Dns.Forget(lookup);

    void ILacHost.Apply(ForwardingUpdate update)
    {
        if (update is ReadTunnel read) _driver.TunnelFrames(read.TunnelSlot, DataPlane.TunnelFrames(read.TunnelSlot), _network.Now);
        else if (update is ReadSession session)
            _driver.SessionFrames(session.Slot, DataPlane.ReadQuality(session.Slot).FramesBeside(DataPlane.CountersOf(session.Slot)), _network.Now);
        else if (DataPlane.Apply(update) is { } counters) _driver.Counters(((RemoveSession)update).Slot, counters, _network.Now);
        if (DataPlane.Fault is { } fault) Invariants.Note(fault);
    }

    void ILacHost.Publish(LacEvent happened)
    {
        Invariants.EventPublished(happened);
        _events.Add(happened);
    }

    private int SocketAt(UdpEndpoint local)
    {
        foreach (var (handle, bound) in _sockets)
        {
            if (bound == local) return handle;
        }

        return -1;
    }

    private void Transmit(int accessGroup, ReadOnlySpan<byte> frame)
    {
        Invariants.FrameSent(accessGroup, frame);
        _network.FrameFromLac(accessGroup, frame);
    }

    private void Transmit(int socket, UdpEndpoint peer, ReadOnlySpan<byte> payload)
    {
        if (_sockets.TryGetValue(socket, out var local)) _network.DatagramFromLac(local, peer, payload);
        else Invariants.Note($"datagram from socket {socket}, which is not open");
    }

    private void Turn(Action input)
    {
        input();
        Inputs++;
        Invariants.TurnEnded();
        Turned?.Invoke();
    }
}
