using System.Text.Json;
using System.Text.Json.Serialization;
using LacEdge.Core.Config;
using LacEdge.Core.Radius;
using LacEdge.Wire.Ip;

namespace LacEdge.Tests.Configuration;

public sealed class ConfigValueTests
{
    [Fact]
    public void Every_key_arrives()
    {
        var config = ConfigText.Config(EveryKey.Yaml);
        Assert.Equal(new NodeConfig { Name = "lac1.pop-a", NasIdentifier = "nas1", StateDirectory = "/srv/lacedge" }, config.Node);
        Assert.Equal(("/srv/lacedge/control.sock", DataPlaneMode.Packet, new PortRange(50000, 50999)),
            (config.Control.Socket, config.DataPlane, config.LocalPorts));
        Assert.Equal(46, config.ControlDscp);
        Assert.Equal(new LimitsConfig { Sessions = 1000, HalfOpen = 100, Tunnels = 50 }, config.Limits);

        Assert.Equal(["business", "hotel", "house", "residential"], config.Access.Select(service => service.Name));
        var residential = config.Access[3];
        Assert.Equal<string>(["eth1", "eth2"], residential.Interfaces.Select(one => one.Name));
        Assert.Equal<ServiceNameConfig>([new ServiceNameConfig("gold", true), new ServiceNameConfig("silver", false)], residential.ServiceNames);
        // All that may stand together, in the order of the words.
        Assert.Equal<AuthenticationProtocol>(
            [.. Enum.GetValues<AuthenticationProtocol>().Except([AuthenticationProtocol.None])], residential.Authentication);
        Assert.Equal(("ac", "challenger", "main"), (residential.AcName, residential.ChallengeName, residential.Steering));
        Assert.Equal((100_000_000ul, 2_500_000_000ul), (residential.TxSpeed, residential.RxSpeed));
        Assert.Equal(new PppConfig
        {
            Mru = 1480,
            RestartInterval = TimeSpan.FromMilliseconds(500),
            MaxConfigure = 4,
            MaxTerminate = 3,
            MaxFailure = 6,
            AuthenticationTimeout = TimeSpan.FromSeconds(40),
            SetupTimeout = TimeSpan.FromMinutes(1),
            Multilink = true,
            EchoInterval = TimeSpan.Zero,
            EchoFailures = 4,
        }, residential.Ppp);
        CheckAccessPolicy(residential);
        Assert.False(config.Access[1].PartialTermination);
        CheckDiscovery(config.Discovery);

        Assert.Equal(new LnsConfig { Name = "fixed1", Address = IpAddress.Parse("192.0.2.10"), Port = 1702, MaxSessions = 10, PeerProfile = "with-lines", AssignmentId = "gold" }, config.Access[0].Lns);
        Assert.Equal(new LnsConfig { Name = "192.0.2.11", Address = IpAddress.Parse("192.0.2.11") }, config.Access[1].Lns);
        Assert.Equal(("wholesale", null), (config.Access[1].Tunnel, config.Access[1].Steering));

        var fixed2 = new LnsConfig { Name = "fixed2", Address = IpAddress.Parse("2001:db8::5"), Port = 1703, MaxSessions = 11, PeerProfile = "with-lines", AssignmentId = "gold" };
        Assert.Equal<SteeringTarget>(
            [new RealmTableTarget { NextOnNotFound = false }, new IspTarget("isp1"), new LnsTarget(fixed2, "retail"), .. DnsTargets, .. RadiusTargets], Assert.Single(config.Steering).Rules[1].To);
        CheckMatch(config.Steering[0].Rules[0].Match);
        Assert.Equal<SteeringTarget>([new IspTarget("isp1") { NextOnNotFound = true, NextOnTimeout = true }], config.Steering[0].Rules[0].To);

        var isp = Assert.Single(config.Isps);
        Assert.Equal<string>(["ISP1.example", "*.isp1.example"], isp.Realms);
        Assert.Equal(
            new LnsConfig
            {
                Name = "b",
                Address = IpAddress.Parse("198.51.100.2"),
                Port = 1704,
                Preference = 20,
                Weight = 3,
                MaxSessions = 16000,
                PeerProfile = "with-lines",
                AssignmentId = "gold",
            },
            isp.Lns[1]);
        Assert.Equal((default(IpAddress), "lns1.isp1.example"), (isp.Lns[0].Address, isp.Lns[0].Dns));
        Assert.Equal(("lns4.isp1.example", "lns4.isp1.example"), (config.Access[2].Lns!.Name, config.Access[2].Lns!.Dns));
        CheckDns(config.Dns);
        CheckRadius(Assert.Single(config.Radius));
        Assert.Equal(
            new PeerProfile
            {
                Name = "with-lines",
                CallingNumber = "{circuit-id|mac}",
                CalledNumber = "",
                NasPort = "Serial0:0",
                AccessLine = AccessLineAvps.CircuitId | AccessLineAvps.Iwf,
                ProxyMsChapV2 = ProxyMsChapV2.None,
                ProxyEap = ProxyEap.Type7,
                AddressAndControl = false,
                SequencingRequired = true,
                Adapt = true,
                ResendPap = true,
                SubAddress = "{vlans}",
                PhysicalChannel = "{outer-vlan}",
                PrivateGroup = "{realm}",
                RxSpeedAlways = true,
                Hiding = AvpHiding.All,
                SendWindow = 8,
                WithoutMBit = CallAvps.BearerType | CallAvps.SubAddress,
                IgnoreMBit = true,
                Failover = true,
                ResultCodes = config.PeerProfiles[0].ResultCodes,
            },
            Assert.Single(config.PeerProfiles));
        Assert.Equal<ResultCodeRule>(
            [new(2, 6, RefusedCall.Refuse), new(3, null, RefusedCall.NextLns)], config.PeerProfiles[0].ResultCodes.OrderBy(rule => rule.Result));

        Assert.Equal(new TunnelProfile
        {
            Name = "wholesale",
            HostName = "lac-w",
            VendorName = "Example",
            Secret = Secret.FromText("File secrets/wholesale"),
            SourceAddress = IpAddress.Parse("192.0.2.1"),
            HelloInterval = TimeSpan.FromSeconds(30),
            IdleTimeout = TimeSpan.Zero,
            ReceiveWindow = 16,
            Retries = 6,
            RetryCap = TimeSpan.FromSeconds(8),
            SetupTimeout = TimeSpan.FromSeconds(3),
            Lockout = TimeSpan.FromMinutes(1),
            Hiding = AvpHiding.None,
            OldSecret = Secret.FromText("File secrets/old"),
            SourcePort = SourcePort.WellKnown,
            ReplyFrom = ReplyFrom.Exact,
            Vrf = "vrf-w",
            PeerHostName = "lns-w",
            Persistent = true,
            MaxSessions = 100,
            MaxTunnels = 3,
            Dscp = null,
            UdpChecksum = false,
            Oversize = OversizePolicy.ClampMss,
            PathMtu = 1400,
            ReorderWindow = 0,
            ReorderTime = TimeSpan.FromMilliseconds(100),
            ControlDscp = 46,
        }, config.Tunnels.Single(profile => profile.Name == "wholesale"));
        Assert.Equal(["swordfish", "Credential retail", "Environment THIRD", "File secrets/wholesale"],
            config.Tunnels.Select(profile => System.Text.Encoding.UTF8.GetString(profile.Secret.Span)));
        Assert.Equal(["cutlass", "Credential old", "Environment OLD", "File secrets/old"],
            config.Tunnels.Select(profile => System.Text.Encoding.UTF8.GetString(profile.OldSecret.Span)));
        Assert.Equal(
            [(false, AvpHiding.Auto), (true, AvpHiding.Sensitive), (false, AvpHiding.All), (false, AvpHiding.None)],
            config.Tunnels.Select(profile => (profile.TieBreaker, profile.Hiding)));
    }

