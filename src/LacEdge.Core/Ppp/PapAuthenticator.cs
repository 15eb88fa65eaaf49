using LacEdge.Core.Config;
using LacEdge.Wire;
using LacEdge.Wire.Ppp;

namespace LacEdge.Core.Ppp;

/// <summary>Reads PAP requests (RFC 1334 section 2). Neither Ack nor Nak: the answer is the LNS's.</summary>
internal sealed class PapAuthenticator(LacCounters counters) : Authenticator(counters)
{
    public override PppProtocol Protocol => PppProtocol.Pap;
    public override Bytes Question => default;

    public override AuthenticationStep Handle(in PppControlPacket packet)
    {
        if (packet.Code != (byte)PapCode.AuthenticateRequest)
        {
            Counters.Count(DropReason.PppUnexpected);
            return AuthenticationStep.Nothing;
        }

        if (!PapRequest.TryParse(packet.Data, out var request, out var error))
        {
            Counters.Count(error);
            return AuthenticationStep.Nothing;
        }

        if (Credentials is { } known)
        {
            if (known.Identifier == packet.Identifier && !IsSame(known, request))
            {
                // RFC 1334 section 2.2: another request has another identifier.
                Counters.Count(DropReason.PppIdentifierMismatch);
                return AuthenticationStep.Nothing;
            }

            if (IsSame(known, request))
            {
                // The LNS's answer must carry the identifier that the subscriber used last.
                if (known.Identifier != packet.Identifier) Credentials = known with { Identifier = packet.Identifier };
                return AuthenticationStep.Nothing;
            }
        }

        Credentials = new Credentials(
            AuthenticationProtocol.Pap, packet.Identifier, Bytes.Copy(request.PeerId), default, Bytes.Copy(request.Password));
        return AuthenticationStep.NewCredentials;
    }

    private static bool IsSame(Credentials known, in PapRequest request) =>
        known.Name.Span.SequenceEqual(request.PeerId) && known.Response.Span.SequenceEqual(request.Password);
}
