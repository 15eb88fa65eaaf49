using System.Collections.Concurrent;
using LacEdge.Configuration;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Hosting;
using LacEdge.Lab;
using LacEdge.Lab.Peers;
using LacEdge.Linux.Sockets;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Linux.Tests;

/// <summary>The whole program, from the configuration file on, between subscribers, LNSes and a real FreeRADIUS.</summary>
public sealed class FreeRadiusTests
{
    private static readonly LabIsp[] _isps =
    [
        .. Enumerable.Range(1, 3).Select(i =>
            new LabIsp($"isp{i}", $"198.18.0.1{i}", 0x6440_0001u + (uint)i * 0x10000, 0x6440_0100u + (uint)i * 0x10000, LnsMode.Forced)),
    ];

    private const string Users = """
        isp1.example Cleartext-Password := "password"
        	Service-Type = Outbound-User, Framed-IP-Address = 198.18.0.11

        isp2.example Cleartext-Password := "password"
        	Tunnel-Type:1 = L2TP, Tunnel-Medium-Type:1 = IPv4, Tunnel-Server-Endpoint:1 = "198.18.0.12", Tunnel-Preference:1 = 20,
        	Tunnel-Password:1 = "lab-tunnel-isp2", Tunnel-Client-Auth-Id:1 = "lac-by-radius", Tunnel-Server-Auth-Id:1 = "lns-isp2",
        	Tunnel-Assignment-Id:1 = "gold", Tunnel-Type:2 = L2TP, Tunnel-Medium-Type:2 = IPv4, Tunnel-Server-Endpoint:2 = "198.18.0.99",
        	Tunnel-Preference:2 = 10, Tunnel-Type:3 = PPTP, Tunnel-Server-Endpoint:3 = "198.18.0.13"

        isp3.example Cleartext-Password := "password"
        	Cisco-AVPair = "vpdn:tunnel-type=l2tp", Cisco-AVPair += "vpdn:l2tp-tunnel-password=lab-tunnel-isp3",
        	Cisco-AVPair += "vpdn:ip-addresses=198.18.0.13"

        isp4.example Auth-Type := Reject
        	Reply-Message = "isp4 is gone"

        isp0.example Cleartext-Password := "password"
        	Framed-IP-Address = 198.18.0.11

        isp7.example Cleartext-Password := "password"
        	Framed-IP-Address = 198.18.0.11, Message-Authenticator = 0x00

        isp8.example Cleartext-Password := "password"
        	Framed-IP-Address = 198.18.0.11, Session-Timeout = 3

        isp9.example Cleartext-Password := "password"
        	Framed-IP-Address = 198.18.0.11, Idle-Timeout = 3

        alice@home Cleartext-Password := "wonder-land"
        	Framed-IP-Address = 10.9.8.7

        """;

    private const string Config = """
        node: { name: lac1, nas-identifier: nas1, state-directory: STATE }
        access:
          residential:
            interfaces: { eth1: {} }
            authentication: [AUTHENTICATION]
            steering: main
        steering:
          main:
            - { match: { realm: isp5.example }, to: [{ radius: silent, tunnel: t, timeout: 1s, on-timeout: next }, { lns: 198.18.0.11, tunnel: t }] }
            - { match: { realm: isp6.example }, to: [{ radius: stranger, tunnel: t, timeout: 1s }] }
            - { match: { realm-regex: "^isp[07]" }, to: [{ radius: strict, tunnel: t, timeout: 2s }] }
            - match: { realm: home }
              to: [{ radius: aaa, tunnel: t, authenticate-before-forward: true, on-not-found: next }, { lns: 198.18.0.11, tunnel: t }]
            - { to: [{ radius: aaa, tunnel: t }] }
        radius:
          aaa: { servers: { r1: { address: 198.18.0.20, secret: { inline: radius-test-secret }, status-server: true, source-address: 198.18.0.1 } } }
          strict: { servers: { r1: { address: 198.18.0.20, secret: { inline: radius-test-secret }, require-message-authenticator: yes } } }
          silent: { servers: { r1: { address: 198.18.0.20, port: 1899, secret: { inline: radius-test-secret } } } }
          stranger: { servers: { r1: { address: 198.18.0.20, secret: { inline: another } } } }
        tunnels:
          t: { secret: { inline: lab-tunnel-isp1 }, setup-timeout: 1s }
        """;

