using System.Collections.Immutable;
using LacEdge.Core.Config;
using LacEdge.Core.Lac;
using LacEdge.Lab.Peers;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Simulator.Runs;

/// <summary>A run broke a rule; the message is one sentence.</summary>
public sealed class RunException(string message) : Exception(message);

/// <summary>What the network of a run is made of.</summary>
internal sealed record RunOptions
{
    public required ulong Seed { get; init; }
    public AuthenticationProtocol Authentication { get; init; } = AuthenticationProtocol.ChapMd5;
    public string Secret { get; init; } = "tunnel-secret";
    public bool ThroughCore { get; init; }
    /// <summary>One ISP with two LNSes, the first preferred; else two ISPs with one each.</summary>
    public bool OneIsp { get; init; }
    public AvpHiding Hiding { get; init; } = AvpHiding.Auto;
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);
    public TimeSpan SetupTimeout { get; init; } = TimeSpan.FromSeconds(20);
    public TimeSpan Redial { get; init; } = TimeSpan.FromSeconds(5);
    /// <summary>PADT may be lost: without echoes a subscriber would believe in its session for ever.</summary>
    public PppTimers SubscriberTimers { get; init; } = new() { EchoInterval = TimeSpan.FromSeconds(15), EchoFailures = 4 };
    /// <summary>What is different with an LNS.</summary>
    public Func<LnsOptions, LnsOptions> Lns { get; init; } = lns => lns;
}

/// <summary>A network with two LNSes and its checks. Subscribers of even numbers are of ISP 1, those of odd ones of ISP 2.</summary>
internal sealed class RunNetwork
{
    public const string Password = "wonder-land";
    private static readonly IpAddress _a = IpAddress.Parse("198.51.100.1"), _b = IpAddress.Parse("198.51.100.2");
    private readonly RunOptions _options;

    public RunNetwork(RunOptions options)
    {
        _options = options;
        Network = new VirtualNetwork(Config(options), options.Seed, options.ThroughCore);
        foreach (var (name, address, client) in ((string, IpAddress, uint)[])[("a", _a, 0x0A010001), ("b", _b, 0x0A020001)])
        {
            Network.AddLns(options.Lns(new LnsOptions
            {
                Name = $"lns-{name}.example.net",
                Endpoint = new UdpEndpoint(address, 1701),
                Secret = options.Secret,
                Asks = options.Authentication == AuthenticationProtocol.Pap ? PppAuthentication.Pap : PppAuthentication.Chap,
                Passwords = _ => Password,
                FirstClientAddress = client,
            }));
        }
    }

    public VirtualNetwork Network { get; }
    public Lac Lac => Network.Lac.Core;
    public IReadOnlyList<SimulatedSubscriber> Subscribers => Network.Subscribers.Subscribers;

    public SimulatedSubscriber Add(int number, string? user = null, string password = Password) => Network.AddSubscriber(new SubscriberOptions
    {
        Mac = new MacAddress(0x0200_0000_0000UL + (uint)number + 1),
        User = user ?? $"user{number}@isp{number % 2 + 1}.example",
        Password = password,
        HostUniq = Bytes.Wrap([(byte)(number >> 8), (byte)number]),
        Takes = _options.Authentication == AuthenticationProtocol.Pap ? PppAuthentication.Pap : PppAuthentication.Chap,
        Redial = _options.Redial,
        Timers = _options.SubscriberTimers,
    });

    /// <summary>What the LAC broke, and with healthy messages also what its peers hold against it.</summary>
    public void Check(bool peersToo)
    {
        Network.Lac.Invariants.CheckState();
        var problems = Network.Lac.Invariants.Breaches.AsEnumerable();
        if (peersToo) problems = problems.Concat(Network.Lnses.SelectMany(lns => lns.Violations)).Concat(Subscribers.SelectMany(one => one.Violations));
        if (problems.FirstOrDefault() is { } problem) throw new RunException(problem);
    }

