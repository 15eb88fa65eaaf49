using System.Collections.Immutable;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Lab.Peers;
using LacEdge.Simulator;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Tests.Simulation;

/// <summary>What a simulation is made of; everything has a default.</summary>
internal sealed record ScenarioOptions
{
    public ulong Seed { get; init; } = 1;
    public LnsMode Mode { get; init; } = LnsMode.Forced;
    public AuthenticationProtocol Authentication { get; init; } = AuthenticationProtocol.ChapMd5;
    public string Secret { get; init; } = "tunnel-secret";
    public bool ThroughCore { get; init; }
    /// <summary>One ISP with two LNSes, the first preferred; else two ISPs with one each.</summary>
    public bool OneIsp { get; init; }
    public AvpHiding Hiding { get; init; } = AvpHiding.Auto;
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);
    /// <summary>What else is different with the tunnel profile.</summary>
    public Func<TunnelProfile, TunnelProfile> Tunnel { get; init; } = profile => profile;
    public Func<string, LnsOptions>? Lns { get; init; }
    public TimeSpan? Redial { get; init; }
    /// <summary>Of the subscribers.</summary>
    public PppTimers Timers { get; init; } = PppTimers.Default;
    public TimeSpan SetupTimeout { get; init; } = TimeSpan.FromSeconds(20);
    public int SessionsPerMac { get; init; } = 1;
    /// <summary>The last word on the access service.</summary>
    public Func<AccessServiceConfig, AccessServiceConfig> Service { get; init; } = service => service;
    public PeerProfile PeerOfA { get; init; } = PeerProfile.Default;
    public PeerProfile PeerOfB { get; init; } = PeerProfile.Default;
    /// <summary>The last word on everything.</summary>
    public Func<LacConfig, LacConfig> Config { get; init; } = config => config;
}

/// <summary>Two LNSes, some subscribers and the LAC between them. Even subscribers are of ISP 1, odd ones of ISP 2.</summary>
internal sealed class Scenario
{
    public const string Password = "wonder-land";
    public static readonly UdpEndpoint LnsA = new(IpAddress.Parse("198.51.100.1"), 1701);
    public static readonly UdpEndpoint LnsB = new(IpAddress.Parse("198.51.100.2"), 1701);

    public Scenario(ScenarioOptions options)
    {
        Options = options;
        Network = new VirtualNetwork(options.Config(Config(options)), options.Seed, options.ThroughCore) { Observer = passed => Passed.Add(passed) };
        foreach (var name in (string[])["a", "b"]) Network.AddLns(options.Lns?.Invoke(name) ?? LnsOptionsFor(name, options));
    }

    public ScenarioOptions Options { get; }
    public VirtualNetwork Network { get; }
    public EmbeddedLns A => Network.Lnses[0];
    public EmbeddedLns B => Network.Lnses[1];
    public LacNode Lac => Network.Lac;
    public IReadOnlyList<SimulatedSubscriber> Subscribers => Network.Subscribers.Subscribers;
    /// <summary>Everything that the LAC sent and got, in order.</summary>
    public List<Passed> Passed { get; } = [];

    /// <summary>A scenario with this many subscribers, all up.</summary>
    public static Scenario Up(ScenarioOptions options, int subscribers, TimeSpan? limit = null)
    {
        var scenario = new Scenario(options);
        for (var i = 0; i < subscribers; i++) scenario.Network.Dial(scenario.Add(i));
        scenario.WaitAllUp(limit ?? TimeSpan.FromSeconds(30));
        return scenario;
    }

    public static LnsOptions LnsOptionsFor(string name, ScenarioOptions options, Func<string, string?>? passwords = null) => new()
    {
        Name = $"lns-{name}.example.net",
        Endpoint = name == "a" ? LnsA : LnsB,
        Secret = options.Secret,
        Mode = options.Mode,
        Asks = InThePeersWords(options.Authentication),
        Passwords = passwords ?? (_ => Password),
        ServerAddress = name == "a" ? 0x0A000001u : 0x0A000002u,
        FirstClientAddress = name == "a" ? 0x0A010001u : 0x0A020001u,
    };

    /// <param name="tags">Further ones of PADI and PADR.</param>
    public SimulatedSubscriber Add(int number, string? user = null, string password = Password, VlanStack vlans = default, Bytes tags = default) =>
        Network.AddSubscriber(new()
        {
            Mac = new MacAddress(0x0200_0000_0000UL + (uint)number + 1),
            User = user ?? $"user{number}@isp{number % 2 + 1}.example",
            Password = password,
            Vlans = vlans,
            HostUniq = Bytes.Wrap([(byte)(number >> 8), (byte)number]),
            ExtraTags = tags,
            Takes = InThePeersWords(Options.Authentication),
            Redial = Options.Redial,
            Timers = Options.Timers,
        });

    /// <summary>Everyone to the first LNS, whatever the name.</summary>
    public static AccessServiceConfig ToLnsA(AccessServiceConfig service) => service with
    {
        Steering = null,
        Lns = new LnsConfig { Name = "lns-a", Address = LnsA.Address },
        Tunnel = "wholesale",
    };

