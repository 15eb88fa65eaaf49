using System.CommandLine;
using System.Globalization;
using LacEdge.Api;

namespace LacEdge.Cli;

/// <summary><c>lacedge show sessions|session|tunnels|tunnel|lns|lockouts|counters|status</c>: what the running LacEdge has.</summary>
internal static class ShowCommand
{
    public static Command Create(TimeProvider clock)
    {
        var columns = new ShowColumns(clock);
        var sessions = new Listing<SessionDto>("sessions", ApiJson.Default.SessionDto, columns.Sessions);
        var tunnels = new Listing<TunnelDto>("tunnels", ApiJson.Default.TunnelDto, columns.Tunnels);
        var lockouts = new Listing<LockoutDto>("lockouts", ApiJson.Default.LockoutDto, columns.Lockouts);
        var counters = new Listing<CounterRow>("counters", RowJson.Default.CounterRow, ShowColumns.Counters);
        var status = new Listing<StatusDto>("status", ApiJson.Default.StatusDto, columns.Status);
        return new Command("show", "Show what the running LacEdge has")
        {
            Create("sessions", "Subscriber sessions, oldest first", (api, format, output, cancel) =>
                sessions.WriteAsync(api.ListSessionsAsync(cancel), format, output)),
            CreateSession(sessions),
            Create("tunnels", "L2TP tunnels", (api, format, output, cancel) =>
                tunnels.WriteAsync(api.ListTunnelsAsync(cancel), format, output)),
            CreateTunnel(columns),
            CreateLns(columns),
            Create("lockouts", "Lines that are not answered for a while, because their sessions kept ending at once", async (api, format, output, cancel) =>
                await lockouts.WriteAsync((await api.ListLockoutsAsync(cancel)).Lockouts.ToAsyncEnumerable(), format, output)),
            Create("counters", "Everything that is counted; the table leaves zeros out", async (api, format, output, cancel) =>
            {
                var rows = Rows(await api.GetCountersAsync(cancel)).Where(row => row.Value > 0 || format != OutputFormat.Table);
                await counters.WriteAsync(rows.ToAsyncEnumerable(), format, output);
            }),
            Create("status", "Name, version and size", async (api, format, output, cancel) =>
            {
                StatusDto[] rows = [await api.GetStatusAsync(cancel)];
                await status.WriteAsync(rows.ToAsyncEnumerable(), format, output);
            }),
        };
    }

