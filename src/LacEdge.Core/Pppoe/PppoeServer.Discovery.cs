using System.Buffers.Binary;
using System.Text;
using LacEdge.Core.Config;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Core.Pppoe;

/// <summary>The discovery stage (RFC 2516 section 5).</summary>
public sealed partial class PppoeServer
{
    /// <summary>A PADR repeated within this time is the same request, even if PPP has begun: networks duplicate frames.</summary>
    private static readonly TimeSpan RepeatWindow = TimeSpan.FromSeconds(10);
    private const string NoResources = "no resources";

    private void HandleDiscovery(AccessGroup group, LineServices services, in EthernetFrame ethernet, in PppoePacket packet, Instant now)
    {
        if (packet.Code is PppoeCode.Padi or PppoeCode.Padr && !_guard.Allows(ethernet.Source))
        {
            _counters.Count(packet.Code == PppoeCode.Padi ? LacCounter.PadiReceived : LacCounter.PadrReceived);
            _counters.Count(DropReason.MacDenied);
            return;
        }

        switch (packet.Code)
        {
            case PppoeCode.Padi:
                _counters.Count(LacCounter.PadiReceived);
                // Before its tags are looked at: in a flood most PADIs end here.
                if (_guard.RefusePadi(group.Number, ethernet.Vlans, ethernet.Source, now) is { } refusal) _counters.Count(refusal);
                else if (TryReadRequest(packet, out var padi)) HandlePadi(group, services, ethernet, padi, now);
                break;
            case PppoeCode.Padr:
                _counters.Count(LacCounter.PadrReceived);
                if (TryReadRequest(packet, out var padr)) HandlePadr(group, services, ethernet, padr, now);
                break;
            case PppoeCode.Padt:
                _counters.Count(LacCounter.PadtReceived);
                HandlePadt(group, ethernet, packet, now);
                break;
            case PppoeCode.Pado or PppoeCode.Pads or PppoeCode.Session:
                _counters.Count(DropReason.PppoeCodeUnexpected);
                break;
            default:
                _counters.Count(DecodeError.PppoeCode);
                break;
        }
    }

    private bool TryReadRequest(in PppoePacket packet, out DiscoveryTags tags)
    {
        if (!DiscoveryTags.TryParse(packet.Payload, out tags, out var error))
        {
            _counters.Count(error);
            return false;
        }

        if (packet.SessionId != 0) _counters.Count(DropReason.SessionIdNotZero);
        else if (tags.ServiceNameCount != 1) _counters.Count(DropReason.ServiceNameCount);
        else return true;
        return false;
    }

    private void HandlePadi(AccessGroup group, LineServices services, in EthernetFrame ethernet, in DiscoveryTags tags, Instant now)
    {
        if (services.Find(tags.ServiceName) is not { } service)
        {
            _counters.Count(DropReason.ServiceUnknown);
            return;
        }

        // Who is sure to be refused should look for another access concentrator.
        var applicant = new Applicant(service.Config, group.Number, ethernet.Vlans, ethernet.Source, CircuitIdOf(service.Config, tags));
        if (_limits.SureToRefuse(applicant) is { } limit)
        {
            _counters.Count(limit);
            return;
        }

        // The same where the whole LacEdge is full or ends; who has a session makes room for itself.
        if (_limits.OldestInTheWayOfHost(applicant) is null
            && _user.Admit(group.Number, ethernet.Source, ethernet.Vlans, service.Config, now) is not null) return;

        if (PadoDelay.Of(service.Config.PadoDelay, _limits.SessionsOf(service.Config), ethernet.Vlans, tags.AccessLine) is not { } delay)
        {
            _counters.Count(DropReason.PadoNever);
            return;
        }

        var writer = BeginReply(group, ethernet, PppoeCode.Pado, 0, tags.ServiceName, out var header);
        foreach (var name in services.Advertised)
            if (!name.Span.SequenceEqual(tags.ServiceName)) PppoeTag.Write(ref writer, PppoeTagType.ServiceName, name.Span);
        PppoeTag.Write(ref writer, PppoeTagType.AcName, service.AcName.Span);
        WriteEchoes(ref writer, tags);

        Span<byte> cookie = stackalloc byte[AcCookie.Size];
        _cookie.Write(cookie, group.Number, ethernet.Source, ethernet.Vlans, now);
        PppoeTag.Write(ref writer, PppoeTagType.AcCookie, cookie);
        WriteMaxPayload(ref writer, group, ethernet.Vlans, tags);
        if (delay == TimeSpan.Zero) FinishReply(group, ref writer, header, LacCounter.PadoSent);
        else if (TryFinish(group, ref writer, header) && !_delayed.TryAdd(group.Number, writer.Written, now + delay))
            _counters.Count(DropReason.PadoQueueFull);
    }

