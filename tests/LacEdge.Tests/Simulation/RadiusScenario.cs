using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Radius;
using LacEdge.Lab.Peers;
using LacEdge.Wire.Radius;
using static LacEdge.Tests.Core.Radius.AccessAcceptTests;

namespace LacEdge.Tests.Simulation;

/// <summary>Subscribers whose LNS one or two RADIUS servers know.</summary>
public abstract class RadiusScenario
{
    protected const string FramedA = "0806c6336401", FramedB = "0806c6336402";
    private protected FakeRadius R1 { get; } = new("r1", "203.0.113.1");
    private protected FakeRadius R2 { get; } = new("r2", "203.0.113.2");

    protected static string L2tpSet(byte tag, string lns, uint preference, string more = "") =>
        Attribute(64, $"{tag:x2}000003") + Attribute(65, $"{tag:x2}000001") + Text(67, lns, tag) + Attribute(83, $"{tag:x2}{preference:x6}") + more;

    private protected SessionFailed Refused(string accept)
    {
        var scenario = Scenario();
        R1.Says = _ => (RadiusCode.AccessAccept, accept);
        var subscriber = scenario.Add(0);
        scenario.Network.Dial(subscriber);
        scenario.Network.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(SubscriberEnd.TerminatedByPeer, subscriber.LastEnd);
        scenario.AssertClean();
        return scenario.Failed(subscriber);
    }

    private protected static void Dial(Scenario scenario)
    {
        foreach (var subscriber in scenario.Subscribers) scenario.Network.Dial(subscriber);
    }

    /// <summary>Two LNSes that only RADIUS knows, unless a further target is the realm table.</summary>
    private protected Scenario Scenario(
        ScenarioOptions? options = null, Func<RadiusTarget, RadiusTarget>? target = null, SteeringTarget? then = null,
        Func<RadiusServerConfig, RadiusServerConfig>? server = null, IReadOnlyList<FakeRadius>? servers = null, Func<LacConfig, LacConfig>? config = null,
        Func<RadiusGroupConfig, RadiusGroupConfig>? group = null)
    {
        servers ??= [R1];
        var radius = new RadiusTarget("aaa", "wholesale");
        if (target is not null) radius = target(radius);
        var asked = new RadiusGroupConfig { Name = "aaa", Servers = [.. servers.Select(one => server is null ? one.Config : server(one.Config))] };
        var scenario = new Scenario((options ?? new ScenarioOptions()) with
        {
            Config = standard =>
            {
                var made = standard with
                {
                    Steering = [new SteeringListConfig("main", [new SteeringRuleConfig(then is null ? [radius] : [radius, then])])],
                    Isps = then is null ? [] : standard.Isps,
                    Radius = [group?.Invoke(asked) ?? asked],
                };
                return config?.Invoke(made) ?? made;
            },
        });
        foreach (var one in servers) scenario.Network.AddServer(one.Endpoint, one.Answer);
        return scenario;
    }
}
