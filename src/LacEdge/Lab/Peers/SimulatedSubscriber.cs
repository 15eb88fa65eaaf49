using System.Text;
using LacEdge.Core;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Lab.Peers;

/// <summary>
/// One PPPoE subscriber (RFC 2516 host): discovery with retransmission, a whole PPP client, IPv4 to ping with. No clock, no
/// socket: the caller gives frames and the time, calls <see cref="HandleTimeout"/> at <see cref="NextTimeout"/>, and sends
/// what stands in the outbox.
/// </summary>
public sealed class SimulatedSubscriber : IPppLine
{
    private const int MaxFrame = 1540, MinFrame = 60, MaxTagsSize = 1400;
    private static readonly TimeSpan _padtPatience = TimeSpan.FromSeconds(3);
    private readonly PeerRandom _random;
    private readonly PeerOutbox _outbox;
    private Discovery _discovery;
    private byte[] _returnedTags = [];
    private Instant _discoveryDeadline = Instant.Never, _padtAt = Instant.Never, _redialAt = Instant.Never;
    private int _attempt;
    private MacAddress _concentrator;
    private SubscriberEnd _pppEnd;
    private string _pppText = "";
    private List<string>? _violations;
    /// <summary>Of a second PADS: forgiven when a PADT shows that a late copy of our PADR has replaced our session.</summary>
    private ushort _otherSessionId;

    public SimulatedSubscriber(SubscriberOptions options, PeerRandom random, PeerOutbox outbox) =>
        (Options, _random, _outbox) = (options, random, outbox);

    private enum Discovery : byte { None, PadiSent, PadrSent, Session }

    public SubscriberOptions Options { get; }
    public SubscriberState State { get; private set; }
    /// <summary>0 while there is none.</summary>
    public ushort SessionId { get; private set; }
    public MacAddress Concentrator => _concentrator;
    public string ConcentratorName { get; private set; } = "";
    /// <summary>The PPP client of the current session; the last one's after its end.</summary>
    public PppClient? Ppp { get; private set; }
    /// <summary>IPv4, first octet highest; 0 unless up.</summary>
    public uint Address => State == SubscriberState.Up ? Ppp!.LocalAddress : 0;
    public SubscriberEnd LastEnd { get; private set; }
    /// <summary>What the other side said with it.</summary>
    public string LastText { get; private set; } = "";
    public SubscriberTimes Times { get; private set; }
    public uint Dials { get; private set; }
    /// <summary>How often it came up.</summary>
    public uint Ups { get; private set; }
    public uint PadisSent { get; private set; }
    public uint PadrsSent { get; private set; }
    public uint FramesSent { get; private set; }
    public uint FramesReceived { get; private set; }
    /// <summary>Session frames for another session id than the current: late ones, or another's.</summary>
    public uint StrayFrames { get; private set; }
    /// <summary>Rules that the other side broke.</summary>
    public IReadOnlyList<string> Violations => _otherSessionId == 0 ? _violations ?? []
        : [.. _violations ?? [], $"{Options.User}: second PADS with another session id {_otherSessionId}"];

    public Instant NextTimeout
    {
        get
        {
            var next = Ppp is { Phase: not (PppPhase.Ended or PppPhase.Idle) } ppp ? ppp.NextTimeout : Instant.Never;
            if (_discoveryDeadline < next) next = _discoveryDeadline;
            if (_padtAt < next) next = _padtAt;
            return _redialAt < next ? _redialAt : next;
        }
    }

    /// <summary>Starts discovery; no effect unless down.</summary>
    public void Dial(Instant now)
    {
        if (State is not (SubscriberState.Idle or SubscriberState.Ended or SubscriberState.Failed)) return;
        _redialAt = Instant.Never;
        Dials++;
        Times = SubscriberTimes.From(now);
        (LastEnd, LastText, _pppEnd, _pppText) = (SubscriberEnd.None, "", SubscriberEnd.None, "");
        State = SubscriberState.Discovery;
        _discovery = Discovery.PadiSent;
        _attempt = 0;
        SendDiscovery(now);
    }

