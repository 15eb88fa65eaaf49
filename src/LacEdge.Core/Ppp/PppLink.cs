using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Wire;
using LacEdge.Wire.Ppp;

namespace LacEdge.Core.Ppp;

/// <summary>
/// The LAC's half of a subscriber's PPP link until the LNS takes over: LCP, then as much of the authentication as names the user.
/// The user is called last in every turn, so it may call back.
/// </summary>
public sealed partial class PppLink : ITimerOwner
{
    private enum LinkTimer { Restart, Question, Authentication, Echo }

    private readonly PppConfig _config;
    private readonly Bytes _challengeName;
    private readonly ushort _maxMru;
    private readonly RandomStreams _random;
    private readonly TimerQueue _timers;
    private readonly LacCounters _counters;
    private readonly IPppLinkUser _user;
    private readonly Timer _restartTimer;
    private readonly Timer _questionTimer;
    private readonly Timer _authenticationTimer;
    private readonly Timer _echoTimer;
    private readonly LcpNegotiator _lcp;

    private PppState _state = PppState.Initial;
    private int _restartCount;
    private bool _released;

    /// <summary>Of the last packet that we originated.</summary>
    private byte _identifier;
    private byte _requestIdentifier;
    /// <summary>The last Configure-Request has its answer: the next one is another and gets another identifier.</summary>
    private bool _requestAnswered = true;
    private byte _terminateIdentifier;
    private bool _subscriberAsked;

    private Authenticator? _authenticator;
    private byte _questionIdentifier;
    private int _questionsLeft;

    private EndCause _endCause;
    private string _endDetail = "";

    /// <param name="authentication">In order of preference; at least one, or None alone.</param>
    /// <param name="maxMru">The largest MRU to grant and to ask for.</param>
    /// <param name="timerOrder">Unique among live timer owners.</param>
    public PppLink(
        PppConfig config, IReadOnlyList<AuthenticationProtocol> authentication, string challengeName, ushort maxMru,
        RandomStreams random, TimerQueue timers, LacCounters counters, IPppLinkUser user, ulong timerOrder)
    {
        if (authentication.Count == 0) throw new ArgumentException("at least one is needed", nameof(authentication));
        _config = config;
        _challengeName = Bytes.Wrap(System.Text.Encoding.UTF8.GetBytes(challengeName));
        _maxMru = maxMru;
        _random = random;
        _timers = timers;
        _counters = counters;
        _user = user;
        TimerOrder = timerOrder;
        _restartTimer = new Timer(this, (int)LinkTimer.Restart);
        _questionTimer = new Timer(this, (int)LinkTimer.Question);
        _authenticationTimer = new Timer(this, (int)LinkTimer.Authentication);
        _echoTimer = new Timer(this, (int)LinkTimer.Echo);
        _lcp = new LcpNegotiator(config, authentication, maxMru, random[RandomPurpose.MagicNumber]);
        _questionIdentifier = random[RandomPurpose.ChapIdentifier].NextByte();
    }

    public ulong TimerOrder { get; }
    public object? Owner { get; set; }
    /// <summary>Null until presented, and again when LCP went down.</summary>
    public Credentials? Credentials => _authenticator is not null ? _authenticator.Credentials
        : _state == PppState.Opened && _lcp.Authentication == AuthenticationProtocol.None ? Credentials.Nameless
        : null;
    public ProxyLcp ProxyLcp => _lcp.ProxyLcp;
    /// <summary>State of LCP.</summary>
    public PppState State => _state;
    /// <summary>The longest information field that the subscriber takes, as acknowledged; 1500 when it did not say.</summary>
    public ushort PeerMru => _lcp.PeerMru;

    private int QuestionCount => Math.Max(_config.MaxConfigure, _authenticator?.MinQuestions ?? 0);
    private bool IsOver => _released || _state is PppState.Initial or PppState.Starting or PppState.Closed or PppState.Stopped;

    /// <summary>The lower layer (PPPoE) is up.</summary>
    public void Start(Instant now)
    {
        _lcp.Reset();
        _timers.Set(_authenticationTimer, now + _config.AuthenticationTimeout);
        Raise(PppEvent.Open, default, now);
        Raise(PppEvent.Up, default, now);
    }

    /// <summary>A PPP frame from the subscriber, protocol field first.</summary>
    public void HandleFrame(ReadOnlySpan<byte> ppp, Instant now)
    {
        if (IsOver) return;
        if (!PppFrame.TryParse(ppp, out var frame, out var error))
        {
            _counters.Count(error);
            return;
        }

        if (frame.Protocol == PppProtocol.Lcp) HandleLcp(frame, now);
        else if (frame.Protocol == _authenticator?.Protocol) HandleAuthentication(_authenticator, frame, now);
        else HandleOther(frame, now);
    }

