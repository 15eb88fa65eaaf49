using System.Buffers.Binary;
using LacEdge.Core;
using LacEdge.Core.Forwarding;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Linux.Tests;

/// <summary>What a tunnel's data policy does to its data messages, on real sockets.</summary>
public sealed class DataPolicyTests
{
    private const string Echo = "c0210901000800000000";

    [RootFact]
    public void DATA_004_DATA_005_numbers_follow_the_LNS_and_go_on_where_they_stopped()
    {
        using var rig = new ForwardingRig();
        rig.Splice(3);
        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, Echo));
        Assert.Equal(ForwardingRig.DatagramUp(3, Echo), rig.NextAtLns());

        Down(rig, 0, "01");
        foreach (var ns in (string[])["0000", "0001"])
        {
            rig.SendFromSubscriber(ForwardingRig.FrameUp(3, Echo));
            Assert.Equal($"08023c4d3003{ns}0000ff03{Echo}", rig.NextAtLns());
        }

        rig.SendFromLns(ForwardingRig.DatagramDown(3, Echo));
        rig.NextAtSubscriber();
        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, Echo));
        Assert.Equal(ForwardingRig.DatagramUp(3, Echo), rig.NextAtLns());

        Down(rig, 1, "02");
        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, Echo));
        Assert.Equal($"08023c4d300300020000ff03{Echo}", rig.NextAtLns());
        // What Core sends for the session is numbered with the rest.
        rig.DataPlane.SendData(ForwardingRig.Socket, rig.Lns.Local, Convert.FromHexString(ForwardingRig.DatagramUp(3, Echo)), 3);
        Assert.Equal($"08023c4d300300030000ff03{Echo}", rig.NextAtLns());
    }

    [RootFact]
    public void DATA_004_with_Sequencing_Required_everything_is_numbered_from_the_start()
    {
        using var rig = new ForwardingRig(data: new DataPolicy { AlwaysSequenced = true });
        rig.Splice(3);
        rig.SendFromLns(ForwardingRig.DatagramDown(3, Echo));
        rig.NextAtSubscriber();
        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, Echo));
        Assert.Equal($"08023c4d300300000000ff03{Echo}", rig.NextAtLns());
    }

    [RootFact]
    public void DATA_005_messages_in_disorder_are_put_in_order_and_late_ones_dropped()
    {
        using var rig = new ForwardingRig(data: new DataPolicy { ReorderWindow = 4, ReorderTime = TimeSpan.FromMilliseconds(500) });
        rig.Splice(3);
        foreach (var ns in (int[])[0, 2, 3, 1, 4]) Send(rig, ns);
        foreach (var ns in (int[])[0, 1, 2, 3, 4]) Assert.Equal(Frame(ns), rig.NextAtSubscriber());
        Send(rig, 2);
        rig.Until(() => rig.DataPlane.ReadCounters(3).Dropped == 1);
        Assert.Equal((1ul, 2ul, 0ul), Read(rig));
    }

    [RootFact]
    public void DATA_005_what_never_comes_is_waited_for_only_so_long()
    {
        using var rig = new ForwardingRig(data: new DataPolicy { ReorderWindow = 4, ReorderTime = TimeSpan.FromMilliseconds(20) });
        rig.Splice(3);
        foreach (var ns in (int[])[0, 3, 2]) Send(rig, ns);
        foreach (var ns in (int[])[0, 2, 3]) Assert.Equal(Frame(ns), rig.NextAtSubscriber());
        // Too far ahead to wait at all.
        Send(rig, 20);
        Assert.Equal(Frame(20), rig.NextAtSubscriber());
        rig.Until(() => Read(rig) == (0ul, 2ul, 1ul + 16));
    }

    [RootFact]
    public void DATA_005_one_that_cannot_wait_lets_go_in_order_those_that_do()
    {
        using var rig = new ForwardingRig(data: new DataPolicy { ReorderWindow = 4, ReorderTime = TimeSpan.FromMilliseconds(50) });
        rig.Splice(3);
        foreach (var ns in (int[])[0, 5, 4, 6, 7, 8]) Send(rig, ns);
        foreach (var ns in (int[])[0, 4, 5, 6, 7, 8]) Assert.Equal(Frame(ns), rig.NextAtSubscriber());
        Thread.Sleep(60);
        rig.Until(() => Read(rig) == (0ul, 2ul, 3ul));
    }

    [RootFact]
    public void DATA_005_one_that_comes_twice_while_it_waits_is_dropped()
    {
        using var rig = new ForwardingRig(data: new DataPolicy { ReorderWindow = 4, ReorderTime = TimeSpan.FromMilliseconds(500) });
        rig.Splice(3);
        foreach (var ns in (int[])[0, 2, 2, 1, 3]) Send(rig, ns);
        foreach (var ns in (int[])[0, 1, 2, 3]) Assert.Equal(Frame(ns), rig.NextAtSubscriber());
        rig.Until(() => Read(rig) == (1ul, 1ul, 0ul));
    }

    [RootFact]
    public void DATA_005_what_waits_for_a_session_that_ended_concerns_no_other_in_its_slot()
    {
        using var rig = new ForwardingRig(data: new DataPolicy { ReorderWindow = 4, ReorderTime = TimeSpan.FromMilliseconds(50) });
        rig.Splice(3);
        foreach (var ns in (int[])[0, 2]) Send(rig, ns);
        Assert.Equal(Frame(0), rig.NextAtSubscriber());
        rig.DataPlane.Apply(new RemoveSession(3));
        rig.Until(() => rig.Final.Count == 1);

        rig.DataPlane.Apply(new InstallDownstream(
            3, ForwardingRig.TunnelSlot, 0x2004, ForwardingRig.AccessGroup, ForwardingRig.SubscriberMac, ForwardingRig.OurMac, default, 0x1004, 1492));
        void SendNew(int ns) => rig.SendFromLns($"080211112004{ns:x4}0000ff03{Ppp(ns)}");
        foreach (var ns in (int[])[0, 1, 2])
        {
            SendNew(ns);
            Assert.Equal(ForwardingRig.FrameDown(4, Ppp(ns)), rig.NextAtSubscriber());
            Thread.Sleep(60);
        }

        Assert.Equal((0ul, 0ul, 0ul), Read(rig));
    }

    [RootFact]
    public void DATA_005_without_a_window_nothing_waits()
    {
        using var rig = new ForwardingRig();
        rig.Splice(3);
        foreach (var ns in (int[])[65535, 1, 0, 2]) Send(rig, ns);
        // 65535 comes before the first one: too late.
        foreach (var ns in (int[])[1, 2]) Assert.Equal(Frame(ns), rig.NextAtSubscriber());
        rig.Until(() => Read(rig) == (2ul, 0ul, 1ul));
    }

    [RootFact]
    public void DATA_005_an_LNS_that_counts_anew_is_followed_after_four()
    {
        using var rig = new ForwardingRig(data: new DataPolicy { ReorderWindow = 4, ReorderTime = TimeSpan.FromMilliseconds(50) });
        rig.Splice(3);
        foreach (var ns in (int[])[1000, 0, 1, 2, 3, 4]) Send(rig, ns);
        foreach (var ns in (int[])[1000, 3, 4]) Assert.Equal(Frame(ns), rig.NextAtSubscriber());
        rig.Until(() => Read(rig) == (3ul, 0ul, 1000ul));
    }

    [RootFact]
    public void DATA_009_DATA_010_outer_headers_have_checksum_DSCP_and_no_ECN()
    {
        using var rig = new ForwardingRig(data: new DataPolicy { Dscp = null }, controlDscp: 48);
        rig.Splice(3);
        // Inner DSCP 46 with ECN 3.
        Assert.Equal((46 << 2, true, false), OuterOf(rig, "002145bb" + "0014"));
        Assert.Equal((0, true, false), OuterOf(rig, Echo));
        rig.DataPlane.Send(ForwardingRig.Socket, rig.Lns.Local, Convert.FromHexString("c802000c3c4d000000000000"));
        Assert.Equal((48 << 2, true, false), Outer(rig.NextOnWire()));
    }

    [RootFact]
    public void DATA_010_a_session_may_have_a_DSCP_of_its_own()
    {
        using var rig = new ForwardingRig(data: new DataPolicy { Dscp = 46 });
        rig.Splice(3, dscp: 10);
        rig.Splice(4);
        Assert.Equal((10 << 2, true, false), OuterOf(rig, Echo));
        rig.SendFromSubscriber(ForwardingRig.FrameUp(4, Echo));
        Assert.Equal((46 << 2, true, false), Outer(rig.NextOnWire()));
    }

    [RootFact]
    public void DATA_009_without_checksum_control_messages_have_one_all_the_same()
    {
        using var rig = new ForwardingRig(data: new DataPolicy { Dscp = 10 }, socket: new UdpSocketOptions(Checksum: false));
        rig.Splice(3);
        Assert.Equal((10 << 2, false, false), OuterOf(rig, Echo));
        rig.DataPlane.Send(ForwardingRig.Socket, rig.Lns.Local, Convert.FromHexString("c802000c3c4d000000000000"));
        Assert.Equal((0, true, false), Outer(rig.NextOnWire()));
        Assert.Equal((10 << 2, false, false), OuterOf(rig, Echo));
    }

    [RootFact]
    public void DATA_011_what_the_path_does_not_take_is_fragmented_or_dropped_and_counted()
    {
        var large = "0021" + new string('5', 1492 * 2);
        using (var fragmenting = new ForwardingRig(data: new DataPolicy { PathMtu = 1500 }))
        {
            fragmenting.Splice(3);
            fragmenting.SendFromSubscriber(ForwardingRig.FrameUp(3, large));
            Assert.Equal(ForwardingRig.DatagramUp(3, large), fragmenting.NextAtLns());
            fragmenting.SendFromSubscriber(ForwardingRig.FrameUp(3, Echo));
            fragmenting.NextAtLns();
            Assert.Equal(1ul, fragmenting.DataPlane.ReadStatistics()[ForwardingReason.Fragmented]);
        }

        using var dropping = new ForwardingRig(socket: new UdpSocketOptions(DontFragment: true));
        dropping.Splice(3);
        dropping.SendFromSubscriber(ForwardingRig.FrameUp(3, large));
        Assert.Equal((0, true, true), OuterOf(dropping, Echo));
        dropping.Until(() => dropping.DataPlane.ReadStatistics()[ForwardingReason.TooLong] == 1);
        dropping.ExpectCounters(3, new ForwardingCounters(1, 10, 0, 0, 1));
    }

    [RootFact]
    public void DATA_011_fragmentation_needed_is_believed_when_it_quotes_the_tunnel()
    {
        // 20 octets of IP, 8 of UDP, 6 of L2TP, FF 03, 2 of protocol, 962: 1000 in all.
        var (fitting, large) = ("0021" + new string('5', 2 * 962), "0021" + new string('5', 2 * 963));
        using var rig = new ForwardingRig(socket: new UdpSocketOptions(DontFragment: true));
        rig.Splice(3);
        void Sent(string ppp)
        {
            rig.SendFromSubscriber(ForwardingRig.FrameUp(3, ppp));
            Assert.Equal(ForwardingRig.DatagramUp(3, ppp), rig.NextAtLns());
        }

        Sent(large);
        var packet = rig.NextOnWire();
        void FragmentationNeeded(int mtu, int quotedOctets)
        {
            rig.SendIcmpFromLns([3, 4, 0, 0, 0, 0, (byte)(mtu >> 8), (byte)mtu, .. packet.AsSpan(0, quotedOctets)]);
            Thread.Sleep(20);
        }

        // Without the tunnel id, with another one, from another port of ours.
        FragmentationNeeded(1000, 28);
        Sent(large);
        packet[30] ^= 1;
        FragmentationNeeded(1000, 34);
        Sent(large);
        packet[30] ^= 1;
        packet[21] ^= 1;
        FragmentationNeeded(1000, 34);
        Sent(large);
        packet[21] ^= 1;

        FragmentationNeeded(1000, 34);
        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, large));
        Sent(fitting);
        Assert.Equal(1ul, rig.DataPlane.ReadStatistics()[ForwardingReason.TooLong]);
        // No router makes it so small that nothing passes.
        FragmentationNeeded(68, 34);
        Sent("0021" + new string('5', 2 * 538));
        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, fitting));
        rig.Until(() => rig.DataPlane.ReadStatistics()[ForwardingReason.TooLong] == 2);
    }

    [RootFact]
    public void What_ICMP_says_costs_no_other_datagram()
    {
        using var rig = new ForwardingRig(socket: new UdpSocketOptions(DontFragment: true));
        rig.Splice(3);
        var nobody = new UdpEndpoint(ForwardingRig.LnsAddress, 9);
        for (var i = 0; i < 20; i++)
        {
            // Comes back as "port unreachable".
            rig.DataPlane.Send(ForwardingRig.Socket, nobody, [1, 2, 3, 4]);
            rig.SendFromSubscriber(ForwardingRig.FrameUp(3, Echo));
            Assert.Equal(ForwardingRig.DatagramUp(3, Echo), rig.NextAtLns());
        }

        rig.ExpectCounters(3, new ForwardingCounters(20, 200, 0, 0, 0));
    }

    [RootFact]
    public void Frames_carry_the_priority_of_their_packet()
    {
        using var rig = new ForwardingRig();
        rig.Splice(3, VlanStack.Double(new VlanTag(0x88A8, 100), new VlanTag(0x8100, 7)), priorityFromDscp: true);
        const string packet = "002145b80014";
        rig.SendFromLns(ForwardingRig.DatagramDown(3, packet));
        Assert.Equal(ForwardingRig.FrameDown(3, packet, "88a8a0648100a007"), rig.NextAtSubscriber());
        rig.SendFromLns(ForwardingRig.DatagramDown(3, Echo));
        Assert.Equal(ForwardingRig.FrameDown(3, Echo, "88a8006481000007"), rig.NextAtSubscriber());
    }

    [RootFact]
    public void The_MSS_of_SYNs_is_clamped_both_ways()
    {
        using var rig = new ForwardingRig(data: new DataPolicy { MaxMssIpv4 = 1400 });
        rig.Splice(3);
        string Syn(string mss, string checksum) => "0021" + "4500002c00004000400600000a0000010a000002" + "c00000500000000100000000" + "6002ffff" + checksum + "0000" + "0204" + mss;
        var (before, after) = (Syn("05b4", "0000"), Syn("0578", "003c"));
        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, before));
        Assert.Equal(ForwardingRig.DatagramUp(3, after), rig.NextAtLns());
        rig.SendFromLns(ForwardingRig.DatagramDown(3, before));
        Assert.Equal(ForwardingRig.FrameDown(3, after), rig.NextAtSubscriber());
        Assert.Equal(2ul, rig.DataPlane.ReadStatistics()[ForwardingReason.MssClamped]);
    }

    private static string Ppp(int ns) => $"0021{ns:x4}";
    private static string Frame(int ns) => ForwardingRig.FrameDown(3, Ppp(ns));
    private static void Send(ForwardingRig rig, int ns) => rig.SendFromLns($"080211112003{ns:x4}0000ff03{Ppp(ns)}");

    private static void Down(ForwardingRig rig, int ns, string last)
    {
        rig.SendFromLns($"080211112003{ns:x4}0000ff03c02109{last}000800000000");
        rig.NextAtSubscriber();
    }

    private static (ulong Late, ulong Reordered, ulong Missing) Read(ForwardingRig rig)
    {
        var statistics = rig.DataPlane.ReadStatistics();
        return (statistics[ForwardingReason.Late], statistics[ForwardingReason.Reordered], statistics[ForwardingReason.Missing]);
    }

    private static (int TrafficClass, bool Checksum, bool DontFragment) OuterOf(ForwardingRig rig, string ppp)
    {
        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, ppp));
        return Outer(rig.NextOnWire());
    }

    private static (int TrafficClass, bool Checksum, bool DontFragment) Outer(ReadOnlySpan<byte> packet) =>
        (packet[1], BinaryPrimitives.ReadUInt16BigEndian(packet[26..]) != 0, (packet[6] & 0x40) != 0);
}
