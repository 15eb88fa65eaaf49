using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text;
using LacEdge.Linux.Kernel;

namespace LacEdge.Linux.Namespaces;

/// <summary>
/// A network namespace of our own, for labs and tests. Sockets opened by <see cref="Run"/> stay in it, processes and threads
/// started there belong to it. One with a name shows in <c>ip netns</c>; one without ends with this object and what was opened in it.
/// </summary>
public sealed unsafe class NetworkNamespace : IDisposable
{
    private const string Folder = "/run/netns";

    private bool _disposed;

    private NetworkNamespace(int fd, string? name) => (Fd, Name) = (fd, name);

    public string? Name { get; }

    internal int Fd { get; }

    /// <summary>Makes a namespace; its loopback interface is down. Throws <see cref="HostException"/> when there is one of this
    /// name already (left over from a run that was killed, or somebody else's) or when not root.</summary>
    public static NetworkNamespace Create(string? name = null)
    {
        NetworkNamespace? created = null;
        RunOnOwnThread(() =>
        {
            if (Libc.Unshare(Constants.CLONE_NEWNET) < 0)
            {
                var errno = Errno.Last;
                throw errno == Errno.EPERM
                    ? new HostException("no right to make network namespaces: run as root", errno)
                    : HostException.ForCall("cannot make a network namespace", errno);
            }

            if (name is not null) Publish(name);
            created = new NetworkNamespace(OpenPath("/proc/thread-self/ns/net", "cannot open a network namespace"), name);
        });
        return created!;
    }

    /// <summary>The namespace that the calling thread is in.</summary>
    public static NetworkNamespace Current() => new(OpenPath("/proc/thread-self/ns/net", "cannot open the network namespace"), null);

    /// <summary>Removes a named namespace, as <c>ip netns del</c> does; whether there was one.</summary>
    public static bool Delete(string name)
    {
        var path = PathOf(name);
        if (!File.Exists(path)) return false;
        Unpublish(path);
        return true;
    }

    /// <summary>Process ids of all that live in a named namespace; none when there is no such namespace.</summary>
    public static IReadOnlyList<int> ProcessesIn(string name)
    {
        var path = PathOf(name);
        if (!File.Exists(path)) return [];
        using var space = new NetworkNamespace(OpenPath(path, $"cannot open {path}"), null);
        string identity;
        try
        {
            identity = space.Run(() => IdentityOf("thread-self"))!;
        }
        catch (HostException)
        {
            // A file that no namespace is mounted on any more.
            return [];
        }

        var processes = Directory.GetDirectories("/proc").Select(path => Path.GetFileName(path)).Where(entry => char.IsAsciiDigit(entry[0]));
        return [.. processes.Where(id => IdentityOf(id) == identity).Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
    }

    /// <summary>Runs <paramref name="action"/> on a thread of its own inside the namespace and waits for its end.</summary>
    public void Run(Action action) => RunOnOwnThread(() =>
    {
        Enter();
        action();
    });

    /// <summary>As <see cref="Run(Action)"/>, with a result.</summary>
    public T Run<T>(Func<T> function)
    {
        T? result = default;
        Run(() => { result = function(); });
        return result!;
    }

    /// <summary>A thread inside the namespace, not started yet. An exception in it ends the process, as in every thread.</summary>
    public Thread NewThread(string threadName, Action action) => new(() =>
    {
        Enter();
        action();
    })
    { Name = threadName, IsBackground = true };

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Libc.Close(Fd);
        if (Name is not null) Unpublish(PathOf(Name));
    }

    private void Enter() => HostException.Check(Libc.SetNamespace(Fd, Constants.CLONE_NEWNET), "cannot enter a network namespace");

    /// <summary>A thread that has changed its namespace must never go back to a pool: it ends with the action.</summary>
    private static void RunOnOwnThread(Action action)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception thrown)
            {
                // For the caller, who waits.
                failure = ExceptionDispatchInfo.Capture(thrown);
            }
        })
        { Name = "netns" };
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    /// <summary>Binds the calling thread's namespace to a file under /run/netns, which is how <c>ip netns</c> finds it.</summary>
    private static void Publish(string name)
    {
        Directory.CreateDirectory(Folder);
        ShareDirectory();
        var path = PathOf(name);
        const int onlyIfNew = Constants.O_RDONLY | Constants.O_CREAT | Constants.O_EXCL | Constants.O_CLOEXEC;
        int fd;
        fixed (byte* text = Terminated(path)) fd = Libc.Open(text, onlyIfNew, 0);
        if (fd < 0)
        {
            var errno = Errno.Last;
            if (errno != Errno.EEXIST) throw HostException.ForCall($"cannot make {path}", errno);
            throw new HostException(
                $"network namespace {name} exists already; if a run that was killed has left it, remove it with: ip netns del {name}",
                errno);
        }

        Libc.Close(fd);
        if (Mount("/proc/thread-self/ns/net", path, Constants.MS_BIND) is var result && result != 0)
        {
            File.Delete(path);
            throw HostException.ForCall($"cannot mount {path}", result);
        }
    }

    private static void Unpublish(string path)
    {
        // Not mounted (after a reboot, or removed by somebody): only the file is left.
        fixed (byte* text = Terminated(path)) _ = Libc.Unmount(text, Constants.MNT_DETACH);
        File.Delete(path);
    }

    /// <summary>Mounts made in one mount namespace are to be seen, and removed, in the others, too: as ip-netns(8) does it.</summary>
    private static void ShareDirectory()
    {
        if (Mount("", Folder, Constants.MS_SHARED | Constants.MS_REC) == 0) return;
        if (Mount(Folder, Folder, Constants.MS_BIND | Constants.MS_REC) is var bind && bind != 0)
            throw HostException.ForCall($"cannot mount {Folder}", bind);
        if (Mount("", Folder, Constants.MS_SHARED | Constants.MS_REC) is var share && share != 0)
            throw HostException.ForCall($"cannot share {Folder}", share);
    }

    /// <summary>The error number; 0 for success.</summary>
    private static int Mount(string source, string target, int flags)
    {
        fixed (byte* from = Terminated(source), to = Terminated(target), none = Terminated("none"))
            return Libc.Mount(from, to, none, (nuint)flags, null) < 0 ? Errno.Last : 0;
    }

    private static int OpenPath(string path, string cannot)
    {
        const int flags = Constants.O_RDONLY | Constants.O_CLOEXEC;
        fixed (byte* text = Terminated(path)) return HostException.Check(Libc.Open(text, flags, 0), cannot);
    }

    /// <summary>What the kernel calls the namespace of a process, like net:[4026531840]; null when the process has ended or may
    /// not be looked at.</summary>
    private static string? IdentityOf(string process)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{process}/ns/net", returnFinalTarget: false)?.Name;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string PathOf(string name) => $"{Folder}/{name}";

    private static byte[] Terminated(string text) => Encoding.UTF8.GetBytes(text + '\0');
}
