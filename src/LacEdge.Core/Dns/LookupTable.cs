using System.Globalization;
using LacEdge.Core.Config;
using LacEdge.Wire.Dns;

namespace LacEdge.Core.Dns;

/// <summary>
/// Questions to DNS and what is known of them: answers within their TTL (RFC 1035, RFC 2181 section 8), that there are none (RFC 2308), failures with
/// growing pauses (RFC 9520 section 3.2), and answers past their TTL while servers fail (RFC 8767). Each question is on its way once,
/// however many wait for it.
/// </summary>
/// <remarks>Bounded by <see cref="DnsConfig.MaxQuestions"/>, and by <see cref="MaxAsked"/> for those on their way. Waiters are sessions in
/// their set-up, of which there is a limit.</remarks>
internal sealed class LookupTable(DnsConfig config, TimerQueue timers, Outbox outbox, LacCounters counters, Func<ulong> nextTimerOrder)
{
    /// <summary>Questions on their way.</summary>
    public const int MaxAsked = 1000;
    private const int MaxDoublings = 8;
    private static readonly TimeSpan _firstPause = TimeSpan.FromSeconds(1), _longestPause = TimeSpan.FromMinutes(5), _stalePause = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, LinkedListNode<Lookup>> _lookups = new(StringComparer.Ordinal);
    /// <summary>The one that was used longest ago comes first.</summary>
    private readonly LinkedList<Lookup> _byUse = new();
    private readonly Dictionary<int, Lookup> _asked = [];
    private int _nextHandle;

    private sealed class Lookup(LookupTable table, DnsQuestion question, ulong timerOrder) : ITimerOwner
    {
        public DnsQuestion Question { get; } = question;
        /// <summary>-1 while it is not on its way.</summary>
        public int Handle { get; set; } = -1;
        public List<ILookupUser> Waiting { get; } = [];
        /// <summary>The last that a server said; null: nothing yet.</summary>
        public LookupAnswer? Said { get; set; }
        public Instant FreshUntil { get; set; }
        /// <summary>Failures since a server answered last.</summary>
        public int Failures { get; set; }
        /// <summary>After a failure: not asked again before.</summary>
        public Instant PauseUntil { get; set; }
        public LookupAnswer? Failure { get; set; }
        public Timer? Patience { get; set; }
        public ulong TimerOrder { get; } = timerOrder;
        public void HandleTimer(int kind, Instant now) => table.Overdue(this, now);
    }

    public int Count => _lookups.Count;
    public int Asked => _asked.Count;

    /// <summary>The answer where it is known; else null, and the user is told later.</summary>
    public LookupAnswer? Ask(DnsQuestion question, ILookupUser user, Instant now)
    {
        if (config.Servers.IsEmpty) return LookupAnswer.None(LookupState.Failed, "no DNS server is configured");
        if (Find(question) is not { } lookup) return LookupAnswer.None(LookupState.Failed, "too many names are being looked up");
        if (lookup.Handle < 0)
        {
            if (lookup.Said is { } said && now < lookup.FreshUntil) return said;
            if (now < lookup.PauseUntil) return Stale(lookup, now) ?? lookup.Failure!;
            if (_asked.Count == MaxAsked)
            {
                counters.Count(DropReason.Limit);
                return LookupAnswer.None(LookupState.Failed, "too many names are being looked up");
            }

            Send(lookup, now);
        }

        lookup.Waiting.Add(user);
        return null;
    }

    /// <summary>The user does not wait any more. The question goes on: its answer is of use to the next.</summary>
    public void Withdraw(DnsQuestion question, ILookupUser user)
    {
        if (_lookups.TryGetValue(question.ToString(), out var node)) node.Value.Waiting.Remove(user);
    }

