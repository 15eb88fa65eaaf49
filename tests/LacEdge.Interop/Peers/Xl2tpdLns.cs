using LacEdge.Interop.Cases;
using LacEdge.Interop.Host;

namespace LacEdge.Interop.Peers;

/// <summary>xl2tpd and pppd in a guest, forwarding in that guest's kernel or in user space.</summary>
internal sealed class Xl2tpdLns(Guest guest, bool inKernel) : Lns
{
    public override string Address => "10.99.0.11";
    public override string Pool => "100.64.1.";
    public override bool NamesWrongPassword => true;
    // Small enough for a core of 1500 octets, unless lines are to be filled.
    public override int MruOf(InteropCase row) => row.Lines == AccessLines.Untagged ? 1460 : row.Lines.All.Max(line => line.Mru);

    public static async Task<Xl2tpdLns> BootAsync(LabNetwork lab, bool inKernel)
    {
        var guest = await Guest.BootAsync(lab, lab.Core, "xl2tpd", "xl2tpd.sh", new GuestNic("lns", "02:00:00:00:02:01"));
        await Subscriber.WriteAccountsAsync(Path.Combine(guest.Share, "users.txt"));
        return new(guest, inKernel);
    }

    public override async Task StartAsync(InteropCase row) =>
        await guest.DoAsync($"lns_start {(inKernel ? "kernel" : "user")} {row.Authentication.Word} {MruOf(row)} '{row.TunnelSecret}' "
        + $"{row.CoreMtu} {row.Feature?.LnsPppOptions}");

    public override Task ForgetEverythingAsync() => guest.DoAsync("lns_kill && lns_run");

    public override Task StopAsync() => guest.DoAsync("lns_kill");

    public override async Task<int> CountSessionsAsync() => int.Parse(await guest.DoAsync("pidof pppd | wc -w"), null);

    public override Task HangUpAsync(Link link) => guest.DoAsync($"drop {link.Address}");

    // With its own data plane it says nothing at SIGTERM.
    public override Task CloseTunnelAsync() => guest.DoAsync(inKernel ? "lns_stop && lns_run" : "close_tunnel");

    public override void CopyLogs(string folder)
    {
        foreach (var log in new[] { "xl2tpd.log", "pppd.log" })
            File.Copy(Path.Combine(guest.Share, log), Path.Combine(folder, log == "pppd.log" ? "lns-pppd.log" : log), overwrite: true);
    }
}
