using static LacEdge.Core.Events.AcctTerminateCause;

namespace LacEdge.Core.Events;

/// <summary>Acct-Terminate-Cause (RFC 2866 section 5.10).</summary>
public enum AcctTerminateCause : byte
{
    /// <summary>No session ends this way.</summary>
    None = 0,
    UserRequest = 1,
    LostCarrier = 2,
    LostService = 3,
    IdleTimeout = 4,
    SessionTimeout = 5,
    AdminReset = 6,
    AdminReboot = 7,
    PortError = 8,
    NasError = 9,
    NasRequest = 10,
    NasReboot = 11,
    PortPreempted = 13,
    ServiceUnavailable = 15,
    UserError = 17,
}

/// <summary>Who ended it.</summary>
public enum EndParty : byte
{
    LacEdge,
    Subscriber,
    Lns,
    Operator,
}

/// <summary>Result and error code of a CDN (RFC 2661 section 4.4.2).</summary>
public readonly record struct CdnCodes(ushort Result, ushort Error = 0);

/// <summary>What a cause means to everybody who is told about it.</summary>
/// <param name="Name">Stable name in logs, JSON and metrics: kebab-case.</param>
/// <param name="Meaning">One sentence.</param>
/// <param name="NextStep">What the operator does about it; one sentence.</param>
/// <param name="Cdn">What the LNS is told when it knows the call; null: it ended the call itself, or the whole tunnel is gone.</param>
/// <param name="DisconnectCause">Code of the PPP Disconnect Cause AVP beside the CDN's codes (RFC 3145 section 2.1); null: none.</param>
/// <param name="TerminatesLcp">Whether the subscriber gets an LCP Terminate-Request before PADT.</param>
public sealed record CauseRow(
    EndCause Cause, string Name, EndParty By, AcctTerminateCause TerminateCause, CdnCodes? Cdn, ushort? DisconnectCause, bool TerminatesLcp,
    string Meaning, string NextStep)
{
    /// <summary>Stable name of <see cref="By"/>.</summary>
    public string ByName => By switch
    {
        EndParty.LacEdge => "lacedge",
        EndParty.Subscriber => "subscriber",
        EndParty.Lns => "lns",
        EndParty.Operator => "operator",
    };
}

/// <summary>
/// Every way in which a session or a tunnel ends. Logs, JSON, accounting and documentation take their words and codes from
/// here.
/// </summary>
public static class CauseTable
{
    private const string AskTheIsp = "Ask the ISP, with the LNS's name, the time and the detail.";

