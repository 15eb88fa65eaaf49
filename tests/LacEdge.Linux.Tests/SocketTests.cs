using LacEdge.Linux.Namespaces;
using LacEdge.Linux.Netlink;
using LacEdge.Linux.Sockets;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Linux.Tests;

public sealed class SocketTests
{
    private static readonly UdpEndpoint s_loopback = new(IpAddress.Parse("127.0.0.1"), 1701);

    private static NetworkNamespace WithLoopback()
    {
        var space = NetworkNamespace.Create();
        space.Run(() => Links.SetUp("lo"));
        return space;
    }

    [RootFact]
    public void A_missing_interface_is_named()
    {
        using var space = NetworkNamespace.Create();
        var trouble = Assert.Throws<HostException>(() => space.Run(() => LinkInfo.Get("eth9")));
        Assert.Equal("interface eth9 does not exist", trouble.Message);

        var gone = new LinkInfo(77, "eth9", default, 1500, true, true);
        trouble = Assert.Throws<HostException>(() => space.Run(() => PacketSocket.Open(gone, EtherType.PppoeSession)));
        Assert.Equal("interface eth9 does not exist", trouble.Message);
    }

    [RootFact]
    public void A_taken_port_and_a_foreign_address_are_named()
    {
        using var space = WithLoopback();
        using var first = space.Run(() => UdpSocket.Open(s_loopback));
        var trouble = Assert.Throws<HostException>(() => space.Run(() => UdpSocket.Open(s_loopback)));
        Assert.Equal("UDP port 1701 of 127.0.0.1 is taken by another program", trouble.Message);

        trouble = Assert.Throws<HostException>(() => space.Run(() => UdpSocket.Open(new UdpEndpoint(default, 1701))));
        Assert.Equal("UDP port 1701 is taken by another program", trouble.Message);

        trouble = Assert.Throws<HostException>(() => space.Run(() => UdpSocket.Open(new UdpEndpoint(IpAddress.Parse("192.0.2.1"), 1701))));
        Assert.Equal("cannot use UDP port 1701 of 192.0.2.1: no interface has this address", trouble.Message);
    }

    [RootFact]
    public void Missing_rights_are_named()
    {
        using var space = WithLoopback();
        var messages = new List<string>();
        space.Run(() =>
        {
            var loopback = LinkInfo.Get("lo");
            OrdinaryUser.Become();
            messages.Add(Assert.Throws<HostException>(() => PacketSocket.Open(loopback, EtherType.PppoeSession)).Message);
            messages.Add(Assert.Throws<HostException>(() => UdpSocket.Open(s_loopback with { Port = 701 })).Message);
            messages.Add(Assert.Throws<HostException>(() => Links.SetMtu("lo", 1500)).Message);
            // Without CAP_NET_ADMIN the buffers are smaller, and that is all.
            UdpSocket.Open(s_loopback).Dispose();
        });
        Assert.Equal(
            [
                "no right to send and receive raw frames on lo: run as root or with CAP_NET_RAW",
                "no right to use UDP port 701 of 127.0.0.1: run as root or with CAP_NET_BIND_SERVICE",
                "cannot set MTU 1500 of interface lo: run as root or with CAP_NET_ADMIN",
            ],
            messages);
    }

    [RootFact]
    public void An_ICMP_error_does_not_reach_the_socket()
    {
        using var space = WithLoopback();
        using var socket = space.Run(() => UdpSocket.Open(s_loopback));
        using var peer = space.Run(() => UdpSocket.Open(s_loopback with { Port = 1702 }));
        for (var i = 0; i < 3; i++) Assert.True(socket.Send(s_loopback with { Port = 9 }, [1]));
        Assert.True(peer.Send(s_loopback, [2]));
        var received = new List<string>();
        ForwardingRig.Wait(() => socket.Receive((source, datagram) => received.Add($"{source} {datagram[0]}")) > 0);
        Assert.Equal(["127.0.0.1:1702 2"], received);
        Assert.True(socket.Send(peer.Local, [3]));
        Assert.Equal(0, socket.SendFailures);
    }

    [RootFact]
    public void Port_0_lets_the_kernel_choose_and_no_route_is_a_counted_loss()
    {
        using var space = WithLoopback();
        using var socket = space.Run(() => UdpSocket.Open(new UdpEndpoint(default, 0)));
        Assert.NotEqual(0, socket.Local.Port);
        Assert.False(socket.Send(new UdpEndpoint(IpAddress.Parse("192.0.2.1"), 1701), [1]));
        Assert.Equal(1, socket.SendFailures);
    }

    [RootFact]
    public void What_nobody_reads_is_counted_by_the_kernel()
    {
        using var space = WithLoopback();
        using var socket = space.Run(() => UdpSocket.Open(s_loopback, receiveBuffer: 4096));
        for (var i = 0; i < 100; i++) socket.Send(s_loopback, new byte[1000]);
        var received = 0;
        while (socket.Receive((_, _) => received++) > 0) { }
        Assert.InRange(received, 1, 99);
        Assert.Equal(100 - received, socket.KernelDrops);
    }

    [RootFact]
    public void A_raw_socket_sees_its_ether_type_in_every_tagging_and_nothing_else()
    {
        using var space = NetworkNamespace.Create();
        using var far = NetworkNamespace.Create();
        space.Run(() =>
        {
            Sysctl.DisableIpv6();
            Links.AddVeth("a0", "b0", far);
            Links.SetMac("a0", new MacAddress(0x0200_0000_00FE));
            Links.SetUp("a0");
        });
        far.Run(() =>
        {
            Sysctl.DisableIpv6();
            Links.SetUp("b0");
        });
        using var near = space.Run(() => PacketSocket.Open(LinkInfo.Get("a0"), EtherType.PppoeDiscovery));
        using var sender = far.Run(() => PacketSocket.Open(LinkInfo.Get("b0"), EtherType.PppoeDiscovery));

        const string broadcast = "ffffffffffff020000000001", us = "0200000000fe020000000001", other = "0200000000fd020000000001";
        const string padi = "88631109000000000000";
        string[] wanted =
        [
            broadcast + padi, us + padi,
            broadcast + "81000064" + padi, broadcast + "88a80064" + padi, broadcast + "91000064" + padi, broadcast + "8100e000" + padi,
            broadcast + "88a8006481000007" + padi, broadcast + "9100006481000007" + padi,
            us + "8100000781000007" + padi, us + "9100000791000007" + padi,
            us + "81000001" + "81000002" + "81000003" + padi,
        ];
        string[] unwanted =
        [
            other + padi, other + "81000064" + padi, us + "88641100000000000000", us + "8100006488641100000000000000",
            us + "08004500000000000000", broadcast + "88cc0000000000000000", us + "81000064" + "0800" + "4500000000008863",
        ];
        foreach (var frame in wanted.Concat(unwanted).Append(us + padi + "ff")) Assert.True(sender.Send(Convert.FromHexString(frame)));
        // Its own frames are no input.
        Assert.True(near.Send(Convert.FromHexString("020000000001" + "0200000000fe" + padi)));

        var received = new List<string>();
        ForwardingRig.Wait(() =>
        {
            near.Receive(frame => received.Add(Convert.ToHexStringLower(frame)));
            return received.Count > 0 && received[^1] == us + padi + "ff";
        });
        Assert.Equal(wanted.Append(us + padi + "ff"), received);
        Assert.Equal(0, near.Receive(_ => { }));
    }
}
