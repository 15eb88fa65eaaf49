using System.Security.Cryptography;
using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Dns;
using LacEdge.Core.Events;
using LacEdge.Core.Forwarding;
using LacEdge.Core.Lac;
using LacEdge.Core.Pppoe;
using LacEdge.Linux;
using LacEdge.Linux.DataPlane;
using LacEdge.Linux.Dns;
using LacEdge.Linux.Netlink;
using LacEdge.Linux.Sockets;
using LacEdge.Recording;
using LacEdge.Wire.Dns;
using LacEdge.Wire.Ip;

namespace LacEdge.Hosting;

/// <summary>
/// Joins <see cref="Lac"/> with the kernel: opens sockets, runs the control loop, carries out what Core wants.
/// </summary>
/// <remarks>
/// Threads: the control thread runs <see cref="Run"/> and owns everything here; the data plane has its workers; the API's
/// threads come in through <see cref="AskAsync"/> and <see cref="OrderAsync"/> only.
/// </remarks>
internal sealed class LacHost : ILacHost, IDataPlaneUser, IDisposable
{
    /// <summary>How long LNSes may take to acknowledge StopCCN before LacEdge leaves anyway.</summary>
    private static readonly TimeSpan _shutdownPatience = TimeSpan.FromSeconds(3);

    private readonly ControlLoop _loop = new();
    private readonly Action<LacEvent> _publish;
    private readonly PacketDataPlane _dataPlane;
    private readonly LinkMonitor _links = new();
    private readonly SigningServers _signing;
    private readonly List<AccessPort> _ports = [];
    /// <summary>Those of questions to servers, by handle; all others are the data plane's.</summary>
    private readonly Dictionary<int, UdpSocket> _questions = [];
    private readonly Lac _lac;
    private readonly LacDriver _driver;
    private readonly LacRecorder? _recorder;
    private DnsResolver? _resolver;
    private Instant _leaveAt = Instant.Never;

    /// <summary>Opens everything that has to be there before the first subscriber; throws <see cref="HostException"/> with one clear sentence.</summary>
    /// <param name="recordTo">File for the recording; null for none.</param>
    /// <param name="publish">Takes each event, on the control thread.</param>
    public LacHost(LacConfig config, string? recordTo, Action<LacEvent> publish)
    {
        _publish = publish;
        var seed = RandomNumberGenerator.GetBytes(RandomStreams.SeedSize);
        var links = config.AccessInterfaces.Select(LinkInfo.Get).ToArray();
        Boot = BootNumber.Next(config.Node.StateDirectory);
        _signing = new SigningServers(config.Node.StateDirectory);
        config = _signing.Mark(config);
        var now = SystemClock.Now;
        _lac = new Lac(config, Boot, seed, now);
        _recorder = recordTo is null ? null : OpenRecorder(recordTo, config, seed, now);
        _driver = new LacDriver(_lac, this, _recorder);
        _dataPlane = new PacketDataPlane(links.Length, config.Limits.Sessions, config.Limits.Tunnels);
        for (var group = 0; group < links.Length; group++)
        {
            var accessGroup = group;
            var tagged = config.Access.SelectMany(service => service.Interfaces).Any(
                one => one.Name == links[accessGroup].Name && one.Vlans.Any(vlans => vlans.Tags > 0));
            _ports.Add(new AccessPort(
                _loop, _dataPlane, links[group].Name, group, tagged, frame => _driver.Frame(accessGroup, frame, SystemClock.Now)));
            TellLink(_ports[group]);
            TellMtu(_ports[group]);
        }

        _loop.Add(_dataPlane.Fd, () => _dataPlane.Deliver(this));
        _loop.Add(_links.Fd, LinksChanged);
    }

    public uint Boot { get; }
    /// <summary>Called on the control thread when the end begins, with the sessions and tunnels that are left.</summary>
    public Action<int, int>? Stopping { get; set; }
    public GcPauses Pauses { get; } = new();
    /// <summary>Discovery frames that the kernel dropped because the control thread did not keep pace. On the control thread only.</summary>
    public long DiscoveryDrops => _ports.Sum(port => port.KernelDrops);

