using System.Numerics;

namespace LacEdge.Lab.Peers;

/// <summary>A small seeded generator (xoshiro256**, seeded by splitmix64): same seed, same values. Not for secrets.</summary>
public sealed class PeerRandom
{
    private ulong _a, _b, _c, _d;

    public PeerRandom(ulong seed)
    {
        _a = SplitMix(ref seed);
        _b = SplitMix(ref seed);
        _c = SplitMix(ref seed);
        _d = SplitMix(ref seed);
    }

    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    public uint NextUInt32() => (uint)(NextUInt64() >> 32);

    /// <summary>From 0 to <paramref name="limit"/> - 1.</summary>
    public int Next(int limit) => (int)((UInt128)NextUInt64() * (ulong)limit >> 64);

    /// <summary>From 0 up to, but not including, 1.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A non-zero value, as magic numbers and ids want it.</summary>
    public uint NextNonZero()
    {
        uint value;
        do value = NextUInt32(); while (value == 0);
        return value;
    }

    public void Fill(Span<byte> octets)
    {
        foreach (ref var octet in octets) octet = (byte)(NextUInt64() >> 56);
    }

    private static ulong SplitMix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }
}
