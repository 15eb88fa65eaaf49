using System.Buffers;
using LacEdge.Configuration;
using LacEdge.Core.Lac;
using LacEdge.Lab.Peers;
using LacEdge.Simulator;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;
using LacEdge.Wire.Pcap;

namespace LacEdge.Tests.Replay;

/// <summary>The one scenario that needs no real peers: two simulated subscribers, one LNS for each, ends from three sides.</summary>
internal static class SimulatedScenario
{
    public const string Name = "simulated";
    private const string Secret = "simulated-secret", Password = "simulated-password";
    /// <summary>2026-01-01T00:00:00Z.</summary>
    private const long Epoch = 1_767_225_600_000_000_000;

    private static readonly IpAddress _lac = IpAddress.Parse("192.0.2.1");
    private static readonly MacAddress _coreMac = new(0x02FE_0000_0100), _lnsMac = new(0x02FE_0000_0200);

    /// <summary>Captures and configuration; the recording is made from them.</summary>
    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var yaml = Path.Combine(folder, "lacedge.yaml");
        File.WriteAllText(yaml, Yaml);
        var config = ConfigFile.Load(yaml).Config ?? throw new InvalidOperationException("the scenario's configuration has errors");

        var passed = new List<Passed>();
        var network = new VirtualNetwork(config, seed: 2026, throughCore: true) { Observer = passed.Add };
        network.SetFaults(LinkFaults.Perfect with { Delay = TimeSpan.FromMilliseconds(1) });
        AddLns(network, "198.51.100.1", LnsMode.Forced, PppAuthentication.Chap);
        AddLns(network, "198.51.100.2", LnsMode.Renegotiate, PppAuthentication.Pap);
        Live(network);
        File.WriteAllBytes(Path.Combine(folder, "access.pcap"), Capture(passed.Where(p => p.Group >= 0), p => p.Octets));
        File.WriteAllBytes(Path.Combine(folder, "core.pcap"), Capture(passed.Where(p => p.Group < 0), CoreFrame));
    }

    private const string Yaml = $$"""
        # The LAC of a scenario in virtual time.
        node: { name: lac.simulated }
        access:
          residential:
            interfaces: { eth1: {} }
            authentication: [chap, pap]
            steering: main
        steering:
          main:
            - { to: [ { realm-table: {} } ] }
        isps:
          isp1: { realms: [isp1.example], tunnel: wholesale, lns: { a: { address: 198.51.100.1 } } }
          isp2: { realms: [isp2.example], tunnel: wholesale, lns: { b: { address: 198.51.100.2 } } }
        tunnels:
          wholesale: { secret: { inline: {{Secret}} }, source-address: 192.0.2.1 }

        """;

    private static void Live(VirtualNetwork network)
    {
        var first = Add(network, 1, "alice@isp1.example", PppAuthentication.Chap);
        var second = Add(network, 2, "bob@isp2.example", PppAuthentication.Pap);
        network.Dial(first);
        network.Dial(second);
        bool AreUp() => first.State == SubscriberState.Up && second.State == SubscriberState.Up;
        Assert.True(network.RunUntil(AreUp, TimeSpan.FromSeconds(30)));
        foreach (var subscriber in (SimulatedSubscriber[])[first, second])
        {
            network.Do(subscriber, s => s.Ping(0xCB007101, 1, 1, network.Now));
            network.Run(TimeSpan.FromSeconds(1));
        }

        network.HangUp(first, HangUpKind.Terminate);
        network.Run(TimeSpan.FromSeconds(1));
        network.Dial(first);
        Assert.True(network.RunUntil(() => first.State == SubscriberState.Up, TimeSpan.FromSeconds(30)));
        network.HangUp(second, HangUpKind.Padt);
        network.Run(TimeSpan.FromSeconds(1));
        network.Lac.Command(new Shutdown());
        network.Run(TimeSpan.FromSeconds(2));
    }

    private static SimulatedSubscriber Add(VirtualNetwork network, int number, string user, PppAuthentication takes) =>
        network.AddSubscriber(new SubscriberOptions
        {
            Mac = new MacAddress(0x0200_0000_0000UL + (ulong)number),
            User = user,
            Password = Password,
            HostUniq = Bytes.Wrap([(byte)number]),
            Takes = takes,
        });

    private static void AddLns(VirtualNetwork network, string address, LnsMode mode, PppAuthentication asks) =>
        network.AddLns(new LnsOptions
        {
            Name = $"lns-{address}",
            Endpoint = new UdpEndpoint(IpAddress.Parse(address), 1701),
            Secret = Secret,
            Mode = mode,
            Asks = asks,
            Passwords = _ => Password,
        });

    private static byte[] Capture(IEnumerable<Passed> passed, Func<Passed, byte[]> frameOf)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new PcapWriter(output, LinkType.Ethernet);
        foreach (var one in passed) writer.WritePacket(Epoch + one.At.Nanoseconds, frameOf(one));
        return output.WrittenSpan.ToArray();
    }

    private static byte[] CoreFrame(Passed passed)
    {
        var writer = new WireWriter(new byte[2048]);
        var toLns = passed.Side == Simulator.Side.ToLns;
        var (local, remote) = (new UdpEndpoint(_lac, passed.Local.Port), passed.Remote);
        EthernetFrame.WriteHeader(ref writer, toLns ? _lnsMac : _coreMac, toLns ? _coreMac : _lnsMac, VlanStack.Untagged, EtherType.Ipv4);
        UdpHeader.WritePacket(ref writer, toLns ? local : remote, toLns ? remote : local, passed.Octets);
        return writer.Written.ToArray();
    }
}
