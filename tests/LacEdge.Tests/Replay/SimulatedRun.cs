using System.Text;
using LacEdge.Core.Config;
using LacEdge.Core.Lac;
using LacEdge.Lab.Peers;
using LacEdge.Recording;
using LacEdge.Simulator;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Tests.Replay;

/// <summary>A short life of a LAC in a virtual network, recorded: three subscribers, two LNSes, a ping, ends from all sides.</summary>
internal sealed class SimulatedRun : IDisposable
{
    public const string TunnelSecret = "tunnel-secret-of-the-run", Password = "wonder-land-password";

    private readonly string _folder = Directory.CreateTempSubdirectory("lacedge-replay-").FullName;

    /// <param name="hiding">Whether passwords cross the core side in the clear.</param>
    public SimulatedRun(ulong seed = 1, LinkFaults? faults = null, AvpHiding hiding = AvpHiding.Auto)
    {
        RecordingPath = Path.Combine(_folder, "recording.jsonl");
        Network = new VirtualNetwork(Config(hiding), seed, throughCore: true, RecordingPath) { Observer = Passed.Add };
        if (faults is not null) Network.SetFaults(faults);
        AddLns("a", LnsMode.Forced, PppAuthentication.Chap);
        AddLns("b", LnsMode.Renegotiate, PppAuthentication.Pap);
        Live();
        Network.EndRecording();
        Text = File.ReadAllText(RecordingPath);
    }

    public VirtualNetwork Network { get; }
    /// <summary>All that went over the LAC's wires.</summary>
    public List<Passed> Passed { get; } = [];
    public string RecordingPath { get; }
    public string Text { get; }
    public string[] Lines => Text.TrimEnd('\n').Split('\n');

    public static ReplayResult Replay(string text)
    {
        using var replayer = new Replayer(new RecordingReader(new StringReader(text)));
        return replayer.Run();
    }

    public string PathOf(string name) => Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Live()
    {
        var chap = Add(1, "alice@isp-a.example", PppAuthentication.Chap);
        var pap = Add(2, "bob@isp-b.example", PppAuthentication.Pap);
        var stray = Add(3, "carol@nowhere.example", PppAuthentication.Pap);
        foreach (var subscriber in (SimulatedSubscriber[])[chap, pap, stray]) Network.Dial(subscriber);
        Network.RunUntil(() => chap.State == SubscriberState.Up && pap.State == SubscriberState.Up, TimeSpan.FromSeconds(60));
        Network.Do(chap, s => s.Ping(0xCB007101, 1, 1, Network.Now));
        Network.Run(TimeSpan.FromSeconds(70));
        Network.HangUp(chap, HangUpKind.Padt);
        Network.Run(TimeSpan.FromSeconds(1));
        Network.Dial(chap);
        Network.RunUntil(() => chap.State == SubscriberState.Up, TimeSpan.FromSeconds(60));
        var bob = Network.Lac.Core.SessionsAfter(0).First(s => s.UserText == "bob@isp-b.example");
        Network.Lac.Command(new ClearSession(bob.Key, "by order"));
        Network.Run(TimeSpan.FromSeconds(10));
        Network.Lac.Link(0, false);
        Network.Run(TimeSpan.FromSeconds(1));
        Network.Lac.Link(0, true);
        Network.Lac.Command(new Shutdown());
        Network.Run(TimeSpan.FromSeconds(5));
    }

    private SimulatedSubscriber Add(int number, string user, PppAuthentication takes) => Network.AddSubscriber(new SubscriberOptions
    {
        Mac = new MacAddress(0x0200_0000_0000UL + (ulong)number),
        User = user,
        Password = Password,
        HostUniq = Bytes.Wrap([(byte)number]),
        Takes = takes,
    });

    private void AddLns(string name, LnsMode mode, PppAuthentication asks) => Network.AddLns(new LnsOptions
    {
        Name = $"lns-{name}",
        Endpoint = new UdpEndpoint(AddressOf(name), 1701),
        Secret = TunnelSecret,
        Mode = mode,
        Asks = asks,
        Passwords = _ => Password,
    });

    private static IpAddress AddressOf(string name) => IpAddress.Parse(name == "a" ? "198.51.100.1" : "198.51.100.2");

    private static LacConfig Config(AvpHiding hiding) => new()
    {
        Node = new NodeConfig { Name = "lac1" },
        Access =
        [
            new AccessServiceConfig { Name = "homes", Interfaces = ["eth1"], AcName = "lac1", ChallengeName = "lac1", Steering = "main" },
        ],
        Steering = [new SteeringListConfig("main", [new SteeringRuleConfig([new RealmTableTarget()])])],
        Isps = [Isp("a"), Isp("b")],
        Tunnels = [new TunnelProfile { Name = "wholesale", HostName = "lac1", Secret = Secret.FromText(TunnelSecret), Hiding = hiding }],
    };

    private static IspConfig Isp(string name) => new()
    {
        Name = $"isp-{name}",
        Realms = [$"isp-{name}.example"],
        Tunnel = "wholesale",
        Lns = [new LnsConfig { Name = $"lns-{name}", Address = AddressOf(name) }],
    };

    public static string Hex(string text) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text));
}