    /// <summary>Runs on the calling thread until everything has ended after <see cref="Stop"/>.</summary>
    public void Run()
    {
        _dataPlane.Start();
        _loop.Run(() => _leaveAt < _lac.NextTimeout ? _leaveAt : _lac.NextTimeout, TimeoutDue);
    }

    /// <summary>Reads the state on the control thread: quick, and of bounded size.</summary>
    public Task<T> AskAsync<T>(Func<Lac, IDataPlane, T> query) => _loop.InvokeAsync(() => query(_lac, _dataPlane));

    /// <summary>Gives a command on the control thread if <paramref name="when"/> holds; whether it did.</summary>
    public Task<bool> OrderAsync(LacCommand command, Func<Lac, bool> when) => _loop.InvokeAsync(() =>
    {
        if (!when(_lac)) return false;
        _driver.Command(command, SystemClock.Now);
        return true;
    });

    /// <summary>Ends every session and tunnel, then <see cref="Run"/>. From any thread.</summary>
    public void Stop() => _loop.Post(() =>
    {
        if (_leaveAt != Instant.Never) return;
        _leaveAt = SystemClock.Now + _shutdownPatience;
        Stopping?.Invoke(_lac.SessionCount, _lac.Tunnels.Count);
        _driver.Command(new Shutdown(), SystemClock.Now);
        LeaveIfDone();
    });

    public void SendFrame(int accessGroup, ReadOnlySpan<byte> frame, int slot)
    {
        if (_ports[accessGroup].Send(frame) && slot >= 0) _dataPlane.CountFrame(slot, frame);
    }

    public void SendDatagram(int socket, UdpEndpoint peer, ReadOnlySpan<byte> payload, int slot)
    {
        if (_questions.TryGetValue(socket, out var question)) question.Send(peer, payload);
        else if (slot >= 0) _dataPlane.SendData(socket, peer, payload, slot);
        else _dataPlane.Send(socket, peer, payload);
    }

    public void OpenSocket(int socket, UdpEndpoint local, UdpSocketOptions options)
    {
        try
        {
            var opened = UdpSocket.Open(local, options, options.Questions ? (byte)0 : _lac.Config.ControlDscp);
            if (options.Questions) AddQuestions(socket, opened);
            else _dataPlane.AddSocket(socket, opened);
            _driver.Socket(socket, true, opened.Local, "", SystemClock.Now);
        }
        catch (HostException failure)
        {
            _driver.Socket(socket, false, local, failure.Message, SystemClock.Now);
        }
    }

    public void CloseSocket(int socket)
    {
        if (!_questions.Remove(socket, out var question))
        {
            _dataPlane.RemoveSocket(socket);
            return;
        }

        _loop.Remove(question.Fd);
        // Its datagrams may just be on their way through here.
        _loop.Post(question.Dispose);
    }

    public void Lookup(int lookup, DnsQuestion question)
    {
        try
        {
            _resolver ??= OpenResolver();
            _resolver.Lookup(lookup, question);
        }
        catch (HostException failure)
        {
            _driver.Lookup(lookup, LookupOutcome.Failed, [], failure.Message, SystemClock.Now);
        }
    }

    public void CancelLookup(int lookup) => _resolver?.Cancel(lookup);

    public void Apply(ForwardingUpdate update)
    {
        if (update is ReadTunnel read) _driver.TunnelFrames(read.TunnelSlot, _dataPlane.ReadTunnelFrames(read.TunnelSlot), SystemClock.Now);
        else if (update is ReadSession session) _driver.SessionFrames(session.Slot, FramesOf(session.Slot), SystemClock.Now);
        else _dataPlane.Apply(update);
    }

    private ulong FramesOf(int slot) => _dataPlane.ReadQuality(slot).FramesBeside(_dataPlane.ReadCounters(slot));

    public void Publish(LacEvent happened)
    {
        if (happened is RadiusServerSigns signs) Keep(_signing.AddAsync(signs));
        _publish(happened);
    }

    public void FrameReceived(int accessGroup, ReadOnlySpan<byte> frame) => _driver.Frame(accessGroup, frame, SystemClock.Now);

    public void DatagramReceived(int socket, UdpEndpoint source, ReadOnlySpan<byte> datagram)
    {
        _driver.Datagram(socket, source, datagram, SystemClock.Now);
        LeaveIfDone();
    }

