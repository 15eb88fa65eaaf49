using System.Collections.Immutable;
using LacEdge.Core.Config;
using LacEdge.Lab.Peers;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Fuzz.LacSequences;

/// <summary>One Lac among its peers: configuration and habits, drawn from 32 bits.</summary>
internal sealed class LacVariant(uint bits)
{
    public const int Subscribers = 6;
    public const string Secret = "tunnel-secret", Password = "wonder-land";
    private static readonly UdpEndpoint _lnsA = new(IpAddress.Parse("198.51.100.1"), 1701), _lnsB = new(IpAddress.Parse("198.51.100.2"), 1701);
    private readonly PeerRandom _random = new(bits);

    public uint Bits => bits;
    public bool ThroughCore => (bits & 1) != 0;
    private bool HasSecret => (bits & 6) != 0;
    private bool Scarce => (bits & 8) != 0;
    private bool Vlans => (bits & 16) != 0;
    private bool OneIsp => (bits & 32) != 0;

    /// <summary>A tunnel that never closes for want of sessions: only a shutdown ends it.</summary>
    public bool Persistent => (bits & 0xC00) == 0xC00;
    /// <summary>Nobody has a name: all go to one LNS, with LCP at the LAC or without.</summary>
    private bool Nameless => (bits & 0x7000) == 0x7000;

    public LacConfig Config()
    {
        ImmutableArray<AuthenticationProtocol> authentication = Nameless ? [AuthenticationProtocol.None] : (bits >> 6 & 3) switch
        {
            0 => AccessServiceConfig.DefaultAuthentication,
            1 => [AuthenticationProtocol.Pap],
            _ => [(AuthenticationProtocol)_random.Next((int)AuthenticationProtocol.None)],
        };
        var a = new LnsConfig { Name = "lns-a", Address = _lnsA.Address, Preference = 10, MaxSessions = Scarce ? 2 : 1000 };
        var b = new LnsConfig { Name = "lns-b", Address = _lnsB.Address, Preference = 20, PeerProfile = PeerProfile.Shipped[_random.Next(PeerProfile.Shipped.Length)].Name };
        a = a with { PeerProfile = "drawn" };
        return new LacConfig
        {
            Node = new NodeConfig { Name = "lac1" },
            Access =
            [
                new AccessServiceConfig
                {
                    Name = "residential",
                    Interfaces = [Vlans ? new AccessInterfaceConfig("eth1", [VlanPattern.Untagged, new VlanPattern(1, 1, VlanPattern.MaxId, 0, 0)]) : "eth1"],
                    AcName = "lac1",
                    ChallengeName = "lac1",
                    Authentication = authentication,
                    Steering = Nameless ? null : "main",
                    Lns = Nameless ? a : null,
                    Tunnel = Nameless ? "wholesale" : null,
                    PartialTermination = !Nameless || _random.Next(2) == 0,
                    Ppp = new PppConfig { SetupTimeout = TimeSpan.FromSeconds(5 + _random.Next(20)), Multilink = _random.Next(2) == 0 },
                    Limits = new AccessLimitsConfig { PerMac = _random.Next(3) },
                },
            ],
            Steering = [new SteeringListConfig("main", [new SteeringRuleConfig([new RealmTableTarget()])])],
            Isps = OneIsp
                ? [new IspConfig { Name = "isp1", Realms = ["isp1.example", "isp2.example"], Tunnel = "wholesale", Lns = [a, b] }]
                :
                [
                    new IspConfig { Name = "isp1", Realms = ["isp1.example"], Tunnel = "wholesale", Lns = [a] },
                    new IspConfig { Name = "isp2", Realms = ["isp2.example"], Tunnel = "wholesale", Lns = [b] },
                ],
            Tunnels = [Tunnel()],
            PeerProfiles = [Peer()],
            // A lockout or a rate would turn most of what is tried into silence.
            Discovery = new DiscoveryConfig
            {
                Lockout = new LockoutConfig { After = _random.Next(4) == 0 ? 3 : 0 },
                PadiRate = new(0, 0, 0),
                PadrRate = new(0, 0, 0),
            },
            Limits = Scarce ? new LimitsConfig { Sessions = 4, HalfOpen = 3, Tunnels = 2 } : new LimitsConfig { Sessions = 64, HalfOpen = 32, Tunnels = 16 },
        };
    }

