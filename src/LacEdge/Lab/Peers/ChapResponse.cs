using System.Security.Cryptography;
using System.Text;

namespace LacEdge.Lab.Peers;

/// <summary>The three kinds of CHAP, for both ends: sizes, responses and what the challenger says to a right one.</summary>
internal static class ChapResponse
{
    public static bool IsChap(PppAuthentication protocol) =>
        protocol is PppAuthentication.Chap or PppAuthentication.MsChapV1 or PppAuthentication.MsChapV2;

    public static int ChallengeSize(PppAuthentication kind) => kind == PppAuthentication.MsChapV1 ? 8 : 16;

    /// <param name="own">Random octets of the responder's, for MS-CHAPv2.</param>
    public static byte[] Of(
        PppAuthentication kind, byte identifier, string user, string secret, ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> own) =>
        kind switch
        {
            PppAuthentication.MsChapV1 => MsChap.ResponseV1(secret, challenge),
            PppAuthentication.MsChapV2 => MsChap.ResponseV2(user, secret, challenge, own),
            _ => ChapDigest.Of(identifier, secret, challenge),
        };

    public static bool IsRight(
        PppAuthentication kind, byte identifier, string user, string secret, ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> response)
    {
        if (challenge.Length == 0 || (kind != PppAuthentication.Chap && response.Length != MsChap.ResponseSize)) return false;
        var own = kind == PppAuthentication.MsChapV2 ? response[..MsChap.PeerChallengeSize] : default;
        return CryptographicOperations.FixedTimeEquals(Of(kind, identifier, user, secret, challenge, own), response);
    }

    /// <summary>Text of the Success packet.</summary>
    public static string Success(PppAuthentication kind, string user, string secret, ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> response) =>
        kind == PppAuthentication.MsChapV2 ? MsChap.AuthenticatorResponse(user, secret, challenge, response) + " M=Welcome" : "";
}

internal static class ChapDigest
{
    /// <summary>MD5(identifier, secret, challenge): CHAP-MD5 (RFC 1994 section 4.1), EAP-MD5, and L2TP's tunnel authentication too.</summary>
    public static byte[] Of(byte identifier, string secret, ReadOnlySpan<byte> challenge)
    {
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        md5.AppendData([identifier]);
        md5.AppendData(Encoding.UTF8.GetBytes(secret));
        md5.AppendData(challenge);
        return md5.GetHashAndReset();
    }
}
