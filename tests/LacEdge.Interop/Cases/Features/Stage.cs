using LacEdge.Interop.Peers;

namespace LacEdge.Interop.Cases.Features;

/// <summary>What a feature may act on: the LNS, both subscribers, who are online, and more who dial.</summary>
/// <param name="Dial">Dials the account of that number.</param>
/// <param name="More">Links that must have ended, too, when LacEdge has.</param>
internal sealed record Stage(Lns Lns, SubscriberGuest Guest, Link First, Link Second, Func<int, Link> Dial, List<Link> More);
