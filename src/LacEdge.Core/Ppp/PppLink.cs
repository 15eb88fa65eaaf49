using LacEdge.Core.Config;
using LacEdge.Core.Events;

namespace LacEdge.Core.Ppp;

/// <summary>The LAC's half of a subscriber's PPP link until the LNS takes over: LCP, then as much of PAP or CHAP as names the user.</summary>
public sealed class PppLink : ITimerOwner
{
    /// <param name="maxMru">The largest MRU to grant and to ask for.</param>
    /// <param name="timerOrder">Unique among live timer owners.</param>
    public PppLink(
        PppConfig config, IReadOnlyList<AuthenticationProtocol> authentication, string challengeName, ushort maxMru,
        RandomStreams random, TimerQueue timers, LacCounters counters, IPppLinkUser user, ulong timerOrder) =>
        throw new NotImplementedException();

    public ulong TimerOrder => throw new NotImplementedException();
    public object? Owner { get; set; }
    /// <summary>Null until presented, and again after an LCP restart.</summary>
    public Credentials? Credentials => throw new NotImplementedException();
    public ProxyLcp ProxyLcp => throw new NotImplementedException();

    /// <summary>The lower layer (PPPoE) is up.</summary>
    public void Start(Instant now) => throw new NotImplementedException();
    /// <summary>A PPP frame from the subscriber, protocol field first.</summary>
    public void HandleFrame(ReadOnlySpan<byte> ppp, Instant now) => throw new NotImplementedException();
    /// <summary>Ends the link politely: Terminate-Request, repeated, then <see cref="IPppLinkUser.LinkEnded"/> with this cause.</summary>
    public void Terminate(EndCause cause, string detail, Instant now) => throw new NotImplementedException();
    /// <summary>Lets go at once: timers stopped, nothing sent, nobody told. For the hand-over and for PADT.</summary>
    public void Release() => throw new NotImplementedException();
    public void HandleTimer(int kind, Instant now) => throw new NotImplementedException();
}
