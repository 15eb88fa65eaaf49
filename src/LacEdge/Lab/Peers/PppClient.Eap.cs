using System.Text;
using LacEdge.Core;
using LacEdge.Wire.Ppp;

namespace LacEdge.Lab.Peers;

/// <summary>EAP (RFC 3748): Identity, Notification and MD5-Challenge; anything else is answered with a Nak that wants MD5.</summary>
public sealed partial class PppClient
{
    private bool _eapProved;

    /// <summary>Identity Responses sent, repeats included.</summary>
    public uint IdentitiesSent { get; private set; }

    /// <summary>RFC 3748 section 4.2.</summary>
    private protected override bool SuccessMayBeLost => _eapProved;

    private void HandleEap(in PppControlPacket packet, Instant now)
    {
        switch ((EapCode)packet.Code)
        {
            case EapCode.Request when packet.Data.IsEmpty:
                Line.Violation("EAP Request without a type");
                break;
            case EapCode.Request:
                AnswerEap(packet.Identifier, packet.Data, now);
                break;
            case EapCode.Success when !_eapProved:
                Line.Violation("EAP Success before anything was proved");
                break;
            case EapCode.Success when Phase == PppPhase.Authentication:
                Authenticated(now);
                break;
            case EapCode.Failure:
                Terminate(PppEnd.AuthenticationRejected, "EAP Failure", now);
                break;
        }
    }

    private void AnswerEap(byte identifier, ReadOnlySpan<byte> request, Instant now)
    {
        switch ((EapType)request[0])
        {
            case EapType.Identity:
                IdentitiesSent++;
                SendEap(identifier, [(byte)EapType.Identity, .. Encoding.UTF8.GetBytes(_user)], now);
                break;
            case EapType.Notification:
                SendEap(identifier, [(byte)EapType.Notification], now);
                break;
            case EapType.Md5Challenge when ChapValue.TryParse(request[1..], out var challenge, out _) && !challenge.Value.IsEmpty:
                _eapProved = true;
                var digest = ChapDigest.Of(identifier, _password, challenge.Value);
                SendEap(identifier, [(byte)EapType.Md5Challenge, (byte)digest.Length, .. digest, .. Encoding.UTF8.GetBytes(_user)], now);
                break;
            case EapType.Md5Challenge:
                Line.Violation("EAP MD5-Challenge without a value");
                break;
            default:
                SendEap(identifier, [(byte)EapType.Nak, (byte)EapType.Md5Challenge], now);
                break;
        }
    }

    private void SendEap(byte identifier, ReadOnlySpan<byte> data, Instant now)
    {
        CredentialsSent++;
        SendPacket(PppProtocol.Eap, (byte)EapCode.Response, identifier, data, now);
    }
}
