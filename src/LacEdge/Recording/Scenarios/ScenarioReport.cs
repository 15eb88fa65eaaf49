namespace LacEdge.Recording.Scenarios;

/// <summary>How two LACs differ in the same conversation.</summary>
internal enum ScenarioDifferenceKind
{
    /// <summary>The LAC of the transcript sends it, ours does not.</summary>
    Missing,
    /// <summary>Ours sends it, the other does not.</summary>
    Extra,
    /// <summary>Ours sends it earlier than something that comes before it in the transcript.</summary>
    Order,
    /// <summary>Other mandatory AVPs, PPPoE tags or LCP options.</summary>
    Elements,
    /// <summary>An LNS's frame did not reach the subscriber untouched.</summary>
    NotForwarded,
    /// <summary>Ours leaves a message of the LNS unacknowledged.</summary>
    NotAcknowledged,
    /// <summary>Our answer to the LNS's challenge is wrong.</summary>
    WrongResponse,
}

/// <param name="Message">"ICRQ", "LCP Configure-Request".</param>
/// <param name="Where">In the transcript.</param>
internal sealed record ScenarioDifference(ScenarioDifferenceKind Kind, string Message, string Where, string Detail)
{
    public override string ToString() => Kind switch
    {
        ScenarioDifferenceKind.Missing => $"missing {Message} ({Where}): we do not send it",
        ScenarioDifferenceKind.Extra => $"extra {Message} (after {Where}): only we send it",
        ScenarioDifferenceKind.Order => $"order of {Message} ({Where}): {Detail}",
        _ => $"{Message} ({Where}): {Detail}",
    };
}

/// <param name="Compared">Messages of the LAC that have a counterpart among ours.</param>
/// <param name="Played">Messages of its peers that were given to ours.</param>
/// <param name="Remarks">What was left out of the conversation, and why.</param>
internal sealed record ScenarioReport(
    int Compared, int Played, IReadOnlyList<ScenarioDifference> Differences, IReadOnlyList<string> Remarks)
{
    public bool Same => Differences.Count == 0;
}
