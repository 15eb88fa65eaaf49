using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;
using LacEdge.Wire.Ppp;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Recording.Scenarios;

/// <summary>A tunnel as the messages on it show it.</summary>
internal sealed class TunnelTrace(IpAddress lns, ushort lacId)
{
    public IpAddress Lns { get; } = lns;
    /// <summary>The tunnel id that the LAC assigned.</summary>
    public ushort LacId { get; } = lacId;
    /// <summary>0 before SCCRP.</summary>
    public ushort LnsId { get; set; }
    /// <summary>Of SCCRQ; empty: none.</summary>
    public Bytes LacChallenge { get; set; }
    /// <summary>Of SCCRP; empty: none.</summary>
    public Bytes LnsChallenge { get; set; }
    public bool Stopped { get; set; }
    public List<CallTrace> Calls { get; } = [];
    /// <summary>Ns of the messages seen, by direction: what comes again is a retransmission.</summary>
    public HashSet<(bool FromLac, ushort Ns)> Seen { get; } = [];
}

internal sealed class CallTrace(TunnelTrace tunnel, ushort lacId)
{
    public TunnelTrace Tunnel { get; } = tunnel;
    public ushort LacId { get; } = lacId;
    /// <summary>0 before ICRP.</summary>
    public ushort LnsId { get; set; }
    public bool Connected { get; set; }
    public bool Ended { get; set; }
}

/// <summary>A PPPoE session as its frames show it.</summary>
internal sealed class SubscriberTrace(int accessGroup, MacAddress concentrator, MacAddress client, VlanStack vlans, ushort sessionId)
{
    public int AccessGroup { get; } = accessGroup;
    public MacAddress Concentrator { get; } = concentrator;
    public MacAddress Client { get; } = client;
    public VlanStack Vlans { get; } = vlans;
    public ushort SessionId { get; } = sessionId;
    /// <summary>The LNS speaks PPP.</summary>
    public bool Spliced { get; set; }
    /// <summary>Known of our own subscribers from the splice on.</summary>
    public CallTrace? Call { get; set; }
    public bool Ended { get; set; }
    /// <summary>What the LAC itself said: what it says again is a repetition.</summary>
    public HashSet<(PppProtocol Protocol, byte Code, Bytes Data)> Said { get; } = [];
}

/// <summary>To what a message belongs. Null: to none that began where it could be seen.</summary>
/// <param name="Repeats">It was there before: a retransmission, or what a LAC's PPP says again.</param>
internal readonly record struct Place(TunnelTrace? Tunnel, CallTrace? Call, SubscriberTrace? Subscriber, bool Repeats);

/// <summary>Follows tunnels, calls and PPPoE sessions from the messages that pass, whoever made them.</summary>
internal sealed class Conversations
{
    private readonly List<SubscriberTrace> _subscribers = [];

    public List<TunnelTrace> Tunnels { get; } = [];

    public Place Frame(Message message, bool fromLac, int accessGroup)
    {
        var client = fromLac ? message.Destination : message.Source;
        if (message is { IsDiscovery: true, PppoeCode: not (PppoeCode.Pads or PppoeCode.Padt) }) return default;
        var subscriber = _subscribers.FindLast(s =>
            s.AccessGroup == accessGroup && s.Client == client && s.SessionId == message.PppoeSessionId && s.Vlans.SameLine(message.Vlans));
        if (message.IsPads)
        {
            var again = subscriber is { Ended: false };
            if (again || message.PppoeSessionId == 0) return new Place(null, null, subscriber, again);
            subscriber = new SubscriberTrace(accessGroup, message.Source, client, message.Vlans, message.PppoeSessionId);
            _subscribers.Add(subscriber);
        }

        if (subscriber is null) return default;
        var own = fromLac && message.IsPpp && !subscriber.Spliced;
        var repeats = own && !subscriber.Said.Add((message.Protocol, message.Code, message.Data));
        if (message.IsDiscovery && message.PppoeCode == PppoeCode.Padt) subscriber.Ended = true;
        return new Place(null, null, subscriber, repeats);
    }

    /// <summary>The newest session with this id.</summary>
    public SubscriberTrace? Subscriber(int accessGroup, ushort sessionId) =>
        _subscribers.FindLast(s => s.AccessGroup == accessGroup && s.SessionId == sessionId);

    public Place Datagram(Message message, bool fromLac, IpAddress lns)
    {
        var tunnel = FindTunnel(message, fromLac, lns);
        if (message.Type == MessageType.Sccrq && fromLac && (tunnel is null || tunnel.Stopped))
        {
            tunnel = new TunnelTrace(lns, message.AssignedTunnelId) { LacChallenge = message.Challenge };
            Tunnels.Add(tunnel);
        }

        if (tunnel is null) return default;
        var repeats = message is { IsControl: true, IsZlb: false } && !tunnel.Seen.Add((fromLac, message.Ns));
        if (message is { Type: MessageType.Sccrp } && !fromLac && !repeats)
        {
            tunnel.LnsId = message.AssignedTunnelId;
            tunnel.LnsChallenge = message.Challenge;
        }

        if (message.Type == MessageType.StopCcn) Stop(tunnel);
        return new Place(tunnel, FollowCall(tunnel, message, fromLac), null, repeats);
    }

    private static CallTrace? FollowCall(TunnelTrace tunnel, Message message, bool fromLac)
    {
        var call = FindCall(tunnel, message, fromLac);
        if (message.Type == MessageType.Icrq && fromLac && call is null or { Ended: true })
        {
            call = new CallTrace(tunnel, message.AssignedSessionId);
            tunnel.Calls.Add(call);
        }

        if (call is null) return null;
        if (message.Type == MessageType.Icrp && !fromLac) call.LnsId = message.AssignedSessionId;
        if (message.Type == MessageType.Iccn && fromLac) call.Connected = true;
        if (message.Type == MessageType.Cdn) call.Ended = true;
        return call;
    }

    private static void Stop(TunnelTrace tunnel)
    {
        tunnel.Stopped = true;
        foreach (var call in tunnel.Calls) call.Ended = true;
    }

    /// <summary>By the receiver's tunnel id in the header, else by the sender's own in the AVP.</summary>
    private TunnelTrace? FindTunnel(Message message, bool fromLac, IpAddress lns)
    {
        bool Belongs(TunnelTrace tunnel) => (fromLac, message.TunnelId) switch
        {
            (true, 0) => tunnel.LacId == message.AssignedTunnelId,
            (true, var lnsId) => tunnel.LnsId == lnsId,
            (false, 0) => tunnel.LnsId == message.AssignedTunnelId || tunnel.LnsId == 0,
            (false, var lacId) => tunnel.LacId == lacId,
        };
        return Tunnels.FindLast(t => t.Lns == lns && Belongs(t));
    }

    /// <summary>By the session id in the header, else by the sender's own id in the AVP. Ids in ZLBs are not dependable.</summary>
    private static CallTrace? FindCall(TunnelTrace tunnel, Message message, bool fromLac)
    {
        if (message.IsZlb || message is { SessionId: 0, AssignedSessionId: 0 }) return null;
        var byLacId = fromLac ? message.AssignedSessionId : message.SessionId;
        var byLnsId = fromLac ? message.SessionId : message.AssignedSessionId;
        return tunnel.Calls.FindLast(c => message.SessionId != 0 == fromLac ? c.LnsId == byLnsId : c.LacId == byLacId);
    }
}
