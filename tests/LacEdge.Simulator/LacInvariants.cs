using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Lac;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Simulator;

/// <summary>What must hold at every step, whatever the network does. Breaches are collected; a test demands that there are none.</summary>
public sealed class LacInvariants
{
    private const int MaxNotes = 50, TurnsBetweenStateChecks = 64, TimersPerOwner = 8;
    private readonly LacNode _node;
    private readonly List<string> _breaches = [];
    private readonly List<string> _secrets;
    private readonly Dictionary<(int Group, ushort SessionId), (MacAddress Mac, VlanStack Vlans)> _openSessions = [];
    /// <summary>Who sent session frames on ids that nobody has, and has not been told so.</summary>
    private readonly HashSet<(int Group, ushort SessionId, MacAddress Source)> _strays = [];
    private readonly Dictionary<int, MacAddress> _macs = [];
    /// <summary>Who sent a PADT on a session of his own.</summary>
    private readonly HashSet<MacAddress> _padts = [];
    /// <summary>Who sent a StopCCN.</summary>
    private readonly HashSet<UdpEndpoint> _stops = [];
    private int _turns;

    internal LacInvariants(LacNode node, LacConfig config)
    {
        _node = node;
        var secrets = config.Tunnels.Select(tunnel => tunnel.Secret).Concat(config.Radius.SelectMany(group => group.Servers).Select(server => server.Secret));
        _secrets = [.. secrets.Where(secret => secret.IsSet).Select(secret => System.Text.Encoding.UTF8.GetString(secret.Span))];
    }

    public IReadOnlyList<string> Breaches => _breaches;

    /// <summary>Must never be printed.</summary>
    public void AddSecret(string secret) => _secrets.Add(secret);

    public void Note(string breach)
    {
        if (_breaches.Count < MaxNotes) _breaches.Add(breach);
    }

    /// <summary>Ids are unique, calls have tunnels, slots have one owner. Also at the end of a test.</summary>
    public void CheckState()
    {
        var lac = _node.Core;
        var pppoe = new HashSet<(int, ushort)>();
        var l2tp = new HashSet<(ushort, ushort)>();
        var slots = new HashSet<int>();
        foreach (var session in lac.SessionsAfter(0))
        {
            if (session.Stage != SessionStage.Ended && !pppoe.Add((session.Pppoe.AccessGroup, session.Pppoe.SessionId)))
                Note($"PPPoE session id {session.Pppoe.SessionId} twice");
            if (session.Slot >= 0 && !slots.Add(session.Slot)) Note($"forwarding slot {session.Slot} twice");
            if (session.Call is not { } call) continue;
            if (!l2tp.Add((call.Tunnel.LocalTunnelId, call.LocalSessionId))) Note($"L2TP session id {call.LocalSessionId} twice");
            if (!lac.Tunnels.Any(tunnel => ReferenceEquals(tunnel.L2tp, call.Tunnel))) Note($"session {session.Key}: call without tunnel");
            if (session.ToString()?.Contains("Password", StringComparison.Ordinal) == true) Note("a session prints its password");
        }

        var limits = lac.Config.Limits;
        if (lac.SessionCount > limits.Sessions) Note("more sessions than the limit");
        if (lac.Tunnels.Count > limits.Tunnels) Note("more tunnels than the limit");
        if (lac.RunningTimers > TimersPerOwner * (lac.SessionCount + lac.Tunnels.Count + 1)) Note("more timers than sessions and tunnels can own");

        var tunnelIds = new HashSet<ushort>();
        foreach (var tunnel in lac.Tunnels)
        {
            if (tunnel.L2tp is { } open && !tunnelIds.Add(open.LocalTunnelId)) Note($"tunnel id {open.LocalTunnelId} twice");
            if (tunnel.SessionCount < 0) Note($"tunnel with {tunnel.SessionCount} sessions");
        }
    }

    internal void TurnEnded()
    {
        // Looking at every session costs time with their number: the more there are, the rarer.
        if (++_turns < TurnsBetweenStateChecks + _node.Core.SessionCount) return;
        _turns = 0;
        CheckState();
    }

    internal void EventPublished(LacEvent happened)
    {
        var text = happened.ToString();
        if (happened is SessionDown { Cause: EndCause.SubscriberPadt } down && !_padts.Contains(down.Mac)
            || happened is SessionFailed { Cause: EndCause.SubscriberPadt } failed && !_padts.Contains(failed.Mac))
            Note("a session ends by a PADT that its subscriber did not send");
        if (happened is TunnelDown { Cause: EndCause.LnsStopCcn } closed && !_stops.Contains(closed.Peer))
            Note("a tunnel ends by a StopCCN that its LNS did not send");
        if (_secrets.Exists(secret => text.Contains(secret, StringComparison.Ordinal))) Note($"{happened.GetType().Name} prints a secret");
    }

    /// <summary>The interface's MAC.</summary>
    internal MacAddress MacOf(int group) => _macs.GetValueOrDefault(group, LacNode.MacOf(group));

    internal void LinkLost(int group, MacAddress mac)
    {
        _macs[group] = mac;
        foreach (var key in _openSessions.Keys.Where(key => key.Group == group).ToArray()) _openSessions.Remove(key);
    }

