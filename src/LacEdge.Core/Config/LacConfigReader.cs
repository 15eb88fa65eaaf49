using System.Collections.Immutable;
using LacEdge.Wire.Ip;

namespace LacEdge.Core.Config;

/// <summary>What came of reading a configuration.</summary>
/// <param name="Config">Null when there is an error.</param>
/// <param name="Problems">All of them, by place; warnings too.</param>
public sealed record ConfigResult(LacConfig? Config, ImmutableArray<ConfigProblem> Problems);

/// <summary>
/// Makes a <see cref="LacConfig"/> of a tree: first everything is held against the key table, then what only the whole
/// tells (references, duplicates, choices between keys). All problems are found in one go.
/// </summary>
public sealed partial class LacConfigReader
{
    private static readonly string[] _targetKinds = ["realm-table", "isp", "lns", "dns", "radius"];
    private static readonly string[] _secretSources = ["file", "credential", "env", "inline"];

    private readonly ConfigProblems _problems;
    private readonly SecretResolver _resolve;
    private readonly ConfigValue _root;
    private readonly string _nodeName;
    private readonly ConfigReferences _tunnels;
    private readonly ConfigReferences _isps;
    private readonly ConfigReferences _lists;
    private readonly ConfigReferences _peers;
    private readonly ConfigReferences _radius;

    private LacConfigReader(MappingNode root, SecretResolver resolve, ConfigProblems problems)
    {
        _problems = problems;
        _resolve = resolve;
        _root = new ConfigValue(ConfigKeyTree.Root, root, root.Place, "");
        _nodeName = _root["node"]["name"].Read("");
        _tunnels = new ConfigReferences(_root["tunnels"], "tunnel profile", problems);
        _isps = new ConfigReferences(_root["isps"], "ISP", problems);
        _radius = new ConfigReferences(_root["radius"], "RADIUS group", problems);
        _lists = new ConfigReferences(_root["steering"], "steering list", problems);
        _peers = new ConfigReferences(_root["peer-profiles"], "peer profile", problems, [.. PeerProfile.Shipped.Select(profile => profile.Name)]);
    }

    /// <param name="files">The main file first; their mappings are merged.</param>
    /// <param name="problems">May hold problems already; an error there leaves no configuration.</param>
    public static ConfigResult Read(IReadOnlyList<MappingNode> files, SecretResolver resolve, ConfigProblems problems)
    {
        var root = ConfigMerge.Merge(files, problems);
        new ConfigChecker(problems).Check(root);
        var config = new LacConfigReader(root, resolve, problems).ReadAll();
        return new ConfigResult(problems.HasErrors ? null : config, problems.Sorted);
    }

    private LacConfig ReadAll()
    {
        var config = new LacConfig
        {
            Node = new NodeConfig
            {
                Name = _nodeName,
                NasIdentifier = _root["node"]["nas-identifier"].Read(""),
                OnStop = _root["node"]["on-stop"].Read<OnStop>(),
                StateDirectory = _root["node"]["state-directory"].Read<string>(),
            },
            Control = new ControlConfig { Socket = _root["control"]["socket"].Read<string>() },
            DataPlane = _root["data-plane"]["mode"].Read<DataPlaneMode>(),
            LocalPorts = _root["l2tp"]["local-ports"].Read<PortRange>(),
            ControlDscp = (byte)_root["l2tp"]["control-dscp"].Read<int>(),
            Limits = new LimitsConfig
            {
                Sessions = _root["limits"]["sessions"].Read<int>(),
                HalfOpen = _root["limits"]["half-open"].Read<int>(),
                Tunnels = _root["limits"]["tunnels"].Read<int>(),
            },
            Discovery = ReadDiscovery(_root["discovery"]),
            Dns = ReadDns(_root["dns"]),
            Access = [.. _root["access"].Named().Select(service => ReadService(service.Name, service.Value))],
            Steering = [.. _root["steering"].Named().Select(list => ReadList(list.Name, list.Value))],
            Isps = [.. _root["isps"].Named().Select(isp => ReadIsp(isp.Name, isp.Value))],
            Tunnels = [.. _root["tunnels"].Named().Select(profile => ReadTunnel(profile.Name, profile.Value))],
            Radius = [.. _root["radius"].Named().Select(group => ReadRadiusGroup(group.Name, group.Value))],
            PeerProfiles = [.. _root["peer-profiles"].Named().Select(profile => ReadPeerProfile(profile.Name, profile.Value))],
        };
        CheckWhole(config);
        return config;
    }