    public void HangUp(HangUpKind kind, Instant now)
    {
        if (State is SubscriberState.Idle or SubscriberState.Ended or SubscriberState.Failed) return;
        if (kind == HangUpKind.Terminate && Ppp is { Phase: not (PppPhase.Ended or PppPhase.Terminating) })
        {
            Ppp.Terminate("hung up", now);
            return;
        }

        if (kind != HangUpKind.Silent && SessionId != 0) SendPadt();
        Finish(SubscriberEnd.HungUp, "", now);
    }

    public bool Ping(uint destination, ushort identifier, ushort sequence, Instant now, int dataSize = 32) =>
        Ppp?.Ping(destination, identifier, sequence, dataSize, now) ?? false;

    public bool SendUdp(uint destination, ushort sourcePort, ushort destinationPort, ReadOnlySpan<byte> data, Instant now) =>
        Ppp?.SendUdp(destination, sourcePort, destinationPort, data, now) ?? false;

    public void HandleTimeout(Instant now)
    {
        if (Ppp is { Phase: not PppPhase.Ended }) Ppp.HandleTimeout(now);
        if (_discoveryDeadline <= now) SendDiscovery(now);
        if (_padtAt <= now)
        {
            SendPadt();
            Finish(_pppEnd, _pppText, now);
        }

        if (_redialAt <= now) Dial(now);
    }

    /// <summary>A whole Ethernet frame with its VLAN tags in band; frames for others have no effect.</summary>
    public void HandleFrame(ReadOnlySpan<byte> octets, Instant now)
    {
        if (!EthernetFrame.TryParse(octets, out var frame, out var error)) Violation($"frame: {error}");
        else if (frame.Destination != Options.Mac || !frame.Vlans.SameLine(Options.Vlans)) return;
        else if (!PppoePacket.TryParse(frame.Payload, out var packet, out error)) Violation($"PPPoE: {error}");
        else if (frame.EtherType == EtherType.PppoeDiscovery) HandleDiscovery(frame.Source, packet, now);
        else if (frame.EtherType == EtherType.PppoeSession) HandleSession(frame.Source, packet, now);
    }

    void IPppLine.Send(ReadOnlySpan<byte> ppp, Instant now)
    {
        var writer = Begin(stackalloc byte[MaxFrame], _concentrator, EtherType.PppoeSession);
        var header = PppoePacket.WriteHeader(ref writer, PppoeCode.Session, SessionId);
        writer.WriteBytes(ppp);
        PppoePacket.PatchLength(ref writer, header);
        Send(ref writer);
    }

    void IPppLine.PhaseChanged(PppPhase phase, Instant now)
    {
        switch (phase)
        {
            case PppPhase.Lcp: State = SubscriberState.Lcp; break;
            case PppPhase.Authentication:
                State = SubscriberState.Authentication;
                Times = Times with { LcpOpened = now };
                break;
            case PppPhase.Network:
                State = SubscriberState.Ipcp;
                Times = Times with { Authenticated = now };
                break;
            case PppPhase.Up:
                State = SubscriberState.Up;
                Times = Times with { Up = now };
                Ups++;
                break;
            case PppPhase.Terminating: State = SubscriberState.Terminating; break;
        }
    }

    void IPppLine.Ended(PppEnd end, string text, Instant now)
    {
        _pppEnd = ToSubscriberEnd(end);
        _pppText = text;
        if (end == PppEnd.TerminatedByPeer)
        {
            // The concentrator is about to send PADT; when it does not, we do.
            State = SubscriberState.Terminating;
            _padtAt = now + _padtPatience;
            return;
        }

        SendPadt();
        Finish(_pppEnd, text, now);
    }

    public void Violation(string what) => (_violations ??= []).Add($"{Options.User}: {what}");