    private static IEnumerable<SteeringTarget> DnsTargets =>
    [
        new DnsTarget("lns", null,
            new LnsConfig { Name = "", Address = default, Port = 1705, MaxSessions = 12, PeerProfile = "with-lines", AssignmentId = "gold" }, "retail") { Services = true },
        new DnsTarget(null, "lns.isp3.example", new LnsConfig { Name = "", Address = default }, "retail"),
        new LnsTarget(new LnsConfig { Name = "lns5.isp1.example", Address = default, Dns = "lns5.isp1.example" }, "retail"),
    ];

    private static IEnumerable<SteeringTarget> RadiusTargets =>
    [
        new RadiusTarget("aaa", "retail")
        {
            UserName = "{user}", Password = Secret.FromText("File outbound"), ServiceType = 2, Timeout = TimeSpan.FromSeconds(3), PeerProfile = "with-lines",
        },
        new RadiusTarget("aaa", "retail") { Password = Secret.FromText("Credential outbound") },
        new RadiusTarget("aaa", "retail") { Password = Secret.FromText("Environment OUTBOUND") },
        new RadiusTarget("aaa", "retail") { Password = Secret.FromText("outbound") },
        new RadiusTarget("aaa", "retail") { AuthenticateBeforeForward = true, ServiceType = 2 },
    ];