    private void CheckWhole(LacConfig config)
    {
        NoOverlaps(config);
        WarnOfFallbacks(config);
        NoNamesBeforeTheirTime(config);
        WarnOfClearPasswords(config);
        SomethingToAuthenticate(config);
        NoneTwice(_root["isps"].Named().SelectMany(isp => isp.Value["realms"].Items().Select(realm => (realm.Read("").ToLowerInvariant(), realm))), "realm");

        foreach (var isp in config.Isps.Where(isp => isp.Lns.IsEmpty))
        {
            var value = _isps.Find(isp.Name);
            _problems.Warning(value.Place, value.Path, "this ISP has no LNS: its subscribers are refused");
        }

        foreach (var isp in config.Isps.Where(isp => !isp.Realms.IsEmpty)) _isps.Use(isp.Name);
        _lists.WarnUnused("no access service uses it");
        _isps.WarnUnused("it has no realms and no steering rule leads to it");
        _tunnels.WarnUnused("nothing uses it");
        _peers.WarnUnused("no LNS uses it");
        _radius.WarnUnused("no steering rule asks it");
    }

    private void NoneTwice(IEnumerable<(string Name, ConfigValue Value)> all, string what)
    {
        var seen = new Dictionary<string, ConfigValue>(StringComparer.Ordinal);
        foreach (var (name, value) in all.OrderBy(one => one.Value.Place))
        {
            if (name.Length > 0 && !seen.TryAdd(name, value))
            {
                _problems.Error(value.Place, value.Path, $"{what} '{name}' is used twice: also by {seen[name].Path} at {seen[name].Place}");
            }
        }
    }

    /// <summary>The keys 'lns' and 'tunnel', side by side in an access service and in a steering target.</summary>
    /// <param name="asks">A target that names its LNSes in another way stands beside 'tunnel'.</param>
    private (LnsConfig? Lns, string? Tunnel) ReadFixedLns(ConfigValue owner, bool asks = false)
    {
        var (lns, tunnel) = (owner["lns"], owner["tunnel"]);
        _tunnels.Check(tunnel);
        if (!lns.IsPresent)
        {
            if (tunnel.IsPresent && owner.IsUnderstood && !asks) _problems.Error(tunnel.Place, tunnel.Path, "'tunnel' goes with 'lns' only");
            return (null, null);
        }

        if (!tunnel.IsPresent) _problems.Error(lns.Place, lns.Path, "the key 'tunnel' is missing beside 'lns'");
        var mapping = lns.Node is MappingNode;
        var address = (mapping ? lns["address"] : lns).Read<IpAddress>();
        CheckFamily(mapping ? lns["address"] : lns, tunnel.Read(""));
        var dns = mapping ? ReadLnsName(lns, tunnel) : "";
        var known = dns.Length > 0 ? dns : address.ToString();
        return (new LnsConfig
        {
            Name = mapping ? lns["name"].Read(known) : known,
            Address = address,
            Dns = dns,
            Port = (ushort)lns["port"].Read<int>(),
            MaxSessions = lns["max-sessions"].Read<int>(),
            PeerProfile = ReadPeer(lns["peer-profile"]),
            AssignmentId = lns["assignment-id"].Read(""),
        }, tunnel.Read(""));
    }

    /// <summary>A tunnel's two ends speak one IP version.</summary>
    private void CheckFamily(ConfigValue address, string tunnel)
    {
        var lns = address.Read<IpAddress>();
        var source = _tunnels.Find(tunnel)["source-address"].Read<IpAddress>();
        if (lns.IsNone || source.IsNone || lns.Size == source.Size) return;
        _problems.Error(address.Place, address.Path, $"{lns} cannot be reached from source-address {source} of tunnel profile '{tunnel}'");
    }

