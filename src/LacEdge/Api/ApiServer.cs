using System.Globalization;
using System.Net.Sockets;
using System.Text.Json.Serialization.Metadata;
using LacEdge.Core;
using LacEdge.Linux;
using LacEdge.Wire.Ethernet;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LacEdge.Api;

/// <summary>The management API: HTTP and JSON under /api/v1 on a Unix socket that its owner and group may use.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    public const int DefaultPage = 100, MaxPage = 1000, MaxReason = 200;

    private readonly WebApplication _app;
    private readonly IControlPlane _plane;

    private ApiServer(string socket, IControlPlane plane)
    {
        _plane = plane;
        // Nothing from the environment or from files of the working folder, and no signal handlers: those are the daemon's.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.ListenUnixSocket(socket);
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = 0;
            options.Limits.MaxConcurrentConnections = 64;
        });
        _app = builder.Build();
        Map("GET", "/api/v1/status", StatusAsync);
        Map("GET", "/api/v1/sessions", SessionsAsync);
        Map("GET", "/api/v1/sessions/{id}", SessionAsync);
        Map("DELETE", "/api/v1/sessions/{id}", ClearAsync);
        Map("GET", "/api/v1/tunnels", TunnelsAsync);
        Map("GET", "/api/v1/tunnels/{id}", TunnelAsync);
        Map("GET", "/api/v1/lns", LnsesAsync);
        Map("GET", "/api/v1/lns/{name}", LnsesAsync);
        Map("DELETE", "/api/v1/lns/{name}/adaptations", ClearAdaptationsAsync);
        Map("GET", "/api/v1/lockouts", LockoutsAsync);
        Map("DELETE", "/api/v1/lockouts", ClearLockoutsAsync);
        Map("GET", "/api/v1/counters", CountersAsync);
        Map("GET", "/api/v1/memory", MemoryAsync);
        _app.MapFallback(context =>
            FailAsync(context, StatusCodes.Status404NotFound, "not-found", "there is no such path", context.Request.Path));
    }

    /// <summary>
    /// Listens. A socket that nobody answers on any more is replaced. Throws <see cref="HostException"/> when the socket
    /// cannot be had.
    /// </summary>
    public static async Task<ApiServer> StartAsync(string socket, IControlPlane plane)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(socket)!);
            RemoveStale(socket);
            var server = new ApiServer(socket, plane);
            await server._app.StartAsync();
            // Until here the umask kept others out: connecting takes the right to write.
            File.SetUnixFileMode(socket, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
            return server;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SocketException)
        {
            throw new HostException($"cannot open the control socket {socket}: {failure.Message}");
        }
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static void RemoveStale(string path)
    {
        if (!File.Exists(path)) return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // A plain file refuses like a socket that nobody listens on, but a socket has no content.
            if (new FileInfo(path).Length > 0) throw new IOException("it is a file, not a socket");
            File.Delete(path);
            return;
        }

        throw new IOException("another LacEdge answers on it");
    }

    private void Map(string method, string path, Func<HttpContext, Task> handle) => _app.MapMethods(path, [method], async context =>
    {
        try
        {
            await handle(context);
        }
        catch (BadRequest wrong)
        {
            await FailAsync(context, StatusCodes.Status400BadRequest, "bad-request", wrong.Message, wrong.Where);
        }
        catch (OperationCanceledException)
        {
            await FailAsync(context, StatusCodes.Status503ServiceUnavailable, "stopping", "LacEdge is stopping", context.Request.Path);
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            await FailAsync(context, StatusCodes.Status500InternalServerError, "internal", failure.Message, context.Request.Path);
        }
    });

    private async Task StatusAsync(HttpContext context) =>
        await WriteAsync(context, await _plane.GetStatusAsync(), ApiJson.Default.StatusDto);

    private async Task CountersAsync(HttpContext context) =>
        await WriteAsync(context, await _plane.GetCountersAsync(), ApiJson.Default.CountersDto);

    private async Task MemoryAsync(HttpContext context)
    {
        var collect = Query(context, "collect") switch
        {
            null or "false" => false,
            "true" => true,
            _ => throw new BadRequest("collect", "expected true or false"),
        };
        await WriteAsync(context, await _plane.GetMemoryAsync(collect), ApiJson.Default.MemoryDto);
    }

    private async Task SessionsAsync(HttpContext context)
    {
        SessionKey? after = null;
        if (Query(context, "after") is { } cursor)
        {
            after = SessionKey.TryParse(cursor, out var key) ? key : throw new BadRequest("after", $"'{cursor}' is not a session id");
        }

        await WriteAsync(context, await _plane.ListSessionsAsync(after, Limit(context)), ApiJson.Default.SessionPage);
    }

    private async Task TunnelsAsync(HttpContext context)
    {
        int? after = null;
        if (Query(context, "after") is { } cursor)
        {
            after = int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var slot)
                ? slot
                : throw new BadRequest("after", $"'{cursor}' is not a cursor");
        }

        await WriteAsync(context, await _plane.ListTunnelsAsync(after, Limit(context)), ApiJson.Default.TunnelPage);
    }

    private async Task TunnelAsync(HttpContext context)
    {
        var text = (string)context.Request.RouteValues["id"]!;
        if (!ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) throw new BadRequest("id", $"'{text}' is not a tunnel id");
        if (await _plane.FindTunnelAsync(id) is { } tunnel) await WriteAsync(context, tunnel, ApiJson.Default.TunnelDetailDto);
        else await FailAsync(context, StatusCodes.Status404NotFound, "not-found", $"there is no tunnel {id}", "id");
    }

    private async Task SessionAsync(HttpContext context)
    {
        var key = Key(context);
        if (await _plane.FindSessionAsync(key) is { } session) await WriteAsync(context, session, ApiJson.Default.SessionDto);
        else await NoSessionAsync(context, key);
    }

    private async Task ClearAsync(HttpContext context)
    {
        var key = Key(context);
        var reason = Query(context, "reason") ?? "";
        if (reason.Length > MaxReason || reason.Any(char.IsControl))
        {
            throw new BadRequest("reason", $"at most {MaxReason} characters on one line");
        }

        var cleared = await _plane.ClearSessionAsync(key, reason);
        if (cleared) await WriteAsync(context, new ClearedDto(key.ToString(), reason), ApiJson.Default.ClearedDto);
        else await NoSessionAsync(context, key);
    }

    private async Task LnsesAsync(HttpContext context)
    {
        var (name, all) = ((string?)context.Request.RouteValues["name"], (await _plane.ListLnsesAsync()).Lns);
        var wanted = name is null ? all : [.. all.Where(lns => lns.Name == name)];
        if (name is null || wanted.Count > 0) await WriteAsync(context, new LnsListDto(wanted), ApiJson.Default.LnsListDto);
        else await FailAsync(context, StatusCodes.Status404NotFound, "not-found", $"the configuration has no LNS {name}", "name");
    }

    private async Task ClearAdaptationsAsync(HttpContext context)
    {
        var name = (string)context.Request.RouteValues["name"]!;
        if (await _plane.ClearAdaptationsAsync(name)) await WriteAsync(context, new ClearedAdaptationsDto(name), ApiJson.Default.ClearedAdaptationsDto);
        else await FailAsync(context, StatusCodes.Status404NotFound, "not-found", $"nothing was learned of an LNS {name}", "name");
    }

    private async Task LockoutsAsync(HttpContext context) =>
        await WriteAsync(context, await _plane.ListLockoutsAsync(), ApiJson.Default.LockoutsDto);

    private async Task ClearLockoutsAsync(HttpContext context)
    {
        MacAddress? mac = null;
        if (Query(context, "mac") is { } text) mac = MacAddress.TryParse(text, out var one) ? one : throw new BadRequest("mac", $"'{text}' is not a MAC address");
        var lines = await _plane.ClearLockoutsAsync(mac);
        if (lines > 0) await WriteAsync(context, new ClearedLockoutsDto(lines), ApiJson.Default.ClearedLockoutsDto);
        else await FailAsync(context, StatusCodes.Status404NotFound, "not-found", mac is null ? "no line is locked out" : $"{mac} is not locked out", "mac");
    }

    private static Task NoSessionAsync(HttpContext context, SessionKey key) =>
        FailAsync(context, StatusCodes.Status404NotFound, "not-found", $"there is no session {key}", "id");

    private static SessionKey Key(HttpContext context)
    {
        var text = (string)context.Request.RouteValues["id"]!;
        return SessionKey.TryParse(text, out var key) ? key : throw new BadRequest("id", $"'{text}' is not a session id");
    }

    private static int Limit(HttpContext context)
    {
        if (Query(context, "limit") is not { } text) return DefaultPage;
        var valid = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is > 0 and <= MaxPage;
        return valid ? limit : throw new BadRequest("limit", $"expected a number from 1 to {MaxPage}");
    }

    private static string? Query(HttpContext context, string name) =>
        context.Request.Query.TryGetValue(name, out var values) ? values.ToString() : null;

    private static Task FailAsync(HttpContext context, int status, string code, string message, string where)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, new ErrorDto(code, message, where), ApiJson.Default.ErrorDto);
    }

    private static Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type) => context.Response.WriteAsJsonAsync(value, type);

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class BadRequest(string where, string message) : Exception(message)
    {
        public string Where { get; } = where;
    }
}
