using static LacEdge.Core.Config.ReloadClass;

namespace LacEdge.Core.Config;

/// <summary>Discovery and access services.</summary>
public static partial class KeyTable
{
    private static readonly IntegerType _count = new(0, 1_000_000);
    private static readonly DelayType _padoDelay = new("10s");

    private static ConfigKey[] Discovery() =>
    [
        Group("discovery", "PPPoE discovery, on all access interfaces", Live),
        new("discovery.cookie-key", new SecretType(), null, Live, "Makes AC-Cookies that survive a restart; without it they do not"),
        .. SecretSources("discovery.cookie-key"),
        .. Rates("discovery.padi-rate", "PADI"), .. Rates("discovery.padr-rate", "PADR"),
        new("discovery.padt-rate", _count, "100", Live, "PADTs a second and interface, in answer to frames of unknown sessions; 0: none"),
        Group("discovery.lockout", "Lines whose sessions keep failing or ending at once are not answered for a while", Live),
        new("discovery.lockout.after", new IntegerType(0, 1_000), "5", Live, "Short sessions in a row before the first lockout; 0: never"),
        new("discovery.lockout.short", new DurationType("1s", "10m"), "30s", Live, "A session that lasted less is short"),
        new("discovery.lockout.first", new DurationType("100ms", "10m"), "1s", Live, "The first lockout; each further one is twice as long"),
        new("discovery.lockout.longest", new DurationType("1s", "24h"), "5m", Live, "The longest lockout"),
        Group("discovery.macs", "Which hosts are answered", Live),
        new("discovery.macs.allow", null, null, Live, "Only these; without it everyone who is not denied"),
        new("discovery.macs.allow.[]", new MacPatternType(), null, Live, "A MAC address, or a prefix like 00:53:00:*"),
        new("discovery.macs.deny", null, null, Live, "Not these, even if allowed"),
        new("discovery.macs.deny.[]", new MacPatternType(), null, Live, "A MAC address, or a prefix like 00:53:00:*"),
    ];

