using System.Buffers.Binary;
using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;

namespace LacEdge.Core.L2tp;

/// <summary>What a datagram was to the control channel.</summary>
internal enum Arrival
{
    /// <summary>The next message: to be processed now. It counts as acknowledged from here on.</summary>
    InOrder,
    /// <summary>Only its Nr counted.</summary>
    Zlb,
    Duplicate,
    /// <summary>Kept until the gap before it is filled, or dropped.</summary>
    Ahead,
}

/// <summary>A message that needs no more care: acknowledged, or given up.</summary>
internal readonly record struct SentMessage(MessageType Type, L2tpCall? Call);

/// <summary>
/// Reliable delivery of the control messages of one tunnel (RFC 2661 section 5.8 and appendix A): sequence numbers, the
/// windows of both sides, retransmission, acknowledgement, order.
/// </summary>
/// <remarks>
/// Inputs: <see cref="Receive"/> for every control datagram of the peer, then <see cref="TryTakeNext"/> until false,
/// <see cref="TryTakeDone"/> until false, and <see cref="Settle"/> when all that was processed; <see cref="HandleTimeout"/> at
/// <see cref="NextTimeout"/>. Command: <see cref="Send"/>. Output: datagrams in the outbox.
/// <para>A message is repeated after 1, 2, 4, 8, 16 s, with the same Ns and a fresh Nr. After a timeout the oldest one is sent
/// alone; those behind it follow as the window opens again, unless the peer had them: many peers drop what
/// comes out of order. When the last repetition gets no answer within its interval, the peer is given up.</para>
/// </remarks>
internal sealed class ControlChannel(int receiveWindow, int retries, TimeSpan retryCap, Outbox outbox, LacCounters counters)
{
    /// <summary>How long an acknowledgement may wait for a message to ride on.</summary>
    public static readonly TimeSpan AckDelay = TimeSpan.FromMilliseconds(50);
    /// <summary>A second unacknowledged message is not made to wait.</summary>
    private const int MaxAcksOwed = 2;
    /// <summary>Longer datagrams are not kept out of order: bounds the memory that a peer can claim.</summary>
    private const int MaxKeptSize = 2048;
    private static readonly TimeSpan _firstInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _smallestCap = TimeSpan.FromSeconds(8);

    private readonly TimeSpan _cap = retryCap < _smallestCap ? _smallestCap : retryCap;

    // Sending. The queue holds, from the oldest: messages in flight, messages that flew before a timeout, messages never sent.
    private readonly RingBuffer<(byte[] Octets, SentMessage Message)> _queue = new();
    private readonly Queue<SentMessage> _done = new();
    private CongestionWindow _window = new();
    private ushort _firstNs;
    private int _inFlight;
    private int _transmitted;
    private int _attempts;
    private Instant _retransmitAt = Instant.Never;

    // Receiving.
    private List<(ushort Ns, byte[] Datagram)>? _ahead;
    private ushort _expectedNs;
    private int _acksOwed;
    private bool _ackNow;
    private Instant _ackAt = Instant.Never;

    public int Socket { get; set; }
    public UdpEndpoint Peer { get; set; }
    /// <summary>0 until the peer has assigned it. Put into every message as it leaves.</summary>
    public ushort PeerTunnelId { get; set; }

    /// <summary>The Ns of the next new message.</summary>
    public ushort NextNs => (ushort)(_firstNs + _transmitted);
    /// <summary>The Ns expected from the peer: the Nr of what we send.</summary>
    public ushort NextNr => _expectedNs;
    public int WindowSize => _window.Size;
    /// <summary>Messages that the peer has not acknowledged, unsent ones included.</summary>
    public int Unacknowledged => _queue.Count;
    /// <summary>Whether a message would leave at once.</summary>
    public bool HasRoom => _queue.Count < _window.Size;
    public Instant NextTimeout => _retransmitAt < _ackAt ? _retransmitAt : _ackAt;

    /// <summary>The peer's Receive Window Size (RFC 2661 section 4.4.3), not 0.</summary>
    public void SetPeerWindow(int window) => _window.SetPeerWindow(window);

    /// <summary>Sends the message as soon as the window allows; Tunnel ID, Ns and Nr are filled in then.</summary>
    public void Send(ReadOnlySpan<byte> message, SentMessage about, Instant now)
    {
        _queue.Add((message.ToArray(), about));
        Pump(now);
    }

    public Arrival Receive(in L2tpHeader header, ReadOnlySpan<byte> datagram, Instant now)
    {
        // The Nr comes second: what it lets go carries the acknowledgement of this message.
        var arrival = Classify(header, datagram, now);
        HandleNr(header.Nr, now);
        return arrival;
    }

    /// <summary>The next message, if it had come too early.</summary>
    public bool TryTakeNext(Instant now, out byte[] datagram)
    {
        datagram = [];
        var index = _ahead?.FindIndex(kept => kept.Ns == _expectedNs) ?? -1;
        if (index < 0) return false;
        datagram = _ahead![index].Datagram;
        _ahead.RemoveAt(index);
        Accept(now);
        return true;
    }

    /// <summary>What has been acknowledged, or given up, in order.</summary>
    public bool TryTakeDone(out SentMessage message) => _done.TryDequeue(out message);

