using System.Globalization;
using LacEdge.Interop.Host;

namespace LacEdge.Interop.Wire;

/// <summary>The independent judge of everything on the wire.</summary>
internal static class Tshark
{
    private const string AccessMac = "02:00:00:00:00:01", CoreMac = "02:00:00:00:00:02";
    private const int SeverityError = 0x0080_0000;     // PI_ERROR; tshark gives "malformed" that severity, too

    private static readonly string[] Fields =
    [
        "frame.number", "frame.time_epoch", "eth.src", "eth.dst", "eth.type", "vlan.etype", "vlan.id", "ieee8021ad.id", "icmp.type", "pppoe.code", "l2tp.type", "l2tp.avp.message_type", "l2tp.avp.type",
        "l2tp.avp.hidden", "ppp.protocol", "ppp.code", "pap.code", "chap.code", "eap.code",
        "_ws.expert.severity", "_ws.expert.message", "_ws.malformed",
    ];

    /// <summary>Every frame of a capture file.</summary>
    public static async Task<IReadOnlyList<WireFrame>> ReadAsync(Side side, string file) =>
        [.. from columns in await RunAsync(file, "frame", Fields) select Parse(side, columns)];

    /// <summary>The frames that a display filter selects.</summary>
    public static async Task<IReadOnlyList<WireFields>> SelectAsync(string file, string filter, string[] fields) =>
    [
        .. from columns in await RunAsync(file, filter, ["frame.number", "eth.src", .. fields])
           select new WireFields(
               ParseNumber(columns[0]), IsOurs(columns[1]), fields.Zip(columns.Skip(2)).ToDictionary(pair => pair.First, pair => pair.Second)),
    ];

    private static async Task<IEnumerable<string[]>> RunAsync(string file, string filter, string[] fields)
    {
        var output = await Shell.RunAsync(
            ["tshark", "-n", "-r", file, "-Y", filter, "-T", "fields", "-E", "separator=/t", "-E", "occurrence=a", "-E", "aggregator=|",
             .. fields.SelectMany(field => new[] { "-e", field })]);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'));
    }

    private static bool IsOurs(string source) => source is AccessMac or CoreMac;

    private static WireFrame Parse(Side side, string[] columns)
    {
        string Text(string field) => columns[Array.IndexOf(Fields, field)];
        IReadOnlyList<int> Numbers(string field) => [.. Text(field).Split('|', StringSplitOptions.RemoveEmptyEntries).Select(ParseNumber)];
        int? First(string field) => Numbers(field) is [var first, ..] ? first : null;
        // tshark's 802.1ad dissector keeps the TPID of the tag inside to itself; it is 802.1Q's, or there would be no vlan.id.
        string Tags(int[] types) => types is [0x88A8, ..]
            ? string.Join(' ', [$"88a8:{First("ieee8021ad.id")}", .. Numbers("vlan.id").Select(id => $"8100:{id}")])
            : string.Join(' ', Numbers("vlan.id").Zip(types, (id, type) => $"{type:x4}:{id}"));

        var malformed = Text("_ws.malformed").Length > 0 || Numbers("_ws.expert.severity").Any(severity => severity >= SeverityError);
        var message = Text("icmp.type").Length > 0 ? Message.Other       // quotes a part of a datagram
            : First("pppoe.code") is { } pppoe and not 0 ? OfPppoe(pppoe)
            : First("l2tp.type") == 1 ? OfL2tp(First("l2tp.avp.message_type"))
            : First("ppp.protocol") is { } protocol ? OfPpp(protocol, First("ppp.code"), First("pap.code") ?? First("chap.code") ?? First("eap.code"))
            : Message.Other;
        return new(
            side, ParseNumber(Text("frame.number")), double.Parse(Text("frame.time_epoch"), CultureInfo.InvariantCulture),
            IsOurs(Text("eth.src")), Text("eth.dst"), Tags([.. Numbers("eth.type"), .. Numbers("vlan.etype")]), message, Numbers("l2tp.avp.type"), Numbers("l2tp.avp.hidden").Sum(),
            malformed ? $"{Text("_ws.expert.message")} {Text("_ws.malformed")}".Trim() : "");
    }

    private static int ParseNumber(string text) => text.StartsWith("0x", StringComparison.Ordinal)
        ? int.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
        : int.Parse(text, CultureInfo.InvariantCulture);

    private static Message OfPppoe(int code) => code switch
    {
        0x09 => Message.Padi,
        0x07 => Message.Pado,
        0x19 => Message.Padr,
        0x65 => Message.Pads,
        0xA7 => Message.Padt,
        _ => Message.Other,
    };

    public static Message OfL2tp(int? messageType) => messageType switch
    {
        null => Message.Zlb,
        1 => Message.Sccrq,
        2 => Message.Sccrp,
        3 => Message.Scccn,
        4 => Message.StopCcn,
        6 => Message.Hello,
        10 => Message.Icrq,
        11 => Message.Icrp,
        12 => Message.Iccn,
        14 => Message.Cdn,
        _ => Message.OtherL2tp,
    };

    private static Message OfPpp(int protocol, int? ppp, int? authentication) => (protocol, ppp ?? authentication) switch
    {
        (0xC021, 1) => Message.LcpConfigureRequest,
        (0xC021, 2) => Message.LcpConfigureAck,
        (0xC021, 3) => Message.LcpConfigureNak,
        (0xC021, 5) => Message.LcpTerminateRequest,
        (0xC021, 6) => Message.LcpTerminateAck,
        (0xC021, _) => Message.OtherLcp,
        (0xC023, 1) => Message.PapRequest,
        (0xC023, 2) => Message.PapAck,
        (0xC023, 3) => Message.PapNak,
        (0xC223, 1) => Message.ChapChallenge,
        (0xC223, 2) => Message.ChapResponse,
        (0xC223, 3) => Message.ChapSuccess,
        (0xC223, 4) => Message.ChapFailure,
        (0xC227, 3) => Message.EapSuccess,
        (0xC227, 4) => Message.EapFailure,
        _ => Message.OtherPpp,
    };
}
