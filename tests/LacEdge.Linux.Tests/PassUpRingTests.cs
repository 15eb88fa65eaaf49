using LacEdge.Linux.DataPlane;

namespace LacEdge.Linux.Tests;

public sealed class PassUpRingTests
{
    [Fact]
    public void Records_come_out_whole_and_in_order_through_many_turns_of_the_memory()
    {
        using var ring = new PassUpRing(4096);
        var (written, read) = (0, 0);
        for (var round = 0; round < 1000; round++)
        {
            while (ring.TryWrite(written, default, Record(written))) written++;
            ring.Publish();
            for (var take = round % 7; take >= 0 && ring.TryRead(out var target, out _, out var octets); take--)
            {
                Assert.Equal(read, target);
                Assert.Equal(Record(read), octets.ToArray());
                ring.Release();
                read++;
            }
        }

        Assert.True(read > 3000);
    }

    [Fact]
    public void The_less_important_may_not_fill_it()
    {
        using var ring = new PassUpRing(4096);
        var half = 0;
        while (ring.TryWrite(0, default, new byte[80], share: 0.5)) half++;
        var rest = 0;
        while (ring.TryWrite(1, default, new byte[80])) rest++;
        // A record takes 48 octets more than its contents.
        Assert.Equal((16, 16), (half, rest));
    }

    [Fact]
    public void Nothing_is_seen_before_it_is_published()
    {
        using var ring = new PassUpRing(4096);
        Assert.False(ring.Publish());
        Assert.True(ring.TryWrite(1, default, [1, 2, 3]));
        Assert.True(ring.IsEmpty);
        Assert.True(ring.Publish());
        Assert.True(ring.TryRead(out _, out _, out var octets));
        Assert.Equal([1, 2, 3], octets.ToArray());
        ring.Release();
        Assert.True(ring.IsEmpty);
        Assert.False(ring.Publish());
    }

    [Fact]
    public void A_writer_and_a_reader_on_two_threads_agree()
    {
        using var ring = new PassUpRing(1 << 14);
        const int records = 200_000;
        var writer = new Thread(() =>
        {
            for (var i = 0; i < records;)
            {
                if (ring.TryWrite(i, default, Record(i))) i++;
                else Thread.Yield();
                ring.Publish();
            }
        });
        writer.Start();
        for (var i = 0; i < records;)
        {
            if (!ring.TryRead(out var target, out _, out var octets))
            {
                Thread.Yield();
                continue;
            }

            if (target != i || !octets.SequenceEqual(Record(i))) Assert.Fail($"record {i} is wrong");
            ring.Release();
            i++;
        }

        writer.Join();
    }

    private static byte[] Record(int number)
    {
        var record = new byte[number * 37 % 300];
        Array.Fill(record, (byte)number);
        return record;
    }
}
