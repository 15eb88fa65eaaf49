using System.Security.Cryptography;
using System.Text;
using LacEdge.Core;
using LacEdge.Wire;
using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;

namespace LacEdge.Lab.Peers;

public enum LnsTunnelState { Answering, WaitConnected, Established, Closing, Gone }

/// <summary>One tunnel at an embedded LNS: control connection and calls.</summary>
public sealed class LnsTunnel : ITimerOwner
{
    private const int MaxMessage = 1400, MaxEarly = 64;
    private static readonly TimeSpan _linger = TimeSpan.FromSeconds(31);
    private readonly ControlChannel _channel;
    private readonly Dictionary<ushort, LnsCall> _calls = [];
    private readonly HashSet<ushort> _peerSessionIds = [];
    private readonly Dictionary<ushort, byte[]> _early = [];
    private readonly Core.Timer _timer;
    private readonly byte[] _peerChallenge;
    private byte[] _challenge = [];
    private Instant _answerAt = Instant.Never, _acknowledgeAt = Instant.Never, _helloAt = Instant.Never, _goneAt = Instant.Never;
    private bool _acknowledgementDue;
    private ResultCode? _unknown;
    private uint _lastSerial;

    internal LnsTunnel(EmbeddedLns lns, ushort localId, UdpEndpoint local, UdpEndpoint peer, in ControlMessage sccrq, ulong timerOrder)
    {
        (Lns, LocalId, Local, Peer, TimerOrder) = (lns, localId, local, peer, timerOrder);
        PeerId = sccrq.AssignedTunnelId ?? 0;
        HostName = PrintableText.From(sccrq.HostName);
        _peerChallenge = sccrq.Challenge.ToArray();
        _channel = new ControlChannel(lns.Options.Retries, message => SendDatagram(message)) { PeerWindow = sccrq.ReceiveWindowSize ?? 4 };
        _timer = new Core.Timer(this, 0);
    }

    public ulong TimerOrder { get; }
    public EmbeddedLns Lns { get; }
    public LnsTunnelState State { get; private set; }
    public ushort LocalId { get; }
    public ushort PeerId { get; }
    public UdpEndpoint Local { get; }
    public UdpEndpoint Peer { get; }
    /// <summary>The LAC's.</summary>
    public string HostName { get; }
    public IReadOnlyCollection<LnsCall> Calls => _calls.Values;
    public LnsEnd End { get; private set; }
    public uint HellosReceived { get; private set; }
    /// <summary>The latest control message from the LAC.</summary>
    public Instant LastHeard { get; private set; }
    public uint ControlRepeats => _channel.Repeats;

    void ITimerOwner.HandleTimer(int kind, Instant now)
    {
        if (_goneAt <= now)
        {
            Discard();
            return;
        }

        if (_answerAt <= now) Answer(now);
        if (_helloAt <= now) SendHello(now);
        if (!_channel.Repeat(now)) GiveUp();
        if (_acknowledgeAt <= now) SendZlb(0);
        Reschedule();
    }

    /// <summary>StopCCN; its calls end without a word of their own.</summary>
    public void Close(in ResultCode code, Instant now)
    {
        if (State is LnsTunnelState.Closing or LnsTunnelState.Gone) return;
        Send(Messages.StopCcn(stackalloc byte[MaxMessage], PeerId, LocalId, code).ToArray(), now);
        StartClosing(LnsEnd.Of(false, code), now);
        Reschedule();
    }

    /// <summary>The SCCRQ that made this tunnel.</summary>
    internal void HandleFirst(in L2tpHeader header, TimeSpan delay, Instant now)
    {
        LastHeard = now;
        _channel.Receive(header.Ns);
        _acknowledgementDue = true;
        _unknown = Lns.RefusalOf(header);
        if (Lns.Options.EagerZlb) SendZlb(0);
        if (delay <= TimeSpan.Zero) Answer(now);
        else _answerAt = now + delay;
        if (_acknowledgementDue) SendZlb(0);
        Reschedule();
    }

