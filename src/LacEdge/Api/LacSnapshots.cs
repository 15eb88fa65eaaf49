using System.Collections.Immutable;
using System.Globalization;
using LacEdge.Core;
using LacEdge.Core.Forwarding;
using LacEdge.Core.L2tp;
using LacEdge.Core.Lac;
using LacEdge.Core.Pppoe;
using LacEdge.Linux.DataPlane;
using LacEdge.Wire;
using LacEdge.Wire.L2tp;

namespace LacEdge.Api;

/// <summary>What the API shows of the LAC, taken on the control thread at one moment.</summary>
/// <param name="now">The moment on the LAC's clock.</param>
/// <param name="utcNow">The same moment on the wall.</param>
internal sealed class LacSnapshots(Lac lac, IDataPlane dataPlane, Instant now, DateTime utcNow)
{
    private readonly ImmutableArray<string> _interfaces = lac.Config.AccessInterfaces;

    public StatusDto Status(uint boot, string version) =>
        new(lac.Config.Node.Name, version, boot, At(lac.StartedAt), lac.SessionCount, lac.Tunnels.Count);

    public SessionPage Sessions(SessionKey? after, int limit)
    {
        // A cursor from before a restart: its sequence says nothing about today's.
        var boot = lac.SessionsAfter(0).FirstOrDefault()?.Key.Boot;
        var from = after is { } cursor && cursor.Boot == boot ? cursor.Sequence : 0;
        // One more than asked for tells whether another page follows.
        var found = lac.SessionsAfter(from).Where(session => after is null || session.Key > after).Take(limit + 1).ToList();
        var page = found.Take(limit).Select(Of).ToList();
        return new SessionPage(page, found.Count > limit ? page[^1].Id : null);
    }

    public SessionDto? Session(SessionKey key) => !lac.TryGetSession(key, out var session) ? null
        : Of(session) with { Steering = session.Path is { } path ? [.. path.Steps.Select(step => step.ToString())] : null };

    public TunnelPage Tunnels(int? after, int limit)
    {
        var rest = lac.Tunnels.Where(tunnel => after is null || tunnel.Slot > after);
        var found = rest.OrderBy(tunnel => tunnel.Slot).Take(limit + 1).ToList();
        var page = found.Take(limit).Select(Of).ToList();
        return new TunnelPage(page, found.Count > limit ? page[^1].Slot.ToString(CultureInfo.InvariantCulture) : null);
    }

    public LnsListDto Lnses() => new([.. lac.Lnses(now).Select(Of)]);

    public IReadOnlyList<LockedOutLine> LockedOut() => [.. lac.LockedOut(now)];

    /// <summary>On any thread: there may be many.</summary>
    public LockoutsDto Lockouts(IReadOnlyList<LockedOutLine> lines) => new(
    [
        .. lines.OrderByDescending(line => line.Until).ThenBy(line => line.Mac.Value).Select(line => new LockoutDto(
            _interfaces[line.AccessGroup], line.Vlans.ToString(), line.Mac.ToString(), line.ShortSessions, At(line.Until))),
    ]);

    /// <param name="discoveryDrops">Discovery frames that the kernel dropped.</param>
    public CountersDto Counters(long discoveryDrops)
    {
        var forwarding = dataPlane.ReadStatistics();
        var plane = Named<ForwardingReason>(reason => forwarding[reason]);
        plane.Add("kernel_drops", (ulong)forwarding.KernelDrops);
        plane.Add("discovery_kernel_drops", (ulong)discoveryDrops);
        plane.Add("up_frames", forwarding.Forwarded.UpFrames);
        plane.Add("up_octets", forwarding.Forwarded.UpOctets);
        plane.Add("down_frames", forwarding.Forwarded.DownFrames);
        plane.Add("down_octets", forwarding.Forwarded.DownOctets);
        return new CountersDto(
            Named<LacCounter>(counter => lac.Counters[counter]),
            Named<DropReason>(reason => lac.Counters[reason]),
            Named<DecodeError>(error => lac.Counters[error]),
            plane);
    }

