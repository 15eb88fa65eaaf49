using LacEdge.Linux.Kernel;

namespace LacEdge.Linux.Sockets;

/// <summary>What packet sockets and UDP sockets have in common.</summary>
internal static unsafe class SocketOptions
{
    public static void Set(int fd, int level, int option, int value, string cannot) =>
        HostException.Check(Libc.SetSockOpt(fd, level, option, &value, sizeof(int)), cannot);

    /// <summary>As large as asked for with CAP_NET_ADMIN; without it the kernel's limits (rmem_max, wmem_max) hold.</summary>
    public static void SetBuffers(int fd, int receive, int send)
    {
        if (Libc.SetSockOpt(fd, Constants.SOL_SOCKET, Constants.SO_RCVBUFFORCE, &receive, sizeof(int)) < 0)
            Set(fd, Constants.SOL_SOCKET, Constants.SO_RCVBUF, receive, "cannot set a receive buffer");
        if (Libc.SetSockOpt(fd, Constants.SOL_SOCKET, Constants.SO_SNDBUFFORCE, &send, sizeof(int)) < 0)
            Set(fd, Constants.SOL_SOCKET, Constants.SO_SNDBUF, send, "cannot set a send buffer");
    }

    /// <summary>Frames or datagrams that the kernel dropped because the receive buffer was full.</summary>
    public static uint KernelDrops(int fd)
    {
        var values = stackalloc uint[Constants.SK_MEMINFO_VARS];
        var size = Constants.SK_MEMINFO_VARS * (uint)sizeof(uint);
        HostException.Check(Libc.GetSockOpt(fd, Constants.SOL_SOCKET, Constants.SO_MEMINFO, values, &size), "cannot read a socket's drops");
        return values[Constants.SK_MEMINFO_DROPS];
    }
}
