using System.Buffers.Binary;
using System.Diagnostics;
using LacEdge.Linux.Namespaces;
using LacEdge.Linux.Netlink;
using LacEdge.Linux.Sockets;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Linux.Tests;

public sealed class NamespaceTests
{
    [RootFact]
    public void A_name_that_is_left_over_is_reported_and_can_be_removed()
    {
        var name = $"lacedge-test-{Environment.ProcessId}";
        var path = $"/run/netns/{name}";
        using (var space = NetworkNamespace.Create(name))
        {
            Assert.True(File.Exists(path));
            var trouble = Assert.Throws<HostException>(() => NetworkNamespace.Create(name));
            Assert.StartsWith($"network namespace {name} exists already", trouble.Message, StringComparison.Ordinal);
            Assert.Contains($"ip netns del {name}", trouble.Message, StringComparison.Ordinal);
            space.Run(() => Links.AddVeth("a0", "b0"));
        }

        Assert.False(File.Exists(path));
        using (NetworkNamespace.Create(name)) Assert.True(NetworkNamespace.Delete(name));
        Assert.False(NetworkNamespace.Delete(name));
    }

    [RootFact]
    public void Threads_and_processes_started_inside_belong_to_it()
    {
        using var space = NetworkNamespace.Create();
        space.Run(() => Links.AddVeth("a0", "b0"));
        Assert.Null(LinkInfo.Find("a0"));

        string? inThread = null;
        var thread = space.NewThread("inside", () => inThread = LinkInfo.Find("a0")?.Name);
        thread.Start();
        thread.Join();
        Assert.Equal("a0", inThread);

        var names = space.Run(() =>
        {
            using var process = Process.Start(new ProcessStartInfo("cat", "/proc/self/net/dev") { RedirectStandardOutput = true })!;
            return process.StandardOutput.ReadToEnd();
        });
        Assert.Contains("a0:", names, StringComparison.Ordinal);
        // The pool's threads never entered it.
        Assert.Null(LinkInfo.Find("a0"));
    }

    [RootFact]
    public void An_exception_inside_reaches_the_caller()
    {
        using var space = NetworkNamespace.Create();
        Assert.Throws<InvalidOperationException>(() => space.Run(() => throw new InvalidOperationException("inside")));
    }

    [RootFact]
    public void Interfaces_are_made_changed_moved_and_deleted()
    {
        using var space = NetworkNamespace.Create();
        using var other = NetworkNamespace.Create();
        space.Run(() =>
        {
            Links.AddVeth("a0", "b0");
            Assert.False(LinkInfo.Get("a0").Up);
            Links.SetMac("a0", new MacAddress(0x0200_0000_00AA));
            Links.SetMtu("a0", 1600);
            Links.SetUp("a0");
            Assert.False(LinkInfo.Get("a0").Up);
            Links.SetUp("b0");
            Assert.True(LinkInfo.Get("a0") is { Up: true, Mtu: 1600, Mac.Value: 0x0200_0000_00AA });
            Assert.Equal((10_000_000_000ul, 0ul, 0ul), (Ethtool.SpeedOf("a0"), Ethtool.SpeedOf("lo"), Ethtool.SpeedOf("gone0")));
            Assert.Equal(["a0", "b0", "lo"], LinkInfo.All().Select(link => link.Name).Order(StringComparer.Ordinal));

            Links.Move("b0", other);
            Assert.Null(LinkInfo.Find("b0"));
            var trouble = Assert.Throws<HostException>(() => Links.AddVeth("a0", "c0"));
            Assert.Equal("cannot make interfaces a0 and c0: File exists", trouble.Message);
        });
        other.Run(() =>
        {
            Links.SetUp("b0");
            Links.AddAddress("b0", IpAddress.Parse("10.9.0.2"), 24);
            Links.AddRoute(IpAddress.Parse("10.8.0.0"), 16, IpAddress.Parse("10.9.0.1"));
            Links.AddRoute(IpAddress.Parse("0.0.0.0"), 0, IpAddress.Parse("10.9.0.1"));
            Assert.Contains("b0\t0000080A\t0100090A", File.ReadAllText("/proc/thread-self/net/route"), StringComparison.Ordinal);
            Assert.Contains("b0\t00000000\t0100090A", File.ReadAllText("/proc/thread-self/net/route"), StringComparison.Ordinal);
            Links.Delete("b0");
        });
        Assert.Null(space.Run(() => LinkInfo.Find("a0")));
    }

    [RootFact]
    public void Checksums_are_finished_in_software_when_the_offload_is_off()
    {
        using var space = NetworkNamespace.Create();
        using var far = NetworkNamespace.Create();
        space.Run(() =>
        {
            Sysctl.DisableIpv6();
            Links.AddVeth("a0", "b0", far);
            Links.SetUp("a0");
            Links.AddAddress("a0", IpAddress.Parse("10.9.0.1"), 24);
        });
        far.Run(() =>
        {
            Links.SetUp("b0");
            Links.AddAddress("b0", IpAddress.Parse("10.9.0.2"), 24);
        });
        using var watcher = far.Run(() => PacketSocket.Open(LinkInfo.Get("b0"), EtherType.Ipv4));
        using var sender = space.Run(() => UdpSocket.Open(new UdpEndpoint(IpAddress.Parse("10.9.0.1"), 1701)));

        Assert.NotEqual(0xFFFF, UdpSum());
        space.Run(() => Ethtool.SetOffloads("a0", Offloads.All, on: false));
        Assert.Equal(0xFFFF, UdpSum());
        space.Run(() => Ethtool.SetOffloads("a0", Offloads.TxChecksum, on: true));
        Assert.NotEqual(0xFFFF, UdpSum());

        var trouble = Assert.Throws<HostException>(() => space.Run(() => Ethtool.SetOffloads("none", Offloads.Gro, on: false)));
        Assert.Equal("cannot switch Gro of none off: No such device", trouble.Message);

        int UdpSum()
        {
            Assert.True(sender.Send(new UdpEndpoint(IpAddress.Parse("10.9.0.2"), 1701), [1, 2, 3, 4]));
            byte[] frame = [];
            ForwardingRig.Wait(() => watcher.Receive(received => frame = received.ToArray()) > 0);
            // The pseudo header (addresses, protocol 17, length 12), then UDP.
            var sum = 17 + 12;
            for (var at = 26; at < 46; at += 2) sum += BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(at));
            return (sum & 0xFFFF) + (sum >> 16);
        }
    }
}