    /// <summary>Unless the interface went or became another one while the PADO waited.</summary>
    private void SendDelayedPado(int accessGroup, byte[] frame)
    {
        var group = _groups[accessGroup];
        if (!group.Up || MacAddress.Read(frame.AsSpan(MacAddress.Size)) != group.Mac) return;
        _outbox.Frame(accessGroup, frame);
        _counters.Count(LacCounter.PadoSent);
    }

    /// <summary>The circuit-id, if this service limits sessions by it.</summary>
    private static ReadOnlySpan<byte> CircuitIdOf(AccessServiceConfig service, in DiscoveryTags tags)
    {
        if (service.Limits.PerCircuitId == 0) return [];
        var walk = new AccessLineReader(tags.AccessLine);
        while (walk.MoveNext())
            if (walk.Current.Type == AccessLineType.CircuitId && !walk.Current.Value.IsEmpty) return walk.Current.Value;
        return [];
    }

    private void HandlePadr(AccessGroup group, LineServices services, in EthernetFrame ethernet, in DiscoveryTags tags, Instant now)
    {
        if (!tags.HasAcCookie)
        {
            _counters.Count(DropReason.CookieMissing);
            return;
        }

        if (!_cookie.IsValid(tags.AcCookie, group.Number, ethernet.Source, ethernet.Vlans, now))
        {
            _counters.Count(DropReason.CookieWrong);
            return;
        }

        if (_guard.RefusePadr(group.Number, ethernet.Vlans, ethernet.Source, now) is { } refused)
        {
            _counters.Count(refused);
            return;
        }

        if (FindRepeated(group, ethernet, tags, now) is { } known)
        {
            SendPads(group, ethernet, tags, known.SessionId);
            return;
        }

        if (services.Find(tags.ServiceName) is not { } service)
        {
            _counters.Count(DropReason.ServiceUnknown);
            SendPadsError(group, ethernet, tags, PppoeTagType.ServiceNameError, "");
            return;
        }

        Open(group, ethernet, tags, service.Config, now);
    }

    private void Open(AccessGroup group, in EthernetFrame ethernet, in DiscoveryTags tags, AccessServiceConfig service, Instant now)
    {
        var line = AccessLine.Read(tags.AccessLine, out var lineError);
        if (lineError != DecodeError.None) _counters.Count(lineError);
        var circuitId = line?.CircuitId ?? Bytes.Empty;
        if (MakeRoom(new Applicant(service, group.Number, ethernet.Vlans, ethernet.Source, circuitId.Span), now) is { } refusal)
        {
            SendPadsError(group, ethernet, tags, PppoeTagType.AcSystemError, refusal);
            return;
        }

        if (!group.Ids.TryTake(now, out var sessionId))
        {
            _counters.Count(DropReason.Limit);
            SendPadsError(group, ethernet, tags, PppoeTagType.AcSystemError, NoResources);
            return;
        }

        var session = new PppoeSession
        {
            AccessGroup = group.Number,
            SessionId = sessionId,
            Subscriber = ethernet.Source,
            Vlans = ethernet.Vlans,
            Service = service,
            ServiceName = Bytes.Copy(tags.ServiceName),
            HostUniq = Bytes.Copy(tags.HostUniq),
            Line = line,
            MaxPayload = group.MaxPayload(tags.MaxPayload, ethernet.Vlans),
            OpenedAt = now,
        };
        group.Sessions.Add(session);
        _limits.Add(session);
        SessionCount++;
        SendPads(group, ethernet, tags, sessionId);
        _user.SessionOpened(session, now);
    }

    /// <summary>Ends the sessions in whose place the new one comes. A text refuses it (PADS with AC-System-Error).</summary>
    private string? MakeRoom(in Applicant applicant, Instant now)
    {
        // Whatever comes of the new session: a host that dials has forgotten its old one.
        while (_limits.OldestInTheWayOfHost(applicant) is { } old)
        {
            // One that dials anew in a loop is locked out like one that ends its sessions; another host's doing speaks against nobody.
            if (!old.IsEnding) _guard.SessionEnded(old, blamed: true, now);
            Replace(old, "the subscriber dialled again", now);
        }

        var service = applicant.Service;
        if (_user.Admit(applicant.AccessGroup, applicant.Mac, applicant.Vlans, service, now) is { } refusal) return refusal;

        while (_limits.OldestInTheWayOfCircuit(applicant) is { } old) Replace(old, "another session on the same circuit-id", now);
        if (_limits.Reached(applicant) is { } limit)
        {
            _counters.Count(limit);
            return SessionLimits.TextOf(limit, service.Limits);
        }

        if (SessionCount < _maxSessions) return null;
        _counters.Count(DropReason.Limit);
        return NoResources;
    }

    private void Replace(PppoeSession session, string detail, Instant now)
    {
        _user.SessionReplaced(session, detail, now);
        Close(session, true, detail, now);
    }

