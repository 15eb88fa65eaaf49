using System.Collections.Immutable;
using static LacEdge.Core.Config.ReloadClass;

namespace LacEdge.Core.Config;

/// <summary>
/// The key table: every key of the configuration with its type, default, reload class and description. Errors, reference
/// and reading come from it.
/// </summary>
public static partial class KeyTable
{
    private static readonly NameType _name = new();
    private static readonly TextType _text = new(64);
    private static readonly AddressType _address = new();
    private static readonly TemplateType _template = new();
    private static readonly IntegerType _port = new(1, 65535);

    public static ImmutableArray<ConfigKey> All { get; } =
    [
        .. Node(), .. Discovery(), .. Access(), .. Steering(), .. Isps(), .. Dns(), .. Radius(), .. Tunnels(), .. PeerProfiles(),
    ];

    private static ConfigKey[] Node() =>
    [
        Group("node", "This LacEdge") with { Required = true },
        new("node.name", _text, null,
            NewSessions, "Name towards subscribers (AC-Name) and LNSes (Host Name), unless set elsewhere") { Required = true },
        new("node.on-stop", new ChoiceType<OnStop>([("end", OnStop.End)], "keep"), "end",
            Live, "What becomes of the subscribers when LacEdge is stopped"),
        new("node.state-directory", new PathType(255), "/var/lib/lacedge", Disruptive, "Where LacEdge keeps the number of its starts"),
        new("node.nas-identifier", _text, "= node.name", NewSessions, "NAS-Identifier towards RADIUS servers"),
        Group("control", "How LacEdge is operated"),
        new("control.socket", new PathType(107), "/run/lacedge/control.sock", Disruptive, "Unix socket of the management API"),
        Planned("control.http"),
        Group("data-plane", "How subscribers' frames are forwarded"),
        new("data-plane.mode", new ChoiceType<DataPlaneMode>([("auto", DataPlaneMode.Auto), ("packet", DataPlaneMode.Packet)], "xdp"),
            "auto", Disruptive, "auto takes the fastest way that the machine has"),
        Group("l2tp", "L2TP, whatever the tunnel"),
        new("l2tp.local-ports", new PortRangeType(), "49152-53247",
            NewSessions, "UDP source ports for further tunnels to one LNS address; the first uses 1701"),
        new("l2tp.control-dscp", new IntegerType(0, 63), "48", Live, "DSCP of L2TP control messages"),
        Group("limits", "At a limit new work is refused and counted"),
        new("limits.sessions", new IntegerType(1, 30_000), "30000", Live, "Subscriber sessions in all"),
        new("limits.half-open", new IntegerType(1, 1_000_000), "8000", Live, "Subscriber sessions that have not reached their LNS yet"),
        new("limits.tunnels", new IntegerType(1, 65_000), "4000", Live, "L2TP tunnels in all"),
    ];

    private static ConfigKey[] Steering() =>
    [
        Group("steering", "Steering lists, by name", NewSessions),
        Group("steering.*", "One list of rules; the first one that matches decides", NewSessions) with { NameType = _name },
        Group("steering.*.[]", "One rule", NewSessions),
        Group("steering.*.[].match", "Conditions, all of which must hold; without any the rule is everybody's", NewSessions),
        new("steering.*.[].match.circuit-id", _text, null, NewSessions, "Pattern of the line's circuit id; * and ? stand for any characters and one"),
        new("steering.*.[].match.remote-id", _text, null, NewSessions, "Pattern of the line's remote id"),
        new("steering.*.[].match.realm", _text, null, NewSessions, "Pattern of the subscriber's realm"),
        new("steering.*.[].match.realm-regex", new RegexType(), null, NewSessions, "Regular expression for the subscriber's realm; ^ and $ hold its ends"),
        new("steering.*.[].match.user", _text, null, NewSessions, "Pattern of the whole user name as the subscriber sent it"),
        new("steering.*.[].match.user-regex", new RegexType(), null, NewSessions, "Regular expression for the whole user name"),
        new("steering.*.[].match.service-name", _text, null, NewSessions, "Pattern of the Service-Name that the subscriber asked for"),
        new("steering.*.[].match.access", _text, null, NewSessions, "Pattern of the access service's name"),
        new("steering.*.[].match.interface", _text, null, NewSessions, "Pattern of the access interface's name"),
        new("steering.*.[].match.vlans", null, null, NewSessions, "VLANs of the line"),
        new("steering.*.[].match.vlans.[]", new VlanType(), null, NewSessions, "untagged, 100-199, 200-299.any, 300.1-4094"),
        new("steering.*.[].match.macs", null, null, NewSessions, "MAC addresses of the subscriber"),
        new("steering.*.[].match.macs.[]", new MacPatternType(), null, NewSessions, "A MAC address, or a prefix like 00:53:00:*"),
        Group("steering.*.[].to", "Targets in order; the first that gives LNSes wins", NewSessions) with { Required = true },
        Group("steering.*.[].to.[]", "One target: realm-table, isp, lns, dns or radius", NewSessions),
        Group("steering.*.[].to.[].realm-table", "The ISP in whose realms the subscriber's realm stands; written {}", NewSessions),
        new("steering.*.[].to.[].isp", _name, null, NewSessions, "This ISP"),
        new("steering.*.[].to.[].lns", _address, null, NewSessions, "This LNS; an address, or a mapping"),
        .. FixedLns("steering.*.[].to.[].lns"),
        new("steering.*.[].to.[].tunnel", _name, null, NewSessions, "Tunnel profile that goes with lns, dns or radius"),
        new("steering.*.[].to.[].on-not-found", Continuing, null,
            NewSessions, "When there is nothing for the subscriber here: stop, or the next target. Unless set, 'next' for realm-table and 'stop' for others"),
        new("steering.*.[].to.[].on-timeout", Continuing, "stop",
            NewSessions, "When the servers that know are silent or fail: stop, or the next target. Whoever is rejected never gets there"),
        .. DnsTargets("steering.*.[].to.[].dns"),
        .. RadiusTargets("steering.*.[].to.[]"),
    ];

