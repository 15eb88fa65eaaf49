using System.Text;

namespace LacEdge.Core.Config;

/// <summary>What user names and passwords ask of steering and of tunnels.</summary>
public sealed partial class LacConfigReader
{
    /// <summary>Where the LNS is chosen before a name is known, no rule may ask for one.</summary>
    private void NoNamesBeforeTheirTime(LacConfig config)
    {
        foreach (var service in config.Access.Where(service => !service.PartialTermination || service.Authentication is [AuthenticationProtocol.None]))
        {
            if (!RulesFor(service, config).Any(rule => rule.Match.NeedsUser || rule.To.Any(NeedsUser))) continue;
            var steering = ServiceValue(service)["steering"];
            var why = service.PartialTermination ? "'authentication: [none]'" : "'partial-termination: never'";
            _problems.Error(steering.Place, steering.Path,
                $"with {why} no user name is known: steering list '{service.Steering}' must lead there without 'realm', 'user', 'realm-table' and names in 'radius'");
        }
    }

    private static bool NeedsUser(SteeringTarget target) => target is RealmTableTarget
        or RadiusTarget { AuthenticateBeforeForward: true } or RadiusTarget { UserName: "{realm}" or "{user}" };

    /// <summary>PAP puts the password into ICCN, where a secret is all that can hide it (RFC 2661 section 4.3).</summary>
    private void WarnOfClearPasswords(LacConfig config)
    {
        var warned = new HashSet<string>(StringComparer.Ordinal);
        foreach (var service in config.Access.Where(service => service.PartialTermination && service.Authentication.Contains(AuthenticationProtocol.Pap)))
        {
            foreach (var profile in config.Tunnels.Where(profile => TunnelsOf(service, config).Contains(profile.Name)))
            {
                var tunnel = _tunnels.Find(profile.Name);
                if (tunnel["secret"].Node is not null || !warned.Add(profile.Name)) continue;
                _problems.Warning(tunnel.Place, tunnel.Path,
                    $"without a secret the PAP passwords of access service '{service.Name}' cross to the LNS in the clear");
            }
        }
    }

    private static IEnumerable<string?> TunnelsOf(AccessServiceConfig service, LacConfig config)
    {
        if (service.Lns is not null) return [service.Tunnel];
        return RulesFor(service, config).SelectMany(rule => rule.To).SelectMany(target => target switch
        {
            LnsTarget one => [one.Tunnel],
            RadiusTarget one => [one.Tunnel],
            IspTarget named => config.Isps.Where(isp => isp.Name == named.Isp).Select(isp => isp.Tunnel),
            _ => config.Isps.Where(isp => !isp.Realms.IsEmpty).Select(isp => isp.Tunnel),
        });
    }

    /// <summary>Of the service's steering list, those that are not for other services alone.</summary>
    private static IEnumerable<SteeringRuleConfig> RulesFor(AccessServiceConfig service, LacConfig config) =>
        config.Steering.Where(list => list.Name == service.Steering).SelectMany(list => list.Rules)
            .Where(rule => rule.Match.Access is not { } access || TextPattern.Matches(access, Encoding.UTF8.GetBytes(service.Name)));

    private ConfigValue ServiceValue(AccessServiceConfig service) => _root["access"].Named().First(one => one.Name == service.Name).Value;
}
