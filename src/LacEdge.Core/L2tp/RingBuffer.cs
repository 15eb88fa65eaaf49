namespace LacEdge.Core.L2tp;

/// <summary>A queue whose elements can be reached by their place; taking from the front costs nothing, however long it is.</summary>
internal sealed class RingBuffer<T>
{
    private T[] _items = new T[8];
    private int _head;

    public int Count { get; private set; }

    public ref T this[int index] => ref _items[_head + index & _items.Length - 1];

    public void Add(T item)
    {
        if (Count == _items.Length) Resize(Count * 2);
        this[Count++] = item;
    }

    public void RemoveFirst(int count)
    {
        for (var i = 0; i < count; i++) this[i] = default!;
        _head = _head + count & _items.Length - 1;
        Count -= count;
        Shrink();
    }

    /// <summary>Keeps the first <paramref name="count"/>.</summary>
    public void Truncate(int count)
    {
        for (var i = count; i < Count; i++) this[i] = default!;
        Count = count;
        Shrink();
    }

    // A burst must not hold its memory for ever.
    private void Shrink()
    {
        if (_items.Length > 1024 && Count < 8) Resize(8);
    }

    private void Resize(int size)
    {
        var items = new T[size];
        for (var i = 0; i < Count; i++) items[i] = this[i];
        (_items, _head) = (items, 0);
    }
}
