using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.L2tp;
using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Core.L2tp;

/// <summary>
/// An endpoint and a small LNS with a reliable channel of its own, over a link that loses, doubles, delays and reorders, from a seed.
/// The LNS drops what comes out of order and acknowledges everything at once, as xl2tpd does.
/// </summary>
internal sealed class FaultyNetwork : IL2tpUser, IDisposable
{
    private static readonly UdpEndpoint _lns = new(IpAddress.Parse("198.51.100.10"), 1701);

    private readonly RandomStreams _streams;
    private readonly Random _random;
    private readonly double _loss;
    private readonly TimerQueue _timers = new();
    private readonly Outbox _outbox = new();
    private readonly L2tpEndpoint _endpoint;
    private readonly PriorityQueue<(bool ToLac, byte[] Datagram), (long At, int Order)> _link = new();
    private readonly byte[] _buffer = new byte[2048];
    private int _order;
    private ulong _timerOrder;

    // The LNS.
    private readonly List<byte[]> _unacknowledged = [];
    private readonly Dictionary<ushort, ushort> _lacIdByLnsId = [];
    private readonly HashSet<ushort> _connected = [];
    private ushort _firstNs, _expectedNs, _lacTunnelId, _nextSessionId = 100;
    private Instant _resendAt = Instant.Never;

    public FaultyNetwork(int seed, double loss)
    {
        var octets = new byte[RandomStreams.SeedSize];
        octets[0] = (byte)seed;
        _streams = new RandomStreams(octets);
        _random = new Random(seed);
        _loss = loss;
        _endpoint = new L2tpEndpoint(_streams, _timers, _outbox, Counters, this, 10, () => ++_timerOrder);
    }

    public LacCounters Counters { get; } = new();
    public Instant Now { get; private set; } = new(1_000_000_000_000);
    public HashSet<L2tpCall> Up { get; } = [];
    public int Ended { get; private set; }
    public int Forgotten { get; private set; }
    public List<EndCause> TunnelCauses { get; } = [];
    /// <summary>LAC session ids of the calls that the LNS has connected.</summary>
    public IEnumerable<ushort> LnsCalls => _connected.Order();
    public bool LnsStopped { get; private set; }

    public L2tpTunnel Open(TunnelProfile profile) => _endpoint.Open(new TunnelTarget(profile, _lns, "lns", PeerProfile.Default), 0, Now)!;

    public L2tpCall Place(L2tpTunnel tunnel) => _endpoint.PlaceCall(tunnel, new CallRequest("02:00:00:00:00:01", "isp.example"), this, Now)!;

    public void End(L2tpCall call)
    {
        _endpoint.EndCall(call, 3, 0, "", null, Now);
        Up.Remove(call);
    }

    public void Close(L2tpTunnel tunnel) => _endpoint.Close(tunnel, 6, 0, "", EndCause.Shutdown, Now);

    /// <summary>The LNS hangs up.</summary>
    public void LnsEnds(ushort lacSessionId)
    {
        var id = _lacIdByLnsId.First(p => p.Value == lacSessionId).Key;
        _lacIdByLnsId.Remove(id);
        _connected.Remove(lacSessionId);
        Send(Messages.Cdn(_buffer, _lacTunnelId, lacSessionId, id, new ResultCode(CdnResult.Administrative)));
    }

    public void Run(double seconds)
    {
        var end = Now + TimeSpan.FromSeconds(seconds);
        while (true)
        {
            Carry();
            var next = _timers.NextDeadline < _resendAt ? _timers.NextDeadline : _resendAt;
            if (_link.TryPeek(out _, out var first) && first.At < next.Nanoseconds) next = new Instant(first.At);
            if (next > end) break;
            Now = next;
            _timers.RunDue(Now);
            if (_resendAt <= Now) Transmit(_unacknowledged[0], _firstNs);
            while (_link.TryPeek(out var item, out var due) && due.At <= Now.Nanoseconds)
            {
                _link.Dequeue();
                if (item.ToLac) _endpoint.HandleDatagram(0, _lns, item.Datagram, Now);
                else Receive(item.Datagram);
            }
        }

        Now = end;
    }

    public void Dispose() => _streams.Dispose();

