using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using LacEdge.Core.Config;
using LacEdge.Wire;

namespace LacEdge.Core.Steering;

/// <param name="Name">As the path shows it: "isp isp1".</param>
internal sealed record SteeringRuleTarget(SteeringTarget Config, string Name);

/// <summary>A rule as it is used: its expressions compiled, its names made once for all subscribers.</summary>
internal sealed class SteeringRule
{
    private readonly SteeringMatch _match;
    private readonly Regex? _realm, _user;

    /// <param name="name">Where it stands: "steering.main[0]".</param>
    public SteeringRule(string name, SteeringRuleConfig config)
    {
        (Name, _match) = (name, config.Match);
        Targets = [.. config.To.Select(target => new SteeringRuleTarget(target, target.Text))];
        if (_match.RealmRegex is { } realm) _realm = new Regex(realm, RegexType.Options);
        if (_match.UserRegex is { } user) _user = new Regex(user, RegexType.Options);
    }

    public string Name { get; }
    public ImmutableArray<SteeringRuleTarget> Targets { get; }

    public bool Matches(SubscriberLine line, UserName? user)
    {
        if (_match.IsEverybody) return true;
        return Fits(_match.CircuitId, line.Told?.CircuitId)
            && Fits(_match.RemoteId, line.Told?.RemoteId)
            && (_match.ServiceName is null || TextPattern.Matches(_match.ServiceName, line.ServiceName.Span))
            && Fits(_match.Access, line.Service.Name)
            && Fits(_match.Interface, line.Interface)
            && Fits(line.Service.UserName.IgnoreCase ? _match.Realm?.ToLowerInvariant() : _match.Realm, user?.Realm)
            && Fits(_match.User, user?.Octets)
            && (_realm is null || (user?.Realm is { } named && _realm.IsMatch(named)))
            && (_user is null || (user is not null && Utf8.IsValid(user.Octets.Span) && _user.IsMatch(Encoding.UTF8.GetString(user.Octets.Span))))
            && (_match.Vlans.IsEmpty || _match.Vlans.Any(vlans => vlans.Matches(line.Vlans)))
            && (_match.Macs.IsEmpty || _match.Macs.Any(mac => mac.Matches(line.Mac)));
    }

    /// <summary>What is not known fits no pattern, not even "*".</summary>
    private static bool Fits(string? pattern, Bytes? octets) =>
        pattern is null || (octets is { IsEmpty: false } known && TextPattern.Matches(pattern, known.Span));

    private static bool Fits(string? pattern, string? text) =>
        pattern is null || (text is not null && TextPattern.Matches(pattern, Encoding.UTF8.GetBytes(text)));
}
