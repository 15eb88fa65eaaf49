namespace LacEdge.Tests.Configuration;

/// <summary>Every message about a wrong configuration, with its place.</summary>
public sealed class ConfigErrorTests
{
    // The valid configuration of ConfigText: what is put into the access service stands on line 6, what is added on line 16.
    [Theory]
    [InlineData("foo: 1", "lacedge.yaml:16:1: error: foo: unknown key")]
    [InlineData("tunnel: {}", "lacedge.yaml:16:1: error: tunnel: unknown key (did you mean 'tunnels'?)")]
    [InlineData("hello-interval: 5s", "lacedge.yaml:16:1: error: hello-interval: unknown key here; it belongs to 'tunnels.<name>'")]
    [InlineData("control: { http: 127.0.0.1:9117 }", "lacedge.yaml:16:12: error: control.http: 'http' is not supported yet")]
    [InlineData("control: { socket: lacedge.sock }", "lacedge.yaml:16:20: error: control.socket: expected an absolute path of at most 107 octets, found 'lacedge.sock'")]
    [InlineData("control: [a]", "lacedge.yaml:16:10: error: control: expected a mapping, found a list")]
    [InlineData("control: a", "lacedge.yaml:16:10: error: control: expected a mapping, found a value")]
    [InlineData("data-plane: { mode: xdp }", "lacedge.yaml:16:21: error: data-plane.mode: 'xdp' is not supported yet, expected 'auto' or 'packet'")]
    [InlineData("data-plane: { mode: packt }", "lacedge.yaml:16:21: error: data-plane.mode: expected 'auto' or 'packet', found 'packt' (did you mean 'packet'?)")]
    [InlineData("data-plane: { mode: }", "lacedge.yaml:16:21: error: data-plane.mode: expected 'auto' or 'packet', found nothing")]
    [InlineData("data-plane: { mode: [auto] }", "lacedge.yaml:16:21: error: data-plane.mode: expected 'auto' or 'packet', found a list")]
    [InlineData("l2tp: { local-ports: 1000-2000 }",
        "lacedge.yaml:16:22: error: l2tp.local-ports: expected two ports from 1024 to 65535, like 49152-53247, without 1701 between them, found '1000-2000'")]
    [InlineData("limits: { sessions: 0 }", "lacedge.yaml:16:21: error: limits.sessions: expected a whole number from 1 to 30000, found '0'")]
    [InlineData("limits: { sessions: \"a\\nb\" }", "lacedge.yaml:16:21: error: limits.sessions: expected a whole number from 1 to 30000, found 'a?b'")]
    [InlineData("discovery: { lockout: { first: 10m, longest: 1s } }", "lacedge.yaml:16:14: error: discovery.lockout: 'first' is longer than 'longest'")]
    [InlineData("discovery: { lockout: { longest: 1ms } }", "lacedge.yaml:16:34: error: discovery.lockout.longest: expected a duration from 1s to 24h, found '1ms'")]
    public void At_the_top(string more, string expected) => Assert.Equal(expected, ConfigText.Problems(ConfigText.Valid(more: more)));

