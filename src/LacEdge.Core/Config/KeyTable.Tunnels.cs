using static LacEdge.Core.Config.ReloadClass;

namespace LacEdge.Core.Config;

public static partial class KeyTable
{
    private static ConfigKey[] Tunnels() =>
    [
        Group("tunnels", "Tunnel profiles, by name: our side of a tunnel", NewSessions),
        Group("tunnels.*", "One tunnel profile", NewSessions) with { NameType = _name },
        new("tunnels.*.secret", new SecretType(), null, NewSessions, "Shared with the LNS; without it tunnels are not authenticated"),
        .. SecretSources("tunnels.*.secret"),
        new("tunnels.*.old-secret", new SecretType(), null, NewSessions, "Accepted beside 'secret' until the LNS has changed, too"),
        .. SecretSources("tunnels.*.old-secret"),
        new("tunnels.*.source-address", _address, null, NewSessions, "Our address; without it the kernel chooses"),
        new("tunnels.*.source-port",
            new ChoiceType<SourcePort>([("auto", SourcePort.Auto), ("1701", SourcePort.WellKnown), ("any", SourcePort.Any)]), "auto",
            NewSessions, "Our port: 1701 for the first tunnel to an LNS address (auto) or for all, or one of l2tp.local-ports (any)"),
        new("tunnels.*.reply-from",
            new ChoiceType<ReplyFrom>([("proven", ReplyFrom.Proven), ("address", ReplyFrom.Address), ("exact", ReplyFrom.Exact)]), "proven",
            NewSessions, "Where the LNS may answer from: its address and port (exact), any port (address), elsewhere if it proves the secret (proven)"),
        new("tunnels.*.vrf", new InterfaceType(), null, NewSessions, "Device that the tunnels' sockets are bound to, for example a VRF"),
        new("tunnels.*.host-name", _text, "= node.name", NewSessions, "Our Host Name; LNSes find secret and policy by it"),
        new("tunnels.*.peer-host-name", _text, null, NewSessions, "Host Name that the LNS must show; without it any"),
        new("tunnels.*.vendor-name", _text, "LacEdge", NewSessions, "Our Vendor Name"),
        new("tunnels.*.hello-interval", new DurationType("1s", "1h"), "60s", NewSessions, "Silence of the LNS before it is probed"),
        new("tunnels.*.idle-timeout", new DurationType("0", "24h"), "60s",
            NewSessions, "How long a tunnel without sessions stays; 0: for ever"),
        new("tunnels.*.persistent", new BooleanType(), "false",
            NewSessions, "Tunnels to the LNSes are opened at start, opened again after any loss, and never closed for being idle"),
        new("tunnels.*.max-sessions", new IntegerType(1, 60_000), "30000", NewSessions, "Sessions on one tunnel"),
        new("tunnels.*.max-tunnels", new IntegerType(1, 256), "1",
            NewSessions, "Tunnels to one LNS: the next is opened when those before have their max-sessions"),
        new("tunnels.*.tie-breaker", new BooleanType(), "false",
            NewSessions, "Sends a Tie Breaker: one tunnel only, when both ends open one at the same time"),
        new("tunnels.*.receive-window", new IntegerType(1, 1024), "64", NewSessions, "Control messages that the LNS may send ahead"),
        new("tunnels.*.retries", new IntegerType(1, 20), "5",
            NewSessions, "Retransmissions of a control message before the tunnel is given up"),
        new("tunnels.*.retry-cap", new DurationType("8s", "60s"), "16s", NewSessions, "The longest time between two of them"),
        new("tunnels.*.setup-timeout", new DurationType("1s", "60s"), "5s",
            NewSessions, "Time for the LNS's first answer before the next candidate is tried"),
        new("tunnels.*.lockout", new DurationType("0", "1h"), "30s",
            NewSessions, "How long an LNS that failed gets no calls that others can have; then one call tries it"),
        new("tunnels.*.hide-avps", new ChoiceType<AvpHiding>(Hidings), "auto",
            NewSessions, "AVPs to hide: PAP name and password when both ends proved the secret (auto) or whenever there is one (sensitive); all; none"),
        new("tunnels.*.dscp", new DscpType(), "0", NewSessions, "DSCP of data messages' outer header; copy takes it from the subscriber's packet"),
        new("tunnels.*.negotiate-dscp", new BooleanType(), "false", NewSessions, "Agrees on DSCPs with the LNS (RFC 3308): it may want another for data"),
        new("tunnels.*.udp-checksum", new BooleanType(), "true", NewSessions, "Whether data messages have a UDP checksum; control messages always do"),
        new("tunnels.*.oversize",
            new ChoiceType<OversizePolicy>(
                [("fragment", OversizePolicy.Fragment), ("drop", OversizePolicy.Drop), ("clamp-mss", OversizePolicy.ClampMss)]), "fragment",
            NewSessions, "Data messages longer than the path takes: in fragments, dropped (don't fragment), or avoided by a smaller TCP MSS"),
        new("tunnels.*.path-mtu", new IntegerType(576, 9_216), "1500",
            NewSessions, "Longest IP packet that the path to the LNS takes whole, in octets: for clamp-mss and the count of fragments"),
        new("tunnels.*.reorder-window", new IntegerType(0, 64), "16",
            NewSessions, "Sequenced data messages of a session that may wait for an earlier one; 0: none waits"),
        new("tunnels.*.reorder-time", new DurationType("1ms", "1s"), "50ms", NewSessions, "How long they wait"),
        new("tunnels.*.ipsec", new ChoiceType<bool>([("none", false), ("required", true)]), "none",
            NewSessions, "Protection of the tunnel by IPsec; this LacEdge refuses 'required'"),
    ];

    private static (string Word, AvpHiding Value)[] Hidings =>
        [("auto", AvpHiding.Auto), ("none", AvpHiding.None), ("sensitive", AvpHiding.Sensitive), ("all", AvpHiding.All)];
}
