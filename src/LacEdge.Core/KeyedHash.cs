using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace LacEdge.Core;

/// <summary>
/// SipHash-1-3 (Aumasson, Bernstein 2012) with a random key: for tables whose keys others choose and that are looked into for
/// every frame. Nobody who does not know the key can choose values that fall together. Not for cookies: those are HMACs.
/// </summary>
internal sealed class KeyedHash
{
    private readonly ulong _k0, _k1;

    public KeyedHash(RandomStream keys)
    {
        Span<byte> key = stackalloc byte[16];
        keys.Fill(key);
        (_k0, _k1) = (BinaryPrimitives.ReadUInt64LittleEndian(key), BinaryPrimitives.ReadUInt64LittleEndian(key[8..]));
    }

    public ulong Of(params ReadOnlySpan<ulong> words) => Of(MemoryMarshal.AsBytes(words));

    public ulong Of(ReadOnlySpan<byte> octets)
    {
        var state = new State(_k0, _k1);
        var rest = octets;
        for (; rest.Length >= 8; rest = rest[8..]) state.Take(BinaryPrimitives.ReadUInt64LittleEndian(rest));
        var last = (ulong)(octets.Length & 0xFF) << 56;
        for (var i = 0; i < rest.Length; i++) last |= (ulong)rest[i] << (8 * i);
        state.Take(last);
        return state.Finish();
    }

    private struct State(ulong k0, ulong k1)
    {
        private ulong _v0 = k0 ^ 0x736f6d6570736575, _v1 = k1 ^ 0x646f72616e646f6d, _v2 = k0 ^ 0x6c7967656e657261, _v3 = k1 ^ 0x7465646279746573;

        public void Take(ulong word)
        {
            _v3 ^= word;
            Round();
            _v0 ^= word;
        }

        public ulong Finish()
        {
            _v2 ^= 0xFF;
            for (var i = 0; i < 3; i++) Round();
            return _v0 ^ _v1 ^ _v2 ^ _v3;
        }

        private void Round()
        {
            _v0 += _v1;
            _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
            _v0 = BitOperations.RotateLeft(_v0, 32);
            _v2 += _v3;
            _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
            _v0 += _v3;
            _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
            _v2 += _v1;
            _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
            _v2 = BitOperations.RotateLeft(_v2, 32);
        }
    }
}
