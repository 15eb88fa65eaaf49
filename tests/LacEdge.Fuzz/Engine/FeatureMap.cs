using System.Numerics;

namespace LacEdge.Fuzz.Engine;

/// <summary>
/// Feature coverage: what an execution showed of itself (errors, drops, counters, states, message types), hashed into a bitmap. The
/// runtime is not instrumented, so this says nothing about lines or branches: only that something was seen that no input showed before.
/// </summary>
internal sealed class FeatureMap
{
    private const int Bits = 18;
    private readonly ulong[] _seen = new ulong[(1 << Bits) / 64], _now = new ulong[(1 << Bits) / 64];
    private readonly List<int> _hits = [];

    /// <summary>Features seen by any execution so far.</summary>
    public int Count { get; private set; }

    /// <summary>This execution has shown it.</summary>
    public void Hit(uint feature)
    {
        var index = (int)(feature * 0x9E3779B1u >> 32 - Bits);
        ref var word = ref _now[index >> 6];
        var bit = 1UL << (index & 63);
        if ((word & bit) != 0) return;
        word |= bit;
        _hits.Add(index);
    }

    public void Hit(int kind, int value) => Hit((uint)kind * 0x01000193 ^ (uint)value * 0x85EBCA6B);

    /// <summary>A number by its magnitude: 7 and 8 differ, 70 and 80 do not.</summary>
    public void HitCount(int kind, int count) => Hit(kind, count < 4 ? count : 4 + BitOperations.Log2((uint)count));

    /// <summary>The execution is over. Gives how many features were new.</summary>
    public int Commit()
    {
        var fresh = 0;
        foreach (var index in _hits)
        {
            var bit = 1UL << (index & 63);
            _now[index >> 6] &= ~bit;
            if ((_seen[index >> 6] & bit) != 0) continue;
            _seen[index >> 6] |= bit;
            fresh++;
        }

        _hits.Clear();
        Count += fresh;
        return fresh;
    }
}
