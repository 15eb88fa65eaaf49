using System.Collections.Concurrent;
using LacEdge.Core;
using LacEdge.Linux.Kernel;

namespace LacEdge.Linux;

/// <summary>
/// The control thread's loop: waits for input, deadlines and work from other threads, and runs their handlers, one at a time.
/// Handlers must not wait. Everything but <see cref="Post"/>, <see cref="InvokeAsync"/> and <see cref="Stop"/> belongs to the
/// thread that runs the loop.
/// </summary>
public sealed unsafe class ControlLoop : IDisposable
{
    private readonly Epoll _epoll = new(64);
    private readonly EventFd _posted = new();
    private readonly int _timer;
    private readonly Dictionary<int, Action> _handlers = [];
    private readonly ConcurrentQueue<(Action Run, Action? Cancel)> _work = new();
    private Instant _armed = Instant.Never;
    private volatile bool _stopping;
    private volatile bool _ended;

    public ControlLoop()
    {
        _timer = HostException.Check(
            Libc.TimerFdCreate(Constants.CLOCK_BOOTTIME, Constants.TFD_NONBLOCK | Constants.TFD_CLOEXEC), "cannot create a timer");
        Add(_posted.Fd, RunPosted);
        Add(_timer, ClearTimer);
    }

    /// <summary>Calls <paramref name="readable"/> in every turn in which the descriptor has input. It should take a bounded
    /// amount; what it leaves comes in the next turn.</summary>
    public void Add(int fd, Action readable)
    {
        _handlers.Add(fd, readable);
        _epoll.Add(fd, (ulong)fd);
    }

    /// <summary>To be called before the descriptor is closed.</summary>
    public void Remove(int fd)
    {
        if (_handlers.Remove(fd)) _epoll.Remove(fd);
    }

    /// <summary>Runs <paramref name="work"/> on the loop's thread, in order of posting; never, once the loop is stopping. From
    /// any thread.</summary>
    public void Post(Action work) => Enqueue(work, null);

    /// <summary>Runs <paramref name="query"/> on the loop's thread and gives its result, or its exception. From any thread;
    /// cancelled when the loop is stopping.</summary>
    public Task<T> InvokeAsync<T>(Func<T> query)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Enqueue(
            () =>
            {
                try
                {
                    completion.SetResult(query());
                }
                catch (Exception failure)
                {
                    // It belongs to whoever asks; the loop goes on.
                    completion.SetException(failure);
                }
            },
            completion.SetCanceled);
        return completion.Task;
    }

    /// <summary>Ends <see cref="Run"/> after the current turn. From any thread.</summary>
    public void Stop()
    {
        _stopping = true;
        _posted.Ring();
    }

    /// <summary>
    /// Runs until <see cref="Stop"/>. <paramref name="nextTimeout"/> is asked before every wait; <paramref name="handleTimeout"/>
    /// is called when that moment has come, never earlier, and before any input that came with it. An exception of a handler ends the loop.
    /// </summary>
    public void Run(Func<Instant> nextTimeout, Action<Instant> handleTimeout)
    {
        ArgumentNullException.ThrowIfNull(nextTimeout);
        ArgumentNullException.ThrowIfNull(handleTimeout);
        while (!_stopping)
        {
            Arm(nextTimeout());
            var ready = _epoll.Wait();
            if (SystemClock.Now is var now && nextTimeout() <= now) handleTimeout(now);
            for (var i = 0; i < ready; i++)
            {
                // A handler may have removed another's descriptor meanwhile.
                if (_handlers.TryGetValue((int)_epoll.Data(i), out var readable)) readable();
            }
        }

        _ended = true;
        CancelPosted();
    }

    public void Dispose()
    {
        _epoll.Dispose();
        _posted.Dispose();
        Libc.Close(_timer);
    }

    private void Enqueue(Action run, Action? cancel)
    {
        _work.Enqueue((run, cancel));
        _posted.Ring();
        if (_ended) CancelPosted();
    }

    /// <summary>Work that is posted meanwhile waits for the next turn.</summary>
    private void RunPosted()
    {
        _posted.Clear();
        for (var count = _work.Count; count > 0 && !_stopping && _work.TryDequeue(out var work); count--) work.Run();
    }

    /// <summary>Whoever still waits for an answer is told that there will be none.</summary>
    private void CancelPosted()
    {
        while (_work.TryDequeue(out var work)) work.Cancel?.Invoke();
    }

    private void Arm(Instant deadline)
    {
        if (deadline == _armed) return;
        _armed = deadline;
        // A moment of zero would disarm; one that has passed fires at once.
        var nanoseconds = deadline == Instant.Never ? 0 : Math.Max(1, deadline.Nanoseconds);
        var (seconds, rest) = Math.DivRem(nanoseconds, 1_000_000_000L);
        var spec = new TimerSpec { Value = new TimeSpec { Seconds = (nint)seconds, Nanoseconds = (nint)rest } };
        HostException.Check(Libc.TimerFdSetTime(_timer, Constants.TFD_TIMER_ABSTIME, &spec, null), "cannot set a timer");
    }

    private void ClearTimer()
    {
        ulong expirations;
        _ = Libc.Read(_timer, &expirations, sizeof(ulong));
        _armed = Instant.Never;
    }
}