    private void HandleDiscovery(MacAddress source, in PppoePacket packet, Instant now)
    {
        FramesReceived++;
        if (packet.Code == PppoeCode.Padt)
        {
            HandlePadt(source, packet, now);
            return;
        }

        var tags = OfferTags.Read(packet.Payload);
        if (tags.Error != DecodeError.None) Violation($"{packet.Code}: {tags.Error}");
        else if (!tags.HostUniq.SequenceEqual(Options.HostUniq.Span) || tags.HasHostUniq == Options.HostUniq.IsEmpty)
            Violation($"{packet.Code} without our Host-Uniq");
        else if (packet.Code == PppoeCode.Pado) HandlePado(source, packet, tags, now);
        else if (packet.Code == PppoeCode.Pads) HandlePads(source, packet, tags, now);
        else Violation($"{packet.Code} to a subscriber");
    }

    private void HandlePado(MacAddress source, in PppoePacket packet, in OfferTags tags, Instant now)
    {
        if (packet.SessionId != 0 || tags.AcName.IsEmpty || tags.ServiceNames == 0)
            Violation("PADO with a session id, or without AC-Name or Service-Name");
        // The first offer is taken; further ones are other concentrators' or copies.
        if (_discovery != Discovery.PadiSent) return;
        _concentrator = source;
        ConcentratorName = PrintableText.From(tags.AcName);
        _returnedTags = tags.ToReturn();
        Times = Times with { Offered = now };
        _discovery = Discovery.PadrSent;
        _attempt = 0;
        SendDiscovery(now);
    }

    private void HandlePads(MacAddress source, in PppoePacket packet, in OfferTags tags, Instant now)
    {
        if (_discovery != Discovery.PadrSent || source != _concentrator)
        {
            if (_discovery == Discovery.Session && packet.SessionId != SessionId) _otherSessionId = packet.SessionId;
            return;
        }

        if (tags.ServiceNames != 1) Violation("PADS without exactly one Service-Name");
        _discoveryDeadline = Instant.Never;
        if (tags.ErrorTag is { } errorTag)
        {
            Finish(SubscriberEnd.DiscoveryError, $"{errorTag}: {PrintableText.From(tags.ErrorText)}", now);
            return;
        }

        if (packet.SessionId is 0 or 0xFFFF) Violation($"PADS with session id {packet.SessionId}");
        SessionId = packet.SessionId;
        _discovery = Discovery.Session;
        _returnedTags = [];
        Times = Times with { SessionOpened = now };
        Ppp = new PppClient(this, Options.Timers, Options.Mru, _random.NextNonZero(), Options.Takes, Options.User, Options.Password);
        Ppp.Start(now);
    }

    private void HandlePadt(MacAddress source, in PppoePacket packet, Instant now)
    {
        if (_discovery != Discovery.Session || source != _concentrator || packet.SessionId != SessionId)
        {
            StrayFrames++;
            return;
        }

        _otherSessionId = 0;
        var tags = OfferTags.Read(packet.Payload);
        if (tags.Error != DecodeError.None) Violation($"PADT: {tags.Error}");
        // What PPP said before is the better reason: a Nak, a Terminate-Request, our own hang-up.
        if (Ppp is { Phase: PppPhase.Terminating } ending) Finish(ToSubscriberEnd(ending.EndReason), ending.EndText, now);
        else if (_pppEnd != SubscriberEnd.None) Finish(_pppEnd, _pppText, now);
        else Finish(SubscriberEnd.PadtReceived, PrintableText.From(tags.ErrorText), now);
    }

    private void HandleSession(MacAddress source, in PppoePacket packet, Instant now)
    {
        FramesReceived++;
        if (packet.Code != PppoeCode.Session) Violation($"code {(byte)packet.Code:x2} on the session EtherType");
        else if (_discovery != Discovery.Session || source != _concentrator || packet.SessionId != SessionId) StrayFrames++;
        else Ppp?.HandleFrame(packet.Payload, now);
    }