    [Theory]
    [InlineData("authentication: chap", "authentication: expected a list, found a value", "6:21")]
    [InlineData("authentication: []", "authentication: the list is empty", "6:21")]
    [InlineData("authentication: [chap, papp]",
        "authentication[1]: expected 'chap' or 'pap' or 'ms-chap-v1' or 'ms-chap-v2' or 'eap' or 'none', found 'papp' (did you mean 'pap'?)", "6:28")]
    [InlineData("authentication: [chap, none]", "authentication[1]: 'none' stands alone or not at all", "6:28")]
    [InlineData("authentication: [pap, pap]",
        "authentication[1]: protocol 'pap' is used twice: also by access.residential.authentication[0] at lacedge.yaml:6:22", "6:27")]
    [InlineData("service-names: [any, gold]", "service-names[0]: 'any' stands alone or not at all", "6:21")]
    [InlineData("service-names: [gold, gold]",
        "service-names[1]: service name 'gold' is used twice: also by access.residential.service-names[0] at lacedge.yaml:6:21", "6:27")]
    [InlineData("service-names: [{ advertised: true }]", "service-names[0]: the key 'name' is missing", "6:21")]
    [InlineData("service-names: [{ name: x, advertised: yes }]", "service-names[0].advertised: expected true or false, found 'yes'", "6:44")]
    [InlineData("challenge-name: ''", "challenge-name: expected a text of 1 to 64 octets, found ''", "6:21")]
    [InlineData("ppp: { mru: 1500 }", "ppp.mru: expected a whole number from 128 to 1492, found '1500'", "6:17")]
    [InlineData("ppp: { restart-interval: 3 }", "ppp.restart-interval: expected a duration from 100ms to 60s, found '3' (with a unit, like '3s')", "6:30")]
    [InlineData("ppp: { setup-timeout: 1d }", "ppp.setup-timeout: expected a duration from 1s to 10m, found '1d'", "6:27")]
    [InlineData("connect-speed: { tx: fast }", "connect-speed.tx: expected a speed in bit/s, like 1000000, 512k, 100M or 2.5G, found 'fast'", "6:26")]
    [InlineData("lns: 192.0.2.1", "lns: the key 'tunnel' is missing beside 'lns'|5:5|steering: 'steering' and 'lns' exclude each other", "6:5")]
    [InlineData("tunnel: wholesale", "tunnel: 'tunnel' goes with 'lns' only", "6:5")]
    [InlineData("pado-delay: 5", "pado-delay: expected a mapping, found a value", "6:17")]
    [InlineData("pado-delay: { steps: [{ sessions: 5, delay: soon }] }", "pado-delay.steps[0].delay: expected a duration from 0 to 10s, or never, found 'soon'", "6:49")]
    [InlineData("pado-delay: { steps: [{ sessions: 5, delay: 0 }, { sessions: 5, delay: 1s }] }",
        "pado-delay.steps[1]: the steps stand in rising order of their sessions", "6:54")]
    [InlineData("limits: { at-limit: evict }", "limits.at-limit: expected 'refuse' or 'replace', found 'evict'", "6:25")]
    [InlineData("user-name: { delimiters: '@&' }", "user-name.delimiters: expected some of the characters @%/\\#, found '@&'", "6:30")]
    [InlineData("user-name: { default-realm: '*.isp1.example' }", "user-name.default-realm: expected a realm like isp1.example, found '*.isp1.example'", "6:33")]
    [InlineData("user-name: { to-lns: { rules: [{ match: '(?=a)', replace: '' }] } }",
        "user-name.to-lns.rules[0].match: expected a regular expression without lookaround and backreferences, found '(?=a)': "
        + "RegexOptions.NonBacktracking is not supported in conjunct...", "6:45")]
    [InlineData("user-name: { to-lns: { rules: [{ match: '(a)(?<b>c)', replace: '$$5 $0 ${b} $3' }] } }",
        "user-name.to-lns.rules[0].replace: '$3': the expression has no such group", "6:59")]
    [InlineData("user-name: { to-radius: { rules: [{ match: 'a', replace: '${user}' }] } }",
        "user-name.to-radius.rules[0].replace: '${user}': the expression has no such group", "6:53")]
    public void In_an_access_service(string inside, string message, string place)
    {
        var expected = message.Split('|') is [var first, var otherPlace, var other]
            ? $"lacedge.yaml:{otherPlace}: error: access.residential.{other}\nlacedge.yaml:{place}: error: access.residential.{first}"
            : $"lacedge.yaml:{place}: error: access.residential.{message}";
        Assert.Equal(expected, ConfigText.Problems(ConfigText.Valid(inside)));
    }

