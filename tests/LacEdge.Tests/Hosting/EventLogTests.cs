using LacEdge.Core;
using LacEdge.Core.Events;
using LacEdge.Core.Forwarding;
using LacEdge.Hosting;
using LacEdge.Tests.Api;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace LacEdge.Tests.Hosting;

public sealed class EventLogTests
{
    private static readonly SessionKey _key = new(7, 10442);
    private static readonly MacAddress _mac = new(0x020000000001);
    private static readonly UdpEndpoint _peer = new(IpAddress.Parse("198.51.100.1"), 1701);

    private static readonly SessionUp _up = new(
        Instant.Zero, _key, "bob@isp1.example", _mac, 1, VlanStack.Untagged, 499, "OLT7 gpon 0/1", "isp1", "a", _peer, 501, 3, 8812, 4, TimeSpan.FromMilliseconds(95.25));

    private static readonly SessionDown _down = new(
        Instant.Zero, _key, "bob@isp1.example", _mac, "OLT7 gpon 0/1", "isp1", "a", EndCause.LnsCdn, "result 3, text 'admin'", TimeSpan.FromSeconds(61.25),
        new ForwardingCounters(12, 3456, 2100, 2_100_000, 1));

    [Fact]
    public void The_start_of_a_session_says_who_where_and_how() => Assert.Equal(
        "2026-01-01T15:05:00.000Z info session-up: session 7-10442 user 'bob@isp1.example' mac 02:00:00:00:00:01 on eth2 untagged PPPoE 499 circuit 'OLT7 gpon 0/1' is up: "
        + "isp1/a 198.51.100.1:1701, tunnel 501/8812, call 3/4, set up in 95.3 ms\n", Text(_up));

    [Fact]
    public void The_end_of_a_session_says_who_ended_it_and_why() => Assert.Equal(
        "2026-01-01T15:05:00.000Z info session-down: session 7-10442 user 'bob@isp1.example' mac 02:00:00:00:00:01 circuit 'OLT7 gpon 0/1' to isp1/a ended by lns, lns-cdn: "
        + "The LNS ended the call (CDN). Detail: 'result 3, text 'admin''. Lasted 61.3 s, to the subscriber 2100 frames 2100000 octets, "
        + "from the subscriber 12 frames 3456 octets, 1 dropped\n", Text(_down));

    [Fact]
    public void A_set_up_that_failed_says_why() => Assert.Equal(
        "2026-01-01T15:05:00.000Z info session-failed: session 7-10442 user 'bob' mac 02:00:00:00:00:01 circuit '' to / did not come up, ended by lacedge, no-realm: "
        + "The user name has no realm, and steering needs one. Detail: ''. Lasted 0.1 s\n",
        Text(new SessionFailed(Instant.Zero, _key, "bob", _mac, "", "", "", EndCause.NoRealm, "", TimeSpan.FromSeconds(0.12))));

    [Fact]
    public void Tunnels_come_and_go() => Assert.Equal(
        "2026-01-01T15:05:00.000Z info tunnel-up: tunnel 501/8812 to a 198.51.100.1:1701 'lns1' is up\n"
        + "2026-01-01T15:05:00.000Z info tunnel-down: tunnel 501 to a 198.51.100.1:1701 ended by lacedge, idle-tunnel: "
        + "The tunnel carried no session for its idle-timeout. Detail: ''. 0 sessions were on it\n"
        + "2026-01-01T15:05:00.000Z warning tunnel-down: tunnel 501 to a 198.51.100.1:1701 ended by lacedge, lns-dead: "
        + "The LNS stopped answering: it failed, restarted, or the path to it is broken. Detail: '5 retransmissions'. 17 sessions were on it\n",
        Text(
            new TunnelUp(Instant.Zero, 501, 8812, "a", _peer, "lns1"),
            new TunnelDown(Instant.Zero, 501, "a", _peer, EndCause.IdleTunnel, "", 0),
            new TunnelDown(Instant.Zero, 501, "a", _peer, EndCause.LnsDead, "5 retransmissions", 17)));

    [Fact]
    public void A_RADIUS_server_that_signs_is_told() => Assert.Equal(
        "2026-01-01T15:05:00.000Z info radius-server-signs: RADIUS server aaa/r1 (203.0.113.1) signs its replies; from now on it must\n",
        Text(new RadiusServerSigns(Instant.Zero, "aaa/r1", IpAddress.Parse("203.0.113.1"))));

    [Fact]
    public void Trouble_with_the_host_is_a_warning() => Assert.Equal(
        "2026-01-01T15:05:00.000Z warning host-trouble: access interface eth1 is gone\n", Text(new HostTrouble(Instant.Zero, "access interface eth1 is gone")));

    [Fact]
    public void JSON_has_every_field() => Assert.Equal(
        """
        {"time":"2026-01-01T15:05:00.000Z","level":"info","event":"session-down","event_id":1102,"message":"session 7-10442 user 'bob@isp1.example' mac 02:00:00:00:00:01 circuit 'OLT7 gpon 0/1' to isp1/a ended by lns, lns-cdn: The LNS ended the call (CDN). Detail: 'result 3, text 'admin''. Lasted 61.3 s, to the subscriber 2100 frames 2100000 octets, from the subscriber 12 frames 3456 octets, 1 dropped","session":"7-10442","user":"bob@isp1.example","mac":"02:00:00:00:00:01","circuit_id":"OLT7 gpon 0/1","isp":"isp1","lns":"a","by":"lns","cause":"lns-cdn","meaning":"The LNS ended the call (CDN).","detail":"result 3, text 'admin'","lasted_seconds":61.25,"down_frames":2100,"down_octets":2100000,"up_frames":12,"up_octets":3456,"dropped":1}

        """, Write(new JsonLogFormatter(new StoppedClock()), _down));

    [Fact]
    public void A_line_break_forges_no_line() => Assert.Equal(
        "2026-01-01T15:05:00.000Z warning host-trouble: a?b?[31m\n", Text(new HostTrouble(Instant.Zero, "a\nb\u001b[31m")));

    [Fact]
    public void Every_event_has_a_line_and_every_cause_is_told()
    {
        foreach (var cause in Enum.GetValues<EndCause>())
        {
            Assert.Contains($", {CauseTable.Of(cause).Name}: {CauseTable.Of(cause).Meaning}", Text(_down with { Cause = cause }), StringComparison.Ordinal);
        }

        var events = typeof(LacEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(LacEvent))).Select(type => type.Name).Order();
        Assert.Equal(["HostTrouble", "RadiusServerSigns", "SessionDown", "SessionFailed", "SessionUp", "TunnelDown", "TunnelUp"], events);
    }

    private static string Text(params LacEvent[] events) => Write(new TextLogFormatter(new StoppedClock()), events);

    private static string Write(ConsoleFormatter formatter, params LacEvent[] events)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var log = new EventLog(new FormattingLogger(formatter, output), ["eth1", "eth2"]);
        foreach (var happened in events) log.Write(happened);
        return output.ToString();
    }

    private sealed class FormattingLogger(ConsoleFormatter formatter, TextWriter output) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> print) =>
            formatter.Write(new LogEntry<TState>(logLevel, "LacEdge", eventId, state, exception, print), null, output);
    }
}
