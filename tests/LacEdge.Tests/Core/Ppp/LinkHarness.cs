using System.Globalization;
using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Ppp;

namespace LacEdge.Tests.Core.Ppp;

/// <summary>A PppLink and the subscriber opposite, played by the test in hex and in virtual time.</summary>
internal sealed class LinkHarness : IPppLinkUser
{
    private readonly Queue<string> _sent = new();
    private readonly List<string> _news = [];

    /// <param name="echoes">False: whatever the configuration says, the link sends no echoes of its own.</param>
    public LinkHarness(
        PppConfig? config = null, AuthenticationProtocol[]? authentication = null, ushort maxMru = 1492, byte seed = 1,
        string challengeName = "lacedge-01", string magic = "", string challengeId = "", string challenge = "", bool echoes = false)
    {
        var octets = new byte[RandomStreams.SeedSize];
        octets[0] = seed;
        Random = new RandomStreams(octets);
        Random[RandomPurpose.MagicNumber].Preset(Convert.FromHexString(magic));
        Random[RandomPurpose.ChapIdentifier].Preset(Convert.FromHexString(challengeId));
        Random[RandomPurpose.ChapChallenge].Preset(Convert.FromHexString(challenge));
        config ??= new PppConfig();
        Link = new PppLink(
            echoes ? config : config with { EchoInterval = TimeSpan.Zero },
            authentication ?? [AuthenticationProtocol.ChapMd5, AuthenticationProtocol.Pap], challengeName, maxMru, Random, Timers, Counters, this, 7);
    }

    public RandomStreams Random { get; }
    public TimerQueue Timers { get; } = new();
    public LacCounters Counters { get; } = new();
    public PppLink Link { get; }
    public Instant Now { get; private set; } = Instant.Zero + TimeSpan.FromSeconds(100);
    /// <summary>Called in the middle of the link's callbacks.</summary>
    public Action? OnCredentials { get; set; }
    public Action? OnEnded { get; set; }

    /// <summary>A control packet with its length computed; identifier and data in hex.</summary>
    public static string Packet(string protocol, int code, string id, string data = "") =>
        string.Create(CultureInfo.InvariantCulture, $"{protocol}{code:x2}{id}{data.Length / 2 + 4:x4}{data}");

    public static string Lcp(int code, string id, string data = "") => Packet("c021", code, id, data);

    public void Start() => Link.Start(Now);

    public void Receive(string hex) => Link.HandleFrame(Convert.FromHexString(hex), Now);
    public void Receive(ReadOnlySpan<byte> frame) => Link.HandleFrame(frame, Now);

    /// <summary>The oldest frame that was sent and not yet looked at.</summary>
    public string Sent()
    {
        Assert.True(_sent.TryDequeue(out var frame), "a frame should have been sent");
        return frame;
    }

    public void SentIs(params string[] frames)
    {
        Assert.Equal(frames, _sent);
        _sent.Clear();
    }

    public void SentNothing() => Assert.Empty(_sent);
    public void ForgetSent() => _sent.Clear();
    public int SentCount => _sent.Count;

    public void NewsIs(params string[] news)
    {
        Assert.Equal(news, _news);
        _news.Clear();
    }

    public void Terminate(EndCause cause, string detail = "") => Link.Terminate(cause, detail, Now);

    /// <summary>Lets time pass, timer by timer.</summary>
    public void Advance(double seconds)
    {
        var until = Now + TimeSpan.FromSeconds(seconds);
        while (Timers.NextDeadline <= until)
        {
            Now = Timers.NextDeadline;
            Timers.RunDue(Now);
        }

        Now = until;
    }

    /// <summary>Starts, and answers everything so that LCP is open: our request is acknowledged, the subscriber's asks for
    /// <paramref name="options"/>. Returns the options of our request.</summary>
    public string Open(string options = "010405d4050601020304")
    {
        Start();
        var request = Sent();
        Assert.StartsWith("c02101", request, StringComparison.Ordinal);
        Receive(Lcp(1, "01", options));
        SentIs(request, Lcp(2, "01", options));
        Receive(string.Concat("c02102", request.AsSpan(6)));
        return request[12..];
    }

    public void SendPpp(PppLink link, ReadOnlySpan<byte> ppp, Instant now) => _sent.Enqueue(Convert.ToHexStringLower(ppp));

    public void CredentialsReceived(PppLink link, Instant now)
    {
        Assert.NotNull(link.Credentials);
        _news.Add("credentials");
        OnCredentials?.Invoke();
    }

    public void LinkDown(PppLink link, EndCause cause, Instant now)
    {
        Assert.Null(link.Credentials);
        _news.Add($"down {cause}");
    }

    public void LinkEnded(PppLink link, EndCause cause, string detail, Instant now)
    {
        _news.Add($"ended {cause}");
        OnEnded?.Invoke();
    }
}
