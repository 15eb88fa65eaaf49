using System.Security.Cryptography;
using System.Text;
using LacEdge.Core;
using LacEdge.Wire.Ppp;

namespace LacEdge.Lab.Peers;

/// <summary>EAP (RFC 3748): Identity, then MD5-Challenge; each Request is repeated until its Response comes.</summary>
public sealed partial class PppServer
{
    private byte[] _eapRequest = [];
    private byte _eapId;

    private void BeginEap(Instant now)
    {
        JudgedBy = JudgedBy.OwnAuthentication;
        AskEap([(byte)EapType.Identity], now);
    }

    /// <summary>The LAC has the Identity already: the next Request continues the conversation with another identifier.</summary>
    private void AdoptIdentity(ProxyAvps proxy, Instant now)
    {
        if (proxy.Response.Span is not [(byte)EapCode.Response, _, _, _, (byte)EapType.Identity, .. var identity])
        {
            Line.Violation("proxied EAP Response is no Identity");
            return;
        }

        _eapId = proxy.Identifier;
        ChallengeEap(identity, now);
    }

    private void HandleEap(in PppControlPacket packet, Instant now)
    {
        // Another identifier answers an older Request: RFC 3748 section 4.1.
        if (packet.Identifier != _eapId || packet.Data.IsEmpty) return;
        if (_decided) SendPacket(PppProtocol.Eap, (byte)EapCode.Success, _eapId, default, now);
        else if (packet.Data[0] != _eapRequest[0]) RefuseEap($"EAP type {packet.Data[0]} instead of {_eapRequest[0]}", now);
        else if (packet.Data[0] == (byte)EapType.Identity) ChallengeEap(packet.Data[1..], now);
        else JudgeEap(packet.Data[1..], now);
    }

    private void ChallengeEap(ReadOnlySpan<byte> identity, Instant now)
    {
        User = Encoding.UTF8.GetString(identity);
        _challenge = new byte[ChapResponse.ChallengeSize(PppAuthentication.Chap)];
        _random.Fill(_challenge);
        AskEap([(byte)EapType.Md5Challenge, (byte)_challenge.Length, .. _challenge, .. Encoding.UTF8.GetBytes(_name)], now);
    }

    private void JudgeEap(ReadOnlySpan<byte> data, Instant now)
    {
        if (ChapValue.TryParse(data, out var response, out _) && _passwords(User) is { } secret
            && CryptographicOperations.FixedTimeEquals(ChapDigest.Of(_eapId, secret, _challenge), response.Value))
        {
            _decided = true;
            SendPacket(PppProtocol.Eap, (byte)EapCode.Success, _eapId, default, now);
            Authenticated(now);
            return;
        }

        RefuseEap("wrong name or password", now);
    }

    private void RefuseEap(string why, Instant now)
    {
        SendPacket(PppProtocol.Eap, (byte)EapCode.Failure, _eapId, default, now);
        Terminate(PppEnd.AuthenticationRejected, why, now);
    }

    private void AskEap(byte[] request, Instant now)
    {
        _eapId++;
        _eapRequest = request;
        RepeatEap(now);
    }

    private void RepeatEap(Instant now)
    {
        SendPacket(PppProtocol.Eap, (byte)EapCode.Request, _eapId, _eapRequest, now);
        RepeatLater(now);
    }
}
