using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Lac;
using static LacEdge.Tests.Core.Pppoe.PppoeHarness;

namespace LacEdge.Tests.Core.Lac;

public sealed class LacTests
{
    private static readonly TimeSpan _padtTick = TimeSpan.FromMilliseconds(5);

    [Fact]
    public void PADTs_of_a_shutdown_leave_64_at_once_and_64_every_5_ms()
    {
        using var bench = Dialled(1000);
        bench.Command(new Shutdown());
        var padts = Padts(bench);
        Assert.Equal(64, padts);
        for (var tick = 1; tick < 16; tick++)
        {
            Assert.False(bench.Lac.ShutdownComplete);
            bench.Advance(_padtTick);
            var now = Padts(bench);
            Assert.Equal(Math.Min(64, 1000 - padts), now);
            padts += now;
        }

        Assert.Equal(1000, padts);
        Assert.True(bench.Lac.ShutdownComplete);
        bench.Advance(_padtTick);
        Assert.Equal(0, bench.Lac.RunningTimers);
    }

    [Fact]
    public void A_subscriber_that_is_faster_than_its_PADT_gets_none()
    {
        using var bench = Dialled(100);
        var last = bench.Lac.SessionsAfter(0).Last();
        bench.Command(new Shutdown());
        bench.SentFrames();
        bench.Receive(Discovery(Ac, LacBench.MacOf(99), "a7", $"{last.Pppoe.SessionId:x4}", ""));
        bench.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(35, Padts(bench));
        Assert.True(bench.Lac.ShutdownComplete);
    }

    [Fact]
    public void A_PADT_that_waits_for_its_turn_when_the_interface_goes_is_not_sent()
    {
        using var bench = Dialled(100);
        bench.Command(new Shutdown());
        Assert.Equal(64, Padts(bench));
        bench.Link(up: false);
        bench.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(bench.SentFrames());
        Assert.True(bench.Lac.ShutdownComplete);
    }

    [Fact]
    public void A_LAC_that_shuts_down_takes_no_subscriber()
    {
        using var bench = Dialled(1);
        var padr = PadrOf(bench, 1);
        bench.Command(new Shutdown());
        bench.SentFrames();
        Assert.Equal("shutting down", RefusalOf(bench, padr));
        bench.Receive(Discovery(Broadcast, LacBench.MacOf(2), "09", "0000", Tag("0101", "")));
        Assert.Empty(bench.SentFrames());
        Assert.Equal(2ul, bench.Lac.Counters[DropReason.ShuttingDown]);
        Assert.True(bench.Lac.ShutdownComplete);
    }

    [Fact]
    public void A_lost_interface_ends_its_sessions_at_once_without_a_word()
    {
        using var bench = Dialled(200);
        bench.Link(up: false);
        Assert.Equal(0, bench.Lac.SessionCount);
        var events = bench.Events().OfType<SessionFailed>().ToList();
        Assert.Equal(200, events.Count);
        Assert.All(events, e => Assert.Equal(EndCause.AccessInterfaceDown, e.Cause));
        Assert.Empty(bench.SentFrames());
        Assert.Equal(0, bench.Lac.RunningTimers);

        bench.Link(up: true);
        Assert.Equal(2, bench.Dial(1).Length);
    }

    [Theory]
    [InlineData(3, 8000)]
    [InlineData(65000, 3)]
    public void At_a_limit_a_subscriber_is_refused_in_PADS_and_a_place_that_becomes_free_is_given_again(int sessions, int halfOpen)
    {
        using var bench = new LacBench(new LimitsConfig { Sessions = sessions, HalfOpen = halfOpen });
        var (third, fourth) = (PadrOf(bench, 3), PadrOf(bench, 4));
        for (var i = 0; i < 3; i++) bench.Dial(i);
        Assert.Equal("no resources", RefusalOf(bench, third));
        Assert.Equal(1ul, bench.Lac.Counters[DropReason.Limit]);
        // Another access concentrator may have room.
        bench.Receive(Discovery(Broadcast, LacBench.MacOf(5), "09", "0000", Tag("0101", "")));
        Assert.Empty(bench.SentFrames());
        Assert.Equal(2ul, bench.Lac.Counters[DropReason.Limit]);

        var first = bench.Lac.SessionsAfter(0).First();
        bench.Receive(Discovery(Ac, LacBench.MacOf(0), "a7", $"{first.Pppoe.SessionId:x4}", ""));
        Assert.Equal(2, bench.Dial(3).Length);
        Assert.Equal("no resources", RefusalOf(bench, fourth));
    }

