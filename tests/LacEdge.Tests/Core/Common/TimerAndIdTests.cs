using LacEdge.Core;

namespace LacEdge.Tests.Core.Common;

public sealed class TimerAndIdTests
{
    private static readonly byte[] _seed = new byte[RandomStreams.SeedSize];

    private sealed class Owner(ulong order, List<string> fired) : ITimerOwner
    {
        public ulong TimerOrder => order;
        public Action? OnFire { get; set; }

        public void HandleTimer(int kind, Instant now)
        {
            fired.Add($"{order}.{kind}@{now.Nanoseconds}");
            OnFire?.Invoke();
        }
    }

    [Fact]
    public void Timers_fire_by_deadline_then_owner_then_kind()
    {
        var fired = new List<string>();
        var queue = new TimerQueue();
        Owner one = new(1, fired), two = new(2, fired);
        queue.Set(new(two, 0), new Instant(5));
        queue.Set(new(one, 1), new Instant(5));
        queue.Set(new(one, 0), new Instant(5));
        queue.Set(new(two, 3), new Instant(4));
        queue.RunDue(new Instant(5));
        Assert.Equal(["2.3@5", "1.0@5", "1.1@5", "2.0@5"], fired);
        Assert.Equal(Instant.Never, queue.NextDeadline);
    }

    [Fact]
    public void A_heap_of_random_moves_and_stops_keeps_its_order()
    {
        var fired = new List<string>();
        var queue = new TimerQueue();
        using var streams = new RandomStreams(_seed);
        var random = streams[RandomPurpose.Jitter];
        var timers = Enumerable.Range(0, 200).Select(i => new LacEdge.Core.Timer(new Owner((ulong)i, fired), 0)).ToArray();
        for (var i = 0; i < 5000; i++)
        {
            var timer = timers[random.Next(timers.Length)];
            if (random.Next(3) == 0) queue.Stop(timer);
            else queue.Set(timer, new Instant(random.Next(1000)));
        }

        var expected = timers.Where(t => t.IsSet).OrderBy(t => t.Deadline).ThenBy(t => Array.IndexOf(timers, t))
            .Select(t => $"{Array.IndexOf(timers, t)}.0@1000").ToArray();
        Assert.Equal(expected.Length, queue.Count);
        queue.RunDue(new Instant(1000));
        Assert.Equal(expected, fired);
        Assert.All(timers, t => Assert.False(t.IsSet));
    }

    [Fact]
    public void A_timer_may_be_set_again_while_it_fires()
    {
        var fired = new List<string>();
        var queue = new TimerQueue();
        var owner = new Owner(1, fired);
        var timer = new LacEdge.Core.Timer(owner, 0);
        owner.OnFire = () => queue.Set(timer, new Instant(20));
        queue.Set(timer, new Instant(10));
        queue.RunDue(new Instant(10));
        Assert.Equal(["1.0@10"], fired);
        Assert.Equal(new Instant(20), queue.NextDeadline);
    }

    [Fact]
    public void Ids_are_unique_stay_in_range_and_rest_31_seconds()
    {
        using var streams = new RandomStreams(_seed);
        var pool = new IdPool(streams[RandomPurpose.SessionId], 10, 19, 10);
        var now = new Instant(0);
        var taken = new HashSet<ushort>();
        while (pool.TryTake(now, out var id)) Assert.True(taken.Add(id));
        Assert.Equal(Enumerable.Range(10, 10).Select(i => (ushort)i), taken.Order());

        pool.Release(13, now);
        Assert.False(pool.TryTake(now + TimeSpan.FromSeconds(30.9), out _));
        Assert.True(pool.TryTake(now + TimeSpan.FromSeconds(31), out var again));
        Assert.Equal(13, again);
    }

    [Fact]
    public void A_pool_refuses_beyond_its_capacity_and_a_double_release()
    {
        using var streams = new RandomStreams(_seed);
        var pool = new IdPool(streams[RandomPurpose.SessionId], 1, 65535, 2);
        Assert.True(pool.TryTake(Instant.Zero, out var first));
        Assert.True(pool.TryTake(Instant.Zero, out _));
        Assert.False(pool.TryTake(Instant.Zero, out _));
        pool.Release(first, Instant.Zero);
        Assert.True(pool.TryTake(Instant.Zero, out var third));
        Assert.NotEqual(first, third);
        Assert.Equal(1, pool.Resting);
    }

    [Fact]
    public void One_seed_gives_one_sequence_and_streams_are_independent()
    {
        using RandomStreams one = new(_seed), two = new(_seed);
        one[RandomPurpose.Jitter].NextUInt32();
        var (a, b) = (new byte[1000], new byte[1000]);
        one[RandomPurpose.SessionId].Fill(a);
        two[RandomPurpose.SessionId].Fill(b);
        Assert.Equal(a, b);
        two[RandomPurpose.TunnelId].Fill(a);
        Assert.NotEqual(a, b);
    }
}