    private static ConfigKey[] Isps() =>
    [
        Group("isps", "ISPs, by name", NewSessions),
        Group("isps.*", "One ISP", NewSessions) with { NameType = _name },
        new("isps.*.realms", null, null, NewSessions, "Realms of its subscribers; the exact one comes first, then the longest suffix"),
        new("isps.*.realms.[]", new RealmType(suffixes: true), null, NewSessions, "isp1.example, or *.isp1.example for everything below it"),
        new("isps.*.tunnel", _name, null, NewSessions, "Tunnel profile to its LNSes") { Required = true },
        Group("isps.*.lns", "Its LNSes, by name", NewSessions),
        Group("isps.*.lns.*", "One LNS", NewSessions) with { NameType = _name },
        new("isps.*.lns.*.address", _address, null, NewSessions, "Address of the LNS"),
        new("isps.*.lns.*.dns", HostName, null, NewSessions, "Name of the LNS instead, looked up whenever a subscriber is sent there"),
        new("isps.*.lns.*.port", _port, "1701", NewSessions, "UDP port of the LNS"),
        new("isps.*.lns.*.preference", new IntegerType(0, 65_535), "10", NewSessions, "The lowest is tried first"),
        new("isps.*.lns.*.weight", new IntegerType(1, 10_000), "1",
            NewSessions, "Share of the subscribers among LNSes of equal preference"),
        new("isps.*.lns.*.max-sessions", new IntegerType(1, 1_000_000), "30000", NewSessions, "Sessions that this LNS takes from us"),
        new("isps.*.lns.*.peer-profile", _name, "default", NewSessions, "Peer profile: what this LNS wants to be told, and how"),
        new("isps.*.lns.*.assignment-id", _text, null, NewSessions, "Its sessions share tunnels only with those of the same assignment id"),
    ];

