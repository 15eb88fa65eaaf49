using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;

namespace LacEdge.Core.L2tp;

/// <summary>
/// The tunnel that an LNS opens to show that it goes on with an old one (RFC 4951 section 3.2.1): we answer. It carries no calls, and what
/// fails on it changes nothing for the old tunnel.
/// </summary>
internal sealed class RecoveryTunnel : ITimerOwner
{
    private enum RecoveryTimer { Channel, Life }
    private enum Stage { WaitConnected, Established, Stopping, Stopped, Over }

    private readonly L2tpShared _shared;
    private readonly L2tpTunnel _old;
    private readonly ControlChannel _channel;
    private readonly ushort _localTunnelId;
    private readonly Timer _channelTimer, _lifeTimer;
    private byte[] _challenge = [];
    private Stage _stage;

    public RecoveryTunnel(L2tpShared shared, L2tpTunnel old, UdpEndpoint peer, ushort localTunnelId, ushort peerTunnelId)
    {
        (_shared, _old, _localTunnelId, TimerOrder) = (shared, old, localTunnelId, shared.NextTimerOrder());
        var profile = old.Target.Profile;
        _channel = new ControlChannel(profile.ReceiveWindow, profile.Retries, profile.RetryCap, shared.Outbox, shared.Counters)
        {
            Socket = old.Socket,
            Peer = peer,
            PeerTunnelId = peerTunnelId,
        };
        _channelTimer = new Timer(this, (int)RecoveryTimer.Channel);
        _lifeTimer = new Timer(this, (int)RecoveryTimer.Life);
    }

    public ulong TimerOrder { get; }

    public bool IsFrom(UdpEndpoint source, ushort peerTunnelId) => source == _channel.Peer && peerTunnelId == _channel.PeerTunnelId;

    /// <summary>Answers SCCRQ with SCCRP.</summary>
    public void Open(in ControlMessage sccrq, in L2tpHeader header, ReadOnlySpan<byte> datagram, Instant now)
    {
        _channel.Receive(header, datagram, now);
        var (profile, secret) = (_old.Target.Profile, _old.Secret);
        Span<byte> response = stackalloc byte[sccrq.Challenge.IsEmpty ? 0 : TunnelAuthentication.ResponseSize];
        if (!response.IsEmpty) TunnelAuthentication.Respond(MessageType.Sccrp, secret.Span, sccrq.Challenge, response);
        if (secret.IsSet)
        {
            _challenge = new byte[TunnelAuthentication.ChallengeSize];
            _shared.Random[RandomPurpose.TunnelChallenge].Fill(_challenge);
        }

        var sccrp = new StartControlConnection
        {
            HostName = profile.HostName,
            AssignedTunnelId = _localTunnelId,
            FramingCapabilities = Framings.Synchronous | Framings.Asynchronous,
            ReceiveWindowSize = profile.ReceiveWindow,
            Challenge = _challenge,
            ChallengeResponse = response,
            VendorName = profile.VendorName,
        };
        _shared.Timers.Set(_lifeTimer, now + profile.SetupTimeout);
        Send(sccrp.WriteSccrp(_shared.Scratch, _channel.PeerTunnelId), MessageType.Sccrp, now);
    }

    public void HandleControl(int socket, UdpEndpoint source, in L2tpHeader header, ReadOnlySpan<byte> datagram, Instant now)
    {
        if (socket != _channel.Socket || source != _channel.Peer)
        {
            _shared.Counters.Count(DropReason.L2tpNotPeer);
            return;
        }

        var arrival = _channel.Receive(header, datagram, now);
        if (arrival == Arrival.InOrder)
        {
            HandleMessage(header, now);
            while (_stage != Stage.Over && _channel.TryTakeNext(now, out var kept))
            {
                if (L2tpHeader.TryParse(kept, out var next, out _)) HandleMessage(next, now);
            }
        }

        if (_stage == Stage.Over) return;
        var stopped = false;
        while (_channel.TryTakeDone(out var message)) stopped |= message.Type == MessageType.StopCcn && _stage == Stage.Stopping;
        _channel.Settle();
        SetTimer();
        if (stopped) Forget(now);
    }

    public void HandleTimer(int kind, Instant now)
    {
        if ((RecoveryTimer)kind == RecoveryTimer.Life)
        {
            if (_stage is Stage.WaitConnected or Stage.Established) Stop(new ResultCode(StopCcnResult.GeneralClear, text: "the recovery is over"), now);
            else Forget(now);
        }
        else if (_channel.HandleTimeout(now, out _)) SetTimer();
        else Forget(now);
    }

    /// <summary>Its id rests; the old tunnel may be recovered again.</summary>
    public void Forget(Instant now)
    {
        if (_stage == Stage.Over) return;
        _stage = Stage.Over;
        _shared.Timers.Stop(_channelTimer);
        _shared.Timers.Stop(_lifeTimer);
        _shared.Recoveries.Remove(_localTunnelId);
        _shared.Tunnels.ReleaseId(_localTunnelId, now);
        _old.RecoveryEnded(this);
    }

    private void HandleMessage(in L2tpHeader header, Instant now)
    {
        var message = ControlMessageParser.Parse(header, _old.Secret.Span, _old.Target.Peer.IgnoreMBit, true);
        if (!message.Problem.IsNone) _shared.Counters.Count(message.Problem.Error);
        if (message.Type == MessageType.StopCcn) Stopped(now);
        else if (message.IsUnknown || _stage is Stage.Stopping or Stage.Stopped) return;
        else if (!message.Problem.IsNone) Stop(TunnelRefusal.ProtocolError(message).Result, now);
        else if (message.Type == MessageType.Scccn && _stage == Stage.WaitConnected) Connected(message, now);
        else if (message.Type != MessageType.Hello || _stage != Stage.Established)
            Stop(TunnelRefusal.StateError(message.Type, _old.State).Result, now);
    }

    private void Connected(in ControlMessage scccn, Instant now)
    {
        var secret = _old.Secret;
        if (secret.IsSet && !TunnelAuthentication.Verify(MessageType.Scccn, secret.Span, _challenge, scccn.ChallengeResponse))
        {
            Stop(new ResultCode(StopCcnResult.NotAuthorized, text: "challenge response wrong"), now);
            return;
        }

        _stage = Stage.Established;
        _shared.Timers.Set(_lifeTimer, now + L2tpShared.FullCycle);
        _old.Recovered(now);
    }

    /// <summary>Its StopCCN is acknowledged again for a full cycle.</summary>
    private void Stopped(Instant now)
    {
        _channel.AcknowledgeNow();
        _channel.Abandon();
        _stage = Stage.Stopped;
        _shared.Timers.Set(_lifeTimer, now + L2tpShared.FullCycle);
        // The old tunnel may be recovered again meanwhile.
        _old.RecoveryEnded(this);
    }

    private void Stop(in ResultCode result, Instant now)
    {
        _stage = Stage.Stopping;
        _shared.Timers.Set(_lifeTimer, now + L2tpShared.FullCycle);
        Send(Messages.StopCcn(_shared.Scratch, _channel.PeerTunnelId, _localTunnelId, result), MessageType.StopCcn, now);
    }

    private void Send(ReadOnlySpan<byte> message, MessageType type, Instant now)
    {
        _channel.Send(message, new SentMessage(type, null), now);
        SetTimer();
    }

    private void SetTimer()
    {
        if (_channel.NextTimeout == Instant.Never) _shared.Timers.Stop(_channelTimer);
        else _shared.Timers.Set(_channelTimer, _channel.NextTimeout);
    }
}
