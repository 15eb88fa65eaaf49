using LacEdge.Core.Events;
using LacEdge.Wire;
using LacEdge.Wire.Ppp;

namespace LacEdge.Core.Ppp;

/// <summary>The LCP part of the link: packets become events of the automaton, its actions become packets.</summary>
public sealed partial class PppLink
{
    /// <summary>The packet with which the automaton answers what was received.</summary>
    private readonly ref struct Answer(LcpCode code, byte identifier, ReadOnlySpan<byte> data)
    {
        public LcpCode Code { get; } = code;
        public byte Identifier { get; } = identifier;
        public ReadOnlySpan<byte> Data { get; } = data;
    }

    /// <summary>Longer packets of our own than this are cut: neither side's MRU is exceeded.</summary>
    private int SendLimit => Math.Min(_lcp.PeerMru, _maxMru);

    private void HandleLcp(in PppFrame frame, Instant now)
    {
        if (!PppControlPacket.TryParse(frame.Information, out var packet, out var error))
        {
            _counters.Count(error);
            return;
        }

        switch ((LcpCode)packet.Code)
        {
            case LcpCode.ConfigureRequest: HandleConfigureRequest(packet, now); break;
            case LcpCode.ConfigureAck or LcpCode.ConfigureNak or LcpCode.ConfigureReject: HandleConfigureAnswer(packet, now); break;
            case LcpCode.TerminateRequest: HandleTerminateRequest(packet, now); break;
            case LcpCode.TerminateAck: HandleTerminateAck(now); break;
            case LcpCode.CodeReject: HandleCodeReject(packet, now); break;
            case LcpCode.ProtocolReject: HandleProtocolReject(packet, now); break;
            case LcpCode.EchoRequest: HandleEchoRequest(packet, now); break;
            case LcpCode.EchoReply: HandleEchoReply(packet, now); break;
            case LcpCode.Identification: HandleIdentification(packet); break;
            case LcpCode.DiscardRequest or LcpCode.TimeRemaining: break;
            default: HandleUnknownCode(packet, frame.Information, now); break;
        }
    }

    private void HandleConfigureRequest(in PppControlPacket packet, Instant now)
    {
        if (_state < PppState.ReqSent)
        {
            _counters.Count(DropReason.PppUnexpected);
            return;
        }

        if (!HasWholeOptions(packet)) return;
        if (_state == PppState.Opened) _lcp.Reset();
        var room = packet.Data.Length + 16;
        var answer = new WireWriter(room <= 256 ? stackalloc byte[256] : new byte[room]);
        var verdict = _lcp.Judge(packet.Data, ref answer);
        RepeatRequestOnFirst(now);
        switch (verdict)
        {
            case LcpVerdict.Looped:
                Terminate(EndCause.LcpLoop, "our own magic number came back", now);
                break;
            case LcpVerdict.Good:
                Raise(PppEvent.ReceiveConfigureRequestGood, new Answer(LcpCode.ConfigureAck, packet.Identifier, packet.Data), now);
                break;
            default:
                var code = verdict == LcpVerdict.Nak ? LcpCode.ConfigureNak : LcpCode.ConfigureReject;
                Raise(PppEvent.ReceiveConfigureRequestBad, new Answer(code, packet.Identifier, answer.Written), now);
                break;
        }
    }

    private bool HasWholeOptions(in PppControlPacket packet)
    {
        var error = LcpNegotiator.Check(packet.Data);
        if (error != DecodeError.None) _counters.Count(error);
        return error == DecodeError.None;
    }

    /// <summary>
    /// Clients open their session some milliseconds after PADS and lose what we sent before; their own first request proves
    /// that they listen now. Repeated before our answer, so that a client which did get the first copy is not yet open.
    /// </summary>
    private void RepeatRequestOnFirst(Instant now)
    {
        if (!_subscriberAsked && _state == PppState.ReqSent && !_requestAnswered && _restartCount > 0) SendConfigureRequest(now);
        _subscriberAsked = true;
    }

