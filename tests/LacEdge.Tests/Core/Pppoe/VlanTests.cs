using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Pppoe;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using static LacEdge.Tests.Core.Pppoe.PppoeHarness;

namespace LacEdge.Tests.Core.Pppoe;

/// <summary>Subscribers behind VLAN tags: whose services they reach, and what their frames look like on the way back.</summary>
public sealed class VlanTests
{
    private const string AnyName = "01010000";
    private static readonly string[] s_everything = ["untagged", "any", "any.any"];

    /// <summary>Every TPID alone, every pair of them, equal ids, priority tags, and priority bits that are to come back.</summary>
    public static TheoryData<string> Stacks
    {
        get
        {
            string[] tpids = ["8100", "88a8", "9100"];
            var stacks = new TheoryData<string> { "", "81000000", "88a8e000", "8100000088a80000", "8100b0648100c007", "8100200081000064" };
            foreach (var outer in tpids)
            {
                stacks.Add($"{outer}0064");
                foreach (var inner in tpids) stacks.Add($"{outer}0064{inner}0064");
            }

            return stacks;
        }
    }

    [Theory]
    [MemberData(nameof(Stacks))]
    public void PPPOE_023_Every_reply_carries_the_tags_of_the_request(string tags)
    {
        var server = new PppoeHarness(1508, 100, [Service("residential", s_everything)]);
        var start = Client + Ac + tags;
        server.Receive(Discovery(Broadcast, Client, "09", "0000", AnyName, tags));
        Assert.StartsWith(start + "88631107", server.SentOne(), StringComparison.Ordinal);
        server.Receive(Padr(server.Cookie(vlans: tags), vlans: tags));
        Assert.StartsWith(start + "88631165", server.SentOne(), StringComparison.Ordinal);

        var id = $"{server.Last!.SessionId:x4}";
        server.Server.SendPpp(server.Last, [0xC0, 0x21, 1], -1);
        Assert.Equal(Session(Client, Ac, id, "c02101", tags), server.SentOne());
        server.Receive(Session(Ac, Client, id, "c02102", tags));
        server.NewsIs($"opened {id}", $"ppp {id} c02102");
        server.Server.Close(server.Last, true, "", server.Now);
        Assert.Equal(Discovery(Client, Ac, "a7", id, "", tags), server.SentOne());
    }

    [Fact]
    public void PPPOE_023_So_do_refusals()
    {
        var server = new PppoeHarness(1500, 100, [Service("residential", ["300.7"], new ServiceNameConfig("internet", true))]);
        const string tags = "88a8012c81000007";
        server.Receive(Padr(server.Cookie(vlans: tags), name: "676f6c64", vlans: tags));
        Assert.StartsWith(Client + Ac + tags + "886311650000", server.SentOne(), StringComparison.Ordinal);
    }

