using System.Text;
using LacEdge.Core;
using LacEdge.Wire;
using LacEdge.Wire.Ppp;

namespace LacEdge.Lab.Peers;

/// <summary>What an LNS does with the proxy AVPs that it is given.</summary>
public enum LnsMode
{
    /// <summary>Keeps LCP, judges the proxied credentials and tells the client with AVP 32's identifier.</summary>
    Forced,
    /// <summary>Restarts LCP and authenticates by itself, as xl2tpd and l2tpns do.</summary>
    Renegotiate,
    /// <summary>Keeps LCP and challenges anew, with another identifier, or asks for the EAP identity anew. PAP cannot be asked for: as
    /// <see cref="WaitForRepeat"/>.</summary>
    ReChallenge,
    /// <summary>Keeps LCP and judges the client's next PAP request or CHAP response; where the proxy AVPs have no challenge to judge it
    /// by, as <see cref="ReChallenge"/>.</summary>
    WaitForRepeat,
}

/// <summary>By which credentials the LNS judged.</summary>
public enum JudgedBy { Nothing, Proxy, Repeat, OwnAuthentication }

/// <summary>AVPs 26 to 33 in the clear, as ICCN brought them.</summary>
public sealed record ProxyAvps(
    Bytes InitialReceived, Bytes LastSent, Bytes LastReceived, ushort? Type, byte Identifier, Bytes Name, Bytes Challenge, Bytes Response)
{
    public bool HasLcp => !LastSent.IsEmpty && !LastReceived.IsEmpty;
    public override string ToString() => $"type {Type} id {Identifier}";
}

/// <summary>The LNS's end: authenticates the client in one of four ways, gives it an address, answers its pings.</summary>
public sealed partial class PppServer : PppStack
{
    public const ushort ProxyChap = 2, ProxyPap = 3, ProxyNone = 4, ProxyMsChapV1 = 5, ProxyEap = 7;
    private readonly LnsMode _mode;
    private readonly Func<string, string?> _passwords;
    private readonly string _name;
    private readonly PeerRandom _random;
    private Instant _giveUpAt = Instant.Never;
    private byte[] _challenge = [];
    private byte _chapId;
    private string _success = "";
    private bool _decided, _adopted;

    /// <param name="passwords">The password of a user, null for an unknown one.</param>
    /// <param name="name">Name in CHAP challenges.</param>
    public PppServer(
        IPppLine line, PppTimers timers, ushort mru, LnsMode mode, PppAuthentication asks, Func<string, string?> passwords, string name,
        PeerRandom random, uint local, uint given)
        : base(line, timers, mru, random.NextNonZero(), asks, PppAuthentication.None, local, given) =>
        (_mode, _passwords, _name, _random) = (mode, passwords, name, random);

    public string User { get; private set; } = "";
    public JudgedBy JudgedBy { get; private set; }

    /// <summary>ICCN is here: goes on as the mode says. Without usable proxy LCP every mode renegotiates.</summary>
    public void Connect(ProxyAvps proxy, Instant now)
    {
        if (_mode == LnsMode.Renegotiate || !proxy.HasLcp)
        {
            Start(now);
            return;
        }

        if (!LinkControl.AdoptProxy(proxy.LastSent.Span, proxy.LastReceived.Span)) Line.Violation("proxy LCP options do not parse");
        _adopted = true;
        _challenge = proxy.Challenge.Span.ToArray();
        _chapId = proxy.Identifier;
        LcpOpened(now);
        if (_mode == LnsMode.Forced) JudgeProxy(proxy, now);
        else if (LinkControl.Demanded == PppAuthentication.Eap) BeginEap(now);
        else if (LinkControl.Demanded == PppAuthentication.None) TakeUnasked(now);
        else if (ChapResponse.IsChap(LinkControl.Demanded) && (_mode == LnsMode.ReChallenge || _challenge.Length == 0)) SendNewChallenge(now);
    }

    private protected override void StartAuthentication(Instant now)
    {
        _decided = false;
        _giveUpAt = now + Timers.AuthenticationTimeout;
        AuthenticationDeadline = _giveUpAt;
        if (_adopted)
        {
            // The rest is the mode's; a later LCP restart is all our own.
            _adopted = false;
            return;
        }

        JudgedBy = JudgedBy.OwnAuthentication;
        if (LinkControl.Demanded == PppAuthentication.None) Authenticated(now);
        else if (LinkControl.Demanded == PppAuthentication.Eap) BeginEap(now);
        else if (ChapResponse.IsChap(LinkControl.Demanded)) SendNewChallenge(now);
    }

    private protected override void HandleAuthentication(PppProtocol protocol, in PppControlPacket packet, Instant now)
    {
        var demanded = LinkControl.Demanded;
        if (protocol == PppProtocol.Pap && packet.Code == (byte)PapCode.AuthenticateRequest && demanded == PppAuthentication.Pap)
            HandlePapRequest(packet, now);
        else if (protocol == PppProtocol.Chap && packet.Code == (byte)ChapCode.Response && ChapResponse.IsChap(demanded))
            HandleResponse(packet, now);
        else if (protocol == PppProtocol.Eap && packet.Code == (byte)EapCode.Response && demanded == PppAuthentication.Eap)
            HandleEap(packet, now);
        else Line.Violation($"{protocol} code {packet.Code} although {demanded} was agreed upon");
    }

