using LacEdge.Interop.Cases;
using LacEdge.Interop.Host;
using LacEdge.Interop.Peers;

namespace LacEdge.Interop.UnderTest;

/// <summary>l2tpns as PPPoE access concentrator and LAC. What fails with it, too, is the peers' doing or the lab's.</summary>
internal sealed class ReferenceL2tpns(LabNetwork lab) : Concentrator
{
    private Daemon? _daemon;
    private string _log = "";

    public override string Name => "l2tpns";
    public override string Log => File.Exists(_log) ? File.ReadAllText(_log) : "";

    /// <summary>A session that its subscriber has forgotten stays; no PADT after StopCCN, either; HELLO after 60 s at the earliest; nobody is told of a wrong
    /// tunnel secret; no log of causes.</summary>
    public override IReadOnlySet<Check> Unsupported { get; } =
        new HashSet<Check> { Check.Redial, Check.LnsStop, Check.Restart, Check.Crash, Check.TunnelSecret, Check.Log, Check.Tshark };

    public override async Task StartAsync(ConcentratorSettings settings)
    {
        L2tpnsDaemon l2tpns = new(
            lab.Concentrator, Path.Combine(settings.Folder, settings.Name), "10.99.0.2", "100.64.8.",
            settings.TunnelSecret, settings.Row.Authentication,
            [
                "set pppoe_if_to_bind \"acc0\"", "set pppoe_ac_name \"reference\"",
                .. Subscriber.All.Select(each => $"setforward {each.User} {settings.LnsAddress} 1701 {settings.TunnelSecret}"),
            ]);
        _log = l2tpns.Log;
        _daemon = await l2tpns.StartAsync();
    }

    // It takes its time after SIGTERM; SIGQUIT closes everything properly.
    public override async Task<int?> StopAsync() => _daemon is null ? 0 : await _daemon.StopAsync(Daemon.SigQuit, TimeSpan.FromSeconds(10));

    public override async Task CrashAsync()
    {
        if (_daemon is not null)
            await _daemon.StopAsync(Daemon.SigKill, TimeSpan.FromSeconds(5));
    }
}
