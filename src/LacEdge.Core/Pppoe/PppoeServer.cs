using LacEdge.Core.Config;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Core.Pppoe;

/// <summary>
/// The access concentrator's side of PPPoE (RFC 2516): stateless discovery, sessions, PADT. Nothing is kept for a PADI; a
/// session begins with a PADR that returns our cookie.
/// </summary>
public sealed partial class PppoeServer
{
    /// <summary>Ethernet header with two VLAN tags, and the PPPoE header.</summary>
    private const int MaxHeaderSize = EthernetFrame.HeaderSize + 8 + PppoePacket.HeaderSize;

    private readonly AccessGroup[] _groups;
    private readonly int _maxSessions;
    private readonly AcCookie _cookie;
    private readonly DiscoveryGuard _guard;
    private readonly SessionLimits _limits;
    private readonly PadoQueue _delayed;
    private readonly Outbox _outbox;
    private readonly LacCounters _counters;
    private readonly IPppoeUser _user;
    private byte[] _buffer = new byte[MaxHeaderSize + 2 + AccessGroup.StandardPayload];

    /// <param name="interfaceServices">The services of each access group, in the order of the configuration.</param>
    /// <param name="interfaces">The names of the access groups.</param>
    public PppoeServer(
        IReadOnlyList<IReadOnlyList<ServiceVlans>> interfaceServices, int maxSessions,
        IReadOnlyList<string> interfaces, DiscoveryConfig discovery,
        RandomStreams random, TimerQueue timers, Outbox outbox, LacCounters counters, IPppoeUser user, ulong timerOrder)
    {
        _cookie = new AcCookie(discovery.CookieKey, random[RandomPurpose.CookieKey], interfaces);
        var hash = new KeyedHash(random[RandomPurpose.TableKey]);
        _guard = new DiscoveryGuard(discovery, hash, interfaces.Count);
        _limits = new SessionLimits(hash);
        _delayed = new PadoQueue(timers, timerOrder, SendDelayedPado);
        _groups = [.. interfaceServices.Select((services, number) => new AccessGroup(number, services, random))];
        _maxSessions = maxSessions;
        _outbox = outbox;
        _counters = counters;
        _user = user;
    }

    public int SessionCount { get; private set; }
    public int IdsInUse => _groups.Sum(group => group.Ids.Live);
    /// <summary>PADOs that wait for their time.</summary>
    public int DelayedPados => _delayed.Count;

    /// <summary>Lines that are not answered at present.</summary>
    public IEnumerable<LockedOutLine> LockedOut(Instant now) => _guard.Lockout.Lines(now);

    /// <summary>Answers the lines of this MAC again, or all.</summary>
    public void ClearLockout(MacAddress? mac) => _guard.Lockout.Clear(mac);

    /// <summary>To be told at each session's end: lines whose sessions keep ending at once are locked out.</summary>
    /// <param name="blamed">It ended by the subscriber's doing, or because the LNS would not have it.</param>
    public void SessionEnded(PppoeSession session, bool blamed, Instant now) => _guard.SessionEnded(session, blamed, now);

    /// <summary>The interface's own MAC and MTU; frames of an interface that is down or unknown are dropped.</summary>
    public void SetInterface(int accessGroup, MacAddress mac, int mtu, bool up, ulong speed = 0)
    {
        var group = _groups[accessGroup];
        (group.Mac, group.Mtu, group.Up, group.Speed) = (mac, mtu, up, speed);
        var size = EthernetFrame.HeaderSize + 8 + mtu;
        if (size > _buffer.Length) _buffer = new byte[size];
    }

    /// <summary>In bit/s; 0: not known.</summary>
    public ulong SpeedOf(int accessGroup) => _groups[accessGroup].Speed;
    public MacAddress MacOf(int accessGroup) => _groups[accessGroup].Mac;
    public bool IsUp(int accessGroup) => _groups[accessGroup].Up;

    /// <summary>A whole Ethernet frame with its tags in band: discovery or session stage.</summary>
    public void HandleFrame(int accessGroup, ReadOnlySpan<byte> frame, Instant now)
    {
        if ((uint)accessGroup >= (uint)_groups.Length || !_groups[accessGroup].Up)
        {
            _counters.Count(DropReason.InterfaceNotReady);
            return;
        }

        var group = _groups[accessGroup];
        if (!EthernetFrame.TryParse(frame, out var ethernet, out var error))
        {
            _counters.Count(error);
            return;
        }

        if (ethernet.EtherType is not (EtherType.PppoeDiscovery or EtherType.PppoeSession)
            || ethernet.Source == group.Mac || group.Services.On(ethernet.Vlans) is not { } services)
        {
            _counters.Count(DropReason.NotForUs);
            return;
        }

        if (ethernet.Source.IsGroup || ethernet.Source.IsZero)
        {
            _counters.Count(DropReason.GroupSource);
            return;
        }

        if (!PppoePacket.TryParse(ethernet.Payload, out var packet, out error))
        {
            _counters.Count(error);
            return;
        }

        // Only a PADI may come to everybody (RFC 2516 section 5).
        var isPadi = ethernet.EtherType == EtherType.PppoeDiscovery && packet.Code == PppoeCode.Padi;
        if (ethernet.Destination != group.Mac && !(isPadi && ethernet.Destination == MacAddress.Broadcast))
            _counters.Count(DropReason.NotForUs);
        else if (ethernet.EtherType == EtherType.PppoeSession)
            HandleSessionFrame(group, ethernet, packet, now);
        else
            HandleDiscovery(group, services, ethernet, packet, now);
    }

