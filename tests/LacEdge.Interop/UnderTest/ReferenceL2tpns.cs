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

    /// <summary>HELLO after 60 s at the earliest; nobody is told of a wrong tunnel secret; no log of causes.</summary>
    public override IReadOnlySet<Check> Unsupported { get; } =
        new HashSet<Check> { Check.Restart, Check.TunnelSecret, Check.Log, Check.SharedTunnel, Check.Tshark };

    public override async Task StartAsync(ConcentratorSettings settings)
    {
        var folder = Path.Combine(settings.Folder, settings.Name);
        _log = Path.Combine(folder, "l2tpns.log");
        Directory.CreateDirectory(folder);
        File.Delete(_log);
        string[] lines =
        [
            "set pppoe_if_to_bind \"acc0\"", "set pppoe_ac_name \"reference\"",
            .. Subscriber.All.Select(each => $"setforward {each.User} {settings.LnsAddress} 1701 {settings.TunnelSecret}"),
        ];
        var protocol = settings.Authentication == Authentication.Pap ? "pap" : "chap";
        _daemon = Daemon.Start(
            lab.Concentrator, Path.Combine(settings.Folder, $"{settings.Name}.out"),
            [LabNetwork.Script("l2tpns.sh"), folder, "10.99.0.2", "100.64.8.0/24", settings.TunnelSecret, protocol, .. lines]);
        await _daemon.WaitUpAsync(
            "l2tpns as access concentrator", () => Log.Contains("declaring myself the master", StringComparison.Ordinal), TimeSpan.FromSeconds(15));
    }

    // It takes its time after SIGTERM; SIGQUIT closes everything properly.
    public override async Task<int?> StopAsync() => _daemon is null ? 0 : await _daemon.StopAsync(Daemon.SigQuit, TimeSpan.FromSeconds(10));
}
