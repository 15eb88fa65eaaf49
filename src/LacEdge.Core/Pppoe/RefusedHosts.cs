namespace LacEdge.Core.Pppoe;

/// <summary>
/// Hosts whose PADI was refused in the last 30 to 60 s because a VLAN's or an interface's rate was used up. They come back;
/// a flood of addresses drawn at random does not.
/// </summary>
/// <remarks>
/// Two Bloom filters, of which the older one is emptied and takes the other's place every 30 s, or earlier when 4 million hosts
/// stand in the younger. 8 MiB, from the first refusal on. At that fill about one stranger in ten is taken for a known one.
/// </remarks>
internal sealed class RefusedHosts
{
    private const int BitsLog = 25, MostNoted = 1 << 22;
    private static readonly TimeSpan _generation = TimeSpan.FromSeconds(30);

    private ulong[]? _younger, _older;
    private Instant _youngerSince;
    private int _noted;

    public bool Knows(ulong host, Instant now)
    {
        if (_younger is null) return false;
        Age(now);
        return Holds(_younger!, host) || Holds(_older!, host);
    }

    public void Note(ulong host, Instant now)
    {
        if (_younger is null)
        {
            (_younger, _older) = (new ulong[1 << BitsLog - 6], new ulong[1 << BitsLog - 6]);
            _youngerSince = now;
        }

        Age(now);
        var (one, two) = Places(host);
        _younger![one >> 6] |= 1UL << (int)one;
        _younger[two >> 6] |= 1UL << (int)two;
        _noted++;
    }

    private static bool Holds(ulong[] bits, ulong host)
    {
        var (one, two) = Places(host);
        return (bits[one >> 6] >> (int)one & bits[two >> 6] >> (int)two & 1) != 0;
    }

    private static (uint One, uint Two) Places(ulong host) => ((uint)host & (1u << BitsLog) - 1, (uint)(host >> 64 - BitsLog));

    private void Age(Instant now)
    {
        if (now - _youngerSince < _generation && _noted < MostNoted) return;
        // After a long silence what stands in the younger one is old, too.
        if (now - _youngerSince >= 2 * _generation) Array.Clear(_younger!);
        (_younger, _older) = (_older, _younger);
        Array.Clear(_younger!);
        _youngerSince = now;
        _noted = 0;
    }
}
