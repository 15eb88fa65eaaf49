namespace LacEdge.Core.L2tp;

/// <summary>What the endpoint's tunnels and calls have in common.</summary>
internal sealed class L2tpShared
{
    /// <summary>A full retransmission cycle (1+2+4+8+16 s): after it no message of the peer is under way any more.</summary>
    public static readonly TimeSpan FullCycle = TimeSpan.FromSeconds(31);
    /// <summary>Sessions of one session-id block.</summary>
    private const int SessionCapacity = 30_000;
    /// <summary>Room for every message that we send: LCP option lists are the longest of what it carries.</summary>
    private const int MessageSize = 8192;

    private readonly byte[] _scratch = new byte[MessageSize];
    private readonly byte[] _vector = new byte[16];
    private readonly Func<ulong> _nextTimerOrder;
    private uint _serialNumber;

    public L2tpShared(
        RandomStreams random, TimerQueue timers, Outbox outbox, LacCounters counters, IL2tpUser user, int maxTunnels,
        Func<ulong> nextTimerOrder)
    {
        (Random, Timers, Outbox, Counters, User, _nextTimerOrder) = (random, timers, outbox, counters, user, nextTimerOrder);
        Tunnels = new TunnelTable(random[RandomPurpose.TunnelId], maxTunnels);
        SessionIds = new IdPool(random[RandomPurpose.SessionId], 1, ushort.MaxValue, SessionCapacity + 1);
        SessionIds.TryTake(Instant.Zero, out var refusal);
        RefusalSessionId = refusal;
    }

    public RandomStreams Random { get; }
    public TimerQueue Timers { get; }
    public Outbox Outbox { get; }
    public LacCounters Counters { get; }
    public IL2tpUser User { get; }
    public IdPool SessionIds { get; }
    public CallTable Calls { get; } = new();
    public TunnelTable Tunnels { get; }
    /// <summary>By our id.</summary>
    public Dictionary<ushort, RecoveryTunnel> Recoveries { get; } = [];
    /// <summary>For the message that is being built; the channel copies it.</summary>
    public Span<byte> Scratch => _scratch;

    /// <summary>Stands for "ours" in the refusal of a call that the LNS places: never given to a call.</summary>
    public ushort RefusalSessionId { get; }

    /// <summary>For one message; overwritten by the next.</summary>
    public ReadOnlySpan<byte> NextRandomVector()
    {
        Random[RandomPurpose.RandomVector].Fill(_vector);
        return _vector;
    }

    public ulong NextTimerOrder() => _nextTimerOrder();
    public uint NextSerialNumber() => ++_serialNumber;
}
