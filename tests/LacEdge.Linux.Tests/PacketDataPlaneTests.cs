using LacEdge.Core.Forwarding;
using LacEdge.Linux.Sockets;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Linux.Tests;

public sealed class PacketDataPlaneTests
{
    private const string Echo = "c0210901000800000000";
    private const string Reply = "c0210a01000800000000";

    [RootTheory]
    [InlineData("")]
    [InlineData("81000064")]
    [InlineData("88a80064")]
    [InlineData("91000064")]
    [InlineData("8100e000")]
    [InlineData("88a8006481000007")]
    [InlineData("8100000781000007")]
    [InlineData("9100006481002007")]
    public void Frames_pass_both_ways_with_their_tags(string tags)
    {
        using var rig = new ForwardingRig();
        rig.Splice(3, Tags(tags));

        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, Echo, tags));
        Assert.Equal(ForwardingRig.DatagramUp(3, Echo), rig.NextAtLns());
        rig.SendFromLns(ForwardingRig.DatagramDown(3, Reply));
        Assert.Equal(ForwardingRig.FrameDown(3, Reply, tags), rig.NextAtSubscriber());
        rig.ExpectCounters(3, new ForwardingCounters(1, 10, 1, 10, 0));
    }

    [RootFact]
    public void DATA_008_DATA_011_a_full_frame_passes_both_ways_a_longer_one_does_not()
    {
        var ppp = "0021" + new string('5', 1492 * 2);
        using var rig = new ForwardingRig();
        rig.Splice(3, Tags("88a8006481000007"));

        // 1492 + 2 + 8 + 28 octets: over the core side's MTU, so both hosts fragment and put together again.
        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, ppp, "88a8006481000007"));
        Assert.Equal(ForwardingRig.DatagramUp(3, ppp), rig.NextAtLns());
        rig.SendFromLns(ForwardingRig.DatagramDown(3, ppp));
        Assert.Equal(ForwardingRig.FrameDown(3, ppp, "88a8006481000007"), rig.NextAtSubscriber());

        rig.SendFromLns(ForwardingRig.DatagramDown(3, ppp + "55"));
        rig.Until(() => rig.DataPlane.ReadCounters(3).Dropped == 1);
        Assert.Equal(1ul, rig.DataPlane.ReadStatistics()[ForwardingReason.Oversized]);
        rig.ExpectCounters(3, new ForwardingCounters(1, 1494, 1, 1494, 1));
    }

    [RootFact]
    public void Frames_of_another_station_or_line_are_dropped_and_counted()
    {
        using var rig = new ForwardingRig();
        rig.Splice(3, Tags("81000064"));

        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, Echo, "81000064", source: "020000000002"));
        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, Echo, "81000065"));
        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, Echo));
        rig.SendFromSubscriber("ffffffffffff" + ForwardingRig.FrameUp(3, Echo, "81000064")[12..]);
        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, Reply, "81000064"));

        Assert.Equal(ForwardingRig.DatagramUp(3, Reply), rig.NextAtLns());
        Assert.Equal(4ul, rig.DataPlane.ReadStatistics()[ForwardingReason.NotOwner]);
        rig.ExpectCounters(3, new ForwardingCounters(1, 10, 0, 0, 4));
        rig.DataPlane.Deliver(rig);
        Assert.Empty(rig.PassedUp);
    }

    [RootFact]
    public void Data_of_another_peer_is_dropped_and_of_another_tunnel_passed_up()
    {
        using var rig = new ForwardingRig();
        rig.Splice(3);

        Assert.True(rig.OtherLns.Send(ForwardingRig.LacEndpoint, Convert.FromHexString(ForwardingRig.DatagramDown(3, Echo))));
        rig.Until(() => rig.DataPlane.ReadStatistics()[ForwardingReason.NotPeer] == 1);
        rig.SendFromLns(ForwardingRig.DatagramDown(3, Echo, tunnelId: "1112"));
        rig.Until(() => rig.PassedUp.Count == 1);
        Assert.Equal("5 10.77.0.2:1701 " + ForwardingRig.DatagramDown(3, Echo, tunnelId: "1112"), rig.PassedUp[0]);
        rig.SendFromLns(ForwardingRig.DatagramDown(3, Reply));
        Assert.Equal(ForwardingRig.FrameDown(3, Reply), rig.NextAtSubscriber());
        rig.ExpectCounters(3, new ForwardingCounters(0, 0, 1, 10, 1));
    }

    [RootFact]
    public void Data_is_taken_only_on_the_socket_of_its_tunnel()
    {
        using var rig = new ForwardingRig();
        var second = rig.Lac.Run(() => UdpSocket.Open(new UdpEndpoint(ForwardingRig.OurAddress, 49152)));
        rig.DataPlane.AddSocket(6, second);
        rig.Splice(3);
        Assert.True(rig.Lns.Send(second.Local, Convert.FromHexString(ForwardingRig.DatagramDown(3, Echo))));
        rig.Until(() => rig.DataPlane.ReadCounters(3).Dropped == 1);
        Assert.Equal(1ul, rig.DataPlane.ReadStatistics()[ForwardingReason.NotPeer]);
    }

    [RootFact]
    public void No_frame_overtakes_those_that_went_up_before_the_splice()
    {
        using var rig = new ForwardingRig();
        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, Echo));
        ForwardingRig.Wait(() => rig.DataPlane.ReadStatistics()[ForwardingReason.SessionUnknown] == 1);
        rig.Splice(3);
        rig.Splice(4);

        // Core has not seen the first one yet: the second has to go the same way, others need not wait.
        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, Reply));
        rig.SendFromSubscriber(ForwardingRig.FrameUp(4, Echo));
        Assert.Equal(ForwardingRig.DatagramUp(4, Echo), rig.NextAtLns());
        rig.Until(() => rig.PassedUp.Count == 2);
        Assert.Equal(["0 " + ForwardingRig.FrameUp(3, Echo), "0 " + ForwardingRig.FrameUp(3, Reply)], rig.PassedUp);

        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, Echo));
        Assert.Equal(ForwardingRig.DatagramUp(3, Echo), rig.NextAtLns());
    }

    [RootFact]
    public void What_is_not_spliced_is_passed_up_in_order()
    {
        using var rig = new ForwardingRig();
        rig.DataPlane.Apply(new InstallDownstream(
            3, ForwardingRig.TunnelSlot, 0x2003, 0, ForwardingRig.SubscriberMac, ForwardingRig.OurMac, default, 0x1003, 1492));
        string[] frames =
        [
            ForwardingRig.FrameUp(3, Echo),
            ForwardingRig.FrameUp(4, Echo, "81000064"),
            "0200000000fe02000000000188641100100300ff" + Echo,
            "0200000000fe02000000000188a800648100000788641100" + "1001000a" + Echo,
        ];
        foreach (var frame in frames) rig.SendFromSubscriber(frame);
        rig.Until(() => rig.PassedUp.Count == frames.Length);
        Assert.Equal(frames.Select(frame => "0 " + frame), rig.PassedUp);
        rig.PassedUp.Clear();

        string[] datagrams = ["c802000c11110000000000ff", ForwardingRig.DatagramDown(4, Echo), "0001ffff", ""];
        foreach (var datagram in datagrams) rig.SendFromLns(datagram);
        rig.Until(() => rig.PassedUp.Count == datagrams.Length);
        Assert.Equal(datagrams.Select(datagram => "5 10.77.0.2:1701 " + datagram), rig.PassedUp);

        var statistics = rig.DataPlane.ReadStatistics();
        Assert.Equal(1ul, statistics[ForwardingReason.Control]);
        Assert.Equal(3ul, statistics[ForwardingReason.Malformed]);
        Assert.Equal(4ul, statistics[ForwardingReason.SessionUnknown]);
    }

    [RootFact]
    public void Each_tunnel_sends_from_its_socket_to_its_peer_in_order()
    {
        using var rig = new ForwardingRig();
        rig.DataPlane.AddSocket(6, rig.Lac.Run(() => UdpSocket.Open(new UdpEndpoint(ForwardingRig.OurAddress, 49152))));
        rig.DataPlane.Apply(new InstallTunnel(2, 6, rig.OtherLns.Local, 0x1112, 0x3C4E));
        rig.Splice(3);
        rig.Splice(4, tunnelSlot: 2);
        List<string> first = [], second = [];
        for (var i = 1; i <= 500; i++)
        {
            rig.SendFromSubscriber(ForwardingRig.FrameUp(3, "0021" + i.ToString("x4", null)));
            rig.SendFromSubscriber(ForwardingRig.FrameUp(4, "0021" + i.ToString("x4", null)));
            // The kernel's queues behind a virtual cable and before the answer to ARP are not endless.
            if (i % 50 != 0) continue;
            ForwardingRig.Wait(() =>
            {
                Receive(rig.Lns, 1701, first);
                Receive(rig.OtherLns, 49152, second);
                return first.Count == i && second.Count == i;
            });
        }

        Assert.Equal(Enumerable.Range(1, 500).Select(i => "00023c4d3003ff030021" + i.ToString("x4", null)), first);
        Assert.Equal(Enumerable.Range(1, 500).Select(i => "00023c4e3004ff030021" + i.ToString("x4", null)), second);

        static void Receive(UdpSocket lns, ushort from, List<string> received) => lns.Receive((source, datagram) =>
        {
            Assert.Equal(new UdpEndpoint(ForwardingRig.OurAddress, from), source);
            received.Add(Convert.ToHexStringLower(datagram));
        });
    }

    [RootFact]
    public void A_tunnel_can_move_to_another_port_of_its_peer()
    {
        using var rig = new ForwardingRig();
        rig.Splice(3);
        rig.DataPlane.Apply(new InstallTunnel(
            ForwardingRig.TunnelSlot, ForwardingRig.Socket, rig.OtherLns.Local, ForwardingRig.LocalTunnelId, ForwardingRig.PeerTunnelId));
        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, Echo));
        var received = "";
        ForwardingRig.Wait(() => rig.OtherLns.Receive((_, datagram) => received = Convert.ToHexStringLower(datagram)) > 0);
        Assert.Equal(ForwardingRig.DatagramUp(3, Echo), received);
    }

    [RootFact]
    public void What_core_sends_itself_is_counted_with_the_rest()
    {
        using var rig = new ForwardingRig();
        rig.Splice(3);
        rig.DataPlane.CountFrame(3, Convert.FromHexString(ForwardingRig.FrameDown(3, Echo, "81000064")));
        rig.DataPlane.SendData(ForwardingRig.Socket, rig.Lns.Local, Convert.FromHexString(ForwardingRig.DatagramUp(3, Echo + "00")), 3);
        rig.NextAtLns();
        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, Echo));
        rig.NextAtLns();
        rig.ExpectCounters(3, new ForwardingCounters(2, 21, 1, 10, 0));
        Assert.Equal(new ForwardingCounters(2, 21, 1, 10, 0), rig.DataPlane.ReadStatistics().Forwarded);
    }

    [RootFact]
    public void A_removed_session_yields_its_counters_once_and_its_slot_starts_at_zero()
    {
        using var rig = new ForwardingRig();
        rig.Splice(3);
        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, Echo));
        rig.NextAtLns();
        rig.DataPlane.Apply(new RemoveSession(3));
        Assert.Throws<InvalidOperationException>(() => rig.Splice(3));
        rig.Until(() => rig.Final.Count > 0);
        Assert.Equal((3, new ForwardingCounters(1, 10, 0, 0, 0)), Assert.Single(rig.Final));

        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, Echo));
        rig.SendFromLns(ForwardingRig.DatagramDown(3, Echo));
        rig.Until(() => rig.PassedUp.Count == 2);
        rig.Splice(3);
        Assert.Equal(default, rig.DataPlane.ReadCounters(3));
        Assert.Single(rig.Final);
    }

    [RootFact]
    public void The_final_counters_are_exact_when_a_session_ends_amid_traffic()
    {
        using var rig = new ForwardingRig();
        var frame = Convert.FromHexString(ForwardingRig.FrameUp(3, Echo));
        using var stop = new CancellationTokenSource();
        var sender = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                for (var i = 0; i < 20; i++) rig.Subscriber.Send(frame);
                Thread.Sleep(1);
            }
        });
        sender.Start();
        try
        {
            for (var round = 0; round < 15; round++)
            {
                rig.Splice(3);
                Thread.Sleep(10);
                rig.DataPlane.Apply(new RemoveSession(3));
                rig.Until(() => rig.Final.Count == round + 1);
            }
        }
        finally
        {
            stop.Cancel();
            sender.Join();
        }

        ulong arrived = 0;
        var counted = rig.Final.Aggregate(0ul, (sum, final) => sum + final.Counters.UpFrames);
        ForwardingRig.Wait(() =>
        {
            rig.Lns.Receive((_, _) => arrived++);
            return arrived >= counted;
        });
        Thread.Sleep(20);
        Assert.Equal(0, rig.Lns.Receive((_, _) => { }));
        Assert.Equal(counted, arrived);
        Assert.True(counted > 0);
    }

    [RootFact]
    public void A_flood_that_core_does_not_take_is_dropped_and_hinders_nobody_else()
    {
        using var rig = new ForwardingRig();
        rig.Splice(3);
        var unknown = Convert.FromHexString(ForwardingRig.DatagramDown(4, new string('0', 2000)));
        ForwardingRig.Wait(() =>
        {
            for (var i = 0; i < 100; i++) rig.Lns.Send(ForwardingRig.LacEndpoint, unknown);
            return rig.DataPlane.ReadStatistics()[ForwardingReason.PassUpFull] > 0;
        });

        rig.SendFromLns("c802000c11110000000000ff");
        rig.SendFromLns(ForwardingRig.DatagramDown(3, Reply));
        Assert.Equal(ForwardingRig.FrameDown(3, Reply), rig.NextAtSubscriber());
        var statistics = rig.DataPlane.ReadStatistics();
        Assert.Equal(1ul, statistics[ForwardingReason.Control]);
        rig.Until(() => rig.PassedUp.Count == (int)statistics[ForwardingReason.SessionUnknown] + 1);
        Assert.EndsWith("c802000c11110000000000ff", rig.PassedUp[^1], StringComparison.Ordinal);
    }

    [RootFact]
    public void Tunnels_over_IPv6_work_the_same()
    {
        using var rig = new ForwardingRig();
        var lns = new UdpEndpoint(IpAddress.Parse("fd00::2"), 1701);
        rig.LnsSide.Run(() =>
        {
            Namespaces.Sysctl.Set("ipv6/conf/lns0/disable_ipv6", "0");
            Namespaces.Links.AddAddress("lns0", lns.Address, 64);
        });
        using var lnsSocket = rig.LnsSide.Run(() => UdpSocket.Open(lns));
        var socket = rig.Lac.Run(() =>
        {
            Namespaces.Sysctl.Set("ipv6/conf/core0/disable_ipv6", "0");
            Namespaces.Links.AddAddress("core0", IpAddress.Parse("fd00::1"), 64);
            return UdpSocket.Open(new UdpEndpoint(IpAddress.Parse("fd00::1"), 1701));
        });
        rig.DataPlane.AddSocket(6, socket);
        rig.DataPlane.Apply(new InstallTunnel(2, 6, lns, ForwardingRig.LocalTunnelId, ForwardingRig.PeerTunnelId));
        rig.Splice(3, tunnelSlot: 2);

        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, Echo));
        var received = "";
        ForwardingRig.Wait(() => lnsSocket.Receive((source, datagram) => received = $"{source} {Convert.ToHexStringLower(datagram)}") > 0);
        Assert.Equal("[fd00::1]:1701 " + ForwardingRig.DatagramUp(3, Echo), received);
        Assert.True(lnsSocket.Send(socket.Local, Convert.FromHexString(ForwardingRig.DatagramDown(3, Reply))));
        Assert.Equal(ForwardingRig.FrameDown(3, Reply), rig.NextAtSubscriber());
    }

    [RootFact]
    public void A_link_that_is_down_costs_frames_and_not_the_worker()
    {
        using var rig = new ForwardingRig();
        rig.Splice(3);
        rig.Lac.Run(() => Namespaces.Links.SetUp("acc0", up: false));
        rig.SendFromLns(ForwardingRig.DatagramDown(3, Echo));
        rig.Until(() => rig.DataPlane.ReadStatistics()[ForwardingReason.SendFailed] == 1);
        rig.Lac.Run(() => Namespaces.Links.SetUp("acc0"));
        rig.SendFromLns(ForwardingRig.DatagramDown(3, Reply));
        Assert.Equal(ForwardingRig.FrameDown(3, Reply), rig.NextAtSubscriber());
        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, Echo));
        Assert.Equal(ForwardingRig.DatagramUp(3, Echo), rig.NextAtLns());
        rig.ExpectCounters(3, new ForwardingCounters(1, 10, 1, 10, 1));
    }

    [RootFact]
    public void A_removed_socket_is_closed_and_its_port_free_again()
    {
        using var rig = new ForwardingRig();
        rig.DataPlane.Apply(new RemoveTunnel(ForwardingRig.TunnelSlot));
        rig.DataPlane.RemoveSocket(ForwardingRig.Socket);
        Assert.False(rig.DataPlane.Send(ForwardingRig.Socket, rig.Lns.Local, [1]));
        rig.Until(() =>
        {
            try
            {
                rig.Lac.Run(() => UdpSocket.Open(ForwardingRig.LacEndpoint)).Dispose();
                return true;
            }
            catch (HostException taken) when (taken.Message.Contains("taken", StringComparison.Ordinal))
            {
                return false;
            }
        });
    }

    private static VlanStack Tags(string hex)
    {
        Assert.True(EthernetFrame.TryParse(Convert.FromHexString("0200000000010200000000fe" + hex + "8864"), out var frame, out _));
        return frame.Vlans;
    }
}