    // One row for each EndCause, in its order.
    private static readonly CauseRow[] _rows =
    [
        new(EndCause.None, "none", EndParty.LacEdge, None, null, null, false,
            "It has not ended.", "Nothing."),
        new(EndCause.SubscriberPadt, "subscriber-padt", EndParty.Subscriber, UserRequest, new CdnCodes(1), null, false,
            "The subscriber ended the PPPoE session (PADT).",
            "Nothing; when it repeats, look at the subscriber's equipment and at what the LNS told it just before."),
        new(EndCause.SubscriberTerminate, "subscriber-terminate", EndParty.Subscriber, UserRequest, new CdnCodes(1), 3, false,
            "The subscriber hung up (LCP Terminate-Request).",
            "Nothing; when it repeats, look at the subscriber's equipment."),
        new(EndCause.LcpTimeout, "lcp-timeout", EndParty.LacEdge, LostCarrier, new CdnCodes(1), 5, false,
            "LCP did not open: the subscriber stopped answering.",
            "Check the line, and that PPPoE session frames (EtherType 0x8864) pass the access network both ways."),
        new(EndCause.LcpRefused, "lcp-refused", EndParty.LacEdge, UserError, new CdnCodes(1), 5, true,
            "LCP did not open: the two sides could not agree on options.",
            "Compare the options in the detail with the subscriber's PPP settings."),
        new(EndCause.LcpLoop, "lcp-loop", EndParty.LacEdge, PortError, new CdnCodes(2, 6), 7, true,
            "LacEdge hears its own LCP packets: the line is looped back.",
            "Look for the loop in the access network (both sides show one magic number)."),
        new(EndCause.EchoTimeout, "echo-timeout", EndParty.LacEdge, LostCarrier, new CdnCodes(1), 8, false,
            "The subscriber stopped answering LCP Echo-Requests before an LNS had taken over.",
            "Check the line and the subscriber's equipment; 'ppp.echo-interval' and 'ppp.echo-failures' say how patient LacEdge is."),
        new(EndCause.AuthenticationTimeout, "authentication-timeout", EndParty.LacEdge, UserError, new CdnCodes(10), 13, true,
            "The subscriber presented no credentials in time.",
            "Check that the subscriber's equipment has a user name and a password."),
        new(EndCause.AuthenticationRefused, "authentication-refused", EndParty.LacEdge, UserError, new CdnCodes(1), 15, true,
            "The subscriber refuses every authentication protocol that is configured.",
            "Add the protocol that the subscriber wants to 'authentication' of the access service, or change the subscriber's equipment."),
        new(EndCause.NoRealm, "no-realm", EndParty.LacEdge, UserError, new CdnCodes(6), null, true,
            "The user name has no realm, and steering needs one.",
            "Correct the user name in the subscriber's equipment, or add a target without a realm to the steering list."),
        new(EndCause.RealmUnknown, "realm-unknown", EndParty.LacEdge, UserError, new CdnCodes(6), null, true,
            "No ISP has the realm of the user name.",
            "Correct the user name, or add the realm to 'realms' of its ISP."),
        new(EndCause.NoLns, "no-lns", EndParty.LacEdge, ServiceUnavailable, new CdnCodes(5), null, true,
            "No LNS is left for this subscriber.",
            "Look at the ISP's LNSes: none is configured, or all are full or failing."),
        new(EndCause.TunnelTimeout, "tunnel-timeout", EndParty.LacEdge, ServiceUnavailable, null, null, true,
            "The LNS did not answer when a tunnel was opened.",
            "Check the route to the LNS and that UDP port 1701 passes both ways; then ask the ISP whether the LNS runs."),
        new(EndCause.TunnelRefused, "tunnel-refused", EndParty.Lns, ServiceUnavailable, null, null, true,
            "The LNS refused the tunnel (StopCCN).",
            "Compare host name and secret with the ISP: most LNSes look up the LAC by its host name."),
        new(EndCause.TunnelSecretWrong, "tunnel-secret-wrong", EndParty.LacEdge, ServiceUnavailable, null, null, true,
            "The LNS's answer to our challenge is wrong or missing: its secret is another one.",
            "Agree on the tunnel secret with the ISP; it belongs to the host name that we send."),
        new(EndCause.TunnelSecretMissing, "tunnel-secret-missing", EndParty.LacEdge, ServiceUnavailable, null, null, true,
            "The LNS challenges us, and the tunnel profile has no secret.",
            "Set 'secret' in the tunnel profile to what the ISP gave you."),
        new(EndCause.TunnelHostNameWrong, "tunnel-host-name-wrong", EndParty.LacEdge, ServiceUnavailable, null, null, true,
            "The LNS shows another Host Name than the tunnel profile expects.",
            "Check the LNS's address, then 'peer-host-name' of the tunnel profile; the detail holds the name that came."),
        new(EndCause.TunnelProtocolError, "tunnel-protocol-error", EndParty.LacEdge, LostService, null, null, true,
            "The LNS broke the rules of L2TP; the tunnel was closed.", AskTheIsp),
        new(EndCause.CallTimeout, "call-timeout", EndParty.LacEdge, ServiceUnavailable, new CdnCodes(10), null, true,
            "The tunnel stands, but the LNS did not answer the call.", AskTheIsp),
        new(EndCause.CallRefused, "call-refused", EndParty.Lns, ServiceUnavailable, null, null, true,
            "The LNS refused the call (CDN before it was connected).",
            "Look at result code and text in the detail: codes 4 and 5 mean a full LNS, others concern this subscriber."),
        new(EndCause.CallProtocolError, "call-protocol-error", EndParty.LacEdge, NasError, new CdnCodes(2, 6), null, true,
            "The LNS broke the rules of L2TP; the call was ended.", AskTheIsp),
        new(EndCause.LnsCdn, "lns-cdn", EndParty.Lns, LostService, null, null, true,
            "The LNS ended the call (CDN).",
            "Look at result code and text in the detail; a wrong password ends like this too."),
        new(EndCause.LnsStopCcn, "lns-stopccn", EndParty.Lns, LostService, null, null, true,
            "The LNS closed the whole tunnel (StopCCN).", AskTheIsp),
        new(EndCause.LnsDead, "lns-dead", EndParty.LacEdge, LostService, null, null, true,
            "The LNS stopped answering: it failed, restarted, or the path to it is broken.",
            "Check the route to the LNS; then ask the ISP."),
        new(EndCause.Operator, "operator", EndParty.Operator, AdminReset, new CdnCodes(3), 1, true,
            "An operator cleared it.",
            "Nothing; the detail holds the reason that was given."),
        new(EndCause.Shutdown, "shutdown", EndParty.Operator, AdminReboot, new CdnCodes(3), 1, false,
            "LacEdge was stopped.",
            "Nothing; subscribers dial again when LacEdge runs."),
        new(EndCause.IdleTunnel, "idle-tunnel", EndParty.LacEdge, None, null, null, false,
            "The tunnel carried no session for its idle-timeout.",
            "Nothing; the next subscriber opens it again."),
        new(EndCause.AccessInterfaceDown, "access-interface-down", EndParty.LacEdge, LostCarrier, new CdnCodes(1), null, false,
            "The access interface went down or away, or has another MAC now.",
            "Check the interface, its cable and its peer."),
        new(EndCause.Limit, "limit", EndParty.LacEdge, NasRequest, new CdnCodes(4), null, true,
            "A configured limit is reached.",
            "Raise the limit that the detail names, or find out who uses it up."),
        new(EndCause.SocketFailed, "socket-failed", EndParty.LacEdge, NasError, new CdnCodes(2, 6), null, true,
            "The UDP socket for the tunnel could not be opened.",
            "Check that the tunnel profile's source-address is on this machine and that no other program holds the port."),
        new(EndCause.SetupTimeout, "setup-timeout", EndParty.LacEdge, ServiceUnavailable, new CdnCodes(10), null, true,
            "All LNS candidates together took longer than the subscriber waits.",
            "Look at the ISP's LNSes: they answer too slowly, or too many of them are down."),
        new(EndCause.SubscriberReplaced, "subscriber-replaced", EndParty.Subscriber, PortPreempted, new CdnCodes(3), null, false,
            "The subscriber opened a new PPPoE session, and this one made room for it.",
            "Nothing; when it repeats, look at why the subscriber's equipment dials anew without ending its session."),
        new(EndCause.TooManyAttempts, "too-many-attempts", EndParty.LacEdge, UserError, new CdnCodes(3), null, true,
            "The subscriber presented credentials again and again before an LNS had taken its call.",
            "Look at the subscriber's equipment: it restarts LCP or changes its user name without end."),
        new(EndCause.LnsNameUnknown, "lns-name-unknown", EndParty.LacEdge, ServiceUnavailable, new CdnCodes(5), null, true,
            "DNS knows no LNS by the name that steering looks up.",
            "Check the name in the detail with the DNS servers of 'dns.servers'; it is made of the realm where the target says 'prefix'."),
        new(EndCause.DnsFailed, "dns-failed", EndParty.LacEdge, ServiceUnavailable, new CdnCodes(5), null, true,
            "The DNS servers are silent or fail, and nothing is remembered of the LNS's name.",
            "Check the route to the servers in 'dns.servers' and that they answer; the detail says what happened."),
        new(EndCause.RadiusReject, "radius-reject", EndParty.LacEdge, UserError, new CdnCodes(3), 16, true,
            "RADIUS turns the subscriber away.",
            "Look at the server and its text in the detail, then at what the server's log says of this name."),
        new(EndCause.RadiusTimeout, "radius-timeout", EndParty.LacEdge, ServiceUnavailable, new CdnCodes(5), null, true,
            "No RADIUS server of the group answered in time.",
            "Check the route to the servers, that they run, and that they know LacEdge's address with the same secret."),
        new(EndCause.RadiusUnsigned, "radius-unsigned", EndParty.LacEdge, ServiceUnavailable, new CdnCodes(5), null, true,
            "RADIUS answered without the Message-Authenticator that is required.",
            "Let the server sign its replies (FreeRADIUS: require_message_authenticator = yes), or see require-message-authenticator."),
        new(EndCause.SessionTimeout, "session-timeout", EndParty.LacEdge, SessionTimeout, new CdnCodes(3), 1, true,
            "The session has lasted as long as RADIUS allows (Session-Timeout).",
            "Nothing; the server's Session-Timeout says how long that is."),
        new(EndCause.IdleTimeout, "idle-timeout", EndParty.LacEdge, IdleTimeout, new CdnCodes(3), 1, true,
            "No frame but LCP passed for as long as RADIUS allows (Idle-Timeout).",
            "Nothing; the server's Idle-Timeout says how long that is."),
    ];