    private static void CheckRadius(RadiusGroupConfig group)
    {
        Assert.Equal(["r1", "r2", "r3", "r4"], group.Servers.Select(server => server.Name));
        Assert.Equal(
            new RadiusServerConfig
            {
                Name = "r1",
                Address = IpAddress.Parse("203.0.113.11"),
                AuthenticationPort = 1645,
                Secret = Secret.FromText("File secrets/r1"),
                SourceAddress = IpAddress.Parse("192.0.2.1"),
                Weight = 3,
                MessageAuthenticator = MessageAuthenticatorPolicy.Yes,
                StatusServer = true,
            },
            group.Servers[0]);
        Assert.Equal(["Credential r2", "Environment R3", "hanger"], group.Servers.Skip(1).Select(server => System.Text.Encoding.UTF8.GetString(server.Secret.Span)));
        Assert.Equal(
            [MessageAuthenticatorPolicy.No, MessageAuthenticatorPolicy.Auto, MessageAuthenticatorPolicy.Auto],
            group.Servers.Skip(1).Select(server => server.MessageAuthenticator));
        Assert.Equal(
            (RadiusSelection.Weighted, 1.0, 8.0, 3),
            (group.Selection, group.RetransmitTime.TotalSeconds, group.MaxRetransmitTime.TotalSeconds, group.Retransmissions));
        Assert.Equal((20.0, 90.0, 500), (group.Patience.TotalSeconds, group.DeadTime.TotalSeconds, group.MaxOutstanding));
        Assert.Equal(("{interface}", 15, "{circuit-id|mac}", ""), (group.NasPortId, group.NasPortType, group.CallingStationId, group.CalledStationId));
    }

    private static void CheckDns(DnsConfig dns)
    {
        Assert.Equal("192.0.2.53:53 192.0.2.54:5353 [2001:db8::53]:53 [2001:db8::54]:54", string.Join(' ', dns.Servers));
        Assert.Equal((IpAddress.Parse("192.0.2.1"), TimeSpan.FromSeconds(2), TimeSpan.FromHours(1)), (dns.SourceAddress, dns.Timeout, dns.MaxTtl));
        Assert.Equal((TimeSpan.FromMinutes(1), TimeSpan.Zero, 100), (dns.MaxNegativeTtl, dns.StaleTime, dns.MaxQuestions));
        Assert.Equal((AddressFamily.Ipv6, DnssecPolicy.Require, "/etc/root.key"), (dns.Prefer, dns.Dnssec, dns.TrustAnchor));
    }

    private static void CheckMatch(SteeringMatch match)
    {
        Assert.Equal(("OLT7*", "?5", "*.example", "b*"), (match.CircuitId, match.RemoteId, match.Realm, match.User));
        Assert.Equal(("^isp[0-9]", "^b"), (match.RealmRegex, match.UserRegex));
        Assert.Equal(("gold", "residential", "eth?"), (match.ServiceName, match.Access, match.Interface));
        Assert.Equal(("100-199", "00:53:00:*"), (Assert.Single(match.Vlans).ToString(), Assert.Single(match.Macs).ToString()));
    }

