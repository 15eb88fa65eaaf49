using System.Collections.Immutable;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Forwarding;
using LacEdge.Core.L2tp;
using LacEdge.Core.Ppp;
using LacEdge.Core.Pppoe;
using LacEdge.Core.Steering;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.L2tp;

namespace LacEdge.Core.Lac;

/// <summary>
/// Moves subscribers through their stages: PADR, PPP at the LAC, steering, call, splice, end.
/// </summary>
/// <remarks>
/// It is what PPPoE, PPP and L2TP tell their news to. The way from the user name to the call stands in <see cref="SessionSetup"/>, what
/// follows ICRP in the other file of this class, the many ways to an end in <see cref="SessionEnding"/>. The subscriber is never told
/// "success" before the LNS says so.
/// </remarks>
internal sealed partial class SessionManager : IPppoeUser, IPppLinkUser, IL2tpUser
{
    /// <summary>Each may cost the LNS a call, and us an id that rests: a subscriber must not have them for a frame apiece.</summary>
    private const int MaxPresentations = 10;

    private readonly LacContext _context;
    private readonly SlotPool _slots;
    private readonly ImmutableArray<string> _interfaces;
    private readonly Dictionary<string, UserNameRules> _userNames;
    private PppoeServer _pppoe = null!;
    private L2tpEndpoint _l2tp = null!;
    private TunnelManager _tunnels = null!;
    private LnsBook _lnses = null!;
    private SessionEnding _ending = null!;
    private SessionSetup _setup = null!;
    private SessionTimeouts _timeouts = null!;
    private uint _sequence;

    public SessionManager(LacContext context)
    {
        _context = context;
        _interfaces = context.Config.AccessInterfaces;
        _slots = new SlotPool(context.Config.Limits.Sessions);
        _userNames = context.Config.Access.ToDictionary(service => service.Name, service => new UserNameRules(service.UserName), StringComparer.Ordinal);
    }

    public SessionTable Table { get; } = new();
    public bool ShutdownComplete => _ending.ShutdownComplete;
    public int HalfOpen => _ending.HalfOpen;
    public int SlotsInUse => _slots.Live;

    /// <summary>The parts and this object know each other: they are joined in a second step.</summary>
    public void Attach(PppoeServer pppoe, L2tpEndpoint l2tp, TunnelManager tunnels, LnsBook lnses, LnsSelector selector)
    {
        (_pppoe, _l2tp, _tunnels, _lnses) = (pppoe, l2tp, tunnels, lnses);
        _ending = new SessionEnding(_context, Table, pppoe, l2tp, tunnels, _slots);
        _timeouts = new SessionTimeouts(_context, _ending);
        _setup = new SessionSetup(_context, _interfaces, l2tp, tunnels, selector, _ending);
    }

    // From PPPoE.

    public string? Admit(int accessGroup, MacAddress subscriber, VlanStack vlans, AccessServiceConfig service, Instant now)
    {
        var limits = _context.Config.Limits;
        if (_ending.ShuttingDown)
        {
            _context.Counters.Count(DropReason.ShuttingDown);
            return "shutting down";
        }

        if (Table.Count < limits.Sessions && _ending.HalfOpen < limits.HalfOpen) return null;
        _context.Counters.Count(DropReason.Limit);
        return "no resources";
    }

    public void SessionReplaced(PppoeSession pppoe, string detail, Instant now) => _ending.Replace((SubscriberSession)pppoe.Owner!, detail, now);

    public void SessionOpened(PppoeSession pppoe, Instant now)
    {
        var session = new SubscriberSession(
            new SessionKey(_context.Boot, ++_sequence), pppoe, now, _context.NextTimerOrder(), TimerDue);
        pppoe.Owner = session;
        Table.Add(session);
        _ending.HalfOpen++;
        _context.Counters.Count(LacCounter.SessionsOpened);

        var service = pppoe.Service;
        if (!service.PartialTermination)
        {
            _setup.Start(session, now);
            return;
        }

        // More than the standard is there only when PPP-Max-Payload granted it (RFC 4638): it takes the place of the configured MRU.
        var maxMru = pppoe.MaxPayload > AccessGroup.StandardPayload ? pppoe.MaxPayload : Math.Min(service.Ppp.Mru, pppoe.MaxPayload);
        // An interface with an absurd MTU loses frames, not the negotiation.
        maxMru = Math.Max(maxMru, LcpNegotiator.MinMru);
        session.Link = new PppLink(
            service.Ppp, service.Authentication, service.ChallengeName, maxMru,
            _context.Random, _context.Timers, _context.Counters, this, _context.NextTimerOrder())
        { Owner = session };
        session.Link.Start(now);
    }

    public void FrameReceived(PppoeSession pppoe, ReadOnlySpan<byte> ppp, Instant now)
    {
        var session = (SubscriberSession)pppoe.Owner!;
        if (session.Link is { } link) link.HandleFrame(ppp, now);
        else if (session is { Call: { } call, Stage: SessionStage.Spliced or SessionStage.Up })
            SendToLns(session, call, ppp[PppoeL2tpForwarder.AddressAndControlSize(ppp)..], now);
        else if (session.Stage == SessionStage.Connecting) KeepForLns(session, ppp[PppoeL2tpForwarder.AddressAndControlSize(ppp)..]);
        else _context.Counters.Count(DropReason.PppUnexpected);
    }

    public void SessionClosed(PppoeSession pppoe, string reason, Instant now) =>
        _ending.End((SubscriberSession)pppoe.Owner!, EndCause.SubscriberPadt, reason, now);