    private static PppAuthentication InThePeersWords(AuthenticationProtocol protocol) => protocol switch
    {
        AuthenticationProtocol.Pap => PppAuthentication.Pap,
        AuthenticationProtocol.ChapMd5 => PppAuthentication.Chap,
        AuthenticationProtocol.MsChapV1 => PppAuthentication.MsChapV1,
        AuthenticationProtocol.MsChapV2 => PppAuthentication.MsChapV2,
        AuthenticationProtocol.Eap => PppAuthentication.Eap,
        AuthenticationProtocol.None => PppAuthentication.None,
    };

    public void WaitAllUp(TimeSpan limit)
    {
        var up = Network.RunUntil(() => Subscribers.All(s => s.State == SubscriberState.Up), limit);
        var down = Subscribers.Where(s => s.State != SubscriberState.Up).ToList();
        var first = down.FirstOrDefault();
        Assert.True(up, $"{down.Count} of {Subscribers.Count} not up, first: {first?.State} {first?.LastEnd} {first?.LastText}; {Problems()}; "
            + $"last events: {string.Join("; ", Lac.Events.TakeLast(3))}");
    }

    public void PingAll(int attempts = 1)
    {
        foreach (var subscriber in Subscribers)
        {
            var before = subscriber.Ppp!.PingRepliesReceived;
            for (ushort i = 1; i <= attempts && subscriber.Ppp.PingRepliesReceived == before; i++)
            {
                var sequence = i;
                Network.Do(subscriber, s => Assert.True(s.Ping(0xCB007101, 1, sequence, Network.Now)));
                Network.Run(TimeSpan.FromMilliseconds(100));
            }

            Assert.True(subscriber.Ppp.PingRepliesReceived > before, $"{subscriber.Options} has no answer to its ping");
        }
    }

    public IReadOnlyList<T> Events<T>() where T : LacEvent => Lac.EventsOf<T>().ToList();

    /// <summary>The end of this subscriber's session, as the operator sees it.</summary>
    public SessionDown Down(SimulatedSubscriber subscriber) => Events<SessionDown>().Single(e => e.User == subscriber.Options.User);
    public SessionFailed Failed(SimulatedSubscriber subscriber) => Events<SessionFailed>().Single(e => e.User == subscriber.Options.User);
    public static LnsCall Ended(EmbeddedLns lns, SimulatedSubscriber subscriber) =>
        lns.EndedCalls.Single(call => call.User == subscriber.Options.User);

    /// <summary>Nobody broke a rule.</summary>
    public void AssertClean()
    {
        Lac.Invariants.CheckState();
        Assert.True(Problems().Length == 0, Problems());
    }

    /// <summary>Runs until every deadline is over, then demands that nothing is left anywhere.</summary>
    public void AssertNothingLeft()
    {
        Network.Run(TimeSpan.FromSeconds(300));
        var core = Lac.Core;
        Assert.Equal(
            "0 sessions, 0 tunnels, 0 timers, 0 sockets, 0 spliced, 0 installed tunnels, 0 in flight",
            $"{core.SessionCount} sessions, {core.Tunnels.Count} tunnels, {core.RunningTimers} timers, {Lac.OpenSockets} sockets, "
            + $"{Lac.DataPlane.SessionCount} spliced, {Lac.DataPlane.TunnelCount} installed tunnels, {Network.InFlight} in flight");
        foreach (var lns in Network.Lnses) Assert.Equal((0, 0), (lns.CallCount, lns.Tunnels.Count));
    }

    private string Problems() => string.Join("; ", Lac.Invariants.Breaches
        .Concat(Network.Lnses.SelectMany(lns => lns.Violations)).Concat(Subscribers.SelectMany(s => s.Violations)).Take(5));

    private static LacConfig Config(ScenarioOptions options)
    {
        var a = new LnsConfig { Name = "lns-a", Address = LnsA.Address, Preference = 10, PeerProfile = options.PeerOfA.Name };
        var b = new LnsConfig { Name = "lns-b", Address = LnsB.Address, Preference = 20, PeerProfile = options.PeerOfB.Name };
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
                options.Service(new AccessServiceConfig
                {
                    Name = "residential",
                    Interfaces = ["eth1"],
                    AcName = "lac1",
                    ChallengeName = "lac1",
                    Authentication = [options.Authentication],
                    Steering = "main",
                    Ppp = new PppConfig { SetupTimeout = options.SetupTimeout },
                    Limits = new AccessLimitsConfig { PerMac = options.SessionsPerMac },
                }),
            ],
            PeerProfiles = [.. new[] { options.PeerOfA, options.PeerOfB }.Distinct().Where(peer => peer != PeerProfile.Default)],
            Steering = [new SteeringListConfig("main", [new SteeringRuleConfig([new RealmTableTarget()])])],
            Isps = isps,
            Tunnels =
            [
                options.Tunnel(new TunnelProfile
                {
                    Name = "wholesale",
                    HostName = "lac1.example.net",
                    Secret = options.Secret.Length == 0 ? default : Secret.FromText(options.Secret),
                    Hiding = options.Hiding,
                    IdleTimeout = options.IdleTimeout,
                }),
            ],
        };
    }
}
