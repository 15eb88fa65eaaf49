namespace LacEdge.Wire.Radius;

/// <summary>How the value of an attribute reads.</summary>
public enum RadiusValueKind : byte
{
    Octets,
    Text,
    /// <summary>Four octets, unsigned.</summary>
    Integer,
    Ipv4,
    Ipv6,
    /// <summary>Tag octet, then three octets of number (RFC 2868 section 3).</summary>
    TaggedInteger,
    /// <summary>Tag octet when it is 0x1F or less, then text (RFC 2868 section 3).</summary>
    TaggedText,
    /// <summary>Vendor id and sub-attributes (RFC 2865 section 5.26).</summary>
    Vendor,
}

public sealed record RadiusAttributeDefinition(byte Type, string Name, RadiusValueKind Kind);

/// <summary>Names of codes and of the attributes that LACs, LNSes and their servers exchange (RFC 2865 to 2869, 3162, 4372, 4675, 4818,
/// 5176, 6911).</summary>
public static class RadiusDictionary
{
    private static readonly RadiusAttributeDefinition?[] ByType = Build();

    public static RadiusAttributeDefinition? Find(byte type) => ByType[type];

    public static string? NameOf(RadiusCode code) => code switch
    {
        RadiusCode.AccessRequest => "Access-Request",
        RadiusCode.AccessAccept => "Access-Accept",
        RadiusCode.AccessReject => "Access-Reject",
        RadiusCode.AccountingRequest => "Accounting-Request",
        RadiusCode.AccountingResponse => "Accounting-Response",
        RadiusCode.AccessChallenge => "Access-Challenge",
        RadiusCode.StatusServer => "Status-Server",
        RadiusCode.StatusClient => "Status-Client",
        RadiusCode.DisconnectRequest => "Disconnect-Request",
        RadiusCode.DisconnectAck => "Disconnect-ACK",
        RadiusCode.DisconnectNak => "Disconnect-NAK",
        RadiusCode.CoaRequest => "CoA-Request",
        RadiusCode.CoaAck => "CoA-ACK",
        RadiusCode.CoaNak => "CoA-NAK",
        _ => null,
    };

    private static RadiusAttributeDefinition?[] Build()
    {
        var table = new RadiusAttributeDefinition?[256];
        Add(RadiusValueKind.Text, (1, "User-Name"), (11, "Filter-Id"), (18, "Reply-Message"), (19, "Callback-Number"), (20, "Callback-Id"),
            (22, "Framed-Route"), (30, "Called-Station-Id"), (31, "Calling-Station-Id"), (32, "NAS-Identifier"), (34, "Login-LAT-Service"),
            (35, "Login-LAT-Node"), (39, "Framed-AppleTalk-Zone"), (44, "Acct-Session-Id"), (50, "Acct-Multi-Session-Id"),
            (68, "Acct-Tunnel-Connection"), (74, "ARAP-Security-Data"), (77, "Connect-Info"), (87, "NAS-Port-Id"), (88, "Framed-Pool"),
            (99, "Framed-IPv6-Route"), (100, "Framed-IPv6-Pool"), (126, "Operator-Name"), (171, "Delegated-IPv6-Prefix-Pool"));
        Add(RadiusValueKind.Integer, (5, "NAS-Port"), (6, "Service-Type"), (7, "Framed-Protocol"), (10, "Framed-Routing"),
            (12, "Framed-MTU"), (13, "Framed-Compression"), (15, "Login-Service"), (16, "Login-TCP-Port"), (27, "Session-Timeout"),
            (23, "Framed-IPX-Network"), (28, "Idle-Timeout"), (29, "Termination-Action"), (37, "Framed-AppleTalk-Link"),
            (38, "Framed-AppleTalk-Network"), (40, "Acct-Status-Type"), (41, "Acct-Delay-Time"), (42, "Acct-Input-Octets"),
            (43, "Acct-Output-Octets"),
            (45, "Acct-Authentic"), (46, "Acct-Session-Time"), (47, "Acct-Input-Packets"), (48, "Acct-Output-Packets"),
            (49, "Acct-Terminate-Cause"), (51, "Acct-Link-Count"), (52, "Acct-Input-Gigawords"), (53, "Acct-Output-Gigawords"),
            (55, "Event-Timestamp"), (57, "Ingress-Filters"), (61, "NAS-Port-Type"), (62, "Port-Limit"), (72, "ARAP-Zone-Access"),
            (73, "ARAP-Security"), (75, "Password-Retry"), (76, "Prompt"), (85, "Acct-Interim-Interval"),
            (86, "Acct-Tunnel-Packets-Lost"), (101, "Error-Cause"));
        Add(RadiusValueKind.Ipv4, (4, "NAS-IP-Address"), (8, "Framed-IP-Address"), (9, "Framed-IP-Netmask"), (14, "Login-IP-Host"));
        Add(RadiusValueKind.Ipv6, (95, "NAS-IPv6-Address"), (98, "Login-IPv6-Host"), (168, "Framed-IPv6-Address"),
            (169, "DNS-Server-IPv6-Address"));
        Add(RadiusValueKind.Octets, (2, "User-Password"), (3, "CHAP-Password"), (24, "State"), (25, "Class"), (33, "Proxy-State"),
            (36, "Login-LAT-Group"), (56, "Egress-VLANID"), (58, "Egress-VLAN-Name"), (59, "User-Priority-Table"), (60, "CHAP-Challenge"),
            (63, "Login-LAT-Port"), (69, "Tunnel-Password"), (70, "ARAP-Password"), (71, "ARAP-Features"), (78, "Configuration-Token"),
            (79, "EAP-Message"), (80, "Message-Authenticator"), (84, "ARAP-Challenge-Response"), (89, "Chargeable-User-Identity"),
            (94, "Originating-Line-Info"), (96, "Framed-Interface-Id"), (97, "Framed-IPv6-Prefix"), (123, "Delegated-IPv6-Prefix"),
            (124, "MIP6-Feature-Vector"), (125, "MIP6-Home-Link-Prefix"), (127, "Location-Information"),
            (128, "Location-Data"));
        Add(RadiusValueKind.TaggedInteger, (64, "Tunnel-Type"), (65, "Tunnel-Medium-Type"), (83, "Tunnel-Preference"));
        Add(RadiusValueKind.TaggedText, (66, "Tunnel-Client-Endpoint"), (67, "Tunnel-Server-Endpoint"), (81, "Tunnel-Private-Group-ID"),
            (82, "Tunnel-Assignment-ID"), (90, "Tunnel-Client-Auth-ID"), (91, "Tunnel-Server-Auth-ID"));
        Add(RadiusValueKind.Vendor, (26, "Vendor-Specific"));
        return table;

        void Add(RadiusValueKind kind, params ReadOnlySpan<(int Type, string Name)> attributes)
        {
            foreach (var (type, name) in attributes) table[type] = new RadiusAttributeDefinition((byte)type, name, kind);
        }
    }
}
