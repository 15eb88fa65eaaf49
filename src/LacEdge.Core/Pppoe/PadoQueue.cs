using LacEdge.Core.Config;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Core.Pppoe;

/// <summary>How long the PADO for a line waits.</summary>
internal static class PadoDelay
{
    /// <summary>Null: there is none.</summary>
    /// <param name="sessions">Those that the service has.</param>
    /// <param name="line">The sub-options of the access-line tag.</param>
    public static TimeSpan? Of(PadoDelayConfig config, int sessions, VlanStack vlans, ReadOnlySpan<byte> line)
    {
        TimeSpan? total = TimeSpan.Zero;
        foreach (var step in config.Steps)
            if (sessions >= step.Sessions) total = step.Delay;
        if (config.Lines.IsEmpty || total is null) return total;

        ReadOnlySpan<byte> circuitId = [], remoteId = [];
        var walk = new AccessLineReader(line);
        while (walk.MoveNext())
        {
            if (walk.Current.Type == AccessLineType.CircuitId && circuitId.IsEmpty) circuitId = walk.Current.Value;
            else if (walk.Current.Type == AccessLineType.RemoteId && remoteId.IsEmpty) remoteId = walk.Current.Value;
        }

        foreach (var rule in config.Lines)
            if (Matches(rule, vlans, circuitId, remoteId)) return total + rule.Delay;
        return total;
    }

    private static bool Matches(PadoDelayLine rule, VlanStack vlans, ReadOnlySpan<byte> circuitId, ReadOnlySpan<byte> remoteId)
    {
        if (rule.CircuitId is not null && !TextPattern.Matches(rule.CircuitId, circuitId)) return false;
        if (rule.RemoteId is not null && !TextPattern.Matches(rule.RemoteId, remoteId)) return false;
        foreach (var pattern in rule.Vlans)
            if (pattern.Matches(vlans)) return true;
        return rule.Vlans.IsEmpty;
    }
}

/// <summary>PADOs that wait for their time: at most <see cref="Capacity"/>, with one timer.</summary>
internal sealed class PadoQueue(TimerQueue timers, ulong timerOrder, Action<int, byte[]> send) : ITimerOwner
{
    public const int Capacity = 4_096;

    private readonly PriorityQueue<(int AccessGroup, byte[] Frame), (Instant, ulong)> _waiting = new();
    private Timer? _timer;
    private ulong _sequence;

    public ulong TimerOrder => timerOrder;
    public int Count => _waiting.Count;

    /// <summary>False when too many wait already.</summary>
    public bool TryAdd(int accessGroup, ReadOnlySpan<byte> frame, Instant at)
    {
        if (_waiting.Count >= Capacity) return false;
        // Those of one instant leave as they came.
        _waiting.Enqueue((accessGroup, frame.ToArray()), (at, ++_sequence));
        _timer ??= new Timer(this, 0);
        if (at < _timer.Deadline) timers.Set(_timer, at);
        return true;
    }

    public void HandleTimer(int kind, Instant now)
    {
        while (_waiting.TryPeek(out var pado, out var due) && due.Item1 <= now)
        {
            _waiting.Dequeue();
            send(pado.AccessGroup, pado.Frame);
        }

        if (_waiting.TryPeek(out _, out var next)) timers.Set(_timer!, next.Item1);
    }
}
