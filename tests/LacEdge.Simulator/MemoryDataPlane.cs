using LacEdge.Core;
using LacEdge.Core.Forwarding;
using LacEdge.Wire.Ip;

namespace LacEdge.Simulator;

/// <summary>The data plane in memory: forwards spliced frames with the product's own rewriting, counts, passes up the rest.</summary>
public sealed class MemoryDataPlane
{
    private readonly Dictionary<int, InstallTunnel> _tunnels = [];
    private readonly Dictionary<int, Session> _sessions = [];
    private readonly Dictionary<(int Group, ushort SessionId), Session> _upstream = [];
    private readonly Dictionary<(ushort TunnelId, ushort SessionId), Session> _downstream = [];
    private readonly HashSet<(ushort TunnelId, ushort SessionId)> _hadDownstream = [];
    private readonly byte[] _buffer = new byte[4096];

    /// <summary>Whether an entry is missing or doubled where it must not be: a message, or null.</summary>
    public string? Fault { get; private set; }
    public int SessionCount => _sessions.Count;
    public int TunnelCount => _tunnels.Count;

    /// <summary>Gives the final counters for <see cref="RemoveSession"/>, else null.</summary>
    public ForwardingCounters? Apply(ForwardingUpdate update)
    {
        switch (update)
        {
            case InstallTunnel tunnel:
                if (!_tunnels.TryAdd(tunnel.TunnelSlot, tunnel)) Fault = $"tunnel slot {tunnel.TunnelSlot} is taken";
                if (_tunnels.Values.Count(t => t.LocalTunnelId == tunnel.LocalTunnelId) > 1)
                    Fault = $"tunnel id {tunnel.LocalTunnelId} twice";
                return null;
            case RemoveTunnel tunnel:
                if (!_tunnels.Remove(tunnel.TunnelSlot)) Fault = $"tunnel slot {tunnel.TunnelSlot} is not there";
                if (_sessions.Values.Any(s => s.Down.TunnelSlot == tunnel.TunnelSlot))
                    Fault = $"tunnel slot {tunnel.TunnelSlot} removed with sessions";
                return null;
            case InstallDownstream down: InstallSession(down); return null;
            case ForwardDownstream forward:
                if (!_sessions.TryGetValue(forward.Slot, out var passed)) Fault = $"slot {forward.Slot} is not there";
                else passed.ThroughCore = false;
                return null;
            case InstallUpstream up:
                if (!_sessions.TryGetValue(up.Slot, out var session)) Fault = $"upstream entry without downstream, slot {up.Slot}";
                else session.PeerSessionId = up.PeerSessionId;
                return null;
            case RemoveSession removed: return Remove(removed.Slot);
            default: throw new ArgumentException($"unknown update {update}", nameof(update));
        }
    }

    /// <summary>Whether frames for this call reach the subscriber, or did until it ended.</summary>
    public bool HadDownstream(ushort localTunnelId, ushort localSessionId) => _hadDownstream.Contains((localTunnelId, localSessionId));
    public bool IsSpliced(int group, ushort pppoeSessionId) => _upstream.ContainsKey((group, pppoeSessionId));
    /// <summary>The local id of the tunnel to this peer with this id; 0: none is installed.</summary>
    public ushort LocalTunnelId(int socket, UdpEndpoint peer, ushort peerTunnelId) =>
        _tunnels.Values.FirstOrDefault(t => t.Socket == socket && t.Peer == peer && t.PeerTunnelId == peerTunnelId)?.LocalTunnelId ?? 0;

    /// <summary>Frames from the LNS over the sessions of a tunnel.</summary>
    public ulong TunnelFrames(int tunnelSlot) =>
        _sessions.Values.Where(s => s.Down.TunnelSlot == tunnelSlot).Aggregate(0ul, (frames, s) => frames + s.Counters.DownFrames);

    public ForwardingCounters CountersOf(int slot) => _sessions.TryGetValue(slot, out var session) ? session.Counters : default;

    public LineQuality ReadQuality(int slot) => _sessions.TryGetValue(slot, out var session) ? session.Quality : default;

    /// <summary>Something that Core itself forwarded for the slot.</summary>
    public void Count(int slot, bool up, int pppOctets)
    {
        if (!_sessions.TryGetValue(slot, out var session)) Fault = $"Core forwards for slot {slot}, which is not there";
        else session.Count(up, pppOctets);
    }

    /// <summary>A frame of a subscriber: rewritten, dropped, or to be passed up (see <see cref="PassesUp"/>).</summary>
    public ForwardingReason ForwardUp(int group, ReadOnlySpan<byte> frame, Instant now, out int socket, out UdpEndpoint peer, out byte[] datagram)
    {
        (socket, peer, datagram) = (0, default, []);
        var reason = SessionFrame.Read(frame, out var read);
        if (reason != ForwardingReason.Forwarded) return reason;
        if (!_upstream.TryGetValue((group, read.SessionId), out var session) || session.PeerSessionId is not { } peerSessionId)
            return ForwardingReason.SessionUnknown;

        var (down, tunnel) = (session.Down, _tunnels[session.Down.TunnelSlot]);
        var entry = new UpstreamEntry
        {
            PeerSessionId = peerSessionId,
            Subscriber = down.Subscriber,
            AccessConcentrator = down.AccessConcentrator,
            Vlans = down.Vlans,
        };
        if (!PppoeL2tpForwarder.IsOwner(read, entry)) return ForwardingReason.NotOwner;
        frame.CopyTo(_buffer);
        var form = new DataForm(tunnel.PeerTunnelId, tunnel.Data.AddressAndControl, session.NextNs(tunnel.Data.AlwaysSequenced));
        var rewritten = PppoeL2tpForwarder.ToL2tp(_buffer.AsSpan(0, frame.Length), read, entry, form);
        session.Count(true, rewritten.PppOctets);
        session.Meter(true, frame.Slice(read.PppAt, read.PppLength), now);
        (socket, peer) = (tunnel.Socket, tunnel.Peer);
        datagram = _buffer.AsSpan(rewritten.At, rewritten.Length).ToArray();
        return reason;
    }

