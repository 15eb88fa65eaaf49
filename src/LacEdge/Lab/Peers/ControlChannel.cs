using System.Buffers.Binary;
using LacEdge.Core;

namespace LacEdge.Lab.Peers;

/// <summary>What becomes of a received control message.</summary>
internal enum Delivery { InOrder, Duplicate, Ahead }

/// <summary>
/// Reliable delivery of control messages (RFC 2661 section 5.8), plain: a window without slow start, the oldest message
/// repeated after 1, 2, 4, 8, 16 s.
/// </summary>
/// <param name="transmit">Sends a whole message; it keeps the array until it is acknowledged.</param>
internal sealed class ControlChannel(int retries, Action<byte[]> transmit)
{
    private const int DefaultWindow = 4;
    private readonly Queue<byte[]> _unacknowledged = new(), _waiting = new();
    private ushort _nextNs;
    private int _repeats;

    /// <summary>The next Ns that is expected.</summary>
    public ushort Nr { get; private set; }
    public ushort Ns => _nextNs;
    public int PeerWindow { get; set; } = DefaultWindow;
    public Instant RepeatAt { get; private set; } = Instant.Never;
    public bool IsIdle => _unacknowledged.Count == 0 && _waiting.Count == 0;
    public uint Repeats { get; private set; }

    /// <summary>Sends a whole message, Ns and Nr filled in, as soon as the window lets it go.</summary>
    public void Send(byte[] message, Instant now)
    {
        _waiting.Enqueue(message);
        Release(now);
    }

    /// <summary>Nr of any message, ZLBs too. False when it acknowledges what was never sent.</summary>
    public bool Acknowledge(ushort nr, Instant now)
    {
        var open = (ushort)(_nextNs - nr);
        // More than is open: an older message that came late, or a number out of the future.
        if (open > _unacknowledged.Count) return open < 32768;
        var freed = _unacknowledged.Count - open;
        for (var i = 0; i < freed; i++) _unacknowledged.Dequeue();
        if (freed > 0)
        {
            _repeats = 0;
            RepeatAt = _unacknowledged.Count > 0 ? now + TimeSpan.FromSeconds(1) : Instant.Never;
        }

        Release(now);
        return true;
    }

    public Delivery Receive(ushort ns)
    {
        var ahead = (ushort)(ns - Nr);
        if (ahead == 0)
        {
            Nr++;
            return Delivery.InOrder;
        }

        return ahead >= 32768 ? Delivery.Duplicate : Delivery.Ahead;
    }

    /// <summary>At <see cref="RepeatAt"/>. False when the peer has been silent for the whole cycle.</summary>
    public bool Repeat(Instant now)
    {
        if (RepeatAt > now) return true;
        if (_repeats == retries) return false;
        _repeats++;
        Repeats++;
        RepeatAt = now + TimeSpan.FromSeconds(Math.Min(1 << _repeats, 16));
        var oldest = _unacknowledged.Peek();
        BinaryPrimitives.WriteUInt16BigEndian(oldest.AsSpan(10), Nr);
        transmit(oldest);
        return true;
    }

    private void Release(Instant now)
    {
        while (_unacknowledged.Count < PeerWindow && _waiting.TryDequeue(out var message))
        {
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(8), _nextNs++);
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(10), Nr);
            _unacknowledged.Enqueue(message);
            if (RepeatAt == Instant.Never) RepeatAt = now + TimeSpan.FromSeconds(1);
            transmit(message);
        }
    }
}
