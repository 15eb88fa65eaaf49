using System.Buffers.Binary;
using System.Numerics;

namespace LacEdge.Lab.Peers;

/// <summary>MD4 (RFC 1320), which MS-CHAP hashes passwords with and .NET does not have.</summary>
internal static class Md4
{
    private const int BlockSize = 64;

    public static byte[] Hash(ReadOnlySpan<byte> message)
    {
        // Padding: one bit, zeros, the length in bits.
        var padded = new byte[(message.Length + 9 + BlockSize - 1) / BlockSize * BlockSize];
        message.CopyTo(padded);
        padded[message.Length] = 0x80;
        BinaryPrimitives.WriteUInt64LittleEndian(padded.AsSpan(padded.Length - 8), (ulong)message.Length * 8);

        Span<uint> state = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476];
        for (var at = 0; at < padded.Length; at += BlockSize) Mix(state, padded.AsSpan(at, BlockSize));
        var hash = new byte[16];
        for (var i = 0; i < 4; i++) BinaryPrimitives.WriteUInt32LittleEndian(hash.AsSpan(i * 4), state[i]);
        return hash;
    }

    private static void Mix(Span<uint> state, ReadOnlySpan<byte> block)
    {
        ReadOnlySpan<int> columns = [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15];
        ReadOnlySpan<int> reversed = [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15];
        ReadOnlySpan<int> rotations = [3, 7, 11, 19, 3, 5, 9, 13, 3, 9, 11, 15];
        Span<uint> words = stackalloc uint[16];
        for (var i = 0; i < 16; i++) words[i] = BinaryPrimitives.ReadUInt32LittleEndian(block[(i * 4)..]);
        var (a, b, c, d) = (state[0], state[1], state[2], state[3]);
        for (var step = 0; step < 48; step++)
        {
            var i = step % 16;
            var sum = a + (step / 16) switch
            {
                0 => (b & c | ~b & d) + words[i],
                1 => (b & c | b & d | c & d) + words[columns[i]] + 0x5A827999,
                _ => (b ^ c ^ d) + words[reversed[i]] + 0x6ED9EBA1,
            };
            (a, b, c, d) = (d, BitOperations.RotateLeft(sum, rotations[step / 16 * 4 + i % 4]), b, c);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
    }
}