    private void HandleConfigureAnswer(in PppControlPacket packet, Instant now)
    {
        if (_state < PppState.ReqSent || _requestAnswered || packet.Identifier != _requestIdentifier)
        {
            _counters.Count(DropReason.PppIdentifierMismatch);
            return;
        }

        if (!HasWholeOptions(packet)) return;
        var verdict = (LcpCode)packet.Code switch
        {
            LcpCode.ConfigureAck => _lcp.HandleAck(packet.Data),
            LcpCode.ConfigureNak => _lcp.HandleNak(packet.Data),
            _ => _lcp.HandleReject(packet.Data),
        };
        if (verdict == LcpVerdict.Unexpected)
        {
            _counters.Count(DropReason.PppUnexpected);
            return;
        }

        _requestAnswered = true;
        if (verdict == LcpVerdict.AuthenticationRefused)
            Terminate(EndCause.AuthenticationRefused, "the subscriber refuses every authentication protocol offered", now);
        else if (verdict == LcpVerdict.Looped)
            Terminate(EndCause.LcpLoop, "our own magic number came back", now);
        else if (packet.Code == (byte)LcpCode.ConfigureAck)
            Raise(PppEvent.ReceiveConfigureAck, default, now);
        else
            Raise(PppEvent.ReceiveConfigureNakOrReject, default, now);
    }

    private void HandleTerminateRequest(in PppControlPacket packet, Instant now)
    {
        var negotiating = _state >= PppState.ReqSent;
        var detail = PrintableText.From(packet.Data);
        Raise(PppEvent.ReceiveTerminateRequest, new Answer(LcpCode.TerminateAck, packet.Identifier, default), now);
        // Ours is the end of the session: nothing is left to wait for (the RFC would linger to repeat the Ack; PADT follows).
        if (negotiating && !_released) End(EndCause.SubscriberTerminate, detail, now);
    }

    private void HandleTerminateAck(Instant now)
    {
        if (_state == PppState.Opened) _lcp.Reset();
        Raise(PppEvent.ReceiveTerminateAck, default, now);
    }

    private void HandleCodeReject(in PppControlPacket packet, Instant now)
    {
        // The codes without which LCP cannot work (RFC 1661 section 5.6).
        if (packet.Data is [>= (byte)LcpCode.ConfigureRequest and <= (byte)LcpCode.CodeReject, ..])
            RaiseFatalReject($"the subscriber rejects LCP code {packet.Data[0]}", EndCause.LcpRefused, now);
        else
            Raise(PppEvent.ReceiveHarmlessReject, default, now);
    }

    private void HandleProtocolReject(in PppControlPacket packet, Instant now)
    {
        var rejected = new WireReader(packet.Data);
        var protocol = (PppProtocol)rejected.ReadUInt16();
        if (!rejected.Ok)
            _counters.Count(DecodeError.PppControlTruncated);
        else if (_state != PppState.Opened)
            _counters.Count(DropReason.PppUnexpected);
        else if (protocol == PppProtocol.Lcp)
            RaiseFatalReject("the subscriber rejects LCP", EndCause.LcpRefused, now);
        else if (protocol == _authenticator?.Protocol)
            Terminate(EndCause.AuthenticationRefused, $"the subscriber rejects {protocol} after agreeing to it", now);
        else
            Raise(PppEvent.ReceiveHarmlessReject, default, now);
    }

    private void RaiseFatalReject(string detail, EndCause cause, Instant now)
    {
        if (_endCause == EndCause.None) (_endCause, _endDetail) = (cause, detail);
        _timers.Stop(_authenticationTimer);
        Raise(PppEvent.ReceiveFatalReject, default, now);
    }

    private void HandleUnknownCode(in PppControlPacket packet, ReadOnlySpan<byte> information, Instant now)
    {
        var length = Math.Min(PppControlPacket.HeaderSize + packet.Data.Length, SendLimit - PppControlPacket.HeaderSize);
        Raise(PppEvent.ReceiveUnknownCode, new Answer(LcpCode.CodeReject, ++_identifier, information[..length]), now);
    }