    private static Command CreateTunnel(ShowColumns columns)
    {
        var events = new Listing<TunnelEventDto>("events", ApiJson.Default.TunnelEventDto, columns.TunnelEvents);
        var id = new Argument<ushort>("ID") { Description = "The tunnel: the first of the two ids that 'lacedge show tunnels' prints" };
        var (socket, output) = (DaemonOptions.Socket(), DaemonOptions.Output());
        var command = new Command("tunnel", "The last events of one L2TP tunnel, with its state before and after") { id, output, socket };
        command.SetAction(async (result, cancel) =>
        {
            using var api = new ApiClient(result.GetValue(socket)!);
            var tunnel = await api.GetTunnelAsync(result.GetValue(id), cancel);
            var (format, text) = (result.GetValue(output), result.InvocationConfiguration.Output);
            if (format == OutputFormat.Table) await text.WriteLineAsync(ShowColumns.Summary(tunnel));
            await events.WriteAsync(tunnel.Events.ToAsyncEnumerable(), format, text);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command CreateLns(ShowColumns columns)
    {
        var listing = new Listing<LnsDto>("lns", ApiJson.Default.LnsDto, columns.Lnses);
        var name = new Argument<string?>("NAME") { Description = "Everything about the LNS of this name", DefaultValueFactory = _ => null };
        var (socket, output) = (DaemonOptions.Socket(), DaemonOptions.Output());
        var command = new Command("lns", "LNSes of the configuration: their state, the last refusal, AVPs that are left out") { name, output, socket };
        command.SetAction(async (result, cancel) =>
        {
            using var api = new ApiClient(result.GetValue(socket)!);
            var (format, text, wanted) = (result.GetValue(output), result.InvocationConfiguration.Output, result.GetValue(name));
            var lnses = (await api.ListLnsesAsync(wanted, cancel)).Lns;
            if (wanted is null || format != OutputFormat.Table) await listing.WriteAsync(lnses.ToAsyncEnumerable(), format, text);
            else
            {
                foreach (var (i, lns) in lnses.Index())
                {
                    if (i > 0) await text.WriteLineAsync();
                    await Details.WriteAsync(lns, ApiJson.Default.LnsDto, text);
                }
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Create(string name, string description, Func<ApiClient, OutputFormat, TextWriter, CancellationToken, Task> write)
    {
        var (socket, output) = (DaemonOptions.Socket(), DaemonOptions.Output());
        var command = new Command(name, description) { output, socket };
        command.SetAction(async (result, cancel) =>
        {
            using var api = new ApiClient(result.GetValue(socket)!);
            await write(api, result.GetValue(output), result.InvocationConfiguration.Output, cancel);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command CreateSession(Listing<SessionDto> listing)
    {
        var (id, socket, output) = (DaemonOptions.SessionId(), DaemonOptions.Socket(), DaemonOptions.Output());
        var command = new Command("session", "Everything about one subscriber session") { id, output, socket };
        command.SetAction(async (result, cancel) =>
        {
            using var api = new ApiClient(result.GetValue(socket)!);
            var (format, text) = (result.GetValue(output), result.InvocationConfiguration.Output);
            var session = await api.GetSessionAsync(result.GetValue(id), cancel);
            if (format == OutputFormat.Table) await Details.WriteAsync(session, ApiJson.Default.SessionDto, text);
            else await listing.WriteAsync(new[] { session }.ToAsyncEnumerable(), format, text);
            return ExitCode.Ok;
        });
        return command;
    }

    private static IEnumerable<CounterRow> Rows(CountersDto counters) =>
    [
        .. counters.Messages.Select(counter => new CounterRow("messages", counter.Key, counter.Value)),
        .. counters.Drops.Select(counter => new CounterRow("drops", counter.Key, counter.Value)),
        .. counters.DecodeErrors.Select(counter => new CounterRow("decode_errors", counter.Key, counter.Value)),
        .. counters.DataPlane.Select(counter => new CounterRow("data_plane", counter.Key, counter.Value)),
    ];
}

internal sealed record CounterRow(string Group, string Name, ulong Value);

/// <summary>Columns of the tables.</summary>
internal sealed class ShowColumns(TimeProvider clock)
{
    private const string Nothing = "-";

    public IReadOnlyList<Column<SessionDto>> Sessions =>
    [
        new("ID", session => session.Id),
        new("USER", session => OrNothing(session.User)),
        new("ISP", session => OrNothing(session.Isp)),
        new("LNS", session => OrNothing(session.Lns)),
        new("STATE", session => session.State),
        new("PORT", session => Port(session.Interface, session.Vlans)),
        new("MAC", session => session.Mac),
        new("CIRCUIT-ID", session => OrNothing(session.CircuitId)),
        new("PPPOE", session => Text(session.PppoeSessionId), Right: true),
        new("TUNNEL", session => Pair(session.LocalTunnelId, session.PeerTunnelId), Right: true),
        new("CALL", session => Pair(session.LocalSessionId, session.PeerSessionId), Right: true),
        new("UPTIME", session => Since(session.UpAt), Right: true),
        new("DOWN", session => Human.Octets(session.DownOctets), Right: true),
        new("UP", session => Human.Octets(session.UpOctets), Right: true),
    ];

    public IReadOnlyList<Column<TunnelDto>> Tunnels =>
    [
        new("TUNNEL", tunnel => Pair(tunnel.LocalTunnelId, tunnel.PeerTunnelId), Right: true),
        new("LNS", tunnel => tunnel.Lns),
        new("ADDRESS", tunnel => $"{tunnel.PeerAddress ?? tunnel.LnsAddress} {tunnel.PeerPort ?? tunnel.LnsPort}"),
        new("PEER-NAME", tunnel => OrNothing(tunnel.PeerHostName)),
        new("VENDOR", tunnel => OrNothing(tunnel.PeerVendorName)),
        new("PROFILE", tunnel => tunnel.Profile),
        new("STATE", tunnel => tunnel.State),
        new("SESSIONS", tunnel => Text(tunnel.Sessions), Right: true),
        new("AGE", tunnel => Since(tunnel.OpenedAt), Right: true),
    ];

    public IReadOnlyList<Column<TunnelEventDto>> TunnelEvents =>
    [
        new("AGO", happened => Since(happened.At), Right: true),
        new("BEFORE", happened => happened.Before),
        new("AFTER", happened => happened.After),
        new("TIMES", happened => Text(happened.Count), Right: true),
        new("EVENT", happened => happened.Event),
    ];

    public IReadOnlyList<Column<LnsDto>> Lnses =>
    [
        new("LNS", lns => lns.Name),
        new("ISP", lns => lns.Isp),
        new("ADDRESS", lns => $"{OrNothing(lns.Address)} {lns.Port}"),
        new("PROFILE", lns => lns.Profile),
        new("STATE", lns => lns.State),
        new("LEFT", lns => lns.Until is { } until ? Human.Duration(until - clock.GetUtcNow().UtcDateTime) : Nothing, Right: true),
        new("SESSIONS", lns => Text(lns.Sessions), Right: true),
        new("TUNNELS", lns => Text(lns.Tunnels), Right: true),
        new("REFUSED", lns => Since(lns.LastRefusal?.At), Right: true),
        new("ADAPTED", lns => OrNothing(string.Join(", ", lns.Adaptations.Select(one => $"{one.Message} {one.State}")))),
    ];

    public IReadOnlyList<Column<LockoutDto>> Lockouts =>
    [
        new("PORT", line => Port(line.Interface, line.Vlans)),
        new("MAC", line => line.Mac),
        new("SHORT-SESSIONS", line => Text(line.ShortSessions), Right: true),
        new("LEFT", line => Human.Duration(line.Until - clock.GetUtcNow().UtcDateTime), Right: true),
    ];

    /// <summary>One line about the tunnel itself.</summary>
    public static string Summary(TunnelDetailDto detail)
    {
        var tunnel = detail.Tunnel;
        return $"tunnel {Pair(tunnel.LocalTunnelId, tunnel.PeerTunnelId)} to {tunnel.Lns}: {tunnel.State}, {Text(tunnel.Sessions)} sessions, "
            + $"secret: {detail.Secret}, hidden AVPs: {detail.HiddenAvps}";
    }

    public static IReadOnlyList<Column<CounterRow>> Counters =>
    [
        new("GROUP", row => row.Group),
        new("NAME", row => row.Name),
        new("VALUE", row => row.Value.ToString(CultureInfo.InvariantCulture), Right: true),
    ];

    public IReadOnlyList<Column<StatusDto>> Status =>
    [
        new("NAME", status => status.Name),
        new("VERSION", status => status.Version),
        new("BOOT", status => status.Boot.ToString(CultureInfo.InvariantCulture), Right: true),
        new("UPTIME", status => Since(status.StartedAt), Right: true),
        new("SESSIONS", status => Text(status.Sessions), Right: true),
        new("TUNNELS", status => Text(status.Tunnels), Right: true),
    ];

    private static string Port(string name, string vlans) => vlans == "untagged" ? name : $"{name}.{vlans}";
    private static string OrNothing(string? text) => string.IsNullOrEmpty(text) ? Nothing : text;
    private static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? Nothing;
    private static string Pair(int? local, int? peer) => local is null ? Nothing : $"{Text(local)}/{Text(peer)}";
    private string Since(DateTime? moment) => moment is null ? Nothing : Human.Duration(clock.GetUtcNow().UtcDateTime - moment.Value);
}