    private static ConfigKey[] PeerProfiles() =>
    [
        Group("peer-profiles", "Peer profiles, by name: an LNS's wishes and quirks; default, cisco, juniper, xl2tpd and l2tpns are there without being written", NewSessions),
        Group("peer-profiles.*", "One peer profile", NewSessions) with { NameType = _name },
        new("peer-profiles.*.based-on", new ChoiceType<string>([.. PeerProfile.Shipped.Select(one => (one.Name, one.Name))]), null,
            NewSessions, "Shipped profile that gives what is not written here; 'default' unless the name is a shipped one's"),
        new("peer-profiles.*.calling-number", _template, "{mac}", NewSessions, "Template of the Calling-Number AVP; '' leaves it out"),
        new("peer-profiles.*.called-number", _template, "{realm}", NewSessions, "Template of the Called-Number AVP; '' leaves it out"),
        new("peer-profiles.*.nas-port", _template, null, NewSessions, "Template of Cisco's NAS port AVP (vendor 9, type 100), like Serial0:0"),
        new("peer-profiles.*.access-line-avps", null, null, NewSessions, "Access-line AVPs in ICRQ (RFC 5515) for lines with TR-101 tags; none unless listed"),
        new("peer-profiles.*.access-line-avps.[]",
            new ChoiceType<AccessLineAvps>(
            [
                ("all", AccessLineAvps.All), ("circuit-id", AccessLineAvps.CircuitId), ("remote-id", AccessLineAvps.RemoteId),
                ("actual-rates", AccessLineAvps.ActualRates), ("other-rates", AccessLineAvps.OtherRates), ("delays", AccessLineAvps.Delays),
                ("encapsulation", AccessLineAvps.Encapsulation), ("iwf", AccessLineAvps.Iwf),
                ("line-type", AccessLineAvps.LineType),
            ]), null, NewSessions, "A group of access-line AVPs"),
        new("peer-profiles.*.proxy-ms-chap-v2",
            new ChoiceType<ProxyMsChapV2>([("omit", ProxyMsChapV2.Omit), ("none", ProxyMsChapV2.None)]), "omit",
            NewSessions, "MS-CHAPv2 has no proxy authentication type: no AVPs 29 to 33 (omit), or AVP 29 = 4, no authentication (none)"),
        new("peer-profiles.*.proxy-eap", new ChoiceType<ProxyEap>([("omit", ProxyEap.Omit), ("type-7", ProxyEap.Type7)]), "omit",
            NewSessions, "EAP identity: no AVPs 29 to 33 (omit), or AVP 29 = 7 with name, identifier and Identity Response (type-7)"),
        new("peer-profiles.*.sub-address", _template, null, NewSessions, "Template of the Sub-Address AVP"),
        new("peer-profiles.*.physical-channel", _template, null, NewSessions, "Template of the Physical Channel ID AVP, which is a number"),
        new("peer-profiles.*.private-group", _template, null, NewSessions, "Template of the Private Group ID AVP"),
        new("peer-profiles.*.rx-speed", new ChoiceType<bool>([("when-different", false), ("always", true)]), "when-different",
            NewSessions, "When the speed from the subscriber is told (Rx Connect Speed AVP)"),
        new("peer-profiles.*.hide-avps", new ChoiceType<AvpHiding>(Hidings), "= hide-avps of the tunnel profile", NewSessions, "AVPs to hide from this LNS"),
        new("peer-profiles.*.send-window", new IntegerType(1, 1024), "1024",
            NewSessions, "The most control messages that are sent ahead, whatever the LNS offers"),
        new("peer-profiles.*.clear-m-bit", null, null, NewSessions, "AVPs that are sent without the M bit, for an LNS that does not know them"),
        new("peer-profiles.*.clear-m-bit.[]",
            new ChoiceType<CallAvps>(
            [
                ("bearer-type", CallAvps.BearerType), ("called-number", CallAvps.CalledNumber), ("calling-number", CallAvps.CallingNumber),
                ("sub-address", CallAvps.SubAddress), ("sequencing-required", CallAvps.SequencingRequired),
            ]), null, NewSessions, "An AVP of ICRQ or ICCN"),
        new("peer-profiles.*.ignore-m-bit", new BooleanType(), "false",
            NewSessions, "AVPs and messages of the LNS that are not understood are ignored even where it calls them mandatory"),
        new("peer-profiles.*.adapt", new BooleanType(), "false",
            NewSessions, "Optional AVPs that this LNS does not know are left out: what it names, or one group after another, from the third refusal on"),
        new("peer-profiles.*.failover", new BooleanType(), "false",
            NewSessions, "Sessions wait for an LNS whose control channel fails and recovers (RFC 4951)"),
        Group("peer-profiles.*.result-codes", "What a refused call means, by result code or result/error code: 4, 2/6", NewSessions),
        new("peer-profiles.*.result-codes.*",
            new ChoiceType<RefusedCall>([("next-lns", RefusedCall.NextLns), ("refuse", RefusedCall.Refuse)]), null,
            NewSessions, "Whether the next LNS is asked or the subscriber refused") { NameType = new ResultCodeType() },
        new("peer-profiles.*.ff03", new BooleanType(), "true", NewSessions, "Address and control octets (FF 03) in front of PPP in data messages"),
        new("peer-profiles.*.sequencing", new ChoiceType<bool>([("as-lns", false), ("required", true)]), "as-lns",
            NewSessions, "Data messages are numbered as the LNS does it, or always (Sequencing Required AVP)"),
        new("peer-profiles.*.resend-pap", new BooleanType(), "false",
            NewSessions, "Repeats the subscriber's PAP request once to an LNS that ignores proxy authentication and waits"),
    ];

    private static ChoiceType<bool> Continuing => new([("stop", false), ("next", true)]);

    private static ConfigKey[] SecretSources(string path) =>
    [
        new($"{path}.file", new TextType(255), null,
            NewSessions, "A file that holds the secret; relative to the main configuration file"),
        new($"{path}.credential", _name, null, NewSessions, "A systemd credential that holds the secret"),
        new($"{path}.env", _name, null, NewSessions, "An environment variable that holds the secret"),
        new($"{path}.inline", new SecretType(), null, NewSessions, "The secret itself, for laboratories"),
    ];

    private static ConfigKey[] FixedLns(string path) =>
    [
        new($"{path}.name", _name, "= address or dns", NewSessions, "Its name in logs and tables"),
        new($"{path}.address", _address, null, NewSessions, "Address of the LNS"),
        new($"{path}.dns", HostName, null, NewSessions, "Name of the LNS instead, looked up whenever a subscriber is sent there"),
        new($"{path}.port", _port, "1701", NewSessions, "UDP port of the LNS"),
        new($"{path}.max-sessions", new IntegerType(1, 1_000_000), "30000", NewSessions, "Sessions that this LNS takes from us"),
        new($"{path}.peer-profile", _name, "default", NewSessions, "Peer profile: what this LNS wants to be told, and how"),
        new($"{path}.assignment-id", _text, null, NewSessions, "Its sessions share tunnels only with those of the same assignment id"),
    ];

    private static ConfigKey Group(string path, string description, ReloadClass reload = NewSessions) =>
        new(path, null, null, reload, description);

    private static ConfigKey Planned(string path) => new(path, null, null, NewSessions, "") { Planned = true };
}
