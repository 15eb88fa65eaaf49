using System.Collections.Immutable;
using LacEdge.Core.Config;
using LacEdge.Core.Events;

namespace LacEdge.Core.Steering;

/// <summary>What a step of a walk has come to.</summary>
internal enum WalkStep
{
    /// <summary><see cref="SteeringWalk.Candidate"/> is to be tried.</summary>
    Candidate,
    /// <summary>A question is on its way; <see cref="SteeringWalk.GoesOn"/> is called when its answer is there.</summary>
    Waiting,
    /// <summary>Nothing is left; <see cref="SteeringWalk.Cause"/> says why.</summary>
    Over,
}

/// <summary>
/// One subscriber's way to an LNS: the first rule that matches, its targets one by one, the candidates of the first that has any. Owned by the
/// attempt to set the session up, which asks for the next step; every step leaves a line in the path.
/// </summary>
/// <remarks>Every outcome of a target but success ends the walk, unless the target says otherwise (<see cref="SteeringTarget"/>).</remarks>
internal sealed class SteeringWalk
{
    private readonly ILnsStates _lnses;
    private readonly LnsSelector _selector;
    private readonly SteeringRule? _rule;
    private ImmutableArray<LnsCandidate> _candidates = [];
    private int _nextTarget, _nextCandidate;
    private bool _found, _over;
    private TargetAnswer? _answer;
    private ITargetSource? _asked;
    /// <summary>The one of those that were passed over for their lockout that has had it longest.</summary>
    private LnsCandidate? _lastResort;
    private Instant _lockedOutSince;

    /// <param name="user">Null where the LNS is chosen before the subscriber has said who it is.</param>
    public SteeringWalk(LnsSelector selector, ILnsStates lnses, SubscriberLine line, UserName? user)
    {
        (_selector, _lnses, Line, User) = (selector, lnses, line, user);
        _rule = selector.RuleFor(line, user);
    }

    public SubscriberLine Line { get; }
    public UserName? User { get; }
    public SteeringPath Path { get; } = new();
    /// <summary>The last one given.</summary>
    public LnsCandidate? Candidate { get; private set; }
    /// <summary>Of the last refusal or failure.</summary>
    public EndCause Cause { get; private set; } = EndCause.NoLns;
    /// <summary>One printable sentence that goes with the cause; empty as long as nothing went wrong.</summary>
    public string Detail { get; private set; } = "";
    /// <summary>What the walk waits for; empty when it does not.</summary>
    public string WaitsFor => _asked is null ? "" : _found ? NameOf(_candidates[_nextCandidate]) : _rule!.Targets[_nextTarget - 1].Name;
    /// <summary>The answer that was waited for is there.</summary>
    public Action<Instant>? GoesOn { get; set; }
    /// <summary>See <see cref="TargetAnswer.ToUser"/>, of the answer that ended the walk.</summary>
    public string? ToUser { get; private set; }
    /// <summary>For the session, of all answers together.</summary>
    public SessionTerms Terms { get; private set; }
    /// <summary>Whose walk it is; null when nobody is there and somebody only wants to know.</summary>
    public object? Owner { get; init; }
    /// <summary>What a source keeps with its question.</summary>
    public object? Question { get; set; }

    public WalkStep Next(Instant now)
    {
        while (!_found && !_over)
        {
            if (_asked is not null) return WalkStep.Waiting;
            TryTarget(now);
        }

        while (!_over && _nextCandidate < _candidates.Length)
        {
            if (!HasAddress(_candidates[_nextCandidate], now))
            {
                if (_asked is not null) return WalkStep.Waiting;
                continue;
            }

            Candidate = _candidates[_nextCandidate++];
            var state = _lnses.StateOf(Candidate, now);
            if (state.Availability == LnsAvailability.Usable) return WalkStep.Candidate;
            Failed(state.Cause, state.Why);
            if (state.Availability == LnsAvailability.LockedOut && (_lastResort is null || state.Since < _lockedOutSince))
                (_lastResort, _lockedOutSince) = (Candidate, state.Since);
        }

        if (!_over && _lastResort is { } last)
        {
            (Candidate, _lastResort) = (last, null);
            Path.Add(new SteeringStep("", NameOf(last), "last-resort", "nothing else is left, and it was locked out longest ago"));
            return WalkStep.Candidate;
        }

        _over = true;
        return WalkStep.Over;
    }

