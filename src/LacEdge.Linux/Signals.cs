using LacEdge.Linux.Kernel;

namespace LacEdge.Linux;

/// <summary>Signals to processes that this program started.</summary>
public static class Signals
{
    private const int SIGTERM = 15;

    /// <summary>Asks the process to end. Throws <see cref="HostException"/> when there is no such process or it is not ours.</summary>
    public static void Terminate(int processId) => HostException.Check(Libc.Kill(processId, SIGTERM), $"cannot end process {processId}");
}