    [FreeRadiusFact]
    public void RAD_010_012_016_SEL_003_FreeRADIUS_names_LNSes_in_every_way_and_refuses()
    {
        using var run = new Run(
            "chap", PppAuthentication.Chap, ["a@isp1.example", "b@isp2.example", "c@isp3.example", "d@isp4.example", "e@isp5.example", "f@isp6.example"]);
        run.Radius.Start();
        run.WaitForRadius();
        run.DialAll();
        run.WaitFor(() => run.Ups.Count() == 4 && run.Failures.Count() == 2);

        Assert.Equal(
            [
                "a@isp1.example fixed/198.18.0.11", "b@isp2.example dynamic/198.18.0.12",
                "c@isp3.example dynamic/198.18.0.13", "e@isp5.example fixed/198.18.0.11",
            ],
            run.Ups.Select(up => $"{up.User} {up.Isp}/{up.Lns}").Order());
        Assert.Equal("lac-by-radius", Assert.Single(run.Lnses[1].Tunnels).HostName);
        Assert.All(run.Lnses.Skip(1), lns => Assert.Equal(1, lns.CallCount));
        Assert.Equal(
            [
                $"d@isp4.example {EndCause.RadiusReject} aaa/r1 rejects: isp4 is gone (steering.main[4], radius aaa)",
                $"f@isp6.example {EndCause.RadiusTimeout} RADIUS group 'stranger' did not answer (1 sent) (steering.main[1], radius stranger)",
            ],
            run.Failures.Select(failed => $"{failed.User} {failed.Cause} {failed.Detail}").Order());
        Assert.Contains("invalid Message-Authenticator", FreeRadius.LogOf(run.Folder), StringComparison.Ordinal);
        // Debian's FreeRADIUS signs nothing by itself.
        Assert.StartsWith("RADIUS server aaa/r1 does not sign its replies", Assert.Single(run.Troubles), StringComparison.Ordinal);
        // Nobody's password is the users' own: not a word of it may be in what is told.
        Assert.DoesNotContain(run.Events, told => told.ToString().Contains("lab-tunnel", StringComparison.Ordinal));
    }

    [FreeRadiusFact]
    public void RAD_006_FreeRADIUS_judges_PAP_CHAP_and_MS_CHAP_before_the_LNS_does()
    {
        foreach (var (authentication, takes) in ((string, PppAuthentication)[])
            [
                ("pap", PppAuthentication.Pap), ("chap", PppAuthentication.Chap),
                ("ms-chap-v1", PppAuthentication.MsChapV1), ("ms-chap-v2", PppAuthentication.MsChapV2),
            ])
        {
            using var run = new Run(authentication, takes, ["alice@home", "bob@home"]);
            run.Radius.Start();
            run.WaitForRadius();
            run.DialAll();
            run.WaitFor(() => run.Ups.Any() && run.Subscribers[1].State == SubscriberState.Failed);
            Assert.Equal("alice@home fixed/198.18.0.11", string.Join(' ', run.Ups.Select(up => $"{up.User} {up.Isp}/{up.Lns}")));
            Assert.Equal((EndCause.RadiusReject, SubscriberEnd.AuthenticationRejected), (run.Failures.Single().Cause, run.Subscribers[1].LastEnd));
        }
    }

    [FreeRadiusFact]
    public void RAD_003_only_a_signed_reply_counts_where_it_must_be_signed_and_that_is_remembered()
    {
        using var run = new Run("chap", PppAuthentication.Chap, ["a@isp7.example", "b@isp0.example"]);
        run.Radius.Start();
        run.WaitForRadius();
        run.DialAll();
        run.WaitFor(() => run.Ups.Any() && run.Failures.Any());
        Assert.Equal("a@isp7.example", run.Ups.Single().User);
        Assert.Equal(("b@isp0.example", EndCause.RadiusUnsigned), (run.Failures.Single().User, run.Failures.Single().Cause));
        run.WaitFor(() => File.Exists(Path.Combine(run.Folder, "radius-signing")));
        Assert.Equal("strict/r1 198.18.0.20\n", File.ReadAllText(Path.Combine(run.Folder, "radius-signing")));
    }

    [FreeRadiusFact]
    public void RAD_024_time_that_FreeRADIUS_allows_runs_out()
    {
        using var run = new Run("chap", PppAuthentication.Chap, ["a@isp8.example", "b@isp9.example", "c@isp1.example"]);
        run.Radius.Start();
        run.WaitForRadius();
        run.DialAll();
        run.WaitFor(() => run.Events.OfType<SessionDown>().Count() == 2);
        Assert.Equal(
            [$"a@isp8.example {EndCause.SessionTimeout}", $"b@isp9.example {EndCause.IdleTimeout}"],
            run.Events.OfType<SessionDown>().Select(down => $"{down.User} {down.Cause}").Order());
        Assert.Equal(SubscriberState.Up, run.Subscribers[2].State);
    }