    public void CountersFinal(int slot, ForwardingCounters counters)
    {
        _driver.Counters(slot, counters, SystemClock.Now);
        LeaveIfDone();
    }

    public void Dispose()
    {
        foreach (var port in _ports) port.Dispose();
        foreach (var question in _questions.Values) question.Dispose();
        _dataPlane.Dispose();
        _links.Dispose();
        _resolver?.Dispose();
        _recorder?.Dispose();
        _lac.Dispose();
        _loop.Dispose();
        Pauses.Dispose();
    }

    private void AddQuestions(int handle, UdpSocket socket)
    {
        _questions.Add(handle, socket);
        // After each answer Core may close the socket that it came by.
        _loop.Add(socket.Fd, () => socket.Receive((source, datagram) =>
        {
            if (_questions.ContainsKey(handle)) DatagramReceived(handle, source, datagram);
        }));
    }

    /// <summary>When the first name is looked up: most configurations need none.</summary>
    private DnsResolver OpenResolver()
    {
        var resolver = new DnsResolver(_lac.Config.Dns, (lookup, outcome, message, error) => _driver.Lookup(lookup, outcome, message, error, SystemClock.Now));
        _loop.Add(resolver.Fd, resolver.Process);
        return resolver;
    }

    private LacRecorder OpenRecorder(string path, LacConfig config, ReadOnlySpan<byte> seed, Instant now)
    {
        try
        {
            return new LacRecorder(path, config, Boot, seed, now, reason => _loop.Post(() => Trouble(reason)));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new HostException($"cannot record to {path}: {failure.Message}");
        }
    }

    private void TimeoutDue(Instant now)
    {
        if (_lac.NextTimeout <= now) _driver.Timeout(now);
        LeaveIfDone();
    }

    private void LeaveIfDone()
    {
        if (_leaveAt == Instant.Never) return;
        // Acknowledged tunnels linger for the peer's repetitions; the process need not.
        var told = _lac.ShutdownComplete && !_lac.Tunnels.Any(tunnel => tunnel.L2tp is { HasUnacknowledged: true });
        if (told || SystemClock.Now >= _leaveAt) _loop.Stop();
    }

    /// <summary>Interfaces came, went or changed: sockets follow, and Core learns of it.</summary>
    private void LinksChanged()
    {
        if (!_links.Drain()) return;
        foreach (var port in _ports)
        {
            var before = port.Link;
            try
            {
                if (!port.Refresh()) continue;
            }
            catch (HostException failure)
            {
                Trouble(failure.Message);
            }

            var link = port.Link;
            if (link == before) continue;
            var replaced = link?.Index != before?.Index;
            if (link is null) Trouble($"access interface {port.Name} is gone");
            else if (replaced) Trouble($"access interface {port.Name} is back");
            else foreach (var change in WhatChanged(port.Name, before!, link)) Trouble(change);
            if (replaced && before is not null) _driver.Link(port.AccessGroup, before.Mac, before.Mtu, false, SystemClock.Now);
            TellLink(port);
            if (link is not null && link.Mtu != before?.Mtu) TellMtu(port);
        }
    }

    private static IEnumerable<string> WhatChanged(string name, LinkInfo before, LinkInfo now)
    {
        if (now.Up != before.Up) yield return $"access interface {name} is {(now.Up ? "up" : "down")}";
        if (now.Mac != before.Mac) yield return $"access interface {name} changed its MAC from {before.Mac} to {now.Mac}: its sessions end";
        if (now.Mtu != before.Mtu) yield return $"access interface {name} changed its MTU from {before.Mtu} to {now.Mtu}: it holds for new sessions";
    }

    private void TellLink(AccessPort port)
    {
        if (port.Link is { } link) _driver.Link(port.AccessGroup, link.Mac, link.Mtu, link.Up, SystemClock.Now, port.Speed);
    }

    private void TellMtu(AccessPort port)
    {
        if (port.Link is { } link && AccessMtu.Trouble(_lac.Config, port.Name, link.Mtu) is { } trouble) Trouble(trouble);
    }

    private void Keep(Task written) => written.ContinueWith(
        failed => _loop.Post(() => Trouble($"cannot keep which RADIUS servers sign their replies: {failed.Exception!.InnerException!.Message}")),
        CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private void Trouble(string what) => _publish(new HostTrouble(SystemClock.Now, what));
}
