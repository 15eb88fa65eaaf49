using System.Net.Sockets;
using LacEdge.Api;
using LacEdge.Linux;
using LacEdge.Tests.Configuration;

namespace LacEdge.Tests.Api;

public sealed class ApiServerTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeControlPlane _plane = new();
    private HttpClient _http = null!;
    private ApiServer _server = null!;

    private string SocketPath => _folder["run/control.sock"];

    public async Task InitializeAsync()
    {
        _server = await ApiServer.StartAsync(SocketPath, _plane);
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri("http://lacedge/api/v1/") };
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Owner_and_group_may_use_the_socket() =>
        Assert.Equal("660", Convert.ToString((int)new FileInfo(SocketPath).UnixFileMode, 8));

    [Fact]
    public async Task A_session_has_every_field_in_snake_case()
    {
        _plane.Sessions.AddRange([FakeControlPlane.Up, FakeControlPlane.SettingUp]);
        Assert.Equal(
            """
            200 {"id":"7-10442","acct_session_id":"00000007000028ca","state":"up","user":"bob@isp1.example","isp":"isp1","lns":"a",
            "lns_address":"198.51.100.1","lns_port":1701,"access":"residential","interface":"eth1","vlans":"untagged","mac":"02:00:00:00:00:01",
            "pppoe_session_id":499,"local_tunnel_id":501,"peer_tunnel_id":8812,"local_session_id":3,"peer_session_id":4,
            "opened_at":"2026-01-01T12:00:00Z","up_at":"2026-01-01T12:00:00.25Z","up_frames":12,"up_octets":3456,"down_frames":2100,
            "down_octets":2100000000,"dropped_frames":1,"circuit_id":"OLT7 gpon 0/1","remote_id":"S42","line":{
            "rates":{"actual_rate_down":16384000},"delays":{"actual_delay_up":4},"encapsulation":"010200","line_type":5,"iwf":true},
            "line_quality":{"from_lns":{"sent":61,"answered":60,"lost":1,"last_rtt_ms":8.25,"rtt_ms":9.5,"max_rtt_ms":41},
            "from_subscriber":{"sent":0,"answered":0,"lost":0,"last_rtt_ms":null,"rtt_ms":null,"max_rtt_ms":null}},
            "identification":null,"steering":null}
            """.ReplaceLineEndings(""), await GetAsync("sessions/7-10442"));
        Assert.Contains("\"lns_address\":null", await GetAsync("sessions/7-10447"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_come_in_pages()
    {
        _plane.Sessions.AddRange(Enumerable.Range(1, 5).Select(i => FakeControlPlane.Up with { Id = $"7-{i}" }));
        var (first, second) = (await GetAsync("sessions?limit=3"), await GetAsync("sessions?limit=3&after=7-3"));
        Assert.EndsWith("\"next\":\"7-3\"}", first, StringComparison.Ordinal);
        Assert.EndsWith("\"next\":null}", second, StringComparison.Ordinal);
        Assert.Equal(2, second.Split("\"id\"").Length - 1);

        _plane.Tunnels.AddRange([FakeControlPlane.Established, FakeControlPlane.Opening]);
        Assert.EndsWith("\"next\":\"0\"}", await GetAsync("tunnels?limit=1"), StringComparison.Ordinal);
        Assert.Equal(
            """
            200 {"tunnels":[{"slot":1,"state":"wait-socket","profile":"wholesale","lns":"b","lns_address":"2001:db8::1","lns_port":1701,
            "local_tunnel_id":null,"peer_tunnel_id":null,"peer_address":null,"peer_port":null,"peer_host_name":null,"peer_vendor_name":null,
            "sessions":1,"opened_at":null}],"next":null}
            """.ReplaceLineEndings(""), await GetAsync("tunnels?after=0"));
    }

    [Fact]
    public async Task Counters_and_status_are_objects()
    {
        Assert.Equal(
            """
            200 {"messages":{"padi_received":5,"pado_sent":0},"drops":{"not_for_us":1},"decode_errors":{"pppoe_length":2},
            "data_plane":{"forwarded":18446744073709551615}}
            """.ReplaceLineEndings(""), await GetAsync("counters"));
        Assert.Equal(
            """200 {"name":"lac1","version":"1.2.3","boot":7,"started_at":"2026-01-01T12:00:00Z","sessions":0,"tunnels":0}""", await GetAsync("status"));
    }

    [Theory]
    [InlineData("sessions/7-1", """404 {"code":"not-found","message":"there is no session 7-1","where":"id"}""")]
    [InlineData("sessions/seven", """400 {"code":"bad-request","message":"\u0027seven\u0027 is not a session id","where":"id"}""")]
    [InlineData("sessions?after=x", """400 {"code":"bad-request","message":"\u0027x\u0027 is not a session id","where":"after"}""")]
    [InlineData("sessions?limit=0", """400 {"code":"bad-request","message":"expected a number from 1 to 1000","where":"limit"}""")]
    [InlineData("sessions?limit=1001", """400 {"code":"bad-request","message":"expected a number from 1 to 1000","where":"limit"}""")]
    [InlineData("tunnels?after=-1", """400 {"code":"bad-request","message":"\u0027-1\u0027 is not a cursor","where":"after"}""")]
    [InlineData("lns/c", """404 {"code":"not-found","message":"the configuration has no LNS c","where":"name"}""")]
    [InlineData("nowhere", """404 {"code":"not-found","message":"there is no such path","where":"/api/v1/nowhere"}""")]
    public async Task Errors_name_code_message_and_place(string path, string expected) => Assert.Equal(expected, await GetAsync(path));

    [Fact]
    public async Task An_LNS_is_sent_all_AVPs_again()
    {
        Assert.Equal("""200 {"lns":"a"}""", await SendAsync(HttpMethod.Delete, "lns/a/adaptations"));
        Assert.Equal("""404 {"code":"not-found","message":"nothing was learned of an LNS a","where":"name"}""", await SendAsync(HttpMethod.Delete, "lns/a/adaptations"));
        Assert.EndsWith("\"adaptations\":[]}]}", await GetAsync("lns/a"), StringComparison.Ordinal);
        Assert.Equal(2, (await GetAsync("lns")).Split("\"name\"").Length - 1);
    }

    [Fact]
    public async Task A_session_is_cleared_with_its_reason()
    {
        _plane.Sessions.Add(FakeControlPlane.Up);
        Assert.Equal("""200 {"id":"7-10442","reason":"line moved"}""", await SendAsync(HttpMethod.Delete, "sessions/7-10442?reason=line%20moved"));
        Assert.Equal("""404 {"code":"not-found","message":"there is no session 7-10442","where":"id"}""", await SendAsync(HttpMethod.Delete, "sessions/7-10442"));
        Assert.Equal(["7-10442 line moved", "7-10442 "], _plane.Cleared.Select(clear => $"{clear.Key} {clear.Reason}"));
    }

    [Theory]
    [InlineData("a%0Ab")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task A_reason_that_would_spoil_the_log_is_refused(string reason)
    {
        Assert.Equal("""400 {"code":"bad-request","message":"at most 200 characters on one line","where":"reason"}""",
            await SendAsync(HttpMethod.Delete, $"sessions/7-1?reason={reason}"));
        Assert.Empty(_plane.Cleared);
    }

    [Fact]
    public async Task A_stopping_LacEdge_says_so()
    {
        _plane.Stopping = true;
        Assert.Equal("""503 {"code":"stopping","message":"LacEdge is stopping","where":"/api/v1/status"}""", await GetAsync("status"));
    }

    [Fact]
    public async Task A_socket_that_somebody_answers_on_is_left_alone()
    {
        var failure = await Assert.ThrowsAsync<HostException>(() => ApiServer.StartAsync(SocketPath, _plane));
        Assert.Equal($"cannot open the control socket {SocketPath}: another LacEdge answers on it", failure.Message);
        Assert.StartsWith("200", await GetAsync("status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_nobody_answers_on_is_replaced()
    {
        var path = _folder["stale.sock"];
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(_folder["dead.sock"]));
            // Closing removes it under its first name only.
            File.Move(_folder["dead.sock"], path);
        }

        Assert.True(File.Exists(path));
        await using var server = await ApiServer.StartAsync(path, _plane);
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await probe.ConnectAsync(new UnixDomainSocketEndPoint(path));
    }

    [Fact]
    public async Task An_end_leaves_no_socket_behind()
    {
        await _server.DisposeAsync();
        Assert.False(File.Exists(SocketPath));
    }

    [Fact]
    public async Task A_file_in_the_way_is_left_alone()
    {
        var path = _folder.Write("file", "content");
        var failure = await Assert.ThrowsAsync<HostException>(() => ApiServer.StartAsync(path, _plane));
        Assert.Equal($"cannot open the control socket {path}: it is a file, not a socket", failure.Message);
        Assert.Equal("content", await File.ReadAllTextAsync(path));
    }

    private Task<string> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    private async Task<string> SendAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var response = await _http.SendAsync(request);
        return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
    }
}