    internal void FrameReceived(int group, ReadOnlySpan<byte> frame)
    {
        if (!EthernetFrame.TryParse(frame, out var ethernet, out _) || !PppoePacket.TryParse(ethernet.Payload, out var packet, out _)) return;
        if (ethernet.EtherType == EtherType.PppoeSession && !_openSessions.ContainsKey((group, packet.SessionId)))
            _strays.Add((group, packet.SessionId, ethernet.Source));
        // After a PADT of the owner nothing may be sent on its session.
        if (ethernet.EtherType != EtherType.PppoeDiscovery || packet.Code != PppoeCode.Padt || ethernet.Destination != LacNode.MacOf(group)) return;
        if (_openSessions.TryGetValue((group, packet.SessionId), out var owner) && owner.Mac == ethernet.Source
            && owner.Vlans.SameLine(ethernet.Vlans) && DiscoveryTags.TryParse(packet.Payload, out _, out _))
        {
            _openSessions.Remove((group, packet.SessionId));
            _padts.Add(ethernet.Source);
        }
    }

    internal void DatagramReceived(UdpEndpoint source, ReadOnlySpan<byte> payload)
    {
        if (!L2tpHeader.TryParse(payload, out var header, out _) || !header.IsControl || header.IsZlb) return;
        if (ControlMessageParser.Parse(header, default).Type == MessageType.StopCcn) _stops.Add(source);
    }

    /// <summary>Everything that leaves towards subscribers, whoever sent it.</summary>
    internal void FrameSent(int group, ReadOnlySpan<byte> frame)
    {
        if (!EthernetFrame.TryParse(frame, out var ethernet, out var error)
            || !PppoePacket.TryParse(ethernet.Payload, out var packet, out error))
        {
            Note($"broken frame sent: {error}");
            return;
        }

        if (ethernet.Source != MacOf(group)) Note($"frame sent from {ethernet.Source}");
        var key = (group, packet.SessionId);
        if (ethernet.EtherType == EtherType.PppoeSession)
        {
            if (!_openSessions.TryGetValue(key, out var owner)) Note($"session frame on {packet.SessionId}, which is not open");
            else if (owner.Mac != ethernet.Destination) Note($"session frame of {owner.Mac} sent to {ethernet.Destination}");
        }
        else if (packet.Code == PppoeCode.Pads && packet.SessionId != 0)
        {
            if (_openSessions.TryGetValue(key, out var owner) && owner.Mac != ethernet.Destination)
                Note($"PPPoE session id {packet.SessionId} given twice");
            _openSessions[key] = (ethernet.Destination, ethernet.Vlans);
        }
        else if (packet.Code == PppoeCode.Padt)
        {
            if (_openSessions.Remove(key, out var owner) ? owner.Mac != ethernet.Destination : !_strays.Remove((group, packet.SessionId, ethernet.Destination)))
                Note($"PADT on {packet.SessionId} to {ethernet.Destination}, who neither has it nor sent on it");
        }
    }

    /// <summary>What Core itself says to a subscriber.</summary>
    internal void FrameFromCore(int group, ReadOnlySpan<byte> frame, int slot)
    {
        if (!EthernetFrame.TryParse(frame, out var ethernet, out _)) return;
        if (!PppoePacket.TryParse(ethernet.Payload, out var packet, out _)) return;
        if (ethernet.EtherType != EtherType.PppoeSession || slot >= 0) return;
        // From the hand-over on the LNS alone speaks PPP (RFC 2661 section 5.3).
        if (_node.DataPlane.IsSpliced(group, packet.SessionId)) Note($"PPP of the LAC's own on the spliced session {packet.SessionId}");
    }

    internal void DatagramFromCore(int socket, UdpEndpoint peer, ReadOnlySpan<byte> payload)
    {
        if (!L2tpHeader.TryParse(payload, out var header, out var error))
        {
            Note($"broken datagram sent: {error}");
            return;
        }

        if (!header.IsControl || header.IsZlb) return;
        if (ControlMessageParser.Parse(header, default).Type != MessageType.Iccn) return;
        // The first frame of the LNS may be faster than the acknowledgement of ICCN. A repeated ICCN may outlive its session.
        var tunnelId = _node.DataPlane.LocalTunnelId(socket, peer, header.TunnelId);
        if (tunnelId == 0) Note("ICCN before its tunnel is installed");
        else if (CallsOf(tunnelId, header.SessionId) is { Count: > 0 } calls && !calls.Exists(id => _node.DataPlane.HadDownstream(tunnelId, id)))
            Note($"ICCN for call {calls[0]} before its downstream entry");
    }

    /// <summary>Our ids of the live calls to which the LNS has given this id: one, unless it gives ids twice.</summary>
    private List<ushort> CallsOf(ushort tunnelId, ushort peerSessionId) =>
    [
        .. from session in _node.Core.SessionsAfter(0)
           where session.Call is { } call && call.Tunnel.LocalTunnelId == tunnelId && call.PeerSessionId == peerSessionId
           select session.Call!.LocalSessionId,
    ];
}
