using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Dns;
using LacEdge.Linux.Kernel;
using LacEdge.Wire.Dns;

namespace LacEdge.Linux.Dns;

/// <summary>Takes the answer to a lookup, on the thread that calls <see cref="DnsResolver.Process"/>; the message is valid only during the call.</summary>
public delegate void LookupAnswered(int lookup, LookupOutcome outcome, ReadOnlySpan<byte> message, string error);

/// <summary>
/// Lookups through libunbound, which asks the configured servers (never the system's), tells forged responses from true ones, repeats over TCP what was
/// cut, and validates by DNSSEC. It works in a thread of its own; everything here belongs to the control thread and never waits.
/// </summary>
/// <remarks>
/// Its cache is off, but for the last answer: what is remembered, and for how long, is Core's. It also remembers which servers were silent, and leaves
/// them alone for minutes; Core paces what is asked, and wants to know when they are back. So after a failure the next lookups
/// go to a new context, at most one a second, while the old one ends what is on its way.
/// </remarks>
public sealed class DnsResolver : IDisposable
{
    private static readonly TimeSpan _shortestLife = TimeSpan.FromSeconds(1);

    private readonly DnsConfig _config;
    private readonly LookupAnswered _answered;
    private readonly Epoll _epoll = new(2);
    private UnboundContext _context;
    private UnboundContext? _old;
    private Instant _since;
    private bool _failed, _processing;

    /// <exception cref="HostException">libunbound is not there or does not take the configuration.</exception>
    public DnsResolver(DnsConfig config, LookupAnswered answered)
    {
        (_config, _answered) = (config, answered);
        try
        {
            _context = Open();
        }
        catch
        {
            _epoll.Dispose();
            throw;
        }
    }

    /// <summary>Readable when <see cref="Process"/> has something to do.</summary>
    public int Fd => _epoll.Fd;
    public int PendingCount => _context.PendingCount + (_old?.PendingCount ?? 0);

    /// <summary>Answered later, from <see cref="Process"/>; or at once, when it cannot even be asked.</summary>
    /// <exception cref="HostException">No new context can be made.</exception>
    public void Lookup(int lookup, DnsQuestion question)
    {
        if (_failed && _old is null && SystemClock.Now - _since >= _shortestLife)
        {
            var fresh = Open();
            (_old, _context) = (_context, fresh);
            LetOldGo();
        }

        _context.Lookup(lookup, question);
    }

    /// <summary>Nobody waits for it any more: no server was fast enough.</summary>
    public void Cancel(int lookup)
    {
        _failed = true;
        if (!_context.Cancel(lookup)) _old?.Cancel(lookup);
        LetOldGo();
    }

    /// <summary>Hands out the answers that have come.</summary>
    public void Process()
    {
        _processing = true;
        _context.Process();
        _old?.Process();
        _processing = false;
        LetOldGo();
    }

    public void Dispose()
    {
        _context.Dispose();
        _old?.Dispose();
        _epoll.Dispose();
    }

    private UnboundContext Open()
    {
        var context = new UnboundContext(_config, Take);
        _epoll.Add(context.Fd, 0);
        (_since, _failed) = (SystemClock.Now, false);
        return context;
    }

    private void Take(int lookup, LookupOutcome outcome, ReadOnlySpan<byte> message, string error)
    {
        _failed |= outcome == LookupOutcome.Failed;
        _answered(lookup, outcome, message, error);
    }

    private void LetOldGo()
    {
        // Whoever is told of an answer asks anew: then its context is still at work.
        if (_processing || _old is not { PendingCount: 0 } old) return;
        _old = null;
        _epoll.Remove(old.Fd);
        old.Dispose();
    }
}