    /// <summary>Runs the automaton: the actions in their order, then the next state, then what the user must know.</summary>
    private void Raise(PppEvent @event, Answer answer, Instant now)
    {
        if (PppAutomaton.Next(_state, @event) is not { } transition) return;
        var (hadCredentials, finished) = (Credentials is not null, false);
        var next = transition.Next;
        foreach (var action in transition.Actions)
        {
            finished |= action == PppAction.ThisLayerFinished;
            Perform(action, next, answer, now);
        }

        _state = next;
        if (!PppAutomaton.RestartTimerRuns(next)) _timers.Stop(_restartTimer);
        if (finished)
        {
            if (_endCause == EndCause.None) (_endCause, _endDetail) = (EndCause.LcpTimeout, "the subscriber does not answer LCP");
            End(_endCause, _endDetail, now);
        }
        else if (hadCredentials && Credentials is null)
        {
            if (next is >= PppState.ReqSent and < PppState.Opened) _timers.Set(_authenticationTimer, now + _config.AuthenticationTimeout);
            _user.LinkDown(this, _endCause == EndCause.None ? EndCause.SubscriberTerminate : _endCause, now);
        }
        else if (!hadCredentials && Credentials is not null)
        {
            _user.CredentialsReceived(this, now);
        }
    }

    private void Perform(PppAction action, PppState next, Answer answer, Instant now)
    {
        switch (action)
        {
            case PppAction.ThisLayerUp:
                StartEchoes(now);
                StartAuthentication(now);
                break;
            case PppAction.ThisLayerDown:
                _authenticator = null;
                _timers.Stop(_questionTimer);
                _timers.Stop(_echoTimer);
                break;
            case PppAction.ThisLayerStarted or PppAction.ThisLayerFinished:
                break;
            case PppAction.InitializeRestartCount:
                _restartCount = next is PppState.Closing or PppState.Stopping ? _config.MaxTerminate : _config.MaxConfigure;
                break;
            case PppAction.ZeroRestartCount:
                _restartCount = 0;
                _timers.Set(_restartTimer, now + _config.RestartInterval);
                break;
            case PppAction.SendConfigureRequest:
                SendConfigureRequest(now);
                break;
            case PppAction.SendConfigureAck:
                _lcp.RecordAcknowledged(answer.Data);
                SendLcp(answer.Code, answer.Identifier, answer.Data, now);
                break;
            case PppAction.SendTerminateRequest:
                SendTerminateRequest(now);
                break;
            case PppAction.SendConfigureNakOrReject or PppAction.SendTerminateAck or PppAction.SendCodeReject or PppAction.SendEchoReply:
                SendLcp(answer.Code, answer.Identifier, answer.Data, now);
                break;
        }
    }

    private void SendConfigureRequest(Instant now)
    {
        if (_requestAnswered) (_requestIdentifier, _requestAnswered) = (++_identifier, false);
        CountTransmission(now);
        var options = new WireWriter(stackalloc byte[LcpNegotiator.MaxRequestSize]);
        _lcp.WriteRequest(ref options);
        SendLcp(LcpCode.ConfigureRequest, _requestIdentifier, options.Written, now);
    }

    private void SendTerminateRequest(Instant now)
    {
        if (_restartCount == _config.MaxTerminate) _terminateIdentifier = ++_identifier;
        CountTransmission(now);
        SendLcp(LcpCode.TerminateRequest, _terminateIdentifier, default, now);
    }

    private void CountTransmission(Instant now)
    {
        _restartCount--;
        _timers.Set(_restartTimer, now + _config.RestartInterval);
    }

    private void SendLcp(LcpCode code, byte identifier, ReadOnlySpan<byte> data, Instant now)
    {
        var size = 2 + PppControlPacket.HeaderSize + data.Length;
        var writer = new WireWriter(size <= 256 ? stackalloc byte[256] : new byte[size]);
        PppControlPacket.Write(ref writer, PppProtocol.Lcp, (byte)code, identifier, data);
        _user.SendPpp(this, writer.Written, now);
    }
}
