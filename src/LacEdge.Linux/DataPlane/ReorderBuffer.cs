using LacEdge.Linux.Kernel;
using LacEdge.Linux.Sockets;

namespace LacEdge.Linux.DataPlane;

/// <summary>
/// Data messages that came before others which are due: copied here until those come or their time is up. Bounded over all
/// sessions; used by one thread.
/// </summary>
internal sealed unsafe class ReorderBuffer : IDisposable
{
    public const int Capacity = 256;
    /// <summary>Longer messages do not wait.</summary>
    private const int MaxLength = 2048;
    private const int Stride = ReceiveBatch.Headroom + MaxLength;

    private readonly NativeTable<byte> _buffers = new(Capacity * Stride);
    private readonly Held[] _held = new Held[Capacity];
    private int _count;
    /// <summary>Taken, but perhaps not sent yet.</summary>
    private int _taken;

    private enum State : byte { Free, Waiting, Taken }

    private struct Held
    {
        public State State;
        public ushort Ns;
        public ushort Session;
        public int Socket;
        public int Length;
        public long Deadline;
    }

    public bool IsEmpty => _count == 0;

    /// <summary>The earliest; <see cref="long.MaxValue"/> when nothing waits.</summary>
    public long NextDeadline
    {
        get
        {
            var next = long.MaxValue;
            if (_count == 0) return next;
            foreach (ref readonly var held in _held.AsSpan())
            {
                if (held.State == State.Waiting && held.Deadline < next) next = held.Deadline;
            }

            return next;
        }
    }

    /// <summary>False when there is no room, or the session has as many waiting as it may.</summary>
    /// <param name="socket">Where it came from.</param>
    /// <param name="session">Our L2TP session id: unlike a slot it is nobody else's as long as anything may wait.</param>
    public bool TryHold(int socket, ushort session, ushort ns, ReadOnlySpan<byte> datagram, int window, long deadline)
    {
        if (datagram.Length > MaxLength || _count + _taken == Capacity) return false;
        var (free, waiting) = (-1, 0);
        for (var i = 0; i < Capacity; i++)
        {
            ref var held = ref _held[i];
            if (held.State == State.Free) free = i;
            else if (held.State == State.Waiting && held.Session == session) waiting++;
        }

        if (waiting >= window || free < 0) return false;
        datagram.CopyTo(Datagram(free, datagram.Length));
        _held[free] = new Held { State = State.Waiting, Ns = ns, Session = session, Socket = socket, Length = datagram.Length, Deadline = deadline };
        _count++;
        return true;
    }

    /// <summary>Takes this one out, if it waits; its octets stay until <see cref="Sent"/>. -1: it does not.</summary>
    public int Take(ushort session, ushort ns)
    {
        if (_count == 0) return -1;
        for (var i = 0; i < Capacity; i++)
        {
            if (_held[i].State == State.Waiting && _held[i].Session == session && _held[i].Ns == ns) return Take(i);
        }

        return -1;
    }

    /// <summary>Takes out the first, in order, of a session of which one has waited long enough. -1: there is none.</summary>
    /// <param name="expected">Ns that a session expects.</param>
    public int TakeExpired(long now, Func<ushort, ushort> expected)
    {
        if (_count == 0) return -1;
        foreach (ref readonly var held in _held.AsSpan())
        {
            if (held.State == State.Waiting && held.Deadline <= now) return TakeFirst(held.Session, expected(held.Session), ushort.MaxValue);
        }

        return -1;
    }

    /// <summary>Takes out the first of the session, in order from <paramref name="expected"/> on, if it is less than
    /// <paramref name="distance"/> ahead. -1: there is none.</summary>
    public int TakeFirst(ushort session, ushort expected, int distance)
    {
        if (_count == 0) return -1;
        var first = -1;
        for (var i = 0; i < Capacity; i++)
        {
            if (_held[i].State != State.Waiting || _held[i].Session != session) continue;
            var ahead = (ushort)(_held[i].Ns - expected);
            if (ahead < distance) (first, distance) = (i, ahead);
        }

        return first < 0 ? -1 : Take(first);
    }

    /// <summary>Whether this one waits.</summary>
    public bool Holds(ushort session, ushort ns)
    {
        if (_count == 0) return false;
        foreach (ref readonly var held in _held.AsSpan())
        {
            if (held.State == State.Waiting && held.Session == session && held.Ns == ns) return true;
        }

        return false;
    }

    /// <summary>Nothing of the session waits any more.</summary>
    public void Drop(ushort session)
    {
        if (_count == 0) return;
        foreach (ref var held in _held.AsSpan())
        {
            if (held.State != State.Waiting || held.Session != session) continue;
            held.State = State.Free;
            _count--;
        }
    }

    public int Socket(int index) => _held[index].Socket;
    public ushort Session(int index) => _held[index].Session;
    public Span<byte> Datagram(int index) => Datagram(index, _held[index].Length);
    public Span<byte> WithHeadroom(int index) => new(_buffers.Address(index * Stride), ReceiveBatch.Headroom + _held[index].Length);

    /// <summary>What was taken out is sent: its room is free.</summary>
    public void Sent()
    {
        if (_taken == 0) return;
        foreach (ref var held in _held.AsSpan())
        {
            if (held.State == State.Taken) held.State = State.Free;
        }

        _taken = 0;
    }

    public void Dispose() => _buffers.Dispose();

    private int Take(int index)
    {
        _held[index].State = State.Taken;
        _count--;
        _taken++;
        return index;
    }

    private Span<byte> Datagram(int index, int length) => new(_buffers.Address(index * Stride + ReceiveBatch.Headroom), length);
}
