using static LacEdge.Core.Config.ReloadClass;

namespace LacEdge.Core.Config;

public static partial class KeyTable
{
    private static HostNameType HostName => new();

    private static ConfigKey[] Dns() =>
    [
        Group("dns", "How LNSes are looked up by name"),
        new("dns.servers", null, null, NewSessions, "Recursive DNS servers: an address, or address and port; the machine's own resolver is never asked"),
        new("dns.servers.[]", new EndpointType(53), null, NewSessions, "192.0.2.53, 192.0.2.53:5353, 2001:db8::53 or [2001:db8::53]:5353"),
        new("dns.source-address", _address, null, NewSessions, "Our address towards them; without it the kernel chooses"),
        new("dns.timeout", new DurationType("100ms", "60s"), "5s", NewSessions, "For one question, all servers and repetitions together"),
        new("dns.max-ttl", new DurationType("1s", "168h"), "24h", NewSessions, "Longest time that an answer is used without asking again"),
        new("dns.max-negative-ttl", new DurationType("0", "24h"), "1h", NewSessions, "The same for 'there is no such name'"),
        new("dns.stale-time", new DurationType("0", "168h"), "24h",
            NewSessions, "How long an answer is used after its TTL while the servers are silent or fail; 0: never"),
        new("dns.max-questions", new IntegerType(16, 1_000_000), "10000", NewSessions, "Questions whose answers are remembered"),
        new("dns.prefer", new ChoiceType<AddressFamily>([("ipv4", AddressFamily.Ipv4), ("ipv6", AddressFamily.Ipv6)]), "ipv4",
            NewSessions, "Addresses of a name that are tried first, where the tunnel profile has no source-address"),
        new("dns.dnssec", new ChoiceType<DnssecPolicy>([("off", DnssecPolicy.Off), ("require", DnssecPolicy.Require)]), "off",
            NewSessions, "require: an answer that is not proven counts as a failure of the servers"),
        new("dns.trust-anchor", new PathType(255), "/usr/share/dns/root.key",
            NewSessions, "File with the keys of the root zone, for 'dnssec: require' (Debian package dns-root-data)"),
    ];

    private static ConfigKey[] DnsTargets(string path) =>
    [
        Group(path, "The LNSes that DNS names", NewSessions),
        new($"{path}.prefix", HostName, null, NewSessions, "Looked up with a dot and the subscriber's realm behind it: lns makes lns.isp1.example"),
        new($"{path}.name", HostName, null, NewSessions, "This name is looked up, whoever the subscriber is"),
        new($"{path}.srv", new BooleanType(), "false",
            NewSessions, "Asks for SRV records of _l2tp._udp before the name: they give priority, weight and port"),
        new($"{path}.port", _port, "1701", NewSessions, "UDP port of the LNSes, where SRV gives none"),
        new($"{path}.max-sessions", new IntegerType(1, 1_000_000), "30000", NewSessions, "Sessions that each address takes from us"),
        new($"{path}.peer-profile", _name, "default", NewSessions, "Peer profile: what the LNSes want to be told, and how"),
        new($"{path}.assignment-id", _text, null, NewSessions, "Its sessions share tunnels only with those of the same assignment id"),
    ];
}
