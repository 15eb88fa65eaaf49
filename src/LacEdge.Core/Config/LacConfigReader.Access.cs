using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace LacEdge.Core.Config;

/// <summary>Access services and discovery.</summary>
public sealed partial class LacConfigReader
{
    private AccessServiceConfig ReadService(string name, ConfigValue service)
    {
        var steering = service["steering"];
        var (lns, tunnel) = ReadFixedLns(service);
        var (hasSteering, hasLns) = (steering.Node is not null, service["lns"].Node is not null);
        if (hasSteering && hasLns) _problems.Error(steering.Place, steering.Path, "'steering' and 'lns' exclude each other");
        if (!hasSteering && !hasLns) _problems.Error(service.Place, service.Path, "one of the keys 'steering' and 'lns' is missing");
        _lists.Check(steering);

        var ppp = service["ppp"];
        var speed = service["connect-speed"];
        return new AccessServiceConfig
        {
            Name = name,
            Interfaces = [.. service["interfaces"].Named().Select(one => new AccessInterfaceConfig(one.Name, ReadVlans(one.Value["vlans"])))],
            AcName = service["ac-name"].Read(_nodeName),
            ServiceNames = ReadServiceNames(service["service-names"]),
            Authentication = ReadAuthentication(service["authentication"]),
            ChallengeName = service["challenge-name"].Read(_nodeName),
            Steering = steering.IsPresent ? steering.Read("") : null,
            Lns = lns,
            Tunnel = tunnel,
            Ppp = new PppConfig
            {
                Mru = (ushort)ppp["mru"].Read<int>(),
                RestartInterval = ppp["restart-interval"].Read<TimeSpan>(),
                MaxConfigure = ppp["max-configure"].Read<int>(),
                MaxTerminate = ppp["max-terminate"].Read<int>(),
                MaxFailure = ppp["max-failure"].Read<int>(),
                AuthenticationTimeout = ppp["authentication-timeout"].Read<TimeSpan>(),
                SetupTimeout = ppp["setup-timeout"].Read<TimeSpan>(),
                Multilink = ppp["multilink"].Read<bool>(),
                EchoInterval = ppp["echo-interval"].Read<TimeSpan>(),
                EchoFailures = ppp["echo-failures"].Read<int>(),
            },
            PartialTermination = service["partial-termination"].Read<bool>(),
            UserName = ReadUserName(service["user-name"]),
            PadoDelay = ReadPadoDelay(service["pado-delay"]),
            Limits = ReadLimits(service["limits"]),
            FramePriority = service["frame-priority"].Read<FramePriority>(),
            SpeedMethod = speed["method"].Read<SpeedMethod>(),
            TxSpeed = speed["tx"].Read<ulong>(),
            RxSpeed = speed["rx"].Read<ulong>(),
        };
    }

    /// <summary>Empty: any.</summary>
    private ImmutableArray<ServiceNameConfig> ReadServiceNames(ConfigValue list)
    {
        var names = list.Items().Select(item => (Item: item, Name: item.Node is MappingNode
            ? new ServiceNameConfig(item["name"].Read(""), item["advertised"].Read<bool>())
            : new ServiceNameConfig(item.Read(""), true))).ToList();
        var any = names.Where(one => one.Item.Node is ScalarNode { Text: "any" }).ToList();
        if (any.Count > 0 && names.Count > 1) _problems.Error(any[0].Item.Place, any[0].Item.Path, "'any' stands alone or not at all");
        NoneTwice(names.Where(one => one.Name.Name != "any").Select(one => (one.Name.Name, one.Item)), "service name");
        return any.Count > 0 ? [] : [.. names.Select(one => one.Name)];
    }

