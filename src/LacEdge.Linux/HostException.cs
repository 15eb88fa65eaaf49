namespace LacEdge.Linux;

/// <summary>The machine refuses what LacEdge needs: an interface is missing, a port is taken, a right is missing. The
/// message is one sentence for the operator.</summary>
public sealed class HostException(string message, int errno = 0) : Exception(message)
{
    /// <summary>The kernel's error number; 0 when the kernel was not asked.</summary>
    public int Errno { get; } = errno;

    /// <summary>For calls that fail only when the machine is out of something: "cannot do: reason of the kernel".</summary>
    internal static HostException ForCall(string cannot, int errno) => new($"{cannot}: {Kernel.Errno.Text(errno)}", errno);

    /// <summary>The result of a system call, or an exception with the kernel's reason.</summary>
    internal static int Check(int result, string cannot) => result >= 0 ? result : throw ForCall(cannot, Kernel.Errno.Last);
}
