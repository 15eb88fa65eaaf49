using System.Collections.Concurrent;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Hosting;
using LacEdge.Lab;
using LacEdge.Lab.Peers;
using LacEdge.Linux.Namespaces;
using LacEdge.Linux.Sockets;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Linux.Tests;

/// <summary>The whole program with real sockets towards its LNSes: over IPv6, and bound to devices.</summary>
public sealed class TunnelTransportTests
{
    private static readonly LabIsp _one = new("isp1", "198.18.0.11", 0x64400001, 0x64400100, LnsMode.Forced);
    private static readonly LabIsp _two = new("isp2", "198.18.0.11", 0x64500001, 0x64500100, LnsMode.Forced);

    [RootTheory]
    [InlineData("fd00:18::1")]
    [InlineData("")]
    public void Tunnels_over_IPv6_carry_subscribers(string sourceAddress)
    {
        var isp = new LabIsp("isp1", "fd00:18::11", 0x64400001, 0x64400100, LnsMode.Forced);
        using var network = LabNetwork.Create($"lacedge-test-{Environment.ProcessId}", []);
        network.Lac.Run(() => AddIpv6(LabNetwork.CoreInterface, "fd00:18::1"));
        network.Core.Run(() => AddIpv6("lab0", "fd00:18::11"));
        var profile = new TunnelProfile
        {
            Name = "isp1",
            HostName = "lac1",
            SourceAddress = sourceAddress.Length == 0 ? default : IpAddress.Parse(sourceAddress),
            Secret = Secret.FromText(isp.Secret),
            Persistent = true,
        };
        Run(network, [(isp, profile, network.Core)], lnses =>
        {
            var tunnel = Assert.Single(lnses[0].Tunnels);
            Assert.Equal("[fd00:18::1]:1701", tunnel.Peer.ToString());
        });
    }

    /// <summary>A device stands for a VRF: not every kernel has those, and binding is the same.</summary>
    [RootFact]
    public void Two_ISPs_with_one_LNS_address_are_told_apart_by_the_device()
    {
        using var network = LabNetwork.Create($"lacedge-test-{Environment.ProcessId}", [_one.Address]);
        using var other = NetworkNamespace.Create($"lacedge-test-{Environment.ProcessId}-other");
        network.Lac.Run(() =>
        {
            Links.AddVeth("eth2", "lab0", other);
            Links.AddAddress("eth2", IpAddress.Parse("198.18.0.2"), 24);
            Links.SetUp("eth2");
            // Two networks with the same addresses: a packet's way back is not the one of the route table.
            foreach (var name in (string[])["all", LabNetwork.CoreInterface, "eth2"]) Sysctl.Set($"ipv4/conf/{name}/rp_filter", "0");
        });
        other.Run(() =>
        {
            Sysctl.DisableIpv6();
            Links.AddAddress("lab0", _two.Address, 24);
            Links.SetUp("lab0");
        });
        TunnelProfile Through(LabIsp isp, string device) => new()
        {
            Name = isp.Name,
            HostName = $"lac-{isp.Name}",
            Vrf = device,
            Secret = Secret.FromText(isp.Secret),
            Persistent = true,
        };
        Run(network, [(_one, Through(_one, LabNetwork.CoreInterface), network.Core), (_two, Through(_two, "eth2"), other)], lnses =>
        {
            Assert.Equal("198.18.0.1:1701", Assert.Single(lnses[0].Tunnels).Peer.ToString());
            Assert.Equal("198.18.0.2:1701", Assert.Single(lnses[1].Tunnels).Peer.ToString());
            Assert.All(lnses, lns => Assert.Equal(1, lns.CallCount));
        });
    }

    [RootFact]
    public void A_device_that_is_not_there_is_named()
    {
        using var space = NetworkNamespace.Create($"lacedge-test-{Environment.ProcessId}");
        var trouble = Assert.Throws<HostException>(() =>
            space.Run(() => UdpSocket.Open(new UdpEndpoint(default, 1701), new LacEdge.Core.UdpSocketOptions("vrf-x"))));
        Assert.Equal("there is no device 'vrf-x' to bind a UDP socket to", trouble.Message);
    }