    private static ConfigKey[] Access() =>
    [
        Group("access", "PPPoE access services, by name") with { Required = true },
        Group("access.*", "One access service") with { NameType = _name },
        Group("access.*.interfaces", "Network interfaces with subscribers, by name", Listener) with { Required = true },
        Group("access.*.interfaces.*", "One physical interface; several services may share it", Listener) with { NameType = new InterfaceType() },
        new("access.*.interfaces.*.vlans", null, "[untagged]", Listener, "VLANs that belong to the service, whatever their TPIDs"),
        new("access.*.interfaces.*.vlans.[]", new VlanType(), null, Listener, "untagged, 100-199, 200-299.any, 300.1-4094"),
        new("access.*.ac-name", _text, "= node.name", Live, "AC-Name in PADO and PADS"),
        new("access.*.service-names", null, "[any]", Live, "Service names that are served; 'any' alone serves every one"),
        new("access.*.service-names.[]", _text, null, Live, "A service name, or a mapping"),
        new("access.*.service-names.[].name", _text, null, Live, "The service name") { Required = true },
        new("access.*.service-names.[].advertised", new BooleanType(), "true",
            Live, "Whether a PADO names it to subscribers who ask for any"),
        new("access.*.authentication", null, "[chap, pap]", NewSessions, "Authentication protocols in order of preference"),
        new("access.*.authentication.[]",
            new ChoiceType<AuthenticationProtocol>([
                ("chap", AuthenticationProtocol.ChapMd5), ("pap", AuthenticationProtocol.Pap), ("ms-chap-v1", AuthenticationProtocol.MsChapV1),
                ("ms-chap-v2", AuthenticationProtocol.MsChapV2), ("eap", AuthenticationProtocol.Eap), ("none", AuthenticationProtocol.None)]),
            null, NewSessions, "An authentication protocol; chap is CHAP with MD5; none stands alone: steering without a user name"),
        new("access.*.challenge-name", _text, "= node.name", NewSessions, "Name in our CHAP Challenge"),
        new("access.*.steering", _name, null, NewSessions, "Steering list that leads subscribers to their LNS"),
        new("access.*.lns", _address, null, NewSessions, "Instead of steering: everyone to this LNS; an address, or a mapping"),
        .. FixedLns("access.*.lns"),
        new("access.*.tunnel", _name, null, NewSessions, "Tunnel profile that goes with lns"),
        Group("access.*.ppp", "PPP until the LNS takes over"),
        new("access.*.ppp.mru", new IntegerType(128, 1492), "1492",
            NewSessions, "The MRU that LacEdge asks for and the largest that it grants, in octets; PPP-Max-Payload of a subscriber may grant more"),
        new("access.*.ppp.restart-interval", new DurationType("100ms", "60s"), "3s",
            NewSessions, "Before an unanswered LCP request is repeated"),
        new("access.*.ppp.max-configure", new IntegerType(1, 100), "10",
            NewSessions, "Configure-Requests without an answer before LacEdge gives up"),
        new("access.*.ppp.max-terminate", new IntegerType(1, 10), "2",
            NewSessions, "Terminate-Requests without an answer before LacEdge gives up"),
        new("access.*.ppp.max-failure", new IntegerType(1, 100), "5",
            NewSessions, "Configure-Naks without agreement before LacEdge rejects the option"),
        new("access.*.ppp.authentication-timeout", new DurationType("1s", "10m"), "30s",
            NewSessions, "From PADS to the subscriber's credentials"),
        new("access.*.ppp.setup-timeout", new DurationType("1s", "10m"), "20s", NewSessions,
            "From the credentials to the LNS's answer, all LNS candidates together"),
        new("access.*.ppp.multilink", new BooleanType(), "false", NewSessions, "Acknowledges multilink options, for LNSes that do multilink"),
        new("access.*.ppp.echo-interval", new DurationType("0", "10m"), "10s",
            NewSessions, "Between our Echo-Requests before the LNS takes over; 0: none"),
        new("access.*.ppp.echo-failures", new IntegerType(1, 100), "3", NewSessions, "Echo-Requests without an answer before the session ends"),
        new("access.*.partial-termination", new ChoiceType<bool>([("always", true), ("never", false)]), "always", NewSessions,
            "never: the LNS speaks PPP from the first frame on, without proxy AVPs; needs steering without user names"),
        .. UserName(),
        Group("access.*.connect-speed", "What the LNS is told of the line"),
        new("access.*.frame-priority", new PriorityType(), "request",
            NewSessions, "802.1p of tagged frames to the subscriber: that of its PADR, the upper bits of the packet's DSCP, or a number"),
        new("access.*.connect-speed.method",
            new ChoiceType<SpeedMethod>([("static", SpeedMethod.Static), ("line", SpeedMethod.Line), ("interface", SpeedMethod.Interface)]),
            "static", NewSessions, "From tx and rx below, from the line information (TR-101), or from the access interface; tx and rx fill in"),
        new("access.*.connect-speed.tx", new SpeedType(), "1G", NewSessions, "Towards the subscriber, in bit/s"),
        new("access.*.connect-speed.rx", new SpeedType(), "1G", NewSessions, "From the subscriber, in bit/s"),
        .. PadoDelay(),
        Group("access.*.limits", "Sessions of this service; 0: no limit", Live),
        new("access.*.limits.sessions", _count, "0", Live, "In all"),
        new("access.*.limits.sessions-per-interface", _count, "0", Live, "On one interface"),
        new("access.*.limits.sessions-per-vlan", _count, "0", Live, "On one interface and VLAN stack"),
        new("access.*.limits.sessions-per-mac", _count, "1", Live, "On one interface, VLAN stack and MAC; one more ends the oldest"),
        new("access.*.limits.sessions-per-circuit-id", _count, "0", Live, "On one circuit id"),
        new("access.*.limits.at-limit", new ChoiceType<AtLimit>([("refuse", AtLimit.Refuse), ("replace", AtLimit.Replace)]), "refuse",
            Live, "One more on a circuit id is refused, or ends the oldest"),
    ];

