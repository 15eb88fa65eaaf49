using System.Collections.Immutable;
using LacEdge.Core.Config;
using LacEdge.Core.Dns;
using LacEdge.Core.Events;

namespace LacEdge.Core.Steering;

/// <summary>
/// Steering, as far as the configuration alone tells: which rule is a subscriber's, and what its targets say. Within an ISP the lowest
/// preference comes first; equals are drawn at random by their weights, anew for each subscriber.
/// </summary>
internal sealed class LnsSelector
{
    /// <summary>The ISP label of an LNS that the configuration names without an ISP.</summary>
    public const string FixedIsp = "fixed";
    /// <summary>The ISP label of an LNS that is not configured: DNS or RADIUS named it.</summary>
    public const string DynamicIsp = "dynamic";

    private readonly RandomStream _random;
    private readonly RealmTable _realms;
    private readonly Dictionary<string, IspConfig> _isps;
    private readonly Dictionary<string, TunnelProfile> _profiles;
    private readonly Func<string, PeerProfile> _peers;
    private readonly Dictionary<string, ImmutableArray<SteeringRule>> _lists;
    private readonly Dictionary<string, SteeringRule> _fixed;

    /// <param name="config">Valid: every name in it that refers to something is there.</param>
    public LnsSelector(LacConfig config, RandomStreams random)
    {
        _random = random[RandomPurpose.Steering];
        _realms = new RealmTable(config.Isps);
        _isps = config.Isps.ToDictionary(isp => isp.Name, StringComparer.Ordinal);
        _profiles = config.Tunnels.ToDictionary(profile => profile.Name, StringComparer.Ordinal);
        _peers = config.PeerProfile;
        _lists = config.Steering.ToDictionary(list => list.Name, list =>
            list.Rules.Select((rule, i) => new SteeringRule($"steering.{list.Name}[{i}]", rule)).ToImmutableArray(), StringComparer.Ordinal);
        _fixed = config.Access.Where(service => service.Lns is not null).ToDictionary(service => service.Name, service =>
            new SteeringRule($"access.{service.Name}", new SteeringRuleConfig([new LnsTarget(service.Lns!, service.Tunnel!)])), StringComparer.Ordinal);
    }

    /// <summary>The one that decides, even when none of its targets gives an LNS; null: none matches.</summary>
    public SteeringRule? RuleFor(SubscriberLine line, UserName? user)
    {
        if (_fixed.TryGetValue(line.Service.Name, out var everybody)) return everybody;
        foreach (var rule in _lists[line.Service.Steering!])
        {
            if (rule.Matches(line, user)) return rule;
        }

        return null;
    }

    /// <summary>What a target says; null: its source has to be asked.</summary>
    public TargetAnswer? Answer(SteeringTarget target, UserName? user) => target switch
    {
        LnsTarget named => TargetAnswer.Of([Fixed(named.Lns, named.Tunnel)], ""),
        IspTarget named => OfIsp(_isps[named.Isp]),
        RealmTableTarget when user is null => TargetAnswer.None(TargetOutcome.Skipped, EndCause.NoRealm, "the user is not known yet"),
        RealmTableTarget when user.Realm is null =>
            TargetAnswer.None(TargetOutcome.Skipped, EndCause.NoRealm, $"user name '{user.Printable}' has no realm"),
        RealmTableTarget when _realms.Find(user.Realm, user.IgnoreCase) is { } isp => OfIsp(isp),
        RealmTableTarget => TargetAnswer.None(TargetOutcome.NotFound, EndCause.RealmUnknown, $"no ISP has the realm '{user.Realm}'"),
        _ => null,
    };

    /// <summary>Who answers a target of which the configuration knows no answer.</summary>
    public ITargetSource SourceOf(SteeringTarget target) => Sources[target.GetType()];

    /// <summary>By the type of target that they answer.</summary>
    public Dictionary<Type, ITargetSource> Sources { get; } = [];
    /// <summary>For candidates that are known by name.</summary>
    public DnsTargets? Names { get; set; }

    /// <summary>Every LNS that the configuration names, in its order.</summary>
    public IEnumerable<LnsCandidate> Everywhere(LacConfig config) =>
        config.Access.Where(service => service.Lns is not null).Select(service => Fixed(service.Lns!, service.Tunnel!))
            .Concat(config.Steering.SelectMany(list => list.Rules).SelectMany(rule => rule.To).OfType<LnsTarget>()
                .Select(target => Fixed(target.Lns, target.Tunnel)))
            .Concat(config.Isps.SelectMany(isp => isp.Lns.Select(lns => new LnsCandidate(isp.Name, lns, _profiles[isp.Tunnel], _peers(lns.PeerProfile)))));

    private LnsCandidate Fixed(LnsConfig lns, string tunnel) => new(FixedIsp, lns, _profiles[tunnel], _peers(lns.PeerProfile));

    private TargetAnswer OfIsp(IspConfig isp)
    {
        if (isp.Lns.IsEmpty) return TargetAnswer.None(TargetOutcome.NotFound, EndCause.NoLns, $"ISP '{isp.Name}' has no LNS");
        var profile = _profiles[isp.Tunnel];
        return TargetAnswer.Of(InOrder(isp.Lns.Select(lns => new LnsCandidate(isp.Name, lns, profile, _peers(lns.PeerProfile)))), isp.Name);
    }

    /// <summary>By preference, lowest first; equals at random by their weights.</summary>
    public ImmutableArray<LnsCandidate> InOrder(IEnumerable<LnsCandidate> candidates)
    {
        var ordered = ImmutableArray.CreateBuilder<LnsCandidate>();
        // OrderBy keeps the given order among equals, so that one seed always draws the same.
        foreach (var equals in candidates.OrderBy(one => one.Lns.Preference).GroupBy(one => one.Lns.Preference))
        {
            var left = equals.ToList();
            while (left.Count > 0)
            {
                var drawn = Draw(left);
                ordered.Add(left[drawn]);
                left.RemoveAt(drawn);
            }
        }

        return ordered.ToImmutable();
    }

    /// <summary>One of them, with a chance in proportion to its weight.</summary>
    private int Draw(List<LnsCandidate> from)
    {
        if (from.Count == 1) return 0;
        var ticket = _random.Next(from.Sum(one => one.Lns.Weight));
        for (var i = 0; ; i++)
        {
            if (ticket < from[i].Lns.Weight) return i;
            ticket -= from[i].Lns.Weight;
        }
    }
}
