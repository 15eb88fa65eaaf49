using System.Diagnostics;
using LacEdge.Lab.Peers;
using LacEdge.Linux;

namespace LacEdge.Benchmarks;

/// <summary>Established subscribers ping their LNS evenly at a rate, all together, until finished: two frames through LacEdge each.</summary>
internal sealed class Pings : IDisposable
{
    private static readonly TimeSpan _lastReply = TimeSpan.FromSeconds(1);
    private readonly BenchLab _lab;
    private readonly SimulatedSubscriber[] _subscribers;
    private readonly int _perSecond;
    private readonly Thread _thread;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly long _answeredBefore;
    private volatile bool _stop;
    private long _sent;

    public Pings(BenchLab lab, SimulatedSubscriber[] subscribers, int perSecond)
    {
        (_lab, _subscribers, _perSecond) = (lab, subscribers, perSecond);
        _answeredBefore = Answered();
        _thread = new Thread(Run) { Name = "pings" };
        _thread.Start();
    }

    /// <summary>Pings a second, as sent.</summary>
    public double Rate => _sent / _clock.Elapsed.TotalSeconds;

    /// <summary>How many were sent, and answered up to a second after the last.</summary>
    public (long Sent, long Answered) Finish()
    {
        Dispose();
        Thread.Sleep(_lastReply);
        return (_sent, Answered() - _answeredBefore);
    }

    public void Dispose()
    {
        if (_stop) return;
        _stop = true;
        _thread.Join();
        _clock.Stop();
    }

    private long Answered() =>
        _lab.Loop.InvokeAsync(() => _subscribers.Sum(s => s.Ppp?.PingRepliesReceived ?? 0)).GetAwaiter().GetResult();

    private void Run()
    {
        while (!_stop)
        {
            _lab.Loop.InvokeAsync(() =>
            {
                for (var due = (long)(_clock.Elapsed.TotalSeconds * _perSecond); _sent < due; _sent++)
                {
                    var subscriber = _subscribers[_sent % _subscribers.Length];
                    var sequence = (ushort)(_sent / _subscribers.Length);
                    _lab.Peers.Do(subscriber, s => s.Ping(s.Ppp!.PeerAddress, 1, sequence, SystemClock.Now));
                }

                return true;
            }).GetAwaiter().GetResult();
            Thread.Sleep(2);
        }
    }
}
