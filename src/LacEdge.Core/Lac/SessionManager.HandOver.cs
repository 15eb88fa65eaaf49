using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Forwarding;
using LacEdge.Core.L2tp;
using LacEdge.Core.Ppp;
using LacEdge.Wire;
using LacEdge.Wire.Ppp;

namespace LacEdge.Core.Lac;

/// <summary>From ICRP on: the LNS takes over, and what still comes to us goes through.</summary>
internal sealed partial class SessionManager
{
    /// <summary>From the acknowledgement of ICCN: an LNS that judges the proxied credentials has spoken by then.</summary>
    private static readonly TimeSpan _resendPapAfter = TimeSpan.FromSeconds(1);

    public void CallAccepted(L2tpCall call, Instant now)
    {
        var session = (SubscriberSession)call.Owner!;
        if (!_slots.TryTake(out var slot))
        {
            // The slots are as many as the sessions may be: only sessions that wait for their final counters can have used them up.
            _context.Counters.Count(DropReason.Limit);
            _ending.EndCall(session, EndCause.Limit, "no forwarding slot is free", now);
            _setup.CandidateFailed(session, EndCause.Limit, "no forwarding slot is free", true, now);
            return;
        }

        var (pppoe, priority) = (session.Pppoe, session.Pppoe.Service.FramePriority);
        var credentials = session.Link?.Credentials;
        var resend = session.Candidate!.Peer.ResendPap && credentials is { Protocol: AuthenticationProtocol.Pap };
        session.Slot = slot;
        _ending.SlotTaken(slot, session);
        _tunnels.Install(session.Tunnel!);
        _context.Outbox.Forwarding(new InstallDownstream(
            slot, session.Tunnel!.Slot, call.LocalSessionId, pppoe.AccessGroup, pppoe.Subscriber, _pppoe.MacOf(pppoe.AccessGroup),
            priority.Of(pppoe.Vlans), pppoe.SessionId, pppoe.MaxPayload)
        {
            PriorityFromDscp = pppoe.Vlans.Count > 0 && priority == FramePriority.Dscp,
            ThroughCore = resend,
        });
        var (tx, rx) = ConnectSpeeds.Of(pppoe.Service, pppoe.Line, _pppoe.SpeedOf(pppoe.AccessGroup));
        // Without a link of ours the LNS begins LCP itself, and nothing stands for it.
        var peer = session.Candidate.Peer;
        var proxy = credentials is null ? ProxyAuthentication.Omitted : ProxyForm.Of(credentials, session.User, peer);
        var group = _setup.Fill(peer.PrivateGroup, session);
        _l2tp.Connect(call, new CallConnect(tx, rx, session.Link?.ProxyLcp ?? default, proxy, group), now);
        _context.Outbox.Forwarding(new InstallUpstream(slot, call.PeerSessionId) { Dscp = call.Dscp });
        pppoe.IsSpliced = true;

        // From here on the LNS speaks PPP; passwords and challenges are not needed any more, but for the LNS that may ignore them.
        if (resend) session.PapRequest = RequestOf(credentials!);
        session.LetLinkGo();
        session.Attempt!.Walk.Taken();
        session.Terms = session.Attempt.Walk.Terms;
        _ending.DropAttempt(session, now);
        session.Stage = SessionStage.Spliced;
        if (session.EarlyLcp.IsEmpty) return;
        SendToLns(session, call, session.EarlyLcp.Span, now);
        session.EarlyLcp = default;
    }

    public void CallConnected(L2tpCall call, Instant now)
    {
        var session = (SubscriberSession)call.Owner!;
        session.Stage = SessionStage.Up;
        session.UpAt = now;
        _timeouts.Start(session, now);
        if (!session.PapRequest.IsEmpty)
        {
            session.ResendPap = new Timer(session, (int)SessionTimer.ResendPap);
            _context.Timers.Set(session.ResendPap, now + _resendPapAfter);
        }

        _ending.HalfOpen--;
        _context.Counters.Count(LacCounter.SessionsUp);
        _context.Outbox.Event(new SessionUp(
            now, session.Key, session.UserText, session.Pppoe.Subscriber, session.Pppoe.AccessGroup, session.Pppoe.Vlans,
            session.Pppoe.SessionId, session.CircuitText, session.IspName, session.LnsName, call.Tunnel.Peer, call.Tunnel.LocalTunnelId, call.LocalSessionId,
            call.Tunnel.PeerTunnelId, call.PeerSessionId, now - session.OpenedAt));
    }

