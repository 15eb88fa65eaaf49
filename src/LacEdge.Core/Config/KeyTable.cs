using System.Collections.Immutable;
using static LacEdge.Core.Config.ReloadClass;

namespace LacEdge.Core.Config;

/// <summary>
/// The key table: every key of the configuration with its type, default, reload class and description. Errors, reference
/// and reading come from it.
/// </summary>
public static class KeyTable
{
    private static readonly NameType _name = new();
    private static readonly TextType _text = new(64);
    private static readonly AddressType _address = new();
    private static readonly IntegerType _port = new(1, 65535);

    public static ImmutableArray<ConfigKey> All { get; } =
    [
        .. Node(), .. Access(), .. Steering(), .. Isps(), .. Tunnels(),
        Planned("peer-profiles"), Planned("dns"), Planned("radius"),
    ];

    private static ConfigKey[] Node() =>
    [
        Group("node", "This LacEdge") with { Required = true },
        new("node.name", _text, null,
            NewSessions, "Name towards subscribers (AC-Name) and LNSes (Host Name), unless set elsewhere") { Required = true },
        new("node.on-stop", new ChoiceType<OnStop>([("end", OnStop.End)], "keep"), "end",
            Live, "What becomes of the subscribers when LacEdge is stopped"),
        new("node.state-directory", new PathType(255), "/var/lib/lacedge", Disruptive, "Where LacEdge keeps the number of its starts"),
        Planned("node.nas-identifier"),
        Group("control", "How LacEdge is operated"),
        new("control.socket", new PathType(107), "/run/lacedge/control.sock", Disruptive, "Unix socket of the management API"),
        Planned("control.http"),
        Group("data-plane", "How subscribers' frames are forwarded"),
        new("data-plane.mode", new ChoiceType<DataPlaneMode>([("auto", DataPlaneMode.Auto), ("packet", DataPlaneMode.Packet)], "xdp"),
            "auto", Disruptive, "auto takes the fastest way that the machine has"),
        Group("l2tp", "L2TP, whatever the tunnel"),
        new("l2tp.local-ports", new PortRangeType(), "49152-53247",
            NewSessions, "UDP source ports for further tunnels to one LNS address; the first uses 1701"),
        Group("limits", "At a limit new work is refused and counted"),
        new("limits.sessions", new IntegerType(1, 30_000), "30000", Live, "Subscriber sessions in all"),
        new("limits.half-open", new IntegerType(1, 1_000_000), "8000", Live, "Subscriber sessions that have not reached their LNS yet"),
        new("limits.tunnels", new IntegerType(1, 65_000), "4000", Live, "L2TP tunnels in all"),
    ];

    private static ConfigKey[] Access() =>
    [
        Group("access", "PPPoE access services, by name") with { Required = true },
        Group("access.*", "One access service") with { NameType = _name },
        Group("access.*.interfaces", "Network interfaces with subscribers, by name", Listener) with { Required = true },
        Group("access.*.interfaces.*", "One interface: its untagged frames", Listener) with { NameType = new InterfaceType() },
        Planned("access.*.interfaces.*.vlans"),
        new("access.*.ac-name", _text, "= node.name", Live, "AC-Name in PADO and PADS"),
        new("access.*.service-names", null, "[any]", Live, "Service names that are served; 'any' alone serves every one"),
        new("access.*.service-names.[]", _text, null, Live, "A service name, or a mapping"),
        new("access.*.service-names.[].name", _text, null, Live, "The service name") { Required = true },
        new("access.*.service-names.[].advertised", new BooleanType(), "true",
            Live, "Whether a PADO names it to subscribers who ask for any"),
        new("access.*.authentication", null, "[chap, pap]", NewSessions, "Authentication protocols in order of preference"),
        new("access.*.authentication.[]",
            new ChoiceType<AuthenticationProtocol>(
                [("chap", AuthenticationProtocol.ChapMd5), ("pap", AuthenticationProtocol.Pap)], "ms-chap-v1", "ms-chap-v2", "eap", "none"),
            null, NewSessions, "An authentication protocol; chap is CHAP with MD5"),
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
        Group("access.*.connect-speed", "What the LNS is told of the line"),
        new("access.*.connect-speed.tx", new SpeedType(), "1G", NewSessions, "Towards the subscriber, in bit/s"),
        new("access.*.connect-speed.rx", new SpeedType(), "1G", NewSessions, "From the subscriber, in bit/s"),
        Planned("access.*.limits"), Planned("access.*.pado-delay"), Planned("access.*.cookie-key"), Planned("access.*.partial-termination"),
    ];

    private static ConfigKey[] Steering() =>
    [
        Group("steering", "Steering lists, by name", NewSessions),
        Group("steering.*", "One list of rules; the first one that matches decides", NewSessions) with { NameType = _name },
        Group("steering.*.[]", "One rule", NewSessions),
        Planned("steering.*.[].match"),
        Group("steering.*.[].to", "Targets in order; the first that gives an LNS wins", NewSessions) with { Required = true },
        Group("steering.*.[].to.[]", "One target: realm-table, isp or lns", NewSessions),
        Group("steering.*.[].to.[].realm-table", "The ISP in whose realms the subscriber's realm stands; written {}", NewSessions),
        new("steering.*.[].to.[].isp", _name, null, NewSessions, "This ISP"),
        new("steering.*.[].to.[].lns", _address, null, NewSessions, "This LNS; an address, or a mapping"),
        .. FixedLns("steering.*.[].to.[].lns"),
        new("steering.*.[].to.[].tunnel", _name, null, NewSessions, "Tunnel profile that goes with lns"),
        Planned("steering.*.[].to.[].dns"), Planned("steering.*.[].to.[].radius"), Planned("steering.*.[].to.[].on-timeout"),
    ];