    private SessionDto Of(SubscriberSession session)
    {
        var counters = session.Slot >= 0 ? dataPlane.ReadCounters(session.Slot) : default;
        var (pppoe, call, candidate) = (session.Pppoe, session.Call, session.Candidate);
        var tunnel = call?.Tunnel;
        return new SessionDto(
            session.Key.ToString(), session.Key.AcctSessionId, ApiWords.Value(session.Stage),
            session.UserText, session.IspName, session.LnsName, candidate?.Lns.Address.ToString(), candidate?.Lns.Port,
            pppoe.Service.Name, _interfaces[pppoe.AccessGroup], pppoe.Vlans.ToString(), pppoe.Subscriber.ToString(), pppoe.SessionId,
            Known(tunnel?.LocalTunnelId), Known(tunnel?.PeerTunnelId), Known(call?.LocalSessionId), Known(call?.PeerSessionId),
            At(session.OpenedAt), session.UpAt == Instant.Never ? null : At(session.UpAt),
            counters.UpFrames, counters.UpOctets, counters.DownFrames, counters.DownOctets, counters.Dropped,
            Text(pppoe.Line?.CircuitId), Text(pppoe.Line?.RemoteId), LineDto.Of(pppoe.Line),
            session.Slot >= 0 ? LineQualityDto.Of(dataPlane.ReadQuality(session.Slot)) : null,
            session.Identification.Length > 0 ? session.Identification : null);
    }

    /// <summary>Null when no tunnel has this id.</summary>
    public TunnelDetailDto? Tunnel(int localTunnelId)
    {
        if (lac.Tunnels.FirstOrDefault(one => one.L2tp?.LocalTunnelId == localTunnelId) is not { L2tp: { } l2tp } tunnel) return null;
        return new TunnelDetailDto(
            Of(tunnel), ApiWords.Value(l2tp.SecretInUse), ApiWords.Value(l2tp.Hiding),
            [.. l2tp.History.Events.Select(e => new TunnelEventDto(At(e.At), e.What, ApiWords.Value(e.Before), ApiWords.Value(e.After), e.Count))]);
    }

    private TunnelDto Of(LacTunnel tunnel)
    {
        var (target, l2tp) = (tunnel.Target, tunnel.L2tp);
        var answered = l2tp is { PeerTunnelId: not 0 };
        return new TunnelDto(
            tunnel.Slot, l2tp is null ? "wait-socket" : ApiWords.Value(l2tp.State), target.Profile.Name, target.LnsName,
            target.Lns.Address.ToString(), target.Lns.Port, Known(l2tp?.LocalTunnelId), Known(l2tp?.PeerTunnelId),
            answered ? l2tp!.Peer.Address.ToString() : null, answered ? l2tp!.Peer.Port : null, answered ? l2tp!.PeerHostName : null,
            answered ? l2tp!.PeerVendorName : null, tunnel.SessionCount, l2tp is null ? null : At(l2tp.OpenedAt));
    }

    private LnsDto Of(LnsStatus status)
    {
        var (isp, lns, profile, peer) = status.Candidate;
        return new LnsDto(
            lns.Name, isp, lns.Address.IsNone ? null : lns.Address.ToString(), lns.Dns.Length > 0 ? lns.Dns : null, lns.Port, profile.Name, peer.Name,
            ApiWords.Value(status.State), status.Until == Instant.Never ? null : At(status.Until), status.Why.Length > 0 ? status.Why : null,
            status.Sessions, lns.MaxSessions, status.Tunnels,
            status.LastRefusal is { } refusal ? new LnsRefusalDto(At(refusal.At), refusal.Why) : null,
            [.. status.Adaptations.Select(one => new AdaptationDto(
                MessageTable.NameOf(one.Message), ApiWords.Value(one.State),
                [.. Enum.GetValues<AvpGroups>().Where(group => (one.LeftOut & group) != 0).Select(ApiWords.Value)], one.Refusals))]);
    }

    private static string? Text(Bytes? octets) => octets is { IsEmpty: false } told ? PrintableText.From(told.Span) : null;

    /// <summary>Ids are never 0: that means "not known yet".</summary>
    private static int? Known(ushort? id) => id is null or 0 ? null : id;

    /// <summary>To the millisecond.</summary>
    private DateTime At(Instant instant)
    {
        var ticks = utcNow.Ticks - (now - instant).Ticks;
        return new DateTime(ticks - ticks % TimeSpan.TicksPerMillisecond, DateTimeKind.Utc);
    }

    private static OrderedDictionary<string, ulong> Named<T>(Func<T, ulong> read) where T : struct, Enum
    {
        var named = new OrderedDictionary<string, ulong>();
        // "None" counts nothing.
        foreach (var value in Enum.GetValues<T>().Where(value => value.ToString() != "None")) named.Add(ApiWords.Key(value), read(value));
        return named;
    }
}
