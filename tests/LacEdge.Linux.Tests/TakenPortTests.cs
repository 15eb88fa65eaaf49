using System.Collections.Concurrent;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Hosting;
using LacEdge.Lab;
using LacEdge.Lab.Peers;
using LacEdge.Linux.Sockets;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Linux.Tests;

public sealed class TakenPortTests
{
    [RootFact]
    public void When_another_program_has_port_1701_the_log_says_so_and_the_tunnel_takes_another()
    {
        var isp = new LabIsp("isp1", "198.18.0.11", 0x64400001, 0x64400100, LnsMode.Forced);
        using var network = LabNetwork.Create($"lacedge-test-{Environment.ProcessId}", [isp.Address]);
        using var other = network.Lac.Run(() => UdpSocket.Open(new UdpEndpoint(LabNetwork.LacAddress, 1701)));
        using var loop = new ControlLoop();
        using var peers = new PeerHost(loop, seed: 1);
        var link = network.Access.Run(() => peers.AddLink(network.AccessPeer()));
        var lns = peers.AddLns(isp.LnsOptions(), seed: 2, network.Core.Run(() => UdpSocket.Open(new UdpEndpoint(isp.Address, 1701))));
        var user = isp.UserName(0);
        var subscriber = peers.Fleet.Add(new SubscriberOptions
        {
            Mac = new MacAddress(0x0200_5E00_0000),
            User = user,
            Password = LabIsp.PasswordOf(user),
            Link = link,
        });

        var state = Directory.CreateTempSubdirectory("lacedge-test");
        var events = new ConcurrentQueue<LacEvent>();
        LacHost? host = null;
        var lac = network.Lac.NewThread("host", () =>
        {
            using (host = new LacHost(Config(isp, state.FullName), null, events.Enqueue)) host.Run();
        });
        var others = new Thread(() => loop.Run(() => peers.NextTimeout, peers.HandleTimeout));
        try
        {
            lac.Start();
            others.Start();
            ForwardingRig.Wait(() => host is not null);
            loop.Post(() => peers.Do(subscriber, s => s.Dial(SystemClock.Now)));
            ForwardingRig.Wait(() => subscriber.State == SubscriberState.Up);

            var trouble = Assert.Single(events.OfType<HostTrouble>());
            Assert.Equal("UDP 198.18.0.1:1701 cannot be opened: UDP port 1701 of 198.18.0.1 is taken by another program", trouble.What);
            Assert.InRange(Assert.Single(lns.Tunnels).Peer.Port, 49152, 53247);
        }
        finally
        {
            host?.Stop();
            lac.Join();
            loop.Stop();
            others.Join();
            state.Delete(recursive: true);
        }
    }

    private static LacConfig Config(LabIsp isp, string stateDirectory) => new()
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
                Lns = new LnsConfig { Name = "lns1", Address = isp.Address },
                Tunnel = "wholesale",
            },
        ],
        Tunnels =
        [
            new TunnelProfile { Name = "wholesale", HostName = "lac1", SourceAddress = LabNetwork.LacAddress, Secret = Secret.FromText(isp.Secret) },
        ],
    };
}
