using LacEdge.Core.Config;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Core.Pppoe;

/// <summary>A line that is not answered for a while.</summary>
/// <param name="ShortSessions">In a row.</param>
public sealed record LockedOutLine(int AccessGroup, VlanStack Vlans, MacAddress Mac, int ShortSessions, Instant Until);

/// <summary>
/// Lines (interface, VLAN stack, MAC) whose sessions ended at once, and by their own doing, several times in a row. From
/// the configured number on they are not answered: first briefly, then twice as long each time.
/// </summary>
/// <remarks>
/// Memory is bounded: <see cref="Capacity"/> lines in sets of <see cref="Ways"/>, from the first short session on. In a full set the
/// line goes that would be forgotten first. A line is forgotten when it has been quiet for the longest lockout after its last one.
/// </remarks>
internal sealed class Lockout(LockoutConfig config)
{
    public const int Capacity = 16_384, Ways = 4;

    private Entry[]? _entries;

    public bool Holds(ulong host, Instant now) => Find(host) is var at and >= 0 && _entries![at].Until > now;

    /// <summary>A session of the line has ended.</summary>
    /// <param name="blamed">It ended by the subscriber's doing, or because the LNS would not have it.</param>
    public void SessionEnded(ulong host, PppoeSession session, bool blamed, Instant now)
    {
        if (config.After == 0) return;
        if (now - session.OpenedAt >= config.Short) Forget(Find(host));
        else if (blamed) Count(host, session, now);
    }

    /// <summary>In the order of their digests.</summary>
    public IEnumerable<LockedOutLine> Lines(Instant now) =>
        from entry in _entries ?? []
        where entry.Until > now
        select new LockedOutLine(entry.AccessGroup, entry.Vlans, entry.Mac, entry.ShortSessions, entry.Until);

    /// <summary>Forgets the lines of this MAC, or all.</summary>
    public void Clear(MacAddress? mac)
    {
        for (var at = 0; at < (_entries?.Length ?? 0); at++)
            if (mac is null || _entries![at].Mac == mac) Forget(at);
    }

    private static int SetOf(ulong host) => (int)(host % (Capacity / Ways)) * Ways;

    private int Find(ulong host)
    {
        if (_entries is null) return -1;
        for (var at = SetOf(host); at < SetOf(host) + Ways; at++)
            if (_entries[at].ShortSessions > 0 && _entries[at].Host == host) return at;
        return -1;
    }

    private void Count(ulong host, PppoeSession session, Instant now)
    {
        _entries ??= new Entry[Capacity];
        var at = Find(host);
        if (at < 0) at = Place(host);
        ref var entry = ref _entries[at];
        var before = entry.Host == host && entry.ForgetAt > now ? entry.ShortSessions : 0;
        entry = new Entry
        {
            Host = host,
            AccessGroup = session.AccessGroup,
            Vlans = session.Vlans,
            Mac = session.Subscriber,
            ShortSessions = before + 1,
            Until = now + Duration(before + 1),
        };
        entry.ForgetAt = entry.Until + config.Longest;
    }

    private TimeSpan Duration(int shortSessions)
    {
        if (shortSessions < config.After) return TimeSpan.Zero;
        // 2^30 times the shortest is longer than any longest.
        var doublings = Math.Min(shortSessions - config.After, 30);
        var ticks = Math.Min(config.First.Ticks, config.Longest.Ticks);
        return TimeSpan.FromTicks((long)Math.Min((double)ticks * (1L << doublings), config.Longest.Ticks));
    }

    private int Place(ulong host)
    {
        var first = SetOf(host);
        var place = first;
        for (var at = first + 1; at < first + Ways; at++)
            if (_entries![at].ForgetAt < _entries[place].ForgetAt) place = at;
        return place;
    }

    private void Forget(int at)
    {
        if (at >= 0) _entries![at] = default;
    }

    private struct Entry
    {
        public ulong Host;
        public int AccessGroup;
        public VlanStack Vlans;
        public MacAddress Mac;
        /// <summary>0: the place is free.</summary>
        public int ShortSessions;
        public Instant Until;
        public Instant ForgetAt;
    }
}