    private static void AddIpv6(string device, string address)
    {
        Sysctl.Set($"ipv6/conf/{device}/disable_ipv6", "0");
        Links.AddAddress(device, IpAddress.Parse(address), 64);
    }

    /// <summary>One subscriber of each ISP dials and is up; then <paramref name="check"/>.</summary>
    private static void Run(
        LabNetwork network, (LabIsp Isp, TunnelProfile Profile, NetworkNamespace Place)[] isps, Action<IReadOnlyList<EmbeddedLns>> check)
    {
        using var loop = new ControlLoop();
        // Each ISP in a host of its own: two LNSes may have one address.
        var hosts = isps.Select((_, i) => new PeerHost(loop, seed: (ulong)i + 1)).ToList();
        var peers = hosts[0];
        var link = network.Access.Run(() => peers.AddLink(network.AccessPeer()));
        EmbeddedLns[] lnses =
        [
            .. isps.Select((one, i) => hosts[i].AddLns(
                one.Isp.LnsOptions(), (ulong)i + 2, one.Place.Run(() => UdpSocket.Open(new UdpEndpoint(one.Isp.Address, 1701))))),
        ];
        SimulatedSubscriber[] subscribers =
        [
            .. isps.Select((one, i) => peers.Fleet.Add(new SubscriberOptions
            {
                Mac = new MacAddress(0x0200_5E00_0000 + (ulong)i),
                User = one.Isp.UserName(0),
                Password = LabIsp.PasswordOf(one.Isp.UserName(0)),
                Link = link,
            })),
        ];

        var state = Directory.CreateTempSubdirectory("lacedge-test");
        var events = new ConcurrentQueue<LacEvent>();
        LacHost? host = null;
        var lac = network.Lac.NewThread("host", () =>
        {
            using (host = new LacHost(Config(isps, state.FullName), null, events.Enqueue)) host.Run();
        });
        var others = new Thread(() => loop.Run(() => hosts.Min(one => one.NextTimeout), now => hosts.ForEach(one => one.HandleTimeout(now))));
        try
        {
            lac.Start();
            others.Start();
            // Persistent tunnels are there before anybody dials.
            ForwardingRig.Wait(() => events.OfType<TunnelUp>().Count() == isps.Length);
            foreach (var subscriber in subscribers) loop.Post(() => peers.Do(subscriber, s => s.Dial(SystemClock.Now)));
            ForwardingRig.Wait(() => subscribers.All(subscriber => subscriber.State == SubscriberState.Up));
            check(lnses);
            Assert.Empty(events.OfType<HostTrouble>());
        }
        finally
        {
            host?.Stop();
            lac.Join();
            loop.Stop();
            others.Join();
            hosts.ForEach(one => one.Dispose());
            state.Delete(recursive: true);
        }
    }

    private static LacConfig Config((LabIsp Isp, TunnelProfile Profile, NetworkNamespace Place)[] isps, string stateDirectory) => new()
    {
        Node = new NodeConfig { Name = "lac1", StateDirectory = stateDirectory },
        Access =
        [
            new AccessServiceConfig
            {
                Name = "residential",
                Interfaces = [LabNetwork.AccessInterface],
                AcName = "lac1",
                ChallengeName = "lac1",
                Steering = "main",
            },
        ],
        Steering = [new SteeringListConfig("main", [new SteeringRuleConfig([new RealmTableTarget()])])],
        Isps =
        [
            .. isps.Select(one => new IspConfig
            {
                Name = one.Isp.Name,
                Realms = [one.Isp.Realm],
                Tunnel = one.Profile.Name,
                Lns = [new LnsConfig { Name = one.Isp.Name, Address = one.Isp.Address }],
            }),
        ],
        Tunnels = [.. isps.Select(one => one.Profile)],
    };
}
