namespace LacEdge.Core;

/// <summary>What a timer belongs to.</summary>
public interface ITimerOwner
{
    /// <summary>Decides, with the timer's kind, which of two timers with one deadline fires first. Unique among live owners.</summary>
    ulong TimerOrder { get; }

    /// <summary>The timer of this kind is due; it is stopped already.</summary>
    void HandleTimer(int kind, Instant now);
}

/// <summary>One timer of an object: a deadline, or stopped. Set and stopped through the <see cref="TimerQueue"/>.</summary>
public sealed class Timer(ITimerOwner owner, int kind)
{
    internal int HeapIndex { get; set; } = -1;
    internal ITimerOwner Owner { get; } = owner;

    public int Kind { get; } = kind;
    public bool IsSet => HeapIndex >= 0;
    /// <summary><see cref="Instant.Never"/> while stopped.</summary>
    public Instant Deadline { get; internal set; } = Instant.Never;
}

/// <summary>All running timers, the next one first (a binary heap that knows each timer's place, so that a stopped one leaves at once).</summary>
public sealed class TimerQueue
{
    private readonly List<Timer> _heap = [];

    public int Count => _heap.Count;
    public Instant NextDeadline => _heap.Count == 0 ? Instant.Never : _heap[0].Deadline;

    /// <summary>Starts the timer, or moves it.</summary>
    public void Set(Timer timer, Instant deadline)
    {
        Stop(timer);
        timer.Deadline = deadline;
        timer.HeapIndex = _heap.Count;
        _heap.Add(timer);
        SiftUp(timer.HeapIndex);
    }

    public void Stop(Timer timer)
    {
        var index = timer.HeapIndex;
        if (index < 0) return;
        timer.HeapIndex = -1;
        timer.Deadline = Instant.Never;

        var last = _heap[^1];
        _heap.RemoveAt(_heap.Count - 1);
        if (ReferenceEquals(last, timer)) return;
        Place(last, index);
        SiftUp(index);
        SiftDown(last.HeapIndex);
    }

    /// <summary>Fires every timer that is due, in the order (deadline, owner, kind).</summary>
    public void RunDue(Instant now)
    {
        while (_heap.Count > 0 && _heap[0].Deadline <= now)
        {
            var timer = _heap[0];
            Stop(timer);
            timer.Owner.HandleTimer(timer.Kind, now);
        }
    }

    private static bool Before(Timer a, Timer b) =>
        (a.Deadline.Nanoseconds, a.Owner.TimerOrder, a.Kind).CompareTo((b.Deadline.Nanoseconds, b.Owner.TimerOrder, b.Kind)) < 0;

    private void Place(Timer timer, int index)
    {
        _heap[index] = timer;
        timer.HeapIndex = index;
    }

    private void SiftUp(int index)
    {
        var timer = _heap[index];
        while (index > 0 && (index - 1) / 2 is var parent && Before(timer, _heap[parent]))
        {
            Place(_heap[parent], index);
            index = parent;
        }

        Place(timer, index);
    }

    private void SiftDown(int index)
    {
        var timer = _heap[index];
        while (index * 2 + 1 is var child && child < _heap.Count)
        {
            if (child + 1 < _heap.Count && Before(_heap[child + 1], _heap[child])) child++;
            if (!Before(_heap[child], timer)) break;
            Place(_heap[child], index);
            index = child;
        }

        Place(timer, index);
    }
}
