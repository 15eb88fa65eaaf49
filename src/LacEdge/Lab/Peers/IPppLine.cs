using LacEdge.Core;

namespace LacEdge.Lab.Peers;

/// <summary>RFC 1661 section 4.6.</summary>
public sealed record PppTimers
{
    public static PppTimers Default { get; } = new();

    public TimeSpan Restart { get; init; } = TimeSpan.FromSeconds(3);
    public int MaxConfigure { get; init; } = 10;
    public int MaxTerminate { get; init; } = 2;
    /// <summary>Between two PAP requests, CHAP challenges, CHAP responses or EAP requests that go unanswered.</summary>
    public TimeSpan AuthenticationRepeat { get; init; } = TimeSpan.FromSeconds(3);
    /// <summary>How long authentication may take in all.</summary>
    public TimeSpan AuthenticationTimeout { get; init; } = TimeSpan.FromSeconds(60);
    /// <summary>Between two LCP Echo-Requests of ours; zero: none are sent.</summary>
    public TimeSpan EchoInterval { get; init; }
    /// <summary>Unanswered ones that make the link dead.</summary>
    public int EchoFailures { get; init; } = 3;
}

/// <summary>What a PPP stack is run by.</summary>
public interface IPppLine
{
    /// <summary>Send this PPP frame, protocol field first.</summary>
    void Send(ReadOnlySpan<byte> ppp, Instant now);

    void PhaseChanged(PppPhase phase, Instant now);

    /// <summary>The link is down for good; nothing is sent on it any more.</summary>
    void Ended(PppEnd end, string text, Instant now);

    /// <summary>The other side broke a rule.</summary>
    void Violation(string what);
}
