using LacEdge.Core.Config;
using LacEdge.Wire;
using LacEdge.Wire.Ppp;

namespace LacEdge.Core.Ppp;

/// <summary>
/// CHAP with MD5 (RFC 1994), MS-CHAPv1 (RFC 2433) and MS-CHAPv2 (RFC 2759), which differ here in sizes alone: one Challenge,
/// repeated as it is until a Response comes. Neither Success nor Failure: the answer is the LNS's.
/// </summary>
internal sealed class ChapAuthenticator : Authenticator
{
    /// <summary>As long as a name can be in PAP. Longer ones would not fit into the AVP that carries them to the LNS.</summary>
    private const int MaxNameSize = 255;

    private readonly AuthenticationProtocol _protocol;
    private readonly Bytes _challenge;
    private readonly byte _identifier;

    /// <param name="protocol">One of the three.</param>
    /// <param name="identifier">Another than the last Challenge's on this link.</param>
    /// <param name="name">Ours, in the Challenge.</param>
    public ChapAuthenticator(AuthenticationProtocol protocol, byte identifier, Bytes name, RandomStream challenges, LacCounters counters)
        : base(counters)
    {
        _protocol = protocol;
        _identifier = identifier;
        var challenge = new byte[protocol == AuthenticationProtocol.MsChapV1 ? 8 : 16];
        challenges.Fill(challenge);
        _challenge = Bytes.Wrap(challenge);
        Question = Ask(name);
    }

    public override PppProtocol Protocol => PppProtocol.Chap;
    public override Bytes Question { get; }
    private int ResponseSize => _protocol == AuthenticationProtocol.ChapMd5 ? 16 : 49;

    public override AuthenticationStep Handle(in PppControlPacket packet)
    {
        if (packet.Code != (byte)ChapCode.Response)
        {
            Counters.Count(DropReason.PppUnexpected);
            return AuthenticationStep.Nothing;
        }

        if (packet.Identifier != _identifier)
        {
            Counters.Count(DropReason.PppIdentifierMismatch);
            return AuthenticationStep.Nothing;
        }

        if (!ChapValue.TryParse(packet.Data, out var response, out var error))
        {
            Counters.Count(error);
            return AuthenticationStep.Nothing;
        }

        if (response.Value.Length != ResponseSize || response.Name.Length > MaxNameSize)
        {
            Counters.Count(DropReason.CredentialsMalformed);
            return AuthenticationStep.Nothing;
        }

        if (Credentials is { } known)
        {
            // One Challenge has one Response; another answer to it is nobody's repeat.
            if (!known.Name.Span.SequenceEqual(response.Name) || !known.Response.Span.SequenceEqual(response.Value))
                Counters.Count(DropReason.PppUnexpected);
            return AuthenticationStep.Nothing;
        }

        Credentials = new Credentials(
            _protocol, _identifier, Bytes.Copy(response.Name), _challenge, Bytes.Copy(response.Value));
        return AuthenticationStep.NewCredentials;
    }

    private Bytes Ask(Bytes name)
    {
        var data = new WireWriter(new byte[1 + _challenge.Length + name.Length]);
        ChapValue.WriteData(ref data, _challenge.Span, name.Span);
        var frame = new byte[2 + PppControlPacket.HeaderSize + data.Position];
        var writer = new WireWriter(frame);
        PppControlPacket.Write(ref writer, PppProtocol.Chap, (byte)ChapCode.Challenge, _identifier, data.Written);
        return Bytes.Wrap(frame);
    }
}