    /// <summary>Everybody up; who is not is told.</summary>
    public void AllUp(IEnumerable<SimulatedSubscriber> subscribers, TimeSpan limit)
    {
        var wanted = subscribers.ToArray();
        if (Network.RunUntil(() => wanted.All(one => one.State == SubscriberState.Up), limit)) return;
        var down = wanted.Where(one => one.State != SubscriberState.Up).ToArray();
        var last = Network.Lac.Events.Count == 0 ? "nothing happened" : Network.Lac.Events[^1].ToString();
        throw new RunException($"{down.Length} of {wanted.Length} are not up after {limit.TotalSeconds:0} s, first {down[0].Options.User}: {down[0].State} "
            + $"{down[0].LastEnd} {down[0].LastText}; last event: {last}");
    }

    /// <summary>"Disconnect all": the LAC ends everything, nobody hears the subscribers dial again, and after the longest deadline nothing is left.</summary>
    public void DisconnectAll(bool shutdown)
    {
        Network.FromSubscribers = Network.ToSubscribers = LinkFaults.Cut;
        if (shutdown) Network.Lac.Command(new Shutdown());
        else
        {
            // A PADR may still be under way.
            Network.Run(TimeSpan.FromSeconds(1));
            foreach (var key in Lac.SessionsAfter(0).Select(session => session.Key).ToArray()) Network.Lac.Command(new ClearSession(key, "disconnect all"));
        }

        Network.Run(TimeSpan.FromSeconds(240));
        var plane = Network.Lac.DataPlane;
        var left = $"{Lac.SessionCount} sessions, {Lac.Tunnels.Count} tunnels, {Lac.RunningTimers} timers, {Lac.IdsInUse} ids, {Lac.HalfOpenSessions} half-open, "
            + $"{Network.Lac.OpenSockets} sockets, {plane.SessionCount} spliced, {plane.TunnelCount} installed, {Network.InFlight} in flight, "
            + $"{Network.Lnses.Sum(lns => lns.CallCount)} calls, {Network.Lnses.Sum(lns => lns.Tunnels.Count(one => one.State == LnsTunnelState.Established))} tunnels of LNSes";
        if (left.Split(", ").Any(part => !part.StartsWith("0 ", StringComparison.Ordinal))) throw new RunException($"left after disconnect all: {left}");
    }

    private static LacConfig Config(RunOptions options)
    {
        var a = new LnsConfig { Name = "lns-a", Address = _a, Preference = 10 };
        var b = new LnsConfig { Name = "lns-b", Address = _b, Preference = 20 };
        ImmutableArray<IspConfig> isps = options.OneIsp
            ? [new IspConfig { Name = "isp1", Realms = ["isp1.example", "isp2.example"], Tunnel = "wholesale", Lns = [a, b] }]
            :
            [
                new IspConfig { Name = "isp1", Realms = ["isp1.example"], Tunnel = "wholesale", Lns = [a] },
                new IspConfig { Name = "isp2", Realms = ["isp2.example"], Tunnel = "wholesale", Lns = [b] },
            ];
        return new LacConfig
        {
            Node = new NodeConfig { Name = "lac1" },
            Access =
            [
                new AccessServiceConfig
                {
                    Name = "residential",
                    Interfaces = ["eth1"],
                    AcName = "lac1",
                    ChallengeName = "lac1",
                    Authentication = [options.Authentication],
                    Steering = "main",
                    Ppp = new PppConfig { SetupTimeout = options.SetupTimeout },
                },
            ],
            Steering = [new SteeringListConfig("main", [new SteeringRuleConfig([new RealmTableTarget()])])],
            Isps = isps,
            Tunnels =
            [
                new TunnelProfile
                {
                    Name = "wholesale",
                    HostName = "lac1.example.net",
                    Secret = options.Secret.Length == 0 ? default : Secret.FromText(options.Secret),
                    Hiding = options.Hiding,
                    IdleTimeout = options.IdleTimeout,
                },
            ],
        };
    }
}