    /// <summary>The candidate given last did not take the call.</summary>
    public void Failed(EndCause cause, string detail)
    {
        (Cause, Detail) = (cause, detail);
        Path.Add(new SteeringStep("", NameOf(Candidate!), CauseTable.Of(cause).Name, detail));
    }

    /// <summary>The candidate given last has the session.</summary>
    public void Taken() => Path.Add(new SteeringStep("", NameOf(Candidate!), "taken", ""));

    /// <summary>From the source that was asked.</summary>
    public void Answered(TargetAnswer answer, Instant now)
    {
        if (_asked is null) return;
        (_asked, _answer, Question) = (null, answer, null);
        GoesOn?.Invoke(now);
    }

    /// <summary>Nobody wants the LNS any more: questions on their way are withdrawn.</summary>
    public void Withdraw(Instant now)
    {
        _over = true;
        _asked?.Withdraw(this, now);
        (_asked, GoesOn, Question) = (null, null, null);
    }

    private static string NameOf(LnsCandidate candidate) =>
        $"{candidate.Isp}/{candidate.Lns.Name}{(candidate.Lns is { Dns.Length: > 0, Address.IsNone: false } lns ? $" {lns.Address}" : "")}";

    /// <summary>A candidate that is known by name gives way to one for each of its addresses.</summary>
    private bool HasAddress(LnsCandidate candidate, Instant now)
    {
        if (!candidate.Lns.Address.IsNone) return true;
        if (_asked is not null) return false;
        var answer = _answer ?? _selector.Names!.Ask(this, candidate, now);
        _answer = null;
        if (answer is null)
        {
            _asked = _selector.Names;
            return false;
        }

        _candidates = _candidates.RemoveAt(_nextCandidate).InsertRange(_nextCandidate, answer.Candidates);
        if (answer.Outcome != TargetOutcome.Found) (Cause, Detail) = (answer.Cause, answer.Why);
        Path.Add(new SteeringStep("", NameOf(candidate), Word(answer.Outcome), answer.Why));
        return false;
    }

    private void TryTarget(Instant now)
    {
        if (_answer is { } late)
        {
            _answer = null;
            Take(_rule!.Targets[_nextTarget - 1], late);
            return;
        }

        if (_rule is null || _nextTarget == _rule.Targets.Length)
        {
            _over = true;
            if (Detail.Length > 0) return;
            Detail = _rule is null ? $"no rule of steering list '{Line.Service.Steering}' matches" : $"{_rule.Name} has no target";
            Path.Add(new SteeringStep(_rule?.Name ?? $"steering.{Line.Service.Steering}", "rules", "no-rule", Detail));
            return;
        }

        var target = _rule.Targets[_nextTarget++];
        if (_selector.Answer(target.Config, User) is { } known)
        {
            Take(target, known);
            return;
        }

        var source = _selector.SourceOf(target.Config);
        if (source.Ask(this, target.Config, now) is { } atOnce) Take(target, atOnce);
        else _asked = source;
    }

    private void Take(SteeringRuleTarget target, TargetAnswer answer)
    {
        Path.Add(new SteeringStep(_rule!.Name, target.Name, Word(answer.Outcome), answer.Why));
        Terms = Terms.Then(answer.Terms);
        if (answer.Outcome == TargetOutcome.Found)
        {
            (_found, _candidates) = (true, answer.Candidates);
            return;
        }

        var goesOn = answer.Outcome switch
        {
            TargetOutcome.Skipped => true,
            TargetOutcome.NotFound => target.Config.NextOnNotFound,
            TargetOutcome.Timeout => target.Config.NextOnTimeout,
            TargetOutcome.Rejected or TargetOutcome.Found => false,
        };
        _over = !goesOn;
        if (_over) ToUser = answer.ToUser;
        // When all targets were tried the first says best why; one that ended the walk says it itself.
        if (goesOn && Detail.Length > 0) return;
        (Cause, Detail) = (answer.Cause, $"{answer.Why} ({_rule.Name}, {target.Name})");
    }

    private static string Word(TargetOutcome outcome) => outcome switch
    {
        TargetOutcome.Found => "found",
        TargetOutcome.Skipped => "skipped",
        TargetOutcome.NotFound => "not-found",
        TargetOutcome.Timeout => "timeout",
        TargetOutcome.Rejected => "rejected",
    };
}
