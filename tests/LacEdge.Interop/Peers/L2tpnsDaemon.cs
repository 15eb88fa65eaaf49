using LacEdge.Interop.Cases;
using LacEdge.Interop.Host;

namespace LacEdge.Interop.Peers;

/// <summary>How to start l2tpns, whatever it is to be.</summary>
/// <param name="Folder">Its configuration and its log.</param>
/// <param name="Pool">The first three octets of its subscribers' addresses, with the dot behind them.</param>
/// <param name="MoreLines">Of its configuration.</param>
internal sealed record L2tpnsDaemon(
    string NetworkNamespace, string Folder, string Address, string Pool, string Secret, Authentication Authentication,
    params string[] MoreLines)
{
    public string Log => Path.Combine(Folder, "l2tpns.log");

    public async Task<Daemon> StartAsync()
    {
        // It works once it has found itself alone in its cluster, after 3 s.
        const string Alone = "declaring myself the master";
        Directory.CreateDirectory(Folder);
        File.Delete(Log);
        var daemon = Daemon.Start(
            NetworkNamespace, Path.Combine(Folder, "l2tpns.out"),
            [LabNetwork.Script("l2tpns.sh"), Folder, Address, $"{Pool}0/24", Secret, Authentication.Word, .. MoreLines]);
        await daemon.WaitUpAsync("l2tpns", () => File.Exists(Log) && File.ReadAllText(Log).Contains(Alone, StringComparison.Ordinal));
        return daemon;
    }
}
