using LacEdge.Api;
using LacEdge.Core;
using LacEdge.Core.Events;
using LacEdge.Lab.Peers;
using LacEdge.Linux.DataPlane;
using LacEdge.Tests.Simulation;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Api;

/// <summary>What the API shows, held against what the LAC told in its events.</summary>
public sealed class LacSnapshotsTests : IDisposable
{
    private static readonly DateTime _utcNow = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    private readonly NullDataPlane _dataPlane = new();
    private readonly Scenario _scenario = Scenario.Up(new ScenarioOptions(), 5);

    public void Dispose() => _dataPlane.Dispose();

    [Fact]
    public void A_session_that_is_up()
    {
        var up = _scenario.Events<SessionUp>()[^1];
        var session = Snapshots().Session(up.Key)!;
        Assert.Equal((up.Key.ToString(), up.Key.AcctSessionId, "up"), (session.Id, session.AcctSessionId, session.State));
        Assert.Equal((up.User, up.Isp, up.Lns), (session.User, session.Isp, session.Lns));
        Assert.Equal((up.LnsEndpoint.Address.ToString(), (int?)up.LnsEndpoint.Port), (session.LnsAddress, session.LnsPort));
        Assert.Equal((up.Mac.ToString(), (int)up.PppoeSessionId, "untagged"), (session.Mac, session.PppoeSessionId, session.Vlans));
        Assert.Equal(_scenario.Lac.Core.Config.AccessInterfaces[up.AccessGroup], session.Interface);
        Assert.Equal(((int?)up.LocalTunnelId, (int?)up.PeerTunnelId), (session.LocalTunnelId, session.PeerTunnelId));
        Assert.Equal(((int?)up.LocalSessionId, (int?)up.PeerSessionId), (session.LocalSessionId, session.PeerSessionId));
        Assert.Equal(_utcNow - (_scenario.Network.Now - up.At), session.UpAt!.Value, TimeSpan.FromMilliseconds(1));
        Assert.Equal(session.UpAt.Value - up.Setup, session.OpenedAt, TimeSpan.FromMilliseconds(2));
    }

    [Fact]
    public void A_session_that_is_not_up_yet()
    {
        var subscriber = _scenario.Add(6);
        _scenario.Network.Dial(subscriber);
        Assert.True(_scenario.Network.RunUntil(() => _scenario.Lac.Core.SessionCount == 6, TimeSpan.FromSeconds(5)));
        var session = Snapshots().Sessions(null, 100).Sessions[^1];
        Assert.Equal(("ppp", "", "", ""), (session.State, session.User, session.Isp, session.Lns));
        Assert.Equal((null, null, null, null), (session.LocalTunnelId, session.LocalSessionId, session.LnsAddress, session.UpAt));
    }

