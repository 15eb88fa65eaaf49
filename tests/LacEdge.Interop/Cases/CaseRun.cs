using System.Diagnostics;
using LacEdge.Interop.Cases.Features;
using LacEdge.Interop.Host;
using LacEdge.Interop.Peers;
using LacEdge.Interop.UnderTest;
using LacEdge.Interop.Wire;

namespace LacEdge.Interop.Cases;

/// <summary>
/// One row of the matrix. Every check has a part that looks at the peers while it happens and one that looks at the captured
/// frames of that time afterwards; it passes when both hold. One check's failure does not keep the next from being made.
/// </summary>
internal sealed class CaseRun(InteropCase row, Lane lane, string folder, Action<string> report)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(6);
    // An LNS's CDN may follow when its side of the link is already gone.
    private const double Aftermath = 0.5;
    private const int HungUp = 16;      // pppd's exit status after a PADT
    private static readonly TimeSpan HelloTime = TimeSpan.FromSeconds(20);

    private readonly Dictionary<Check, CheckResult> _results = [];
    private readonly List<(Check Check, double Start, double End, Action<WireLog> Judge)> _judgements = [];
    private readonly Concentrator _concentrator = lane.Concentrator;
    private readonly Lns _lns = lane.Lns;
    private readonly List<Link> _more = [];
    private Link? _first, _second;

    public async Task<IReadOnlyDictionary<Check, CheckResult>> RunAsync()
    {
        await _lns.StartAsync(row);
        var capture = await Capture.StartAsync(lane.Network, folder);
        try
        {
            await _concentrator.StartAsync(Settings("main", row.TunnelSecret));
            await BringUpAsync();
            if (row.Feature is { } feature)
                await FeatureAsync(feature);
            else
            {
                await TearDownAsync();
                await RestartAsync();
            }
            await ShutdownAsync();
            var log = _concentrator.Log;
            if (row.Feature is null)
            {
                if (row.HasSecret)
                    await TunnelSecretAsync();
                await CrashAsync();
            }
            await CheckAsync(Check.Log, () => Task.Run(() => CauseLog.Examine(log, row)));
        }
        finally
        {
            await _concentrator.StopAsync();
            await capture.StopAsync();
            await lane.Subscribers.FinishAsync(folder);
            await _lns.StopAsync();
            _lns.CopyLogs(folder);
        }
        await JudgeAsync();
        return _results;
    }

    private async Task BringUpAsync()
    {
        await CheckAsync(Check.Ipcp, async () =>
        {
            _first = await Dial(Subscriber.First, Check.Ipcp).UpAsync();
            if (!_first.Address.StartsWith(_lns.Pool, StringComparison.Ordinal))
                throw new CheckFailedException($"the address is {_first.Address}");
            await _lns.ExpectSessionsAsync(1, Soon);
        }, log => WireRules.BringUp(log, row));
        await CheckAsync(Check.Ping, async () => await (await FirstAsync(Check.Ping)).PingAsync(Lns.HostBehind));
        await CheckAsync(Check.Transfer, async () => await (await FirstAsync(Check.Transfer)).EchoPayloadAsync(Lns.HostBehind));
        await CheckAsync(Check.LargestFrame, async () =>
        {
            var size = await (await FirstAsync(Check.LargestFrame)).PingLargestAsync(Lns.HostBehind);
            var agreed = Math.Min(row.LineOf(Subscriber.First).Mru, _lns.MruOf(row));
            if (size != agreed)
                throw new CheckFailedException($"the largest frame is one of {size} octets, not of {agreed}");
        });
        await CheckAsync(Check.SharedTunnel, async () =>
        {
            await FirstAsync(Check.SharedTunnel);
            _second = await Dial(Subscriber.Second, Check.SharedTunnel).UpAsync();
            await _second.PingAsync(Lns.HostBehind);
            await _lns.ExpectSessionsAsync(2, Soon);
        }, WireRules.SharedTunnel);
    }

    private async Task TearDownAsync()
    {
        await CheckAsync(Check.HangUp, async () =>
        {
            var link = await FirstAsync(Check.HangUp);
            var online = await _lns.CountSessionsAsync();
            await link.HangUpAsync();
            await link.EndAsync(Soon);
            await ExpectOthersAsync(online - 1);
        }, WireRules.HangUp);
        await CheckAsync(Check.LnsHangUp, async () =>
        {
            var link = await FirstAsync(Check.LnsHangUp);
            var online = await _lns.CountSessionsAsync();
            await _lns.HangUpAsync(link);
            await link.EndAsync(Soon);
            await ExpectOthersAsync(online - 1);
        }, WireRules.LnsHangUp);
        await PadtAsync();
        await CheckAsync(Check.Redial, async () =>
        {
            var link = await FirstAsync(Check.Redial);
            var online = await _lns.CountSessionsAsync();
            await link.CrashAsync();
            await link.EndAsync(Soon);
            _first = await Dial(Subscriber.First, Check.Redial).UpAsync();
            await _first.PingAsync(Lns.HostBehind);
            await ExpectOthersAsync(online);
        }, WireRules.Redial, aftermath: 0);
        await CheckAsync(Check.LnsStop, async () =>
        {
            Link[] links = [await FirstAsync(Check.LnsStop), await SecondAsync(Check.LnsStop)];
            await _lns.CloseTunnelAsync();
            foreach (var link in links)
                await link.EndAsync(Soon);
            _second = await Dial(Subscriber.Second, Check.LnsStop).UpAsync();
            await _second.PingAsync(Lns.HostBehind);
            await _lns.ExpectSessionsAsync(1, Soon);
        }, WireRules.LnsStop);
        await CheckAsync(Check.WrongPassword, async () =>
        {
            const int LoginRefused = 19;      // or hung up on, when the PADT overtakes pppd's own clearing up
            await EndFirstAsync();
            var online = await _lns.CountSessionsAsync();
            _first = Dial(Subscriber.First, Check.WrongPassword, Subscriber.WrongPassword);
            var status = await _first.EndAsync(HelloTime);
            var isTold = _first.HeardRefusal;
            if (status is not (HungUp or LoginRefused) || isTold != _lns.NamesWrongPassword)
                throw new CheckFailedException($"pppd ended with {status}, {(isTold ? "" : "not ")}told that its login was refused");
            await ExpectOthersAsync(online);
        }, log => WireRules.WrongPassword(log, row.Authentication, _lns.NamesWrongPassword));
    }

    private Task PadtAsync() => CheckAsync(Check.Padt, async () =>
    {
        var link = await FirstAsync(Check.Padt);
        var online = await _lns.CountSessionsAsync();
        await link.VanishAsync();
        await link.EndAsync(Soon);
        await ExpectOthersAsync(online - 1);
    }, WireRules.Padt);

    private async Task FeatureAsync(Feature feature)
    {
        await CheckAsync(Check.Feature, async () => await feature.ActAsync(new(
            _lns, lane.Subscribers, await FirstAsync(Check.Feature), await SecondAsync(Check.Feature),
            number => Dial(Subscriber.Accounts[number - 1], Check.Feature), _more)));
        await PadtAsync();
    }

    private Task RestartAsync() => CheckAsync(Check.Restart, async () =>
    {
        var link = await SecondAsync(Check.Restart);
        await _lns.ForgetEverythingAsync();
        await link.EndAsync(HelloTime);
        _second = await Dial(Subscriber.Second, Check.Restart).UpAsync();
        await _second.PingAsync(Lns.HostBehind);
        await _lns.ExpectSessionsAsync(1, Soon);
    }, WireRules.Restart);

    private Task ShutdownAsync() => CheckAsync(Check.Shutdown, async () =>
    {
        Link[] links = [await FirstAsync(Check.Shutdown), await SecondAsync(Check.Shutdown), .. _more];
        var time = row.Feature?.ShutdownTime ?? Soon;
        var clock = Stopwatch.StartNew();
        var status = await _concentrator.StopAsync();
        if (status != 0)
            throw new CheckFailedException(status is { } code ? $"it ended with status {code}" : "it had to be killed");
        foreach (var link in links)
            await link.EndAsync(time);
        await _lns.ExpectSessionsAsync(0, time);
        if (clock.Elapsed > time)
            throw new CheckFailedException($"it took {clock.Elapsed.TotalSeconds:0.0} s");
    }, log => WireRules.Shutdown(log, 2 + _more.Count));

    private Task TunnelSecretAsync() => CheckAsync(Check.TunnelSecret, async () =>
    {
        await EndFirstAsync();
        await _concentrator.StartAsync(Settings("wrong-secret", "not-the-secret"));
        var link = Dial(Subscriber.First, Check.TunnelSecret);
        var status = await link.EndAsync(HelloTime);
        if (status is 0 or 19)
            throw new CheckFailedException($"pppd ended with {status}");
        // Written by another thread than the one that sends.
        if (!await Poll.UntilAsync(() => _concentrator.Log.Contains(CauseLog.TunnelSecretWrong, StringComparison.Ordinal), Soon))
            throw new CheckFailedException($"the log does not say {CauseLog.TunnelSecretWrong}");
        await _concentrator.StopAsync();
    }, WireRules.TunnelSecret, aftermath: 0);

    private Task CrashAsync() => CheckAsync(Check.Crash, async () =>
    {
        await EndFirstAsync();
        await _concentrator.StartAsync(Settings("before-crash", row.TunnelSecret));
        var link = await Dial(Subscriber.First, Check.Crash).UpAsync();
        await _concentrator.CrashAsync();
        await _concentrator.StartAsync(Settings("after-crash", row.TunnelSecret));
        await link.SendAsync(Lns.HostBehind);
        var status = await link.EndAsync(Soon);
        if (status != HungUp)
            throw new CheckFailedException($"pppd ended with {status}");
        await _concentrator.StopAsync();
    }, WireRules.Crash);

    private ConcentratorSettings Settings(string name, string secret) => new(folder, name, row, _lns.Address, secret);

    private Link Dial(Subscriber subscriber, Check check, string? password = null) =>
        lane.Subscribers.Dial(subscriber, row, check.ToString().ToLowerInvariant(), password);

    private async Task<Link> FirstAsync(Check check) =>
        _first is { HasEnded: false } ? _first : _first = await Dial(Subscriber.First, check).UpAsync();

    private async Task<Link> SecondAsync(Check check) =>
        _second is { HasEnded: false } ? _second : _second = await Dial(Subscriber.Second, check).UpAsync();

    private async Task EndFirstAsync()
    {
        if (_first is not { HasEnded: false })
            return;
        var online = await _lns.CountSessionsAsync();
        await _first.HangUpAsync();
        await _first.EndAsync(Soon);
        await _lns.ExpectSessionsAsync(online - 1, Soon);
    }

    // The other subscriber of the tunnel must not have suffered.
    private async Task ExpectOthersAsync(int online)
    {
        await _lns.ExpectSessionsAsync(online, Soon);
        if (_second is { HasEnded: true })
            throw new CheckFailedException("the other subscriber went offline, too");
    }

    private async Task CheckAsync(Check check, Func<Task> act, Action<WireLog>? judge = null, double aftermath = Aftermath)
    {
        if (_concentrator.Unsupported.Contains(check))
        {
            _results[check] = new(Verdict.Unsupported);
            return;
        }
        var start = Now();
        try
        {
            await act();
            _results[check] = new(Verdict.Passed);
        }
        catch (Exception e) when (e is CheckFailedException or InteropException)
        {
            _results[check] = new(Verdict.Failed, e.Message);
        }
        var end = Now();
        var outcome = _results[check].Verdict == Verdict.Failed ? $"FAIL: {_results[check].Reason}" : "ok";
        report($"{check}: {outcome} ({end - start:0.0} s)");
        if (judge is not null)
            _judgements.Add((check, start, end + aftermath, judge));
    }

    private async Task JudgeAsync()
    {
        var log = await WireLog.ReadAsync(folder);
        if (!_concentrator.Unsupported.Contains(Check.Tshark))
            _judgements.Add((Check.Tshark, 0, double.MaxValue, all => WireRules.Clean(all, row)));
        foreach (var (check, start, end, judge) in _judgements)
            await JudgeAsync(check, () => Task.Run(() => judge(log.Between(start, end))));
        if (row.Feature is { } feature)
            await JudgeAsync(Check.Feature, () => feature.JudgeAsync(new(folder, row)));
        foreach (var check in Enum.GetValues<Check>())
            _results.TryAdd(check, new(_concentrator.Unsupported.Contains(check) ? Verdict.Unsupported : Verdict.NotApplicable));
    }

    private async Task JudgeAsync(Check check, Func<Task> judge)
    {
        try
        {
            await judge();
            _results.TryAdd(check, new(Verdict.Passed));
        }
        catch (CheckFailedException e)
        {
            var before = _results.TryGetValue(check, out var live) && live.Verdict == Verdict.Failed ? live.Reason + "; " : "";
            _results[check] = new(Verdict.Failed, $"{before}on the wire: {e.Message}");
            report($"{check}: FAIL on the wire: {e.Message}");
        }
    }

    private static double Now() => (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;
}
