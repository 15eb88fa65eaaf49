namespace LacEdge.Core.Steering;

/// <summary>One step on the way of a subscriber to its LNS: what was asked and what came of it. All texts are safe to print and hold no secret.</summary>
/// <param name="Rule">Where the rule stands: "steering.main[0]", "access.hotel"; empty for a candidate.</param>
/// <param name="Asked">The target or the candidate: "realm-table", "isp1/lns-a".</param>
/// <param name="Answer">A stable word: that of a <see cref="TargetOutcome"/>, or of an end cause.</param>
public readonly record struct SteeringStep(string Rule, string Asked, string Answer, string Why)
{
    public override string ToString() => $"{Rule}{(Rule.Length > 0 ? ": " : "")}{Asked}: {Answer}{(Why.Length > 0 ? ": " : "")}{Why}";
}

/// <summary>The steps of one subscriber's steering, oldest first. When there are too many, the newest takes the place of the last.</summary>
public sealed class SteeringPath
{
    public const int Limit = 24;

    private readonly List<SteeringStep> _steps = new(2);

    public IReadOnlyList<SteeringStep> Steps => _steps;
    /// <summary>Steps before the last that were not kept.</summary>
    public int Missing { get; private set; }

    internal void Add(in SteeringStep step)
    {
        if (_steps.Count < Limit)
        {
            _steps.Add(step);
            return;
        }

        _steps[^1] = step;
        Missing++;
    }
}
