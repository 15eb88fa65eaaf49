using System.Text;
using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Pppoe;
using static LacEdge.Tests.Core.Pppoe.PppoeHarness;

namespace LacEdge.Tests.Core.Pppoe;

/// <summary>Limits of sessions: who is refused, who makes room for whom.</summary>
public sealed class SessionLimitTests
{
    private const string AnyName = "01010000";

    private static ServiceVlans Limited(AccessLimitsConfig limits, string name = "residential", string serviceName = "")
    {
        var service = Service(name, ["untagged", "any"], serviceName.Length > 0 ? [new ServiceNameConfig(serviceName, false)] : []);
        return service with { Service = service.Service with { Limits = limits } };
    }

    private static PppoeHarness Server(AccessLimitsConfig limits) => new(Unlimited, Limited(limits));

    private static string MacOf(int number) => $"02000001{number:x4}";
    private static string Circuit(string id) => Tag("0105", $"00000de901{id.Length:x2}{Convert.ToHexStringLower(Encoding.ASCII.GetBytes(id))}");

    private static string PadrOn(PppoeHarness server, int mac, string circuit, string hostUniq = "01")
    {
        var cookie = server.Cookie(MacOf(mac));
        return Discovery(Ac, MacOf(mac), "19", "0000", AnyName + Tag("0103", hostUniq) + Tag("0104", cookie) + Circuit(circuit));
    }

    private static void Close(PppoeHarness server, int mac, string id, string vlans = "") =>
        server.Receive(Discovery(Ac, MacOf(mac), "a7", id, "", vlans));

    /// <summary>A fourth PADR is refused with this text and leaves no PADO behind; when one session goes, there is room again.</summary>
    private static void AssertLimit(PppoeHarness server, DropReason reason, string text, string vlans = "", int group = 0)
    {
        // The cookie is from before the limit was reached, or there would be none.
        var cookie = server.Cookie(MacOf(4), vlans, group);
        string[] ids = [.. Enumerable.Range(1, 3).Select(mac => server.Dial(MacOf(mac), group: group, vlans: vlans))];
        server.Receive(Padr(cookie, MacOf(4), vlans: vlans), group);
        Assert.Equal(text, Encoding.UTF8.GetString(Convert.FromHexString(TagOf(server.SentOne().Remove(24, vlans.Length), "0202")!)));
        server.Receive(Discovery(Broadcast, MacOf(4), "09", "0000", AnyName, vlans), group);
        server.SentNothing();
        Assert.Equal(2ul, server.Counters[reason]);
        Assert.Equal(3, server.Server.SessionCount);

        server.Receive(Discovery(Ac, MacOf(2), "a7", ids[1], "", vlans), group);
        server.Dial(MacOf(4), group: group, vlans: vlans);
    }

    [Fact]
    public void PPPOE_018_A_service_has_no_more_than_its_sessions_and_says_so() =>
        AssertLimit(Server(new() { PerMac = 0, Sessions = 3 }), DropReason.ServiceLimit, "the service has its 3 sessions");

    [Fact]
    public void PPPOE_018_An_interface_has_no_more_than_its_sessions_and_another_one_has_its_own()
    {
        var service = Limited(new() { PerInterface = 3 });
        var server = new PppoeHarness(Unlimited, 1500, 100, 0, [service], [service]);
        AssertLimit(server, DropReason.InterfaceLimit, "the interface has its 3 sessions");
        server.Dial(MacOf(9), group: 1);
    }

    [Fact]
    public void PPPOE_018_A_VLAN_has_no_more_than_its_sessions_and_another_one_has_its_own()
    {
        var server = Server(new() { PerVlan = 3 });
        AssertLimit(server, DropReason.VlanLimit, "the VLAN has its 3 sessions", "81000007");
        server.Dial(MacOf(9), vlans: "81000008");
        server.Dial(MacOf(9));
    }

    [Fact]
    public void PPPOE_018_A_circuit_id_has_no_more_than_its_sessions_where_it_refuses()
    {
        var server = Server(new() { PerCircuitId = 1 });
        var late = PadrOn(server, 2, "line 1");
        server.Receive(PadrOn(server, 1, "line 1"));
        server.SentOne();
        server.Receive(late);
        Assert.Equal("the line (circuit-id) has its 1 sessions", Encoding.UTF8.GetString(Convert.FromHexString(TagOf(server.SentOne(), "0202")!)));
        server.Receive(Discovery(Broadcast, MacOf(2), "09", "0000", AnyName + Circuit("line 1")));
        server.SentNothing();
        Assert.Equal(2ul, server.Counters[DropReason.CircuitLimit]);
        // Another circuit, and none at all.
        server.Receive(PadrOn(server, 2, "line 2"));
        server.SentOne();
        server.Dial(MacOf(3));
        Assert.Equal(3, server.Server.SessionCount);
    }

    [Fact]
    public void A_circuit_id_that_replaces_ends_its_oldest_session_by_PADT_before_the_new_PADS()
    {
        var server = Server(new() { PerCircuitId = 2, AtCircuitIdLimit = AtLimit.Replace });
        List<string> ids = [];
        for (var mac = 1; mac <= 2; mac++)
        {
            server.Receive(PadrOn(server, mac, "line 1"));
            ids.Add(server.SentOne().Substring(32, 4));
        }

        server.NewsIs($"opened {ids[0]}", $"opened {ids[1]}");
        server.Receive(PadrOn(server, 3, "line 1"));
        var sent = server.Sent();
        Assert.Equal($"{MacOf(1)}{Ac}886311a7{ids[0]}", sent[0][..36]);
        Assert.Equal($"{MacOf(3)}{Ac}88631165", sent[1][..32]);
        server.NewsIs($"replaced {ids[0]}", $"opened {sent[1].Substring(32, 4)}");
    }