    [Theory]
    [InlineData("", "1:1: error: the key 'node' is missing;1:1: error: the key 'access' is missing")]
    [InlineData("node: {}\naccess: {}", "1:1: error: node: the key 'name' is missing;2:1: error: access: needs at least one entry")]
    [InlineData("node:\naccess:", "1:1: error: node: the key 'name' is missing;2:1: error: access: needs at least one entry")]
    [InlineData("node: { name: x, on-stop: keep }\naccess: { a: { interfaces: {}, lns: 192.0.2.1, tunnel: t } }\ntunnels: { t: }",
        "1:27: error: node.on-stop: 'keep' is not supported yet, expected 'end';2:16: error: access.a.interfaces: needs at least one entry")]
    [InlineData("node: { name: x }\naccess: { 'a b': { interfaces: { eth1: } } }",
        "2:11: error: access.a b: expected a name of 1 to 64 letters, digits and . _ -, found 'a b';"
        + "2:11: error: access.a b: one of the keys 'steering' and 'lns' is missing")]
    [InlineData("node: { name: x }\naccess: { a: { interfaces: { eth1.toolongforanif: { vlans: [0] } }, lns: 192.0.2.1, tunnel: t } }\ntunnels: { t: {} }",
        "2:30: error: access.a.interfaces.\"eth1.toolongforanif\": expected the name of a network interface (1 to 15 characters), found 'eth1.toolongforanif';"
        + "2:61: error: access.a.interfaces.\"eth1.toolongforanif\".vlans[0]: expected untagged, 100, 100-199, 300.7, 200-299.any or 300.1-4094 "
        + "(S-VLAN.C-VLAN, ids from 1 to 4094), found '0'")]
    [InlineData("node: { name: x }\naccess: { a: { interfaces: { eth1: }, lns: { port: 1 }, tunnel: t } }\ntunnels: { t: {} }",
        "2:39: error: access.a.lns: an LNS has exactly one of the keys 'address' and 'dns'")]
    [InlineData("node: { name: x }\naccess: { a: { interfaces: { eth1: }, lns: 224.0.0.1, tunnel: t } }\ntunnels: { t: {} }",
        "2:44: error: access.a.lns: expected an IPv4 or IPv6 address of one host, found '224.0.0.1'")]
    [InlineData("node: { name: x }\naccess: { a: { interfaces: { eth1: }, lns: '2001:db8::1', tunnel: t } }\ntunnels: { t: { source-address: 192.0.2.1 } }",
        "2:39: error: access.a.lns: 2001:db8::1 cannot be reached from source-address 192.0.2.1 of tunnel profile 't'")]
    public void In_the_whole(string yaml, string expected) =>
        Assert.Equal(string.Join('\n', expected.Split(';').Select(line => "lacedge.yaml:" + line)), ConfigText.Problems(yaml));

