using LacEdge.Api;
using LacEdge.Core;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Tests.Api;

/// <summary>A LAC of plain lists.</summary>
internal sealed class FakeControlPlane : IControlPlane
{
    public static readonly DateTime Start = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    public List<SessionDto> Sessions { get; } = [];
    public List<TunnelDto> Tunnels { get; } = [];
    public List<(SessionKey Key, string Reason)> Cleared { get; } = [];
    public List<LockoutDto> Lockouts { get; } =
    [
        new("eth1", "200.7", "02:00:00:00:00:01", 9, Start.AddMinutes(190)), new("eth2", "untagged", "02:00:00:00:00:02", 5, Start.AddMinutes(185.5)),
    ];
    public List<LnsDto> Lnses { get; } =
    [
        new("a", "isp1", "198.51.100.1", null, 1701, "wholesale", "odd", "up", null, null, 2, 30000, 1,
            new LnsRefusalDto(Start.AddMinutes(180), "CDN: general error (2), error 8"),
            [new("ICRQ", "works", ["sub-address", "nas-port"], 0), new("ICCN", "watching", [], 2)]),
        new("b", "isp1", null, "b.example", 1702, "wholesale", "default", "held-back", Start.AddMinutes(185.5), "no answer", 0, 100, 0, null, []),
    ];
    public bool Stopping { get; set; }

    public static SessionDto Up { get; } = new(
        "7-10442", "00000007000028ca", "up", "bob@isp1.example", "isp1", "a", "198.51.100.1", 1701, "residential", "eth1", "untagged",
        "02:00:00:00:00:01", 499, 501, 8812, 3, 4, Start, Start.AddSeconds(0.25), 12, 3456, 2100, 2_100_000_000, 1, "OLT7 gpon 0/1", "S42",
        new LineDto(new() { ["actual_rate_down"] = 16_384_000 }, new() { ["actual_delay_up"] = 4 }, "010200", 5, true),
        new LineQualityDto(new EchoQualityDto(61, 60, 1, 8.25, 9.5, 41), new EchoQualityDto(0, 0, 0, null, null, null)));

    public static SessionDto SettingUp { get; } = new(
        "7-10447", "00000007000028cf", "ppp", "", "", "", null, null, "residential", "eth2", "100.7",
        "02:00:00:00:00:02", 8, null, null, null, null, Start.AddHours(1), null, 0, 0, 0, 0, 0);

    public static SessionDto Odd { get; } = Up with { Id = "7-10448", AcctSessionId = "00000007000028d0", User = "a\"b,c@isp1.example", State = "connecting", PeerTunnelId = null };

    public static TunnelDto Established { get; } = new(
        0, "established", "wholesale", "a", "198.51.100.1", 1701, 501, 8812, "198.51.100.1", 1701, "lns1", "xelerance", 2, Start);

    public static TunnelDto Opening { get; } = new(1, "wait-socket", "wholesale", "b", "2001:db8::1", 1701, null, null, null, null, null, null, 1, null);

    public Task<StatusDto> GetStatusAsync() => Answer(() => new StatusDto("lac1", "1.2.3", 7, Start, Sessions.Count, Tunnels.Count));

    public Task<SessionPage> ListSessionsAsync(SessionKey? after, int limit) => Answer(() =>
    {
        var rest = Sessions.Where(session => after is null || (SessionKey.TryParse(session.Id, out var key) && key > after)).ToList();
        return new SessionPage([.. rest.Take(limit)], rest.Count > limit ? rest[limit - 1].Id : null);
    });

    public Task<SessionDto?> FindSessionAsync(SessionKey key) => Answer(() => Sessions.Find(session => session.Id == key.ToString()));

    public Task<TunnelPage> ListTunnelsAsync(int? after, int limit) => Answer(() =>
    {
        var rest = Tunnels.Where(tunnel => after is null || tunnel.Slot > after).ToList();
        return new TunnelPage([.. rest.Take(limit)], rest.Count > limit ? $"{rest[limit - 1].Slot}" : null);
    });

    public Task<TunnelDetailDto?> FindTunnelAsync(int localTunnelId) => Answer(() => Tunnels.Find(one => one.LocalTunnelId == localTunnelId) is { } tunnel
        ? new TunnelDetailDto(tunnel, "old", "sensitive",
            [new(Start, "SCCRQ sent", "idle", "wait-ctl-reply", 1), new(Start.AddMinutes(180), "HELLO sent", "established", "established", 3)])
        : null);

    public Task<MemoryDto> GetMemoryAsync(bool collect) => Task.FromResult(new MemoryDto(1000, 2000, 3, 2, collect ? 1 : 0, 1.5));

    public Task<CountersDto> GetCountersAsync() => Answer(() => new CountersDto(
        new() { ["padi_received"] = 5, ["pado_sent"] = 0 }, new() { ["not_for_us"] = 1 }, new() { ["pppoe_length"] = 2 }, new() { ["forwarded"] = ulong.MaxValue }));

    public Task<bool> ClearSessionAsync(SessionKey key, string reason) => Answer(() =>
    {
        Cleared.Add((key, reason));
        return Sessions.RemoveAll(session => session.Id == key.ToString()) > 0;
    });

    public Task<LnsListDto> ListLnsesAsync() => Answer(() => new LnsListDto([.. Lnses]));

    public Task<bool> ClearAdaptationsAsync(string lns) => Answer(() =>
    {
        var index = Lnses.FindIndex(one => one.Name == lns && one.Adaptations.Count > 0);
        if (index >= 0) Lnses[index] = Lnses[index] with { Adaptations = [] };
        return index >= 0;
    });

    public Task<LockoutsDto> ListLockoutsAsync() => Answer(() => new LockoutsDto([.. Lockouts]));

    public Task<int> ClearLockoutsAsync(MacAddress? mac) => Answer(() => Lockouts.RemoveAll(line => mac is null || line.Mac == mac.ToString()));

    private Task<T> Answer<T>(Func<T> answer) => Stopping ? Task.FromCanceled<T>(new CancellationToken(true)) : Task.FromResult(answer());
}

/// <summary>A clock that stands still, 3 hours and 5 minutes after <see cref="FakeControlPlane.Start"/>.</summary>
internal sealed class StoppedClock : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => new(FakeControlPlane.Start.AddMinutes(185));
}
