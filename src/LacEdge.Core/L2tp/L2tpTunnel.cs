using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Wire;
using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;

namespace LacEdge.Core.L2tp;

/// <summary>
/// A tunnel and its control connection, seen from the LAC that opens it (RFC 2661 section 7.2.1). Reliable delivery is
/// <see cref="ControlChannel"/>, calls are <see cref="TunnelCalls"/>.
/// </summary>
/// <remarks>
/// How a tunnel ends is <see cref="Ending"/>. In every way its id and its socket stay until no message of the LNS for
/// it can be under way any more.
/// </remarks>
public sealed partial class L2tpTunnel : ITimerOwner
{
    private const int TieBreakerSize = 8;
    private const int ActivityReadings = 8;

    private enum TunnelTimer { Channel, Setup, Hello, Idle, Linger, Recovery }

    private readonly L2tpShared _shared;
    private readonly ControlChannel _channel;
    private readonly Timer _channelTimer, _setupTimer, _helloTimer, _idleTimer, _lingerTimer, _recoveryTimer;
    private byte[] _challenge = [];
    private byte[] _tieBreaker = [];
    private bool _helloOutstanding;
    private bool _activityAsked;
    private bool _answered;
    private bool _warnedOfClearPasswords;

    internal L2tpTunnel(L2tpShared shared, TunnelTarget target, int socket, ushort localTunnelId, Instant now)
    {
        _shared = shared;
        (Target, LocalTunnelId, OpenedAt, LastHeard, Secret) = (target, localTunnelId, now, now, target.Profile.Secret);
        TimerOrder = shared.NextTimerOrder();
        var profile = target.Profile;
        _channel = new ControlChannel(profile.ReceiveWindow, profile.Retries, profile.RetryCap, shared.Outbox, shared.Counters)
        {
            Socket = socket,
            Peer = target.Lns,
        };
        CallMachine = new TunnelCalls(this, _channel, shared);
        _channelTimer = new Timer(this, (int)TunnelTimer.Channel);
        _setupTimer = new Timer(this, (int)TunnelTimer.Setup);
        _helloTimer = new Timer(this, (int)TunnelTimer.Hello);
        _idleTimer = new Timer(this, (int)TunnelTimer.Idle);
        _lingerTimer = new Timer(this, (int)TunnelTimer.Linger);
        _recoveryTimer = new Timer(this, (int)TunnelTimer.Recovery);
    }

    public TunnelTarget Target { get; }
    public TunnelHistory History { get; } = new();
    public TunnelState State { get; private set; }
    public int Socket => _channel.Socket;
    /// <summary>Where the LNS answers from; the target until SCCRP.</summary>
    public UdpEndpoint Peer => _channel.Peer;
    /// <summary>As text that may be printed.</summary>
    public string PeerHostName { get; private set; } = "";
    /// <summary>As text that may be printed.</summary>
    public string PeerVendorName { get; private set; } = "";
    public ushort LocalTunnelId { get; }
    public ushort PeerTunnelId => _channel.PeerTunnelId;
    public Instant OpenedAt { get; }
    /// <summary>When the last valid message came, control or data.</summary>
    public Instant LastHeard { get; private set; }
    /// <summary>Whether the peer has yet to acknowledge a control message.</summary>
    public bool HasUnacknowledged => _channel.Unacknowledged > 0;
    public int CallCount => CallMachine.Calls.Count;
    public IReadOnlyCollection<L2tpCall> Calls => CallMachine.Calls;
    /// <summary>What the user keeps with it: forwarding slot and so on.</summary>
    public object? Owner { get; set; }
    public ulong TimerOrder { get; }

    internal TunnelCalls CallMachine { get; }
    /// <summary>The one of the profile's secrets that the LNS has proved; before that the first.</summary>
    internal Secret Secret { get; private set; }
    /// <summary>Of our SCCRQ; empty: none was sent.</summary>
    internal ReadOnlySpan<byte> TieBreaker => _tieBreaker;
    /// <summary>Whether each side has challenged the other.</summary>
    internal bool MutuallyChallenged { get; private set; }
    internal Framings PeerFramings { get; private set; }
    /// <summary>It knows RFC 3308.</summary>
    internal bool AgreesOnDscp { get; private set; }

    /// <summary>Which secret the LNS has proved, or is expected to hold.</summary>
    public TunnelSecret SecretInUse =>
        !Secret.IsSet ? TunnelSecret.None : Secret == Target.Profile.Secret ? TunnelSecret.Current : TunnelSecret.Old;

    /// <summary>Which AVPs are hidden from now on; never Auto.</summary>
    public AvpHiding Hiding => (Target.Peer.Hiding ?? Target.Profile.Hiding) switch
    {
        _ when !Secret.IsSet => AvpHiding.None,
        AvpHiding.Auto => MutuallyChallenged ? AvpHiding.Sensitive : AvpHiding.None,
        var chosen => chosen,
    };

