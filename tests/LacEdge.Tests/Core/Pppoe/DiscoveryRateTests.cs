using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Pppoe;
using static LacEdge.Tests.Core.Pppoe.PppoeHarness;

namespace LacEdge.Tests.Core.Pppoe;

/// <summary>Rates of PADI and PADR, and MAC lists.</summary>
public sealed class DiscoveryRateTests
{
    private const string AnyName = "01010000";
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    private static string Padi(int mac, string vlans = "") => Discovery(Broadcast, MacOf(mac), "09", "0000", AnyName, vlans);
    private static string MacOf(int number) => $"0206{number:x8}";
    private static string Vlan(int id) => $"8100{id:x4}";
    private static DiscoveryConfig Padis(int mac, int vlan, int all) => Unlimited with { PadiRate = new(mac, vlan, all) };
    private static ServiceVlans Everywhere => Service("residential", ["untagged", "any", "any.any"]);

    private static int Answered(PppoeHarness server, int count, Func<int, string> frame)
    {
        for (var i = 0; i < count; i++) server.Receive(frame(i));
        return server.Sent().Length;
    }

    [Fact]
    public void PPPOE_018_A_MAC_gets_its_rate_of_PADOs_and_one_seconds_worth_at_once()
    {
        var server = new PppoeHarness(Padis(10, 0, 0));
        Assert.Equal(10, Answered(server, 100, _ => Padi(1)));
        Assert.Equal(90ul, server.Counters[DropReason.PadiRateMac]);
        Assert.Equal(10, Answered(server, 100, _ => Padi(2)));
        server.Now += _second / 10;
        Assert.Equal(1, Answered(server, 100, _ => Padi(1)));
        server.Now += 5 * _second;
        Assert.Equal(10, Answered(server, 100, _ => Padi(1)));
    }

    [Fact]
    public void PPPOE_018_Priority_tags_and_TPIDs_give_a_MAC_no_further_rate()
    {
        var server = new PppoeHarness(Padis(10, 0, 0), Everywhere);
        string[] untagged = ["", "81000000", "8100e000", "88a80000", "9100000081000000"];
        Assert.Equal(10, Answered(server, 100, i => Padi(1, untagged[i % untagged.Length])));
        string[] seven = ["81000007", "88a8e007", "8100000091000007"];
        Assert.Equal(10, Answered(server, 100, i => Padi(1, seven[i % seven.Length])));
        Assert.Equal(10, Answered(server, 100, _ => Padi(1, "8100000781000007")));
    }

    [Fact]
    public void PPPOE_018_A_flooded_VLAN_takes_nothing_from_the_others_of_its_interface()
    {
        var server = new PppoeHarness(Padis(10, 100, 150), Everywhere);
        Assert.Equal(100, Answered(server, 10_000, i => Padi(i, Vlan(7))));
        Assert.Equal(9_900ul, server.Counters[DropReason.PadiRateVlan]);
        Assert.Equal(50, Answered(server, 50, i => Padi(i, Vlan(100 + i))));
        Assert.Equal(0ul, server.Counters[DropReason.PadiRateInterface]);
        // The interface has given its 150, whoever asks.
        Assert.Equal(0, Answered(server, 50, i => Padi(i, Vlan(200 + i))));
        Assert.Equal(50ul, server.Counters[DropReason.PadiRateInterface]);
    }

    [Fact]
    public void PPPOE_018_Interfaces_have_rates_of_their_own()
    {
        var service = Service("residential", ["untagged"]);
        var server = new PppoeHarness(Padis(0, 0, 20), 1500, 100, 0, [service], [service], [service]);
        for (var group = 0; group < 3; group++)
        {
            for (var i = 0; i < 50; i++) server.Receive(Padi(i), group);
            Assert.Equal(20, server.Sent().Length);
        }
    }

    [Fact]
    public void PPPOE_018_In_a_flood_of_random_MACs_and_VLANs_a_subscriber_is_answered_at_its_second_PADI()
    {
        var server = new PppoeHarness(Padis(10, 1_000, 1_000), Everywhere);
        var random = new Random(7);
        var answered = new HashSet<int>();
        const int subscribers = 200;
        for (var ms = 0; ms < 7_000; ms++)
        {
            server.Now += _second / 1000;
            for (var i = 0; i < 20; i++) server.Receive(Discovery(Broadcast, $"0207{random.Next():x8}", "09", "0000", AnyName, Vlan(1 + random.Next(4094))));
            server.Sent();
            // Each dials within the first second, when the flood has used up the interface's rate, and again five seconds later.
            var due = ms >= 1_000 ? ms % 5_000 - 1_000 : -1;
            if (due is < 0 or >= 1_000 || due % 5 != 0) continue;
            server.Receive(Padi(due / 5, Vlan(1 + due / 5)));
            if (server.Sent().Length == 1) answered.Add(due / 5);
            if (ms == 1_995) Assert.InRange(answered.Count, 0, subscribers / 2);
        }

        Assert.Equal(subscribers, answered.Count);
    }

    [Fact]
    public void Hosts_that_come_back_may_not_take_more_than_the_rate_either()
    {
        var server = new PppoeHarness(Padis(0, 0, 100));
        Answered(server, 10_000, i => Padi(i));
        var taken = 0;
        for (var second = 0; second < 10; second++)
        {
            server.Now += _second;
            taken += Answered(server, 10_000, i => Padi(i));
        }

        // Ten seconds' worth, and the reserve of half a second once.
        Assert.InRange(taken, 1_000, 1_050);
    }

