using System.Collections.Immutable;
using LacEdge.Core.Config;
using LacEdge.Core.Dns;
using LacEdge.Core.Forwarding;
using LacEdge.Core.L2tp;
using LacEdge.Core.Pppoe;
using LacEdge.Core.Radius;
using LacEdge.Core.Steering;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Core.Lac;

/// <summary>
/// The root of all behaviour: where PPPoE, PPP, steering and L2TP meet. Synchronous, single-threaded, without a clock.
/// </summary>
/// <remarks>
/// Four kinds of members.
/// <b>Inputs</b> (<c>Handle...</c>): everything that enters, each with <c>now</c>, which never runs backwards. Timers that are
/// due run before the input. The same configuration, seed and inputs give the same outputs, byte for byte.
/// <b>Outputs</b>: <see cref="Outbox"/>, to be carried out in order and cleared after every input, and <see cref="NextTimeout"/>.
/// <b>Commands</b>: <see cref="HandleCommand"/>. <b>Queries</b>: the read-only properties; they change nothing.
/// The sequence of one subscriber's life stands in <see cref="SessionManager"/>.
/// </remarks>
public sealed class Lac : IDisposable
{
    private readonly TimerQueue _timers = new();
    private readonly RandomStreams _random;
    private readonly PppoeServer _pppoe;
    private readonly L2tpEndpoint _l2tp;
    private readonly TunnelManager _tunnels;
    private readonly SessionManager _sessions;
    private readonly PersistentTunnels _persistent;
    private readonly LookupTable _lookups;
    private readonly LnsBook _lnses;
    private readonly ImmutableArray<LnsCandidate> _configured;
    private readonly RadiusClient _radius;
    private ulong _timerOrder;

    /// <param name="boot">How often LacEdge has started with its state directory: the first half of session keys.</param>
    /// <param name="seed">32 octets, fresh at every start.</param>
    public Lac(LacConfig config, uint boot, ReadOnlySpan<byte> seed, Instant now)
    {
        Config = config;
        StartedAt = now;
        _random = new RandomStreams(seed);
        var context = new LacContext(config, boot, _random, _timers, Outbox, Counters, () => ++_timerOrder);
        var interfaces = config.AccessInterfaces;
        _sessions = new SessionManager(context);
        _pppoe = new PppoeServer(
            [
                .. interfaces.Select(name => (IReadOnlyList<ServiceVlans>)
                    [
                        .. from service in config.Access
                           from one in service.Interfaces
                           where one.Name == name
                           select new ServiceVlans(service, one.Vlans),
                    ]),
            ],
            config.Limits.Sessions, interfaces, config.Discovery, _random, _timers, Outbox, Counters, _sessions, context.NextTimerOrder());
        _l2tp = new L2tpEndpoint(_random, _timers, Outbox, Counters, _sessions, config.Limits.Tunnels, context.NextTimerOrder);
        _lookups = new LookupTable(config.Dns, _timers, Outbox, Counters, context.NextTimerOrder);
        var names = new DnsTargets(config, _lookups, _random);
        var selector = new LnsSelector(config, _random) { Names = names };
        selector.Sources.Add(typeof(DnsTarget), names);
        _radius = new RadiusClient(
            config.Radius, config.Node.NasIdentifier.Length > 0 ? config.Node.NasIdentifier : config.Node.Name, _random, _timers, Outbox, Counters,
            context.NextTimerOrder);
        selector.Sources.Add(typeof(RadiusTarget), new RadiusSteering(config, _radius, selector, _pppoe));
        _configured = [.. selector.Everywhere(config).Distinct()];
        _lnses = new LnsBook(_configured);
        _tunnels = new TunnelManager(
            _l2tp, new UdpSockets(config.LocalPorts, _random[RandomPurpose.LocalPort], Outbox), Outbox, Counters, _lnses, config.Limits.Tunnels);
        _sessions.Attach(_pppoe, _l2tp, _tunnels, _lnses, selector);
        _persistent = new PersistentTunnels(_configured, _tunnels, context, now);
    }

    public LacConfig Config { get; }
    public Instant StartedAt { get; }
    public Outbox Outbox { get; } = new();
    public LacCounters Counters { get; } = new();
    /// <summary>When <see cref="HandleTimeout"/> wants to be called; <see cref="Instant.Never"/> when nothing runs.</summary>
    public Instant NextTimeout => _timers.NextDeadline;

    /// <summary>Sessions in the order of their keys, from the first after <paramref name="sequence"/>.</summary>
    public IEnumerable<SubscriberSession> SessionsAfter(uint sequence) => _sessions.Table.After(sequence);
    public int SessionCount => _sessions.Table.Count;
    public bool TryGetSession(SessionKey key, out SubscriberSession session) => _sessions.Table.TryGet(key, out session);
    /// <summary>Lines that discovery does not answer at present.</summary>
    public IEnumerable<LockedOutLine> LockedOut(Instant now) => _pppoe.LockedOut(now);
    /// <summary>Every LNS of the configuration, in its order.</summary>
    public IEnumerable<LnsStatus> Lnses(Instant now) => _configured.Select(candidate => _tunnels.StatusOf(candidate, now));
    /// <summary>Whether anything was learned of the AVPs that the LNSes of this name know.</summary>
    public bool HasAdaptations(string lns) => _lnses.HasAdaptations(lns);
    /// <summary>In the order of their opening, lingering ones included.</summary>
    public IReadOnlyList<LacTunnel> Tunnels => _tunnels.Tunnels;
    /// <summary>After <see cref="Shutdown"/>: nothing is left that could be told to anyone.</summary>
    public bool ShutdownComplete => _sessions.ShutdownComplete;
    public int RunningTimers => _timers.Count;
    /// <summary>Sessions that have not reached their LNS.</summary>
    public int HalfOpenSessions => _sessions.HalfOpen;
    /// <summary>PPPoE, tunnel and L2TP session ids and forwarding slots that have an owner: 0 when nothing is left.</summary>
    public int IdsInUse => _pppoe.IdsInUse + _l2tp.IdsInUse + _sessions.SlotsInUse;
    internal RandomStreams Random => _random;

