using LacEdge.Core.Config;
using LacEdge.Wire;
using LacEdge.Wire.Ppp;

namespace LacEdge.Core.Ppp;

/// <summary>
/// The Identity of EAP (RFC 3748 section 5.1): one Request, repeated as it is until a Response comes. What authenticates is
/// between the subscriber and the LNS, which begins anew.
/// </summary>
internal sealed class EapAuthenticator : Authenticator
{
    /// <summary>As long as a name can be in PAP. Longer ones are nobody's.</summary>
    private const int MaxIdentitySize = 255;

    private readonly byte _identifier;

    /// <param name="identifier">Another than the last Request's on this link.</param>
    public EapAuthenticator(byte identifier, LacCounters counters) : base(counters)
    {
        _identifier = identifier;
        var frame = new byte[2 + PppControlPacket.HeaderSize + 1];
        var writer = new WireWriter(frame);
        PppControlPacket.Write(ref writer, PppProtocol.Eap, (byte)EapCode.Request, identifier, [(byte)EapType.Identity]);
        Question = Bytes.Wrap(frame);
    }

    public override PppProtocol Protocol => PppProtocol.Eap;
    public override Bytes Question { get; }
    /// <summary>RFC 3748 section 4.1: at least three repeats.</summary>
    public override int MinQuestions => 4;

    public override AuthenticationStep Handle(in PppControlPacket packet)
    {
        if (packet.Code != (byte)EapCode.Response)
        {
            Counters.Count(DropReason.PppUnexpected);
        }
        else if (packet.Identifier != _identifier)
        {
            Counters.Count(DropReason.PppIdentifierMismatch);
        }
        else if (packet.Data.IsEmpty)
        {
            Counters.Count(DecodeError.PppControlTruncated);
        }
        else if (packet.Data[0] != (byte)EapType.Identity)
        {
            // A Nak is no answer to an Identity Request (section 5.3.1), and we ask for nothing else.
            Counters.Count(DropReason.PppUnexpected);
        }
        else if (packet.Data.Length - 1 > MaxIdentitySize)
        {
            Counters.Count(DropReason.CredentialsMalformed);
        }
        else
        {
            return Take(packet.Data[1..]);
        }

        return AuthenticationStep.Nothing;
    }

    private AuthenticationStep Take(ReadOnlySpan<byte> identity)
    {
        if (Credentials is { } known)
        {
            // One Request has one Response; another answer to it is nobody's repeat.
            if (!known.Name.Span.SequenceEqual(identity)) Counters.Count(DropReason.PppUnexpected);
            return AuthenticationStep.Nothing;
        }

        Credentials = new Credentials(AuthenticationProtocol.Eap, _identifier, Bytes.Copy(identity), default, default);
        return AuthenticationStep.NewCredentials;
    }
}