    private static ConfigKey[] UserName() =>
    [
        Group("access.*.user-name", "Where the realm stands in a user name, and what others see of the name", NewSessions),
        new("access.*.user-name.delimiters", new DelimiterType(), "@", NewSessions, "Characters between user and realm"),
        new("access.*.user-name.realm", new ChoiceType<RealmPosition>([("suffix", RealmPosition.Suffix), ("prefix", RealmPosition.Prefix)]),
            "suffix", NewSessions, "Behind the last delimiter (user@realm) or before the first one (realm/user)"),
        new("access.*.user-name.default-realm", new RealmType(suffixes: false), null, NewSessions, "For names without a realm"),
        new("access.*.user-name.case", new ChoiceType<bool>([("ignore", true), ("keep", false)]), "ignore", NewSessions, "keep: a realm matches only as it is written in isps"),
        .. Rewrite("access.*.user-name.to-lns", "the LNS (proxy authentication)"), .. Rewrite("access.*.user-name.to-radius", "RADIUS"),
    ];

    private static ConfigKey[] Rewrite(string path, string who) =>
    [
        Group(path, $"The name that {who} sees", NewSessions),
        new($"{path}.strip-realm", new BooleanType(), "false", NewSessions, "Without realm and delimiter"),
        new($"{path}.rules", null, null, NewSessions, "The first rule that matches is applied"),
        Group($"{path}.rules.[]", "One rule", NewSessions),
        new($"{path}.rules.[].match", new RegexType(), null, NewSessions, "A regular expression; its first match in the name is replaced") { Required = true },
        new($"{path}.rules.[].replace", new AnyTextType(255), null, NewSessions, "The replacement; $1 is the first group") { Required = true },
    ];

    private static ConfigKey[] PadoDelay() =>
    [
        Group("access.*.pado-delay", "How long a PADO waits, so that a less busy access concentrator comes first", Live),
        new("access.*.pado-delay.steps", null, null, Live, "By the sessions of this service, in rising order"),
        Group("access.*.pado-delay.steps.[]", "One step", Live),
        new("access.*.pado-delay.steps.[].sessions", _count, null, Live, "From so many sessions on") { Required = true },
        new("access.*.pado-delay.steps.[].delay", _padoDelay, null, Live, "The delay; never: no PADO at all") { Required = true },
        new("access.*.pado-delay.lines", null, null, Live, "By line; the first that matches is added to the step's"),
        Group("access.*.pado-delay.lines.[]", "One kind of line", Live),
        new("access.*.pado-delay.lines.[].circuit-id", _text, null, Live, "Pattern of the circuit id"),
        new("access.*.pado-delay.lines.[].remote-id", _text, null, Live, "Pattern of the remote id"),
        new("access.*.pado-delay.lines.[].vlans", null, null, Live, "VLANs"),
        new("access.*.pado-delay.lines.[].vlans.[]", new VlanType(), null, Live, "untagged, 100-199, 200-299.any, 300.1-4094"),
        new("access.*.pado-delay.lines.[].delay", _padoDelay, null, Live, "The delay; never: no PADO at all") { Required = true },
    ];

    private static ConfigKey[] Rates(string path, string what) =>
    [
        Group(path, $"{what}s a second; 0: no limit. One second's worth may come at once", Live),
        new($"{path}.mac", _count, "10", Live, "From one MAC on one interface and VLAN stack"),
        new($"{path}.vlan", _count, "1000", Live, "On one interface and VLAN stack"),
        new($"{path}.interface", _count, "20000", Live, "On one interface"),
    ];
}