    internal void SendDatagram(ReadOnlySpan<byte> datagram)
    {
        // Any control message acknowledges.
        if ((datagram[0] & 0x80) != 0)
        {
            _acknowledgementDue = false;
            _acknowledgeAt = Instant.Never;
        }

        Lns.Outbox.Datagram(Local, Peer, datagram);
    }

    internal void SendIcrp(ushort peerSessionId, ushort localSessionId, Instant now) =>
        Send(Messages.Icrp(stackalloc byte[MaxMessage], PeerId, peerSessionId, localSessionId).ToArray(), now);

    internal void SendCdn(ushort peerSessionId, ushort localSessionId, in ResultCode code, DisconnectCause? cause, Instant now) =>
        Send(Messages.Cdn(stackalloc byte[MaxMessage], PeerId, peerSessionId, localSessionId, code, cause).ToArray(), now);

    internal void Forget(LnsCall call)
    {
        _calls.Remove(call.LocalId);
        _peerSessionIds.Remove(call.PeerId);
        Lns.CallEnded(call);
    }

    internal void HandleData(in L2tpHeader header, Instant now)
    {
        if (_calls.TryGetValue(header.SessionId, out var call)) call.HandleData(header, now);
        else Lns.CountStray();
    }

    /// <summary>A control message whose header names this tunnel, or a repeated SCCRQ.</summary>
    internal void HandleControl(in L2tpHeader header, ReadOnlySpan<byte> datagram, Instant now)
    {
        LastHeard = now;
        if (!_channel.Acknowledge(header.Nr, now)) Violation($"Nr {header.Nr} acknowledges what was never sent (next Ns is {_channel.Ns})");
        if (!header.IsZlb)
        {
            var ahead = (ushort)(header.Ns - _channel.Nr);
            var window = Lns.Options.ReceiveWindow == 0 ? 4 : Lns.Options.ReceiveWindow;
            if (ahead < 32768 && ahead >= window) Violation($"Ns {header.Ns} is beyond our window of {window} (expected {_channel.Nr})");
            switch (_channel.Receive(header.Ns))
            {
                case Delivery.InOrder:
                    _acknowledgementDue = true;
                    if (Lns.Options.EagerZlb) SendZlb(header.SessionId);
                    Process(header, now);
                    ProcessEarly(now);
                    break;
                case Delivery.Duplicate: _acknowledgementDue = true; break;
                case Delivery.Ahead when Lns.Options.QueuesOutOfOrder && _early.Count < MaxEarly:
                    _early[header.Ns] = datagram.ToArray();
                    break;
            }
        }

        if (_acknowledgementDue && _acknowledgeAt == Instant.Never)
        {
            if (Lns.Options.AckDelay > TimeSpan.Zero) _acknowledgeAt = now + Lns.Options.AckDelay;
            else SendZlb(0);
        }

        Reschedule();
    }

    /// <summary>The LNS has died: nothing is sent any more.</summary>
    internal void Discard()
    {
        State = LnsTunnelState.Gone;
        Lns.Timers.Stop(_timer);
        foreach (var call in _calls.Values.ToArray()) call.Finish(End);
        Lns.Remove(this);
    }

    private void Answer(Instant now)
    {
        _answerAt = Instant.Never;
        if (State != LnsTunnelState.Answering) return;
        var options = Lns.Options;
        if ((Lns.RefuseTunnels ?? _unknown) is { } refusal)
        {
            Close(refusal, now);
            return;
        }

        if (_peerChallenge.Length > 0 && options.Secret.Length == 0)
        {
            Close(new ResultCode(StopCcnResult.NotAuthorized, L2tpErrorCode.None, "no secret here"), now);
            return;
        }

        if (options is { Challenges: true, Secret.Length: > 0 }) _challenge = Lns.NewChallenge();
        State = LnsTunnelState.WaitConnected;
        var reply = new StartControlConnection
        {
            HostName = options.Name,
            AssignedTunnelId = LocalId,
            FramingCapabilities = Framings.Synchronous | Framings.Asynchronous,
            ReceiveWindowSize = options.ReceiveWindow == 0 ? null : options.ReceiveWindow,
            Challenge = _challenge,
            ChallengeResponse = _peerChallenge.Length == 0
                ? default
                : ChapDigest.Of((byte)MessageType.Sccrp, options.Secret, _peerChallenge),
            VendorName = "LacEdge lab",
        };
        Send(reply.WriteSccrp(stackalloc byte[MaxMessage], PeerId).ToArray(), now);
    }

