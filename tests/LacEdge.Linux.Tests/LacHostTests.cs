using System.Collections.Concurrent;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Hosting;
using LacEdge.Linux.Namespaces;
using LacEdge.Linux.Netlink;
using LacEdge.Linux.Sockets;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Linux.Tests;

public sealed class LacHostTests
{
    private const string Padi = "ffffffffffff0200000000018863110900000004" + "01010000";

    [RootFact]
    public void Subscribers_are_answered_again_when_the_access_interface_has_come_back()
    {
        using var space = NetworkNamespace.Create();
        using var far = NetworkNamespace.Create();
        var state = Directory.CreateTempSubdirectory("lacedge-test");
        var events = new ConcurrentQueue<LacEvent>();
        LacHost? host = null;
        var thread = space.NewThread("host", () =>
        {
            Connect(far);
            using (host = new LacHost(Config(state.FullName), null, events.Enqueue)) host.Run();
        });
        try
        {
            thread.Start();
            ForwardingRig.Wait(() => host is not null);
            Assert.StartsWith("020000000001" + "0200000000fe" + "88631107", Discover(far), StringComparison.Ordinal);

            space.Run(() => Links.Delete("acc0"));
            ForwardingRig.Wait(() => Happened("access interface acc0 is gone"));
            space.Run(() => Connect(far));
            ForwardingRig.Wait(() => Happened("access interface acc0 is back"));
            Assert.StartsWith("020000000001" + "0200000000fe" + "88631107", Discover(far), StringComparison.Ordinal);
        }
        finally
        {
            host?.Stop();
            thread.Join();
            state.Delete(recursive: true);
        }

        bool Happened(string what) => events.OfType<HostTrouble>().Any(trouble => trouble.What == what);
    }

    private static void Connect(NetworkNamespace far)
    {
        Sysctl.DisableIpv6();
        Links.AddVeth("acc0", "sub0", far);
        Links.SetMac("acc0", new MacAddress(0x0200_0000_00FE));
        Links.SetUp("acc0");
        far.Run(() => Links.SetUp("sub0"));
        far.Run(() => Links.SetMac("sub0", new MacAddress(0x0200_0000_0001)));
    }

    /// <summary>Repeats PADI until there is an answer.</summary>
    private static string Discover(NetworkNamespace far)
    {
        using var socket = far.Run(() => PacketSocket.Open(LinkInfo.Get("sub0"), EtherType.PppoeDiscovery));
        var answer = "";
        ForwardingRig.Wait(() =>
        {
            socket.Send(Convert.FromHexString(Padi));
            Thread.Sleep(5);
            return socket.Receive(frame => answer = Convert.ToHexStringLower(frame)) > 0;
        });
        return answer;
    }

    private static LacConfig Config(string stateDirectory) => new()
    {
        Node = new NodeConfig { Name = "lac1", StateDirectory = stateDirectory },
        Access =
        [
            new AccessServiceConfig
            {
                Name = "residential",
                Interfaces = ["acc0"],
                AcName = "lac1",
                ChallengeName = "lac1",
                Lns = new LnsConfig { Name = "lns1", Address = IpAddress.Parse("192.0.2.1") },
                Tunnel = "wholesale",
            },
        ],
        Tunnels = [new TunnelProfile { Name = "wholesale", HostName = "lac1" }],
    };
}
