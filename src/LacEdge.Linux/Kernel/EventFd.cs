namespace LacEdge.Linux.Kernel;

/// <summary>A bell: rung by any thread, heard as input of a file descriptor, silent again after <see cref="Clear"/>.</summary>
internal sealed unsafe class EventFd : IDisposable
{
    private bool _disposed;

    public int Fd { get; } =
        HostException.Check(Libc.EventFd(0, Constants.EFD_NONBLOCK | Constants.EFD_CLOEXEC), "cannot create an event descriptor");

    public void Ring()
    {
        if (_disposed) return;
        ulong one = 1;
        // The only refusal is EAGAIN at 2^64 - 1 rings, and then it rings anyway.
        _ = Libc.Write(Fd, &one, sizeof(ulong));
    }

    public void Clear()
    {
        ulong count;
        _ = Libc.Read(Fd, &count, sizeof(ulong));
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Libc.Close(Fd);
    }
}
