using System.Text;
using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Dns;
using LacEdge.Core.Events;
using LacEdge.Core.Forwarding;
using LacEdge.Core.Lac;
using LacEdge.Lab.Peers;
using LacEdge.Wire;
using LacEdge.Wire.Dns;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Recording.Scenarios;

/// <summary>A frame or datagram that our LAC sent.</summary>
/// <param name="Index">In the order of sending.</param>
internal sealed record SentMessage(int Index, Message Message, Place Place, UdpEndpoint Lns)
{
    /// <summary>Not to be compared: acknowledgements, keepalives, repetitions.</summary>
    public bool Ignored { get; init; }
    public bool Matched { get; set; }
    /// <summary>The item of the transcript after which it was sent.</summary>
    public string After { get; init; } = "";
}

/// <summary>
/// A <see cref="Lac"/> in virtual time with all that it is connected to: it opens what the Lac asks for, keeps what the Lac sends,
/// and follows the conversations. Frames of spliced sessions are forwarded by the Lac itself.
/// </summary>
internal sealed class ReplayedLac : ILacHost, IDisposable
{
    public static readonly MacAddress DefaultMac = new(0x02_00_00_00_00_FE);
    private static readonly TimeSpan WireDelay = TimeSpan.FromMicroseconds(100);

    private readonly Lac _lac;
    private readonly LacDriver _driver;
    private readonly LacRecorder? _recorder;
    private readonly byte[] _secret, _password;
    private readonly Dictionary<int, ushort> _tunnelIds = [];
    /// <summary>Sockets of questions to servers: a transcript holds no such talk.</summary>
    private readonly HashSet<int> _questions = [];
    private readonly Dictionary<TunnelTrace, LnsEnd> _lnsEnds = [];
    private readonly Dictionary<SubscriberTrace, ClientEnd> _clientEnds = [];
    private readonly Dictionary<CallTrace, SubscriberTrace> _callers = [];
    private readonly PeerOutbox _fromStandIns = new();
    private readonly Dictionary<MacAddress, SimulatedSubscriber> _standIns = [];
    private readonly Queue<(SimulatedSubscriber To, Bytes Frame)> _toStandIns = new();

    /// <param name="recordTo">File for a recording; null for none.</param>
    /// <exception cref="IOException">The recording cannot be made; as <see cref="UnauthorizedAccessException"/>.</exception>
    public ReplayedLac(LacConfig config, uint boot, ReadOnlySpan<byte> seed, byte[] secret, byte[] password, string? recordTo)
    {
        (_secret, _password) = (secret, password);
        _lac = new Lac(config, boot, seed, Now);
        if (recordTo is not null) _recorder = new LacRecorder(recordTo, config, boot, seed, Now, reason => throw new IOException(reason));
        _driver = new LacDriver(_lac, this, _recorder);
    }

    public Instant Now { get; private set; } = new(1_000_000_000);
    public Conversations Conversations { get; } = new();
    public List<SentMessage> Sent { get; } = [];
    public IEnumerable<LnsEnd> LnsEnds => _lnsEnds.Values;
    /// <summary>Noted with what is sent next.</summary>
    public string At { get; set; } = "the start";
    /// <summary>When something happens by itself.</summary>
    public Instant NextEvent => ((IEnumerable<Instant>)
        [_lac.NextTimeout, .. _lnsEnds.Values.Select(e => e.AckDue), .. _standIns.Values.Select(s => s.NextTimeout)]).Min();

    public LnsEnd LnsEnd(TunnelTrace tunnel) => _lnsEnds[tunnel];
    public ClientEnd ClientEnd(SubscriberTrace subscriber) => _clientEnds[subscriber];
    public SubscriberTrace? CallerOf(CallTrace call) => _callers.GetValueOrDefault(call);

    public SessionKey? KeyOf(SubscriberTrace subscriber) => _lac.SessionsAfter(0)
        .LastOrDefault(s => s.Pppoe.AccessGroup == subscriber.AccessGroup && s.Pppoe.SessionId == subscriber.SessionId)?.Key;

    /// <summary>Lets time pass and does what is due, event by event, until the condition holds. The clock then stands at the last event,
    /// or at the limit when <paramref name="toTheEnd"/>.</summary>
    public bool RunUntil(Instant limit, Func<bool> done, bool toTheEnd = true)
    {
        if (done()) return true;
        while (NextEvent is var next && next <= limit)
        {
            if (next > Now) Now = next;
            HandleDue();
            if (done()) return true;
        }

        if (toTheEnd && limit > Now) Now = limit;
        return false;
    }

    public void Frame(int accessGroup, ReadOnlySpan<byte> frame)
    {
        if (Message.FromFrame(frame) is { } message) Conversations.Frame(message, false, accessGroup);
        _driver.Frame(accessGroup, frame, Now);
        Settle();
    }

    public void Datagram(LnsEnd from, Bytes datagram)
    {
        if (Message.FromDatagram(datagram.Span, _secret) is { } message) Conversations.Datagram(message, false, from.Peer.Address);
        _driver.Datagram(from.Socket, from.Peer, datagram.Span, Now);
        Settle();
    }

    public void Input(LacInput input)
    {
        _driver.Input(input with { At = Now });
        Settle();
    }

