namespace LacEdge.Core.Lac;

/// <summary>Small numbers for the data plane's tables: the lowest that were freed last come first, so that tables stay compact.</summary>
internal sealed class SlotPool(int capacity)
{
    private readonly Stack<int> _free = new();
    private int _next;

    public int Live => _next - _free.Count;

    public bool TryTake(out int slot)
    {
        if (_free.TryPop(out slot)) return true;
        slot = _next;
        if (_next >= capacity) return false;
        _next++;
        return true;
    }

    public void Release(int slot) => _free.Push(slot);
}
