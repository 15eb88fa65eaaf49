using System.Security.Cryptography;

namespace LacEdge.Wire.Radius;

/// <summary>What is wrong with a packet's authenticators.</summary>
public enum RadiusSealError : byte
{
    None,
    /// <summary>The Response (or Request) Authenticator is wrong: another secret, or forged.</summary>
    Authenticator,
    /// <summary>There is a Message-Authenticator, and it is wrong or stands there twice.</summary>
    MessageAuthenticator,
    /// <summary>There is none, and there must be.</summary>
    Unsigned,
    /// <summary>Its attributes cannot be walked to the end.</summary>
    Malformed,
}

/// <summary>Makes packets valid and tells whether they are.</summary>
public static class RadiusSeal
{
    private const int AuthenticatorAt = 4;

    /// <summary>Room for the Message-Authenticator: to be written first, so that nothing before it can be chosen by others
    /// (CVE-2024-3596).</summary>
    public static void Reserve(ref RadiusWriter writer) =>
        writer.Attribute(RadiusAttribute.MessageAuthenticator, RadiusAuthentication.Size).Clear();

    /// <summary>Access-Request and Status-Server: the random authenticator, then the Message-Authenticator if there is one.</summary>
    public static void Request(Span<byte> packet, ReadOnlySpan<byte> authenticator, ReadOnlySpan<byte> secret)
    {
        authenticator.CopyTo(packet[AuthenticatorAt..]);
        Sign(packet, authenticator, secret);
    }

    /// <summary>Accounting-Request, CoA-Request and Disconnect-Request: the Message-Authenticator if there is one, then the digest.</summary>
    public static void HashedRequest(Span<byte> packet, ReadOnlySpan<byte> secret)
    {
        ReadOnlySpan<byte> zeros = stackalloc byte[RadiusAuthentication.Size];
        Sign(packet, zeros, secret);
        RadiusAuthentication.Digest(packet, zeros, secret, packet.Slice(AuthenticatorAt, RadiusAuthentication.Size));
    }

    /// <summary>Any reply.</summary>
    public static void Reply(Span<byte> packet, ReadOnlySpan<byte> requestAuthenticator, ReadOnlySpan<byte> secret)
    {
        Sign(packet, requestAuthenticator, secret);
        RadiusAuthentication.Digest(packet, requestAuthenticator, secret, packet.Slice(AuthenticatorAt, RadiusAuthentication.Size));
    }

    /// <summary>Whether a reply is genuine.</summary>
    /// <param name="packet">A whole packet by its length field.</param>
    /// <param name="mustBeSigned">Without a Message-Authenticator it is not.</param>
    public static RadiusSealError CheckReply(
        ReadOnlySpan<byte> packet, ReadOnlySpan<byte> requestAuthenticator, ReadOnlySpan<byte> secret, bool mustBeSigned) =>
        Check(packet, requestAuthenticator, requestAuthenticator, secret, mustBeSigned);

    /// <summary>Whether a CoA-Request or Disconnect-Request is genuine (RFC 5176 sections 2.3 and 3.4).</summary>
    public static RadiusSealError CheckHashedRequest(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> secret, bool mustBeSigned)
    {
        ReadOnlySpan<byte> zeros = stackalloc byte[RadiusAuthentication.Size];
        return Check(packet, zeros, zeros, secret, mustBeSigned);
    }

    private static RadiusSealError Check(
        ReadOnlySpan<byte> packet, ReadOnlySpan<byte> inDigest, ReadOnlySpan<byte> inSignature, ReadOnlySpan<byte> secret, bool mustBeSigned)
    {
        Span<byte> digest = stackalloc byte[RadiusAuthentication.Size];
        RadiusAuthentication.Digest(packet, inDigest, secret, digest);
        if (!CryptographicOperations.FixedTimeEquals(digest, packet.Slice(AuthenticatorAt, RadiusAuthentication.Size)))
            return RadiusSealError.Authenticator;

        var at = FindSignature(packet, out var error);
        if (error != RadiusSealError.None) return error;
        if (at < 0) return mustBeSigned ? RadiusSealError.Unsigned : RadiusSealError.None;
        RadiusAuthentication.MessageAuthenticator(packet, at, inSignature, secret, digest);
        return CryptographicOperations.FixedTimeEquals(digest, packet.Slice(at, RadiusAuthentication.Size))
            ? RadiusSealError.None : RadiusSealError.MessageAuthenticator;
    }

    private static void Sign(Span<byte> packet, ReadOnlySpan<byte> authenticator, ReadOnlySpan<byte> secret)
    {
        if (FindSignature(packet, out _) is not (> 0 and var at)) return;
        Span<byte> digest = stackalloc byte[RadiusAuthentication.Size];
        RadiusAuthentication.MessageAuthenticator(packet, at, authenticator, secret, digest);
        digest.CopyTo(packet[at..]);
    }

    /// <summary>Where the value of the Message-Authenticator stands; -1: there is none.</summary>
    private static int FindSignature(ReadOnlySpan<byte> packet, out RadiusSealError error)
    {
        var found = -1;
        var at = RadiusPacket.HeaderSize;
        var walk = new RadiusAttributeReader(packet[at..]);
        error = RadiusSealError.None;
        while (walk.MoveNext())
        {
            if (walk.Current.Type == RadiusAttribute.MessageAuthenticator)
            {
                if (found >= 0 || walk.Current.Value.Length != RadiusAuthentication.Size) error = RadiusSealError.MessageAuthenticator;
                found = at + 2;
            }

            at += 2 + walk.Current.Value.Length;
        }

        if (walk.Error != DecodeError.None) error = RadiusSealError.Malformed;
        return found;
    }
}