    /// <summary>Acct-Terminate-Cause of an end: where the LNS ended the call, its PPP disconnect cause (RFC 3145) says more than the result code of
    /// its CDN, and that more than the cause alone.</summary>
    public static AcctTerminateCause TerminateCauseOf(EndCause cause, ushort resultCode, ushort? disconnectCause) =>
        cause != EndCause.LnsCdn ? Of(cause).TerminateCause : disconnectCause switch
        {
            1 => AdminReset,
            3 => UserRequest,
            5 or 6 or 8 => LostCarrier,
            7 => PortError,
            4 or 13 or 14 or 15 or 16 => UserError,
            _ => resultCode switch
            {
                1 => LostCarrier,
                2 => NasError,
                3 => AdminReset,
                4 or 5 or 6 => ServiceUnavailable,
                _ => Of(cause).TerminateCause,
            },
        };

    /// <summary>In the order of <see cref="EndCause"/>.</summary>
    public static IReadOnlyList<CauseRow> Rows => _rows;

    public static CauseRow Of(EndCause cause) => _rows[(int)cause];

    /// <summary>Whether a session that ended like this speaks against its line, and the next one may well end the same way: the subscriber's
    /// doing, failed LCP and authentication, or the LNS's refusal. Troubles of LNSes and tunnels do not, nor what operators do.</summary>
    public static bool BlamesTheLine(EndCause cause) => cause is
        EndCause.SubscriberPadt or EndCause.SubscriberTerminate
        or EndCause.LcpTimeout or EndCause.LcpRefused or EndCause.LcpLoop or EndCause.EchoTimeout
        or EndCause.AuthenticationTimeout or EndCause.AuthenticationRefused or EndCause.NoRealm or EndCause.RealmUnknown
        or EndCause.TooManyAttempts or EndCause.RadiusReject
        or EndCause.CallRefused or EndCause.LnsCdn;
}
