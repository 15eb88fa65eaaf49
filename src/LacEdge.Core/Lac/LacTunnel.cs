using LacEdge.Core.L2tp;

namespace LacEdge.Core.Lac;

/// <summary>
/// A tunnel as the sessions share it: from the wish for it (its socket may have to be opened first) until the last of
/// it is forgotten.
/// </summary>
public sealed class LacTunnel
{
    private readonly List<SubscriberSession> _waiting = [];

    internal LacTunnel(TunnelTarget target, int slot)
    {
        Target = target;
        Slot = slot;
    }

    public TunnelTarget Target { get; }
    /// <summary>Place in the data plane's tunnel table.</summary>
    public int Slot { get; }
    /// <summary>Null while the socket is awaited.</summary>
    public L2tpTunnel? L2tp { get; internal set; }
    /// <summary>Sessions on it, those still connecting included.</summary>
    public int SessionCount { get; internal set; }

    internal UdpSocketEntry? Socket { get; set; }
    /// <summary>Local ports that the host could not open for it.</summary>
    internal int PortsRefused { get; set; }
    /// <summary>Whether the data plane knows it: from the first call that the LNS accepted.</summary>
    internal bool Installed { get; set; }
    /// <summary>When it stopped taking calls; <see cref="Instant.Never"/> while it does, or if it never was opened.</summary>
    internal Instant ClosedAt { get; set; } = Instant.Never;
    /// <summary>Takes no further calls.</summary>
    internal bool Closed { get; set; }
    /// <summary>Frames from the LNS at the last reading.</summary>
    internal ulong FramesRead { get; set; }
    /// <summary>Whether it ever was established.</summary>
    internal bool Established { get; set; }
    /// <summary>Calls that ended because the tunnel did.</summary>
    internal int SessionsLost { get; set; }
    internal bool TakesCalls => !Closed && L2tp is null or { State: TunnelState.WaitCtlReply or TunnelState.Established };
    internal bool HasWaiting => _waiting.Count > 0;

    /// <summary>The session waits for the socket.</summary>
    internal void Wait(SubscriberSession session) => _waiting.Add(session);
    internal void StopWaiting(SubscriberSession session) => _waiting.Remove(session);

    /// <summary>Those that waited, in order; none waits afterwards.</summary>
    internal SubscriberSession[] TakeWaiting()
    {
        var waiting = _waiting.ToArray();
        _waiting.Clear();
        return waiting;
    }
}
