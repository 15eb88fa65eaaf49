using System.Buffers.Binary;
using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Lab.Peers;
using LacEdge.Recording;
using LacEdge.Wire.Ip;

namespace LacEdge.Simulator;

/// <summary>
/// A whole network in virtual time: subscribers, one LAC, LNSes, and links that lose, delay, duplicate and reorder. Everything
/// random comes from one seed: the same seed gives the same octets at the same times.
/// </summary>
public sealed class VirtualNetwork
{
    private const int MaxStepsAtOneInstant = 200_000;
    private const uint Boot = 7;
    private readonly PriorityQueue<Arrival, (long At, long Order)> _arrivals = new();
    private readonly PeerOutbox _outbox = new();
    private readonly PeerRandom _faults;
    private readonly List<EmbeddedLns> _lnses = [];
    private readonly Dictionary<UdpEndpoint, Func<byte[], byte[]?>> _servers = [];
    private readonly ulong _seed;
    private readonly Action _endRecording;
    private long _order;

    /// <param name="throughCore">Spliced frames go through Core instead of the data plane.</param>
    /// <param name="recordTo">File for a recording of the LAC, until <see cref="EndRecording"/>.</param>
    public VirtualNetwork(LacConfig config, ulong seed, bool throughCore = false, string? recordTo = null)
    {
        _seed = seed;
        _faults = new PeerRandom(seed ^ 0xFA17);
        Span<byte> lacSeed = stackalloc byte[RandomStreams.SeedSize];
        BinaryPrimitives.WriteUInt64BigEndian(lacSeed, seed);
        var recorder = recordTo is null ? null : new LacRecorder(recordTo, config, Boot, lacSeed, Now, why => throw new IOException(why));
        _endRecording = () => recorder?.Dispose();
        Lac = new LacNode(this, config, Boot, lacSeed, Now, recorder) { EverythingThroughCore = throughCore };
        Subscribers = new SubscriberFleet(_outbox, seed ^ 0x5B5);
        for (var group = 0; group < config.AccessInterfaces.Length; group++) Lac.Link(group, true);
    }

    public Instant Now { get; private set; } = new(1_000_000_000);
    public LacNode Lac { get; }
    public SubscriberFleet Subscribers { get; }
    public IReadOnlyList<EmbeddedLns> Lnses => _lnses;
    public LinkFaults FromSubscribers { get; set; } = LinkFaults.Perfect;
    public LinkFaults ToSubscribers { get; set; } = LinkFaults.Perfect;
    public LinkFaults FromLnses { get; set; } = LinkFaults.Perfect;
    public LinkFaults ToLnses { get; set; } = LinkFaults.Perfect;
    /// <summary>Sees everything that the LAC sends and that reaches it, in order.</summary>
    public Action<Passed>? Observer { get; set; }
    /// <summary>Stands before the LAC: gives what becomes of a message to it. Null: nothing arrives.</summary>
    public Func<Side, byte[], byte[]?>? Tamper { get; set; }
    /// <summary>Frames and datagrams on their way.</summary>
    public int InFlight => _arrivals.Count;

    /// <summary>Nothing after this is recorded.</summary>
    public void EndRecording() => _endRecording();

    /// <summary>All four directions at once.</summary>
    public void SetFaults(LinkFaults faults) => FromSubscribers = ToSubscribers = FromLnses = ToLnses = faults;

    public EmbeddedLns AddLns(LnsOptions options)
    {
        var lns = new EmbeddedLns(options, _seed + (ulong)_lnses.Count + 1, _outbox);
        _lnses.Add(lns);
        if (options.Secret.Length > 0) Lac.Invariants.AddSecret(options.Secret);
        return lns;
    }

    /// <summary>Something that answers questions, beside the LNSes.</summary>
    /// <param name="answer">Null: silence.</param>
    public void AddServer(UdpEndpoint endpoint, Func<byte[], byte[]?> answer) => _servers.Add(endpoint, answer);

    public SimulatedSubscriber AddSubscriber(SubscriberOptions options)
    {
        Lac.Invariants.AddSecret(options.Password);
        return Subscribers.Add(options);
    }

    public void Dial(SimulatedSubscriber subscriber) => Do(subscriber, s => s.Dial(Now));
    public void HangUp(SimulatedSubscriber subscriber, HangUpKind kind) => Do(subscriber, s => s.HangUp(kind, Now));

    /// <summary>Orders a subscriber to do something now.</summary>
    public void Do(SimulatedSubscriber subscriber, Action<SimulatedSubscriber> what)
    {
        Subscribers.Do(subscriber, what);
        Send();
    }

    /// <summary>Orders an LNS to do something now.</summary>
    public void Do(EmbeddedLns lns, Action<EmbeddedLns> what)
    {
        what(lns);
        Send();
    }

    public void Run(TimeSpan span) => RunUntil(static () => false, span);

    /// <summary>Runs until the condition holds, which is looked at about once a virtual millisecond. False: the limit came first.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        var end = Now + limit;
        var (steps, lookedAt, changed) = (0, new Instant(-1_000_000), true);
        while (true)
        {
            var next = NextInstant();
            if (changed && next.Nanoseconds - lookedAt.Nanoseconds >= 1_000_000)
            {
                (lookedAt, changed) = (Now, false);
                if (condition()) return true;
            }

            if (next > end) break;
            steps = next > Now ? 0 : steps + 1;
            if (steps > MaxStepsAtOneInstant) throw new InvalidOperationException($"time stands still at {Now}");
            if (next > Now) Now = next;
            Step();
            changed = true;
        }