    /// <summary>The session that an earlier copy of this PADR opened: as long as no PPP came, the subscriber need not have had our
    /// PADS.</summary>
    private static PppoeSession? FindRepeated(AccessGroup group, in EthernetFrame ethernet, in DiscoveryTags tags, Instant now)
    {
        var session = group.Sessions.NewestOf(ethernet.Source, ethernet.Vlans, tags.HostUniq);
        return session is { IsEnding: false } && session.ServiceName.Span.SequenceEqual(tags.ServiceName)
            && (session is { Heard: false, IsSpliced: false } || now - session.OpenedAt < RepeatWindow) ? session : null;
    }

    private void HandlePadt(AccessGroup group, in EthernetFrame ethernet, in PppoePacket packet, Instant now)
    {
        if (!DiscoveryTags.TryParse(packet.Payload, out var tags, out var error))
        {
            _counters.Count(error);
            return;
        }

        if (FindOwned(group, ethernet, packet.SessionId) is not { } session) return;
        Forget(group, session, now);
        group.Sessions.ClosedBySubscriber(session.SessionId);
        _user.SessionClosed(session, PrintableText.From(tags.GenericError), now);
    }

    private void SendPads(AccessGroup group, in EthernetFrame ethernet, in DiscoveryTags tags, ushort sessionId)
    {
        var writer = BeginReply(group, ethernet, PppoeCode.Pads, sessionId, tags.ServiceName, out var header);
        WriteEchoes(ref writer, tags);
        WriteMaxPayload(ref writer, group, ethernet.Vlans, tags);
        FinishReply(group, ref writer, header, LacCounter.PadsSent);
    }

    private void SendPadsError(AccessGroup group, in EthernetFrame ethernet, in DiscoveryTags tags, PppoeTagType tag, string text)
    {
        var writer = BeginReply(group, ethernet, PppoeCode.Pads, 0, tags.ServiceName, out var header);
        WriteEchoes(ref writer, tags);
        PppoeTag.Write(ref writer, tag, Encoding.UTF8.GetBytes(text));
        FinishReply(group, ref writer, header, LacCounter.PadsErrorSent);
    }

    private void SendPadt(AccessGroup group, PppoeSession session, string reason) =>
        SendPadt(group, session.Subscriber, session.Vlans, session.SessionId, reason);

    private void SendPadt(AccessGroup group, MacAddress host, VlanStack vlans, ushort sessionId, string reason)
    {
        var writer = new WireWriter(_buffer);
        EthernetFrame.WriteHeader(ref writer, host, group.Mac, vlans, EtherType.PppoeDiscovery);
        var header = PppoePacket.WriteHeader(ref writer, PppoeCode.Padt, sessionId);
        if (reason.Length > 0) PppoeTag.Write(ref writer, PppoeTagType.GenericError, Encoding.UTF8.GetBytes(reason));
        FinishReply(group, ref writer, header, LacCounter.PadtSent);
    }

    /// <summary>Ethernet header (with the tags of the request), PPPoE header and the Service-Name of the request.</summary>
    private WireWriter BeginReply(
        AccessGroup group, in EthernetFrame request, PppoeCode code, ushort sessionId, scoped ReadOnlySpan<byte> serviceName,
        out int header)
    {
        var writer = new WireWriter(_buffer);
        EthernetFrame.WriteHeader(ref writer, request.Source, group.Mac, request.Vlans, EtherType.PppoeDiscovery);
        header = PppoePacket.WriteHeader(ref writer, code, sessionId);
        PppoeTag.Write(ref writer, PppoeTagType.ServiceName, serviceName);
        return writer;
    }

    private static void WriteEchoes(ref WireWriter writer, scoped in DiscoveryTags tags)
    {
        if (tags.HasHostUniq) PppoeTag.Write(ref writer, PppoeTagType.HostUniq, tags.HostUniq);
        if (tags.HasRelaySessionId) PppoeTag.Write(ref writer, PppoeTagType.RelaySessionId, tags.RelaySessionId);
    }

    /// <summary>Only where more than 1492 is possible (RFC 4638 section 4).</summary>
    private static void WriteMaxPayload(ref WireWriter writer, AccessGroup group, VlanStack vlans, scoped in DiscoveryTags tags)
    {
        if (tags.MaxPayload == 0 || !group.TakesMoreThanStandard(vlans)) return;
        Span<byte> value = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(value, tags.MaxPayload);
        PppoeTag.Write(ref writer, PppoeTagType.PppMaxPayload, value);
    }

    /// <summary>A reply that does not fit into a frame (echoes of a huge PADI) is not sent, and counted.</summary>
    private void FinishReply(AccessGroup group, ref WireWriter writer, int header, LacCounter sent)
    {
        if (!TryFinish(group, ref writer, header)) return;
        _outbox.Frame(group.Number, writer.Written);
        _counters.Count(sent);
    }

    private bool TryFinish(AccessGroup group, ref WireWriter writer, int header)
    {
        if (!writer.Ok || !group.Fits(writer.Written))
        {
            _counters.Count(DropReason.Limit);
            return false;
        }

        PppoePacket.PatchLength(ref writer, header);
        return true;
    }
}