    /// <summary>Acknowledges at once what must not wait and has not been acknowledged by a message since.</summary>
    public void Settle()
    {
        if (_ackNow || _acksOwed >= MaxAcksOwed) SendZlb();
    }

    /// <summary>The acknowledgement of the last message must not wait.</summary>
    public void AcknowledgeNow() => _ackNow = true;

    /// <summary>False: the last repetition was not answered either; the peer is dead.</summary>
    /// <param name="repeated">The oldest message that was sent again, if one was.</param>
    public bool HandleTimeout(Instant now, out MessageType? repeated)
    {
        repeated = null;
        if (_ackAt <= now) SendZlb();
        if (_retransmitAt > now) return true;
        if (_attempts == retries)
        {
            _retransmitAt = Instant.Never;
            return false;
        }

        _attempts++;
        repeated = _queue[0].Message.Type;
        _window.TimedOut();
        _inFlight = 0;
        Pump(now);
        return true;
    }

    /// <summary>Forgets what was never sent: nothing may follow but StopCCN.</summary>
    public void DropUnsent() => Drop(_transmitted);

    /// <summary>Sends nothing any more but acknowledgements.</summary>
    public void Abandon()
    {
        // Sequence numbers that were used stay used.
        _firstNs += (ushort)_transmitted;
        Drop(0);
        _transmitted = _inFlight = 0;
        _retransmitAt = Instant.Never;
    }

    /// <summary>Both sides begin again with Ns 0 (RFC 4951 section 3.2); what was under way is given up.</summary>
    public void Reset()
    {
        Abandon();
        Acknowledged();
        _firstNs = _expectedNs = 0;
        _attempts = 0;
        _ahead = null;
    }

    private void Drop(int from)
    {
        for (var i = from; i < _queue.Count; i++) _done.Enqueue(_queue[i].Message);
        _queue.Truncate(from);
    }

    private Arrival Classify(in L2tpHeader header, ReadOnlySpan<byte> datagram, Instant now)
    {
        counters.Count(header.IsZlb ? LacCounter.L2tpZlbReceived : LacCounter.L2tpControlReceived);
        if (header.IsZlb) return Arrival.Zlb;
        switch (SequenceNumbers.Classify(_expectedNs, header.Ns))
        {
            case SequenceOrder.Duplicate:
                // Our acknowledgement was lost.
                counters.Count(DropReason.L2tpDuplicate);
                _ackNow = true;
                return Arrival.Duplicate;
            case SequenceOrder.Ahead:
                Keep(header.Ns, datagram);
                return Arrival.Ahead;
            default:
                Accept(now);
                return Arrival.InOrder;
        }
    }

    private void HandleNr(ushort nr, Instant now)
    {
        var count = SequenceNumbers.Acknowledged(_firstNs, nr);
        if (count == 0) return;
        if (count > _transmitted)
        {
            counters.Count(DropReason.L2tpNrBogus);
            return;
        }

        for (var i = 0; i < count; i++) _done.Enqueue(_queue[i].Message);
        _queue.RemoveFirst(count);
        _firstNs += (ushort)count;
        _transmitted -= count;
        _inFlight = Math.Max(0, _inFlight - count);
        _attempts = 0;
        _window.Acknowledged();
        _retransmitAt = _inFlight > 0 ? now + _firstInterval : Instant.Never;
        Pump(now);
    }

    private void Pump(Instant now)
    {
        while (_inFlight < _queue.Count && _inFlight < _window.Size)
        {
            Transmit(_inFlight++);
            if (_inFlight == 1) _retransmitAt = now + Interval();
        }
    }

    private TimeSpan Interval()
    {
        // 2^20 s are far beyond any cap.
        var interval = _firstInterval * (1 << Math.Min(_attempts, 20));
        return interval < _cap ? interval : _cap;
    }

    private void Transmit(int index)
    {
        var octets = _queue[index].Octets;
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(4), PeerTunnelId);
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(8), (ushort)(_firstNs + index));
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(10), _expectedNs);
        outbox.Datagram(Socket, Peer, octets);
        Acknowledged();

        counters.Count(LacCounter.L2tpControlSent);
        if (index < _transmitted) counters.Count(LacCounter.L2tpControlRetransmitted);
        else _transmitted = index + 1;
    }

    private void SendZlb()
    {
        Span<byte> buffer = stackalloc byte[L2tpHeader.ControlSize];
        outbox.Datagram(Socket, Peer, AvpWriter.Zlb(buffer, PeerTunnelId, 0, NextNs, _expectedNs));
        counters.Count(LacCounter.L2tpZlbSent);
        Acknowledged();
    }

    private void Accept(Instant now)
    {
        _expectedNs++;
        _acksOwed++;
        if (_ackAt == Instant.Never) _ackAt = now + AckDelay;
    }

    private void Acknowledged()
    {
        _acksOwed = 0;
        _ackNow = false;
        _ackAt = Instant.Never;
    }

    private void Keep(ushort ns, ReadOnlySpan<byte> datagram)
    {
        var distance = (ushort)(ns - _expectedNs);
        if (distance >= receiveWindow || datagram.Length > MaxKeptSize)
        {
            counters.Count(DropReason.L2tpAhead);
            return;
        }

        _ahead ??= [];
        if (_ahead.Exists(kept => kept.Ns == ns)) counters.Count(DropReason.L2tpDuplicate);
        else _ahead.Add((ns, datagram.ToArray()));
    }
}