    [Fact]
    public void PPPOE_023_So_does_PADT_in_answer_to_an_unknown_session()
    {
        var server = new PppoeHarness(1508, 100, [Service("residential", s_everything)]);
        const string tags = "9100a06488a8e064";
        server.Receive(Session(Ac, Client, "1234", "c02101", tags));
        Assert.StartsWith(Client + Ac + tags + "886311a71234", server.SentOne(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("81000063")]
    [InlineData("8100006581000001")]
    [InlineData("8100012c")]
    [InlineData("8100012c81000008")]
    [InlineData("8100006481000064")]
    [InlineData("81000fff")]
    [InlineData("")]
    [InlineData("81000000")]
    public void Frames_of_VLANs_that_belong_to_nobody_are_dropped_and_counted(string tags)
    {
        var server = new PppoeHarness(1500, 100, [Service("residential", ["100-199", "300.7", "300.9-4094"])]);
        server.Receive(Discovery(Broadcast, Client, "09", "0000", AnyName, tags));
        server.Receive(Discovery(Ac, Client, "19", "0000", AnyName, tags));
        server.Receive(Discovery(Ac, Client, "a7", "0001", "", tags));
        server.Receive(Session(Ac, Client, "0001", "c02101", tags));
        server.SentNothing();
        Assert.Equal(4ul, server.Counters[DropReason.NotForUs]);
    }

    [Fact]
    public void A_third_tag_is_refused()
    {
        var server = new PppoeHarness(1500, 100, [Service("residential", s_everything)]);
        server.Receive(Discovery(Broadcast, Client, "09", "0000", AnyName, "810000648100006481000064"));
        server.SentNothing();
        Assert.Equal(1ul, server.Counters[DecodeError.VlanTooDeep]);
    }

    [Theory]
    [InlineData("81000064", "88a80064")]
    [InlineData("81000064", "81000065")]
    [InlineData("81000064", "")]
    [InlineData("81000064", "8100006481000000")]
    [InlineData("88a8006481000007", "88a8006488a80007")]
    [InlineData("88a8006481000007", "88a8006481000008")]
    [InlineData("88a8006481000007", "8100000788a80064")]
    public void PPPOE_015_A_session_and_a_cookie_belong_to_one_exact_stack(string own, string other)
    {
        var server = new PppoeHarness(1508, 100, [Service("residential", s_everything)]);
        var cookie = server.Cookie(vlans: own);
        server.Receive(Padr(cookie, vlans: other));
        server.SentNothing();
        Assert.Equal(1ul, server.Counters[DropReason.CookieWrong]);

        var id = server.Dial(vlans: own);
        server.Receive(Session(Ac, Client, id, "c02101", other));
        server.Receive(Discovery(Ac, Client, "a7", id, "", other));
        server.NewsIs($"opened {id}");
        Assert.Equal(2ul, server.Counters[DropReason.PppoeNotOwner]);
        Assert.NotEqual(id, server.Dial(vlans: other));
    }

    [Fact]
    public void Priority_bits_may_change_within_a_session()
    {
        var server = new PppoeHarness(1500, 100, [Service("residential", s_everything)]);
        var id = server.Dial(vlans: "8100e064");
        server.Receive(Session(Ac, Client, id, "c02101", "81001064"));
        server.NewsIs($"opened {id}", $"ppp {id} c02101");
    }

    [Theory]
    [InlineData("81000064", "", "gold")]
    [InlineData("81000064", "gold", "gold")]
    [InlineData("81000064", "silver", "silver")]
    [InlineData("81000064", "tin", "rest")]
    [InlineData("81000096", "", "rest")]
    [InlineData("81000096", "gold", "rest")]
    [InlineData("810000c8", "silver", "rest")]
    [InlineData("8100012d", "gold", "gold")]
    [InlineData("8100012d", "tin", null)]
    [InlineData("8100012d81000001", "tin", "qinq")]
    [InlineData("810004b081000001", "silver", "silver")]
    [InlineData("810004b081000001", "tin", "qinq")]
    [InlineData("", "gold", null)]
    public void PPPOE_006_The_VLANs_and_then_the_name_choose_the_service_and_exact_names_win(string tags, string name, string? expected)
    {
        var server = new PppoeHarness(
            1500, 100,
            [
                Service("gold", ["100-120", "301"], new ServiceNameConfig("gold", true)),
                Service("rest", ["100-200"]),
                Service("silver", ["100-150", "1000-2000.1"], new ServiceNameConfig("silver", true)),
                Service("qinq", ["any.any"]),
            ]);
        var hex = Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(name));
        server.Receive(Discovery(Broadcast, Client, "09", "0000", Tag("0101", hex), tags));
        Assert.Equal(expected is null ? 0 : 1, server.Sent().Length);
        if (expected is null) return;
        server.Receive(Padr(server.Cookie(vlans: tags), name: hex, vlans: tags));
        server.SentOne();
        Assert.Equal(expected, server.Last!.Service.Name);
    }

    [Fact]
    public void PPPOE_001_PADO_offers_the_names_of_its_VLAN_only()
    {
        var server = new PppoeHarness(
            1500, 100,
            [
                Service("gold", ["100"], new ServiceNameConfig("gold", true), new ServiceNameConfig("hidden", false)),
                Service("silver", ["100-101"], new ServiceNameConfig("silver", true)),
                Service("rest", ["100-102"]),
            ]);
        const string gold = "01010004676f6c64", silver = "0101000673696c766572";
        foreach (var (tags, names) in (ReadOnlySpan<(string, string)>)[("81000064", gold + silver), ("81000065", silver), ("81000066", "")])
        {
            server.Receive(Discovery(Broadcast, Client, "09", "0000", AnyName, tags));
            Assert.StartsWith(AnyName + names + "0102000a", server.SentOne()[(40 + tags.Length)..], StringComparison.Ordinal);
        }
    }

    /// <summary>Ethernet has room for one C-VLAN tag; what else stands in front takes from the MTU, as the kernel counts it.</summary>
    [Theory]
    [InlineData(1500, "", 1492, false)]
    [InlineData(1500, "81000064", 1492, false)]
    [InlineData(1500, "88a80064", 1488, false)]
    [InlineData(1500, "8100006481000007", 1488, false)]
    [InlineData(1500, "88a8006481000007", 1484, false)]
    [InlineData(1508, "81000064", 1500, true)]
    [InlineData(1508, "8100006481000007", 1496, true)]
    [InlineData(1508, "88a8006481000007", 1492, false)]
    [InlineData(1512, "9100006481000007", 1496, true)]
    [InlineData(1516, "88a8006481000007", 1500, true)]
    public void PPPOE_022_Tags_take_their_room_from_the_MTU(int mtu, string tags, int expected, bool offered)
    {
        var server = new PppoeHarness(mtu, 100, [Service("residential", s_everything)]);
        var cookie = Tag("0104", server.Cookie(vlans: tags));
        server.Receive(Discovery(Ac, Client, "19", "0000", AnyName + cookie + "0120000205dc", tags));
        Assert.Equal(offered, server.SentOne().Contains("0120000205dc", StringComparison.Ordinal));
        Assert.Equal(expected, server.Last!.MaxPayload);
    }

    [Theory]
    [InlineData("", 1500)]
    [InlineData("81000064", 1504)]
    [InlineData("88a80064", 1500)]
    [InlineData("8100006481000007", 1504)]
    [InlineData("9100006481000007", 1500)]
    public void No_reply_is_longer_than_the_interface_takes(string tags, int longest)
    {
        var server = new PppoeHarness(1500, 100, [Service("residential", s_everything)]);
        server.Receive(Discovery(Broadcast, Client, "09", "0000", AnyName, tags));
        // What PADO is longer by than PADI's Host-Uniq.
        var rest = server.SentOne().Length / 2 - 14 + 4;
        var fits = new string('a', (longest - rest) * 2);
        server.Receive(Discovery(Broadcast, Client, "09", "0000", AnyName + Tag("0103", fits), tags));
        Assert.Equal(14 + longest, server.SentOne().Length / 2);
        server.Receive(Discovery(Broadcast, Client, "09", "0000", AnyName + Tag("0103", fits + "aa"), tags));
        server.SentNothing();
        Assert.Equal(1ul, server.Counters[DropReason.Limit]);
    }

    [Fact]
    public void One_service_stands_on_several_interfaces_and_each_has_its_own_VLANs()
    {
        var (first, second) = (Service("residential", ["100"]), Service("residential", ["200.1-10"]));
        var server = new PppoeHarness(1508, 100, [first], [second]);
        var a = server.Dial(vlans: "81000064");
        Assert.Equal(0, server.Last!.AccessGroup);
        server.Dial(group: 1, vlans: "88a800c881000003");
        Assert.Equal(1, server.Last!.AccessGroup);
        server.Receive(Discovery(Broadcast, Client, "09", "0000", AnyName, "81000064"), group: 1);
        server.Receive(Session(Ac, Client, a, "c02101", "81000064"), group: 1);
        server.SentNothing();
        Assert.Equal(2ul, server.Counters[DropReason.NotForUs]);
    }

    [Fact]
    public void A_look_up_agrees_with_the_patterns_and_needs_no_memory()
    {
        var random = new Random(4094);
        var services = Enumerable.Range(0, 40).Select(i => Service($"s{i}", [.. Enumerable.Range(0, 50).Select(_ => Pattern(random))])).ToArray();
        var index = new AccessServices(services);
        for (var i = 0; i < 20_000; i++)
        {
            var vlans = Stack(random);
            var expected = services.FirstOrDefault(service => service.Vlans.Any(pattern => pattern.Matches(vlans)));
            Assert.Equal(expected?.Service, index.On(vlans)?.Find([])?.Config);
        }

        var many = new AccessServices(
            [Service("lines", [.. from outer in Enumerable.Range(1, 400) from inner in Enumerable.Range(1, 20) select $"{outer}.{inner * 2}"])]);
        var probe = VlanStack.Double(new VlanTag(0x88A8, 400), new VlanTag(0x8100, 40));
        Assert.NotNull(many.On(probe));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) many.On(probe);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static string Pattern(Random random)
    {
        return random.Next(8) switch { 0 => "untagged", < 4 => Range(), _ => $"{Range()}.{Range()}" };

        string Range()
        {
            var first = random.Next(1, 60);
            return random.Next(4) switch { 0 => "any", 1 => $"{first}-{first + random.Next(1, 9)}", 2 => "4094", _ => $"{first}" };
        }
    }

    private static VlanStack Stack(Random random)
    {
        return random.Next(3) switch { 0 => VlanStack.Untagged, 1 => VlanStack.Single(Tag()), _ => VlanStack.Double(Tag(), Tag()) };

        VlanTag Tag() => new(0x8100, (ushort)(random.Next(4) == 0 ? random.Next(2) * 4093 + random.Next(3) : random.Next(80)));
    }
}
