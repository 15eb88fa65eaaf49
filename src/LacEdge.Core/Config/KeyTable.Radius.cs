using LacEdge.Core.Radius;
using static LacEdge.Core.Config.ReloadClass;

namespace LacEdge.Core.Config;

/// <summary>RADIUS servers, and steering that asks them.</summary>
public static partial class KeyTable
{
    private static ConfigKey[] Radius() =>
    [
        Group("radius", "Groups of RADIUS servers, by name", NewSessions),
        Group("radius.*", "Servers that stand for each other", NewSessions) with { NameType = _name },
        Group("radius.*.servers", "The servers, by name", Listener) with { Required = true },
        Group("radius.*.servers.*", "One server", Listener) with { NameType = _name },
        new("radius.*.servers.*.address", _address, null, Listener, "Its address") { Required = true },
        new("radius.*.servers.*.port", _port, "1812", Listener, "Its UDP port for authentication"),
        new("radius.*.servers.*.secret", new SecretType(), null, NewSessions, "Shared with the server") { Required = true },
        .. SecretSources("radius.*.servers.*.secret"),
        new("radius.*.servers.*.source-address", _address, null,
            Listener, "Our address, also NAS-IP-Address; without it the kernel chooses and NAS-Identifier alone names us"),
        new("radius.*.servers.*.weight", new IntegerType(1, 10_000), "1", NewSessions, "Share of the questions where 'selection' is weighted"),
        new("radius.*.servers.*.require-message-authenticator",
            new ChoiceType<MessageAuthenticatorPolicy>(
                [("auto", MessageAuthenticatorPolicy.Auto), ("yes", MessageAuthenticatorPolicy.Yes), ("no", MessageAuthenticatorPolicy.No)]), "auto",
            NewSessions, "Replies without Message-Authenticator are dropped: always, never, or once the server has signed one (auto)"),
        new("radius.*.servers.*.status-server", new BooleanType(), "false",
            NewSessions, "While it does not answer it is probed by Status-Server (RFC 5997), and asked again as soon as it answers"),
        new("radius.*.selection",
            new ChoiceType<RadiusSelection>(
                [("failover", RadiusSelection.Failover), ("round-robin", RadiusSelection.RoundRobin), ("weighted", RadiusSelection.Weighted)]), "failover",
            NewSessions, "Who is asked first: the first by name that answers (failover), each in turn, or at random by weight"),
        new("radius.*.retransmit-time", new DurationType("100ms", "60s"), "2s",
            NewSessions, "First wait for an answer, then another server is asked; each further wait is twice as long"),
        new("radius.*.max-retransmit-time", new DurationType("1s", "10m"), "16s", NewSessions, "The longest wait"),
        new("radius.*.retransmissions", new IntegerType(0, 20), "5", NewSessions, "Retransmissions over all servers together"),
        new("radius.*.patience", new DurationType("1s", "10m"), "30s",
            NewSessions, "From the first transmission to giving up; steering gives up earlier, see 'timeout' there"),
        new("radius.*.dead-time", new DurationType("1s", "1h"), "60s", NewSessions, "How long a server that does not answer is left alone"),
        new("radius.*.max-outstanding", new IntegerType(1, 8_000), "2000", NewSessions, "Questions on their way; at the limit more are refused"),
        new("radius.*.nas-port-id", _template, "{interface}:{vlans}", NewSessions, "Template of NAS-Port-Id; '' leaves it out"),
        new("radius.*.nas-port-type", new IntegerType(0, 65_535), null,
            NewSessions, "NAS-Port-Type; unless set 32, 33 or 34 (PPPoE over Ethernet, VLAN, QinQ) by the line's tags"),
        new("radius.*.calling-station-id", _template, "{mac}", NewSessions, "Template of Calling-Station-Id; '' leaves it out"),
        new("radius.*.called-station-id", _template, "{service-name}", NewSessions, "Template of Called-Station-Id; '' leaves it out"),
    ];

    private static ConfigKey[] RadiusTargets(string path) =>
    [
        new($"{path}.radius", _name, null, NewSessions, "The LNSes that this group of RADIUS servers names"),
        new($"{path}.user-name", _template, "{realm}",
            NewSessions, "Template of User-Name in the question to RADIUS; {user} is the whole name. Who has nothing to fill it is passed over"),
        new($"{path}.password", new SecretType(), null, NewSessions, "User-Password in the question to RADIUS, 'password' unless set"),
        .. SecretSources($"{path}.password"),
        new($"{path}.service-type", new IntegerType(1, 255), null,
            NewSessions, "Service-Type in the question to RADIUS; unless set 5 (Outbound), or 2 (Framed) with authenticate-before-forward"),
        new($"{path}.timeout", new DurationType("1s", "60s"), "10s", NewSessions, "How long RADIUS is waited for, all servers and repetitions together"),
        new($"{path}.authenticate-before-forward", new BooleanType(), "false",
            NewSessions, "RADIUS judges the subscriber's own name and PAP, CHAP or MS-CHAP answer before any LNS does"),
        new($"{path}.peer-profile", _name, "default", NewSessions, "Peer profile of the LNSes that RADIUS names"),
    ];
}