    private ImmutableArray<AuthenticationProtocol> ReadAuthentication(ConfigValue list)
    {
        if (!list.IsPresent) return AccessServiceConfig.DefaultAuthentication;
        NoneTwice(list.Items().Where(item => item.Node is ScalarNode).Select(item => (((ScalarNode)item.Node!).Text, item)), "protocol");
        if (list.Items().FirstOrDefault(item => item.Node is ScalarNode { Text: "none" }) is { } none && list.Items().Count() > 1)
            _problems.Error(none.Place, none.Path, "'none' stands alone or not at all");
        return [.. list.Items().Select(item => item.Read<AuthenticationProtocol>())];
    }

    /// <summary>Untagged frames when nothing is said.</summary>
    private ImmutableArray<VlanPattern> ReadVlans(ConfigValue list)
    {
        if (!list.IsPresent) return [VlanPattern.Untagged];
        var patterns = new List<(VlanPattern Pattern, ConfigValue Item)>();
        foreach (var item in list.Items())
        {
            if (item.Node is not ScalarNode { IsNull: false } scalar || !VlanPattern.TryParse(scalar.Text, out var pattern)) continue;
            if (patterns.FirstOrDefault(one => one.Pattern.Overlaps(pattern)) is { Item: { } earlier } found)
                _problems.Error(item.Place, item.Path, $"{pattern} overlaps {found.Pattern} at {earlier.Place}");
            patterns.Add((pattern, item));
        }

        return [.. patterns.Select(one => one.Pattern)];
    }

    /// <summary>On one VLAN of one interface a Service-Name belongs to one service; 'any' takes what the names of others leave.</summary>
    private void NoOverlaps(LacConfig config)
    {
        var services = _root["access"].Named().Select(service => service.Value).OrderBy(service => service.Place).ToList();
        foreach (var (later, i) in services.Select((service, i) => (service, i)))
        {
            foreach (var (name, one) in later["interfaces"].Named())
            {
                foreach (var earlier in services.Take(i))
                {
                    if (earlier["interfaces"].Named().FirstOrDefault(other => other.Name == name).Value is not { } other) continue;
                    if (SharedName(config, later, earlier) is not { } shared) continue;
                    foreach (var (vlans, place) in Vlans(one).Where(mine => Vlans(other).Any(theirs => theirs.Pattern.Overlaps(mine.Pattern))))
                    {
                        var at = Vlans(other).First(theirs => theirs.Pattern.Overlaps(vlans));
                        _problems.Error(place, one.Path, $"{vlans} with service name {shared} belongs to {other.Path} already ({at.Pattern} at {at.Place})");
                    }
                }
            }
        }
    }

    private static IEnumerable<(VlanPattern Pattern, ConfigPlace Place)> Vlans(ConfigValue accessInterface)
    {
        if (!accessInterface["vlans"].IsPresent) return [(VlanPattern.Untagged, accessInterface.Place)];
        return accessInterface["vlans"].Items().Where(item => item.Node is ScalarNode { IsNull: false })
            .Select(item => (VlanPattern.TryParse(((ScalarNode)item.Node!).Text, out var pattern), pattern, item.Place))
            .Where(one => one.Item1).Select(one => (one.pattern, one.Place));
    }

    private static string? SharedName(LacConfig config, ConfigValue one, ConfigValue other)
    {
        var (a, b) = (Names(config, one), Names(config, other));
        if (a.IsEmpty && b.IsEmpty) return "'any'";
        return a.Intersect(b).Select(name => $"'{name}'").FirstOrDefault();
    }

    private static ImmutableArray<string> Names(LacConfig config, ConfigValue service) =>
        [.. config.Access.First(one => service.Path == ConfigPath.Append("access", one.Name)).ServiceNames.Select(name => name.Name)];

    private UserNameConfig ReadUserName(ConfigValue name) => new()
    {
        Delimiters = name["delimiters"].Read<string>(),
        Realm = name["realm"].Read<RealmPosition>(),
        DefaultRealm = name["default-realm"].ReadIfSet(),
        IgnoreCase = name["case"].Read<bool>(),
        ToLns = ReadRewrite(name["to-lns"]),
        ToRadius = ReadRewrite(name["to-radius"]),
    };