    /// <summary>Puts a PPP frame (protocol field first) into the outbox; longer than the session's MRU + 2 is dropped and
    /// counted.</summary>
    public void SendPpp(PppoeSession session, ReadOnlySpan<byte> ppp, int slot)
    {
        if (ppp.Length > session.MaxPayload + 2)
        {
            _counters.Count(DropReason.L2tpDataOversized);
            return;
        }

        var writer = new WireWriter(_buffer);
        var source = _groups[session.AccessGroup].Mac;
        EthernetFrame.WriteHeader(ref writer, session.Subscriber, source, session.Vlans, EtherType.PppoeSession);
        var header = PppoePacket.WriteHeader(ref writer, PppoeCode.Session, session.SessionId);
        writer.WriteBytes(ppp);
        PppoePacket.PatchLength(ref writer, header);
        _outbox.Frame(session.AccessGroup, writer.Written, slot);
        _counters.Count(LacCounter.PppFramesSent);
    }

    /// <summary>Forgets the session; its id rests. With PADT unless the subscriber sent one. A session that is gone already is left
    /// alone.</summary>
    public void Close(PppoeSession session, bool sendPadt, string reason, Instant now)
    {
        var group = _groups[session.AccessGroup];
        if (group.Sessions.Find(session.SessionId) != session) return;
        Forget(group, session, now);
        if (!sendPadt) return;
        SendPadt(group, session, reason);
        _guard.PadtSent(session, now);
    }

    private void HandleSessionFrame(AccessGroup group, in EthernetFrame ethernet, in PppoePacket packet, Instant now)
    {
        if (packet.Code != PppoeCode.Session)
        {
            _counters.Count(DropReason.PppoeCodeUnexpected);
            return;
        }

        if (FindOwned(group, ethernet, packet.SessionId) is not { } session)
        {
            AnswerUnknown(group, ethernet, packet.SessionId, now);
            return;
        }

        session.Heard = true;
        _counters.Count(LacCounter.PppFramesReceived);
        _user.FrameReceived(session, packet.Payload, now);
    }

    /// <summary>Null, and counted, unless the frame comes from the session's own MAC and line.</summary>
    private PppoeSession? FindOwned(AccessGroup group, in EthernetFrame ethernet, ushort sessionId)
    {
        var session = group.Sessions.Find(sessionId);
        if (session is null)
        {
            _counters.Count(DropReason.PppoeSessionUnknown);
            return null;
        }

        if (session.Subscriber == ethernet.Source && session.Vlans.SameLine(ethernet.Vlans)) return session;
        _counters.Count(DropReason.PppoeNotOwner);
        return null;
    }

    /// <summary>
    /// A host that sends on a session that we do not have (we restarted, or our PADT was lost) is told so by PADT, so that it dials at once.
    /// </summary>
    /// <remarks>
    /// Another access concentrator on the segment must not suffer: such frames are unicast to our own MAC on a VLAN of ours (that has
    /// been looked at), an id that somebody else has is none of the sender's business, and PADTs are never answered. Nor are hosts
    /// that closed the session by themselves as long as the id rests.
    /// </remarks>
    private void AnswerUnknown(AccessGroup group, in EthernetFrame ethernet, ushort sessionId, Instant now)
    {
        if (sessionId is 0 or 0xFFFF || group.Sessions.Find(sessionId) is not null) return;
        if (group.Sessions.WasClosedBySubscriber(sessionId) && !group.Ids.IsFree(sessionId, now)) return;
        if (!_guard.MaySendPadt(group.Number, ethernet.Vlans, ethernet.Source, now)) return;
        SendPadt(group, ethernet.Source, ethernet.Vlans, sessionId, "no such session");
    }

    private void Forget(AccessGroup group, PppoeSession session, Instant now)
    {
        group.Sessions.Remove(session);
        _limits.Remove(session);
        group.Ids.Release(session.SessionId, now);
        SessionCount--;
    }
}
