using System.Collections.Immutable;
using System.Text;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Wire;

namespace LacEdge.Core.Steering;

/// <summary>An LNS that a subscriber may be sent to, and how the tunnel to it is made.</summary>
/// <param name="Isp">Label for metrics and logs: the ISP's name, or <see cref="LnsSelector.FixedIsp"/>.</param>
/// <param name="Peer">What the LNS wants to be told.</param>
public sealed record LnsCandidate(string Isp, LnsConfig Lns, TunnelProfile Profile, PeerProfile Peer);

/// <summary>Where a subscriber goes: candidates in the order in which they are tried, or why nowhere.</summary>
/// <param name="Refusal"><see cref="EndCause.None"/> exactly when there are candidates.</param>
/// <param name="Detail">One printable sentence that goes with the refusal.</param>
public sealed record SteeringResult(ImmutableArray<LnsCandidate> Candidates, EndCause Refusal, string Detail);

/// <summary>
/// Steering: from the line, its access service and the user name to the ordered LNS candidates. Within an ISP the lowest
/// preference comes first; equals are drawn at random by their weights, anew for each subscriber.
/// </summary>
public sealed class LnsSelector
{
    /// <summary>The ISP label of an LNS that the configuration names without an ISP.</summary>
    public const string FixedIsp = "fixed";

    private readonly RandomStream _random;
    private readonly RealmTable _realms;
    private readonly Dictionary<string, IspConfig> _isps;
    private readonly Dictionary<string, TunnelProfile> _profiles;
    private readonly Func<string, PeerProfile> _peers;
    private readonly Dictionary<string, SteeringListConfig> _lists;

    /// <param name="config">Valid: every name in it that refers to something is there.</param>
    public LnsSelector(LacConfig config, RandomStreams random)
    {
        _random = random[RandomPurpose.Steering];
        _realms = new RealmTable(config.Isps);
        _isps = config.Isps.ToDictionary(isp => isp.Name, StringComparer.Ordinal);
        _profiles = config.Tunnels.ToDictionary(profile => profile.Name, StringComparer.Ordinal);
        _peers = config.PeerProfile;
        _lists = config.Steering.ToDictionary(list => list.Name, StringComparer.Ordinal);
    }

    /// <param name="user">Null where the LNS is chosen before the subscriber has said who it is.</param>
    public SteeringResult Decide(SubscriberLine line, UserName? user)
    {
        var service = line.Service;
        if (service.Lns is { } lns) return Fixed(lns, service.Tunnel!);

        SteeringResult? refusal = null;
        foreach (var rule in _lists[service.Steering!].Rules)
        {
            if (!Matches(rule.Match, line, user)) continue;
            // The first rule that matches decides, even when none of its targets gives an LNS.
            foreach (var target in rule.To)
            {
                var result = Decide(target, user);
                if (result.Refusal == EndCause.None) return result;
                refusal ??= result;
            }

            return refusal ?? Refuse(EndCause.NoLns, $"a rule of steering list '{service.Steering}' has no target");
        }

        return Refuse(EndCause.NoLns, $"no rule of steering list '{service.Steering}' matches");
    }

    /// <summary>Every LNS that the configuration names, in its order.</summary>
    public IEnumerable<LnsCandidate> Everywhere(LacConfig config) =>
        config.Access.Where(service => service.Lns is not null).Select(service => Fixed(service.Lns!, service.Tunnel!))
            .Concat(config.Steering.SelectMany(list => list.Rules).SelectMany(rule => rule.To).OfType<LnsTarget>()
                .Select(target => Fixed(target.Lns, target.Tunnel)))
            .SelectMany(result => result.Candidates)
            .Concat(config.Isps.SelectMany(isp => isp.Lns.Select(lns => new LnsCandidate(isp.Name, lns, _profiles[isp.Tunnel], _peers(lns.PeerProfile)))));

    private static bool Matches(SteeringMatch match, SubscriberLine line, UserName? user)
    {
        if (match.IsEverybody) return true;
        return Fits(match.CircuitId, line.Told?.CircuitId)
            && Fits(match.RemoteId, line.Told?.RemoteId)
            && (match.ServiceName is null || TextPattern.Matches(match.ServiceName, line.ServiceName.Span))
            && Fits(match.Access, line.Service.Name)
            && Fits(match.Interface, line.Interface)
            && Fits(line.Service.UserName.IgnoreCase ? match.Realm?.ToLowerInvariant() : match.Realm, user?.Realm)
            && Fits(match.User, user?.Octets)
            && (match.Vlans.IsEmpty || match.Vlans.Any(vlans => vlans.Matches(line.Vlans)))
            && (match.Macs.IsEmpty || match.Macs.Any(mac => mac.Matches(line.Mac)));
    }

    /// <summary>What is not known fits no pattern, not even "*".</summary>
    private static bool Fits(string? pattern, Bytes? octets) =>
        pattern is null || (octets is { IsEmpty: false } known && TextPattern.Matches(pattern, known.Span));

    private static bool Fits(string? pattern, string? text) =>
        pattern is null || (text is not null && TextPattern.Matches(pattern, Encoding.UTF8.GetBytes(text)));

    private SteeringResult Decide(SteeringTarget target, UserName? user) => target switch
    {
        LnsTarget fixedLns => Fixed(fixedLns.Lns, fixedLns.Tunnel),
        IspTarget named => OfIsp(_isps[named.Isp]),
        RealmTableTarget when user is null => Refuse(EndCause.NoRealm, "the user is not known yet"),
        RealmTableTarget when user.Realm is null => Refuse(EndCause.NoRealm, $"user name '{user.Printable}' has no realm"),
        RealmTableTarget when _realms.Find(user.Realm, user.IgnoreCase) is { } isp => OfIsp(isp),
        RealmTableTarget => Refuse(EndCause.RealmUnknown, $"no ISP has the realm '{user.Realm}'"),
        _ => throw new InvalidOperationException($"steering target {target.GetType().Name}"),
    };

    private SteeringResult Fixed(LnsConfig lns, string tunnel) =>
        new([new LnsCandidate(FixedIsp, lns, _profiles[tunnel], _peers(lns.PeerProfile))], EndCause.None, "");

    private static SteeringResult Refuse(EndCause cause, string detail) => new([], cause, detail);

    private SteeringResult OfIsp(IspConfig isp)
    {
        if (isp.Lns.IsEmpty) return Refuse(EndCause.NoLns, $"ISP '{isp.Name}' has no LNS");
        var profile = _profiles[isp.Tunnel];
        var ordered = ImmutableArray.CreateBuilder<LnsCandidate>(isp.Lns.Length);
        // OrderBy keeps the order of the configuration among equals, so that one seed always draws the same.
        foreach (var equals in isp.Lns.OrderBy(lns => lns.Preference).GroupBy(lns => lns.Preference))
        {
            var left = equals.ToList();
            while (left.Count > 0)
            {
                var drawn = Draw(left);
                ordered.Add(new LnsCandidate(isp.Name, left[drawn], profile, _peers(left[drawn].PeerProfile)));
                left.RemoveAt(drawn);
            }
        }

        return new SteeringResult(ordered.MoveToImmutable(), EndCause.None, "");
    }

    /// <summary>One of them, with a chance in proportion to its weight.</summary>
    private int Draw(List<LnsConfig> from)
    {
        if (from.Count == 1) return 0;
        var ticket = _random.Next(from.Sum(lns => lns.Weight));
        for (var i = 0; ; i++)
        {
            if (ticket < from[i].Weight) return i;
            ticket -= from[i].Weight;
        }
    }
}
