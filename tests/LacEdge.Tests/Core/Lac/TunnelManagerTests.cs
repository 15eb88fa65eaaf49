using System.Globalization;
using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.L2tp;
using LacEdge.Core.Lac;
using LacEdge.Core.Steering;
using LacEdge.Wire.Ip;

namespace LacEdge.Tests.Core.Lac;

/// <summary>Which tunnel, which source port, which socket: what is asked of the host, step by step.</summary>
public sealed class TunnelManagerTests
{
    [Fact]
    public void The_first_tunnel_to_an_LNS_leaves_from_1701_and_another_profile_from_a_local_port()
    {
        using var bench = new Bench(ports: new PortRange(50000, 50000));
        var first = bench.Acquire("198.51.100.1");
        Assert.Equal("open 0 0.0.0.0:1701", bench.Outputs());
        var second = bench.Acquire("198.51.100.1", bench.Other);
        Assert.Equal("open 1 0.0.0.0:50000", bench.Outputs());
        Assert.NotSame(first, second);
        // No port is left for a third; another LNS can have 1701 as well, over the same socket.
        Assert.Null(bench.TryAcquire("198.51.100.1", bench.Third, out var failure));
        Assert.Equal(new TunnelFailure(EndCause.Limit, "no tunnel id, slot or local port is free"), failure);
        Assert.NotNull(bench.Acquire("198.51.100.2"));
        Assert.Equal("", bench.Outputs());
    }

    [Fact]
    public void A_tunnel_is_shared_by_all_with_the_same_LNS_and_profile_also_while_it_waits_for_its_socket()
    {
        using var bench = new Bench();
        var tunnel = bench.Acquire("198.51.100.1");
        Assert.Same(tunnel, bench.Acquire("198.51.100.1"));
        bench.Answer(0);
        Assert.Same(tunnel, bench.Acquire("198.51.100.1"));
        Assert.Equal(2, tunnel.SessionCount - 1);
        Assert.Equal(3, bench.Manager.SessionsOn(tunnel.Target.Lns, ""));
        Assert.NotSame(tunnel, bench.Acquire("198.51.100.1", port: 1702));
        Assert.Equal(2, bench.Manager.Tunnels.Count);
    }

    [Fact]
    public void While_the_old_tunnel_lingers_the_next_takes_another_port_and_then_1701_again()
    {
        using var bench = new Bench(ports: new PortRange(50000, 50000));
        var first = bench.Opened("198.51.100.1");
        bench.Endpoint.Close(first.L2tp!, 1, 0, "", EndCause.IdleTunnel, bench.Now);
        Assert.NotSame(first, bench.Acquire("198.51.100.1"));
        Assert.Equal("open 1 0.0.0.0:50000", bench.Outputs());
        bench.Answer(1);

        bench.Outputs();
        bench.Advance(60);
        Assert.Contains("close 0", bench.Outputs(), StringComparison.Ordinal);
        Assert.Empty(bench.Manager.Tunnels);
        bench.Acquire("198.51.100.1");
        Assert.Equal("open 2 0.0.0.0:1701", bench.Outputs());
    }

    [Fact]
    public void The_port_of_a_forgotten_tunnel_rests_for_its_LNS_a_full_cycle_after_the_end()
    {
        using var random = new RandomStreams(new byte[RandomStreams.SeedSize]);
        var outbox = new Outbox();
        var sockets = new UdpSockets(new PortRange(50000, 50000), random[RandomPurpose.LocalPort], outbox);
        LacTunnel To(string lns) => new(
            new TunnelTarget(new TunnelProfile { Name = "p", HostName = "lac" }, new UdpEndpoint(IpAddress.Parse(lns), 1701), "lns", PeerProfile.Default), 0);
        ushort PortFor(string lns, double seconds) => sockets.Acquire(To(lns), Instant.Zero + TimeSpan.FromSeconds(seconds))!.Local.Endpoint.Port;

        var ended = To("198.51.100.1");
        var socket = sockets.Acquire(ended, Instant.Zero)!;
        Assert.Equal(1701, socket.Local.Endpoint.Port);
        ended.ClosedAt = Instant.Zero + TimeSpan.FromSeconds(10);
        sockets.Release(socket, ended);

        Assert.Equal(1701, PortFor("198.51.100.2", 10));
        Assert.Equal(50000, PortFor("198.51.100.1", 40.9));
        Assert.Equal(1701, PortFor("198.51.100.1", 41));
    }

