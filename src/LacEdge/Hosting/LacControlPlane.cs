using System.Reflection;
using LacEdge.Api;
using LacEdge.Core;
using LacEdge.Core.Lac;
using LacEdge.Linux;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Hosting;

/// <summary>What the API may ask of the running host: each question is one short visit to the control thread.</summary>
internal sealed class LacControlPlane(LacHost host) : IControlPlane
{
    public static string Version { get; } =
        typeof(LacControlPlane).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public Task<StatusDto> GetStatusAsync() => AskAsync(snapshots => snapshots.Status(host.Boot, Version));
    public Task<SessionPage> ListSessionsAsync(SessionKey? after, int limit) => AskAsync(snapshots => snapshots.Sessions(after, limit));
    public Task<SessionDto?> FindSessionAsync(SessionKey key) => AskAsync(snapshots => snapshots.Session(key));
    public Task<TunnelPage> ListTunnelsAsync(int? after, int limit) => AskAsync(snapshots => snapshots.Tunnels(after, limit));
    public Task<TunnelDetailDto?> FindTunnelAsync(int localTunnelId) => AskAsync(snapshots => snapshots.Tunnel(localTunnelId));
    public Task<CountersDto> GetCountersAsync() => AskAsync(snapshots => snapshots.Counters(host.DiscoveryDrops));

    public Task<bool> ClearSessionAsync(SessionKey key, string reason) =>
        host.OrderAsync(new ClearSession(key, reason), lac => lac.TryGetSession(key, out var session) && session.Stage != SessionStage.Ended);

    public Task<LnsListDto> ListLnsesAsync() => AskAsync(snapshots => snapshots.Lnses());
    public Task<bool> ClearAdaptationsAsync(string lns) => host.OrderAsync(new ClearAdaptations(lns), lac => lac.HasAdaptations(lns));

    public async Task<LockoutsDto> ListLockoutsAsync()
    {
        var (snapshots, lines) = await AskAsync(snapshots => (snapshots, snapshots.LockedOut()));
        return snapshots.Lockouts(lines);
    }

    public async Task<int> ClearLockoutsAsync(MacAddress? mac)
    {
        var lines = 0;
        await host.OrderAsync(new ClearLockout(mac), lac => (lines = lac.LockedOut(SystemClock.Now).Count(line => mac is null || line.Mac == mac)) > 0);
        return lines;
    }

    /// <summary>Not a question to the control thread: a full collection would hold it up anyway.</summary>
    public Task<MemoryDto> GetMemoryAsync(bool collect)
    {
        if (collect)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        }

        var longest = host.Pauses.Longest.TotalMilliseconds;
        if (collect) host.Pauses.Reset();
        return Task.FromResult(new MemoryDto(
            GC.GetTotalMemory(forceFullCollection: false), Environment.WorkingSet, GC.CollectionCount(0), GC.CollectionCount(1),
            GC.CollectionCount(2), longest));
    }

    private Task<T> AskAsync<T>(Func<LacSnapshots, T> question) =>
        host.AskAsync((lac, dataPlane) => question(new LacSnapshots(lac, dataPlane, SystemClock.Now, DateTime.UtcNow)));
}
