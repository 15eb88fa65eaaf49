using System.Security.Cryptography;

namespace LacEdge.Wire.Radius;

/// <summary>Authenticators and hidden values of RADIUS, all over MD5 (RFC 2865 sections 3 and 5.2, RFC 2868 section 3.5, RFC 3579
/// section 3.2).</summary>
public static class RadiusAuthentication
{
    /// <summary>Octets of every authenticator.</summary>
    public const int Size = 16;
    public const int MaxPasswordSize = 128;
    private const int AuthenticatorAt = 4;

    /// <summary>MD5 over the packet, with <paramref name="authenticator"/> in its place, and the secret: Response Authenticator (with the
    /// request's) and Request Authenticator of accounting and dynamic authorization (with zeros).</summary>
    /// <param name="packet">A whole packet by its length field.</param>
    public static void Digest(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> authenticator, ReadOnlySpan<byte> secret, Span<byte> digest)
    {
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        md5.AppendData(packet[..AuthenticatorAt]);
        md5.AppendData(authenticator);
        md5.AppendData(packet[RadiusPacket.HeaderSize..]);
        md5.AppendData(secret);
        md5.GetHashAndReset(digest);
    }

    /// <summary>Message-Authenticator: HMAC-MD5 over the packet with <paramref name="authenticator"/> in its place and its own value
    /// zero.</summary>
    /// <param name="valueAt">Where the value of the attribute stands in the packet.</param>
    public static void MessageAuthenticator(
        ReadOnlySpan<byte> packet, int valueAt, ReadOnlySpan<byte> authenticator, ReadOnlySpan<byte> secret, Span<byte> digest)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.MD5, secret);
        hmac.AppendData(packet[..AuthenticatorAt]);
        hmac.AppendData(authenticator);
        hmac.AppendData(packet[RadiusPacket.HeaderSize..valueAt]);
        hmac.AppendData(stackalloc byte[Size]);
        hmac.AppendData(packet[(valueAt + Size)..]);
        hmac.GetHashAndReset(digest);
    }

    /// <summary>Octets that a User-Password of this size takes: a multiple of 16, at least one.</summary>
    public static int HiddenPasswordSize(int passwordSize) => Math.Max(1, (passwordSize + Size - 1) / Size) * Size;

    /// <summary>User-Password (RFC 2865 section 5.2), at most <see cref="MaxPasswordSize"/> octets.</summary>
    /// <param name="hidden"><see cref="HiddenPasswordSize"/> octets.</param>
    public static void HidePassword(ReadOnlySpan<byte> password, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> requestAuthenticator, Span<byte> hidden)
    {
        hidden.Clear();
        password.CopyTo(hidden);
        Span<byte> digest = stackalloc byte[Size];
        var previous = requestAuthenticator;
        for (var at = 0; at < hidden.Length; at += Size)
        {
            Hash(secret, previous, default, digest);
            var block = hidden.Slice(at, Size);
            Xor(block, digest);
            previous = block;
        }
    }

    /// <summary>Reads a Tunnel-Password behind its tag: salt and hidden text (RFC 2868 section 3.5). False when its size or the size
    /// inside is impossible.</summary>
    /// <param name="clear">As long as <paramref name="value"/>.</param>
    public static bool TryReadTunnelPassword(
        ReadOnlySpan<byte> value, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> requestAuthenticator, Span<byte> clear, out int size)
    {
        size = 0;
        const int saltSize = 2;
        var length = value.Length - saltSize;
        if (length < Size || length % Size != 0) return false;
        Span<byte> digest = stackalloc byte[Size];
        for (var at = 0; at < length; at += Size)
        {
            var block = value.Slice(saltSize + at, Size);
            if (at == 0) Hash(secret, requestAuthenticator, value[..saltSize], digest);
            else Hash(secret, value.Slice(saltSize + at - Size, Size), default, digest);
            block.CopyTo(clear[at..]);
            Xor(clear.Slice(at, Size), digest);
        }

        size = clear[0];
        if (size > length - 1) return false;
        clear.Slice(1, size).CopyTo(clear);
        return true;
    }

    private static void Hash(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, Span<byte> digest)
    {
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        md5.AppendData(first);
        md5.AppendData(second);
        md5.AppendData(third);
        md5.GetHashAndReset(digest);
    }

    private static void Xor(Span<byte> block, ReadOnlySpan<byte> digest)
    {
        for (var i = 0; i < block.Length; i++) block[i] ^= digest[i];
    }
}