    private static void CheckAccessPolicy(AccessServiceConfig service)
    {
        Assert.Equal(["untagged", "100-199 200.any untagged"], service.Interfaces.Select(one => string.Join(' ', one.Vlans)));
        Assert.True(service.PartialTermination);
        Assert.Equal((SpeedMethod.Line, FramePriority.Dscp), (service.SpeedMethod, service.FramePriority));
        var name = service.UserName;
        Assert.Equal(("@%", RealmPosition.Prefix, "isp1.example", false), (name.Delimiters, name.Realm, name.DefaultRealm, name.IgnoreCase));
        Assert.Equal((true, new NameRule("^a", "b")), (name.ToLns.StripRealm, Assert.Single(name.ToLns.Rules)));
        Assert.Equal((true, new NameRule("^c", "")), (name.ToRadius.StripRealm, Assert.Single(name.ToRadius.Rules)));
        Assert.Equal(
            new AccessLimitsConfig
            {
                Sessions = 12,
                PerInterface = 13,
                PerVlan = 14,
                PerMac = 15,
                PerCircuitId = 16,
                AtCircuitIdLimit = AtLimit.Replace,
            },
            service.Limits);
        Assert.Equal<PadoDelayStep>(
            [new PadoDelayStep(1, TimeSpan.FromMilliseconds(100)), new PadoDelayStep(9, null)], service.PadoDelay.Steps);
        var line = Assert.Single(service.PadoDelay.Lines);
        Assert.Equal(("a*", "b*", "7", TimeSpan.FromSeconds(1)), (line.CircuitId, line.RemoteId, string.Join(' ', line.Vlans), line.Delay));
    }

    private static void CheckDiscovery(DiscoveryConfig discovery)
    {
        Assert.True(discovery.CookieKey.IsSet);
        Assert.Equal((new DiscoveryRates(1, 2, 3), new DiscoveryRates(4, 5, 6), 7), (discovery.PadiRate, discovery.PadrRate, discovery.PadtRate));
        Assert.Equal(
            new LockoutConfig { After = 8, Short = TimeSpan.FromSeconds(9), First = TimeSpan.FromSeconds(10), Longest = TimeSpan.FromSeconds(11) },
            discovery.Lockout);
        Assert.Equal(("00:53:00:*", "00:53:00:11:22:33"), (Assert.Single(discovery.Macs.Allow).ToString(), Assert.Single(discovery.Macs.Deny).ToString()));
    }

    [Fact]
    public void Everything_names_every_key_of_the_table()
    {
        var problems = new ConfigProblems();
        var root = LacEdge.Configuration.YamlFile.Parse("f", System.Text.Encoding.UTF8.GetBytes(EveryKey.Yaml), problems)!;
        var named = new HashSet<string>();
        Walk(root, ConfigKeyTree.Root);
        // The sources of a secret exclude each other; the tunnels show them all.
        var missing = KeyTable.All.Where(key => !key.Planned && !named.Contains(key.Path)).Select(key => key.Path);
        Assert.Equal(["discovery.cookie-key.file", "discovery.cookie-key.credential", "discovery.cookie-key.env"], missing);

        void Walk(ConfigNode node, ConfigKeyTree tree)
        {
            if (tree.Key is { } key) named.Add(key.Path);
            if (node is MappingNode mapping) foreach (var entry in mapping.Entries) Walk(entry.Value, tree.Find(entry.Key)!);
            if (node is SequenceNode sequence) foreach (var item in sequence.Items) Walk(item, tree.Item!);
        }
    }

    [Fact]
    public void What_is_not_set_has_the_default_of_the_records()
    {
        var config = ConfigText.Config(ConfigText.Valid(""));
        var expected = new LacConfig
        {
            Node = new NodeConfig { Name = "lac1" },
            Access = [new AccessServiceConfig { Name = "residential", Interfaces = ["eth1"], AcName = "lac1", ChallengeName = "lac1", Steering = "main" }],
            Steering = [new SteeringListConfig("main", [new SteeringRuleConfig([new RealmTableTarget()])])],
            Isps =
            [
                new IspConfig
                {
                    Name = "isp1", Realms = ["isp1.example"], Tunnel = "wholesale", Lns = [new LnsConfig { Name = "a", Address = IpAddress.Parse("198.51.100.1") }],
                },
            ],
            Tunnels = [new TunnelProfile { Name = "wholesale", HostName = "lac1" }],
        };
        Assert.Equal(Print(expected), Print(config));
    }