    /// <summary>Ends the link politely: Terminate-Request, repeated, then <see cref="IPppLinkUser.LinkEnded"/> with this cause. The
    /// first cause stays. A link that was never started ends at once.</summary>
    public void Terminate(EndCause cause, string detail, Instant now)
    {
        if (_released) return;
        if (_endCause == EndCause.None) (_endCause, _endDetail) = (cause, detail);
        _timers.Stop(_authenticationTimer);
        if (_state is PppState.Initial or PppState.Starting) End(_endCause, _endDetail, now);
        else Raise(PppEvent.Close, default, now);
    }

    /// <summary>Lets go at once: timers stopped, nothing sent, nobody told. For the hand-over and for PADT.</summary>
    public void Release()
    {
        _released = true;
        _timers.Stop(_restartTimer);
        _timers.Stop(_questionTimer);
        _timers.Stop(_authenticationTimer);
        _timers.Stop(_echoTimer);
    }

    public void HandleTimer(int kind, Instant now)
    {
        switch ((LinkTimer)kind)
        {
            case LinkTimer.Restart:
                Raise(_restartCount > 0 ? PppEvent.TimeoutRetry : PppEvent.TimeoutFinal, default, now);
                break;
            case LinkTimer.Question when _questionsLeft > 0:
                SendQuestion(now);
                break;
            case LinkTimer.Question:
                Terminate(EndCause.AuthenticationTimeout, $"no response to {QuestionCount} challenges", now);
                break;
            case LinkTimer.Authentication when _state == PppState.Opened:
                Terminate(EndCause.AuthenticationTimeout, $"no credentials within {_config.AuthenticationTimeout.TotalSeconds:0.#} s", now);
                break;
            case LinkTimer.Authentication:
                End(EndCause.LcpTimeout, $"LCP did not open within {_config.AuthenticationTimeout.TotalSeconds:0.#} s", now);
                break;
            case LinkTimer.Echo:
                EchoDue(now);
                break;
        }
    }

    private void HandleAuthentication(Authenticator authenticator, in PppFrame frame, Instant now)
    {
        if (!PppControlPacket.TryParse(frame.Information, out var packet, out var error))
        {
            _counters.Count(error);
            return;
        }

        if (authenticator.Handle(packet) == AuthenticationStep.Nothing) return;
        _timers.Stop(_questionTimer);
        _timers.Stop(_authenticationTimer);
        _user.CredentialsReceived(this, now);
    }

    /// <summary>
    /// Neither LCP nor the authentication under way. Before LCP is open it is dropped, and so is what belongs to the network
    /// phase, which is the LNS's (RFC 1661 sections 3.4 and 3.5); a protocol that nobody knows is rejected (section 5.7).
    /// </summary>
    private void HandleOther(in PppFrame frame, Instant now)
    {
        if (_state != PppState.Opened || Enum.IsDefined(frame.Protocol))
        {
            _counters.Count(DropReason.PppUnexpected);
            return;
        }

        var length = Math.Min(frame.Information.Length, SendLimit - PppControlPacket.HeaderSize - 2);
        var data = new WireWriter(new byte[length + 2]);
        data.WriteUInt16((ushort)frame.Protocol);
        data.WriteBytes(frame.Information[..length]);
        SendLcp(LcpCode.ProtocolReject, ++_identifier, data.Written, now);
    }

    private void StartAuthentication(Instant now)
    {
        _authenticator = _lcp.Authentication switch
        {
            AuthenticationProtocol.Pap => new PapAuthenticator(_counters),
            AuthenticationProtocol.ChapMd5 or AuthenticationProtocol.MsChapV1 or AuthenticationProtocol.MsChapV2 => new ChapAuthenticator(
                _lcp.Authentication, _questionIdentifier++, _challengeName, _random[RandomPurpose.ChapChallenge], _counters),
            AuthenticationProtocol.Eap => new EapAuthenticator(_questionIdentifier++, _counters),
            AuthenticationProtocol.None => null,
        };
        if (_authenticator is null) _timers.Stop(_authenticationTimer);
        if (_authenticator is null or { Question.IsEmpty: true }) return;
        _questionsLeft = QuestionCount;
        SendQuestion(now);
    }

    private void SendQuestion(Instant now)
    {
        _questionsLeft--;
        _timers.Set(_questionTimer, now + _config.RestartInterval);
        _user.SendPpp(this, _authenticator!.Question.Span, now);
    }

    private void End(EndCause cause, string detail, Instant now)
    {
        Release();
        _user.LinkEnded(this, cause, detail, now);
    }
}
