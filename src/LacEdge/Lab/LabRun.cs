using System.Diagnostics;
using System.Globalization;
using LacEdge.Api;
using LacEdge.Lab.Peers;
using LacEdge.Linux;
using LacEdge.Linux.Sockets;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Lab;

/// <summary>What a lab run is made of.</summary>
internal sealed record LabOptions
{
    public int Subscribers { get; init; } = 100;
    public LnsMode FirstMode { get; init; } = LnsMode.Forced;
    public LnsMode SecondMode { get; init; } = LnsMode.Renegotiate;
    /// <summary>Stays up until interrupted.</summary>
    public bool Keep { get; init; }
    /// <summary>One line per step instead of the whole report.</summary>
    public bool Quiet { get; init; }
    /// <summary>Takes the capture, LacEdge's log and its configuration.</summary>
    public string Output { get; init; } = "artifacts/lab";
}

/// <summary>
/// One run of the lab: makes the network, starts LacEdge as an operator would, brings every subscriber up, pings through
/// each, hangs up, stops, and checks what all three ends saw.
/// </summary>
internal sealed class LabRun(LabOptions options, TextWriter output) : IDisposable
{
    private const string Name = "lacedge-lab";
    private const int PingsEach = 3;
    /// <summary>Dials on their way at once: more only wait in LacEdge's queues.</summary>
    private const int DialsAtOnce = 50;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);
    private static readonly IpAddress _internet = IpAddress.Parse("203.0.113.1");

    private readonly LabIsp[] _isps =
    [
        new("isp1", "198.18.0.11", 0x64400001, 0x64400100, options.FirstMode) { WantsLines = true },
        new("isp2", "198.18.0.12", 0x64480001, 0x64480100, options.SecondMode),
    ];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<(string Check, bool Passed, string Detail)> _checks = [];
    /// <summary>Both ends send LCP echoes, at most some 500 a second each way.</summary>
    private readonly PppTimers _timers = PppTimers.Default with { EchoInterval = TimeSpan.FromSeconds(Math.Max(1, options.Subscribers / 500.0)) };
    private SessionDto? _first;
    private PeerHost _peers = null!;
    private readonly ControlLoop _loop = new();

    public IReadOnlyList<(string Check, bool Passed, string Detail)> Checks => _checks;
    /// <summary>It was told to end before it was done.</summary>
    public bool Interrupted { get; private set; }

    /// <summary>Throws <see cref="HostException"/> when the machine does not allow it.</summary>
    public async Task RunAsync(CancellationToken interrupted)
    {
        Directory.CreateDirectory(options.Output);
        using var place = LabPlace.Take(Name);
        using var network = LabNetwork.Create(Name, _isps.Select(isp => isp.Address));
        var config = LabConfig.Write(place.Directory, _isps, LabLine.Vlans);
        using var daemon = new LabDaemon(network.Lac, config, LabConfig.Socket(place.Directory), Path.Combine(options.Output, "lacedge.log"));
        using var capture = new LabCapture(Path.Combine(options.Output, "lab.pcapng"));
        using var peers = _peers = OpenPeers(network, capture);
        var thread = new Thread(() => _loop.Run(() => peers.NextTimeout, peers.HandleTimeout)) { Name = "lab-peers" };
        thread.Start();
        try
        {
            await DaemonReadyAsync(daemon, interrupted);
            Say($"LacEdge runs: process {daemon.ProcessId} in namespace {network.Lac.Name}");
            await FirstSubscriberAsync(interrupted);
            await AllUpAsync(interrupted);
            await PingAsync(interrupted);
            await EchoesAsync(daemon, interrupted);
            await ReportAsync();
            _loop.Post(capture.Flush);
            if (options.Keep) await StayAsync(network, daemon, interrupted);
            await HangUpAsync();
            await StopAsync(daemon);
        }
        catch (OperationCanceledException)
        {
            Interrupted = true;
            Say("interrupted: ending");
            daemon.Stop(_patience);
        }
        finally
        {
            _loop.Stop();
            thread.Join();
            capture.Flush();
            Say($"capture of both sides: {capture.Path} ({capture.Frames} frames); LacEdge's log: {daemon.LogFile}");
        }
    }

    public void Dispose() => _loop.Dispose();

    private PeerHost OpenPeers(LabNetwork network, LabCapture capture)
    {
        var peers = new PeerHost(_loop, seed: 1) { Traffic = capture.Add };
        var link = network.Access.Run(() => peers.AddLink(network.AccessPeer()));
        var seed = 100ul;
        foreach (var isp in _isps)
        {
            var endpoint = new UdpEndpoint(isp.Address, 1701);
            isp.Lns = peers.AddLns(isp.LnsOptions() with { Timers = _timers }, seed++, network.Core.Run(() => UdpSocket.Open(endpoint)));
        }

        for (var i = 0; i < options.Subscribers; i++)
        {
            var isp = _isps[i % _isps.Length];
            isp.Subscribers.Add(peers.Fleet.Add(new SubscriberOptions
            {
                Mac = new MacAddress(0x02_00_5E_00_00_00u + (ulong)i),
                User = isp.UserName(i),
                Password = LabIsp.PasswordOf(isp.UserName(i)),
                Link = link,
                Vlans = LabLine.Of(i),
                Timers = _timers,
                // Both ways of authentication, in turn within each ISP.
                Takes = i / _isps.Length % 2 == 0 ? PppAuthentication.Chap : PppAuthentication.Pap,
                HostUniq = Wire.Bytes.Wrap(BitConverter.GetBytes(i)),
                ExtraTags = LineTag.Of($"lab-olt pon 0/{i / 32}/{i % 32}", rateUp: 40_000, rateDown: 100_000),
            }));
        }

        return peers;
    }

    private static async Task DaemonReadyAsync(LabDaemon daemon, CancellationToken interrupted)
    {
        var ready = await UntilAsync(() => daemon.HasExited || LabConfig.SocketAnswers(daemon.Socket), TimeSpan.FromSeconds(30), interrupted);
        if (ready && !daemon.HasExited) return;
        throw new HostException($"LacEdge did not start; its log {daemon.LogFile} ends with: {File.ReadLines(daemon.LogFile).LastOrDefault()}");
    }

    /// <summary>The first one alone, so that its call flow can be drawn.</summary>
    private async Task FirstSubscriberAsync(CancellationToken interrupted)
    {
        var flow = new CallFlow("subscriber", "LacEdge", "LNS");
        var first = _isps[0].Subscribers[0];
        var traffic = _peers.Traffic;
        await _loop.InvokeAsync(() => _peers.Traffic = flow.Add + traffic);
        await DoAsync(first, s => s.Dial(SystemClock.Now));
        await UntilAsync(() => AskAsync(() => first.State is SubscriberState.Up or SubscriberState.Failed), TimeSpan.FromSeconds(20), interrupted);
        await DoAsync(first, s => s.Ping(_internet.Ipv4, 1, 0, SystemClock.Now));
        await UntilAsync(() => AskAsync(() => first.Ppp?.PingRepliesReceived > 0), TimeSpan.FromSeconds(2), interrupted);
        await _loop.InvokeAsync(() => _peers.Traffic = traffic);
        Check($"first subscriber {first.Options.User} is up", first.State == SubscriberState.Up, Describe(first));
        if (options.Quiet) return;
        output.WriteLine();
        output.WriteLine($"Call flow of {first.Options.User}, from PADI to the first IP packet:");
        output.WriteLine();
        flow.Write(output);
        output.WriteLine();
    }

    private async Task AllUpAsync(CancellationToken interrupted)
    {
        var all = Subscribers.ToArray();
        var deadline = TimeSpan.FromSeconds(30 + all.Length / 50.0) + _clock.Elapsed;
        var next = 1;
        var told = 0;
        int Up() => all.Count(s => s.State == SubscriberState.Up);
        int Settled() => all.Take(next).Count(s => s.State is SubscriberState.Up or SubscriberState.Failed);
        while (_clock.Elapsed < deadline)
        {
            interrupted.ThrowIfCancellationRequested();
            var (settled, up) = await _loop.InvokeAsync(() =>
            {
                var done = Settled();
                for (; next < all.Length && next - done < DialsAtOnce; next++) _peers.Do(all[next], s => s.Dial(SystemClock.Now));
                return (done, Up());
            });
            if (!options.Quiet && up * 4 / all.Length > told)
            {
                told = up * 4 / all.Length;
                Say($"{up} of {all.Length} subscribers up");
            }

            if (settled == all.Length) break;
            await Task.Delay(10, CancellationToken.None);
        }

        var notUp = await AskAsync(() => all.Where(s => s.State != SubscriberState.Up).Select(Describe).Take(3).ToArray());
        var count = await AskAsync(Up);
        Check($"{count} of {all.Length} subscribers are up", count == all.Length, string.Join("; ", notUp));
    }

    private async Task PingAsync(CancellationToken interrupted)
    {
        var all = Subscribers.ToArray();
        var before = await AskAsync(() => all.Sum(s => s.Ppp?.PingRepliesReceived ?? 0));
        for (var sequence = 1; sequence <= PingsEach; sequence++)
        {
            foreach (var chunk in all.Chunk(100))
            {
                await _loop.InvokeAsync(() =>
                {
                    foreach (var s in chunk) _peers.Do(s, x => x.Ping(_internet.Ipv4, 1, (ushort)sequence, SystemClock.Now, dataSize: 400 * sequence));
                    return true;
                });
            }
        }

        var expected = before + all.Length * PingsEach;
        await UntilAsync(() => AskAsync(() => all.Sum(s => s.Ppp?.PingRepliesReceived ?? 0) >= expected), TimeSpan.FromSeconds(5), interrupted);
        var answered = await AskAsync(() => all.Sum(s => s.Ppp?.PingRepliesReceived ?? 0)) - before;
        Check($"{answered} of {all.Length * PingsEach} pings answered", answered == all.Length * PingsEach, $"frames lost by the lab itself: {_peers.Lost}");
    }

    /// <summary>Both ends of the first line send LCP echoes through LacEdge, which times them.</summary>
    private async Task EchoesAsync(LabDaemon daemon, CancellationToken interrupted)
    {
        using var api = new ApiClient(daemon.Socket);
        var user = _isps[0].Subscribers[0].Options.User;
        LineQualityDto? Quality() => _first?.LineQuality;
        var seen = await UntilAsync(
            async () =>
            {
                _first = await api.ListSessionsAsync(interrupted).FirstOrDefaultAsync(session => session.User == user, interrupted);
                return Quality() is { FromLns.Answered: > 0, FromSubscriber.Answered: > 0 };
            },
            TimeSpan.FromSeconds(5) + _timers.EchoInterval, interrupted);
        var rtt = string.Create(CultureInfo.InvariantCulture, $"{Quality()?.FromLns.RttMs:0.00} ms to it, {Quality()?.FromSubscriber.RttMs:0.00} ms to its LNS");
        Check($"the line of {user} is timed by its LCP echoes: {rtt}", seen, $"{Quality()}");
    }

    private async Task HangUpAsync()
    {
        // Half of each ISP's by themselves, by turns politely and with PADT alone; the others when LacEdge stops.
        var leaving = Subscribers.Where((_, i) => i / 2 % 2 == 0).ToArray();
        await _loop.InvokeAsync(() =>
        {
            foreach (var (s, i) in leaving.Select((s, i) => (s, i)))
            {
                _peers.Do(s, x => x.HangUp(i / 2 % 2 == 0 ? HangUpKind.Terminate : HangUpKind.Padt, SystemClock.Now));
            }

            return true;
        });
        int Up() => Subscribers.Count(s => s.State == SubscriberState.Up);
        int Calls() => _isps.Sum(isp => isp.Lns.CallCount);
        var gone = await UntilAsync(
            () => AskAsync(() => leaving.All(s => s.State != SubscriberState.Up) && Calls() == Up()),
            TimeSpan.FromSeconds(10), CancellationToken.None);
        var (up, calls) = await AskAsync(() => (Up(), Calls()));
        Check("each LNS was told of every subscriber that hung up", gone, $"{calls} calls left at the LNSes, {up} subscribers up");
    }

    private async Task StopAsync(LabDaemon daemon)
    {
        var started = _clock.Elapsed;
        var code = daemon.Stop(_patience);
        Say($"LacEdge stopped in {(_clock.Elapsed - started).TotalSeconds:0.0} s");
        Check("LacEdge ends with exit code 0", code == 0, $"exit code {code?.ToString() ?? "none: it had to be killed"}; see {daemon.LogFile}");
        await UntilAsync(() => AskAsync(() => Subscribers.All(s => s.State != SubscriberState.Up)), TimeSpan.FromSeconds(3), CancellationToken.None);
        var up = await AskAsync(() => Subscribers.Count(s => s.State == SubscriberState.Up));
        var tunnels = await AskAsync(() => _isps.Sum(isp => isp.Lns.Tunnels.Count(t => t.Calls.Count > 0)));
        Check("every subscriber got its PADT, every LNS its StopCCN", up == 0 && tunnels == 0, $"{up} subscribers and {tunnels} tunnels still up");
        var violations = await AskAsync(() => _isps.SelectMany(isp => isp.Lns.Violations).Concat(Subscribers.SelectMany(s => s.Violations)).ToArray());
        Check("no peer saw a broken rule", violations.Length == 0, string.Join("; ", violations.Take(5)));
    }

    private async Task StayAsync(LabNetwork network, LabDaemon daemon, CancellationToken interrupted)
    {
        output.WriteLine();
        output.WriteLine("The lab stays up; Ctrl-C ends it. To look around, in another terminal:");
        foreach (var what in (string[])["sessions", $"session {_first?.Id}", "tunnels", "counters"]) output.WriteLine($"  ./dev run show {what} --socket {daemon.Socket}");
        output.WriteLine($"  ip netns exec {network.Lac.Name} bash");
        output.WriteLine($"  (LacEdge's place; {network.Access.Name} and {network.Core.Name} are the subscribers' and the LNSes')");
        output.WriteLine();
        try
        {
            await Task.Delay(Timeout.Infinite, interrupted);
        }
        catch (OperationCanceledException)
        {
            Say("interrupted: ending");
        }
    }

    private async Task ReportAsync()
    {
        var rows = await AskAsync(() => _isps.Select(isp => isp.Report()).ToArray());
        if (options.Quiet) return;
        LabIsp.WriteTable(output, rows);
    }

    private IEnumerable<SimulatedSubscriber> Subscribers => _peers.Fleet.Subscribers;

    private Task<T> AskAsync<T>(Func<T> question) => _loop.InvokeAsync(question);

    private Task<bool> DoAsync(SimulatedSubscriber subscriber, Action<SimulatedSubscriber> what) => _loop.InvokeAsync(() =>
    {
        _peers.Do(subscriber, what);
        return true;
    });

    private static async Task<bool> UntilAsync(Func<Task<bool>> condition, TimeSpan patience, CancellationToken interrupted)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < patience;)
        {
            interrupted.ThrowIfCancellationRequested();
            if (await condition()) return true;
            await Task.Delay(10, CancellationToken.None);
        }

        return await condition();
    }

    private static Task<bool> UntilAsync(Func<bool> condition, TimeSpan patience, CancellationToken interrupted) =>
        UntilAsync(() => Task.FromResult(condition()), patience, interrupted);

    private static string Describe(SimulatedSubscriber s) => s.State == SubscriberState.Up
        ? $"{s.Options.User} {new IpText(s.Address)}" : $"{s.Options.User}: {s.State} {s.LastEnd} {s.LastText}";

    private void Say(string what) => output.WriteLine($"{_clock.Elapsed.TotalSeconds,7:0.0} s  {what}");

    private void Check(string what, bool passed, string detail)
    {
        _checks.Add((what, passed, detail));
        Say($"{(passed ? "ok  " : "FAIL")} {what}{(passed || detail.Length == 0 ? "" : $": {detail}")}");
    }
}