    [Fact]
    public void An_LNS_that_failed_gets_no_tunnel_for_a_second_and_others_do()
    {
        using var bench = new Bench();
        var tunnel = bench.Acquire("198.51.100.1");
        bench.Answer(0);
        bench.Advance(5);
        Assert.True(tunnel.Closed);
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(bench.TryAcquire("198.51.100.1", bench.Profile, out var failure));
            Assert.Equal(new TunnelFailure(EndCause.TunnelTimeout, "no answer to SCCRQ in time"), failure);
        }

        Assert.NotNull(bench.Acquire("198.51.100.2"));
        Assert.NotNull(bench.Acquire("198.51.100.1", bench.Other));
        bench.Advance(1);
        Assert.NotNull(bench.Acquire("198.51.100.1"));
    }

    [Fact]
    public void A_tunnel_that_carried_calls_or_fell_idle_does_not_count_against_its_LNS()
    {
        using var bench = new Bench();
        var used = bench.Opened("198.51.100.1");
        bench.Manager.Install(used);
        bench.Endpoint.Close(used.L2tp!, 1, 0, "", EndCause.LnsDead, bench.Now);
        Assert.NotNull(bench.TryAcquire("198.51.100.1", bench.Profile, out _));

        var idle = bench.Opened("198.51.100.2");
        bench.Endpoint.Close(idle.L2tp!, 1, 0, "", EndCause.IdleTunnel, bench.Now);
        Assert.NotNull(bench.TryAcquire("198.51.100.2", bench.Profile, out _));
    }

    [Fact]
    public void A_port_that_cannot_be_opened_is_left_alone_for_a_minute_and_after_four_the_tunnel_is_given_up()
    {
        using var bench = new Bench(ports: new PortRange(50000, 50009));
        var tunnel = bench.Acquire("198.51.100.1");
        for (var handle = 0; handle < 3; handle++) Assert.Empty(bench.Answer(handle, "address already in use"));
        var (given, why) = Assert.Single(bench.Answer(3, "address already in use"));
        Assert.Same(tunnel, given);
        Assert.Equal(EndCause.SocketFailed, why.Cause);
        Assert.EndsWith("cannot be opened: address already in use", why.Detail, StringComparison.Ordinal);
        Assert.Empty(bench.Manager.Tunnels);
        var ports = bench.Outputs().Split(" | ").Where(o => o.StartsWith("open", StringComparison.Ordinal)).ToList();
        Assert.Equal("open 0 0.0.0.0:1701", ports[0]);
        Assert.Equal(4, ports.Select(o => o[7..]).Distinct().Count());

        bench.Advance(2);
        bench.Acquire("198.51.100.1");
        Assert.DoesNotContain(":1701", bench.Outputs(), StringComparison.Ordinal);
        bench.Advance(60);
        bench.Acquire("198.51.100.2");
        Assert.Equal("open 5 0.0.0.0:1701", bench.Outputs());
    }

    [Fact]
    public void The_next_tunnel_is_opened_when_the_first_has_its_sessions_and_none_beyond_max_tunnels()
    {
        using var bench = new Bench();
        var profile = bench.Profile with { MaxSessions = 2, MaxTunnels = 2 };
        LacTunnel[] given = [.. Enumerable.Range(0, 4).Select(_ => bench.Acquire("198.51.100.1", profile))];
        Assert.Same(given[0], given[1]);
        Assert.Same(given[2], given[3]);
        Assert.NotSame(given[0], given[2]);
        Assert.Null(bench.TryAcquire("198.51.100.1", profile, out var failure));
        Assert.Equal(new TunnelFailure(EndCause.Limit, "2 tunnel(s) to LNS 198.51.100.1 have their 2 sessions each"), failure);
        // Another LNS has its own, and whoever leaves makes room.
        Assert.NotNull(bench.Acquire("198.51.100.2", profile));
        given[0].SessionCount--;
        Assert.Same(given[0], bench.Acquire("198.51.100.1", profile));
    }

    [Fact]
    public void Sessions_of_different_assignment_ids_share_no_tunnel()
    {
        using var bench = new Bench();
        var (plain, gold) = (bench.Acquire("198.51.100.1"), bench.Acquire("198.51.100.1", assignment: "gold"));
        Assert.NotSame(plain, gold);
        Assert.Same(gold, bench.Acquire("198.51.100.1", assignment: "gold"));
        Assert.Same(plain, bench.Acquire("198.51.100.1"));
        Assert.Equal(4, bench.Manager.SessionsOn(plain.Target.Lns, ""));
    }

    [Theory]
    [InlineData(SourcePort.Auto, "open 0 0.0.0.0:1701 | open 1 0.0.0.0:50000")]
    [InlineData(SourcePort.WellKnown, "open 0 0.0.0.0:1701")]
    [InlineData(SourcePort.Any, "open 0 0.0.0.0:50000 | open 1 0.0.0.0:50001")]
    public void The_source_port_is_the_profiles_choice(SourcePort policy, string opened)
    {
        using var bench = new Bench(ports: new PortRange(50000, policy == SourcePort.Any ? (ushort)50001 : (ushort)50000));
        bench.Acquire("198.51.100.1", bench.Profile with { SourcePort = policy });
        bench.Acquire("198.51.100.1", bench.Other with { SourcePort = policy });
        Assert.Equal(opened, string.Join(" | ", bench.Outputs().Split(" | ").Order()));
    }

    [Fact]
    public void Two_ISPs_may_have_one_LNS_address_in_two_VRFs()
    {
        using var bench = new Bench();
        var (red, blue) = (bench.Profile with { Vrf = "red" }, bench.Other with { Vrf = "blue" });
        var first = bench.Acquire("198.51.100.1", red);
        var second = bench.Acquire("198.51.100.1", blue);
        Assert.NotSame(first, second);
        // Both have the port that everyone expects, each on its own device.
        Assert.Equal("open 0 0.0.0.0:1701 red | open 1 0.0.0.0:1701 blue", bench.Outputs());
        Assert.Equal((1, 1), (bench.Manager.SessionsOn(first.Target.Lns, "red"), bench.Manager.SessionsOn(first.Target.Lns, "blue")));
        var (_, why) = Assert.Single(Enumerable.Range(1, 1).SelectMany(_ => FailAll(bench)));
        Assert.Contains("on blue cannot be opened: no such device", why.Detail, StringComparison.Ordinal);

        static IReadOnlyList<(LacTunnel Tunnel, TunnelFailure Why)> FailAll(Bench bench)
        {
            for (var handle = 1; ; handle++)
            {
                if (bench.Answer(handle, "no such device") is { Count: > 0 } failed) return failed;
            }
        }
    }

    [Fact]
    public void When_nobody_waits_any_more_for_a_socket_it_is_closed_again()
    {
        using var bench = new Bench();
        var tunnel = bench.Acquire("198.51.100.1");
        bench.Outputs();
        tunnel.SessionCount = 0;
        Assert.Empty(bench.Answer(0));
        Assert.Equal("close 0", bench.Outputs());
        Assert.Empty(bench.Manager.Tunnels);
        Assert.Empty(bench.Manager.HandleSocket(99, true, "", bench.Now));
        Assert.Equal("close 99", bench.Outputs());
    }

    [Fact]
    public void At_the_limit_of_tunnels_no_socket_is_asked_for_and_a_slot_that_becomes_free_is_used_again()
    {
        using var bench = new Bench(maxTunnels: 2);
        bench.Opened("198.51.100.1");
        bench.Opened("198.51.100.2");
        Assert.Null(bench.TryAcquire("198.51.100.3", bench.Profile, out var failure));
        Assert.Equal(EndCause.Limit, failure.Cause);
        Assert.Equal(1ul, bench.Counters[DropReason.Limit]);

        // Neither LNS answers: both tunnels are given up, linger, and are forgotten.
        bench.Advance(37);
        Assert.Equal([0, 1], new[] { bench.Acquire("198.51.100.3").Slot, bench.Acquire("198.51.100.4").Slot }.Order());
        Assert.Null(bench.TryAcquire("198.51.100.5", bench.Profile, out _));
    }

    [Fact]
    public void A_tunnel_without_an_id_is_no_failure_of_its_socket()
    {
        using var bench = new Bench(maxTunnels: 8, maxIds: 1);
        bench.Opened("198.51.100.1");
        bench.Acquire("198.51.100.1", bench.Other);
        var (_, why) = Assert.Single(bench.Answer(1));
        Assert.Equal(EndCause.Limit, why.Cause);
        Assert.Contains("close 1", bench.Outputs(), StringComparison.Ordinal);
    }

    private sealed class Bench : IL2tpUser, IDisposable
    {
        private readonly RandomStreams _random = new(new byte[RandomStreams.SeedSize]);
        private ulong _timerOrder;

        public Bench(int maxTunnels = 10, PortRange? ports = null, int? maxIds = null)
        {
            Endpoint = new L2tpEndpoint(_random, Timers, Outbox, Counters, this, maxIds ?? maxTunnels, () => ++_timerOrder);
            var sockets = new UdpSockets(ports ?? new PortRange(49152, 53247), _random[RandomPurpose.LocalPort], Outbox);
            Manager = new TunnelManager(Endpoint, sockets, Outbox, Counters, new LnsBook([]), maxTunnels);
        }

        public TunnelProfile Profile { get; } = new() { Name = "t", HostName = "lac1" };
        public TunnelProfile Other { get; } = new() { Name = "other", HostName = "lac1" };
        public TunnelProfile Third { get; } = new() { Name = "third", HostName = "lac1" };
        public TimerQueue Timers { get; } = new();
        public Outbox Outbox { get; } = new();
        public LacCounters Counters { get; } = new();
        public L2tpEndpoint Endpoint { get; }
        public TunnelManager Manager { get; }
        public Instant Now { get; private set; } = new(1_000_000_000_000);

        public void Dispose() => _random.Dispose();

        public LacTunnel? TryAcquire(
            string lns, TunnelProfile profile, out TunnelFailure failure, ushort port = 1701, string assignment = "")
        {
            var config = new LnsConfig { Name = lns, Address = IpAddress.Parse(lns), Port = port, AssignmentId = assignment };
            return Manager.Acquire(new LnsCandidate("isp", config, profile, PeerProfile.Default), Now, out failure);
        }

        /// <summary>With one more session on it.</summary>
        public LacTunnel Acquire(string lns, TunnelProfile? profile = null, ushort port = 1701, string assignment = "")
        {
            var tunnel = TryAcquire(lns, profile ?? Profile, out var failure, port, assignment);
            Assert.True(tunnel is not null, failure.ToString());
            tunnel.SessionCount++;
            return tunnel;
        }

        public LacTunnel Opened(string lns)
        {
            var tunnel = Acquire(lns);
            if (tunnel.L2tp is null) Answer(tunnel.Socket!.Handle);
            Outputs();
            return tunnel;
        }

        public IReadOnlyList<(LacTunnel Tunnel, TunnelFailure Why)> Answer(int handle, string error = "") =>
            Manager.HandleSocket(handle, error.Length == 0, error, Now);

        public void Advance(double seconds)
        {
            var end = Now + TimeSpan.FromSeconds(seconds);
            while (Timers.NextDeadline <= end)
            {
                Now = Timers.NextDeadline;
                Timers.RunDue(Now);
            }

            Now = end;
        }

        /// <summary>Sockets asked for and closed since the last look.</summary>
        public string Outputs()
        {
            var words = new List<string>();
            foreach (var output in Outbox.Outputs)
            {
                if (output.Kind == OutputKind.CloseSocket) words.Add(string.Create(CultureInfo.InvariantCulture, $"close {output.Target}"));
                if (output.Kind != OutputKind.OpenSocket) continue;
                var address = output.Peer.Address.IsNone ? "0.0.0.0" : output.Peer.Address.ToString();
                words.Add(string.Create(CultureInfo.InvariantCulture, $"open {output.Target} {address}:{output.Peer.Port} {output.Socket?.Device}").TrimEnd());
            }

            Outbox.Clear();
            return string.Join(" | ", words);
        }

        void IL2tpUser.TunnelEstablished(L2tpTunnel tunnel, Instant now) { }

        void IL2tpUser.TunnelClosed(L2tpTunnel tunnel, EndCause cause, string detail, Instant now) =>
            Manager.Closed((LacTunnel)tunnel.Owner!, cause, detail, now);

        bool IL2tpUser.AskActivity(L2tpTunnel tunnel) => false;
        void IL2tpUser.TunnelForgotten(L2tpTunnel tunnel, Instant now) => Manager.Forget((LacTunnel)tunnel.Owner!, now);
        void IL2tpUser.CallAccepted(L2tpCall call, Instant now) { }
        void IL2tpUser.CallConnected(L2tpCall call, Instant now) { }
        void IL2tpUser.CallEnded(L2tpCall call, CallEnd end, Instant now) { }
        void IL2tpUser.DataReceived(L2tpCall call, ReadOnlySpan<byte> ppp, Instant now) { }
    }
}
