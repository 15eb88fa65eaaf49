using LacEdge.Interop.Cases;
using LacEdge.Interop.Host;

namespace LacEdge.Interop.Peers;

/// <summary>l2tpns with its FreeRADIUS in the core namespace: PPP in user space, no guest.</summary>
internal sealed class L2tpnsLns(LabNetwork lab) : Lns
{
    private readonly string _folder = Path.Combine(lab.Folder, "l2tpns");
    private L2tpnsDaemon? _l2tpns;
    private Daemon? _daemon;

    public override string Address => "10.99.0.4";
    public override string Pool => "100.64.9.";
    public override bool NamesWrongPassword => false;
    public override int MruOf(InteropCase row) => 1462;

    public static async Task<L2tpnsLns> PrepareAsync(LabNetwork lab)
    {
        var lns = new L2tpnsLns(lab);
        var users = Path.Combine(lab.Folder, "users.txt");
        await Subscriber.WriteAccountsAsync(users);
        await Shell.RunAsync(LabNetwork.Inside(lab.Core, "ip", "address", "add", $"{HostBehind}/32", "dev", "lo"));
        Daemon.Start(lab.Core, Path.Combine(lab.Folder, "echo.log"), "busybox", "nc", "-ll", "-p", "7", "-e", "cat");
        string[] radius = [LabNetwork.Script("radius.sh"), Path.Combine(lab.Folder, "radius"), users];
        await Daemon.Start(lab.Core, Path.Combine(lab.Folder, "radius.log"), radius).WaitUpAsync("FreeRADIUS", "Ready to process requests");
        return lns;
    }

    public override async Task StartAsync(InteropCase row)
    {
        _l2tpns = new(lab.Core, _folder, Address, Pool, row.TunnelSecret, row.Authentication, row.Feature?.LnsConfiguration ?? []);
        _daemon = await _l2tpns.StartAsync();
    }

    public override async Task ForgetEverythingAsync()
    {
        await StopAsync();
        File.Move(_l2tpns!.Log, Path.Combine(_folder, "l2tpns-before-restart.log"), overwrite: true);
        _daemon = await _l2tpns.StartAsync();
    }

    public override async Task StopAsync()
    {
        if (_daemon is { } daemon)
            await daemon.StopAsync(Daemon.SigKill, TimeSpan.FromSeconds(5));
    }

    public override async Task<int> CountSessionsAsync() => (await OnlineAsync()).Count;

    // By number: under the name there may still be an earlier session that is closing.
    public override async Task HangUpAsync(Link link)
    {
        var row = (await OnlineAsync()).FirstOrDefault(row => row.Contains(link.Address, StringComparer.Ordinal))
            ?? throw new CheckFailedException($"the LNS does not know {link.Address}");
        await Shell.RunAsync(LabNetwork.Inside(lab.Core, "nsctl", "drop", row[0]));
    }

    public override async Task CloseTunnelAsync() => await CommandAsync($"drop tunnel {await OpenTunnelAsync()}");

    private async Task<string> OpenTunnelAsync()
    {
        var table = await CommandAsync("show tunnels");
        return table.Split('\n').FirstOrDefault(line => line.Contains(" Open ", StringComparison.Ordinal))
            ?.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0] ?? throw new CheckFailedException($"the LNS has no tunnel:\n{table}");
    }

    // The rows of its session table that have an address, as words; the first is the session's number.
    private async Task<List<string[]>> OnlineAsync()
    {
        var table = await CommandAsync("show session");
        return
        [
            .. table.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(row => row.Any(word => word.StartsWith(Pool, StringComparison.Ordinal))),
        ];
    }

    // What it answers, up to the next prompt; whoever quits gets the rest cut off.
    private Task<string> CommandAsync(string command)
    {
        const string Ask = "exec 3<>/dev/tcp/127.0.0.1/23 && printf 'enable\\r\\n%s\\r\\n' \"$0\" >&3 && "
            + "read -r -t 5 -d '#' prompt <&3 && read -r -t 5 -d '#' answer <&3 && printf '%s\\n' \"$answer\"";
        return Shell.RunAsync(LabNetwork.Inside(lab.Core, "bash", "-c", Ask, command));
    }

    public override void CopyLogs(string folder)
    {
        foreach (var log in Directory.EnumerateFiles(_folder, "*.log"))
            File.Copy(log, Path.Combine(folder, Path.GetFileName(log)), overwrite: true);
    }
}