    private SteeringListConfig ReadList(string name, ConfigValue list)
    {
        var rules = list.Items().Select(rule => (Value: rule, Config: ReadRule(rule))).ToList();
        // A rule without conditions is everybody's.
        foreach (var (rule, _) in rules.SkipWhile(rule => !rule.Config.Match.IsEverybody).Skip(1))
        {
            _problems.Error(rule.Place, rule.Path, "this rule is never reached: one before it has no conditions");
        }

        return new SteeringListConfig(name, [.. rules.Select(rule => rule.Config)]);
    }

    private SteeringRuleConfig ReadRule(ConfigValue rule) =>
        new([.. rule["to"].Items().Select(ReadTarget).OfType<SteeringTarget>()]) { Match = ReadMatch(rule["match"]) };

    private SteeringMatch ReadMatch(ConfigValue match) => new()
    {
        CircuitId = match["circuit-id"].ReadIfSet(),
        RemoteId = match["remote-id"].ReadIfSet(),
        Realm = match["realm"].ReadIfSet(),
        RealmRegex = match["realm-regex"].ReadIfSet(),
        User = match["user"].ReadIfSet(),
        UserRegex = match["user-regex"].ReadIfSet(),
        ServiceName = match["service-name"].ReadIfSet(),
        Access = match["access"].ReadIfSet(),
        Interface = match["interface"].ReadIfSet(),
        Vlans = match["vlans"].IsPresent ? ReadVlans(match["vlans"]) : [],
        Macs = [.. match["macs"].Items().Select(mac => mac.Read<MacPattern>())],
    };

    private SteeringTarget? ReadTarget(ConfigValue target)
    {
        var kinds = _targetKinds.Where(kind => target[kind].Node is not null).ToList();
        if (kinds.Count != 1 && target.IsUnderstood)
        {
            _problems.Error(target.Place, target.Path, "a target has exactly one of the keys 'realm-table', 'isp', 'lns', 'dns' and 'radius'");
        }

        var (lns, tunnel) = ReadFixedLns(target, target["dns"].Node is not null || target["radius"].Node is not null);
        OnlyBesideRadius(target);
        _isps.Check(target["isp"]);
        SteeringTarget? read = kinds.FirstOrDefault() switch
        {
            "realm-table" => new RealmTableTarget(),
            "isp" => new IspTarget(target["isp"].Read("")),
            "lns" when lns is not null => new LnsTarget(lns, tunnel ?? ""),
            "dns" => ReadDnsTarget(target["dns"], target["tunnel"]),
            "radius" => ReadRadiusTarget(target),
            _ => null,
        };
        return read is null ? null : read with
        {
            NextOnNotFound = target["on-not-found"].Read(read.NextOnNotFound),
            NextOnTimeout = target["on-timeout"].Read(read.NextOnTimeout),
        };
    }

    private IspConfig ReadIsp(string name, ConfigValue isp)
    {
        _tunnels.Check(isp["tunnel"]);
        foreach (var (_, lns) in isp["lns"].Named()) CheckFamily(lns["address"], isp["tunnel"].Read(""));
        return new IspConfig
        {
            Name = name,
            Realms = [.. isp["realms"].Items().Select(realm => realm.Read(""))],
            Tunnel = isp["tunnel"].Read(""),
            Lns =
            [
                .. isp["lns"].Named().Select(lns => new LnsConfig
                {
                    Name = lns.Name,
                    Address = lns.Value["address"].Read<IpAddress>(),
                    Dns = ReadLnsName(lns.Value, isp["tunnel"]),
                    Port = (ushort)lns.Value["port"].Read<int>(),
                    Preference = lns.Value["preference"].Read<int>(),
                    Weight = lns.Value["weight"].Read<int>(),
                    MaxSessions = lns.Value["max-sessions"].Read<int>(),
                    PeerProfile = ReadPeer(lns.Value["peer-profile"]),
                    AssignmentId = lns.Value["assignment-id"].Read(""),
                }),
            ],
        };
    }
}
