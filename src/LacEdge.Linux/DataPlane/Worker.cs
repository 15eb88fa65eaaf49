using LacEdge.Core.Forwarding;
using LacEdge.Linux.Kernel;
using LacEdge.Linux.Sockets;

namespace LacEdge.Linux.DataPlane;

/// <summary>
/// A thread that forwards one direction: waits for its sockets, reads in batches, rewrites, sends, and passes up what it
/// does not know. It takes no locks and allocates nothing while it runs.
/// </summary>
internal abstract class Worker : IDisposable
{
    protected const int BatchSize = 64;
    /// <summary>Batches from one socket before the others have their turn.</summary>
    private const int MaxBatches = 8;
    private const int RingSize = 4 << 20;
    private const ulong WakeData = 0;

    private readonly Thread _thread;
    private readonly Epoll _epoll = new(64);
    private readonly EventFd _wake = new();
    private readonly EventFd _bell;
    private long _graceAsked;
    private long _graceSeen;
    private volatile bool _stopping;

    /// <param name="bell">Rung for the control thread when there is something to take.</param>
    protected Worker(string name, ForwardingTables tables, int slots, EventFd bell)
    {
        Tables = tables;
        Counters = new WorkerCounters(slots);
        Sending = new SendBatch(BatchSize, Counters);
        _bell = bell;
        _epoll.Add(_wake.Fd, WakeData);
        _thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    public WorkerCounters Counters { get; }
    public PassUpRing Ring { get; } = new(RingSize);

    /// <summary>What ended the thread, if it was not <see cref="Dispose"/>.</summary>
    public Exception? Failure { get; private set; }

    protected ForwardingTables Tables { get; }
    protected ReceiveBatch Received { get; } = new(BatchSize);
    protected SendBatch Sending { get; }

    public void Start() => _thread.Start();

    /// <summary>Reads the socket from now on. <paramref name="id"/> is what the worker knows it by.</summary>
    public void Watch(int fd, int id) => _epoll.Add(fd, (ulong)(id + 1) << 32 | (uint)fd);

    public void Unwatch(int fd) => _epoll.Remove(fd);

    /// <summary>Asks the worker to say when it has finished everything that it may have begun before this call.</summary>
    public void AskGrace(long number)
    {
        Volatile.Write(ref _graceAsked, number);
        _wake.Ring();
    }

    /// <summary>The latest number of <see cref="AskGrace"/> that it has answered; a thread that does not run needs no grace.</summary>
    public long GraceSeen => _thread.IsAlive ? Volatile.Read(ref _graceSeen) : long.MaxValue;

    public virtual void Dispose()
    {
        _stopping = true;
        _wake.Ring();
        if (_thread.IsAlive) _thread.Join();
        _epoll.Dispose();
        _wake.Dispose();
        Ring.Dispose();
        Received.Dispose();
        Sending.Dispose();
        Counters.Dispose();
    }

    /// <summary>Forwards, drops or passes up one of the received.</summary>
    protected abstract void Handle(int id, int index);

    /// <summary>A socket has nothing to read, but perhaps something to tell.</summary>
    protected virtual void HandleErrors(int id, int fd) { }

    /// <summary>The longest time to wait for input; -1: until there is some.</summary>
    protected virtual int WaitMilliseconds => -1;

    /// <summary>Called in every turn, before what was received.</summary>
    protected virtual void Expire() { }

    /// <summary>Everything that was to be sent is sent.</summary>
    protected virtual void Flushed() { }

    /// <summary>An echo is about to be sent on. Its time is read here, and for no other frame.</summary>
    /// <param name="own">Of the direction of this worker, which alone writes it.</param>
    protected static void Meter(in LcpEcho echo, ref EchoFlow own, ref EchoFlow opposite) =>
        own.Passed(echo, SystemClock.Now, Volatile.Read(ref opposite.Request), Volatile.Read(ref opposite.Answered));

    protected void PassUp(ForwardingReason reason, int target, in SocketAddress source, ReadOnlySpan<byte> octets)
    {
        // Data that nobody has a session for may not push out control messages.
        var taken = Ring.TryWrite(target, source, octets, reason == ForwardingReason.Control ? 1 : 0.5);
        Counters.Count(taken ? reason : ForwardingReason.PassUpFull);
    }

    private void Run()
    {
        try
        {
            while (!_stopping) Turn();
        }
        catch (Exception failure)
        {
            // The control thread throws it on.
            Failure = failure;
            _bell.Ring();
        }
    }

    private void Turn()
    {
        var ready = _epoll.Wait(WaitMilliseconds);
        Expire();
        // Nothing is under way here, so whatever was withdrawn before the question is out of use.
        var asked = Volatile.Read(ref _graceAsked);
        var ring = asked != _graceSeen;
        Volatile.Write(ref _graceSeen, asked);

        for (var i = 0; i < ready; i++)
        {
            var data = _epoll.Data(i);
            if (data == WakeData) _wake.Clear();
            else Drain((int)(data >> 32) - 1, (int)(uint)data);
        }

        if (Ring.Publish() || ring) _bell.Ring();
    }

    private void Drain(int id, int fd)
    {
        for (var batch = 0; batch < MaxBatches; batch++)
        {
            // Errors (the interface went down, an ICMP message) are told once and are nothing to forward.
            var count = Received.Receive(fd);
            if (count <= 0) HandleErrors(id, fd);
            for (var i = 0; i < count; i++)
            {
                if (Received.IsTruncated(i)) Counters.Count(ForwardingReason.Truncated);
                else Handle(id, i);
            }

            Sending.Flush();
            Flushed();
            if (count < BatchSize) return;
        }
    }
}
