using System.Diagnostics;
using LacEdge.Core;
using LacEdge.Linux.Sockets;
using LacEdge.Wire.Ip;

namespace LacEdge.Linux.Tests;

public sealed class ControlLoopTests
{
    private static readonly UdpEndpoint s_anyPort = new(IpAddress.Parse("127.0.0.1"), 0);

    [Fact]
    public void Timeouts_come_in_order_and_never_early()
    {
        using var loop = new ControlLoop();
        var deadlines = new Queue<Instant>();
        for (var i = 0; i < 20; i++) deadlines.Enqueue(SystemClock.Now + TimeSpan.FromMicroseconds(1300 * i));
        var handled = 0;
        loop.Run(
            () => deadlines.TryPeek(out var next) ? next : Instant.Never,
            now =>
            {
                while (deadlines.TryPeek(out var next) && next <= now)
                {
                    deadlines.Dequeue();
                    handled++;
                    Assert.True(SystemClock.Now >= next);
                }

                if (deadlines.Count == 0) loop.Stop();
            });
        Assert.Equal(20, handled);
    }

    [Fact]
    public void Without_a_deadline_it_sleeps_until_there_is_input()
    {
        using var loop = new ControlLoop();
        using var socket = UdpSocket.Open(s_anyPort);
        var asked = 0;
        var received = 0;
        loop.Add(socket.Fd, () =>
        {
            received += socket.Receive((_, _) => { });
            loop.Stop();
        });
        var sender = new Thread(() =>
        {
            Thread.Sleep(100);
            socket.Send(socket.Local, [1]);
        });
        sender.Start();
        loop.Run(
            () =>
            {
                asked++;
                return Instant.Never;
            },
            _ => Assert.Fail("there was no deadline"));
        sender.Join();
        Assert.Equal(1, received);
        Assert.InRange(asked, 1, 4);
    }

    [Fact]
    public void A_deadline_that_is_due_comes_before_the_input_that_came_with_it()
    {
        using var loop = new ControlLoop();
        using var socket = UdpSocket.Open(s_anyPort);
        var order = new List<string>();
        var deadline = SystemClock.Now;
        socket.Send(socket.Local, [1]);
        loop.Add(socket.Fd, () =>
        {
            socket.Receive((_, _) => order.Add("input"));
            loop.Stop();
        });
        loop.Run(
            () => deadline,
            _ =>
            {
                order.Add("timeout");
                deadline = Instant.Never;
            });
        Assert.Equal(["timeout", "input"], order);
    }

    [Fact]
    public void A_descriptor_removed_by_another_handler_is_not_called_any_more()
    {
        using var loop = new ControlLoop();
        using var first = UdpSocket.Open(s_anyPort);
        using var second = UdpSocket.Open(s_anyPort);
        var called = 0;
        foreach (var (one, other) in new[] { (first, second), (second, first) })
        {
            one.Send(one.Local, [1]);
            loop.Add(one.Fd, () =>
            {
                called++;
                loop.Remove(other.Fd);
                loop.Remove(one.Fd);
                loop.Stop();
            });
        }

        loop.Run(() => Instant.Never, _ => { });
        Assert.Equal(1, called);
    }

    [Fact]
    public async Task Work_from_other_threads_runs_on_the_loops_thread_and_gives_its_result()
    {
        using var loop = new ControlLoop();
        var loopThread = new Thread(() => loop.Run(() => Instant.Never, _ => { }));
        loopThread.Start();

        var order = new List<int>();
        for (var i = 0; i < 100; i++)
        {
            var number = i;
            loop.Post(() => order.Add(number));
        }

        Assert.Equal(loopThread.ManagedThreadId, await loop.InvokeAsync(() => Environment.CurrentManagedThreadId));
        Assert.Equal(Enumerable.Range(0, 100), order);
        await Assert.ThrowsAsync<InvalidOperationException>(() => loop.InvokeAsync<int>(() => throw new InvalidOperationException("no")));

        loop.Stop();
        loopThread.Join();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loop.InvokeAsync(() => 1));
    }

    [Fact]
    public async Task Who_waits_when_the_loop_stops_is_told_so()
    {
        using var loop = new ControlLoop();
        loop.Post(loop.Stop);
        var late = loop.InvokeAsync(() => 1);
        loop.Run(() => Instant.Never, _ => { });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => late);
    }

    [Fact]
    public void An_exception_of_a_handler_ends_the_loop()
    {
        using var loop = new ControlLoop();
        loop.Post(() => throw new InvalidOperationException("a bug"));
        Assert.Throws<InvalidOperationException>(() => loop.Run(() => Instant.Never, _ => { }));
    }

    [Fact]
    public void The_clock_runs_with_the_machine()
    {
        var before = SystemClock.Now;
        var watch = Stopwatch.StartNew();
        Thread.Sleep(20);
        Assert.True(SystemClock.Now - before >= TimeSpan.FromMilliseconds(19.9));
        Assert.True(watch.Elapsed >= TimeSpan.FromMilliseconds(19.9));
        var unix = DateTimeOffset.FromUnixTimeMilliseconds((SystemClock.Now.Nanoseconds + SystemClock.UnixOffsetNanoseconds) / 1_000_000);
        Assert.InRange((DateTimeOffset.UtcNow - unix).TotalSeconds, -1, 1);
    }
}
