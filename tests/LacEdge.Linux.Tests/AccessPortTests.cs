using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LacEdge.Core;
using LacEdge.Linux.DataPlane;
using LacEdge.Linux.Namespaces;
using LacEdge.Linux.Netlink;
using LacEdge.Linux.Sockets;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Linux.Tests;

public sealed class AccessPortTests
{
    private const string Padi = "ffffffffffff020000000001" + "8863" + "110900000000";

    [RootFact]
    public void It_follows_its_interface_through_loss_and_return()
    {
        using var space = NetworkNamespace.Create();
        using var far = NetworkNamespace.Create();
        using var loop = new ControlLoop();
        using var plane = new PacketDataPlane(accessGroups: 1, slots: 1, tunnels: 1);
        plane.Start();
        var (received, states) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        var loopThread = space.NewThread("loop", () =>
        {
            Sysctl.DisableIpv6();
            Connect(far, 1500);
            using var monitor = new LinkMonitor();
            using var port = new AccessPort(loop, plane, "acc0", 0, tagged: true, frame => received.Enqueue(Convert.ToHexStringLower(frame)));
            loop.Add(monitor.Fd, () =>
            {
                if (!monitor.Drain() || !port.Refresh()) return;
                states.Enqueue(port.Link is { } link ? $"{link.Mtu} {(link.Up ? "up" : "down")}" : "gone");
            });
            loop.Run(() => Instant.Never, _ => { });
        });
        loopThread.Start();
        ForwardingRig.Wait(() => far.Run(() => LinkInfo.Find("sub0")) is { Up: true });

        SendUntil(far, () => !received.IsEmpty);
        space.Run(() => Links.SetMtu("acc0", 1508));
        ForwardingRig.Wait(() => states.Contains("1508 up"));
        space.Run(() => Links.SetUp("acc0", up: false));
        ForwardingRig.Wait(() => states.Contains("1508 down"));
        space.Run(() => Links.Delete("acc0"));
        ForwardingRig.Wait(() => states.Contains("gone"));
        space.Run(() => Connect(far, 1600));
        ForwardingRig.Wait(() => states.Contains("1600 up"));
        var before = received.Count;
        SendUntil(far, () => received.Count > before);
        Assert.All(received, frame => Assert.Equal(Padi, frame));

        loop.Stop();
        loopThread.Join();

        static void Connect(NetworkNamespace far, int mtu)
        {
            Links.AddVeth("acc0", "sub0", far);
            Links.SetMtu("acc0", mtu);
            Links.SetUp("acc0");
            far.Run(() => Links.SetUp("sub0"));
        }
    }

    /// <summary>Cards drop VLANs that they have not been told of, unless they are promiscuous; virtual cables drop none.</summary>
    [RootTheory]
    [InlineData(true, 1u)]
    [InlineData(false, 0u)]
    public void An_interface_with_VLANs_is_promiscuous_while_it_is_used(bool tagged, uint expected)
    {
        using var space = NetworkNamespace.Create();
        using var loop = new ControlLoop();
        using var plane = new PacketDataPlane(accessGroups: 1, slots: 1, tunnels: 1);
        space.Run(() =>
        {
            Links.AddVeth("acc0", "sub0");
            using (new AccessPort(loop, plane, "acc0", 0, tagged, _ => { })) Assert.Equal(expected, Promiscuity("acc0"));
            Assert.Equal(0u, Promiscuity("acc0"));
        });
    }

    [RootFact]
    public void A_missing_or_unfit_interface_is_named()
    {
        using var space = NetworkNamespace.Create();
        using var loop = new ControlLoop();
        using var plane = new NullDataPlane();
        var trouble = Assert.Throws<HostException>(() => space.Run(() => new AccessPort(loop, plane, "eth7", 0, false, _ => { })));
        Assert.Equal("interface eth7 does not exist", trouble.Message);
        trouble = Assert.Throws<HostException>(() => space.Run(() => new AccessPort(loop, plane, "longer-than-names-are", 0, false, _ => { })));
        Assert.Equal("interface longer-than-names-are does not exist", trouble.Message);
        trouble = Assert.Throws<HostException>(() => space.Run(() => new AccessPort(loop, plane, "lo", 0, false, _ => { })));
        Assert.Equal("interface lo is no Ethernet interface", trouble.Message);
    }

    /// <summary>How many users want the interface promiscuous (IFLA_PROMISCUITY).</summary>
    private static uint Promiscuity(string name)
    {
        const ushort attribute = 30;
        var count = uint.MaxValue;
        using var netlink = new NetlinkSocket();
        var request = new NetlinkMessage(LinkInfo.GetLink, NetlinkMessage.Ack)
            .Append(default(InterfaceMessage)).Attribute(LinkInfo.AttributeName, name);
        Assert.Equal(0, netlink.Request(request, (type, payload) =>
        {
            for (var rest = payload[Unsafe.SizeOf<InterfaceMessage>()..]; rest.Length >= 4; rest = rest[(MemoryMarshal.Read<ushort>(rest) + 3 & ~3)..])
            {
                if (type == LinkInfo.NewLink && MemoryMarshal.Read<ushort>(rest[2..]) == attribute) count = MemoryMarshal.Read<uint>(rest[4..]);
            }
        }));
        return count;
    }

    private static void SendUntil(NetworkNamespace far, Func<bool> condition)
    {
        using var socket = far.Run(() => PacketSocket.Open(LinkInfo.Get("sub0"), EtherType.PppoeDiscovery));
        ForwardingRig.Wait(() =>
        {
            socket.Send(Convert.FromHexString(Padi));
            return condition();
        });
    }
}
