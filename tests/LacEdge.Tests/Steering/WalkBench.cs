using System.Text;
using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Steering;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Tests.Steering;

/// <summary>Steering without a LAC around it: every LNS can be used.</summary>
internal static class WalkBench
{
    public static SteeringWalk Walk(LacConfig config, SubscriberLine line, UserName? user)
    {
        using var random = new RandomStreams(new byte[32]);
        return new SteeringWalk(new LnsSelector(config, random), new AllUsable(), line, user);
    }

    public static SteeringWalk Walk(LnsSelector selector, string user) => new(selector, new AllUsable(), Line(Service()), Name(user));

    /// <summary>What it gives until it is over.</summary>
    public static IReadOnlyList<LnsCandidate> Candidates(this SteeringWalk walk)
    {
        var candidates = new List<LnsCandidate>();
        while (walk.Next(Instant.Zero) == WalkStep.Candidate) candidates.Add(walk.Candidate!);
        return candidates;
    }

    public static SubscriberLine Line(AccessServiceConfig service) =>
        new(service, "eth1", VlanStack.Untagged, MacAddress.Read([0, 0x53, 0, 0x11, 0x22, 0x33]), Bytes.Empty, null);

    public static UserName Name(string user) => new(Bytes.Wrap(Encoding.UTF8.GetBytes(user)), new UserNameRules(new UserNameConfig()));

    public static AccessServiceConfig Service() =>
        new() { Name = "residential", Interfaces = ["eth1"], AcName = "lac1", ChallengeName = "lac1", Steering = "main" };

    private sealed class AllUsable : ILnsStates
    {
        public LnsState StateOf(LnsCandidate candidate, Instant now) => default;
    }
}
