using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Dns;
using LacEdge.Wire.Dns;
using LacEdge.Wire.Ip;

namespace LacEdge.Tests.Core.Dns;

public sealed class LookupTableTests
{
    private static readonly DnsQuestion _question = new("lns.example", DnsType.A);

    [Fact]
    public void DNS_001_an_answer_is_used_within_its_TTL_and_asked_for_again_after_it()
    {
        var bench = new Bench();
        Assert.Null(bench.Ask());
        bench.Answer(ttl: 10, "c6336409");
        bench.Advance(9.999);
        Assert.Equal(LookupState.Found, bench.Ask()!.State);
        bench.Advance(0.001);
        Assert.Null(bench.Ask());
        Assert.Equal(2, bench.Sent);
    }

    [Fact]
    public void DNS_001_an_answer_with_TTL_0_is_for_those_who_wait_only()
    {
        var bench = new Bench();
        bench.Ask();
        bench.Ask();
        Assert.Equal(1, bench.Sent);
        bench.Answer(ttl: 0, "c6336409");
        Assert.Equal(2, bench.Told.Count);
        Assert.Null(bench.Ask());
        Assert.Equal(2, bench.Sent);
    }

    [Fact]
    public void DNS_001_no_answer_is_used_longer_than_the_configured_time()
    {
        var bench = new Bench(new DnsConfig { MaxTtl = TimeSpan.FromSeconds(60) });
        bench.Ask();
        bench.Answer(ttl: 604800, "c6336409");
        bench.Advance(60);
        Assert.Null(bench.Ask());
    }

    [Theory]
    [InlineData(30, 30)]
    [InlineData(90_000, 3600)]
    [InlineData(0, 0)]
    public void DNS_002_that_there_is_nothing_is_remembered_for_a_time_with_a_cap(int minimum, int seconds)
    {
        var bench = new Bench();
        bench.Ask();
        bench.Nothing(minimum);
        Assert.Equal(LookupState.NotFound, Assert.Single(bench.Told).State);
        if (seconds > 0)
        {
            bench.Advance(seconds - 0.001);
            Assert.Equal(LookupState.NotFound, bench.Ask()!.State);
            bench.Advance(0.001);
        }

        Assert.Null(bench.Ask());
    }

    [Fact]
    public void DNS_003_failures_are_remembered_for_1_s_to_5_min_with_growing_pauses()
    {
        var bench = new Bench();
        foreach (var pause in (int[])[1, 2, 4, 8, 16, 32, 64, 128, 256, 256])
        {
            Assert.Null(bench.Ask());
            bench.Fail();
            bench.Advance(pause - 0.001);
            Assert.Equal(LookupState.Failed, bench.Ask()!.State);
            bench.Advance(0.001);
        }

        Assert.Equal(10, bench.Sent);
        // One answer, and the next failure is the first again.
        bench.Ask();
        bench.Answer(ttl: 0, "c6336409");
        bench.Ask();
        bench.Fail();
        bench.Advance(31);
        Assert.Null(bench.Ask());
    }

    [Theory]
    [InlineData((byte)2)]
    [InlineData((byte)5)]
    public void DNS_003_SERVFAIL_and_REFUSED_are_failures(byte rcode)
    {
        var bench = new Bench();
        bench.Ask();
        bench.Message($"0007818{rcode}0001000000000000" + Bench.Question);
        Assert.Equal((LookupState.Failed, $"the server fails (RCODE {rcode})"), (bench.Told[0].State, bench.Told[0].Why));
    }

    [Fact]
    public void DNS_003_silence_ends_with_the_timeout_and_the_host_is_told()
    {
        var bench = new Bench();
        bench.Ask();
        bench.Advance(4.999);
        Assert.Empty(bench.Told);
        bench.Advance(0.001);
        Assert.Equal((LookupState.Failed, "no DNS server answers within 5 s"), (bench.Told[0].State, bench.Told[0].Why));
        Assert.Equal(1, bench.Cancelled);
        Assert.Equal(0, bench.Timers.Count);
        // Too late.
        bench.Answer(ttl: 60, "c6336409");
        Assert.Equal(LookupState.Failed, bench.Ask()!.State);
    }

