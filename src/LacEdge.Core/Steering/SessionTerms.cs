namespace LacEdge.Core.Steering;

/// <summary>How long a session may last, and how long it may be silent, once the LNS has it (RFC 2865 sections 5.27 and 5.28).</summary>
/// <param name="Session">Zero: for ever.</param>
/// <param name="Idle">Zero: for ever.</param>
public readonly record struct SessionTerms(TimeSpan Session, TimeSpan Idle)
{
    public bool IsNone => this == default;

    /// <summary>What the later one says counts.</summary>
    public SessionTerms Then(SessionTerms later) =>
        new(later.Session > TimeSpan.Zero ? later.Session : Session, later.Idle > TimeSpan.Zero ? later.Idle : Idle);
}