    /// <summary>The host's answer.</summary>
    /// <param name="message">The server's, whole; empty when there was none.</param>
    public void Answered(int handle, LookupOutcome outcome, ReadOnlySpan<byte> message, string error, Instant now)
    {
        if (!_asked.TryGetValue(handle, out var lookup)) return;
        if (outcome != LookupOutcome.Answered) Failed(lookup, outcome == LookupOutcome.Bogus ? $"not proven by DNSSEC: {error}" : error, now);
        else if (!DnsMessage.TryParse(message, lookup.Question, out var answer, out var wrong))
        {
            counters.Count(wrong);
            Failed(lookup, "the server's answer is malformed", now);
        }
        else if (answer!.Rcode is DnsRcode.NoError or DnsRcode.NameError) Learn(lookup, answer, now);
        else Failed(lookup, string.Create(CultureInfo.InvariantCulture, $"the server fails (RCODE {(int)answer.Rcode})"), now);
    }

    private Lookup? Find(DnsQuestion question)
    {
        var key = question.ToString();
        if (_lookups.TryGetValue(key, out var node))
        {
            _byUse.Remove(node);
            _byUse.AddLast(node);
            return node.Value;
        }

        if (_lookups.Count >= config.MaxQuestions && !ForgetOne()) return null;
        _lookups[key] = _byUse.AddLast(new Lookup(this, question, nextTimerOrder()));
        return _byUse.Last!.Value;
    }

    private bool ForgetOne()
    {
        for (var node = _byUse.First; node is not null; node = node.Next)
        {
            if (node.Value.Handle >= 0) continue;
            _lookups.Remove(node.Value.Question.ToString());
            _byUse.Remove(node);
            return true;
        }

        counters.Count(DropReason.Limit);
        return false;
    }

    private void Send(Lookup lookup, Instant now)
    {
        lookup.Handle = _nextHandle++;
        _asked.Add(lookup.Handle, lookup);
        lookup.Patience ??= new Timer(lookup, 0);
        timers.Set(lookup.Patience, now + config.Timeout);
        counters.Count(LacCounter.LookupsSent);
        outbox.Lookup(lookup.Handle, lookup.Question);
    }

    private void Overdue(Lookup lookup, Instant now)
    {
        outbox.CancelLookup(lookup.Handle);
        Failed(lookup, $"no DNS server answers within {config.Timeout.TotalSeconds:0.#} s", now);
    }

    private void Learn(Lookup lookup, DnsAnswer answer, Instant now)
    {
        var cap = answer.IsEmpty ? config.MaxNegativeTtl : config.MaxTtl;
        var ttl = TimeSpan.FromSeconds(answer.Ttl) is var said && said < cap ? said : cap;
        lookup.Said = answer.IsEmpty
            ? LookupAnswer.None(LookupState.NotFound, answer.Rcode == DnsRcode.NameError ? "no such name" : "the name has no such record")
            : new LookupAnswer(LookupState.Found, answer.Addresses, answer.Services, string.Create(CultureInfo.InvariantCulture, $"ttl {answer.Ttl} s"));
        (lookup.FreshUntil, lookup.Failures, lookup.PauseUntil) = (now + ttl, 0, now);
        Tell(lookup, lookup.Said, now);
    }

    private void Failed(Lookup lookup, string why, Instant now)
    {
        counters.Count(LacCounter.LookupsFailed);
        var pause = _firstPause * (1 << Math.Min(lookup.Failures++, MaxDoublings));
        lookup.Failure = LookupAnswer.None(LookupState.Failed, why);
        var stale = Stale(lookup, now);
        lookup.PauseUntil = now + (stale is not null ? _stalePause : pause < _longestPause ? pause : _longestPause);
        Tell(lookup, stale ?? lookup.Failure, now);
    }

    /// <summary>What was found, past its TTL but not by too much.</summary>
    private LookupAnswer? Stale(Lookup lookup, Instant now) =>
        lookup.Said is { State: LookupState.Found } said && now < lookup.FreshUntil + config.StaleTime
            ? said with { Stale = true, Why = $"stale: {lookup.Failure!.Why}" } : null;

    private void Tell(Lookup lookup, LookupAnswer answer, Instant now)
    {
        _asked.Remove(lookup.Handle);
        lookup.Handle = -1;
        timers.Stop(lookup.Patience!);
        var waiting = lookup.Waiting.ToArray();
        lookup.Waiting.Clear();
        foreach (var user in waiting) user.LookedUp(lookup.Question, answer, now);
    }
}
