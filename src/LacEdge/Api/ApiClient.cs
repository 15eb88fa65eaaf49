using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LacEdge.Cli;
using LacEdge.Core;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Api;

/// <summary>The command line's side of the management API. Failures are <see cref="CommandFailure"/>s with the right exit code.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly string _socket;
    private readonly HttpClient _http;

    public ApiClient(string socket)
    {
        _socket = socket;
        var handler = new SocketsHttpHandler { ConnectCallback = ConnectAsync, UseProxy = false };
        _http = new HttpClient(handler) { BaseAddress = new Uri("http://lacedge") };
    }

    public void Dispose() => _http.Dispose();

    public Task<StatusDto> GetStatusAsync(CancellationToken cancel) =>
        SendAsync(HttpMethod.Get, "/api/v1/status", ApiJson.Default.StatusDto, cancel);

    public Task<CountersDto> GetCountersAsync(CancellationToken cancel) =>
        SendAsync(HttpMethod.Get, "/api/v1/counters", ApiJson.Default.CountersDto, cancel);

    public Task<ClearedDto> ClearSessionAsync(SessionKey key, string reason, CancellationToken cancel) =>
        SendAsync(HttpMethod.Delete, $"/api/v1/sessions/{key}?reason={Uri.EscapeDataString(reason)}", ApiJson.Default.ClearedDto, cancel);

    /// <param name="name">Null: all of them.</param>
    public Task<LnsListDto> ListLnsesAsync(string? name, CancellationToken cancel) =>
        SendAsync(HttpMethod.Get, "/api/v1/lns" + (name is null ? "" : $"/{Uri.EscapeDataString(name)}"), ApiJson.Default.LnsListDto, cancel);

    public Task<ClearedAdaptationsDto> ClearAdaptationsAsync(string lns, CancellationToken cancel) => SendAsync(
        HttpMethod.Delete, $"/api/v1/lns/{Uri.EscapeDataString(lns)}/adaptations", ApiJson.Default.ClearedAdaptationsDto, cancel);

    public Task<LockoutsDto> ListLockoutsAsync(CancellationToken cancel) =>
        SendAsync(HttpMethod.Get, "/api/v1/lockouts", ApiJson.Default.LockoutsDto, cancel);

    /// <param name="mac">Null: all.</param>
    public Task<ClearedLockoutsDto> ClearLockoutsAsync(MacAddress? mac, CancellationToken cancel) =>
        SendAsync(HttpMethod.Delete, "/api/v1/lockouts" + (mac is null ? "" : $"?mac={mac}"), ApiJson.Default.ClearedLockoutsDto, cancel);

    public Task<SessionDto> GetSessionAsync(SessionKey key, CancellationToken cancel) =>
        SendAsync(HttpMethod.Get, $"/api/v1/sessions/{key}", ApiJson.Default.SessionDto, cancel);

    /// <summary>All sessions, fetched page by page.</summary>
    public async IAsyncEnumerable<SessionDto> ListSessionsAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        for (var cursor = ""; cursor is not null;)
        {
            var page = await SendAsync(HttpMethod.Get, PagePath("sessions", cursor), ApiJson.Default.SessionPage, cancel);
            foreach (var session in page.Sessions) yield return session;
            cursor = page.Next;
        }
    }

    public async IAsyncEnumerable<TunnelDto> ListTunnelsAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        for (var cursor = ""; cursor is not null;)
        {
            var page = await SendAsync(HttpMethod.Get, PagePath("tunnels", cursor), ApiJson.Default.TunnelPage, cancel);
            foreach (var tunnel in page.Tunnels) yield return tunnel;
            cursor = page.Next;
        }
    }

    public Task<TunnelDetailDto> GetTunnelAsync(ushort localTunnelId, CancellationToken cancel) => SendAsync(
        HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"/api/v1/tunnels/{localTunnelId}"), ApiJson.Default.TunnelDetailDto, cancel);

    private static string PagePath(string list, string cursor) =>
        $"/api/v1/{list}?limit={ApiServer.MaxPage}" + (cursor.Length > 0 ? $"&after={Uri.EscapeDataString(cursor)}" : "");

    private async Task<T> SendAsync<T>(HttpMethod method, string path, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            using var response = await _http.SendAsync(request, cancel);
            if (response.IsSuccessStatusCode) return (await response.Content.ReadFromJsonAsync(type, cancel))!;
            var error = (await response.Content.ReadFromJsonAsync(ApiJson.Default.ErrorDto, cancel))!;
            throw new CommandFailure(response.StatusCode switch
            {
                HttpStatusCode.NotFound => ExitCode.NothingMatched,
                HttpStatusCode.BadRequest => ExitCode.Usage,
                HttpStatusCode.ServiceUnavailable => ExitCode.Unreachable,
                _ => ExitCode.Failed,
            }, error.Message);
        }
        catch (HttpRequestException failure)
        {
            throw new CommandFailure(ExitCode.Unreachable, Unreachable(failure));
        }
        catch (JsonException)
        {
            throw new CommandFailure(ExitCode.Unreachable, $"what answers on {_socket} does not speak LacEdge's API");
        }
    }

    private string Unreachable(HttpRequestException failure) => (failure.InnerException as SocketException)?.SocketErrorCode switch
    {
        SocketError.AccessDenied => $"{_socket} may not be opened by this user",
        SocketError.ConnectionRefused => $"nobody answers on {_socket}: LacEdge does not run",
        SocketError.AddressNotAvailable => $"there is no socket {_socket}: LacEdge does not run, or uses another one (--socket)",
        _ => $"no answer on {_socket}: {failure.Message}",
    };

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_socket), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