    private static ConfigKey[] Isps() =>
    [
        Group("isps", "ISPs, by name", NewSessions),
        Group("isps.*", "One ISP", NewSessions) with { NameType = _name },
        new("isps.*.realms", null, null, NewSessions, "Realms of its subscribers; the exact one comes first, then the longest suffix"),
        new("isps.*.realms.[]", new RealmType(), null, NewSessions, "isp1.example, or *.isp1.example for everything below it"),
        new("isps.*.tunnel", _name, null, NewSessions, "Tunnel profile to its LNSes") { Required = true },
        Group("isps.*.lns", "Its LNSes, by name", NewSessions),
        Group("isps.*.lns.*", "One LNS", NewSessions) with { NameType = _name },
        new("isps.*.lns.*.address", _address, null, NewSessions, "Address of the LNS") { Required = true },
        new("isps.*.lns.*.port", _port, "1701", NewSessions, "UDP port of the LNS"),
        new("isps.*.lns.*.preference", new IntegerType(0, 65_535), "10", NewSessions, "The lowest is tried first"),
        new("isps.*.lns.*.weight", new IntegerType(1, 10_000), "1",
            NewSessions, "Share of the subscribers among LNSes of equal preference"),
        new("isps.*.lns.*.max-sessions", new IntegerType(1, 1_000_000), "30000", NewSessions, "Sessions that this LNS takes from us"),
        Planned("isps.*.lns.*.dns"), Planned("isps.*.lns.*.peer-profile"),
    ];

    private static ConfigKey[] Tunnels() =>
    [
        Group("tunnels", "Tunnel profiles, by name: our side of a tunnel", NewSessions),
        Group("tunnels.*", "One tunnel profile", NewSessions) with { NameType = _name },
        new("tunnels.*.secret", new SecretType(), null, NewSessions, "Shared with the LNS; without it tunnels are not authenticated"),
        new("tunnels.*.secret.file", new TextType(255), null,
            NewSessions, "A file that holds the secret; relative to the main configuration file"),
        new("tunnels.*.secret.credential", _name, null, NewSessions, "A systemd credential that holds the secret"),
        new("tunnels.*.secret.env", _name, null, NewSessions, "An environment variable that holds the secret"),
        new("tunnels.*.secret.inline", new SecretType(), null, NewSessions, "The secret itself, for laboratories"),
        new("tunnels.*.source-address", _address, null, NewSessions, "Our address; without it the kernel chooses"),
        new("tunnels.*.host-name", _text, "= node.name", NewSessions, "Our Host Name; LNSes find secret and policy by it"),
        new("tunnels.*.vendor-name", _text, "LacEdge", NewSessions, "Our Vendor Name"),
        new("tunnels.*.hello-interval", new DurationType("1s", "1h"), "60s", NewSessions, "Silence of the LNS before it is probed"),
        new("tunnels.*.idle-timeout", new DurationType("0", "24h"), "60s",
            NewSessions, "How long a tunnel without sessions stays; 0: for ever"),
        new("tunnels.*.receive-window", new IntegerType(4, 1024), "64", NewSessions, "Control messages that the LNS may send ahead"),
        new("tunnels.*.retries", new IntegerType(1, 20), "5",
            NewSessions, "Retransmissions of a control message before the tunnel is given up"),
        new("tunnels.*.retry-cap", new DurationType("8s", "60s"), "16s", NewSessions, "The longest time between two of them"),
        new("tunnels.*.setup-timeout", new DurationType("1s", "60s"), "5s",
            NewSessions, "Time for the LNS's first answer before the next candidate is tried"),
        new("tunnels.*.hide-avps",
            new ChoiceType<AvpHiding>([("auto", AvpHiding.Auto), ("never", AvpHiding.Never), ("sensitive", AvpHiding.Sensitive)]), "auto",
            NewSessions, "Hiding of AVPs: of sensitive ones when both ends proved the secret (auto) or whenever there is one (sensitive)"),
        Planned("tunnels.*.source-port"),
    ];

    private static ConfigKey[] FixedLns(string path) =>
    [
        new($"{path}.name", _name, "= address", NewSessions, "Its name in logs and tables"),
        new($"{path}.address", _address, null, NewSessions, "Address of the LNS") { Required = true },
        new($"{path}.port", _port, "1701", NewSessions, "UDP port of the LNS"),
        new($"{path}.max-sessions", new IntegerType(1, 1_000_000), "30000", NewSessions, "Sessions that this LNS takes from us"),
    ];

    private static ConfigKey Group(string path, string description, ReloadClass reload = NewSessions) =>
        new(path, null, null, reload, description);

    private static ConfigKey Planned(string path) => new(path, null, null, NewSessions, "") { Planned = true };
}