    [Fact]
    public void While_servers_fail_what_was_found_is_used_past_its_TTL_and_they_are_asked_every_30_s()
    {
        var bench = new Bench();
        bench.Ask();
        bench.Answer(ttl: 10, "c6336409");
        bench.Advance(11);
        Assert.Null(bench.Ask());
        bench.Fail();
        Assert.Equal((LookupState.Found, true), (bench.Told[^1].State, bench.Told[^1].Stale));
        bench.Advance(29.9);
        Assert.True(bench.Ask()!.Stale);
        bench.Advance(0.1);
        Assert.Null(bench.Ask());
        bench.Fail();
        bench.Advance(24 * 3600);
        Assert.Null(bench.Ask());
        bench.Fail();
        Assert.Equal(LookupState.Failed, bench.Told[^1].State);
    }

    [Fact]
    public void That_there_is_no_such_name_any_more_is_not_overruled_by_what_was()
    {
        var bench = new Bench();
        bench.Ask();
        bench.Answer(ttl: 1, "c6336409");
        bench.Advance(2);
        bench.Ask();
        bench.Nothing(1);
        bench.Advance(2);
        bench.Ask();
        bench.Fail();
        Assert.Equal([LookupState.Found, LookupState.NotFound, LookupState.Failed], bench.Told.Select(one => one.State));
    }

    [Fact]
    public void The_table_is_bounded_and_forgets_what_was_used_longest_ago()
    {
        var bench = new Bench(new DnsConfig { MaxQuestions = 2 });
        DnsQuestion[] names = [new("a.example", DnsType.A), new("b.example", DnsType.A), new("c.example", DnsType.A)];
        bench.Ask(names[0]);
        bench.Ask(names[1]);
        // Both are on their way: there is no room.
        Assert.Equal(LookupState.Failed, bench.Ask(names[2])!.State);
        bench.Fail(0);
        bench.Fail(1);
        Assert.Equal(LookupState.Failed, bench.Ask(names[0])!.State);
        Assert.Null(bench.Ask(names[2]));
        Assert.Equal(2, bench.Table.Count);
        Assert.Equal(1ul, bench.Counters[DropReason.Limit]);
        // b went, a stayed.
        Assert.NotNull(bench.Ask(names[0]));
    }

    [Fact]
    public void Only_so_many_questions_are_on_their_way()
    {
        var bench = new Bench();
        for (var i = 0; i < LookupTable.MaxAsked; i++) Assert.Null(bench.Ask(new DnsQuestion($"n{i}.example", DnsType.A)));
        Assert.Equal(LookupState.Failed, bench.Ask(new DnsQuestion("more.example", DnsType.A))!.State);
        Assert.Equal(LookupTable.MaxAsked, bench.Table.Asked);
    }

    private sealed class Bench : ILookupUser
    {
        // lns.example A IN
        public const string Question = "036c6e7307657861" + "6d706c6500" + "00010001";
        private ulong _order;

        public Bench(DnsConfig? config = null) =>
            Table = new LookupTable((config ?? new()) with { Servers = [new UdpEndpoint(IpAddress.Parse("192.0.2.53"), 53)] }, Timers, Outbox, Counters, () => ++_order);

        public LookupTable Table { get; }
        public TimerQueue Timers { get; } = new();
        public Outbox Outbox { get; } = new();
        public LacCounters Counters { get; } = new();
        public Instant Now { get; private set; } = new(1_000_000_000);
        public List<LookupAnswer> Told { get; } = [];
        public int Sent => Outbox.Outputs.Count(one => one.Kind == OutputKind.Lookup);
        public int Cancelled => Outbox.Outputs.Count(one => one.Kind == OutputKind.CancelLookup);

        public LookupAnswer? Ask(DnsQuestion? question = null) => Table.Ask(question ?? _question, this, Now);
        public void LookedUp(DnsQuestion question, LookupAnswer answer, Instant now) => Told.Add(answer);

        public void Advance(double seconds)
        {
            Now += TimeSpan.FromSeconds(seconds);
            Timers.RunDue(Now);
        }

        public void Answer(int ttl, string address) => Message($"00078180{1:x4}{1:x4}00000000{Question}c00c00010001{ttl:x8}0004{address}");
        public void Nothing(int minimum) => Message($"0007818300010000{1:x4}0000{Question}0000060001{1_000_000:x8}00160000{new string('0', 32)}{minimum:x8}");
        public void Message(string hex) => Table.Answered(Sent - 1, LookupOutcome.Answered, Convert.FromHexString(hex), "", Now);
        public void Fail(int? handle = null) => Table.Answered(handle ?? Sent - 1, LookupOutcome.Failed, [], "nobody answers", Now);

    }
}