    [Fact]
    public void A_line_that_is_locked_out()
    {
        // With the default of five short sessions.
        for (var i = 0; i < 5; i++)
        {
            var subscriber = _scenario.Subscribers[1];
            _scenario.Network.HangUp(subscriber, HangUpKind.Padt);
            if (i == 4) break;
            _scenario.Network.Dial(subscriber);
            _scenario.WaitAllUp(TimeSpan.FromSeconds(5));
        }

        _scenario.Network.Run(TimeSpan.FromMilliseconds(10));
        var snapshots = Snapshots();
        var line = Assert.Single(snapshots.Lockouts(snapshots.LockedOut()).Lockouts);
        Assert.Equal(("eth1", "untagged", "02:00:00:00:00:02", 5), (line.Interface, line.Vlans, line.Mac, line.ShortSessions));
        Assert.InRange(line.Until - _utcNow, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_session_shows_what_the_access_node_tells_of_its_line()
    {
        var subscriber = _scenario.Add(6, tags: LineTag.Of("OLT7\n0/1", "S42", 1024, 16384));
        _scenario.Network.Dial(subscriber);
        _scenario.WaitAllUp(TimeSpan.FromSeconds(30));
        var sessions = Snapshots().Sessions(null, 100).Sessions;
        Assert.Equal((null, null, null), (sessions[0].CircuitId, sessions[0].RemoteId, sessions[0].Line));
        var told = sessions[^1];
        Assert.Equal((@"OLT7\x0a0/1", "S42"), (told.CircuitId, told.RemoteId));
        Assert.Equal([new("actual_rate_up", 1_024_000), new("actual_rate_down", 16_384_000)], told.Line!.Rates);
        Assert.Equal((0, null, null, false), (told.Line.Delays.Count, told.Line.Encapsulation, told.Line.LineType, told.Line.Iwf));
        Assert.Equal(@"OLT7\x0a0/1", _scenario.Events<SessionUp>()[^1].CircuitId);
    }

    [Fact]
    public void Sessions_come_in_pages_by_key()
    {
        var all = _scenario.Events<SessionUp>().Select(up => up.Key).Order().Select(key => key.ToString()).ToList();
        var first = Snapshots().Sessions(null, 2);
        Assert.Equal((string.Join(' ', all[..2]), all[1]), (Ids(first), first.Next));
        var rest = Snapshots().Sessions(Key(first.Next!), 3);
        Assert.Equal((string.Join(' ', all[2..]), null), (Ids(rest), rest.Next));
        Assert.Empty(Snapshots().Sessions(Key(all[^1]), 2).Sessions);
    }

    [Fact]
    public void A_cursor_of_another_start_leads_to_all_or_none()
    {
        var boot = _scenario.Events<SessionUp>()[0].Key.Boot;
        Assert.Equal(5, Snapshots().Sessions(new SessionKey(boot - 1, 4000), 100).Sessions.Count);
        Assert.Empty(Snapshots().Sessions(new SessionKey(boot + 1, 0), 100).Sessions);
    }

    [Fact]
    public void A_session_that_never_was_is_not_found() => Assert.Null(Snapshots().Session(new SessionKey(1, 999)));

    [Fact]
    public void A_tunnel_shows_what_happened_to_it()
    {
        var up = _scenario.Events<TunnelUp>()[0];
        var detail = Snapshots().Tunnel(up.LocalTunnelId)!;
        Assert.Equal(("current", "sensitive", "established"), (detail.Secret, detail.HiddenAvps, detail.Tunnel.State));
        Assert.Equal(
            ["SCCRQ sent idle wait-ctl-reply", "SCCRP received wait-ctl-reply wait-ctl-reply", "SCCCN sent wait-ctl-reply established"],
            detail.Events.Select(happened => $"{happened.Event} {happened.Before} {happened.After}"));
        Assert.Null(Snapshots().Tunnel(up.LocalTunnelId ^ 1));
    }

    [Fact]
    public void LNSes_are_listed_in_the_order_of_the_configuration()
    {
        var lnses = Snapshots().Lnses().Lns;
        Assert.Equal(["lns-a isp1 198.51.100.1 1701 wholesale default up 3 30000 1", "lns-b isp2 198.51.100.2 1701 wholesale default up 2 30000 1"],
            lnses.Select(one => $"{one.Name} {one.Isp} {one.Address} {one.Port} {one.Profile} {one.PeerProfile} {one.State} {one.Sessions} {one.MaxSessions} {one.Tunnels}"));
        Assert.Equal((null, null, null, null), (lnses[0].Dns, lnses[0].Until, lnses[0].Why, lnses[0].LastRefusal));
        _scenario.A.RefuseCalls = new(CdnResult.GeneralError, L2tpErrorCode.UnknownMandatoryAvp, "AVP 0/21");
        _scenario.Network.Dial(_scenario.Add(6));
        _scenario.Network.Run(TimeSpan.FromSeconds(5));
        var refusal = Snapshots().Lnses().Lns[0].LastRefusal!;
        Assert.Contains("AVP 0/21; the LNS does not know Called Number (21)", refusal.Why, StringComparison.Ordinal);
        Assert.InRange(_utcNow - refusal.At, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5));
        Assert.Null(Snapshots().Lnses().Lns[1].LastRefusal);
    }

    [Fact]
    public void Tunnels_come_in_pages_by_slot()
    {
        var ups = _scenario.Events<TunnelUp>().ToList();
        var first = Snapshots().Tunnels(null, 1);
        var second = Snapshots().Tunnels(int.Parse(first.Next!, System.Globalization.CultureInfo.InvariantCulture), 1);
        Assert.Null(second.Next);
        foreach (var tunnel in (TunnelDto[])[first.Tunnels[0], second.Tunnels[0]])
        {
            var up = ups.Single(one => one.LocalTunnelId == tunnel.LocalTunnelId);
            Assert.Equal(("established", up.Lns, (int?)up.PeerTunnelId, up.PeerHostName), (tunnel.State, tunnel.Lns, tunnel.PeerTunnelId, tunnel.PeerHostName));
            Assert.Equal((up.Peer.Address.ToString(), (int?)up.Peer.Port), (tunnel.PeerAddress, tunnel.PeerPort));
        }

        Assert.Equal(5, first.Tunnels[0].Sessions + second.Tunnels[0].Sessions);
    }

    [Fact]
    public void Counters_have_names_and_what_was_counted()
    {
        var counters = Snapshots().Counters(0);
        Assert.Equal(5ul, counters.Messages["sessions_up"]);
        Assert.Equal(5ul, counters.Messages["padr_received"]);
        Assert.Equal(Enum.GetValues<DropReason>().Length, counters.Drops.Count);
        Assert.Equal(Enum.GetValues<LacEdge.Wire.DecodeError>().Length - 1, counters.DecodeErrors.Count);
        Assert.Contains("kernel_drops", counters.DataPlane.Keys);
        Assert.All(counters.Messages.Keys.Concat(counters.Drops.Keys).Concat(counters.DecodeErrors.Keys).Concat(counters.DataPlane.Keys),
            name => Assert.Matches("^[a-z][a-z0-9_]*$", name));
    }

    [Fact]
    public void Status_counts_sessions_and_tunnels()
    {
        var status = Snapshots().Status(9, "1.2.3");
        Assert.Equal((_scenario.Lac.Core.Config.Node.Name, "1.2.3", 9L, 5, 2), (status.Name, status.Version, status.Boot, status.Sessions, status.Tunnels));
    }

    private LacSnapshots Snapshots() => new(_scenario.Lac.Core, _dataPlane, _scenario.Network.Now, _utcNow);
    private static string Ids(SessionPage page) => string.Join(' ', page.Sessions.Select(session => session.Id));
    private static SessionKey Key(string text) => SessionKey.TryParse(text, out var key) ? key : throw new FormatException(text);
}