    [Fact]
    public void Defaults_of_the_table_are_valid_values()
    {
        foreach (var key in KeyTable.All.Where(key => key.Type is not null && key.Default is not null && key.Default[0] != '='))
        {
            Assert.True(key.Type!.Check(key.Default!) is null, $"{key.Path}: {key.Type.Check(key.Default!)}");
        }
    }

    [Fact]
    public void Every_key_is_described_and_has_one_row()
    {
        Assert.Empty(KeyTable.All.Where(key => !key.Planned && key.Description.Length == 0).Select(key => key.Path));
        Assert.Equal(KeyTable.All.Length, KeyTable.All.Select(key => key.Path).Distinct().Count());
    }

    [Fact]
    public void One_any_serves_every_service_name() => Assert.Empty(ConfigText.Config(ConfigText.Valid("service-names: [any]")).Access[0].ServiceNames);

    [Fact]
    public void Files_merge_by_name()
    {
        var config = ConfigText.Config(
            "node: { name: lac1 }\naccess: { a: { interfaces: { eth1: {} }, steering: main } }\nisps:\ntunnels: { t: {} }",
            "isps: { x: { realms: [x.example], tunnel: t, lns: { x1: { address: 192.0.2.1 } } } }\nsteering: { main: [ { to: [ { realm-table: } ] } ] }",
            "isps: { x: { lns: { x2: { address: 192.0.2.2 } } }, w: { realms: [w.example], tunnel: t } }\nlimits: { tunnels: 7 }\nnode:");
        Assert.Equal(["w", "x"], config.Isps.Select(isp => isp.Name));
        Assert.Equal(["x1", "x2"], config.Isps[1].Lns.Select(lns => lns.Name));
        Assert.Equal(7, config.Limits.Tunnels);
    }

    [Theory]
    [InlineData("interface", "interfaces", "interfaces")]
    [InlineData("lsn", "lns,tunnel", "lns")]
    [InlineData("Preference", "preference", "preference")]
    [InlineData("max-session", "min-sessions,max-sessions", "max-sessions")]
    [InlineData("foo", "bar,baz", null)]
    [InlineData("", "a", "a")]
    public void The_nearest_word_is_suggested(string word, string known, string? expected) =>
        Assert.Equal(expected, Suggestion.Nearest(word, known.Split(',')));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("250ms", 250)]
    [InlineData("60s", 60_000)]
    [InlineData("5m", 300_000)]
    [InlineData("2h", 7_200_000)]
    public void Durations_have_units(string text, int milliseconds)
    {
        Assert.Null(new DurationType("0", "24h").Parse(text, out var value));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("5")]
    [InlineData("-5s")]
    [InlineData("1.5s")]
    [InlineData("5 s")]
    [InlineData("5S")]
    [InlineData("99999999h")]
    [InlineData("25h")]
    public void What_is_no_duration_is_refused(string text) => Assert.NotNull(new DurationType("0", "24h").Check(text));

    [Theory]
    [InlineData("1000000", 1_000_000)]
    [InlineData("512k", 512_000)]
    [InlineData("100M", 100_000_000)]
    [InlineData("2.5G", 2_500_000_000)]
    public void Speeds_are_bits_per_second(string text, ulong expected)
    {
        Assert.Null(new SpeedType().Parse(text, out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("k")]
    [InlineData("0")]
    [InlineData("-1M")]
    [InlineData("0.5")]
    [InlineData("1T")]
    [InlineData("1m")]
    [InlineData("99999999999999999999G")]
    [InlineData("9999999G")]
    public void What_is_no_speed_is_refused(string text) => Assert.NotNull(new SpeedType().Check(text));

    [Theory]
    [InlineData("1702-1702", true)]
    [InlineData("1700-1700", true)]
    [InlineData("1700-1702", false)]
    [InlineData("2000-1999", false)]
    [InlineData("2000", false)]
    [InlineData("2000-65536", false)]
    public void Local_ports_leave_1701_out(string text, bool valid) => Assert.Equal(valid, new PortRangeType().Check(text) is null);

    internal static string Print(LacConfig config) => JsonSerializer.Serialize(config, _printOptions);

    private static readonly JsonSerializerOptions _printOptions = new() { WriteIndented = true, Converters = { new Plain<IpAddress>(), new Plain<Secret>() } };

    private sealed class Plain<T> : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();
        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value!.ToString());
    }
}
