using LacEdge.Wire.Ethernet;

namespace LacEdge.Core.Pppoe;

/// <summary>The sessions of one access group: by session id, and by subscriber for repeated PADRs.</summary>
internal sealed class PppoeSessionTable(RandomStream hashKeys)
{
    private const int PageSize = 256;

    private readonly PppoeSession?[]?[] _pages = new PppoeSession?[]?[0x10000 / PageSize];
    private readonly Dictionary<ulong, PppoeSession> _newestBySubscriber = new(new MacHash(hashKeys));

    public PppoeSession? Find(ushort sessionId) => _pages[sessionId / PageSize]?[sessionId % PageSize];

    /// <summary>The subscriber's newest session; the others follow by <see cref="PppoeSession.NextOfSubscriber"/>.</summary>
    public PppoeSession? NewestOf(MacAddress subscriber) => _newestBySubscriber.GetValueOrDefault(subscriber.Value);

    public void Add(PppoeSession session)
    {
        (_pages[session.SessionId / PageSize] ??= new PppoeSession?[PageSize])[session.SessionId % PageSize] = session;
        session.NextOfSubscriber = NewestOf(session.Subscriber);
        _newestBySubscriber[session.Subscriber.Value] = session;
    }

    public void Remove(PppoeSession session)
    {
        _pages[session.SessionId / PageSize]![session.SessionId % PageSize] = null;
        var newest = _newestBySubscriber[session.Subscriber.Value];
        if (newest != session)
        {
            var before = newest;
            while (before.NextOfSubscriber != session) before = before.NextOfSubscriber!;
            before.NextOfSubscriber = session.NextOfSubscriber;
        }
        else if (session.NextOfSubscriber is { } next) _newestBySubscriber[session.Subscriber.Value] = next;
        else _newestBySubscriber.Remove(session.Subscriber.Value);
        session.NextOfSubscriber = null;
    }

    /// <summary>Subscribers choose their MACs: without a secret factor they could choose them to collide.</summary>
    private sealed class MacHash(RandomStream keys) : IEqualityComparer<ulong>
    {
        private readonly ulong _factor = ((ulong)keys.NextUInt32() << 32 | keys.NextUInt32()) | 1;

        public bool Equals(ulong left, ulong right) => left == right;
        public int GetHashCode(ulong mac) => (int)(mac * _factor >> 32);
    }
}
