using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LacEdge.Linux.Kernel;

/// <summary>Waits for input on file descriptors (level-triggered). Any thread may add and remove, one waits.</summary>
internal sealed unsafe class Epoll : IDisposable
{
    // struct epoll_event is packed on x86-64 only.
    private static readonly int s_dataAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int s_size = s_dataAt + 8;

    private readonly int _fd = HostException.Check(Libc.EpollCreate(Constants.EPOLL_CLOEXEC), "cannot create an epoll instance");
    private readonly int _capacity;
    private byte* _happenings;

    public Epoll(int capacity)
    {
        _capacity = capacity;
        _happenings = (byte*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)s_size);
    }

    /// <summary>Itself readable when one of its descriptors has input.</summary>
    public int Fd => _fd;

    /// <summary><paramref name="data"/> is what <see cref="Data"/> gives when there is something to read.</summary>
    public void Add(int fd, ulong data)
    {
        var happening = stackalloc byte[16];
        Unsafe.WriteUnaligned(happening, (uint)Constants.EPOLLIN);
        Unsafe.WriteUnaligned(happening + s_dataAt, data);
        HostException.Check(Libc.EpollControl(_fd, Constants.EPOLL_CTL_ADD, fd, happening), "cannot watch a file descriptor");
    }

    public void Remove(int fd)
    {
        var happening = stackalloc byte[16];
        HostException.Check(Libc.EpollControl(_fd, Constants.EPOLL_CTL_DEL, fd, happening), "cannot stop watching a file descriptor");
    }

    /// <summary>How many descriptors have input; with no timeout it waits until one has.</summary>
    public int Wait(int timeoutMilliseconds = -1)
    {
        while (true)
        {
            var count = Libc.EpollWait(_fd, _happenings, _capacity, timeoutMilliseconds);
            if (count >= 0) return count;
            if (Errno.Last is var errno && errno != Errno.EINTR) throw HostException.ForCall("cannot wait for input", errno);
        }
    }

    public ulong Data(int index) => Unsafe.ReadUnaligned<ulong>(_happenings + index * s_size + s_dataAt);

    public void Dispose()
    {
        if (_happenings == null) return;
        Libc.Close(_fd);
        NativeMemory.Free(_happenings);
        _happenings = null;
    }
}
