namespace LacEdge.Core.Lac;

/// <summary>Subscriber sessions in the order of their keys, which only ever grow: a list with holes, found by binary search.</summary>
internal sealed class SessionTable
{
    private readonly List<(uint Sequence, SubscriberSession? Session)> _rows = [];
    private int _holes;

    public int Count => _rows.Count - _holes;

    public void Add(SubscriberSession session)
    {
        if (_rows.Count > 0 && _rows[^1].Sequence >= session.Key.Sequence) throw new InvalidOperationException("session keys must grow");
        _rows.Add((session.Key.Sequence, session));
    }

    public bool TryGet(SessionKey key, out SubscriberSession session)
    {
        var index = IndexFrom(key.Sequence);
        var found = index < _rows.Count && _rows[index].Session is { } candidate && candidate.Key == key ? candidate : null;
        session = found!;
        return found is not null;
    }

    public void Remove(SessionKey key)
    {
        var index = IndexFrom(key.Sequence);
        if (index >= _rows.Count || _rows[index].Session?.Key != key) return;
        _rows[index] = (key.Sequence, null);
        _holes++;
        if (_holes > 64 && _holes * 2 > _rows.Count)
        {
            _rows.RemoveAll(row => row.Session is null);
            _holes = 0;
        }
    }

    /// <summary>In order, from the first after <paramref name="sequence"/>.</summary>
    public IEnumerable<SubscriberSession> After(uint sequence)
    {
        for (var i = sequence == uint.MaxValue ? _rows.Count : IndexFrom(sequence + 1); i < _rows.Count; i++)
        {
            if (_rows[i].Session is { } session) yield return session;
        }
    }

    private int IndexFrom(uint sequence)
    {
        int low = 0, high = _rows.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_rows[middle].Sequence < sequence) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
