namespace LacEdge.Core;

/// <summary>
/// Hands out 16-bit ids at random from the free ones (RFC 2661 section 9.1: not guessable) and lets each rest after use,
/// so that late messages for the old owner do not reach the new one.
/// </summary>
public sealed class IdPool
{
    /// <summary>A full retransmission cycle of L2TP: 1+2+4+8+16 s.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(31);

    private readonly RandomStream _random;
    private readonly ushort _first;
    private readonly int _capacity;
    private readonly byte[] _taken;
    private readonly Queue<(Instant FreeAt, ushort Id)> _resting = new();

    /// <summary>Ids from <paramref name="first"/> to <paramref name="last"/>, at most <paramref name="capacity"/> of them live at once.</summary>
    public IdPool(RandomStream random, ushort first, ushort last, int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(last, first);
        _random = random;
        _first = first;
        _taken = new byte[(last - first + 8) / 8];
        Size = last - first + 1;
        _capacity = Math.Min(capacity, Size);
    }

    /// <summary>How many ids there are in all.</summary>
    public int Size { get; }
    public int Live { get; private set; }
    public int Resting => _resting.Count;

    /// <summary>False when every id is in use or resting, or the capacity is reached.</summary>
    public bool TryTake(Instant now, out ushort id)
    {
        Wake(now);
        id = 0;
        if (Live >= _capacity || Live + _resting.Count >= Size) return false;

        // Some random tries, then the next free one from a random place: fast while few are taken, bounded when many are.
        var at = _random.Next(Size);
        for (var i = 0; i < 8 && IsTaken(at); i++) at = _random.Next(Size);
        while (IsTaken(at)) at = (at + 1) % Size;
        Mark(at, true);
        Live++;
        id = (ushort)(_first + at);
        return true;
    }

    /// <summary>The id's owner is gone; the id rests.</summary>
    public void Release(ushort id, Instant now)
    {
        if (!IsTaken(id - _first)) throw new InvalidOperationException($"id {id} was not taken");
        Live--;
        _resting.Enqueue((now + Rest, id));
    }

    /// <summary>Neither in use nor resting; every id outside the pool's range is.</summary>
    public bool IsFree(ushort id, Instant now)
    {
        Wake(now);
        return id < _first || id >= _first + Size || !IsTaken(id - _first);
    }

    private void Wake(Instant now)
    {
        while (_resting.TryPeek(out var oldest) && oldest.FreeAt <= now)
        {
            _resting.Dequeue();
            Mark(oldest.Id - _first, false);
        }
    }

    private bool IsTaken(int index) => (_taken[index >> 3] & 1 << (index & 7)) != 0;

    private void Mark(int index, bool taken)
    {
        if (taken) _taken[index >> 3] |= (byte)(1 << (index & 7));
        else _taken[index >> 3] &= (byte)~(1 << (index & 7));
    }
}