    [FreeRadiusFact]
    public void RAD_009_a_FreeRADIUS_that_comes_back_is_found_by_Status_Server()
    {
        using var run = new Run("chap", PppAuthentication.Chap, ["a@isp1.example"]);
        run.DialAll();
        run.WaitFor(() => run.Troubles.Any(what => what.StartsWith("RADIUS server aaa/r1 does not answer", StringComparison.Ordinal)));
        run.Radius.Start();
        run.WaitFor(() => run.Troubles.Contains("RADIUS server aaa/r1 answers again"), seconds: 30);
    }

    /// <summary>LacEdge, subscribers, LNSes, and a FreeRADIUS that has not started.</summary>
    private sealed class Run : IDisposable
    {
        private readonly LabNetwork _network;
        private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("lacedge-test");
        private readonly ControlLoop _loop = new();
        private readonly PeerHost _peers;
        private readonly Thread _lac, _others;
        private LacHost? _host;

        public Run(string authentication, PppAuthentication takes, string[] users)
        {
            _network = LabNetwork.Create($"lacedge-test-{Environment.ProcessId}", [.. _isps.Select(isp => isp.Address), FreeRadius.Address]);
            Radius = new FreeRadius(_network.Core, _state.FullName, Users);
            var file = Path.Combine(_state.FullName, "lacedge.yaml");
            var config = Config.Replace("STATE", _state.FullName, StringComparison.Ordinal);
            File.WriteAllText(file, config.Replace("AUTHENTICATION", authentication, StringComparison.Ordinal));
            var read = ConfigFile.Load(file);
            Assert.DoesNotContain(read.Problems, problem => problem.Severity == ConfigSeverity.Error);

            _peers = new PeerHost(_loop, seed: 1);
            var link = _network.Access.Run(() => _peers.AddLink(_network.AccessPeer()));
            Lnses =
            [
                .. _isps.Select((isp, i) => _peers.AddLns(
                    isp.LnsOptions() with { Passwords = _ => "wonder-land" }, (ulong)i + 2,
                    _network.Core.Run(() => UdpSocket.Open(new UdpEndpoint(isp.Address, 1701))))),
            ];
            Subscribers =
            [
                .. users.Select((user, i) => _peers.Fleet.Add(new SubscriberOptions
                {
                    Mac = new MacAddress(0x0200_5E00_0000 + (ulong)i),
                    User = user,
                    Password = user == "bob@home" ? "looking-glass" : "wonder-land",
                    Takes = takes,
                    Link = link,
                })),
            ];
            _lac = _network.Lac.NewThread("host", () =>
            {
                using (_host = new LacHost(read.Config!, null, Events.Enqueue)) _host.Run();
            });
            _others = new Thread(() => _loop.Run(() => _peers.NextTimeout, now => _peers.HandleTimeout(now)));
            _lac.Start();
            _others.Start();
            ForwardingRig.Wait(() => _host is not null);
        }

        public FreeRadius Radius { get; }
        public string Folder => _state.FullName;
        public IReadOnlyList<EmbeddedLns> Lnses { get; }
        public IReadOnlyList<SimulatedSubscriber> Subscribers { get; }
        public ConcurrentQueue<LacEvent> Events { get; } = new();
        public IEnumerable<SessionUp> Ups => Events.OfType<SessionUp>();
        public IEnumerable<SessionFailed> Failures => Events.OfType<SessionFailed>();
        public IEnumerable<string> Troubles => Events.OfType<HostTrouble>().Select(trouble => trouble.What);

        public void DialAll()
        {
            foreach (var subscriber in Subscribers) _loop.Post(() => _peers.Do(subscriber, one => one.Dial(SystemClock.Now)));
        }

        public void WaitForRadius() => WaitFor(() => File.Exists(Path.Combine(Folder, "freeradius", "log"))
            && FreeRadius.LogOf(Folder).Contains("Ready to process requests", StringComparison.Ordinal));

        public void WaitFor(Func<bool> condition, int seconds = 15)
        {
            var until = SystemClock.Now + TimeSpan.FromSeconds(seconds);
            while (!condition())
            {
                Assert.True(SystemClock.Now < until, string.Join("; ", Events));
                Thread.Sleep(10);
            }
        }

        public void Dispose()
        {
            _host?.Stop();
            _lac.Join();
            _loop.Stop();
            _others.Join();
            _peers.Dispose();
            _loop.Dispose();
            Radius.Dispose();
            _network.Dispose();
            _state.Delete(recursive: true);
        }
    }
}
