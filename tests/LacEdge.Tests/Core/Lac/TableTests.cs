using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Lac;
using LacEdge.Core.Pppoe;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Tests.Core.Lac;

public sealed class TableTests
{
    [Fact]
    public void Sessions_are_found_by_key_and_listed_in_its_order_whoever_leaves()
    {
        var table = new SessionTable();
        for (var i = 1u; i <= 1000; i++) table.Add(Session(i));
        for (var i = 1u; i <= 1000; i++)
        {
            if (i % 7 != 0) table.Remove(new SessionKey(1, i));
        }

        uint[] left = [.. Enumerable.Range(1, 142).Select(i => (uint)i * 7)];
        Assert.Equal(142, table.Count);
        Assert.Equal(left, table.After(0).Select(s => s.Key.Sequence));
        Assert.Equal(left[1..], table.After(7).Select(s => s.Key.Sequence));
        Assert.Equal(left[1..], table.After(13).Select(s => s.Key.Sequence));
        Assert.Empty(table.After(994));
        Assert.Empty(table.After(uint.MaxValue));
        Assert.True(table.TryGet(new SessionKey(1, 994), out var last));
        Assert.Equal(994u, last.Key.Sequence);
        Assert.False(table.TryGet(new SessionKey(1, 993), out _));
        Assert.False(table.TryGet(new SessionKey(2, 994), out _));
        Assert.False(table.TryGet(new SessionKey(1, 5000), out _));
    }

    [Fact]
    public void Removing_twice_or_by_another_boots_key_changes_nothing()
    {
        var table = new SessionTable();
        table.Add(Session(1));
        table.Add(Session(2));
        table.Remove(new SessionKey(2, 1));
        table.Remove(new SessionKey(1, 3));
        Assert.Equal(2, table.Count);
        table.Remove(new SessionKey(1, 1));
        table.Remove(new SessionKey(1, 1));
        Assert.Equal(1, table.Count);
    }

    [Fact]
    public void Keys_only_grow()
    {
        var table = new SessionTable();
        table.Add(Session(5));
        Assert.Throws<InvalidOperationException>(() => table.Add(Session(5)));
        Assert.Throws<InvalidOperationException>(() => table.Add(Session(4)));
    }

    [Fact]
    public void Slots_are_dense_and_never_more_than_the_capacity()
    {
        var pool = new SlotPool(3);
        for (var expected = 0; expected < 3; expected++)
        {
            Assert.True(pool.TryTake(out var slot));
            Assert.Equal(expected, slot);
        }

        Assert.False(pool.TryTake(out _));
        Assert.Equal(3, pool.Live);
        pool.Release(1);
        Assert.Equal(2, pool.Live);
        Assert.True(pool.TryTake(out var again));
        Assert.Equal(1, again);
        Assert.False(pool.TryTake(out _));
    }

    private static SubscriberSession Session(uint sequence)
    {
        var service = new AccessServiceConfig { Name = "r", Interfaces = ["eth1"], AcName = "ac", ChallengeName = "ac" };
        var pppoe = new PppoeSession
        {
            AccessGroup = 0,
            SessionId = (ushort)sequence,
            Subscriber = new MacAddress(sequence),
            Vlans = VlanStack.Untagged,
            Service = service,
            ServiceName = Bytes.Empty,
            HostUniq = Bytes.Empty,
            MaxPayload = 1492,
            OpenedAt = Instant.Zero,
        };
        return new SubscriberSession(new SessionKey(1, sequence), pppoe, Instant.Zero, sequence, (_, _, _) => { });
    }
}
