namespace LacEdge.Linux.Namespaces;

/// <summary>Kernel settings under net of the calling thread's network namespace.</summary>
public static class Sysctl
{
    /// <summary>For example <c>ipv6/conf/all/disable_ipv6</c>. Throws <see cref="HostException"/> when there is no such setting.</summary>
    public static void Set(string path, string value)
    {
        try
        {
            File.WriteAllText($"/proc/sys/net/{path}", value);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new HostException($"cannot set net/{path} to {value}: {trouble.Message}");
        }
    }

    /// <summary>No IPv6 and so no frames that the kernel sends of its own accord.</summary>
    public static void DisableIpv6()
    {
        // A kernel without IPv6 has no such setting and needs none.
        if (Directory.Exists("/proc/sys/net/ipv6")) Set("ipv6/conf/all/disable_ipv6", "1");
        if (Directory.Exists("/proc/sys/net/ipv6")) Set("ipv6/conf/default/disable_ipv6", "1");
    }
}