    private NameRewriteConfig ReadRewrite(ConfigValue rewrite) => new()
    {
        StripRealm = rewrite["strip-realm"].Read<bool>(),
        Rules = [.. rewrite["rules"].Items().Select(ReadNameRule)],
    };

    private NameRule ReadNameRule(ConfigValue rule)
    {
        var (match, replace) = (rule["match"].Read(""), rule["replace"].Read(""));
        if (match.Length == 0) return new NameRule(match, replace);
        var groups = new Regex(match, RegexType.Options).GetGroupNames();
        foreach (Match used in Regex.Matches(replace, @"\$(?:\$|(?<group>\d+)|\{(?<group>\w+)\})", RegexType.Options))
        {
            if (used.Groups["group"] is not { Success: true } group || groups.Contains(group.Value)) continue;
            var place = rule["replace"];
            _problems.Error(place.Place, place.Path, $"'{used.Value}': the expression has no such group");
        }

        return new NameRule(match, replace);
    }

    private PadoDelayConfig ReadPadoDelay(ConfigValue delay)
    {
        var steps = delay["steps"].Items().Select(step => (Value: step, Sessions: step["sessions"].Read(0))).ToList();
        foreach (var (before, after) in steps.Zip(steps.Skip(1)))
        {
            if (after.Sessions <= before.Sessions)
                _problems.Error(after.Value.Place, after.Value.Path, "the steps stand in rising order of their sessions");
        }

        return new PadoDelayConfig
        {
            Steps = [.. steps.Select(step => new PadoDelayStep(step.Sessions, step.Value["delay"].Read<TimeSpan?>(TimeSpan.Zero)))],
            Lines =
            [
                .. delay["lines"].Items().Select(line => new PadoDelayLine(
                    line["circuit-id"].ReadIfSet(), line["remote-id"].ReadIfSet(),
                    line["vlans"].IsPresent ? ReadVlans(line["vlans"]) : [], line["delay"].Read<TimeSpan?>(TimeSpan.Zero))),
            ],
        };
    }

    private static AccessLimitsConfig ReadLimits(ConfigValue limits) => new()
    {
        Sessions = limits["sessions"].Read<int>(),
        PerInterface = limits["sessions-per-interface"].Read<int>(),
        PerVlan = limits["sessions-per-vlan"].Read<int>(),
        PerMac = limits["sessions-per-mac"].Read<int>(),
        PerCircuitId = limits["sessions-per-circuit-id"].Read<int>(),
        AtCircuitIdLimit = limits["at-limit"].Read<AtLimit>(),
    };

    private DiscoveryConfig ReadDiscovery(ConfigValue discovery) => new()
    {
        CookieKey = ReadSecret(discovery["cookie-key"]),
        PadiRate = ReadRates(discovery["padi-rate"]),
        PadrRate = ReadRates(discovery["padr-rate"]),
        PadtRate = discovery["padt-rate"].Read<int>(),
        Lockout = ReadLockout(discovery["lockout"]),
        Macs = new MacListConfig
        {
            Allow = [.. discovery["macs"]["allow"].Items().Select(mac => mac.Read<MacPattern>())],
            Deny = [.. discovery["macs"]["deny"].Items().Select(mac => mac.Read<MacPattern>())],
        },
    };

    private LockoutConfig ReadLockout(ConfigValue lockout)
    {
        var (first, longest) = (lockout["first"].Read<TimeSpan>(), lockout["longest"].Read<TimeSpan>());
        if (first > longest) _problems.Error(lockout.Place, lockout.Path, "'first' is longer than 'longest'");
        return new LockoutConfig { After = lockout["after"].Read<int>(), Short = lockout["short"].Read<TimeSpan>(), First = first, Longest = longest };
    }

    private static DiscoveryRates ReadRates(ConfigValue rates) =>
        new(rates["mac"].Read<int>(), rates["vlan"].Read<int>(), rates["interface"].Read<int>());
}
