namespace LacEdge.Core.L2tp;

/// <summary>Something that happened to a tunnel, with its state before and after.</summary>
/// <param name="At">The last time, when it happened several times in a row.</param>
public readonly record struct TunnelEvent(Instant At, string What, TunnelState Before, TunnelState After, int Count);

/// <summary>The last events of a tunnel, oldest first. What repeats is counted in one event.</summary>
public sealed class TunnelHistory
{
    public const int Limit = 64;

    private readonly RingBuffer<TunnelEvent> _events = new();
    private TunnelState _state;

    public IReadOnlyList<TunnelEvent> Events => [.. Enumerable.Range(0, _events.Count).Select(i => _events[i])];

    /// <param name="state">Of the tunnel now; before is what the last event left.</param>
    internal void Add(Instant at, string what, TunnelState state)
    {
        var added = new TunnelEvent(at, what, _state, state, 1);
        _state = state;
        if (_events.Count > 0 && _events[_events.Count - 1] is var last && last with { At = at, Count = 1 } == added)
        {
            _events[_events.Count - 1] = last with { At = at, Count = last.Count + 1 };
            return;
        }

        if (_events.Count == Limit) _events.RemoveFirst(1);
        _events.Add(added);
    }
}
