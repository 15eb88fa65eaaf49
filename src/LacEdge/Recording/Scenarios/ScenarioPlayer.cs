using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Lac;
using LacEdge.Wire;
using LacEdge.Wire.L2tp;
using LacEdge.Wire.Ppp;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Recording.Scenarios;

/// <summary>
/// Plays the peers of a LAC, own or foreign, against a new one of ours, and compares what ours says with what that LAC said: kind,
/// order and mandatory parts of messages, forwarded frames octet by octet.
/// </summary>
/// <remarks>
/// A peer's message is released after the message of the LAC that stands before it in the transcript, as much later as it came
/// there; the time of day does not matter. Ids, sequence numbers, cookies and answers to challenges are bound to what our LAC chose.
/// A message of the LAC that ours does not send is a difference; the play goes on without it.
/// </remarks>
internal sealed class ScenarioPlayer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300), PatienceForTunnel = TimeSpan.FromSeconds(65);

    private readonly Transcript _transcript;
    private readonly ReplayedLac _ours;
    private readonly Conversations _theirs = new();
    private readonly bool _knowsInputs;
    private readonly HashSet<TranscriptMessage> _unheard;
    private readonly byte[] _secret;
    private readonly Dictionary<TunnelTrace, TunnelTrace> _tunnels = [];
    private readonly Dictionary<CallTrace, CallTrace> _calls = [];
    private readonly Dictionary<SubscriberTrace, SubscriberTrace> _subscribers = [];
    private readonly List<ScenarioDifference> _differences = [];
    private readonly List<string> _remarks;
    private readonly List<(TranscriptMessage Theirs, SentMessage Ours)> _pairs = [];
    private long _time;
    private int _position, _played;

    /// <param name="secret">The tunnel secret; empty: none.</param>
    /// <param name="password">The subscribers' password, to answer challenges truly; empty: unknown.</param>
    /// <param name="recordTo">File for a recording of ours; null for none.</param>
    public ScenarioPlayer(
        Transcript transcript, LacConfig config, ReadOnlySpan<byte> seed, byte[] secret, byte[] password, string? recordTo = null)
    {
        (_transcript, _secret, _unheard) = (transcript, secret, transcript.Unheard());
        _remarks = [.. transcript.Remarks];
        _ours = new ReplayedLac(config, transcript.Boot, seed, secret, password, recordTo);
        _knowsInputs = transcript.Items.Any(i => i is TranscriptInput);
        if (_knowsInputs) return;

        var mac = transcript.Messages.FirstOrDefault(m => m is { FromLac: true, Message.Side: Side.Access })?.Message.Source;
        for (var group = 0; group < config.AccessInterfaces.Length; group++)
        {
            _ours.Input(new LinkInput(default, group, mac ?? ReplayedLac.DefaultMac, transcript.AccessMtu(group), true));
        }
    }

    public ScenarioReport Run()
    {
        if (_transcript.Items.Count > 0) _time = _transcript.Items[0].Time;
        for (; _position < _transcript.Items.Count; _position++)
        {
            var item = _transcript.Items[_position];
            _ours.At = item.Where;
            switch (item)
            {
                case TranscriptInput input:
                    Wait(item);
                    _ours.Input(input.Input);
                    break;
                case TranscriptDial:
                    Wait(item);
                    _ours.Dial(UserName());
                    break;
                case TranscriptMessage { FromLac: true } message: Expect(message); break;
                case TranscriptMessage message: Play(message); break;
            }
        }

        Finish();
        return new ScenarioReport(_pairs.Count, _played, _differences, _remarks);
    }

    public void Dispose() => _ours.Dispose();

    // What the peers say.

    private void Play(TranscriptMessage item)
    {
        Wait(item);
        if (item.Message.Side == Side.Access) PlayFrame(item);
        else PlayDatagram(item);
    }

    private void PlayFrame(TranscriptMessage item)
    {
        var message = item.Message;
        var place = _theirs.Frame(message, false, item.AccessGroup);
        if (message is { IsDiscovery: true, PppoeCode: PppoeCode.Padi or PppoeCode.Padr })
        {
            Give(item.AccessGroup, PppoeRebinding.Discovery(message, LastOffer(message)));
            return;
        }

        if (place.Subscriber is not { } theirs || !_subscribers.TryGetValue(theirs, out var ours))
        {
            Remark(item, "of a PPPoE session that we do not have");
            return;
        }

        var ppp = message.Ppp;
        if (message.IsPpp && !ours.Spliced)
        {
            var client = _ours.ClientEnd(ours);
            if (client.IsPremature(message)) PayDebts();
            ppp = client.Rebind(message);
            if (ppp.IsEmpty)
            {
                Remark(item, "answers something that we did not ask");
                return;
            }
        }

        Give(item.AccessGroup, PppoeRebinding.InSession(message, ours.SessionId, ppp));
    }

    private void Give(int accessGroup, Bytes frame)
    {
        _played++;
        _ours.Frame(accessGroup, frame.Span);
    }

    /// <summary>Our newest PADO for the client that now sends PADI or PADR.</summary>
    private Message? LastOffer(Message message) => _ours.Sent.FindLast(
        s => s.Message is { IsDiscovery: true, PppoeCode: PppoeCode.Pado } pado && pado.Destination == message.Source)?.Message;

    private void PlayDatagram(TranscriptMessage item)
    {
        var place = _theirs.Datagram(item.Message, false, item.Lns.Address);
        if (place.Tunnel is not { } tunnel || !_tunnels.TryGetValue(tunnel, out var ours))
        {
            if (item.Message is { IsControl: true, IsZlb: false }) Remark(item, "of a tunnel that we do not have");
            return;
        }

        var call = place.Call is { } theirs ? _calls.GetValueOrDefault(theirs) : null;
        if (place.Call is not null && call is null) return;
        var end = _ours.LnsEnd(ours);
        var octets = end.Rebind(item, place, call);
        if (octets.IsEmpty) return;
        _played++;
        var live = call is { Connected: true, Ended: false } && place.Call is { Ended: false };
        _ours.Datagram(end, octets);
        if (!_transcript.HasAccessSide && live && !item.Message.IsControl) CheckForwarded(item, call!);
    }

    private void CheckForwarded(TranscriptMessage item, CallTrace call)
    {
        var subscriber = _ours.CallerOf(call);
        var forwarded = _ours.Sent.Find(s =>
            s is { Matched: false, Message.Side: Side.Access } && s.Place.Subscriber == subscriber && s.Message.Ppp == item.Message.Ppp);
        if (forwarded is not null) forwarded.Matched = true;
        else Differ(ScenarioDifferenceKind.NotForwarded, item, "the subscriber does not get it from us, or not as it was");
    }

    /// <summary>The name that the next subscriber of the transcript gives to the LNS.</summary>
    private string UserName()
    {
        foreach (var message in _transcript.Items.Skip(_position).OfType<TranscriptMessage>().Where(m => m.FromLac).Select(m => m.Message))
        {
            var data = message.Data.Span;
            if (message.IsChap(ChapCode.Response) && ChapValue.TryParse(data, out var chap, out _)) return PrintableText.From(chap.Name);
            if (message.IsEap(EapCode.Response) && data is [(byte)EapType.Identity, .. var identity]) return PrintableText.From(identity);
            if (!message.IsPap(PapCode.AuthenticateRequest)) continue;
            if (PapRequest.TryParse(data, out var pap, out _)) return PrintableText.From(pap.PeerId);
        }

        return "user@foreign.example";
    }

    // What the LAC says.

    private void Expect(TranscriptMessage item)
    {
        var message = item.Message;
        var place = message.Side == Side.Access
            ? _theirs.Frame(message, true, item.AccessGroup) : _theirs.Datagram(message, true, item.Lns.Address);
        if (_unheard.Contains(item) && _tunnels.TryGetValue(place.Tunnel!, out var ours)) _ours.LnsEnd(ours).FallSilent();
        if (place.Repeats || message.IsUpkeep || IsOrphan(message, place)) return;
        if (!_transcript.HasAccessSide && !message.IsControl) PlayUpstream(message, place);
        if (Await(item, place) is { } found) Match(item, place, found);
        else Differ(ScenarioDifferenceKind.Missing, item, "");
        _time = item.Time;
    }

    /// <summary>Part of something whose beginning we lack, which is a difference already.</summary>
    private bool IsOrphan(Message message, Place place)
    {
        if (message.Side == Side.Access)
        {
            if (message is { IsDiscovery: true, PppoeCode: not PppoeCode.Padt }) return false;
            return place.Subscriber is not { } subscriber || !_subscribers.ContainsKey(subscriber);
        }

        if (message.Type == MessageType.Sccrq) return false;
        if (place.Tunnel is not { } tunnel || !_tunnels.ContainsKey(tunnel)) return true;
        return message.Type != MessageType.Icrq && place.Call is { } call && !_calls.ContainsKey(call);
    }

    private void PlayUpstream(Message message, Place place)
    {
        if (place.Call is not { } call || _ours.CallerOf(_calls[call]) is not { } subscriber) return;
        Give(subscriber.AccessGroup, PppoeRebinding.FromClient(subscriber, message.Ppp));
    }

    private SentMessage? Await(TranscriptMessage item, Place place)
    {
        bool IsThere() => Find(item, place) is not null;
        if (!_ours.RunUntil(Due(item), IsThere) && !(PayDebts() && IsThere()) && !(ActLocally(item.Message, place) && IsThere()))
        {
            var patience = item.Message.Type is MessageType.StopCcn or MessageType.Sccrq ? PatienceForTunnel : Patience;
            _ours.RunUntil(_ours.Now + patience, IsThere, toTheEnd: false);
        }

        return Find(item, place);
    }

    private SentMessage? Find(TranscriptMessage item, Place place) =>
        _ours.Sent.Find(s => !s.Matched && !s.Ignored && Corresponds(s, item, place));

    private bool Corresponds(SentMessage sent, TranscriptMessage item, Place place)
    {
        var (ours, theirs) = (sent.Message, item.Message);
        if (ours.Side != theirs.Side || ours.Kind != theirs.Kind) return false;
        if (theirs.Side == Side.Access)
        {
            if (theirs is { IsDiscovery: true, PppoeCode: not PppoeCode.Padt }) return ours.Destination == theirs.Destination;
            var forwarded = ours.IsPpp && sent.Place.Subscriber is { Spliced: true } ? ours.Ppp == theirs.Ppp : true;
            return forwarded && sent.Place.Subscriber == _subscribers.GetValueOrDefault(place.Subscriber!);
        }

        if (theirs.Type == MessageType.Sccrq) return sent.Lns.Address == item.Lns.Address && !_tunnels.ContainsValue(sent.Place.Tunnel!);
        if (sent.Place.Tunnel != _tunnels[place.Tunnel!]) return false;
        if (theirs.Type == MessageType.Icrq) return !_calls.ContainsValue(sent.Place.Call!);
        return (place.Call is null || sent.Place.Call == _calls[place.Call]) && (theirs.IsControl || ours.Ppp == theirs.Ppp);
    }

    private void Match(TranscriptMessage item, Place place, SentMessage found)
    {
        found.Matched = true;
        _pairs.Add((item, found));
        var (theirs, ours) = (item.Message, found.Message);
        if (theirs.Type == MessageType.Sccrq) _tunnels.Add(place.Tunnel!, found.Place.Tunnel!);
        if (theirs.Type == MessageType.Icrq) _calls.Add(place.Call!, found.Place.Call!);
        if (theirs.IsPads && place.Subscriber is { } subscriber && found.Place.Subscriber is { } own) _subscribers[subscriber] = own;
        if (theirs.Type == MessageType.Iccn) Splice(found.Place.Call!);

        CompareElements(item, theirs.Elements.Except(ours.Elements), "that we do not send");
        CompareElements(item, ours.Elements.Except(theirs.Elements), "that only we send");
        if (theirs.Type == MessageType.Scccn) CheckResponse(item, found);
    }

    private void CompareElements(TranscriptMessage item, IEnumerable<string> different, string how)
    {
        var elements = string.Join(", ", different);
        var parts = item.Message.IsControl ? "mandatory AVPs" : item.Message.IsDiscovery ? "tags" : "options";
        if (elements.Length > 0) Differ(ScenarioDifferenceKind.Elements, item, $"{parts} {how}: {elements}");
    }

    private void Splice(CallTrace ours)
    {
        var caller = _ours.CallerOf(ours);
        foreach (var (theirs, bound) in _subscribers)
        {
            if (bound == caller) theirs.Spliced = true;
        }
    }

    private void CheckResponse(TranscriptMessage item, SentMessage scccn)
    {
        var challenge = scccn.Place.Tunnel!.LnsChallenge;
        var response = scccn.Message.ChallengeResponse;
        var right = challenge.IsEmpty ? response.IsEmpty
            : !response.IsEmpty && TunnelAuthentication.Verify(MessageType.Scccn, _secret, challenge.Span, response.Span);
        if (!right) Differ(ScenarioDifferenceKind.WrongResponse, item, "our Challenge Response is not the answer to the LNS's challenge");
    }

    // What nobody shows.

    /// <summary>The clients send what they owe us although the transcript does not show it.</summary>
    private bool PayDebts()
    {
        var paid = false;
        foreach (var subscriber in _subscribers.Values.Where(s => s is { Spliced: false, Ended: false }).ToList())
        {
            for (var ppp = _ours.ClientEnd(subscriber).Owed(); !ppp.IsEmpty; ppp = _ours.ClientEnd(subscriber).Owed())
            {
                paid = true;
                _ours.Frame(subscriber.AccessGroup, PppoeRebinding.FromClient(subscriber, ppp).Span);
            }
        }

        return paid;
    }

    /// <summary>The LAC ends something by itself, for a reason that no message shows: ours is told to.</summary>
    private bool ActLocally(Message message, Place place)
    {
        if (_knowsInputs) return false;
        var caller = place.Call is { } call && _calls.TryGetValue(call, out var own) ? _ours.CallerOf(own)
            : place.Subscriber is { } theirs ? _subscribers.GetValueOrDefault(theirs) : null;
        var ends = message.Type == MessageType.Cdn || message.PppoeCode == PppoeCode.Padt || message.IsLcp(LcpCode.TerminateRequest);
        if (ends && caller is { Ended: false })
        {
            var stops = _transcript.StopsForGood(_position);
            if (stops) _ours.Input(new CommandInput(default, new Shutdown()));
            else if (!_transcript.HasAccessSide && message.ResultCode == 1) Give(caller.AccessGroup, PppoeRebinding.Padt(caller));
            else if (_ours.KeyOf(caller) is { } key) _ours.Input(new CommandInput(default, new ClearSession(key, "replay")));
            return true;
        }

        var sessions = message.Type == MessageType.StopCcn && _tunnels[place.Tunnel!].Calls.Exists(c => !c.Ended);
        if (sessions) _ours.Input(new CommandInput(default, new Shutdown()));
        return sessions;
    }

    private Instant Due(TranscriptItem item) => new(_ours.Now.Nanoseconds + Math.Max(0, item.Time - _time));

    private void Wait(TranscriptItem item)
    {
        _ours.RunUntil(Due(item), () => false);
        _time = item.Time;
    }

    // The end.

    private void Finish()
    {
        _ours.At = "the end";
        _ours.RunUntil(_ours.Now + Patience, () => false);
        foreach (var sent in _ours.Sent.Where(s => !s.Matched && !s.Ignored))
        {
            _differences.Add(new ScenarioDifference(ScenarioDifferenceKind.Extra, sent.Message.Kind, sent.After, ""));
        }

        foreach (var end in _ours.LnsEnds.Where(e => e.Unacknowledged > 0))
        {
            var detail = $"we leave {end.Unacknowledged} messages of the LNS unacknowledged";
            _differences.Add(new ScenarioDifference(ScenarioDifferenceKind.NotAcknowledged, "control channel", "the end", detail));
        }

        CompareOrder();
    }

    private void CompareOrder()
    {
        foreach (var side in _pairs.GroupBy(p => (p.Ours.Message.Side, p.Ours.Place.Tunnel, p.Ours.Place.Subscriber)))
        {
            SentMessage? last = null;
            foreach (var (theirs, ours) in side)
            {
                if (last is null || ours.Index > last.Index) last = ours;
                else Differ(ScenarioDifferenceKind.Order, theirs, $"we send it before {last.Message.Kind}");
            }
        }
    }

    private void Remark(TranscriptMessage item, string why) => _remarks.Add($"{item.Where}: {item.Message.Kind} {why}");

    private void Differ(ScenarioDifferenceKind kind, TranscriptMessage item, string detail) =>
        _differences.Add(new ScenarioDifference(kind, item.Message.Kind, item.Where, detail));
}
