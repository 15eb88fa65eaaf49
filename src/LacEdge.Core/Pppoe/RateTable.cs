namespace LacEdge.Core.Pppoe;

/// <summary>
/// Token buckets for any number of keys in constant memory: at most <c>rate</c> frames a second of each key, one second's
/// worth at once.
/// </summary>
/// <remarks>
/// A bucket is one number, the time at which it would be full again (the "virtual scheduling" form of a token bucket). A
/// key has a bucket in each of two rows, and the fuller one counts. So keys that fall together share a rate only when they do
/// so in both rows, and no key ever gets more than its rate, whatever else arrives.
/// </remarks>
internal sealed class RateTable
{
    private readonly long[] _fullAt;
    private readonly uint _mask;
    private readonly long _intervalNs, _burstNs;

    /// <param name="rate">Frames a second; 0: no limit.</param>
    /// <param name="buckets">In each of the two rows; a power of two.</param>
    public RateTable(int rate, int buckets)
    {
        // Rounded up: never more than the rate.
        _intervalNs = rate == 0 ? 0 : (1_000_000_000 + rate - 1) / rate;
        _burstNs = _intervalNs * rate;
        _fullAt = rate == 0 ? [] : new long[2 * buckets];
        _mask = (uint)buckets - 1;
    }

    /// <summary>Takes a token if one is there.</summary>
    /// <param name="preferred">May go on taking from a reserve of half a second's worth where others find the bucket empty; what it
    /// takes is missing to them afterwards.</param>
    public bool Take(ulong key, Instant now, bool preferred = false)
    {
        if (_intervalNs == 0) return true;
        ref var first = ref _fullAt[(uint)key & _mask];
        ref var second = ref _fullAt[_mask + 1 + ((uint)(key >> 32) & _mask)];
        var fullAt = Math.Max(Math.Min(first, second), now.Nanoseconds) + _intervalNs;
        if (fullAt > now.Nanoseconds + _burstNs + (preferred ? _burstNs / 2 : 0)) return false;
        first = Math.Max(first, fullAt);
        second = Math.Max(second, fullAt);
        return true;
    }
}