    public void DataReceived(L2tpCall call, ReadOnlySpan<byte> ppp, Instant now)
    {
        var session = (SubscriberSession)call.Owner!;
        if (session.Slot < 0)
        {
            _context.Counters.Count(DropReason.L2tpStateUnexpected);
            return;
        }

        _pppoe.SendPpp(session.Pppoe, ppp, session.Slot);
        if (!session.PapRequest.IsEmpty) ForgetPapRequest(session);
    }

    private static Bytes RequestOf(Credentials pap)
    {
        var data = new WireWriter(stackalloc byte[2 + 2 * byte.MaxValue]);
        PapRequest.WriteData(ref data, pap.Name.Span, pap.Response.Span);
        var frame = new byte[2 + PppControlPacket.HeaderSize + data.Position];
        var writer = new WireWriter(frame);
        PppControlPacket.Write(ref writer, PppProtocol.Pap, (byte)PapCode.AuthenticateRequest, pap.Identifier, data.Written);
        return Bytes.Wrap(frame);
    }

    /// <summary>The LNS has said nothing: it waits for a request of its own.</summary>
    private void ResendPap(SubscriberSession session, Instant now)
    {
        SendToLns(session, session.Call!, session.PapRequest.Span, now);
        ForgetPapRequest(session);
    }

    private void ForgetPapRequest(SubscriberSession session)
    {
        session.PapRequest = default;
        if (session.ResendPap is { } timer) _context.Timers.Stop(timer);
        _context.Outbox.Forwarding(new ForwardDownstream(session.Slot));
    }

    /// <summary>The LNS is to speak LCP from the first frame on and is not there yet: it gets the last one that came, of which the
    /// earlier ones were repeats.</summary>
    private void KeepForLns(SubscriberSession session, ReadOnlySpan<byte> ppp)
    {
        if (ppp is [0xC0, 0x21, ..]) session.EarlyLcp = Bytes.Copy(ppp);
        else _context.Counters.Count(DropReason.PppUnexpected);
    }

    private void SendToLns(SubscriberSession session, L2tpCall call, ReadOnlySpan<byte> ppp, Instant now)
    {
        ForwardUpstream(call, ppp, session.Slot);
        if (SessionFrame.IsTerminateRequest(ppp)) ExpectEnd(session, ppp, now);
    }

    /// <summary>RFC 2516: the PPPoE session ends with LCP. Most LNSes send CDN, most subscribers PADT; some do neither. The LNS's
    /// Terminate-Ack gets the time that a PPP peer waits for it.</summary>
    private void ExpectEnd(SubscriberSession session, ReadOnlySpan<byte> terminateRequest, Instant now)
    {
        if (session.Goodbye is not null) return;
        if (PppControlPacket.TryParse(terminateRequest[2..], out var packet, out _)) session.EndDetail = PrintableText.From(packet.Data);
        session.Goodbye = new Timer(session, (int)SessionTimer.Goodbye);
        _context.Timers.Set(session.Goodbye, now + session.Pppoe.Service.Ppp.RestartInterval);
    }

    /// <summary>A frame that reached us although the session is spliced: forwarded here, and counted where the data plane counts.</summary>
    private void ForwardUpstream(L2tpCall call, ReadOnlySpan<byte> ppp, int slot)
    {
        var size = PppoeL2tpForwarder.MaxL2tpHeaderSize + ppp.Length;
        var writer = new WireWriter(size <= 2048 ? stackalloc byte[2048] : new byte[size]);
        // The data plane numbers it if it must be.
        PppoeL2tpForwarder.WriteL2tpHeader(ref writer, new DataForm(call.Tunnel.PeerTunnelId, call.Tunnel.Target.Peer.AddressAndControl), call.PeerSessionId);
        writer.WriteBytes(ppp);
        _context.Outbox.Datagram(call.Tunnel.Socket, call.Tunnel.Peer, writer.Written, slot);
        _context.Counters.Count(LacCounter.L2tpDataSent);
    }
}