    /// <summary>How AVPs are written once the LNS has proved its secret. For one message: the random vector is another one each time.</summary>
    internal AvpManner Manner => new()
    {
        Secret = Secret.Span,
        RandomVector = Hiding == AvpHiding.All && _answered ? _shared.NextRandomVector() : default,
        WithoutMandatoryBit = (ulong)Target.Peer.WithoutMBit,
    };

    /// <summary>Sends SCCRQ.</summary>
    internal void Open(Instant now)
    {
        if (Target.Profile.TieBreaker)
        {
            _tieBreaker = new byte[TieBreakerSize];
            _shared.Random[RandomPurpose.TieBreaker].Fill(_tieBreaker);
        }

        if (Target.Profile.Secret.IsSet)
        {
            _challenge = new byte[TunnelAuthentication.ChallengeSize];
            _shared.Random[RandomPurpose.TunnelChallenge].Fill(_challenge);
        }

        State = TunnelState.WaitCtlReply;
        _shared.Counters.Count(LacCounter.TunnelsOpened);
        _shared.Timers.Set(_setupTimer, now + Target.Profile.SetupTimeout);
        var sccrq = TunnelSetup.Sccrq(
            Target.Profile, LocalTunnelId, _challenge, _tieBreaker, LeftOut(MessageType.Sccrq), Target.Peer.Failover, _shared.Scratch);
        Remember(sccrq, now);
        Send(sccrq, new SentMessage(MessageType.Sccrq, null), now);
    }

    /// <summary>A control datagram for our tunnel id.</summary>
    internal void HandleControl(int socket, UdpEndpoint source, in L2tpHeader header, ReadOnlySpan<byte> datagram, Instant now)
    {
        if (!IsPeer(socket, source, header))
        {
            _shared.Counters.Count(DropReason.L2tpNotPeer);
            return;
        }

        if (_ending == Ending.Dead || State == TunnelState.Recovering)
        {
            _shared.Counters.Count(DropReason.L2tpStateUnexpected);
            return;
        }

        LastHeard = now;
        var arrival = _channel.Receive(header, datagram, now);
        HandleDone(now);
        if (arrival == Arrival.InOrder)
        {
            HandleMessage(source, header, now);
            while (_channel.TryTakeNext(now, out var kept))
            {
                // It was a good datagram when it was kept.
                if (L2tpHeader.TryParse(kept, out var next, out _)) HandleMessage(source, next, now);
            }
        }

        Finish(now);
    }

    /// <summary>A data message for our tunnel id that the data plane has not forwarded.</summary>
    internal void HandleData(int socket, UdpEndpoint source, in L2tpHeader header, Instant now)
    {
        if (State is not (TunnelState.Established or TunnelState.Recovering)) _shared.Counters.Count(DropReason.L2tpStateUnexpected);
        else if (socket != Socket || source != Peer) _shared.Counters.Count(DropReason.L2tpNotPeer);
        else
        {
            LastHeard = now;
            CallMachine.HandleData(header, now);
        }
    }

    /// <summary>Whether a StopCCN whose header names no tunnel is for this one (RFC 2661 section 4.4.3).</summary>
    internal bool IsMeantBy(int socket, UdpEndpoint source, ushort peerTunnelId) =>
        socket == Socket && (PeerTunnelId == 0 ? MayAnswer(source) : source == Peer && peerTunnelId == PeerTunnelId);

    /// <summary>Whether our SCCRQ to this address is not answered yet, so that one from there meets it (RFC 2661 section 4.4.3).</summary>
    internal bool IsAsking(int socket, UdpEndpoint lns) =>
        State == TunnelState.WaitCtlReply && PeerTunnelId == 0 && socket == Socket && lns.Address == Target.Lns.Address;

    /// <summary>Sends HELLO unless one is outstanding.</summary>
    internal void Probe(Instant now)
    {
        if (State != TunnelState.Established || _helloOutstanding) return;
        _helloOutstanding = true;
        Send(Messages.Hello(_shared.Scratch, PeerTunnelId), new SentMessage(MessageType.Hello, null), now);
    }

    /// <summary>Once for each tunnel: a subscriber's password leaves as it is.</summary>
    internal void WarnOfClearPasswords(Instant now)
    {
        if (_warnedOfClearPasswords) return;
        _warnedOfClearPasswords = true;
        var why = !Secret.IsSet ? "the tunnel has no secret"
            : MutuallyChallenged ? "hide-avps is none"
            : "the LNS did not challenge us, so it may not hold the secret";
        var text = FormattableString.Invariant($"PAP passwords go to {Target.LnsName} in the clear: {why}");
        Note(text, now);
        _shared.Outbox.Event(new HostTrouble(now, text));
    }

