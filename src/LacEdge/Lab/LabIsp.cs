using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LacEdge.Lab.Peers;
using LacEdge.Wire.Ip;

namespace LacEdge.Lab;

/// <summary>One retail ISP of the lab: its realm, its LNS, its subscribers.</summary>
/// <param name="server">The LNS's address inside PPP.</param>
/// <param name="pool">First address for subscribers.</param>
internal sealed class LabIsp(string name, string address, uint server, uint pool, LnsMode mode)
{
    public string Name { get; } = name;
    public string Realm => $"{Name}.example";
    public IpAddress Address { get; } = IpAddress.Parse(address);
    public string Secret => $"lab-tunnel-{Name}";
    /// <summary>Its LNS is told of the subscribers' lines (RFC 5515).</summary>
    public bool WantsLines { get; init; }
    public List<SimulatedSubscriber> Subscribers { get; } = [];
    public EmbeddedLns Lns { get; set; } = null!;

    public string UserName(int number) => string.Create(CultureInfo.InvariantCulture, $"sub{number + 1:000}@{Realm}");

    /// <summary>Both the subscriber and the ISP know it: derived, so that nobody has to keep a list.</summary>
    public static string PasswordOf(string user) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user)).AsSpan(0, 6));

    public LnsOptions LnsOptions() => new()
    {
        Name = $"lns-{Name}",
        Endpoint = new UdpEndpoint(Address, 1701),
        Secret = Secret,
        Mode = mode,
        Passwords = user => user.EndsWith("@" + Realm, StringComparison.Ordinal) ? PasswordOf(user) : null,
        ServerAddress = server,
        FirstClientAddress = pool,
    };

    /// <summary>The row of this ISP in the report.</summary>
    public string[] Report()
    {
        var up = Subscribers.Where(s => s.State == SubscriberState.Up).ToArray();
        var setUps = up.Select(s => (s.Times.Up - s.Times.Dialled).TotalMilliseconds).Order().ToArray();
        string Percentile(double share) =>
            setUps.Length == 0 ? "-" : setUps[Math.Min(setUps.Length - 1, (int)(setUps.Length * share))].ToString("0.0", CultureInfo.InvariantCulture);
        return
        [
            Name, Realm, $"{Lns.Options.Name} {Address}", ModeName(mode), $"{up.Length}/{Subscribers.Count}",
            $"{Subscribers.Count(s => s.Options.Takes == PppAuthentication.Chap)}/{Subscribers.Count(s => s.Options.Takes == PppAuthentication.Pap)}",
            string.Join('/', Enumerable.Range(0, 3).Select(tags => Subscribers.Count(s => s.Options.Vlans.Count == tags))),
            Lns.Tunnels.Count.ToString(CultureInfo.InvariantCulture),
            Subscribers.Sum(s => s.Ppp?.PingRepliesReceived ?? 0).ToString(CultureInfo.InvariantCulture), Percentile(0.5), Percentile(0.95),
        ];
    }

    public static void WriteTable(TextWriter output, IReadOnlyList<string[]> rows)
    {
        string[] head = ["ISP", "realm", "LNS", "LNS's way with PPP", "up", "CHAP/PAP", "0/1/2 tags", "tunnels", "pings", "set-up p50 ms", "p95 ms"];
        var all = rows.Prepend(head).ToArray();
        var widths = head.Select((_, column) => all.Max(row => row[column].Length)).ToArray();
        output.WriteLine();
        foreach (var row in all) output.WriteLine("  " + string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        output.WriteLine();
    }

    private static string ModeName(LnsMode mode) => mode switch
    {
        LnsMode.Forced => "believes the LAC",
        LnsMode.Renegotiate => "renegotiates LCP",
        LnsMode.ReChallenge => "challenges again",
        LnsMode.WaitForRepeat => "waits for a repeat",
    };
}

/// <summary>An IPv4 address as text.</summary>
internal readonly record struct IpText(uint Address)
{
    public override string ToString() => IpAddress.FromIpv4(Address).ToString();
}
