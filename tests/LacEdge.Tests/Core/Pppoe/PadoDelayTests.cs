using System.Text;
using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Pppoe;
using static LacEdge.Tests.Core.Pppoe.PppoeHarness;

namespace LacEdge.Tests.Core.Pppoe;

/// <summary>PADOs that wait, so that a less busy access concentrator comes first.</summary>
public sealed class PadoDelayTests
{
    private const string AnyName = "01010000";

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);
    private static string MacOf(int number) => $"02000001{number:x4}";
    private static string Padi(int mac, string tags = "", string vlans = "") => Discovery(Broadcast, MacOf(mac), "09", "0000", AnyName + tags, vlans);

    private static PppoeHarness Server(PadoDelayConfig delay)
    {
        var service = Service("residential", ["untagged", "any"]);
        return new PppoeHarness(Unlimited, service with { Service = service.Service with { PadoDelay = delay } });
    }

    private static PadoDelayConfig Always(int ms) => new() { Steps = [new PadoDelayStep(0, Ms(ms))] };

    private static string Line(string circuitId, string remoteId)
    {
        var (circuit, remote) = (Encoding.ASCII.GetBytes(circuitId), Encoding.ASCII.GetBytes(remoteId));
        return Tag("0105", $"00000de901{circuit.Length:x2}{Convert.ToHexStringLower(circuit)}02{remote.Length:x2}{Convert.ToHexStringLower(remote)}");
    }

    /// <summary>Frames sent until then.</summary>
    private static string[] After(PppoeHarness server, int ms)
    {
        server.Now += Ms(ms);
        server.Timers.RunDue(server.Now);
        return server.Sent();
    }

    [Fact]
    public void A_PADO_waits_for_its_delay_and_its_cookie_is_good()
    {
        var server = Server(Always(500));
        server.Receive(Padi(1));
        Assert.Empty(After(server, 499));
        Assert.Equal(1, server.Server.DelayedPados);
        var pado = Assert.Single(After(server, 1));
        Assert.Equal($"{MacOf(1)}{Ac}88631107", pado[..32]);
        Assert.Equal(1ul, server.Counters[LacCounter.PadoSent]);
        server.Receive(Padr(TagOf(pado, "0104")!, MacOf(1)));
        server.SentOne();
        Assert.Equal(0, server.Timers.Count);
    }

    [Fact]
    public void The_delay_grows_with_the_sessions_of_the_service_and_at_the_last_step_there_is_no_PADO()
    {
        var server = Server(new() { Steps = [new(1, Ms(100)), new(2, Ms(300)), new(3, null)] });
        foreach (var (mac, delay) in (ReadOnlySpan<(int, int)>)[(1, 0), (2, 100), (3, 300)])
        {
            server.Receive(Padi(mac));
            if (delay > 0) Assert.Empty(After(server, delay - 1));
            var pado = Assert.Single(After(server, 1));
            server.Receive(Padr(TagOf(pado, "0104")!, MacOf(mac)));
            server.SentOne();
        }

        server.Receive(Padi(4));
        Assert.Empty(After(server, 60_000));
        Assert.Equal(1ul, server.Counters[DropReason.PadoNever]);
        server.Server.Close(server.Last!, false, "", server.Now);
        server.Receive(Padi(4));
        Assert.Single(After(server, 300));
    }

    [Theory]
    [InlineData("", "", "", 0)]
    [InlineData("olt7 1/1", "", "", 100)]
    [InlineData("olt7 1/9", "fibre-3", "", 100)]
    [InlineData("olt8 1/1", "", "", 0)]
    [InlineData("olt8 1/1", "fibre-3", "", 200)]
    [InlineData("olt8 1/1", "fibre-33", "", 0)]
    [InlineData("", "", "81000007", 400)]
    [InlineData("olt7 1/1", "", "81000007", 100)]
    [InlineData("", "", "8100000d", -1)]
    public void The_first_rule_that_matches_the_line_is_added(string circuitId, string remoteId, string vlans, int delay)
    {
        var server = Server(new()
        {
            Steps = [new(0, Ms(50))],
            Lines =
            [
                new("olt7 *", null, [], Ms(100)),
                new("olt? *", "fibre-?", [], Ms(200)),
                new(null, null, [new VlanPattern(1, 7, 9, 0, 0)], Ms(400)),
                new(null, null, [new VlanPattern(1, 13, 13, 0, 0)], null),
            ],
        });
        server.Receive(Padi(1, circuitId.Length > 0 || remoteId.Length > 0 ? Line(circuitId, remoteId) : "", vlans));
        if (delay < 0)
        {
            Assert.Empty(After(server, 60_000));
            Assert.Equal(1ul, server.Counters[DropReason.PadoNever]);
            return;
        }

        Assert.Empty(After(server, 49 + delay));
        Assert.Single(After(server, 1));
    }

    [Fact]
    public void PADOs_leave_in_the_order_of_their_times_and_those_of_one_time_as_they_came()
    {
        var server = Server(new() { Lines = [new(null, null, [new VlanPattern(1, 7, 7, 0, 0)], Ms(100)), new(null, null, [], Ms(200))] });
        server.Receive(Padi(1));
        server.Receive(Padi(2));
        server.Now += Ms(50);
        server.Receive(Padi(3, vlans: "81000007"));
        server.Now += Ms(50);
        server.Receive(Padi(4, vlans: "81000007"));
        Assert.Equal([MacOf(3)], After(server, 50).Select(frame => frame[..12]));
        Assert.Equal([MacOf(1), MacOf(2), MacOf(4)], After(server, 50).Select(frame => frame[..12]));
    }

    [Fact]
    public void PPPOE_017_No_more_of_them_wait_than_there_is_room_for()
    {
        var server = Server(Always(1_000));
        for (var i = 0; i < PadoQueue.Capacity + 10; i++) server.Receive(Padi(i));
        Assert.Equal(PadoQueue.Capacity, server.Server.DelayedPados);
        Assert.Equal(10ul, server.Counters[DropReason.PadoQueueFull]);
        Assert.Equal(PadoQueue.Capacity, After(server, 1_000).Length);
        Assert.Equal(0, server.Server.DelayedPados);
    }

    [Theory]
    [InlineData(Ac, false)]
    [InlineData("0200000000ee", true)]
    public void When_the_interface_goes_or_changes_its_MAC_they_do_not_leave(string mac, bool up)
    {
        var server = Server(Always(500));
        server.Receive(Padi(1));
        server.Server.SetInterface(0, Mac(mac), 1500, up);
        Assert.Empty(After(server, 500));
        Assert.Equal(0, server.Timers.Count);
    }
}