    private protected override void AuthenticationTimeout(Instant now)
    {
        if (now >= _giveUpAt) Terminate(PppEnd.AuthenticationTimeout, "no credentials came", now);
        else if (LinkControl.Demanded == PppAuthentication.Eap) RepeatEap(now);
        else SendChallenge(now);
    }

    private void JudgeProxy(ProxyAvps proxy, Instant now)
    {
        JudgedBy = JudgedBy.Proxy;
        switch (proxy.Type)
        {
            case ProxyChap or ProxyMsChapV1:
                JudgeChap(proxy.Identifier, proxy.Name.Span, proxy.Challenge.Span, proxy.Response.Span, now);
                break;
            case ProxyPap:
                JudgePap(proxy.Identifier, proxy.Name.Span, proxy.Response.Span, now);
                break;
            case ProxyEap:
                AdoptIdentity(proxy, now);
                break;
            default:
                TakeUnasked(now);
                break;
        }
    }

    /// <summary>Nothing was proved to the LAC: enough where we ask for nothing, else all begins anew.</summary>
    private void TakeUnasked(Instant now)
    {
        if (LinkControl.AsksNothing)
        {
            Authenticated(now);
            return;
        }

        LinkControl.Reset();
        Start(now);
    }

    private void HandlePapRequest(in PppControlPacket packet, Instant now)
    {
        if (!PapRequest.TryParse(packet.Data, out var request, out var error))
        {
            Line.Violation($"PAP request: {error}");
            return;
        }

        // A repeat of what was judged: the answer was lost.
        if (_decided) SendPacket(PppProtocol.Pap, (byte)PapCode.AuthenticateAck, packet.Identifier, [0], now);
        else
        {
            if (JudgedBy == JudgedBy.Nothing) JudgedBy = JudgedBy.Repeat;
            JudgePap(packet.Identifier, request.PeerId, request.Password, now);
        }
    }

    private void HandleResponse(in PppControlPacket packet, Instant now)
    {
        // Another identifier answers an older challenge: RFC 1994 section 4.1.
        if (packet.Identifier != _chapId) return;
        if (!ChapValue.TryParse(packet.Data, out var response, out var error))
        {
            Line.Violation($"CHAP response: {error}");
            return;
        }

        if (_decided) SendPacket(PppProtocol.Chap, (byte)ChapCode.Success, packet.Identifier, Encoding.UTF8.GetBytes(_success), now);
        else
        {
            if (JudgedBy == JudgedBy.Nothing) JudgedBy = JudgedBy.Repeat;
            JudgeChap(packet.Identifier, response.Name, _challenge, response.Value, now);
        }
    }

    private void JudgePap(byte identifier, ReadOnlySpan<byte> name, ReadOnlySpan<byte> password, Instant now)
    {
        User = Encoding.UTF8.GetString(name);
        if (_passwords(User) is { } right && Encoding.UTF8.GetBytes(right).AsSpan().SequenceEqual(password))
        {
            _decided = true;
            SendPacket(PppProtocol.Pap, (byte)PapCode.AuthenticateAck, identifier, [0], now);
            Authenticated(now);
            return;
        }

        SendPacket(PppProtocol.Pap, (byte)PapCode.AuthenticateNak, identifier, [15, .. "Login incorrect"u8], now);
        Terminate(PppEnd.AuthenticationRejected, "wrong name or password", now);
    }

    private void JudgeChap(byte identifier, ReadOnlySpan<byte> name, ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> value, Instant now)
    {
        User = Encoding.UTF8.GetString(name);
        var kind = LinkControl.Demanded;
        if (_passwords(User) is { } secret && ChapResponse.IsRight(kind, identifier, User, secret, challenge, value))
        {
            _decided = true;
            _success = ChapResponse.Success(kind, User, secret, challenge, value);
            SendPacket(PppProtocol.Chap, (byte)ChapCode.Success, identifier, Encoding.UTF8.GetBytes(_success), now);
            Authenticated(now);
            return;
        }

        SendPacket(PppProtocol.Chap, (byte)ChapCode.Failure, identifier, "Login incorrect"u8, now);
        Terminate(PppEnd.AuthenticationRejected, "wrong name or password", now);
    }

    private void SendNewChallenge(Instant now)
    {
        JudgedBy = JudgedBy.OwnAuthentication;
        _chapId++;
        _challenge = new byte[ChapResponse.ChallengeSize(LinkControl.Demanded)];
        _random.Fill(_challenge);
        SendChallenge(now);
    }

    private void SendChallenge(Instant now)
    {
        var data = new WireWriter(stackalloc byte[300]);
        ChapValue.WriteData(ref data, _challenge, Encoding.UTF8.GetBytes(_name));
        SendPacket(PppProtocol.Chap, (byte)ChapCode.Challenge, _chapId, data.Written, now);
        RepeatLater(now);
    }

    private void RepeatLater(Instant now)
    {
        var repeat = now + Timers.AuthenticationRepeat;
        AuthenticationDeadline = repeat < _giveUpAt ? repeat : _giveUpAt;
    }
}