    /// <summary>A client of our own, which goes through discovery, LCP and authentication; what follows is up to the caller.</summary>
    public void Dial(string user)
    {
        var number = _standIns.Count + 1;
        var options = new SubscriberOptions
        {
            Mac = new MacAddress(0x02_00_00_00_F0_00 + (ulong)number),
            User = user,
            Password = _password.Length > 0 ? Encoding.UTF8.GetString(_password) : "password",
            HostUniq = Bytes.Wrap([(byte)number]),
            PadFrames = false,
        };
        var client = new SimulatedSubscriber(options, new PeerRandom((ulong)number), _fromStandIns);
        _standIns.Add(options.Mac, client);
        client.Dial(Now);
        Settle();
    }

    public void Dispose()
    {
        _recorder?.Dispose();
        _lac.Dispose();
    }

    void ILacHost.SendFrame(int accessGroup, ReadOnlySpan<byte> frame, int slot)
    {
        if (Message.FromFrame(frame) is not { } message) return;
        var place = Conversations.Frame(message, true, accessGroup);
        if (place.Subscriber is { } subscriber)
        {
            if (!_clientEnds.TryGetValue(subscriber, out var end)) _clientEnds.Add(subscriber, end = new ClientEnd(_password));
            end.Heard(message);
        }

        // The LAC's own talk with a stand-in, before the call and after it, is no part of the transcript.
        var spliced = place.Subscriber is { Spliced: true, Call.Ended: false } && message.IsPpp;
        var standIn = _standIns.GetValueOrDefault(message.Destination);
        var ignored = place.Repeats || (standIn is not null && !spliced);
        Sent.Add(new SentMessage(Sent.Count, message, place, default) { Ignored = ignored, After = At });
        if (standIn is not null && !spliced) _toStandIns.Enqueue((standIn, message.Octets));
    }

    void ILacHost.SendDatagram(int socket, UdpEndpoint peer, ReadOnlySpan<byte> payload, int slot)
    {
        if (_questions.Contains(socket) || Message.FromDatagram(payload, _secret) is not { } message) return;
        var place = Conversations.Datagram(message, true, peer.Address);
        if (place.Tunnel is { } tunnel)
        {
            if (!_lnsEnds.TryGetValue(tunnel, out var end)) _lnsEnds.Add(tunnel, end = new LnsEnd(tunnel, socket, peer, _secret));
            end.Heard(message, Now);
            // An SCCRQ that nobody answers is not to be acknowledged: there is no LNS yet.
            if (tunnel.LnsId == 0) end.FallSilent();
        }

        Sent.Add(new SentMessage(Sent.Count, message, place, peer) { Ignored = message.IsUpkeep || place.Repeats, After = At });
    }

    void ILacHost.OpenSocket(int socket, UdpEndpoint local, UdpSocketOptions options)
    {
        if (options.Questions) _questions.Add(socket);
        _driver.Socket(socket, true, local, "", Now);
    }

    // Sockets cost nothing here, and what Core tells people is not compared.
    void ILacHost.CloseSocket(int socket) { }
    void ILacHost.Lookup(int lookup, DnsQuestion question) => _driver.Lookup(lookup, LookupOutcome.Failed, [], "captures hold no DNS", Now);
    void ILacHost.CancelLookup(int lookup) { }
    void ILacHost.Publish(LacEvent happened) { }

    void ILacHost.Apply(ForwardingUpdate update)
    {
        if (update is InstallTunnel installed) _tunnelIds[installed.TunnelSlot] = installed.LocalTunnelId;
        else if (update is InstallDownstream splice) Splice(splice);
        else if (update is RemoveSession removed) _driver.Counters(removed.Slot, default, Now);
        else if (update is ReadSession idle) _driver.SessionFrames(idle.Slot, 0, Now);
        else if (update is ReadTunnel read) _driver.TunnelFrames(read.TunnelSlot, 0, Now);
    }

    private void Splice(InstallDownstream splice)
    {
        var tunnel = Conversations.Tunnels.FindLast(t => t.LacId == _tunnelIds[splice.TunnelSlot]);
        var call = tunnel?.Calls.FindLast(c => c.LacId == splice.LocalSessionId);
        if (call is null || Conversations.Subscriber(splice.AccessGroup, splice.PppoeSessionId) is not { } subscriber) return;
        (subscriber.Spliced, subscriber.Call) = (true, call);
        _callers[call] = subscriber;
    }

    private void HandleDue()
    {
        if (_lac.NextTimeout <= Now) _driver.Timeout(Now);
        foreach (var end in _lnsEnds.Values.Where(e => e.AckDue <= Now).ToList()) Datagram(end, end.Acknowledge());
        foreach (var client in _standIns.Values.Where(s => s.NextTimeout <= Now).ToList()) client.HandleTimeout(Now);
        Settle();
    }

    /// <summary>Carries frames between the LAC and the stand-ins until neither has more to say.</summary>
    private void Settle()
    {
        while (true)
        {
            var frames = _fromStandIns.Outputs.Select(o => Bytes.Copy(_fromStandIns.Octets(o))).ToList();
            _fromStandIns.Clear();
            if (frames.Count == 0 && _toStandIns.Count == 0) return;
            Now += WireDelay;
            foreach (var frame in frames) FromStandIn(frame);
            while (_toStandIns.TryDequeue(out var to)) to.To.HandleFrame(to.Frame.Span, Now);
        }
    }

    private void FromStandIn(Bytes frame)
    {
        var message = Message.FromFrame(frame.Span)!;
        // From the splice on, the transcript's own client speaks.
        var subscriber = Conversations.Frame(message, false, 0).Subscriber;
        if (subscriber is not { Spliced: true }) _driver.Frame(0, frame.Span, Now);
    }

}
