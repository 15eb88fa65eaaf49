using System.Collections.Concurrent;
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
            using var port = new AccessPort(loop, plane, "acc0", 0, frame => received.Enqueue(Convert.ToHexStringLower(frame)));
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

    [RootFact]
    public void A_missing_or_unfit_interface_is_named()
    {
        using var space = NetworkNamespace.Create();
        using var loop = new ControlLoop();
        using var plane = new NullDataPlane();
        var trouble = Assert.Throws<HostException>(() => space.Run(() => new AccessPort(loop, plane, "eth7", 0, _ => { })));
        Assert.Equal("interface eth7 does not exist", trouble.Message);
        trouble = Assert.Throws<HostException>(() => space.Run(() => new AccessPort(loop, plane, "longer-than-names-are", 0, _ => { })));
        Assert.Equal("interface longer-than-names-are does not exist", trouble.Message);
        trouble = Assert.Throws<HostException>(() => space.Run(() => new AccessPort(loop, plane, "lo", 0, _ => { })));
        Assert.Equal("interface lo is no Ethernet interface", trouble.Message);
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
