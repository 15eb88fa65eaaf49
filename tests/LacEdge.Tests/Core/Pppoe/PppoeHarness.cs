using System.Collections.Immutable;
using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Pppoe;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Tests.Core.Pppoe;

/// <summary>A PppoeServer with one access group (unless told otherwise), frames in hex, virtual time. The client is 02:..:01, the AC
/// 02:..:fe.</summary>
internal sealed class PppoeHarness : IPppoeUser
{
    public const string Client = "020000000001";
    public const string Ac = "0200000000fe";
    public const string Broadcast = "ffffffffffff";

    private readonly List<string> _news = [];

    public PppoeHarness(int mtu = 1500, int maxSessions = 100, int groups = 1, params ServiceNameConfig[] names)
        : this(mtu, maxSessions, [.. Enumerable.Range(0, groups).Select(_ => ImmutableArray.Create(Service("residential", ["untagged"], names)))])
    {
    }

    /// <summary>The services of each access group.</summary>
    public PppoeHarness(int mtu, int maxSessions, params IReadOnlyList<ServiceVlans>[] groups) : this(Unlimited, mtu, maxSessions, 0, groups)
    {
    }

    /// <summary>One service on one access group, untagged unless told otherwise, under a discovery policy.</summary>
    public PppoeHarness(DiscoveryConfig discovery, params ServiceVlans[] services)
        : this(discovery, 1500, 100, 0, [services.Length > 0 ? services : [Service("residential", ["untagged"])]])
    {
    }

    /// <param name="firstInterface">Access groups are called eth1, eth2 and so on, from this number + 1.</param>
    public PppoeHarness(
        DiscoveryConfig discovery, int mtu, int maxSessions, int firstInterface, params IReadOnlyList<ServiceVlans>[] groups)
    {
        Server = new PppoeServer(
            groups, maxSessions, [.. groups.Select((_, group) => $"eth{firstInterface + group + 1}")], discovery,
            new RandomStreams(new byte[RandomStreams.SeedSize]), Timers, Outbox, Counters, this, 1);
        for (var group = 0; group < groups.Length; group++) Server.SetInterface(group, Mac(Ac), mtu, true);
    }

    public static DiscoveryConfig Unlimited { get; } = new() { PadiRate = new(0, 0, 0), PadrRate = new(0, 0, 0) };

    /// <summary>A service on these VLANs of an interface, with any number of sessions to a MAC; its AC-Name is "lacedge-01".</summary>
    public static ServiceVlans Service(string name, string[] vlans, params ServiceNameConfig[] names) => new(
        new AccessServiceConfig
        {
            Name = name,
            Interfaces = ["eth1"],
            AcName = "lacedge-01",
            ChallengeName = "lacedge-01",
            Steering = "main",
            ServiceNames = [.. names],
            Limits = new AccessLimitsConfig { PerMac = 0 },
        },
        [.. vlans.Select(text => VlanPattern.TryParse(text, out var pattern) ? pattern : throw new FormatException(text))]);

    public Outbox Outbox { get; } = new();
    public TimerQueue Timers { get; } = new();
    public LacCounters Counters { get; } = new();
    public PppoeServer Server { get; }
    public Instant Now { get; set; } = Instant.Zero + TimeSpan.FromSeconds(1000);
    /// <summary>What Admit answers.</summary>
    public string? Refusal { get; set; }
    public PppoeSession? Last { get; private set; }

    public static MacAddress Mac(string hex) => MacAddress.Read(Convert.FromHexString(hex));

    /// <summary>A discovery frame with its LENGTH computed.</summary>
    public static string Discovery(string destination, string source, string code, string sessionId, string tags, string vlans = "") =>
        $"{destination}{source}{vlans}886311{code}{sessionId}{tags.Length / 2:x4}{tags}";

    public static string Session(string destination, string source, string sessionId, string ppp, string vlans = "") =>
        $"{destination}{source}{vlans}88641100{sessionId}{ppp.Length / 2:x4}{ppp}";

    public static string Tag(string type, string value) => $"{type}{value.Length / 2:x4}{value}";

    public void Receive(string frame, int group = 0) => Server.HandleFrame(group, Convert.FromHexString(frame), Now);

    /// <summary>Everything sent since the last look.</summary>
    public string[] Sent()
    {
        string[] frames = [.. Outbox.Outputs.Select(output => Convert.ToHexStringLower(Outbox.Octets(output)))];
        Outbox.Clear();
        return frames;
    }

    public string SentOne() => Assert.Single(Sent());
    public void SentNothing() => Assert.Empty(Sent());

    public void NewsIs(params string[] news)
    {
        Assert.Equal(news, _news);
        _news.Clear();
    }

    /// <summary>The value of the first tag of this type in a discovery frame without VLANs.</summary>
    public static string? TagOf(string frame, string type)
    {
        var tags = frame[40..];
        while (tags.Length > 0)
        {
            var length = Convert.ToInt32(tags[4..8], 16) * 2;
            if (tags[..4] == type) return tags[8..(8 + length)];
            tags = tags[(8 + length)..];
        }

        return null;
    }

    /// <summary>A cookie for this client, by PADI.</summary>
    public string Cookie(string client = Client, string vlans = "", int group = 0)
    {
        Receive(Discovery(Broadcast, client, "09", "0000", Tag("0101", ""), vlans), group);
        return TagOf(SentOne().Remove(24, vlans.Length), "0104")!;
    }

    /// <summary>PADI to PADS; the session id in hex.</summary>
    public string Dial(string client = Client, string hostUniq = "11223344", int group = 0, string vlans = "")
    {
        Receive(Padr(Cookie(client, vlans, group), client, hostUniq, vlans: vlans), group);
        return SentOne().Substring(32 + vlans.Length, 4);
    }

    public static string Padr(string cookie, string client = Client, string hostUniq = "11223344", string name = "", string vlans = "") =>
        Discovery(Ac, client, "19", "0000", Tag("0101", name) + Tag("0103", hostUniq) + Tag("0104", cookie), vlans);

    public string? Admit(int accessGroup, MacAddress subscriber, VlanStack vlans, AccessServiceConfig service, Instant now) => Refusal;

    public void SessionReplaced(PppoeSession session, string detail, Instant now) => _news.Add($"replaced {session.SessionId:x4}");

    public void SessionOpened(PppoeSession session, Instant now)
    {
        Last = session;
        _news.Add($"opened {session.SessionId:x4}");
    }

    public void FrameReceived(PppoeSession session, ReadOnlySpan<byte> ppp, Instant now) =>
        _news.Add($"ppp {session.SessionId:x4} {Convert.ToHexStringLower(ppp)}");

    public void SessionClosed(PppoeSession session, string reason, Instant now) =>
        _news.Add($"closed {session.SessionId:x4} {reason}".TrimEnd());
}
