using System.Diagnostics;
using LacEdge.Core.Config;
using LacEdge.Core.Dns;
using LacEdge.Linux.Dns;
using LacEdge.Linux.Namespaces;
using LacEdge.Wire.Dns;
using LacEdge.Wire.Ip;

namespace LacEdge.Linux.Tests;

/// <summary>libunbound against servers on the loopback of a namespace: one that tells the truth, one that lies, one of others.</summary>
public sealed class DnsResolverTests
{
    private static readonly DnsQuestion _a = new("lns.isp1.example", DnsType.A);

    [RootFact]
    public void An_answer_comes_whole_with_its_TTL_and_the_name_is_asked_for_as_it_stands()
    {
        using var bench = new Bench((_, question) => [FakeDnsServer.Answer(question, "198.51.100.1", ttl: 37)]);
        var answer = bench.Ask(_a);
        Assert.Equal((37u, "198.51.100.1"), (answer.Ttl, Assert.Single(answer.Addresses).ToString()));
        // No search list. Its cache is off, but for the last answer.
        var other = bench.Ask(_a with { Name = "x.example" });
        Assert.Equal(37u, other.Ttl);
        bench.Ask(_a);
        Assert.Equal(["lns.isp1.example", "x.example", "lns.isp1.example"], bench.Server.Names);
    }

    [RootFact]
    public void DNS_004_replies_with_another_id_or_source_are_passed_over()
    {
        using var bench = new Bench((_, question) =>
        [
            Lie(question, message => message[0] ^= 1),
            FakeDnsServer.Answer(question, "198.51.100.66") with { FromElsewhere = true },
            FakeDnsServer.Answer(question, "198.51.100.1") with { After = TimeSpan.FromMilliseconds(100) },
        ]);
        Assert.Equal("198.51.100.1", Assert.Single(bench.Ask(_a).Addresses).ToString());
    }

    [RootTheory]
    [InlineData(13, 1)]
    [InlineData(31, 28 ^ 1)]
    public void DNS_004_replies_to_another_question_are_not_believed(int at, byte difference)
    {
        using var bench = new Bench((_, question) => [Lie(question, message => message[at] ^= difference)]);
        Assert.False(bench.IsFound(_a));
    }

    [RootFact]
    public void DNS_004_a_cut_reply_is_repeated_over_TCP()
    {
        using var bench = new Bench((server, question) => [server.IsTcp ? FakeDnsServer.Answer(question, "198.51.100.1") : Lie(question, message => message[2] |= 2)]);
        Assert.Equal("198.51.100.1", Assert.Single(bench.Ask(_a).Addresses).ToString());
        Assert.True(bench.Server.TcpQuestions > 0);
    }

    [RootFact]
    public void DNS_004_loops_of_aliases_and_of_pointers_are_no_answers()
    {
        using var aliases = new Bench((_, question) => [FakeDnsServer.Answer(question, "")]);
        Assert.False(aliases.IsFound(_a));
        using var pointers = new Bench((_, question) => [Lie(question, message => message[question.Length + 1] = (byte)question.Length)]);
        Assert.False(pointers.IsFound(_a));
    }