    [Theory]
    [InlineData("steering: main", "steering: mian", "5:15: error: access.residential.steering: there is no steering list 'mian' (did you mean 'main'?);"
        + "8:3: warning: steering.main: steering list 'main' is not used: no access service uses it")]
    [InlineData("realm-table: {}", "isp: isp2", "8:26: error: steering.main[0].to[0].isp: there is no ISP 'isp2' (did you mean 'isp1'?)")]
    [InlineData("realm-table: {}", "lns: 192.0.2.1, tunnel: wholesal",
        "8:45: error: steering.main[0].to[0].tunnel: there is no tunnel profile 'wholesal' (did you mean 'wholesale'?)")]
    [InlineData("realm-table: {}", "realm-table: {}, isp: isp1", "8:19: error: steering.main[0].to[0]: a target has exactly one of the keys 'realm-table', 'isp', 'lns', 'dns' and 'radius'")]
    [InlineData("{ realm-table: {} }", "{}", "8:19: error: steering.main[0].to[0]: a target has exactly one of the keys 'realm-table', 'isp', 'lns', 'dns' and 'radius'")]
    [InlineData("realm-table: {}", "dns: { prefix: lns }, tunnel: wholesale",
        "8:21: error: steering.main[0].to[0].dns: 'dns.servers' is missing: LacEdge asks its own servers, not the machine's")]
    [InlineData("realm-table: {}", "dns: { prefix: lns_1 }, tunnel: wholesale",
        "8:21: error: steering.main[0].to[0].dns: 'dns.servers' is missing: LacEdge asks its own servers, not the machine's;8:36: error: "
        + "steering.main[0].to[0].dns.prefix: expected a host name of letters, digits, hyphens and dots, like lns1.isp1.example, found 'lns_1'")]
    [InlineData("realm-table: {}", "dns: { name: a, prefix: b }",
        "8:21: error: steering.main[0].to[0].dns: a dns target has exactly one of the keys 'prefix' and 'name';8:21: error: "
        + "steering.main[0].to[0].dns: the key 'tunnel' is missing beside 'dns';"
        + "8:21: error: steering.main[0].to[0].dns: 'dns.servers' is missing: LacEdge asks its own servers, not the machine's")]
    [InlineData("realm-table: {}", "isp: isp1, tunnel: wholesale", "8:32: error: steering.main[0].to[0].tunnel: 'tunnel' goes with 'lns' only")]
    [InlineData("{ to: [", "{ match: { colour: x }, to: [", "8:22: error: steering.main[0].match.colour: unknown key")]
    [InlineData("[ { to: [ { realm-table: {} } ] } ]", "[ { to: [ { isp: isp1 } ] }, { to: [ { isp: isp1 } ] } ]",
        "8:38: error: steering.main[1]: this rule is never reached: one before it has no conditions")]
    [InlineData("[ { to: [ { realm-table: {} } ] } ]", "[]", "8:9: error: steering.main: the list is empty")]
    [InlineData("[ { to: [ { realm-table: {} } ] } ]", "[ {} ]", "8:11: error: steering.main[0]: the key 'to' is missing")]
    [InlineData("tunnel: wholesale", "tunnel: retail", "12:13: error: isps.isp1.tunnel: there is no tunnel profile 'retail';"
        + "15:3: warning: tunnels.wholesale: tunnel profile 'wholesale' is not used: nothing uses it")]
    [InlineData("    tunnel: wholesale\n", "", "10:3: error: isps.isp1: the key 'tunnel' is missing;"
        + "14:3: warning: tunnels.wholesale: tunnel profile 'wholesale' is not used: nothing uses it")]
    [InlineData("[isp1.example]", "[isp1.example, '*.A.b', \"*.a.B\"]",
        "11:37: error: isps.isp1.realms[2]: realm '*.a.b' is used twice: also by isps.isp1.realms[1] at lacedge.yaml:11:28")]
    [InlineData("[isp1.example]", "[a@b, 'a b', 'a..b', '*', '', 'a\\b', 'x*.b']",
        "11:14: error: isps.isp1.realms[0]: @'a@b';11:19: error: isps.isp1.realms[1]: @'a b';11:26: error: isps.isp1.realms[2]: @'a..b';"
        + "11:34: error: isps.isp1.realms[3]: @'*';11:39: error: isps.isp1.realms[4]: @'';11:43: error: isps.isp1.realms[5]: @'a\\b';"
        + "11:50: error: isps.isp1.realms[6]: @'x*.b'")]
    [InlineData("address: 198.51.100.1", "adress: 198.51.100.1, dns: x",
        "13:17: error: isps.isp1.lns.a.adress: unknown key (did you mean 'address'?);"
        + "13:39: error: isps.isp1.lns.a.dns: 'dns.servers' is missing: LacEdge asks its own servers, not the machine's")]
    [InlineData("address: 198.51.100.1", "address: 198.51.100", "13:26: error: isps.isp1.lns.a.address: expected an IPv4 or IPv6 address of one host, found '198.51.100'")]
    [InlineData("address: 198.51.100.1", "address: 0.0.0.0", "13:26: error: isps.isp1.lns.a.address: expected an IPv4 or IPv6 address of one host, found '0.0.0.0'")]
    [InlineData("address: 198.51.100.1", "address: '::'", "13:26: error: isps.isp1.lns.a.address: expected an IPv4 or IPv6 address of one host, found '::'")]
    [InlineData("address: 198.51.100.1", "address: 198.51.100.1, weight: 0",
        "13:48: error: isps.isp1.lns.a.weight: expected a whole number from 1 to 10000, found '0'")]
    [InlineData("    lns: { a: { address: 198.51.100.1 } }\n", "", "10:3: warning: isps.isp1: this ISP has no LNS: its subscribers are refused")]
    [InlineData("    realms: [isp1.example]\n", "", "10:3: warning: isps.isp1: ISP 'isp1' is not used: it has no realms and no steering rule leads to it")]
    [InlineData("wholesale: {}", "wholesale: { source-address: '2001:db8::1' }",
        "13:17: error: isps.isp1.lns.a.address: 198.51.100.1 cannot be reached from source-address 2001:db8::1 of tunnel profile 'wholesale'")]
    [InlineData("wholesale: {}", "wholesale: { secret: }", "15:24: error: tunnels.wholesale.secret: @secret, found nothing")]
    [InlineData("wholesale: {}", "wholesale: { secret: [] }", "15:24: error: tunnels.wholesale.secret: @secret, found a list")]
    [InlineData("wholesale: {}", "wholesale: { dscp: copy, negotiate-dscp: true }",
        "15:28: error: tunnels.wholesale.negotiate-dscp: what is copied from each packet cannot be agreed upon: 'dscp' must be a number")]
    [InlineData("wholesale: {}", "wholesale: { secret: '' }", "15:24: error: tunnels.wholesale.secret: the secret is empty;15:16: warning: tunnels.wholesale.secret: @inline")]
    [InlineData("wholesale: {}", "wholesale: { secret: swordfish }", "15:16: warning: tunnels.wholesale.secret: @inline")]
    [InlineData("wholesale: {}", "wholesale: { secret: { inline: swordfish } }", "15:26: warning: tunnels.wholesale.secret.inline: @inline")]
    [InlineData("wholesale: {}", "wholesale: { secret: {} }", "15:16: error: tunnels.wholesale.secret: @one")]
    [InlineData("wholesale: {}", "wholesale: { secret: { file: a, env: B } }", "15:16: error: tunnels.wholesale.secret: @one")]
    [InlineData("wholesale: {}", "wholesale: { secret: { fil: a } }", "15:26: error: tunnels.wholesale.secret.fil: unknown key (did you mean 'file'?)")]
    [InlineData("wholesale: {}", "wholesale: { secret: { file: absent } }", "15:26: error: tunnels.wholesale.secret.file: no such secret")]
    [InlineData("wholesale: {}", "wholesale: { secret: { credential: a/b } }",
        "15:38: error: tunnels.wholesale.secret.credential: expected a name of 1 to 64 letters, digits and . _ -, found 'a/b'")]
    [InlineData("wholesale: {}", "wholesale: { ipsec: required }",
        "15:16: error: tunnels.wholesale.ipsec: this LacEdge cannot protect tunnels by IPsec itself, and without protection it must not open them")]
    [InlineData("wholesale: {}", "wholesale: { old-secret: { env: B } }", "15:16: error: tunnels.wholesale.old-secret: 'old-secret' goes with 'secret' only")]
    [InlineData("wholesale: {}", "wholesale: { tie-breaker: true, max-tunnels: 2 }",
        "15:16: error: tunnels.wholesale.tie-breaker: a tie breaker leaves one tunnel to an LNS, but max-tunnels allows several")]
    [InlineData("wholesale: {}", "wholesale: { hide-avps: all }", "15:16: warning: tunnels.wholesale.hide-avps: without 'secret' nothing can be hidden")]
    [InlineData("wholesale: {}", "wholesale: { retry-cap: 4s }", "15:27: error: tunnels.wholesale.retry-cap: expected a duration from 8s to 60s, found '4s'")]
    [InlineData("wholesale: {}", "wholesale: { hide-avps: always }",
        "15:27: error: tunnels.wholesale.hide-avps: expected 'auto' or 'none' or 'sensitive' or 'all', found 'always'")]
    [InlineData("wholesale: {}", "wholesale: {}\n  spare: {}", "16:3: warning: tunnels.spare: tunnel profile 'spare' is not used: nothing uses it")]
    public void In_steering_ISPs_and_tunnels(string valid, string wrong, string expected)
    {
        var yaml = ConfigText.Valid();
        Assert.Contains(valid, yaml, StringComparison.Ordinal);
        expected = expected.Replace("@secret", "expected a secret: { file: F }, { credential: C }, { env: E } or { inline: TEXT }", StringComparison.Ordinal)
            .Replace("@inline", "the secret stands in the configuration: better in a file of its own, { file: ... }", StringComparison.Ordinal)
            .Replace("@one", "a secret has exactly one of the keys 'file', 'credential', 'env' and 'inline'", StringComparison.Ordinal)
            .Replace("@'", "expected a realm like isp1.example, or *.isp1.example for everything below it, found '", StringComparison.Ordinal);
        var lines = expected.Split(';').Select(line => "lacedge.yaml:" + line).Order(StringComparer.Ordinal);
        Assert.Equal(lines, ConfigText.Problems(yaml.Replace(valid, wrong, StringComparison.Ordinal)).Split('\n').Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("access: { b: { interfaces: { eth1: {} }, steering: main } }",
        "lacedge.yaml:4:19: error: access.residential.interfaces.eth1: untagged with service name 'any' belongs to access.b.interfaces.eth1 already "
        + "(untagged at conf.d/1.yaml:1:30)")]
    [InlineData("access: { b: { interfaces: { eth1: { vlans: [5, 1-9] } }, steering: main } }",
        "conf.d/1.yaml:1:49: error: access.b.interfaces.eth1.vlans[1]: 1-9 overlaps 5 at conf.d/1.yaml:1:46")]
    [InlineData("access: { b: { interfaces: { eth1: {} }, service-names: [gold], steering: main } }", "")]
    [InlineData("access: { b: { interfaces: { eth1: { vlans: [1-9, 100.any] } }, steering: main }, c: { interfaces: { eth1: { vlans: [10, 101.any] } }, steering: main } }", "")]
    [InlineData("access: { b: { interfaces: { eth1: { vlans: [100.any] } }, steering: main }, c: { interfaces: { eth1: { vlans: [99-100.5] } }, steering: main } }",
        "conf.d/1.yaml:1:113: error: access.c.interfaces.eth1: 99-100.5 with service name 'any' belongs to access.b.interfaces.eth1 already "
        + "(100.any at conf.d/1.yaml:1:46)")]
    public void Two_services_on_one_VLAN_and_name_are_an_error(string second, string expected) =>
        Assert.Equal(expected, ConfigText.Problems(ConfigText.Valid(), second));

    [Fact]
    public void A_realm_of_two_ISPs_is_an_error() => Assert.Equal(
        "lacedge.yaml:11:14: error: isps.isp1.realms[0]: realm 'isp1.example' is used twice: also by isps.isp2.realms[0] at conf.d/1.yaml:1:27",
        ConfigText.Problems(ConfigText.Valid(), "isps: { isp2: { realms: [ ISP1.example], tunnel: wholesale, lns: { b: { address: 192.0.2.1 } } } }"));

    [Fact]
    public void The_same_value_in_two_files_is_an_error_that_names_both_places() => Assert.Equal(
        "conf.d/1.yaml:1:9: error: node.name: set twice: here and at lacedge.yaml:1:9\n"
        + "conf.d/1.yaml:2:17: error: isps.isp1.realms: set twice: here and at lacedge.yaml:11:5",
        ConfigText.Problems(ConfigText.Valid(), "node: { name: lac1 }\nisps: { isp1: { realms:    [isp2.example] } }"));

    [Fact]
    public void All_problems_come_at_once_by_file_and_line()
    {
        var problems = ConfigText.Read("node: { nam: lac1 }\naccess: { a: { interfaces: { eth1: {} }, steering: x } }\nlimits: { sessions: x }").Problems;
        Assert.Equal(["1:1", "1:9", "2:52", "3:21"], problems.Select(problem => $"{problem.Place.Line}:{problem.Place.Column}"));
    }
}