    private void ProcessEarly(Instant now)
    {
        while (_early.Remove(_channel.Nr, out var datagram))
        {
            _channel.Receive(_channel.Nr);
            _acknowledgementDue = true;
            if (L2tpHeader.TryParse(datagram, out var header, out _)) Process(header, now);
        }
    }

    private void Process(in L2tpHeader header, Instant now)
    {
        if (State == LnsTunnelState.Closing) return;
        var message = ControlMessageParser.Parse(header, Encoding.UTF8.GetBytes(Lns.Options.Secret));
        Lns.Inspect(header, message);
        if (Lns.StopsForUnknown && Lns.RefusalOf(header) is { } refusal)
        {
            Close(refusal, now);
            return;
        }

        // A violation already; what is broken is not acted upon.
        if (!message.Problem.IsNone) return;

        switch (message.Type)
        {
            case MessageType.Sccrq when State == LnsTunnelState.Answering: break;
            case MessageType.Scccn when State == LnsTunnelState.WaitConnected: HandleScccn(message, now); break;
            case MessageType.StopCcn:
                var code = message.ResultCode;
                if (message.AssignedTunnelId != PeerId) Violation("StopCCN with another Assigned Tunnel ID than SCCRQ");
                StartClosing(new LnsEnd(true, code.Result, code.Error, PrintableText.From(code.Text)), now);
                break;
            case MessageType.Hello: HellosReceived++; break;
            case MessageType.Icrq when State == LnsTunnelState.Established: HandleIcrq(header, message, now); break;
            case MessageType.Iccn when State == LnsTunnelState.Established: HandleIccn(header, message, now); break;
            case MessageType.Cdn when State == LnsTunnelState.Established: HandleCdn(message); break;
            default:
                Violation($"{message.Type} in state {State}");
                // SCCCN came, but not as SCCCN: the LAC believes in a tunnel that will never be (RFC 2661 section 7.2.1).
                if (State == LnsTunnelState.WaitConnected)
                    Close(new ResultCode(StopCcnResult.StateMachineError, L2tpErrorCode.None, $"{message.Type} in state {State}"), now);
                break;
        }
    }

    private void HandleScccn(in ControlMessage message, Instant now)
    {
        if (_challenge.Length == 0 && !message.ChallengeResponse.IsEmpty) Violation("SCCCN answers a challenge that was not made");
        if (_challenge.Length > 0)
        {
            var expected = ChapDigest.Of((byte)MessageType.Scccn, Lns.Options.Secret, _challenge);
            if (!CryptographicOperations.FixedTimeEquals(expected, message.ChallengeResponse))
            {
                Close(new ResultCode(StopCcnResult.NotAuthorized, L2tpErrorCode.None, "wrong challenge response"), now);
                return;
            }
        }

        State = LnsTunnelState.Established;
        if (Lns.Options.HelloInterval > TimeSpan.Zero) _helloAt = now + Lns.Options.HelloInterval;
    }

    private void HandleIcrq(in L2tpHeader header, in ControlMessage message, Instant now)
    {
        var peerId = message.AssignedSessionId!.Value;
        if (header.SessionId != 0) Violation($"ICRQ with session id {header.SessionId} in the header");
        if (!_peerSessionIds.Add(peerId)) Violation($"ICRQ with session id {peerId}, which is in use");
        var serial = message.CallSerialNumber!.Value;
        if (serial <= _lastSerial) Violation($"call serial number {serial} after {_lastSerial}");
        _lastSerial = serial;

        var call = new LnsCall(this, Lns.NewSessionId(_calls), peerId, serial, Bytes.Copy(header.Payload), Lns.NextOrder());
        _calls.Add(call.LocalId, call);
        Lns.CallOpened();
        if ((Lns.RefuseCalls ?? Lns.RefusalOf(header)) is { } refusal) call.Drop(refusal, null, now);
        else if (Lns.CallCount > Lns.Options.MaxCalls) call.Drop(new ResultCode(CdnResult.NoFacilitiesTemporary, text: "full"), null, now);
        else call.Answer(Lns.AnswerDelay, now);
    }

