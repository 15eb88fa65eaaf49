using LacEdge.Core;
using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;

namespace LacEdge.Lab.Peers;

/// <summary>
/// A whole LNS for laboratory and tests: L2TP control connections, calls, a PPP server on each, addresses, ping. It notes every
/// rule that the LAC breaks in <see cref="Violations"/>. No clock, no sockets: datagrams and the time are given.
/// </summary>
public sealed class EmbeddedLns
{
    private const int MaxNotes = 200, ChallengeSize = 16;
    private static readonly TimeSpan _deadAfter = TimeSpan.FromSeconds(60);
    private readonly List<LnsTunnel> _tunnels = [];
    private readonly List<string> _violations = [];
    private readonly Queue<LnsCall> _endedCalls = new();
    private readonly Queue<LnsTunnel> _endedTunnels = new();
    private readonly Queue<uint> _freeAddresses = new();
    private LnsFixedValues? _fixedTunnel, _fixedSession, _fixedChallenge;
    private uint _nextAddress;
    private ulong _order;

    public EmbeddedLns(LnsOptions options, ulong seed, PeerOutbox outbox)
    {
        (Options, Outbox, Random) = (options, outbox, new PeerRandom(seed));
        _fixedTunnel = _fixedSession = _fixedChallenge = options.Fixed;
        _nextAddress = options.FirstClientAddress;
        AnswerDelay = options.AnswerDelay;
    }

    public LnsOptions Options { get; }
    public PeerOutbox Outbox { get; }
    /// <summary>While set, every SCCRQ is answered with StopCCN.</summary>
    public ResultCode? RefuseTunnels { get; set; }
    /// <summary>While set, every ICRQ is answered with CDN.</summary>
    public ResultCode? RefuseCalls { get; set; }
    /// <summary>AVPs that it refuses as unknown (2/8), with the M bit or without.</summary>
    public IReadOnlyList<(ushort Vendor, ushort Type)> Unknown { get; set; } = [];
    /// <summary>The refusal's text names them.</summary>
    public bool NamesUnknown { get; set; }
    /// <summary>Even an AVP of a call ends the tunnel.</summary>
    public bool StopsForUnknown { get; set; }
    public TimeSpan AnswerDelay { get; set; }
    /// <summary>After <see cref="Die"/>.</summary>
    public bool IsDead { get; private set; }

    /// <summary>In the order of their opening, those that linger included.</summary>
    public IReadOnlyList<LnsTunnel> Tunnels => _tunnels;
    public IEnumerable<LnsCall> Calls => _tunnels.SelectMany(tunnel => tunnel.Calls);
    public int CallCount { get; private set; }
    /// <summary>The latest calls that are over, oldest first, at most 200.</summary>
    public IReadOnlyCollection<LnsCall> EndedCalls => _endedCalls;
    public IReadOnlyCollection<LnsTunnel> EndedTunnels => _endedTunnels;
    public ulong CallsOpened { get; private set; }
    public ulong TunnelsOpened { get; private set; }
    /// <summary>Rules that the LAC broke; the first 200.</summary>
    public IReadOnlyList<string> Violations => _violations;
    /// <summary>Messages for tunnels that do not exist (any more).</summary>
    public ulong UnknownTunnel { get; private set; }
    /// <summary>Data for calls that do not exist (any more), or not yet, or out of sequence.</summary>
    public ulong StrayData { get; private set; }
    public ulong ControlReceived { get; private set; }
    public ulong DataReceived { get; private set; }

    public Instant NextTimeout => IsDead ? Instant.Never : Timers.NextDeadline;

    internal TimerQueue Timers { get; } = new();
    internal PeerRandom Random { get; }

    public void HandleTimeout(Instant now)
    {
        if (!IsDead) Timers.RunDue(now);
    }

    /// <param name="local">The address and port that it came to.</param>
    public void HandleDatagram(UdpEndpoint local, UdpEndpoint source, ReadOnlySpan<byte> payload, Instant now)
    {
        if (IsDead) return;
        Timers.RunDue(now);
        if (!L2tpHeader.TryParse(payload, out var header, out var error))
        {
            Violation($"datagram from {source}: {error}");
            return;
        }

        const int known = L2tpHeader.ControlFlags | L2tpHeader.OffsetBit | L2tpHeader.PriorityBit;
        if ((header.Flags & ~known) != 0) Violation("reserved header bits are set");
        if (header.IsControl) ControlReceived++;
        else DataReceived++;
        if (header is { IsControl: true, TunnelId: 0 })
        {
            HandleSccrq(local, source, header, payload, now);
            return;
        }

        var tunnelId = header.TunnelId;
        if (_tunnels.Find(open => open.LocalId == tunnelId) is not { } tunnel)
        {
            UnknownTunnel++;
            return;
        }

        if (tunnel.Peer != source || tunnel.Local != local) Violation($"tunnel {tunnel.LocalId}: datagram from {source} to {local}");
        else if (header.IsControl) tunnel.HandleControl(header, payload, now);
        else tunnel.HandleData(header, now);
    }

    /// <summary>Falls silent, with all its state.</summary>
    public void Die()
    {
        IsDead = true;
        foreach (var tunnel in _tunnels.ToArray()) tunnel.Discard();
    }

    /// <summary>Runs again and knows nothing of before.</summary>
    public void Restart()
    {
        Die();
        IsDead = false;
    }

    /// <summary>StopCCN on every tunnel.</summary>
    public void CloseAll(in ResultCode code, Instant now)
    {
        foreach (var tunnel in _tunnels.ToArray()) tunnel.Close(code, now);
    }

    /// <summary>The call of this user, if there is one.</summary>
    public LnsCall? CallOf(string user) => Calls.FirstOrDefault(call => call.User == user);

