using System.Collections.Concurrent;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Forwarding;
using LacEdge.Core.Pppoe;
using LacEdge.Hosting;
using LacEdge.Linux.Namespaces;
using LacEdge.Linux.Netlink;
using LacEdge.Linux.Sockets;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Linux.Tests;

/// <summary>What the kernel does to tags and to long frames, and interfaces that change under LacEdge's hands.</summary>
public sealed class VlanTests
{
    private const string Us = "0200000000fe", Subscriber = "020000000001", Broadcast = "ffffffffffff";
    private const string AnyName = "01010000";

    private static readonly string[] s_tpids = ["8100", "88a8", "9100"];

    /// <summary>Untagged, each TPID alone (with priority bits, and as a priority tag), and every pair, with equal ids.</summary>
    private static readonly string[] s_stacks =
    [
        "",
        .. from outer in s_tpids from tci in (string[])["b064", "e000"] select outer + tci,
        .. from outer in s_tpids from inner in s_tpids select $"{outer}0064{inner}0064",
    ];

    public static TheoryData<string> Stacks => [.. s_stacks];

    /// <summary>The rule of <see cref="AccessMtu.Room"/> is the kernel's: so much passes both ways, and not an octet more.</summary>
    [RootTheory]
    [MemberData(nameof(Stacks))]
    public void The_longest_frame_passes_both_ways_behind_any_tags_and_a_longer_one_does_not(string tags)
    {
        var vlans = Parse(tags);
        var room = AccessMtu.Room(1508, vlans);
        var ppp = "0021" + new string('5', room * 2);
        using var rig = new ForwardingRig();
        rig.Splice(3, vlans, maxPppPayload: (ushort)(room + 1));

        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, ppp, tags));
        Assert.Equal(ForwardingRig.DatagramUp(3, ppp), rig.NextAtLns());
        rig.SendFromLns(ForwardingRig.DatagramDown(3, ppp));
        Assert.Equal(ForwardingRig.FrameDown(3, ppp, tags), rig.NextAtSubscriber());

        rig.SendFromLns(ForwardingRig.DatagramDown(3, ppp + "55"));
        rig.Until(() => rig.DataPlane.ReadStatistics()[ForwardingReason.TooLong] == 1);
    }

    /// <summary>The real host: one pair of sockets, all tags, discovery to PADT.</summary>
    [RootFact]
    public void One_interface_serves_every_tag_stack_and_answers_with_it()
    {
        using var lab = new HostLab(1508, "untagged", "any", "any.any");
        foreach (var tags in s_stacks)
        {
            var pads = lab.Dial(tags);
            Assert.StartsWith(Subscriber + Us + tags + "88631165", pads, StringComparison.Ordinal);
            // LacEdge speaks LCP first, on the session that PADS named.
            var id = pads.Substring(32 + tags.Length, 4);
            lab.ExpectSession($"{Subscriber}{Us}{tags}88641100{id}");
        }

        Assert.Empty(lab.Troubles);
    }

    [RootFact]
    public void An_MTU_too_small_for_the_tags_is_told_at_start_and_whenever_it_changes()
    {
        using var lab = new HostLab(1500, "100", "300.any");
        const string small = "access interface acc0: MTU 1500 is too small for full frames with two VLAN tags: the largest MRU there is 1488 "
            + "(1484 where the outer TPID is not 0x8100); set the MTU to 1508";
        Assert.Equal([small], lab.Troubles);
        lab.Space.Run(() => Links.SetMtu("acc0", 1600));
        lab.Expect("access interface acc0 changed its MTU from 1500 to 1600: it holds for new sessions");
        lab.Space.Run(() => Links.SetMtu("acc0", 1500));
        lab.Expect("access interface acc0 changed its MTU from 1600 to 1500: it holds for new sessions");
        ForwardingRig.Wait(() => lab.Troubles.Length == 4);
        Assert.Equal(small, lab.Troubles[^1]);
    }

    [RootFact]
    public void Another_MAC_ends_the_sessions_and_LacEdge_goes_on_under_it()
    {
        using var lab = new HostLab(1508, "100");
        const string tags = "81000064", newMac = "0200000000aa";
        lab.Dial(tags);
        lab.Space.Run(() => Links.SetMac("acc0", new MacAddress(0x0200_0000_00AA)));
        lab.Expect("access interface acc0 changed its MAC from 02:00:00:00:00:fe to 02:00:00:00:00:aa: its sessions end");
        ForwardingRig.Wait(() => lab.Events.OfType<SessionFailed>().Any());
        var end = Assert.Single(lab.Events.OfType<SessionFailed>());
        Assert.Equal(
            (EndCause.AccessInterfaceDown, "its MAC changed from 02:00:00:00:00:fe to 02:00:00:00:00:aa"), (end.Cause, end.Detail));
        Assert.StartsWith(Subscriber + newMac + tags + "88631165", lab.Dial(tags, newMac), StringComparison.Ordinal);
    }

    private static VlanStack Parse(string tags)
    {
        Assert.True(EthernetFrame.TryParse(Convert.FromHexString(Subscriber + Us + tags + "8864"), out var frame, out _));
        return frame.Vlans;
    }

    /// <summary>LacEdge's host on acc0 and raw sockets on the other end of the cable.</summary>
    private sealed class HostLab : IDisposable
    {
        private readonly NetworkNamespace _far = NetworkNamespace.Create();
        private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("lacedge-test");
        private readonly Thread _thread;
        private readonly PacketSocket _discovery, _sessions;
        private LacHost? _host;

        public HostLab(int mtu, params string[] vlans)
        {
            Space.Run(() =>
            {
                Sysctl.DisableIpv6();
                Links.AddVeth("acc0", "sub0", _far);
                Links.SetMac("acc0", new MacAddress(0x0200_0000_00FE));
                Links.SetMtu("acc0", mtu);
                Links.SetUp("acc0");
            });
            _far.Run(() =>
            {
                Sysctl.DisableIpv6();
                Links.SetMac("sub0", new MacAddress(0x0200_0000_0001));
                Links.SetUp("sub0");
            });
            _discovery = _far.Run(() => PacketSocket.Open(LinkInfo.Get("sub0"), EtherType.PppoeDiscovery));
            _sessions = _far.Run(() => PacketSocket.Open(LinkInfo.Get("sub0"), EtherType.PppoeSession));
            _thread = Space.NewThread("host", () =>
            {
                using (_host = new LacHost(Config(vlans), null, Events.Enqueue)) _host.Run();
            });
            _thread.Start();
            ForwardingRig.Wait(() => _host is not null);
        }

        public NetworkNamespace Space { get; } = NetworkNamespace.Create();
        public ConcurrentQueue<LacEvent> Events { get; } = new();
        public string[] Troubles => [.. Events.OfType<HostTrouble>().Select(trouble => trouble.What)];

        public void Expect(string trouble) => ForwardingRig.Wait(() => Troubles.Contains(trouble));

        /// <summary>Discovery; PADS in hex.</summary>
        public string Dial(string tags, string concentrator = Us)
        {
            var pado = Ask(Discovery(Broadcast, "09", tags, AnyName), "07");
            var cookie = pado[pado.IndexOf("01040010", StringComparison.Ordinal)..][..40];
            return Ask(Discovery(concentrator, "19", tags, AnyName + cookie), "65");
        }

        /// <summary>Waits for a session frame that starts like this; others are repetitions for earlier sessions.</summary>
        public void ExpectSession(string start)
        {
            var seen = false;
            ForwardingRig.Wait(() =>
            {
                _sessions.Receive(frame => seen |= Convert.ToHexStringLower(frame).StartsWith(start, StringComparison.Ordinal));
                return seen;
            });
        }

        public void Dispose()
        {
            _host?.Stop();
            _thread.Join();
            _discovery.Dispose();
            _sessions.Dispose();
            _far.Dispose();
            Space.Dispose();
            _state.Delete(recursive: true);
        }

        /// <summary>Repeats the frame until an answer of this code has come: both ends may not be ready yet.</summary>
        private string Ask(string frame, string code)
        {
            var answer = "";
            ForwardingRig.Wait(() =>
            {
                Assert.True(_discovery.Send(Convert.FromHexString(frame)));
                Thread.Sleep(5);
                _discovery.Receive(received =>
                {
                    var hex = Convert.ToHexStringLower(received);
                    if (hex.Contains($"886311{code}", StringComparison.Ordinal)) answer = hex;
                });
                return answer.Length > 0;
            });
            return answer;
        }

        private static string Discovery(string to, string code, string tags, string content) =>
            $"{to}{Subscriber}{tags}886311{code}0000{content.Length / 2:x4}{content}";

        private LacConfig Config(string[] vlans) => new()
        {
            Node = new NodeConfig { Name = "lac1", StateDirectory = _state.FullName },
            Access =
            [
                new AccessServiceConfig
                {
                    Name = "residential",
                    Interfaces =
                    [
                        new AccessInterfaceConfig(
                            "acc0", [.. vlans.Select(text => VlanPattern.TryParse(text, out var pattern) ? pattern : throw new FormatException(text))]),
                    ],
                    AcName = "lac1",
                    ChallengeName = "lac1",
                    Lns = new LnsConfig { Name = "lns1", Address = IpAddress.Parse("192.0.2.1") },
                    Tunnel = "wholesale",
                },
            ],
            Tunnels = [new TunnelProfile { Name = "wholesale", HostName = "lac1" }],
        };
    }
}
