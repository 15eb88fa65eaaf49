using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LacEdge.Core;

/// <summary>What a random value is for. Each purpose has a stream of its own, so that one more draw for one purpose moves no other.</summary>
public enum RandomPurpose
{
    TunnelId,
    SessionId,
    PppoeSessionId,
    TunnelChallenge,
    ChapChallenge,
    ChapIdentifier,
    MagicNumber,
    CookieKey,
    RandomVector,
    Jitter,
    LocalPort,
    Steering,
    /// <summary>Keys of the hashed tables.</summary>
    TableKey,
    TieBreaker,
    RadiusAuthenticator,
    RadiusServer,
    DnsOrder,
}

/// <summary>One stream of random octets: AES-CTR keyed by the seed and the purpose. Same seed, same octets.</summary>
public sealed class RandomStream : IDisposable
{
    private readonly Aes _aes;
    private readonly byte[] _counter = new byte[16];
    private readonly byte[] _block = new byte[256];
    private readonly Queue<byte> _preset = new();
    private int _used;

    internal RandomStream(ReadOnlySpan<byte> seed, RandomPurpose purpose)
    {
        Span<byte> label = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(label, (int)purpose);
        _aes = Aes.Create();
        _aes.Key = HMACSHA256.HashData(seed, label);
        _used = _block.Length;
    }

    public void Fill(Span<byte> octets)
    {
        foreach (ref var octet in octets)
        {
            if (_preset.TryDequeue(out octet)) continue;
            if (_used == _block.Length) Refill();
            octet = _block[_used++];
        }
    }

    /// <summary>Makes the next octets drawn be these: tests play exchanges that others recorded.</summary>
    internal void Preset(ReadOnlySpan<byte> octets)
    {
        foreach (var octet in octets) _preset.Enqueue(octet);
    }

    public byte NextByte()
    {
        Span<byte> octets = stackalloc byte[1];
        Fill(octets);
        return octets[0];
    }

    public uint NextUInt32()
    {
        Span<byte> octets = stackalloc byte[4];
        Fill(octets);
        return BinaryPrimitives.ReadUInt32BigEndian(octets);
    }

    /// <summary>Evenly from 0 to <paramref name="limit"/> - 1.</summary>
    public int Next(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var range = (uint)limit;
        var fair = uint.MaxValue - uint.MaxValue % range;
        uint value;
        do value = NextUInt32(); while (value >= fair);
        return (int)(value % range);
    }

    public void Dispose() => _aes.Dispose();

    private void Refill()
    {
        for (var at = 0; at < _block.Length; at += 16)
        {
            _counter.CopyTo(_block, at);
            BinaryPrimitives.WriteUInt64BigEndian(_counter.AsSpan(8), BinaryPrimitives.ReadUInt64BigEndian(_counter.AsSpan(8)) + 1);
        }

        _aes.EncryptEcb(_block, _block, PaddingMode.None);
        _used = 0;
    }
}

/// <summary>The random streams of one <c>Lac</c>, from a 32-octet seed that is fresh at every start (or recorded).</summary>
public sealed class RandomStreams : IDisposable
{
    public const int SeedSize = 32;
    private readonly RandomStream[] _streams;

    public RandomStreams(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != SeedSize) throw new ArgumentException($"a seed has {SeedSize} octets", nameof(seed));
        var purposes = Enum.GetValues<RandomPurpose>();
        _streams = new RandomStream[purposes.Length];
        foreach (var purpose in purposes) _streams[(int)purpose] = new RandomStream(seed, purpose);
    }

    public RandomStream this[RandomPurpose purpose] => _streams[(int)purpose];

    public void Dispose()
    {
        foreach (var stream in _streams) stream.Dispose();
    }
}
