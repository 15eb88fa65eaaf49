namespace LacEdge.Interop.Host;

/// <summary>The Debian packages that hold the peers and the judge.</summary>
internal static class Packages
{
    private static readonly string[] Needed =
    [
        "busybox-static", "freeradius", "iproute2", "iputils-ping", "kmod", "l2tpns", "ppp", "pppoe", "procps", "tcpdump",
        "tshark", "user-mode-linux", "xl2tpd",
    ];

    /// <summary>Installs what is missing, with none of its services started.</summary>
    public static async Task EnsureAsync(Action<string> report)
    {
        var listed = await Shell.TryAsync(["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", .. Needed]);
        var lines = listed.Output.Split('\n');
        string[] missing = [.. Needed.Where(package => !lines.Contains($"{package} installed"))];
        if (missing.Length == 0)
            return;
        report($"installing {string.Join(' ', missing)}");
        Environment.SetEnvironmentVariable("DEBIAN_FRONTEND", "noninteractive");
        string[] install = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", "install", "--no-install-recommends", "-y", .. missing];
        // Packages ask this file whether they may start their services.
        const string Policy = "/usr/sbin/policy-rc.d";
        var ours = !File.Exists(Policy);
        if (ours)
        {
            await File.WriteAllTextAsync(Policy, "#!/bin/sh\nexit 101\n");
            await Shell.RunAsync("chmod", "755", Policy);
        }
        try
        {
            if ((await Shell.TryAsync(install)).Status != 0)
            {
                await Shell.RunAsync("apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", "update");
                await Shell.RunAsync(install);
            }
        }
        finally
        {
            if (ours)
                File.Delete(Policy);
        }
    }
}