    [Theory]
    // PPP-Max-Payload counts where the interface has room for it, and only up to there.
    [InlineData(1508, 1492, "05dc", "010405dc")]
    [InlineData(1504, 1492, "05dc", "010405d8")]
    [InlineData(1500, 1492, "05dc", "010405d4")]
    [InlineData(1508, 1492, "", "010405d4")]
    [InlineData(1508, 1400, "", "01040578")]
    // Nobody sets such an MTU; it must not stop the LAC.
    [InlineData(68, 1492, "", "01040080")]
    public void LCP_asks_for_the_MRU_that_PPPoE_allows(int mtu, int mru, string maxPayload, string option)
    {
        using var bench = new LacBench(mtu: mtu, mru: (ushort)mru);
        var frames = bench.Dial(0, maxPayload.Length == 0 ? "" : Tag("0120", maxPayload));
        Assert.Equal(2, frames.Length);
        Assert.Equal("c02101", frames[1][40..46]);
        Assert.Equal(option, frames[1][52..60]);

        // The same is granted: the largest MRU is acknowledged, one more is Nak'd with it.
        var session = $"{bench.Lac.SessionsAfter(0).First().Pppoe.SessionId:x4}";
        bench.Receive(Session(Ac, LacBench.MacOf(0), session, "c02101070008" + option));
        Assert.Equal("c02102070008" + option, bench.SentFrames()[^1][40..]);
        var more = Convert.ToInt32(option[4..], 16) + 1;
        bench.Receive(Session(Ac, LacBench.MacOf(0), session, $"c021010800080104{more:x4}"));
        Assert.Equal("c02103080008" + option, bench.SentFrames()[^1][40..]);
    }

    [Fact]
    public void AUTH_008_A_name_that_is_not_UTF_8_is_kept_in_octets_and_shown_escaped()
    {
        using var bench = new LacBench();
        var request = bench.Dial(0)[1][40..];
        var session = $"{bench.Lac.SessionsAfter(0).First().Pppoe.SessionId:x4}";
        // LCP: our request is acknowledged, an empty one is made; then CHAP.
        bench.Receive(Session(Ac, LacBench.MacOf(0), session, "c02102" + request[6..(4 + 2 * Convert.ToInt32(request[8..12], 16))]));
        bench.Receive(Session(Ac, LacBench.MacOf(0), session, "c02101010004"));
        var identifier = bench.SentFrames()[^1][46..48];
        bench.Receive(Session(Ac, LacBench.MacOf(0), session, $"c22302{identifier}001c10" + new string('5', 32) + "ff00c32840ed" + "a0"));
        var user = bench.Lac.SessionsAfter(0).First().User!;
        Assert.Equal("ff00c32840eda0", user.ToLns().ToString());
        Assert.Equal((@"\xff\x00\xc3(@\xed\xa0", @"\xed\xa0"), (user.Printable, user.Realm));
    }

    private static LacBench Dialled(int subscribers)
    {
        var bench = new LacBench();
        for (var i = 0; i < subscribers; i++) Assert.Equal(2, bench.Dial(i).Length);
        Assert.Equal(subscribers, bench.Lac.SessionCount);
        return bench;
    }

    private static int Padts(LacBench bench) => bench.SentFrames().Count(frame => frame[24..32] == "886311a7");

    /// <summary>Of a subscriber that has had its PADO.</summary>
    private static string PadrOf(LacBench bench, int subscriber)
    {
        bench.Receive(Discovery(Broadcast, LacBench.MacOf(subscriber), "09", "0000", Tag("0101", "")));
        var cookie = TagOf(Assert.Single(bench.SentFrames()), "0104")!;
        return Discovery(Ac, LacBench.MacOf(subscriber), "19", "0000", Tag("0101", "") + Tag("0104", cookie));
    }

    private static string RefusalOf(LacBench bench, string padr)
    {
        bench.Receive(padr);
        var pads = Assert.Single(bench.SentFrames());
        Assert.Equal("11650000", pads[28..36]);
        return System.Text.Encoding.UTF8.GetString(Convert.FromHexString(TagOf(pads, "0202")!));
    }
}
