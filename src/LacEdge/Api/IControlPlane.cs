using LacEdge.Core;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Api;

/// <summary>
/// What the management API asks of the running LAC. Each call is one short visit to the control thread; the task is
/// cancelled when LacEdge is stopping.
/// </summary>
internal interface IControlPlane
{
    Task<StatusDto> GetStatusAsync();

    /// <summary>At most <paramref name="limit"/> sessions in the order of their keys, after <paramref name="after"/>.</summary>
    Task<SessionPage> ListSessionsAsync(SessionKey? after, int limit);

    Task<SessionDto?> FindSessionAsync(SessionKey key);

    /// <summary>At most <paramref name="limit"/> tunnels in the order of their slots, after <paramref name="after"/>.</summary>
    Task<TunnelPage> ListTunnelsAsync(int? after, int limit);

    /// <summary>The tunnel with this local id; null when there is none.</summary>
    Task<TunnelDetailDto?> FindTunnelAsync(int localTunnelId);

    Task<CountersDto> GetCountersAsync();

    /// <param name="collect">After a full garbage collection, which holds up everything for a moment; measures pauses anew.</param>
    Task<MemoryDto> GetMemoryAsync(bool collect);

    /// <summary>Ends a session; false when there is none.</summary>
    Task<bool> ClearSessionAsync(SessionKey key, string reason);

    /// <summary>The lines that are locked out.</summary>
    Task<LockoutsDto> ListLockoutsAsync();

    /// <summary>Every LNS of the configuration.</summary>
    Task<LnsListDto> ListLnsesAsync();

    /// <summary>Forgets which AVPs the LNSes of this name do not know; false when nothing was learned of any.</summary>
    Task<bool> ClearAdaptationsAsync(string lns);

    /// <summary>Answers the lines of this MAC again, or all; how many were locked out.</summary>
    Task<int> ClearLockoutsAsync(MacAddress? mac);
}