    /// <summary>Puts a message into the channel.</summary>
    internal void Send(ReadOnlySpan<byte> message, SentMessage about, Instant now)
    {
        _channel.Send(message, about, now);
        if (about.Call is null && about.Type != MessageType.Cdn) Note($"{MessageTable.NameOf(about.Type)} sent", now);
        SetChannelTimer();
    }

    /// <summary>The first call came, or the last one went.</summary>
    internal void CallCountChanged(Instant now)
    {
        var idle = State == TunnelState.Established && CallCount == 0 && Target.Profile is { Persistent: false, IdleTimeout.Ticks: > 0 };
        if (idle) _shared.Timers.Set(_idleTimer, now + Target.Profile.IdleTimeout);
        else _shared.Timers.Stop(_idleTimer);
        WatchActivity(now);
    }

    public void HandleTimer(int kind, Instant now)
    {
        switch ((TunnelTimer)kind)
        {
            case TunnelTimer.Channel:
                if (!_channel.HandleTimeout(now, out var repeated)) PeerDied(now);
                else if (repeated is { } type) Note($"{MessageTable.NameOf(type)} repeated", now);
                SetChannelTimer();
                break;
            case TunnelTimer.Setup:
                Close(TunnelRefusal.Plain("no answer to SCCRQ in time", EndCause.TunnelTimeout), now);
                break;
            case TunnelTimer.Hello:
                KeepAlive(now);
                break;
            case TunnelTimer.Idle:
                Close(TunnelRefusal.Plain("no sessions", EndCause.IdleTunnel), now);
                break;
            case TunnelTimer.Recovery:
                PeerDied(now);
                break;
            case TunnelTimer.Linger:
                Forget(now);
                break;
        }
    }

    /// <summary>The LNS may answer SCCRQ from another port (RFC 2661 section 8.1), and from another address if it proves who it
    /// is; afterwards address and port are fixed.</summary>
    private bool IsPeer(int socket, UdpEndpoint source, in L2tpHeader header)
    {
        if (socket != Socket) return false;
        if (PeerTunnelId != 0) return source == Peer;
        if (MayAnswer(source)) return true;
        if (Target.Profile.ReplyFrom != ReplyFrom.Proven) return false;
        if (State != TunnelState.WaitCtlReply || header.IsZlb || header.Ns != _channel.NextNr) return false;
        var secret = TunnelSetup.SecretOf(header, Target.Profile, _challenge);
        return TunnelSetup.ProvesPeer(ControlMessageParser.Parse(header, secret.Span), secret, _challenge);
    }

    /// <summary>Whether what comes from there may be the LNS's, before it has said from where it speaks.</summary>
    private bool MayAnswer(UdpEndpoint source) =>
        Target.Profile.ReplyFrom == ReplyFrom.Exact ? source == Target.Lns : source.Address == Target.Lns.Address;

    private void HandleMessage(UdpEndpoint source, in L2tpHeader header, Instant now)
    {
        if (State == TunnelState.WaitCtlReply) Secret = TunnelSetup.SecretOf(header, Target.Profile, _challenge);
        var message = ControlMessageParser.Parse(header, Secret.Span, Target.Peer.IgnoreMBit, Target.Peer.Failover);
        if (!message.Problem.IsNone) _shared.Counters.Count(message.Problem.Error);
        if (message.Ignored != DecodeError.None) _shared.Counters.Count(message.Ignored);
        if (!message.IsSessionMessage) Note($"{MessageTable.NameOf(message.Type)} received", now);
        if (message.IsUnknown) return;
        if (PeerTunnelId == 0)
        {
            _channel.Peer = source;
            _channel.PeerTunnelId = message.AssignedTunnelId ?? 0;
        }

        if (message.Type == MessageType.StopCcn) HandleStopCcn(message, now);
        else if (State == TunnelState.WaitCtlReply) HandleReply(message, now);
        else if (State == TunnelState.Established) HandleEstablished(message, now);
        else if (_ending == Ending.Unanswered && message.Type == MessageType.Sccrp) Stop(TunnelSetup.TooLate, now);
        else _shared.Counters.Count(DropReason.L2tpStateUnexpected);
    }