        Now = end;
        return condition();
    }

    /// <summary>A frame of a stranger, right in front of the LAC.</summary>
    public void InjectFrame(int group, byte[] frame) => Deliver(new Arrival(Side.FromSubscriber, group, default, default, frame));

    /// <summary>A datagram of a stranger, right in front of the LAC.</summary>
    public void InjectDatagram(UdpEndpoint local, UdpEndpoint source, byte[] payload) =>
        Deliver(new Arrival(Side.FromLns, -1, local, source, payload));

    internal void FrameFromLac(int group, ReadOnlySpan<byte> frame)
    {
        Observer?.Invoke(new Passed(Now, Side.ToSubscriber, group, default, default, frame.ToArray()));
        Carry(ToSubscribers, new Arrival(Side.ToSubscriber, group, default, default, frame.ToArray()));
    }

    internal void DatagramFromLac(UdpEndpoint local, UdpEndpoint peer, ReadOnlySpan<byte> payload)
    {
        Observer?.Invoke(new Passed(Now, Side.ToLns, -1, local, peer, payload.ToArray()));
        Carry(ToLnses, new Arrival(Side.ToLns, -1, local, peer, payload.ToArray()));
    }

    /// <summary>The next thing that is due within the span: false, and the span is over, when there is none.</summary>
    public bool TryStep(TimeSpan span)
    {
        var (next, end) = (NextInstant(), Now + span);
        if (next > end)
        {
            Now = end;
            return false;
        }

        if (next > Now) Now = next;
        Step();
        return true;
    }

    private Instant NextInstant()
    {
        var next = _arrivals.TryPeek(out _, out var first) ? new Instant(first.At) : Instant.Never;
        if (Lac.NextTimeout < next) next = Lac.NextTimeout;
        if (Subscribers.NextTimeout < next) next = Subscribers.NextTimeout;
        foreach (var lns in _lnses)
        {
            if (lns.NextTimeout < next) next = lns.NextTimeout;
        }

        return next;
    }

    /// <summary>One thing that is due: timeouts before arrivals, as the LAC's contract wants it.</summary>
    private void Step()
    {
        if (Lac.NextTimeout <= Now) Lac.HandleTimeout();
        else if (Subscribers.NextTimeout <= Now) Subscribers.HandleTimeout(Now);
        else if (_lnses.Find(lns => lns.NextTimeout <= Now) is { } due) due.HandleTimeout(Now);
        else if (_arrivals.TryDequeue(out var arrival, out _)) Deliver(arrival);
        Send();
    }

    private void Deliver(Arrival arrival)
    {
        var (side, group, local, remote, octets) = arrival;
        if (Tamper is not null && side is (Side.FromSubscriber or Side.FromLns))
        {
            if (Tamper(side, octets) is not { } left) return;
            octets = left;
        }

        switch (side)
        {
            case Side.ToSubscriber: Subscribers.HandleFrame(octets, Now); break;
            case Side.ToLns when _servers.TryGetValue(remote, out var server):
                if (server(octets) is { } answer) Carry(FromLnses, new Arrival(Side.FromLns, -1, local, remote, answer));
                break;
            case Side.ToLns:
                foreach (var lns in _lnses)
                {
                    if (lns.Options.Endpoint.Address == remote.Address) lns.HandleDatagram(remote, local, octets, Now);
                }

                break;
            case Side.FromSubscriber:
                Observer?.Invoke(new Passed(Now, side, group, default, default, octets));
                Lac.ReceiveFrame(group, octets);
                break;
            case Side.FromLns:
                Observer?.Invoke(new Passed(Now, side, -1, local, remote, octets));
                Lac.ReceiveDatagram(local, remote, octets);
                break;
        }
    }

    /// <summary>What the peers want sent goes onto the links.</summary>
    private void Send()
    {
        foreach (var output in _outbox.Outputs)
        {
            var octets = _outbox.Octets(output).ToArray();
            if (output.Link >= 0) Carry(FromSubscribers, new Arrival(Side.FromSubscriber, output.Link, default, default, octets));
            else Carry(FromLnses, new Arrival(Side.FromLns, -1, output.Remote, output.Local, octets));
        }

        _outbox.Clear();
    }

    private void Carry(LinkFaults faults, Arrival arrival)
    {
        // Perfect links draw nothing, so that a test of one fault is not moved by the others.
        if (faults.Loss > 0 && _faults.NextDouble() < faults.Loss) return;
        if (faults.Corruption > 0 && _faults.NextDouble() < faults.Corruption)
        {
            var octets = arrival.Octets.ToArray();
            octets[_faults.Next(octets.Length)] ^= (byte)(1 << _faults.Next(8));
            arrival = arrival with { Octets = octets };
        }

        Enqueue(faults, arrival);
        if (faults.Duplication > 0 && _faults.NextDouble() < faults.Duplication) Enqueue(faults, arrival);
    }

    private void Enqueue(LinkFaults faults, Arrival arrival)
    {
        var delay = faults.Delay;
        if (faults.Jitter > TimeSpan.Zero) delay += faults.Jitter * _faults.NextDouble();
        _arrivals.Enqueue(arrival, ((Now + delay).Nanoseconds, _order++));
    }

    private sealed record Arrival(Side Side, int Group, UdpEndpoint Local, UdpEndpoint Remote, byte[] Octets);
}