    /// <summary>A datagram of an LNS, likewise.</summary>
    public ForwardingReason ForwardDown(int socket, UdpEndpoint source, ReadOnlySpan<byte> datagram, Instant now, out int group, out byte[] frame)
    {
        (group, frame) = (0, []);
        var reason = DataMessage.Read(datagram, out var read);
        if (reason != ForwardingReason.Forwarded) return reason;
        if (!_downstream.TryGetValue((read.TunnelId, read.SessionId), out var session)) return ForwardingReason.SessionUnknown;
        var (down, tunnel) = (session.Down, _tunnels[session.Down.TunnelSlot]);
        if (tunnel.Socket != socket || tunnel.Peer != source) return ForwardingReason.NotPeer;
        if (!session.TakeNs(read)) return ForwardingReason.Late;
        if (session.ThroughCore) return ForwardingReason.Control;

        var entry = new DownstreamEntry
        {
            PppoeSessionId = down.PppoeSessionId,
            MaxPppPayload = down.MaxPppPayload,
            Subscriber = down.Subscriber,
            AccessConcentrator = down.AccessConcentrator,
            Vlans = down.Vlans,
        };
        datagram.CopyTo(_buffer.AsSpan(PppoeL2tpForwarder.MaxPppoeHeaderSize));
        reason = PppoeL2tpForwarder.ToPppoe(_buffer, PppoeL2tpForwarder.MaxPppoeHeaderSize, read, entry, out var rewritten);
        if (reason != ForwardingReason.Forwarded) return reason;
        session.Count(false, rewritten.PppOctets);
        session.Meter(false, datagram.Slice(read.PppAt, read.PppLength), now);
        group = down.AccessGroup;
        frame = _buffer.AsSpan(rewritten.At, rewritten.Length).ToArray();
        return reason;
    }

    /// <summary>What Core gets to see although the data plane does not forward it.</summary>
    public static bool PassesUp(ForwardingReason reason) =>
        reason is ForwardingReason.Control or ForwardingReason.Malformed or ForwardingReason.SessionUnknown;

    private void InstallSession(InstallDownstream down)
    {
        var session = new Session(down);
        if (!_tunnels.TryGetValue(down.TunnelSlot, out var tunnel))
        {
            Fault = $"session slot {down.Slot} before its tunnel slot {down.TunnelSlot}";
            return;
        }

        if (!_sessions.TryAdd(down.Slot, session)) Fault = $"session slot {down.Slot} is taken";
        if (!_upstream.TryAdd((down.AccessGroup, down.PppoeSessionId), session))
            Fault = $"PPPoE session {down.PppoeSessionId} is spliced twice";
        if (!_downstream.TryAdd((tunnel.LocalTunnelId, down.LocalSessionId), session))
            Fault = $"L2TP session {down.LocalSessionId} is spliced twice";
        _hadDownstream.Add((tunnel.LocalTunnelId, down.LocalSessionId));
    }

    private ForwardingCounters Remove(int slot)
    {
        if (!_sessions.Remove(slot, out var session))
        {
            Fault = $"session slot {slot} is not there";
            return default;
        }

        var down = session.Down;
        _upstream.Remove((down.AccessGroup, down.PppoeSessionId));
        _downstream.Remove((_tunnels[down.TunnelSlot].LocalTunnelId, down.LocalSessionId));
        return session.Counters;
    }

    private sealed class Session(InstallDownstream down)
    {
        public InstallDownstream Down { get; } = down;
        public bool ThroughCore { get; set; } = down.ThroughCore;
        public ushort? PeerSessionId { get; set; }
        public ForwardingCounters Counters { get; private set; }
        public LineQuality Quality => LineQuality.Of(_up, _down);
        private SequenceState _sequence;
        private EchoFlow _up, _down;

        public int NextNs(bool always) => always || _sequence.Sending != 0 ? (ushort)_sequence.Sent++ : -1;

        /// <summary>Nothing waits here: what comes ahead of others makes them late.</summary>
        public bool TakeNs(in DataMessage read)
        {
            _sequence.Sending = read.HasSequence ? 1 : 0;
            if (!read.HasSequence) return true;
            if (_sequence.Judge(read.Ns) == SequenceVerdict.Late && !_sequence.Restarts(read.Ns)) return false;
            _sequence.Delivered(read.Ns);
            return true;
        }

        public void Meter(bool up, ReadOnlySpan<byte> ppp, Instant now)
        {
            if (!LcpEcho.TryRead(ppp, out var echo)) return;
            if (up) _up.Passed(echo, now, _down.Request, _down.Answered);
            else _down.Passed(echo, now, _up.Request, _up.Answered);
        }

        public void Count(bool up, int octets) =>
            Counters += up ? new ForwardingCounters(1, (ulong)octets, 0, 0, 0) : new ForwardingCounters(0, 0, 1, (ulong)octets, 0);
    }
}