    [Fact]
    public void PPPOE_017_Refusing_leaves_nothing_behind()
    {
        var server = new PppoeHarness(Padis(10, 1_000, 2_000), Everywhere);
        var frame = Convert.FromHexString(Padi(0, Vlan(7)));
        Flood(100_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Flood(100_000);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(server.Counters[DropReason.PadiRateVlan] > 100_000);

        void Flood(int count)
        {
            for (var i = 0; i < count; i++)
            {
                (frame[8], frame[9], frame[15]) = ((byte)(i >> 8), (byte)i, (byte)(i % 50));
                server.Server.HandleFrame(0, frame, server.Now);
                server.Outbox.Clear();
            }
        }
    }

    [Fact]
    public void PPPOE_018_PADRs_have_rates_of_their_own_which_only_valid_cookies_use_up()
    {
        var server = new PppoeHarness(Unlimited with { PadiRate = new(1, 1, 1), PadrRate = new(3, 5, 7) }, Everywhere);
        var cookie = server.Cookie(MacOf(1), Vlan(7));
        for (var i = 0; i < 100; i++) server.Receive(Padr(new string('0', 32), MacOf(1), $"{i:x4}", vlans: Vlan(7)));
        server.SentNothing();
        Assert.Equal(3, Answered(server, 10, i => Padr(cookie, MacOf(1), $"{i:x4}", vlans: Vlan(7))));
        Assert.Equal(7ul, server.Counters[DropReason.PadrRateMac]);

        server.Now += _second;
        string[] cookies = [.. Enumerable.Range(10, 10).Select(mac => Wait(server).Cookie(MacOf(mac), Vlan(7)))];
        Assert.Equal(5, Answered(server, 10, i => Padr(cookies[i], MacOf(10 + i), vlans: Vlan(7))));
        Assert.Equal(5ul, server.Counters[DropReason.PadrRateVlan]);
        cookies = [.. Enumerable.Range(30, 10).Select(mac => Wait(server).Cookie(MacOf(mac), Vlan(mac)))];
        Assert.Equal(7, Answered(server, 10, i => Padr(cookies[i], MacOf(30 + i), vlans: Vlan(30 + i))));
        Assert.Equal(3ul, server.Counters[DropReason.PadrRateInterface]);
    }

    [Fact]
    public void Two_buckets_have_to_be_shared_before_a_key_loses_anything()
    {
        var table = new RateTable(1, 4);
        var now = Instant.Zero;
        Assert.True(table.Take(0x0_0000_0000, now));
        Assert.False(table.Take(0x0_0000_0000, now));
        // The first bucket is the same, the second another one, and the other way round.
        Assert.True(table.Take(0x1_0000_0000, now));
        Assert.True(table.Take(0x0_0000_0001, now));
        Assert.False(table.Take(0x1_0000_0001, now));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(999_999)]
    public void Any_rate_gives_exactly_that_many_a_second(int rate)
    {
        var table = new RateTable(rate, 1);
        var taken = 0;
        while (taken < 1_000_001 && table.Take(5, Instant.Zero)) taken++;
        Assert.Equal(rate == 0 ? 1_000_001 : rate, taken);
    }

    [Fact]
    public void Refused_hosts_are_known_for_half_a_minute_and_forgotten_after_a_minute()
    {
        var refused = new RefusedHosts();
        var now = Instant.Zero;
        Assert.False(refused.Knows(42, now));
        refused.Note(42, now);
        Assert.True(refused.Knows(42, now + TimeSpan.FromSeconds(29)));
        Assert.True(refused.Knows(42, now + TimeSpan.FromSeconds(59)));
        Assert.False(refused.Knows(42, now + TimeSpan.FromSeconds(91)));
        Assert.False(refused.Knows(43, now));
        refused.Note(44, now + TimeSpan.FromSeconds(100));
        Assert.False(refused.Knows(44, now + TimeSpan.FromSeconds(300)));
    }

    [Fact]
    public void Denied_MACs_are_answered_nothing_and_an_allow_list_denies_all_others()
    {
        var lists = new MacListConfig { Allow = [Pattern("02:00:00:*"), Pattern("02:07:00:00:00:01")], Deny = [Pattern("02:00:00:00:00:05")] };
        var server = new PppoeHarness(Unlimited with { Macs = lists });
        foreach (var (mac, answers) in (ReadOnlySpan<(string, bool)>)
            [("020000000004", true), ("020000000005", false), ("020700000001", true), ("020700000002", false), ("060000000004", false)])
        {
            server.Receive(Discovery(Broadcast, mac, "09", "0000", AnyName));
            Assert.Equal(answers ? 1 : 0, server.Sent().Length);
        }

        Assert.Equal(3ul, server.Counters[DropReason.MacDenied]);
        Assert.Equal(5ul, server.Counters[LacCounter.PadiReceived]);
        server.Receive(Padr(new string('0', 32), "020000000005"));
        Assert.Equal((4ul, 0ul), (server.Counters[DropReason.MacDenied], server.Counters[DropReason.CookieWrong]));
        server.Receive(Session(Ac, "020000000005", "1234", "c021"));
        server.SentNothing();
    }

    private static PppoeHarness Wait(PppoeHarness server)
    {
        server.Now += _second;
        return server;
    }

    private static MacPattern Pattern(string text) => MacPattern.TryParse(text, out var pattern) ? pattern : throw new FormatException(text);
}
