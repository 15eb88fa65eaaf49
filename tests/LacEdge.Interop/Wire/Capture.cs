using LacEdge.Interop.Host;

namespace LacEdge.Interop.Wire;

/// <summary>tcpdump on both sides of the access concentrator: <c>access.pcap</c> and <c>core.pcap</c>.</summary>
internal sealed class Capture
{
    private readonly Daemon[] _daemons;

    private Capture(string folder, Daemon[] daemons)
    {
        Folder = folder;
        _daemons = daemons;
    }

    public string Folder { get; }

    public static async Task<Capture> StartAsync(LabNetwork lab, string folder)
    {
        var capture = new Capture(folder, [Start("access", "acc0"), Start("core", "core0")]);
        foreach (var daemon in capture._daemons)
            await daemon.WaitUpAsync("tcpdump", "listening on");
        return capture;

        Daemon Start(string side, string nic) => Daemon.Start(
            lab.Concentrator, Path.Combine(folder, $"tcpdump-{side}.log"),
            "tcpdump", "-i", nic, "-n", "-s", "4096", "-B", "16384", "--immediate-mode", "-U", "-Z", "root", "-w", Path.Combine(folder, $"{side}.pcap"));
    }

    public Task StopAsync() => Task.WhenAll(_daemons.Select(daemon => daemon.StopAsync(Daemon.SigTerm, TimeSpan.FromSeconds(5))));
}
