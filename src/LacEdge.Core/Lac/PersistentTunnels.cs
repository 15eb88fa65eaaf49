using LacEdge.Core.Steering;

namespace LacEdge.Core.Lac;

/// <summary>Keeps the tunnels of persistent profiles open: opens one to each of their LNSes at start, and again after any loss, at first
/// after 5 s, then after twice the time up to 60 s; a fifth more or less, so that many LACs do not come back at one moment.</summary>
internal sealed class PersistentTunnels : ITimerOwner
{
    private static readonly TimeSpan _first = TimeSpan.FromSeconds(5), _longest = TimeSpan.FromSeconds(60);
    private const int JitterMilliseconds = 400;

    private readonly TunnelManager _tunnels;
    private readonly TimerQueue _timers;
    private readonly RandomStream _jitter;
    private readonly List<Wanted> _wanted = [];
    private bool _stopped;

    private sealed class Wanted(LnsCandidate candidate, Timer timer)
    {
        public LnsCandidate Candidate { get; } = candidate;
        public Timer Timer { get; } = timer;
        public TimeSpan Delay { get; set; } = _first;
        public LacTunnel? Tunnel { get; set; }
    }

    /// <param name="candidates">Every LNS of the configuration; those of other profiles are passed over, and those known by name only.</param>
    public PersistentTunnels(IEnumerable<LnsCandidate> candidates, TunnelManager tunnels, LacContext context, Instant now)
    {
        (_tunnels, _timers, _jitter) = (tunnels, context.Timers, context.Random[RandomPurpose.Jitter]);
        foreach (var candidate in candidates.Where(one => one.Profile.Persistent && !one.Lns.Address.IsNone).DistinctBy(one =>
            (one.Lns.Address, one.Lns.Port, one.Lns.AssignmentId, one.Profile.Name)))
        {
            _wanted.Add(new Wanted(candidate, new Timer(this, _wanted.Count)));
        }

        if (_wanted.Count == 0) return;
        TimerOrder = context.NextTimerOrder();
        tunnels.Lost = Lost;
        foreach (var wanted in _wanted) _timers.Set(wanted.Timer, now);
    }

    public ulong TimerOrder { get; }

    /// <summary>Opens nothing any more.</summary>
    public void Stop()
    {
        _stopped = true;
        foreach (var wanted in _wanted) _timers.Stop(wanted.Timer);
    }

    public void HandleTimer(int kind, Instant now)
    {
        var wanted = _wanted[kind];
        wanted.Tunnel = _tunnels.Acquire(wanted.Candidate, now, out _);
        // It may have been lost while it was opened.
        if (wanted.Tunnel is null or { Closed: true }) Retry(wanted, now);
    }

    private void Lost(LacTunnel tunnel, Instant now)
    {
        if (_wanted.Find(one => one.Tunnel == tunnel) is not { } wanted) return;
        if (tunnel.Established) wanted.Delay = _first;
        Retry(wanted, now);
    }

    private void Retry(Wanted wanted, Instant now)
    {
        wanted.Tunnel = null;
        if (_stopped) return;
        var jitter = (1000 - JitterMilliseconds / 2 + _jitter.Next(JitterMilliseconds + 1)) / 1000.0;
        _timers.Set(wanted.Timer, now + wanted.Delay * jitter);
        wanted.Delay = wanted.Delay * 2 < _longest ? wanted.Delay * 2 : _longest;
    }
}