    private void SendDiscovery(Instant now)
    {
        if (_attempt == Options.DiscoveryAttempts)
        {
            Finish(_discovery == Discovery.PadiSent ? SubscriberEnd.NoPado : SubscriberEnd.NoPads, "", now);
            return;
        }

        _discoveryDeadline = now + Options.DiscoveryTimeout * (1 << _attempt++);
        var isPadi = _discovery == Discovery.PadiSent;
        if (isPadi) PadisSent++;
        else PadrsSent++;
        var writer = Begin(stackalloc byte[MaxFrame], isPadi ? MacAddress.Broadcast : _concentrator, EtherType.PppoeDiscovery);
        var header = PppoePacket.WriteHeader(ref writer, isPadi ? PppoeCode.Padi : PppoeCode.Padr, 0);
        PppoeTag.Write(ref writer, PppoeTagType.ServiceName, Encoding.UTF8.GetBytes(Options.ServiceName));
        if (!Options.HostUniq.IsEmpty) PppoeTag.Write(ref writer, PppoeTagType.HostUniq, Options.HostUniq.Span);
        writer.WriteBytes(_returnedTags);
        if (Options.MaxPayload != 0)
            PppoeTag.Write(ref writer, PppoeTagType.PppMaxPayload, [(byte)(Options.MaxPayload >> 8), (byte)Options.MaxPayload]);
        writer.WriteBytes(Options.ExtraTags.Span);
        PppoePacket.PatchLength(ref writer, header);
        Send(ref writer);
    }

    private void SendPadt()
    {
        var writer = Begin(stackalloc byte[MaxFrame], _concentrator, EtherType.PppoeDiscovery);
        PppoePacket.WriteHeader(ref writer, PppoeCode.Padt, SessionId);
        Send(ref writer);
    }

    private WireWriter Begin(Span<byte> buffer, MacAddress destination, ushort etherType)
    {
        var writer = new WireWriter(buffer);
        EthernetFrame.WriteHeader(ref writer, destination, Options.Mac, Options.Vlans, etherType);
        return writer;
    }

    private void Send(ref WireWriter writer)
    {
        FramesSent++;
        if (Options.PadFrames && writer.Position < MinFrame) writer.Reserve(MinFrame - writer.Position).Clear();
        _outbox.Frame(Options.Link, writer.Written);
    }

    private void Finish(SubscriberEnd end, string text, Instant now)
    {
        (LastEnd, LastText) = (end, text);
        var wasUp = Times.Up != Instant.Never;
        State = wasUp || end == SubscriberEnd.HungUp ? SubscriberState.Ended : SubscriberState.Failed;
        Times = Times with { Ended = now };
        _discovery = Discovery.None;
        _discoveryDeadline = _padtAt = Instant.Never;
        _returnedTags = [];
        SessionId = 0;
        Ppp?.Abandon();
        _redialAt = Options.Redial is { } delay ? now + delay : Instant.Never;
    }

    private static SubscriberEnd ToSubscriberEnd(PppEnd end) => end switch
    {
        PppEnd.TerminatedByPeer => SubscriberEnd.TerminatedByPeer,
        PppEnd.LcpTimeout => SubscriberEnd.LcpTimeout,
        PppEnd.LcpRefused => SubscriberEnd.LcpRefused,
        PppEnd.AuthenticationRejected => SubscriberEnd.AuthenticationRejected,
        PppEnd.AuthenticationTimeout => SubscriberEnd.AuthenticationTimeout,
        PppEnd.IpcpTimeout => SubscriberEnd.IpcpTimeout,
        PppEnd.IpcpRefused => SubscriberEnd.IpcpRefused,
        PppEnd.EchoTimeout => SubscriberEnd.EchoTimeout,
        _ => SubscriberEnd.HungUp,
    };
}