    private TunnelProfile Tunnel() => new()
    {
        Name = "wholesale",
        HostName = "lac1.example.net",
        Secret = HasSecret ? Core.Config.Secret.FromText(Secret) : default,
        OldSecret = HasSecret && _random.Next(3) == 0 ? Core.Config.Secret.FromText("last-year") : default,
        SourcePort = Any<SourcePort>(),
        ReplyFrom = Any<ReplyFrom>(),
        Hiding = Any<AvpHiding>(),
        IdleTimeout = TimeSpan.FromSeconds(5 + _random.Next(60)),
        HelloInterval = TimeSpan.FromSeconds(10 + _random.Next(60)),
        ReceiveWindow = (ushort)(1 + _random.Next(8)),
        Retries = 1 + _random.Next(6),
        MaxSessions = Scarce ? 1 + _random.Next(3) : 1000,
        MaxTunnels = 1 + _random.Next(3),
        TieBreaker = _random.Next(3) == 0,
        Persistent = Persistent,
    };

    private PeerProfile Peer() => PeerProfile.Shipped[_random.Next(PeerProfile.Shipped.Length)] with
    {
        Name = "drawn",
        SendWindow = 1 + _random.Next(20),
        IgnoreMBit = _random.Next(3) == 0,
        Failover = _random.Next(3) == 0,
        Adapt = _random.Next(2) == 0,
        AccessLine = _random.Next(2) == 0 ? AccessLineAvps.None : AccessLineAvps.All,
        ProxyMsChapV2 = Any<ProxyMsChapV2>(),
        ProxyEap = Any<ProxyEap>(),
        AddressAndControl = _random.Next(2) == 0,
        ResendPap = _random.Next(2) == 0,
    };

    private T Any<T>() where T : struct, Enum => Enum.GetValues<T>()[_random.Next(Enum.GetValues<T>().Length)];

    public IEnumerable<LnsOptions> Lnses()
    {
        foreach (var endpoint in (UdpEndpoint[])[_lnsA, _lnsB])
        {
            yield return new LnsOptions
            {
                Name = endpoint == _lnsA ? "lns-a.example.net" : "lns-b.example.net",
                Endpoint = endpoint,
                Secret = HasSecret ? Secret : "",
                Mode = (LnsMode)_random.Next(4),
                Asks = (PppAuthentication)_random.Next(32),
                Passwords = _ => Password,
                ServerAddress = 0x0A000001,
                FirstClientAddress = endpoint == _lnsA ? 0x0A010001u : 0x0A020001u,
                Challenges = _random.Next(3) != 0,
                AnswerPort = _random.Next(4) == 0 ? (ushort)17010 : (ushort)0,
                EagerZlb = _random.Next(2) == 0,
                AckDelay = TimeSpan.FromMilliseconds(_random.Next(2) * _random.Next(500)),
                AnswerDelay = TimeSpan.FromMilliseconds(_random.Next(2) * _random.Next(1500)),
                ReceiveWindow = (ushort)_random.Next(20),
                QueuesOutOfOrder = _random.Next(2) == 0,
                LengthBit = _random.Next(2) == 0,
                AddressAndControl = _random.Next(4) != 0,
                HelloInterval = TimeSpan.FromSeconds(_random.Next(2) * 20),
            };
        }
    }

    public SubscriberOptions Subscriber(int number) => new()
    {
        Mac = new MacAddress(0x0200_0000_0000UL + (uint)number + 1),
        User = $"user{number}@isp{number % 2 + 1}.example",
        Password = Password,
        HostUniq = Bytes.Wrap([0, (byte)number]),
        Vlans = Vlans && number > 1 ? VlanStack.Single(new VlanTag(0x8100, (ushort)(100 + number))) : default,
        // Mostly anything.
        Takes = (PppAuthentication)(_random.Next(3) == 0 ? _random.Next(32) : 31),
        MaxPayload = number == 3 ? (ushort)1500 : (ushort)0,
    };
}
