using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LacEdge.Wire.L2tp;

/// <summary>
/// Hiding of AVP values (RFC 2661 section 4.3). The hidden subformat is
/// <code>|   Length of Original Value    |   Original Attribute Value ... | Padding ... |</code>
/// and is XORed in blocks of 16 octets with MD5 digests: the first over attribute type, secret and random vector, each next
/// over secret and the cipher block before it. Clear and cipher text have the same length.
/// </summary>
public static class HiddenAvp
{
    /// <summary>The length field before the original value.</summary>
    public const int LengthSize = 2;
    private const int BlockSize = 16;

    /// <summary>Makes cipher text out of a complete subformat, in place.</summary>
    public static void Hide(ushort type, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> vector, Span<byte> subformat)
    {
        Span<byte> pad = stackalloc byte[BlockSize];
        FirstPad(type, secret, vector, pad);
        while (true)
        {
            var block = subformat[..Math.Min(BlockSize, subformat.Length)];
            Xor(block, pad);
            subformat = subformat[block.Length..];
            if (subformat.IsEmpty) return;
            NextPad(secret, block, pad);
        }
    }

    /// <summary>
    /// Clears the cipher text in place; the original value then starts at <see cref="LengthSize"/>. The length that comes out
    /// of the cipher is bounded before use: with a wrong secret it is noise.
    /// Error: <see cref="DecodeError.AvpHiddenLength"/>.
    /// </summary>
    public static bool TryReveal(
        ushort type, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> vector, Span<byte> subformat, out int length, out DecodeError error)
    {
        length = 0;
        error = DecodeError.AvpHiddenLength;
        if (subformat.Length < LengthSize) return false;

        Span<byte> pad = stackalloc byte[BlockSize], nextPad = stackalloc byte[BlockSize];
        FirstPad(type, secret, vector, pad);
        for (var rest = subformat; !rest.IsEmpty;)
        {
            var block = rest[..Math.Min(BlockSize, rest.Length)];
            rest = rest[block.Length..];
            // The next pad is made of this block's cipher text, so before it is cleared.
            if (!rest.IsEmpty) NextPad(secret, block, nextPad);
            Xor(block, pad);
            nextPad.CopyTo(pad);
        }

        length = BinaryPrimitives.ReadUInt16BigEndian(subformat);
        if (length > subformat.Length - LengthSize) return false;
        error = DecodeError.None;
        return true;
    }

    private static void FirstPad(ushort type, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> vector, Span<byte> pad)
    {
        Span<byte> typeOctets = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(typeOctets, type);
        TunnelAuthentication.Digest(typeOctets, secret, vector, pad);
    }

    private static void NextPad(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> cipher, Span<byte> pad) =>
        TunnelAuthentication.Digest(secret, cipher, default, pad);

    private static void Xor(Span<byte> block, ReadOnlySpan<byte> pad)
    {
        for (var i = 0; i < block.Length; i++) block[i] ^= pad[i];
    }
}

/// <summary>Tunnel authentication (RFC 2661 section 5.1.1).</summary>
public static class TunnelAuthentication
{
    public const int ResponseSize = 16;
    /// <summary>Octets of the challenges that we send.</summary>
    public const int ChallengeSize = 16;

    /// <summary>MD5 over the type of the message that carries the response, the secret and the challenge.</summary>
    public static void Respond(MessageType carrier, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> challenge, Span<byte> response) =>
        Digest([(byte)carrier], secret, challenge, response);

    /// <summary>Compares in constant time.</summary>
    public static bool Verify(MessageType carrier, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> response)
    {
        Span<byte> expected = stackalloc byte[ResponseSize];
        Respond(carrier, secret, challenge, expected);
        return CryptographicOperations.FixedTimeEquals(expected, response);
    }

    /// <summary>MD5 over the three in a row.</summary>
    internal static void Digest(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, Span<byte> digest)
    {
        var size = first.Length + second.Length + third.Length;
        Span<byte> input = size <= 512 ? stackalloc byte[512] : new byte[size];
        first.CopyTo(input);
        second.CopyTo(input[first.Length..]);
        third.CopyTo(input[(first.Length + second.Length)..]);
        MD5.HashData(input[..size], digest);
        CryptographicOperations.ZeroMemory(input[..size]);
    }
}
