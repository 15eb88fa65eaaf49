using LacEdge.Wire.Ip;

namespace LacEdge.Core.Config;

/// <summary>DNS: the servers, targets that ask them, LNSes by name.</summary>
public sealed partial class LacConfigReader
{
    private static DnsConfig ReadDns(ConfigValue dns) => new()
    {
        Servers = [.. dns["servers"].Items().Select(server => server.Read<UdpEndpoint>())],
        SourceAddress = dns["source-address"].Read<IpAddress>(),
        Timeout = dns["timeout"].Read<TimeSpan>(),
        MaxTtl = dns["max-ttl"].Read<TimeSpan>(),
        MaxNegativeTtl = dns["max-negative-ttl"].Read<TimeSpan>(),
        StaleTime = dns["stale-time"].Read<TimeSpan>(),
        MaxQuestions = dns["max-questions"].Read<int>(),
        Prefer = dns["prefer"].Read<AddressFamily>(),
        Dnssec = dns["dnssec"].Read<DnssecPolicy>(),
        TrustAnchor = dns["trust-anchor"].Read<string>(),
    };

    private DnsTarget ReadDnsTarget(ConfigValue dns, ConfigValue tunnel)
    {
        var (prefix, name) = (dns["prefix"].ReadIfSet(), dns["name"].ReadIfSet());
        if (dns["prefix"].IsPresent == dns["name"].IsPresent && dns.IsUnderstood)
        {
            _problems.Error(dns.Place, dns.Path, "a dns target has exactly one of the keys 'prefix' and 'name'");
        }

        if (!tunnel.IsPresent) _problems.Error(dns.Place, dns.Path, "the key 'tunnel' is missing beside 'dns'");
        NeedsServers(dns);
        var lns = new LnsConfig
        {
            Name = "",
            Address = default,
            Port = (ushort)dns["port"].Read<int>(),
            MaxSessions = dns["max-sessions"].Read<int>(),
            PeerProfile = ReadPeer(dns["peer-profile"]),
            AssignmentId = dns["assignment-id"].Read(""),
        };
        return new DnsTarget(prefix, name, lns, tunnel.Read("")) { Services = dns["srv"].Read<bool>() };
    }

    /// <summary>The host name of an LNS; empty when it has an address.</summary>
    private string ReadLnsName(ConfigValue lns, ConfigValue tunnelProfile)
    {
        var (address, dns) = (lns["address"], lns["dns"]);
        if (address.IsPresent == dns.IsPresent && lns.IsUnderstood)
        {
            _problems.Error(lns.Place, lns.Path, "an LNS has exactly one of the keys 'address' and 'dns'");
        }

        if (!dns.IsPresent) return "";
        NeedsServers(dns);
        if (_tunnels.Find(tunnelProfile.Read(""))["persistent"].Read<bool>())
        {
            _problems.Warning(dns.Place, dns.Path, "a persistent tunnel to an LNS that is known by name opens with its first subscriber");
        }

        return dns.Read("");
    }

    private void NeedsServers(ConfigValue asking)
    {
        if (_root["dns"]["servers"].IsPresent) return;
        _problems.Error(asking.Place, asking.Path, "'dns.servers' is missing: LacEdge asks its own servers, not the machine's");
    }

    /// <summary>Whoever is sent on because servers are silent may belong to somebody else: then the next target's LNS reads the password.</summary>
    private void WarnOfFallbacks(LacConfig config)
    {
        var open = config.Access.Where(service => service.Authentication.Contains(AuthenticationProtocol.Pap)).Select(service => service.Steering).ToHashSet();
        foreach (var list in config.Steering.Where(list => open.Contains(list.Name)))
        {
            var rules = _lists.Find(list.Name).Items().ToList();
            foreach (var (rule, targets) in rules.Zip(list.Rules, (value, read) => (value["to"].Items().ToList(), read.To)))
            {
                for (var i = 0; i + 1 < Math.Min(rule.Count, targets.Length); i++)
                {
                    if (!targets[i].NextOnTimeout || targets[i + 1] is not (IspTarget or LnsTarget or DnsTarget { Name: not null })) continue;
                    _problems.Warning(rule[i].Place, rule[i].Path,
                        $"while its servers are silent, PAP passwords of all subscribers of this rule go on to '{targets[i + 1].Text}', which may be another ISP");
                }
            }
        }
    }
}
