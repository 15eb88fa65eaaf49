using System.Security.Cryptography;
using System.Text;

namespace LacEdge.Lab.Peers;

/// <summary>Responses of MS-CHAPv1 (RFC 2433) and MS-CHAPv2 (RFC 2759), for both ends.</summary>
internal static class MsChap
{
    /// <summary>Of a Response's value, both versions.</summary>
    public const int ResponseSize = 49;
    public const int PeerChallengeSize = 16;
    private const int NtResponseAt = 24, NtResponseSize = 24;

    /// <summary>RFC 2433 section 6: no LAN Manager response, the NT response, and the flag that says so.</summary>
    public static byte[] ResponseV1(string password, ReadOnlySpan<byte> challenge) =>
        [.. new byte[NtResponseAt], .. NtResponse(challenge, PasswordHash(password)), 1];

    /// <summary>RFC 2759 section 4: peer challenge, eight zeros, NT response, no flags.</summary>
    public static byte[] ResponseV2(string user, string password, ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> peerChallenge) =>
        [.. peerChallenge, .. new byte[8], .. NtResponse(ChallengeHash(user, challenge, peerChallenge), PasswordHash(password)), 0];

    /// <summary>"S=" and 40 hex digits: that the authenticator knows the password, too (RFC 2759 section 8.7).</summary>
    public static string AuthenticatorResponse(string user, string password, ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> response)
    {
        var digest = SHA1.HashData(
            [.. Md4.Hash(PasswordHash(password)), .. response.Slice(NtResponseAt, NtResponseSize), .. "Magic server to client signing constant"u8]);
        var hash = ChallengeHash(user, challenge, response[..PeerChallengeSize]);
        return "S=" + Convert.ToHexString(SHA1.HashData([.. digest, .. hash, .. "Pad to make it do more than one iteration"u8]));
    }

    private static byte[] PasswordHash(string password) => Md4.Hash(Encoding.Unicode.GetBytes(password));

    private static byte[] ChallengeHash(string user, ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> peerChallenge) =>
        SHA1.HashData([.. peerChallenge, .. challenge, .. Encoding.UTF8.GetBytes(user)])[..8];

    /// <summary>The challenge encrypted with DES under three thirds of the hash (RFC 2433 section 8.5).</summary>
    private static byte[] NtResponse(ReadOnlySpan<byte> challenge, byte[] hash)
    {
        byte[] key = [.. hash, 0, 0, 0, 0, 0];
        return [.. Encrypt(challenge, key.AsSpan(0, 7)), .. Encrypt(challenge, key.AsSpan(7, 7)), .. Encrypt(challenge, key.AsSpan(14, 7))];
    }

    private static byte[] Encrypt(ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> sevenOctets)
    {
        ulong bits = 0;
        foreach (var octet in sevenOctets) bits = bits << 8 | octet;
        var key = new byte[8];
        // Seven bits of key in each octet; the lowest is parity, which nobody looks at.
        for (var i = 7; i >= 0; i--, bits >>= 7) key[i] = (byte)(bits << 1);
        using var des = DES.Create();
        des.Key = key;
        return des.EncryptEcb(challenge, PaddingMode.None);
    }
}