    internal void Violation(string what)
    {
        if (_violations.Count < MaxNotes) _violations.Add($"{Options.Name}: {what}");
    }

    /// <summary>What any LNS would find fault with in a message: framing, tables of RFC 2661 section 4.4.</summary>
    internal void Inspect(in L2tpHeader header, in ControlMessage message)
    {
        if (!message.Problem.IsNone) Violation($"{message.Type}: {message.Problem}");
        if (message.Ignored != Wire.DecodeError.None) Violation($"{message.Type}: {message.Ignored} in an AVP that may be ignored");
        if (MessageTable.Find(message.Type) is { Scope: MessageScope.Tunnel } && header.SessionId != 0)
            Violation($"{message.Type} with session id {header.SessionId}");
        var seen = 0UL;
        var avps = new AvpReader(header.Payload);
        while (avps.MoveNext())
        {
            var avp = avps.Current;
            if (AvpTable.Find(avp.Vendor, avp.Type) is not { } row) Violation($"{message.Type}: unknown AVP {avp.Vendor}/{avp.Type}");
            else if (row.Mandatory != avp.Mandatory) Violation($"{message.Type}: M bit of {row.Name} is {avp.Mandatory}");
            if (avp.Vendor != 0 || avp.Type is >= 64 or (ushort)AvpType.RandomVector) continue;
            if ((seen >> avp.Type & 1) != 0) Violation($"{message.Type}: AVP {avp.Type} twice");
            seen |= 1UL << avp.Type;
        }
    }

    /// <summary>The first AVP of the message that this LNS does not know.</summary>
    internal ResultCode? RefusalOf(in L2tpHeader header)
    {
        var avps = new AvpReader(header.Payload);
        while (avps.MoveNext())
        {
            var avp = avps.Current;
            if (Unknown.Contains((avp.Vendor, avp.Type)))
                return new ResultCode(CdnResult.GeneralError, L2tpErrorCode.UnknownMandatoryAvp, NamesUnknown ? $"AVP {avp.Vendor}/{avp.Type}" : "no");
        }

        return null;
    }

    internal byte[] NewChallenge()
    {
        if (_fixedChallenge is { } given)
        {
            _fixedChallenge = null;
            return given.Challenge.Span.ToArray();
        }

        var challenge = new byte[ChallengeSize];
        Random.Fill(challenge);
        return challenge;
    }

    internal ushort NewSessionId(Dictionary<ushort, LnsCall> taken)
    {
        if (_fixedSession is { } given)
        {
            _fixedSession = null;
            return given.SessionId;
        }

        ushort id;
        do id = (ushort)Random.NextUInt32(); while (id == 0 || taken.ContainsKey(id));
        return id;
    }

    internal ulong NextOrder() => ++_order;
    internal void CountStray() => StrayData++;
    internal uint TakeAddress() => _freeAddresses.TryDequeue(out var address) ? address : _nextAddress++;
    internal void GiveAddress(uint address) => _freeAddresses.Enqueue(address);

    internal void CallOpened()
    {
        CallCount++;
        CallsOpened++;
    }

    internal void CallEnded(LnsCall call)
    {
        CallCount--;
        Remember(_endedCalls, call);
    }

    internal void TunnelEnded(LnsTunnel tunnel) => Remember(_endedTunnels, tunnel);
    internal void Remove(LnsTunnel tunnel) => _tunnels.Remove(tunnel);

    private void HandleSccrq(UdpEndpoint local, UdpEndpoint source, in L2tpHeader header, ReadOnlySpan<byte> datagram, Instant now)
    {
        var message = ControlMessageParser.Parse(header, System.Text.Encoding.UTF8.GetBytes(Options.Secret));
        var peerId = message.AssignedTunnelId;
        var known = _tunnels.Find(open => open.Peer == source && open.PeerId == peerId && open.State != LnsTunnelState.Closing);
        if (message.Type != MessageType.Sccrq)
        {
            // The only other message without our id: the LAC gives up before SCCRP.
            if (message.Type != MessageType.StopCcn) Violation($"{message.Type} with tunnel id 0");
            else known?.HandleControl(header, datagram, now);
            return;
        }

        if (known is null)
        {
            Inspect(header, message);
            if (!message.Problem.IsNone) return;
            if (header.Ns != 0 || header.Nr != 0) Violation($"SCCRQ with Ns {header.Ns} and Nr {header.Nr}");
            if (local != Options.Endpoint) Violation($"SCCRQ to {local}");
            if (Options.Secret.Length > 0 && message.Challenge.IsEmpty) Violation("SCCRQ without Challenge although there is a secret");
            // A kernel LNS finds a tunnel by its socket: a second one on it silences the first. A LAC may use a port again whose
            // tunnel it has given up for dead.
            if (_tunnels.Exists(open => open.Peer == source && open.State != LnsTunnelState.Closing && now - open.LastHeard < _deadAfter))
                Violation($"two tunnels from {source}");
            var answering = Options.AnswerPort == 0 ? local : local with { Port = Options.AnswerPort };
            known = new LnsTunnel(this, NewTunnelId(), answering, source, message, NextOrder());
            _tunnels.Add(known);
            TunnelsOpened++;
            known.HandleFirst(header, AnswerDelay, now);
        }
        else known.HandleControl(header, datagram, now);
    }

    private ushort NewTunnelId()
    {
        if (_fixedTunnel is { } given)
        {
            _fixedTunnel = null;
            return given.TunnelId;
        }

        ushort id;
        do id = (ushort)Random.NextUInt32(); while (id == 0 || _tunnels.Exists(open => open.LocalId == id));
        return id;
    }

    private static void Remember<T>(Queue<T> queue, T item)
    {
        if (queue.Count == MaxNotes) queue.Dequeue();
        queue.Enqueue(item);
    }
}
