using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace LacEdge.Linux.Kernel;

/// <summary>
/// The C library as it is: only numbers and pointers, so that a call costs no more than the call. A failure is a negative
/// result, its reason is <see cref="Errno.Last"/>, to be read at once.
/// </summary>
internal static unsafe partial class Libc
{
    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "socket")]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "kill")]
    public static partial int Kill(int processId, int signal);

    [LibraryImport(Library, EntryPoint = "bind")]
    public static partial int Bind(int fd, void* address, uint size);

    [LibraryImport(Library, EntryPoint = "getsockname")]
    public static partial int GetSockName(int fd, void* address, uint* size);

    [LibraryImport(Library, EntryPoint = "setsockopt")]
    public static partial int SetSockOpt(int fd, int level, int option, void* value, uint size);

    [LibraryImport(Library, EntryPoint = "getsockopt")]
    public static partial int GetSockOpt(int fd, int level, int option, void* value, uint* size);

    [LibraryImport(Library, EntryPoint = "recv")]
    public static partial nint Receive(int fd, void* buffer, nuint size, int flags);

    [LibraryImport(Library, EntryPoint = "send")]
    public static partial nint Send(int fd, void* buffer, nuint size, int flags);

    [LibraryImport(Library, EntryPoint = "sendto")]
    public static partial nint SendTo(int fd, void* buffer, nuint size, int flags, void* address, uint addressSize);

    [LibraryImport(Library, EntryPoint = "recvmmsg")]
    public static partial int ReceiveMessages(int fd, MultiMessage* messages, uint count, int flags, void* timeout);

    [LibraryImport(Library, EntryPoint = "sendmmsg")]
    public static partial int SendMessages(int fd, MultiMessage* messages, uint count, int flags);

    [LibraryImport(Library, EntryPoint = "ioctl")]
    public static partial int Ioctl(int fd, nuint request, void* argument);

    [LibraryImport(Library, EntryPoint = "open")]
    public static partial int Open(byte* path, int flags, uint mode);

    /// <summary>The descriptor is gone whatever close says.</summary>
    public static void Close(int fd) => _ = CloseDescriptor(fd);

    [LibraryImport(Library, EntryPoint = "close")]
    private static partial int CloseDescriptor(int fd);

    [LibraryImport(Library, EntryPoint = "read")]
    public static partial nint Read(int fd, void* buffer, nuint size);

    [LibraryImport(Library, EntryPoint = "write")]
    public static partial nint Write(int fd, void* buffer, nuint size);

    [LibraryImport(Library, EntryPoint = "eventfd")]
    public static partial int EventFd(uint initial, int flags);

    [LibraryImport(Library, EntryPoint = "timerfd_create")]
    public static partial int TimerFdCreate(int clock, int flags);

    [LibraryImport(Library, EntryPoint = "timerfd_settime")]
    public static partial int TimerFdSetTime(int fd, int flags, TimerSpec* value, TimerSpec* old);

    [LibraryImport(Library, EntryPoint = "clock_gettime")]
    public static partial int ClockGetTime(int clock, TimeSpec* time);

    [LibraryImport(Library, EntryPoint = "epoll_create1")]
    public static partial int EpollCreate(int flags);

    [LibraryImport(Library, EntryPoint = "epoll_ctl")]
    public static partial int EpollControl(int epoll, int operation, int fd, void* happening);

    [LibraryImport(Library, EntryPoint = "epoll_wait")]
    public static partial int EpollWait(int epoll, void* happenings, int max, int timeoutMs);

    [LibraryImport(Library, EntryPoint = "mmap")]
    public static partial void* MemoryMap(void* address, nuint size, int protection, int flags, int fd, nint offset);

    [LibraryImport(Library, EntryPoint = "munmap")]
    public static partial int MemoryUnmap(void* address, nuint size);

    [LibraryImport(Library, EntryPoint = "unshare")]
    public static partial int Unshare(int flags);

    [LibraryImport(Library, EntryPoint = "setns")]
    public static partial int SetNamespace(int fd, int type);

    [LibraryImport(Library, EntryPoint = "mount")]
    public static partial int Mount(byte* source, byte* target, byte* type, nuint flags, void* data);

    [LibraryImport(Library, EntryPoint = "umount2")]
    public static partial int Unmount(byte* target, int flags);

    [LibraryImport(Library, EntryPoint = "strerror")]
    public static partial byte* ErrorText(int errno);
}

/// <summary>Error numbers of Linux (the same on every architecture that .NET runs on).</summary>
internal static unsafe class Errno
{
    public const int EPERM = 1, ENOENT = 2, EINTR = 4, EAGAIN = 11, ENOMEM = 12, EACCES = 13, EBUSY = 16, EEXIST = 17, ENODEV = 19,
        EINVAL = 22, EMSGSIZE = 90, EOPNOTSUPP = 95, EADDRINUSE = 98, EADDRNOTAVAIL = 99, ENETDOWN = 100, ENETUNREACH = 101,
        ENOBUFS = 105, ECONNREFUSED = 111, EHOSTUNREACH = 113;

    /// <summary>Of the call that just failed on this thread.</summary>
    public static int Last => Marshal.GetLastSystemError();

    public static string Text(int errno) => Marshal.PtrToStringUTF8((nint)Libc.ErrorText(errno)) ?? $"error {errno}";
}