    [Fact]
    public void PPPOE_018_A_host_that_dials_anew_loses_its_oldest_session_by_PADT_before_the_new_PADS()
    {
        var server = Server(new() { PerMac = 2 });
        string[] ids = [server.Dial(hostUniq: "01"), server.Dial(hostUniq: "02")];
        // The same MAC on another VLAN is another host.
        var elsewhere = server.Dial(hostUniq: "03", vlans: "81000007");
        server.NewsIs($"opened {ids[0]}", $"opened {ids[1]}", $"opened {elsewhere}");
        server.Receive(Padr(server.Cookie(), hostUniq: "04"));
        var sent = server.Sent();
        Assert.Equal(2, sent.Length);
        Assert.Equal($"{Client}{Ac}886311a7{ids[0]}", sent[0][..36]);
        var newest = sent[1].Substring(32, 4);
        Assert.Equal($"{Client}{Ac}88631165{newest}", sent[1][..36]);
        server.NewsIs($"replaced {ids[0]}", $"opened {newest}");
        Assert.Equal(3, server.Server.SessionCount);
    }

    [Fact]
    public void PPPOE_019_A_repeated_PADR_replaces_nothing()
    {
        var server = Server(new());
        var id = server.Dial();
        server.Receive(Session(Ac, Client, id, "c02101010004"));
        Assert.Equal(id, server.Dial());
        server.NewsIs($"opened {id}", $"ppp {id} c02101010004");
    }

    [Fact]
    public void A_host_whose_own_session_makes_room_is_answered_at_any_limit()
    {
        var server = Server(new() { PerMac = 1, Sessions = 1, PerInterface = 1, PerVlan = 1 });
        var old = server.Dial(hostUniq: "01");
        server.NewsIs($"opened {old}");
        server.Receive(Padr(server.Cookie(), hostUniq: "02"));
        Assert.Equal(2, server.Sent().Length);
        Assert.Equal(1, server.Server.SessionCount);
    }

    [Fact]
    public void Services_are_counted_apart()
    {
        var server = new PppoeHarness(
            Unlimited, Limited(new() { Sessions = 1 }, "one", "internet"), Limited(new() { Sessions = 1 }, "two", "voice"));
        server.Receive(Padr(server.Cookie(), name: "696e7465726e6574"));
        server.SentOne();
        server.Receive(Padr(server.Cookie(), hostUniq: "02", name: "766f696365"));
        server.SentOne();
        Assert.Equal(2, server.Server.SessionCount);
    }

    [Fact]
    public void A_session_that_is_refused_all_the_same_costs_its_host_the_old_one_but_the_circuit_nothing()
    {
        var server = Server(new() { PerCircuitId = 1, AtCircuitIdLimit = AtLimit.Replace });
        server.Receive(PadrOn(server, 1, "line 1"));
        server.SentOne();
        var padr = PadrOn(server, 2, "line 1");
        server.Refusal = "no resources";
        server.Receive(padr);
        Assert.StartsWith($"{MacOf(2)}{Ac}886311650000", server.SentOne(), StringComparison.Ordinal);
        Assert.Equal(1, server.Server.SessionCount);
        server.Receive(PadrOn(server, 1, "line 1", hostUniq: "02"));
        Assert.Equal(2, server.Sent().Length);
        Assert.Equal(0, server.Server.SessionCount);
    }

    [Fact]
    public void Who_would_be_refused_gets_no_PADO_unless_its_own_session_makes_room()
    {
        var server = Server(new() { PerMac = 1 });
        server.Receive(PadrOn(server, 1, "line 1"));
        server.SentOne();
        server.Refusal = "no resources";
        server.Receive(Discovery(Broadcast, MacOf(2), "09", "0000", AnyName));
        server.SentNothing();
        server.Receive(Discovery(Broadcast, MacOf(1), "09", "0000", AnyName));
        server.SentOne();
    }

    [Fact]
    public void Counts_are_right_after_a_thousand_sessions_come_and_gone()
    {
        var limits = new AccessLimitsConfig { Sessions = 1_000, PerInterface = 1_000, PerVlan = 1_000, PerMac = 1, PerCircuitId = 10 };
        var server = new PppoeHarness(Unlimited, 1500, 2_000, 0, [Limited(limits)]);
        List<string> ids = [];
        for (var round = 0; round < 2; round++)
        {
            for (var mac = 0; mac < 1_000; mac++)
            {
                server.Receive(PadrOn(server, mac, $"line {mac / 10}"));
                ids.Add(server.SentOne().Substring(32, 4));
            }

            Assert.Equal(1_000, server.Server.SessionCount);
            for (var mac = 0; mac < 1_000; mac++) Close(server, mac, ids[mac]);
            Assert.Equal(0, server.Server.SessionCount);
            ids.Clear();
        }

        Assert.Equal(0ul, server.Counters[DropReason.CircuitLimit]);
    }
}
