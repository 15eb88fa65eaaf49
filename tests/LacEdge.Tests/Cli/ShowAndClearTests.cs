using System.Net.Sockets;
using LacEdge.Api;
using LacEdge.Tests.Api;
using LacEdge.Tests.Configuration;

namespace LacEdge.Tests.Cli;

/// <summary>The commands that ask the running LacEdge, over a real socket.</summary>
public sealed class ShowAndClearTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeControlPlane _plane = new();
    private ApiServer _server = null!;

    private string SocketPath => _folder["control.sock"];

    public async Task InitializeAsync()
    {
        _plane.Sessions.AddRange([FakeControlPlane.Up, FakeControlPlane.SettingUp, FakeControlPlane.Odd]);
        _plane.Tunnels.AddRange([FakeControlPlane.Established, FakeControlPlane.Opening]);
        _server = await ApiServer.StartAsync(SocketPath, _plane);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();
    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Sessions_as_a_table() => ExpectAsync(
        """
        ID       USER                ISP   LNS  STATE       PORT        MAC                CIRCUIT-ID     PPPOE    TUNNEL  CALL  UPTIME    DOWN      UP
        7-10442  bob@isp1.example    isp1  a    up          eth1        02:00:00:00:00:01  OLT7 gpon 0/1    499  501/8812   3/4   3h04m  2.10GB  3.46kB
        7-10447  -                   -     -    ppp         eth2.100.7  02:00:00:00:00:02  -                  8         -     -       -      0B      0B
        7-10448  a"b,c@isp1.example  isp1  a    connecting  eth1        02:00:00:00:00:01  OLT7 gpon 0/1    499     501/-   3/4   3h04m  2.10GB  3.46kB

        """, "show", "sessions");

    [Fact]
    public Task Sessions_as_CSV() => ExpectAsync(
        """
        id,acct_session_id,state,user,isp,lns,lns_address,lns_port,access,interface,vlans,mac,pppoe_session_id,
        >local_tunnel_id,peer_tunnel_id,local_session_id,peer_session_id,opened_at,up_at,up_frames,up_octets,down_frames,
        >down_octets,dropped_frames,circuit_id,remote_id,line,line_quality,identification,steering
        7-10442,00000007000028ca,up,bob@isp1.example,isp1,a,198.51.100.1,1701,residential,eth1,untagged,02:00:00:00:00:01,499,
        >501,8812,3,4,2026-01-01T12:00:00Z,2026-01-01T12:00:00.25Z,12,3456,2100,2100000000,1,OLT7 gpon 0/1,S42,"{""rates"":{""actual_rate_down"":16384000},
        >""delays"":{""actual_delay_up"":4},""encapsulation"":""010200"",""line_type"":5,""iwf"":true}",
        >"{""from_lns"":{""sent"":61,""answered"":60,""lost"":1,""last_rtt_ms"":8.25,""rtt_ms"":9.5,""max_rtt_ms"":41},
        >""from_subscriber"":{""sent"":0,""answered"":0,""lost"":0,""last_rtt_ms"":null,""rtt_ms"":null,""max_rtt_ms"":null}}",,
        7-10447,00000007000028cf,ppp,,,,,,residential,eth2,100.7,02:00:00:00:00:02,8,,,,,2026-01-01T13:00:00Z,,0,0,0,0,0,,,,,,
        7-10448,00000007000028d0,connecting,"a""b,c@isp1.example",isp1,a,198.51.100.1,1701,residential,eth1,untagged,02:00:00:00:00:01,499,
        >501,,3,4,2026-01-01T12:00:00Z,2026-01-01T12:00:00.25Z,12,3456,2100,2100000000,1,OLT7 gpon 0/1,S42,"{""rates"":{""actual_rate_down"":16384000},
        >""delays"":{""actual_delay_up"":4},""encapsulation"":""010200"",""line_type"":5,""iwf"":true}",
        >"{""from_lns"":{""sent"":61,""answered"":60,""lost"":1,""last_rtt_ms"":8.25,""rtt_ms"":9.5,""max_rtt_ms"":41},
        >""from_subscriber"":{""sent"":0,""answered"":0,""lost"":0,""last_rtt_ms"":null,""rtt_ms"":null,""max_rtt_ms"":null}}",,

        """.ReplaceLineEndings("\n").Replace("\n>", "", StringComparison.Ordinal), "show", "sessions", "-o", "csv");

    [Fact]
    public async Task Sessions_as_JSON_lines()
    {
        _plane.Sessions.RemoveRange(1, 2);
        await ExpectAsync(
            """
            {"id":"7-10442","acct_session_id":"00000007000028ca","state":"up","user":"bob@isp1.example","isp":"isp1","lns":"a","lns_address":"198.51.100.1","lns_port":1701,"access":"residential","interface":"eth1","vlans":"untagged","mac":"02:00:00:00:00:01","pppoe_session_id":499,"local_tunnel_id":501,"peer_tunnel_id":8812,"local_session_id":3,"peer_session_id":4,"opened_at":"2026-01-01T12:00:00Z","up_at":"2026-01-01T12:00:00.25Z","up_frames":12,"up_octets":3456,"down_frames":2100,"down_octets":2100000000,"dropped_frames":1,"circuit_id":"OLT7 gpon 0/1","remote_id":"S42","line":{"rates":{"actual_rate_down":16384000},"delays":{"actual_delay_up":4},"encapsulation":"010200","line_type":5,"iwf":true},"line_quality":{"from_lns":{"sent":61,"answered":60,"lost":1,"last_rtt_ms":8.25,"rtt_ms":9.5,"max_rtt_ms":41},"from_subscriber":{"sent":0,"answered":0,"lost":0,"last_rtt_ms":null,"rtt_ms":null,"max_rtt_ms":null}},"identification":null,"steering":null}

            """, "show", "sessions", "-o", "jsonl");
    }

    [Fact]
    public Task One_session_with_all_that_is_known() => ExpectAsync(
        """
        id                                     7-10442
        acct_session_id                        00000007000028ca
        state                                  up
        user                                   bob@isp1.example
        isp                                    isp1
        lns                                    a
        lns_address                            198.51.100.1
        lns_port                               1701
        access                                 residential
        interface                              eth1
        vlans                                  untagged
        mac                                    02:00:00:00:00:01
        pppoe_session_id                       499
        local_tunnel_id                        501
        peer_tunnel_id                         8812
        local_session_id                       3
        peer_session_id                        4
        opened_at                              2026-01-01T12:00:00Z
        up_at                                  2026-01-01T12:00:00.25Z
        up_frames                              12
        up_octets                              3456
        down_frames                            2100
        down_octets                            2100000000
        dropped_frames                         1
        circuit_id                             OLT7 gpon 0/1
        remote_id                              S42
        line.rates.actual_rate_down            16384000
        line.delays.actual_delay_up            4
        line.encapsulation                     010200
        line.line_type                         5
        line.iwf                               true
        line_quality.from_lns.sent             61
        line_quality.from_lns.answered         60
        line_quality.from_lns.lost             1
        line_quality.from_lns.last_rtt_ms      8.25
        line_quality.from_lns.rtt_ms           9.5
        line_quality.from_lns.max_rtt_ms       41
        line_quality.from_subscriber.sent      0
        line_quality.from_subscriber.answered  0
        line_quality.from_subscriber.lost      0

        """, "show", "session", "7-10442");

    [Fact]
    public async Task A_session_that_is_not_there_is_told() =>
        Assert.Equal((4, "", "lacedge: there is no session 7-1\n"), await RunAsync("show", "session", "7-1"));

    [Fact]
    public Task Tunnels_as_a_table() => ExpectAsync(
        """
          TUNNEL  LNS  ADDRESS            PEER-NAME  VENDOR     PROFILE    STATE        SESSIONS    AGE
        501/8812  a    198.51.100.1 1701  lns1       xelerance  wholesale  established         2  3h05m
               -  b    2001:db8::1 1701   -          -          wholesale  wait-socket         1      -

        """, "show", "tunnels");

    [Fact]
    public Task Tunnels_as_JSON() => ExpectAsync(
        """
        {
          "tunnels": [
            {
              "slot": 0,
              "state": "established",
              "profile": "wholesale",
              "lns": "a",
              "lns_address": "198.51.100.1",
              "lns_port": 1701,
              "local_tunnel_id": 501,
              "peer_tunnel_id": 8812,
              "peer_address": "198.51.100.1",
              "peer_port": 1701,
              "peer_host_name": "lns1",
              "peer_vendor_name": "xelerance",
              "sessions": 2,
              "opened_at": "2026-01-01T12:00:00Z"
            },
            {
              "slot": 1,
              "state": "wait-socket",
              "profile": "wholesale",
              "lns": "b",
              "lns_address": "2001:db8::1",
              "lns_port": 1701,
              "local_tunnel_id": null,
              "peer_tunnel_id": null,
              "peer_address": null,
              "peer_port": null,
              "peer_host_name": null,
              "peer_vendor_name": null,
              "sessions": 1,
              "opened_at": null
            }
          ]
        }

        """, "show", "tunnels", "-o", "json");

    [Fact]
    public async Task One_tunnel_with_its_events()
    {
        await ExpectAsync(
            """
            tunnel 501/8812 to a: established, 2 sessions, secret: old, hidden AVPs: sensitive
              AGO  BEFORE       AFTER           TIMES  EVENT
            3h05m  idle         wait-ctl-reply      1  SCCRQ sent
            5m00s  established  established         3  HELLO sent

            """, "show", "tunnel", "501");
        await ExpectAsync(
            """
            at,event,before,after,count
            2026-01-01T12:00:00Z,SCCRQ sent,idle,wait-ctl-reply,1
            2026-01-01T15:00:00Z,HELLO sent,established,established,3

            """, "show", "tunnel", "501", "-o", "csv");
        var missing = await RunAsync("show", "tunnel", "9");
        Assert.Equal("lacedge: there is no tunnel 9\n", missing.Item3);
    }

    [Fact]
    public async Task Counters()
    {
        await ExpectAsync(
            """
            GROUP          NAME                          VALUE
            messages       padi_received                     5
            drops          not_for_us                        1
            decode_errors  pppoe_length                      2
            data_plane     forwarded      18446744073709551615

            """, "show", "counters");
        await ExpectAsync(
            """
            group,name,value
            messages,padi_received,5
            messages,pado_sent,0
            drops,not_for_us,1
            decode_errors,pppoe_length,2
            data_plane,forwarded,18446744073709551615

            """, "show", "counters", "-o", "csv");
        await ExpectAsync(
            """
            {"group":"messages","name":"padi_received","value":5}
            {"group":"messages","name":"pado_sent","value":0}
            {"group":"drops","name":"not_for_us","value":1}
            {"group":"decode_errors","name":"pppoe_length","value":2}
            {"group":"data_plane","name":"forwarded","value":18446744073709551615}

            """, "show", "counters", "-o", "jsonl");
    }

    [Fact]
    public Task Status() => ExpectAsync(
        """
        NAME  VERSION  BOOT  UPTIME  SESSIONS  TUNNELS
        lac1  1.2.3       7   3h05m         3        2

        """, "show", "status");

    [Fact]
    public async Task More_sessions_than_a_page_holds()
    {
        _plane.Sessions.Clear();
        _plane.Sessions.AddRange(Enumerable.Range(1, 2345).Select(i => FakeControlPlane.Up with { Id = $"7-{i}" }));
        var (_, output, _) = await RunAsync("show", "sessions", "-o", "csv");
        Assert.Equal(Enumerable.Range(1, 2345).Select(i => $"7-{i}"), output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')[0]));
    }

    [Fact]
    public async Task Nothing_to_list()
    {
        _plane.Sessions.Clear();
        await ExpectAsync("no sessions\n", "show", "sessions");
        await ExpectAsync("{\n  \"sessions\": []\n}\n", "show", "sessions", "-o", "json");
        await ExpectAsync("", "show", "sessions", "-o", "jsonl");
    }

    [Fact]
    public async Task A_session_is_cleared()
    {
        await ExpectAsync("session 7-10442 cleared\n", "clear", "session", "7-10442", "--reason", "moved & gone");
        Assert.Equal("moved & gone", Assert.Single(_plane.Cleared).Reason);
        Assert.Equal((4, "", "lacedge: there is no session 7-10442\n"), await RunAsync("clear", "session", "7-10442"));
    }

    [Fact]
    public async Task Locked_lines_are_shown_and_answered_again()
    {
        await ExpectAsync(
            """
            PORT        MAC                SHORT-SESSIONS   LEFT
            eth1.200.7  02:00:00:00:00:01               9  5m00s
            eth2        02:00:00:00:00:02               5    30s

            """, "show", "lockouts");
        await ExpectAsync("1 line is answered again\n", "clear", "lockout", "02:00:00:00:00:01");
        Assert.Equal((4, "", "lacedge: 02:00:00:00:00:01 is not locked out\n"), await RunAsync("clear", "lockout", "02:00:00:00:00:01"));
        await ExpectAsync(
            """
            interface,vlans,mac,short_sessions,until
            eth2,untagged,02:00:00:00:00:02,5,2026-01-01T15:05:30Z

            """, "show", "lockouts", "-o", "csv");
        await ExpectAsync("1 line is answered again\n", "clear", "lockout", "all");
        Assert.Equal((4, "", "lacedge: no line is locked out\n"), await RunAsync("clear", "lockout", "all"));
        await ExpectAsync("no lockouts\n", "show", "lockouts");
        Assert.Equal((2, "", "lacedge: '02' is not a MAC address like 00:53:00:11:22:33, nor 'all'\nSee: lacedge clear lockout --help\n"),
            await RunAsync("clear", "lockout", "02"));
    }

    [Fact]
    public async Task LNSes_with_what_is_left_out_for_them()
    {
        await ExpectAsync(
            """
            LNS  ISP   ADDRESS            PROFILE    STATE      LEFT  SESSIONS  TUNNELS  REFUSED  ADAPTED
            a    isp1  198.51.100.1 1701  wholesale  up            -         2        1    5m00s  ICRQ works, ICCN watching
            b    isp1  - 1702             wholesale  held-back   30s         0        0        -  -

            """, "show", "lns");
        await ExpectAsync(
            """
            name                        a
            isp                         isp1
            address                     198.51.100.1
            port                        1701
            profile                     wholesale
            peer_profile                odd
            state                       up
            sessions                    2
            max_sessions                30000
            tunnels                     1
            last_refusal.at             2026-01-01T15:00:00Z
            last_refusal.why            CDN: general error (2), error 8
            adaptations[0].message      ICRQ
            adaptations[0].state        works
            adaptations[0].left_out[0]  sub-address
            adaptations[0].left_out[1]  nas-port
            adaptations[0].refusals     0
            adaptations[1].message      ICCN
            adaptations[1].state        watching
            adaptations[1].refusals     2

            """, "show", "lns", "a");
        Assert.Equal((4, "", "lacedge: the configuration has no LNS c\n"), await RunAsync("show", "lns", "c"));
        await ExpectAsync("LNS a is sent all AVPs again\n", "clear", "lns", "a");
        Assert.Equal((4, "", "lacedge: nothing was learned of an LNS a\n"), await RunAsync("clear", "lns", "a"));
        await ExpectAsync(
            """
            {"name":"b","isp":"isp1","address":null,"dns":"b.example","port":1702,"profile":"wholesale","peer_profile":"default","state":"held-back","until":"2026-01-01T15:05:30Z","why":"no answer","sessions":0,"max_sessions":100,"tunnels":0,"last_refusal":null,"adaptations":[]}

            """, "show", "lns", "b", "-o", "jsonl");
    }

    [Fact]
    public async Task A_wrong_command_line_is_exit_2()
    {
        Assert.Equal((2, "", "lacedge: 'seven' is not a session id like 7-10447\nSee: lacedge clear session --help\n"), await RunAsync("clear", "session", "seven"));
        Assert.Equal((2, "", "lacedge: Argument 'xml' not recognized. Must be one of: 'table' 'json' 'jsonl' 'csv'\nSee: lacedge show sessions --help\n"),
            await RunAsync("show", "sessions", "-o", "xml"));
        Assert.Equal((2, "", "lacedge: at most 200 characters on one line\n"), await RunAsync("clear", "session", "7-1", "--reason", "a\nb"));
    }

    [Fact]
    public async Task A_missing_daemon_is_exit_3_and_one_sentence()
    {
        var path = _folder["absent.sock"];
        Assert.Equal((3, "", $"lacedge: there is no socket {path}: LacEdge does not run, or uses another one (--socket)\n"), await RunAtAsync(path, "show", "sessions"));

        using var closed = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        path = _folder["closed.sock"];
        closed.Bind(new UnixDomainSocketEndPoint(path));
        Assert.Equal((3, "", $"lacedge: nobody answers on {path}: LacEdge does not run\n"), await RunAtAsync(path, "clear", "session", "7-1"));

        _plane.Stopping = true;
        Assert.Equal((3, "", "lacedge: LacEdge is stopping\n"), await RunAsync("show", "tunnels"));
    }

    private async Task ExpectAsync(string expected, params string[] args) =>
        Assert.Equal((0, expected.ReplaceLineEndings("\n"), ""), await RunAsync(args));

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] args) => RunAtAsync(SocketPath, args);

    private static Task<(int Code, string Output, string Error)> RunAtAsync(string socket, params string[] args) =>
        ProgramRun.RunAsync([.. args, "--socket", socket]);
}