    [RootFact]
    public void A_silent_server_costs_time_and_is_asked_again_soon_after_it_returns()
    {
        var silent = true;
        using var bench = new Bench((_, question) => silent ? [] : [FakeDnsServer.Answer(question, "198.51.100.1")]);
        bench.Resolver.Lookup(1, _a);
        bench.Run(TimeSpan.FromSeconds(4));
        Assert.Equal(1, bench.Resolver.PendingCount + bench.Answers.Count);
        bench.Resolver.Cancel(1);
        Assert.Equal(0, bench.Resolver.PendingCount);
        silent = false;
        var clock = Stopwatch.StartNew();
        while (!bench.IsFound(_a)) Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), "the server is back and is not asked");
    }

    [RootFact]
    public void Without_a_signature_nothing_is_believed_where_DNSSEC_is_required()
    {
        var anchor = Path.GetTempFileName();
        File.WriteAllText(anchor, ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n");
        using var bench = new Bench((_, question) => [FakeDnsServer.Answer(question, "198.51.100.1")],
            config => config with { Dnssec = DnssecPolicy.Require, TrustAnchor = anchor });
        Assert.False(bench.IsFound(_a));
        File.Delete(anchor);
    }

    [RootFact]
    public void Servers_and_anchors_that_cannot_be_are_named()
    {
        var config = new DnsConfig { Servers = [Bench.Endpoint], Dnssec = DnssecPolicy.Require, TrustAnchor = "/nowhere/root.key" };
        var trouble = Assert.Throws<HostException>(() => new DnsResolver(config, (_, _, _, _) => { }));
        Assert.Contains("/nowhere/root.key", trouble.Message, StringComparison.Ordinal);
    }

    [DnsmasqFact]
    public void DNS_001_002_dnsmasq_gives_addresses_services_and_nothing_with_their_TTLs()
    {
        using var bench = new Bench((_, _) => [], port: 5353);
        using var dnsmasq = bench.Space.Run(() => Process.Start("/usr/sbin/dnsmasq",
        [
            "--keep-in-foreground", "--no-resolv", "--no-hosts", "--conf-file=/dev/null", "--pid-file=", "--user=root", "--port=53", "--listen-address=127.0.0.1",
            "--bind-interfaces", "--local-ttl=37", "--auth-ttl=37", "--local=/example/", "--host-record=lns.isp1.example,198.51.100.1,2001:db8::1,20",
            "--host-record=lns.isp1.example,198.51.100.2", "--cname=alias.isp1.example,lns.isp1.example,10", "--srv-host=_l2tp._udp.isp1.example,lns.isp1.example,1702,5,7",
        ])!);
        try
        {
            bench.WaitFor(_a);
            var v4 = bench.Ask(_a);
            Assert.Equal(["198.51.100.1", "198.51.100.2"], v4.Addresses.Select(one => one.ToString()).Order(StringComparer.Ordinal));
            Assert.InRange(v4.Ttl, 19u, 37u);
            Assert.Equal("2001:db8::1", Assert.Single(bench.Ask(_a with { Type = DnsType.Aaaa }).Addresses).ToString());
            Assert.InRange(bench.Ask(new DnsQuestion("alias.isp1.example", DnsType.A)).Ttl, 9u, 10u);
            Assert.Equal(new DnsService(5, 7, 1702, "lns.isp1.example"), Assert.Single(bench.Ask(new DnsQuestion("_l2tp._udp.isp1.example", DnsType.Srv)).Services));
            var nothing = bench.Ask(new DnsQuestion("nobody.isp1.example", DnsType.A));
            Assert.Equal((DnsRcode.NameError, true), (nothing.Rcode, nothing.IsEmpty));
        }
        finally
        {
            dnsmasq.Kill();
            dnsmasq.WaitForExit();
        }
    }

    private static DnsReply Lie(byte[] question, Action<byte[]> change)
    {
        var lie = FakeDnsServer.Answer(question, "198.51.100.66");
        change(lie.Message);
        return lie;
    }

    /// <summary>A resolver and its server in a namespace.</summary>
    private sealed class Bench : IDisposable
    {
        public static UdpEndpoint Endpoint { get; } = new(IpAddress.Parse("127.0.0.1"), 53);
        private int _next = 100;

        /// <param name="port">Of the fake server.</param>
        public Bench(Func<FakeDnsServer, byte[], IReadOnlyList<DnsReply>> answer, Func<DnsConfig, DnsConfig>? change = null, ushort port = 53)
        {
            Space.Run(() => Links.SetUp("lo"));
            Server = Space.Run(() => new FakeDnsServer(Space, port, answer));
            var config = new DnsConfig { Servers = [Endpoint] };
            // Its thread is made in the namespace at the first question.
            Resolver = Space.Run(() => new DnsResolver(change?.Invoke(config) ?? config, Take));
        }

        public NetworkNamespace Space { get; } = NetworkNamespace.Create();
        public FakeDnsServer Server { get; }
        public DnsResolver Resolver { get; }
        public List<(int Lookup, LookupOutcome Outcome, byte[] Message, string Error)> Answers { get; } = [];

        public DnsAnswer Ask(DnsQuestion question)
        {
            var (_, outcome, message, error) = AskRaw(question);
            Assert.Equal((LookupOutcome.Answered, ""), (outcome, error));
            Assert.True(DnsMessage.TryParse(message, question, out var answer, out var wrong), $"{wrong}: {Convert.ToHexString(message)}");
            return answer!;
        }

        public bool IsFound(DnsQuestion question)
        {
            var (_, outcome, message, _) = AskRaw(question);
            return outcome == LookupOutcome.Answered && DnsMessage.TryParse(message, question, out var answer, out _) && !answer!.IsEmpty;
        }

        /// <summary>Until somebody answers.</summary>
        public void WaitFor(DnsQuestion question)
        {
            for (var i = 0; i < 20 && !IsFound(question); i++) Thread.Sleep(100);
        }

        public void Run(TimeSpan time)
        {
            for (var clock = Stopwatch.StartNew(); clock.Elapsed < time; Thread.Sleep(5)) Resolver.Process();
        }

        public void Dispose()
        {
            Resolver.Dispose();
            Server.Dispose();
            Space.Dispose();
        }

        private (int Lookup, LookupOutcome Outcome, byte[] Message, string Error) AskRaw(DnsQuestion question)
        {
            var lookup = _next++;
            Space.Run(() => Resolver.Lookup(lookup, question));
            var clock = Stopwatch.StartNew();
            while (Answers.TrueForAll(one => one.Lookup != lookup))
            {
                Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"{question} is not answered");
                Run(TimeSpan.FromMilliseconds(5));
            }

            return Answers.Find(one => one.Lookup == lookup);
        }

        private void Take(int lookup, LookupOutcome outcome, ReadOnlySpan<byte> message, string error) =>
            Answers.Add((lookup, outcome, message.ToArray(), error));
    }
}

/// <summary>A test against dnsmasq.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DnsmasqFactAttribute : FactAttribute
{
    public DnsmasqFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess) Skip = "needs root: it makes network namespaces";
        else if (!File.Exists("/usr/sbin/dnsmasq")) Skip = "needs the Debian package dnsmasq-base";
    }
}
