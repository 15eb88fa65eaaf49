using System.Collections.Immutable;
using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Lac;
using LacEdge.Wire.Ip;
using static LacEdge.Tests.Core.Pppoe.PppoeHarness;

namespace LacEdge.Tests.Core.Lac;

/// <summary>A bare Lac with one access interface, subscribers in hex up to PADS, and every output kept for the test.</summary>
internal sealed class LacBench : IDisposable
{
    private static readonly LnsConfig _lns = new() { Name = "lns-a", Address = IpAddress.Parse("198.51.100.1") };

    public LacBench(LimitsConfig? limits = null, int mtu = 1500, ushort mru = 1492, DiscoveryConfig? discovery = null)
    {
        var service = new AccessServiceConfig
        {
            Name = "residential",
            Interfaces = ["eth1"],
            AcName = "lac1",
            ChallengeName = "lac1",
            Lns = _lns,
            Tunnel = "wholesale",
            Ppp = new PppConfig { Mru = mru },
        };
        var config = new LacConfig
        {
            Node = new NodeConfig { Name = "lac1" },
            Access = [service],
            Tunnels = [new TunnelProfile { Name = "wholesale", HostName = "lac1" }],
            Limits = limits ?? new LimitsConfig(),
            Discovery = discovery ?? new DiscoveryConfig(),
        };
        Lac = new LacEdge.Core.Lac.Lac(config, 7, new byte[RandomStreams.SeedSize], Now);
        Lac.HandleLink(0, Mac(Ac), mtu, true, Now);
    }

    public LacEdge.Core.Lac.Lac Lac { get; }
    public Instant Now { get; private set; } = new(1_000_000_000_000);

    public void Dispose() => Lac.Dispose();

    public static string MacOf(int subscriber) => $"02000001{subscriber:x4}";

    /// <summary>Discovery of one subscriber. Gives PADS and what follows it.</summary>
    public string[] Dial(int subscriber, string tags = "")
    {
        Receive(Discovery(Broadcast, MacOf(subscriber), "09", "0000", Tag("0101", "") + tags));
        var cookie = TagOf(Assert.Single(SentFrames()), "0104")!;
        Receive(Discovery(Ac, MacOf(subscriber), "19", "0000", Tag("0101", "") + Tag("0104", cookie) + tags));
        return SentFrames();
    }

    public void Receive(string frame) => Lac.HandleFrame(0, Convert.FromHexString(frame), Now);
    public void Command(LacCommand command) => Lac.HandleCommand(command, Now);
    public void Link(bool up) => Lac.HandleLink(0, Mac(Ac), 1500, up, Now);

    /// <summary>Runs every timer up to then, at its own time.</summary>
    public void Advance(TimeSpan span)
    {
        var end = Now + span;
        while (Lac.NextTimeout <= end)
        {
            Now = Lac.NextTimeout;
            Lac.HandleTimeout(Now);
        }

        Now = end;
    }

    /// <summary>Frames sent since the last look; whatever else was put out is forgotten.</summary>
    public string[] SentFrames()
    {
        string[] frames = [.. Lac.Outbox.Outputs.Where(o => o.Kind == OutputKind.Frame).Select(o => Convert.ToHexStringLower(Lac.Outbox.Octets(o)))];
        Lac.Outbox.Clear();
        return frames;
    }

    public ImmutableArray<LacEvent> Events() =>
        [.. Lac.Outbox.Outputs.Where(o => o.Kind == OutputKind.Event).Select(o => o.Event!)];
}
