using System.Text;
using LacEdge.Core.Config;
using LacEdge.Wire;
using LacEdge.Wire.Ppp;

namespace LacEdge.Core.Ppp;

/// <summary>The one "no" that is ours to say: RADIUS has judged the subscriber's credentials.</summary>
public sealed partial class PppLink
{
    /// <summary>Octets of a PAP message.</summary>
    private const int MaxMessage = 255;

    /// <summary>PAP Nak or CHAP Failure; nothing where no credentials are there that can be found wrong. <see cref="Terminate"/> follows.</summary>
    public void RejectUser(string text, Instant now)
    {
        if (_released || _state != PppState.Opened || Credentials is not { } shown) return;
        var message = Encoding.UTF8.GetBytes(text).AsSpan();
        message = message[..Math.Min(message.Length, MaxMessage)];
        switch (shown.Protocol)
        {
            case AuthenticationProtocol.Pap:
                SendAuthentication(PppProtocol.Pap, (byte)PapCode.AuthenticateNak, shown.Identifier, [(byte)message.Length, .. message], now);
                break;
            case AuthenticationProtocol.ChapMd5:
                SendAuthentication(PppProtocol.Chap, (byte)ChapCode.Failure, shown.Identifier, message, now);
                break;
            case AuthenticationProtocol.MsChapV1:
                // Error 691, authentication failure; no retry (RFC 2433 section 9).
                SendAuthentication(PppProtocol.Chap, (byte)ChapCode.Failure, shown.Identifier, "E=691 R=0"u8, now);
                break;
            case AuthenticationProtocol.MsChapV2:
                // RFC 2759 section 6: the challenge of a retry stands there even when none is allowed.
                var failure = $"E=691 R=0 C={Convert.ToHexString(shown.Challenge.Span)} V=3 M=";
                SendAuthentication(PppProtocol.Chap, (byte)ChapCode.Failure, shown.Identifier, [.. Encoding.ASCII.GetBytes(failure), .. message], now);
                break;
        }
    }

    private void SendAuthentication(PppProtocol protocol, byte code, byte identifier, ReadOnlySpan<byte> data, Instant now)
    {
        var writer = new WireWriter(new byte[2 + PppControlPacket.HeaderSize + data.Length]);
        PppControlPacket.Write(ref writer, protocol, code, identifier, data);
        _user.SendPpp(this, writer.Written, now);
    }
}