    /// <summary>A whole Ethernet frame without FCS, its VLAN tags in band, from an access interface.</summary>
    public void HandleFrame(int accessGroup, ReadOnlySpan<byte> frame, Instant now)
    {
        _timers.RunDue(now);
        _pppoe.HandleFrame(accessGroup, frame, now);
    }

    /// <summary>A UDP payload that came to one of our sockets.</summary>
    public void HandleDatagram(int socket, UdpEndpoint source, ReadOnlySpan<byte> payload, Instant now)
    {
        _timers.RunDue(now);
        if (RadiusClient.Owns(socket)) _radius.HandleDatagram(socket, source, payload, now);
        else _l2tp.HandleDatagram(socket, source, payload, now);
    }

    /// <summary><see cref="NextTimeout"/> has come.</summary>
    public void HandleTimeout(Instant now) => _timers.RunDue(now);

    /// <summary>The answer to <see cref="OutputKind.OpenSocket"/>.</summary>
    /// <param name="error">Empty when it was opened, else one clear sentence.</param>
    public void HandleSocket(int socket, bool opened, UdpEndpoint local, string error, Instant now)
    {
        _timers.RunDue(now);
        if (RadiusClient.Owns(socket)) _radius.HandleSocket(socket, opened, error, now);
        else _sessions.SocketAnswered(_tunnels.HandleSocket(socket, opened, error, now), now);
    }

    /// <summary>State of an access interface: at start for each, and whenever it changes. A lost interface ends its sessions, and so
    /// does another MAC: subscribers go on sending to the old one. Another MTU holds for new sessions.</summary>
    /// <param name="speed">In bit/s; 0: not known.</param>
    public void HandleLink(int accessGroup, MacAddress mac, int mtu, bool up, Instant now, ulong speed = 0)
    {
        _timers.RunDue(now);
        var (wasUp, before) = (_pppoe.IsUp(accessGroup), _pppoe.MacOf(accessGroup));
        _pppoe.SetInterface(accessGroup, mac, mtu, up, speed);
        if (!up) _sessions.InterfaceLost(accessGroup, "", now);
        else if (wasUp && mac != before) _sessions.InterfaceLost(accessGroup, $"its MAC changed from {before} to {mac}", now);
    }

    /// <summary>The final counters of a slot, after <see cref="RemoveSession"/>: exactly once each.</summary>
    public void HandleCounters(int slot, ForwardingCounters counters, Instant now)
    {
        _timers.RunDue(now);
        _sessions.CountersArrived(slot, counters, now);
    }

    /// <summary>The answer to <see cref="ReadTunnel"/>: frames from the LNS over the sessions that are installed now.</summary>
    public void HandleTunnelFrames(int tunnelSlot, ulong frames, Instant now)
    {
        _timers.RunDue(now);
        _tunnels.FramesRead(tunnelSlot, frames, now);
    }

    /// <summary>The answer to <see cref="ReadSession"/>: frames in both directions, without LCP echoes.</summary>
    public void HandleSessionFrames(int slot, ulong frames, Instant now)
    {
        _timers.RunDue(now);
        _sessions.SessionFramesRead(slot, frames, now);
    }

    /// <summary>The answer to <see cref="OutputKind.Lookup"/>, once for each unless it was cancelled.</summary>
    /// <param name="message">The server's whole response; empty when there is none.</param>
    /// <param name="error">One clear sentence when there is none.</param>
    public void HandleLookup(int lookup, LookupOutcome outcome, ReadOnlySpan<byte> message, string error, Instant now)
    {
        _timers.RunDue(now);
        _lookups.Answered(lookup, outcome, message, error, now);
    }

    public void HandleCommand(LacCommand command, Instant now)
    {
        _timers.RunDue(now);
        switch (command)
        {
            case ClearSession clear: _sessions.Clear(clear.Key, clear.Reason, now); break;
            case ClearAdaptations clear: _lnses.ClearAdaptations(clear.Lns); break;
            case ClearLockout clear: _pppoe.ClearLockout(clear.Mac); break;
            case Shutdown:
                _persistent.Stop();
                _tunnels.ShuttingDown = true;
                _sessions.Shutdown(now);
                break;
            default: throw new ArgumentException($"unknown command {command.GetType().Name}", nameof(command));
        }
    }

    public void Dispose() => _random.Dispose();
}

/// <summary>What every part of the <see cref="Lac"/> is given.</summary>
internal sealed record LacContext(
    LacConfig Config, uint Boot, RandomStreams Random, TimerQueue Timers, Outbox Outbox, LacCounters Counters, Func<ulong> NextTimerOrder);