    private void HandleIccn(in L2tpHeader header, in ControlMessage message, Instant now)
    {
        // A call that we ended in the meantime.
        if (!_calls.TryGetValue(header.SessionId, out var call)) return;
        if (message.FramingType != (uint)Framings.Synchronous) Violation($"ICCN with framing type {message.FramingType}");
        var proxy = new ProxyAvps(
            Bytes.Copy(message.InitialReceivedLcpConfReq), Bytes.Copy(message.LastSentLcpConfReq),
            Bytes.Copy(message.LastReceivedLcpConfReq),
            message.ProxyAuthenType, message.ProxyAuthenId ?? 0, Bytes.Copy(message.ProxyAuthenName),
            Bytes.Copy(message.ProxyAuthenChallenge), Bytes.Copy(message.ProxyAuthenResponse));
        if (Lns.RefusalOf(header) is { } refusal) call.Drop(refusal, null, now);
        else call.Connect(Bytes.Copy(header.Payload), proxy, now);
    }

    private void HandleCdn(in ControlMessage message)
    {
        var (local, peer) = (message.SessionId, message.AssignedSessionId);
        var call = local != 0 ? _calls.GetValueOrDefault(local) : _calls.Values.FirstOrDefault(open => open.PeerId == peer);
        if (call is null) return;
        if (call.PeerId != peer) Violation($"CDN with Assigned Session ID {peer}, ICRQ had {call.PeerId}");
        var code = message.ResultCode;
        ushort? cause = message.HasDisconnectCause ? message.DisconnectCause.Code : null;
        call.Finish(new LnsEnd(true, code.Result, code.Error, PrintableText.From(code.Text), cause));
    }

    private void SendHello(Instant now)
    {
        _helloAt = now + Lns.Options.HelloInterval;
        if (_channel.IsIdle) Send(Messages.Hello(stackalloc byte[MaxMessage], PeerId).ToArray(), now);
    }

    private void Send(byte[] message, Instant now)
    {
        _channel.Send(message, now);
        Reschedule();
    }

    private void SendZlb(ushort localSessionId)
    {
        var sessionId = _calls.TryGetValue(localSessionId, out var call) ? call.PeerId : (ushort)0;
        SendDatagram(AvpWriter.Zlb(stackalloc byte[L2tpHeader.ControlSize], PeerId, sessionId, _channel.Ns, _channel.Nr));
    }

    /// <summary>The LAC does not answer any more.</summary>
    private void GiveUp()
    {
        if (State != LnsTunnelState.Closing) End = new LnsEnd(false, 0, 0, "the LAC does not answer");
        Discard();
    }

    private void StartClosing(LnsEnd end, Instant now)
    {
        State = LnsTunnelState.Closing;
        End = end;
        _answerAt = _helloAt = Instant.Never;
        _goneAt = now + _linger;
        foreach (var call in _calls.Values.ToArray()) call.Finish(end);
        Lns.TunnelEnded(this);
    }

    private void Reschedule()
    {
        if (State == LnsTunnelState.Gone) return;
        var next = Instant.Never;
        foreach (var deadline in (ReadOnlySpan<Instant>)[_answerAt, _acknowledgeAt, _helloAt, _goneAt, _channel.RepeatAt])
        {
            if (deadline < next) next = deadline;
        }

        if (next == Instant.Never) Lns.Timers.Stop(_timer);
        else if (next != _timer.Deadline) Lns.Timers.Set(_timer, next);
    }

    private void Violation(string what) => Lns.Violation($"tunnel {LocalId}: {what}");
}