    // From PPP.

    public void SendPpp(PppLink link, ReadOnlySpan<byte> ppp, Instant now) => _pppoe.SendPpp(((SubscriberSession)link.Owner!).Pppoe, ppp, -1);

    public void CredentialsReceived(PppLink link, Instant now)
    {
        var session = (SubscriberSession)link.Owner!;
        // Who was asked for nothing has no name, and no default realm either.
        var user = link.Credentials!.Protocol == AuthenticationProtocol.None ? null
            : new UserName(link.Credentials.Name, _userNames[session.Pppoe.Service.Name]);
        if (session.Attempt is not null)
        {
            // Another password for the same name is simply what ICCN will carry; another name starts over.
            if (session.User?.Octets == user?.Octets) return;
            _setup.Abandon(session, EndCause.SubscriberTerminate, now);
        }

        session.User = user;
        if (++session.Presentations <= MaxPresentations) _setup.Start(session, now);
        else _ending.Refuse(session, EndCause.TooManyAttempts, $"{MaxPresentations} times", now);
    }

    public void LinkDown(PppLink link, EndCause cause, Instant now)
    {
        var session = (SubscriberSession)link.Owner!;
        _setup.Abandon(session, cause, now);
        if (session.Stage == SessionStage.Connecting) session.Stage = SessionStage.Ppp;
    }

    public void LinkEnded(PppLink link, EndCause cause, string detail, Instant now) =>
        _ending.End((SubscriberSession)link.Owner!, cause, detail, now);

    // From L2TP.

    public void TunnelEstablished(L2tpTunnel tunnel, Instant now)
    {
        _tunnels.Established((LacTunnel)tunnel.Owner!);
        _context.Outbox.Event(new TunnelUp(
            now, tunnel.LocalTunnelId, tunnel.PeerTunnelId, tunnel.Target.LnsName, tunnel.Peer, tunnel.PeerHostName));
    }

    public void TunnelClosed(L2tpTunnel tunnel, EndCause cause, string detail, Instant now)
    {
        var shared = (LacTunnel)tunnel.Owner!;
        _tunnels.Closed(shared, cause, detail, now);
        _context.Outbox.Event(new TunnelDown(
            now, tunnel.LocalTunnelId, tunnel.Target.LnsName, tunnel.Peer, cause, detail, shared.SessionsLost));
    }

    public bool AskActivity(L2tpTunnel tunnel) => _tunnels.AskActivity((LacTunnel)tunnel.Owner!);

    public void TunnelForgotten(L2tpTunnel tunnel, Instant now) => _tunnels.Forget((LacTunnel)tunnel.Owner!, now);

    public void CallEnded(L2tpCall call, CallEnd end, Instant now)
    {
        var session = (SubscriberSession)call.Owner!;
        (session.Call, session.CallEnd) = (null, end);
        if (call.Tunnel.State == TunnelState.Closing) session.Tunnel!.SessionsLost++;
        // A CDN after ICCN is the usual end of a call, unless it tells of an error.
        if (call.Tunnel.State == TunnelState.Established && end is not { Cause: EndCause.LnsCdn, ResultCode: not (ushort)CdnResult.GeneralError })
            _lnses.Refused(call.Tunnel.Target, end.Detail, now);
        if (session.Stage == SessionStage.Connecting && !_ending.ShuttingDown) _setup.CallEnded(session, end, now);
        else if (session.Goodbye is not null && end.Cause == EndCause.LnsCdn)
            _ending.End(session, EndCause.SubscriberTerminate, session.EndDetail.Length > 0 ? $"{session.EndDetail}; {end.Detail}" : end.Detail, now);
        else _ending.End(session, end.Cause, end.Detail, now);
    }

    // From the host and the operator.

    public void SocketAnswered(IReadOnlyList<(LacTunnel Tunnel, TunnelFailure Why)> failed, Instant now) => _setup.SocketAnswered(failed, now);

    public void InterfaceLost(int accessGroup, string detail, Instant now)
    {
        foreach (var session in Table.After(0).Where(s => s.Pppoe.AccessGroup == accessGroup && s.Stage != SessionStage.Ended).ToArray())
        {
            _ending.End(session, EndCause.AccessInterfaceDown, detail, now);
        }
    }

    public void CountersArrived(int slot, ForwardingCounters counters, Instant now) => _ending.CountersArrived(slot, counters, now);
    public void SessionFramesRead(int slot, ulong frames, Instant now) => _timeouts.FramesRead(slot, frames, now);
    public void Shutdown(Instant now) => _ending.Shutdown(now);

    public void Clear(SessionKey key, string reason, Instant now)
    {
        if (!Table.TryGet(key, out var session)) return;
        _setup.Abandon(session, EndCause.Operator, now);
        _ending.Refuse(session, EndCause.Operator, reason, now);
    }

    private void TimerDue(SubscriberSession session, int kind, Instant now)
    {
        switch ((SessionTimer)kind)
        {
            case SessionTimer.SetupBudget: _setup.BudgetSpent(session, now); break;
            case SessionTimer.Goodbye: _ending.End(session, EndCause.SubscriberTerminate, session.EndDetail, now); break;
            case SessionTimer.ResendPap: ResendPap(session, now); break;
            case SessionTimer.SessionTimeout: _timeouts.SessionTimeout(session, now); break;
            case SessionTimer.IdleCheck: _timeouts.CheckIdle(session); break;
        }
    }
}
