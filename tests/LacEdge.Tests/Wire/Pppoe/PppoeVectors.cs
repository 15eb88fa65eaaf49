namespace LacEdge.Tests.Wire.Pppoe;

/// <summary>Whole Ethernet frames of PPPoE. Client 02:00:00:00:00:01, access concentrator 02:00:00:00:00:fe.</summary>
internal static class PppoeVectors
{
    /// <summary>Host-Uniq, PPP-Max-Payload 1500 and an access-line tag.</summary>
    public const string Padi =
        "ffffffffffff02000000000188631109000000460101000001030004112233440120000205dc0105003000000de9010f414e312065746820312f323a3130"
        + "3002085355422d303034328104000004008204000040009003010200";

    /// <summary>S-VLAN 100, C-VLAN 7.</summary>
    public const string PadiQinq = "ffffffffffff02000000000188a8006481000007886311090000000c010100000103000411223344";

    public const string Pado =
        "0200000000010200000000fe8863110700000034010100000102000a6c6163656467652d30310103000411223344010400103fea5384f91c0c701bf62029"
        + "8d4ee3cf0120000205dc";

    public const string Padr =
        "0200000000fe020000000001886311190000005a010100000103000411223344010400103fea5384f91c0c701bf620298d4ee3cf0120000205dc01050030"
        + "00000de9010f414e312065746820312f323a31303002085355422d303034328104000004008204000040009003010200";

    /// <summary>Session 1001.</summary>
    public const string Pads = "0200000000010200000000fe88631165100100120101000001030004112233440120000205dc";

    /// <summary>Service-Name "gold" refused.</summary>
    public const string PadsNameError = "0200000000010200000000fe886311650000001401010004676f6c64010300041122334402010000";

    /// <summary>"no resources".</summary>
    public const string PadsSystemError =
        "0200000000010200000000fe886311650000001c0101000001030004112233440202000c6e6f207265736f7572636573";

    /// <summary>Generic-Error "LNS closed session".</summary>
    public const string Padt = "0200000000010200000000fe886311a71001001602030012" + "4c4e5320636c6f7365642073657373696f6e";

    /// <summary>The client's Configure-Request with 24 octets of padding.</summary>
    public const string ConfigureRequestPadded =
        "0200000000fe0200000000018864110010010010c0210101000e010405d405060a0b0c0d000000000000000000000000000000000000000000000000";

    /// <summary>The access concentrator's, with CHAP.</summary>
    public const string ConfigureRequestOfAc = "0200000000010200000000fe8864110010010015c02101010013010405d40305c2230505060badcafe";

    public static readonly string[] All =
    [
        Padi, PadiQinq, Pado, Padr, Pads, PadsNameError, PadsSystemError, Padt, ConfigureRequestPadded, ConfigureRequestOfAc,
    ];

    public static TheoryData<string> Theory => [.. All];
}
