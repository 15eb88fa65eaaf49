using System.Text;
using LacEdge.Core;
using LacEdge.Wire;
using LacEdge.Wire.Ppp;

namespace LacEdge.Lab.Peers;

/// <summary>The subscriber's end: presents PAP credentials, or answers CHAP challenges or EAP requests, then asks for an address.</summary>
public sealed partial class PppClient : PppStack
{
    private readonly string _user, _password;
    private Instant _giveUpAt = Instant.Never;
    private readonly byte[] _peerChallenge = new byte[MsChap.PeerChallengeSize];
    private byte[]? _response;
    private string _expectedSuccess = "";
    private byte _firstPapId, _papId, _chapId, _previousChapId;
    private bool _challenged;

    public PppClient(IPppLine line, PppTimers timers, ushort mru, uint magic, PppAuthentication takes, string user, string password)
        : base(line, timers, mru, magic, PppAuthentication.None, takes, 0, 0)
    {
        (_user, _password) = (user, password);
        new PeerRandom(magic).Fill(_peerChallenge);
    }

    /// <summary>PAP requests, CHAP and EAP responses sent, repeats included.</summary>
    public uint CredentialsSent { get; private set; }
    public uint ChallengesReceived { get; private set; }

    private protected override void StartAuthentication(Instant now)
    {
        _giveUpAt = now + Timers.AuthenticationTimeout;
        AuthenticationDeadline = _giveUpAt;
        _challenged = _eapProved = false;
        switch (LinkControl.Granted)
        {
            case PppAuthentication.None: Authenticated(now); break;
            case PppAuthentication.Pap:
                _firstPapId = (byte)(_papId + 1);
                SendPapRequest(now);
                break;
        }
    }

    private protected override void HandleAuthentication(PppProtocol protocol, in PppControlPacket packet, Instant now)
    {
        var granted = LinkControl.Granted;
        if (protocol != Lcp.ProtocolOf(granted)) Line.Violation($"{protocol} although LCP agreed upon {granted}");
        else if (protocol == PppProtocol.Pap) HandlePap(packet, now);
        else if (protocol == PppProtocol.Eap) HandleEap(packet, now);
        else HandleChap(packet, now);
    }

    private protected override void AuthenticationTimeout(Instant now)
    {
        if (now >= _giveUpAt) Terminate(PppEnd.AuthenticationTimeout, "no verdict on the credentials", now);
        else if (LinkControl.Granted == PppAuthentication.Pap) SendPapRequest(now);
        else SendResponse(now);
    }

    private void HandlePap(in PppControlPacket packet, Instant now)
    {
        if (Phase != PppPhase.Authentication) return;
        if ((byte)(packet.Identifier - _firstPapId) > (byte)(_papId - _firstPapId))
        {
            // One for a request before an LCP restart may come late; one for no request at all must not come.
            if ((byte)(_papId - packet.Identifier) >= CredentialsSent)
                Line.Violation($"PAP verdict with identifier {packet.Identifier}, last was {_papId}");
            return;
        }

        switch ((PapCode)packet.Code)
        {
            case PapCode.AuthenticateAck: Authenticated(now); break;
            case PapCode.AuthenticateNak:
                Terminate(PppEnd.AuthenticationRejected, packet.Data.IsEmpty ? "" : PrintableText.From(packet.Data[1..]), now);
                break;
        }
    }

    private void HandleChap(in PppControlPacket packet, Instant now)
    {
        if (packet.Code == (byte)ChapCode.Challenge)
        {
            HandleChallenge(packet, now);
            return;
        }

        if (packet.Code is not ((byte)ChapCode.Success or (byte)ChapCode.Failure)) return;
        if (!_challenged || packet.Identifier != _chapId)
        {
            // One for the challenge before may come late.
            if (packet.Identifier != _previousChapId)
                Line.Violation($"CHAP verdict with identifier {packet.Identifier}, answered was {_chapId}");
            return;
        }

        if (packet.Code == (byte)ChapCode.Failure) Terminate(PppEnd.AuthenticationRejected, PrintableText.From(packet.Data), now);
        else if (!PrintableText.From(packet.Data).StartsWith(_expectedSuccess, StringComparison.Ordinal))
            Line.Violation("CHAP Success of one that does not know the password");
        else if (Phase == PppPhase.Authentication) Authenticated(now);
    }

    private void HandleChallenge(in PppControlPacket packet, Instant now)
    {
        if (!ChapValue.TryParse(packet.Data, out var challenge, out var error) || challenge.Value.IsEmpty || challenge.Name.IsEmpty)
        {
            Line.Violation($"CHAP challenge without value or name ({error})");
            return;
        }

        ChallengesReceived++;
        _challenged = true;
        if (packet.Identifier != _chapId) _previousChapId = _chapId;
        _chapId = packet.Identifier;
        var kind = LinkControl.Granted;
        if (challenge.Value.Length != ChapResponse.ChallengeSize(kind) && kind != PppAuthentication.Chap)
        {
            Line.Violation($"{kind} challenge of {challenge.Value.Length} octets");
            return;
        }

        _response = ChapResponse.Of(kind, _chapId, _user, _password, challenge.Value, _peerChallenge);
        _expectedSuccess = kind == PppAuthentication.MsChapV2
            ? MsChap.AuthenticatorResponse(_user, _password, challenge.Value, _response) : "";
        SendResponse(now);
    }

    private void SendPapRequest(Instant now)
    {
        _papId++;
        var data = new WireWriter(stackalloc byte[600]);
        PapRequest.WriteData(ref data, Encoding.UTF8.GetBytes(_user), Encoding.UTF8.GetBytes(_password));
        SendPacket(PppProtocol.Pap, (byte)PapCode.AuthenticateRequest, _papId, data.Written, now);
        Sent(now);
    }

    private void SendResponse(Instant now)
    {
        if (_response is null) return;
        var data = new WireWriter(stackalloc byte[300]);
        ChapValue.WriteData(ref data, _response, Encoding.UTF8.GetBytes(_user));
        SendPacket(PppProtocol.Chap, (byte)ChapCode.Response, _chapId, data.Written, now);
        Sent(now);
    }

    private void Sent(Instant now)
    {
        CredentialsSent++;
        // A challenge of an authenticated link is answered once: the challenger repeats it.
        if (Phase != PppPhase.Authentication) return;
        var repeat = Timers.AuthenticationRepeat > TimeSpan.Zero ? now + Timers.AuthenticationRepeat : Instant.Never;
        AuthenticationDeadline = repeat < _giveUpAt ? repeat : _giveUpAt;
    }
}