    private void Carry()
    {
        foreach (var output in _outbox.Outputs) Put(false, _outbox.Octets(output).ToArray());
        _outbox.Clear();
    }

    private void Put(bool toLac, byte[] datagram)
    {
        if (_random.NextDouble() < _loss) return;
        var copies = _random.NextDouble() < _loss ? 2 : 1;
        for (var i = 0; i < copies; i++)
        {
            // Mostly a millisecond; now and then long enough to be overtaken.
            var delay = _random.NextDouble() < _loss ? _random.Next(1, 300) : 1;
            _link.Enqueue((toLac, (byte[])datagram.Clone()), ((Now + TimeSpan.FromMilliseconds(delay)).Nanoseconds, _order++));
        }
    }

    private void Receive(byte[] datagram)
    {
        Assert.True(L2tpHeader.TryParse(datagram, out var header, out _));
        var acknowledged = Math.Min(_unacknowledged.Count, SequenceNumbers.Acknowledged(_firstNs, header.Nr));
        _unacknowledged.RemoveRange(0, acknowledged);
        _firstNs += (ushort)acknowledged;
        if (acknowledged > 0) _resendAt = _unacknowledged.Count > 0 ? Now + TimeSpan.FromSeconds(1) : Instant.Never;
        if (header.IsZlb) return;
        if (header.Ns == _expectedNs)
        {
            _expectedNs++;
            Handle(ControlMessageParser.Parse(header, default));
        }

        Put(true, AvpWriter.Zlb(_buffer, _lacTunnelId, header.SessionId, (ushort)(_firstNs + _unacknowledged.Count), _expectedNs).ToArray());
    }

    private void Handle(in ControlMessage message)
    {
        Assert.Equal(default, message.Problem);
        switch (message.Type)
        {
            case MessageType.Sccrq:
                _lacTunnelId = message.AssignedTunnelId!.Value;
                var sccrp = new StartControlConnection { HostName = "lns", AssignedTunnelId = 77 };
                Send(sccrp.WriteSccrp(_buffer, _lacTunnelId));
                break;
            case MessageType.Icrq:
                _lacIdByLnsId[++_nextSessionId] = message.AssignedSessionId!.Value;
                Send(Messages.Icrp(_buffer, _lacTunnelId, message.AssignedSessionId.Value, _nextSessionId));
                break;
            case MessageType.Iccn:
                _connected.Add(_lacIdByLnsId[message.SessionId]);
                break;
            case MessageType.Cdn:
                _connected.Remove(message.AssignedSessionId!.Value);
                break;
            case MessageType.StopCcn:
                LnsStopped = true;
                _connected.Clear();
                break;
        }
    }

    private void Send(ReadOnlySpan<byte> message)
    {
        _unacknowledged.Add(message.ToArray());
        Transmit(_unacknowledged[^1], (ushort)(_firstNs + _unacknowledged.Count - 1));
    }

    private void Transmit(byte[] message, ushort ns)
    {
        (message[8], message[9]) = ((byte)(ns >> 8), (byte)ns);
        (message[10], message[11]) = ((byte)(_expectedNs >> 8), (byte)_expectedNs);
        _resendAt = Now + TimeSpan.FromSeconds(1);
        Put(true, message);
    }

    void IL2tpUser.TunnelEstablished(L2tpTunnel tunnel, Instant now) { }
    void IL2tpUser.TunnelClosed(L2tpTunnel tunnel, EndCause cause, string detail, Instant now) => TunnelCauses.Add(cause);
    bool IL2tpUser.AskActivity(L2tpTunnel tunnel) => false;
    void IL2tpUser.TunnelForgotten(L2tpTunnel tunnel, Instant now) => Forgotten++;
    void IL2tpUser.CallAccepted(L2tpCall call, Instant now) => _endpoint.Connect(call, L2tpBench.Chap, now);
    void IL2tpUser.CallConnected(L2tpCall call, Instant now) => Assert.True(Up.Add(call));

    void IL2tpUser.CallEnded(L2tpCall call, CallEnd end, Instant now)
    {
        Up.Remove(call);
        Ended++;
    }

    void IL2tpUser.DataReceived(L2tpCall call, ReadOnlySpan<byte> ppp, Instant now) => Assert.Fail("no data is sent here");
}