    private void HandleReply(in ControlMessage message, Instant now)
    {
        var refusal = message.Type == MessageType.Sccrp
            ? TunnelSetup.Judge(message, Secret, _challenge, Target.Profile)
            : TunnelRefusal.StateError(message.Type, State);
        if (refusal is { } reason)
        {
            Close(reason, now);
            return;
        }

        PeerHostName = PrintableText.From(message.HostName);
        PeerVendorName = PrintableText.From(message.VendorName);
        PeerFramings = (Framings)(message.FramingCapabilities ?? 0);
        AgreesOnDscp = Target.Profile.NegotiateDscp && message.Ccds is not null;
        MutuallyChallenged = Secret.IsSet && !message.Challenge.IsEmpty;
        NoteFailover(message);
        Accepted(_sent, now);
        _sent = default;
        _channel.SetPeerWindow(Math.Min(message.ReceiveWindowSize ?? TunnelSetup.DefaultWindow, Target.Peer.SendWindow));
        Establish(message.Challenge, now);
    }

    private void Establish(ReadOnlySpan<byte> peerChallenge, Instant now)
    {
        Span<byte> response = stackalloc byte[peerChallenge.IsEmpty ? 0 : TunnelAuthentication.ResponseSize];
        if (!response.IsEmpty) TunnelAuthentication.Respond(MessageType.Scccn, Secret.Span, peerChallenge, response);

        State = TunnelState.Established;
        _answered = true;
        _challenge = [];
        _shared.Timers.Stop(_setupTimer);
        if (Target.Profile.HelloInterval > TimeSpan.Zero) _shared.Timers.Set(_helloTimer, now + Target.Profile.HelloInterval);
        Send(Messages.Scccn(_shared.Scratch, PeerTunnelId, response, manner: Manner), new SentMessage(MessageType.Scccn, null), now);
        _shared.Counters.Count(LacCounter.TunnelsEstablished);
        CallCountChanged(now);
        _shared.User.TunnelEstablished(this, now);
        CallMachine.StartWaiting(now);
    }

    private void HandleEstablished(in ControlMessage message, Instant now)
    {
        if (message.IsSessionMessage) CallMachine.HandleMessage(message, now);
        else if (!message.Problem.IsNone) Close(TunnelRefusal.ProtocolError(message), now);
        else if (message.Type is MessageType.Fsq or MessageType.Fsr) CallMachine.HandleStates(message, now);
        else if (message.Type != MessageType.Hello) Close(TunnelRefusal.StateError(message.Type, State), now);
    }

    /// <summary>HELLO goes when nothing has come from the LNS for the interval: no message, and nothing that the data plane forwards. That
    /// is asked eight times in the interval, so that HELLO is late by an eighth of it at most.</summary>
    private void KeepAlive(Instant now)
    {
        var interval = Target.Profile.HelloInterval;
        var answered = !_activityAsked;
        _activityAsked = answered && CallCount > 0 && _shared.User.AskActivity(this);
        if (!_activityAsked) HandleActivity(false, now);
        var due = LastHeard + interval;
        if (due <= now) due = now + interval;
        _shared.Timers.Set(_helloTimer, due);
        WatchActivity(now);
    }

    /// <summary>With calls on the tunnel the data plane is asked before HELLO may be due.</summary>
    private void WatchActivity(Instant now)
    {
        var next = now + Target.Profile.HelloInterval / ActivityReadings;
        if (CallCount > 0 && _helloTimer.IsSet && next < _helloTimer.Deadline) _shared.Timers.Set(_helloTimer, next);
    }

    /// <summary>Whether the data plane has forwarded anything from the LNS since it was asked before.</summary>
    internal void HandleActivity(bool active, Instant now)
    {
        _activityAsked = false;
        if (active) LastHeard = now;
        // Any message under way asks the same question.
        else if (LastHeard + Target.Profile.HelloInterval <= now && _channel.Unacknowledged == 0) Probe(now);
    }

    /// <summary>What was acknowledged, or given up, takes effect.</summary>
    private void HandleDone(Instant now)
    {
        while (_channel.TryTakeDone(out var message))
        {
            if (message.Type == MessageType.Hello) _helloOutstanding = false;
            else if (message.Type == MessageType.StopCcn && _ending == Ending.Stopping) _ending = Ending.Acknowledged;
            else if (message.Call is { } call) CallMachine.HandleDone(message.Type, call, now);
        }
    }

    /// <summary>After every input: calls that waited for the window go, acknowledgements leave.</summary>
    private void Finish(Instant now)
    {
        HandleDone(now);
        CallMachine.StartWaiting(now);
        _channel.Settle();
        SetChannelTimer();
        if (_ending == Ending.Acknowledged) Forget(now);
    }

    private void Note(string what, Instant now) => History.Add(now, what, State);

    private void SetChannelTimer()
    {
        var due = State == TunnelState.Idle ? Instant.Never : _channel.NextTimeout;
        if (due == Instant.Never) _shared.Timers.Stop(_channelTimer);
        else if (due != _channelTimer.Deadline) _shared.Timers.Set(_channelTimer, due);
    }
}
