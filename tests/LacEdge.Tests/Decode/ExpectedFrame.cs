using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using LacEdge.Decode;
using LacEdge.Wire;
using LacEdge.Wire.L2tp;
using LacEdge.Wire.Ppp;

namespace LacEdge.Tests.Decode;

/// <summary>
/// One line of an <c>.expected.txt</c>: <c>#n vlan=.. | UDP a:p&gt;b:p | L2TP .. | PPP .. | LCP ..  !!damage</c>, made by another
/// decoder. <see cref="Differences"/> compares every field of it with what we found.
/// </summary>
internal sealed partial class ExpectedFrame
{
    private static readonly string[] _lcpCodes =
        ["", "ConfReq", "ConfAck", "ConfNak", "ConfRej", "TermReq", "TermAck", "CodeRej", "ProtRej", "EchoReq", "EchoRep", "DiscReq", "Ident"];
    private static readonly Dictionary<string, string[]> _codes = new()
    {
        ["PAP"] = ["", "Auth-Req", "Auth-Ack", "Auth-Nak"],
        ["CHAP"] = ["", "Challenge", "Response", "Success", "Failure"],
        ["EAP"] = ["", "Request", "Response", "Success", "Failure"],
    };
    private static readonly Dictionary<string, int> _pppoeCodes =
        new() { ["PADI"] = 0x09, ["PADO"] = 0x07, ["PADR"] = 0x19, ["PADS"] = 0x65, ["PADT"] = 0xA7 };

    private readonly List<string> _differences = [];

    public required int Number { get; init; }
    public required string[] Segments { get; init; }
    public required bool IsDamaged { get; init; }
    public bool IsGre => Segments.Any(s => s.StartsWith("GRE", StringComparison.Ordinal));

    public static ExpectedFrame Parse(string line)
    {
        var number = int.Parse(line.AsSpan(1, line.IndexOf(' ', StringComparison.Ordinal) - 1), CultureInfo.InvariantCulture);
        var body = line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..].Replace("  [tshark: malformed]", "", StringComparison.Ordinal);
        var damage = body.IndexOf("  !!", StringComparison.Ordinal);
        return new ExpectedFrame
        {
            Number = number,
            Segments = (damage < 0 ? body : body[..damage]).Split(" | "),
            IsDamaged = damage >= 0,
        };
    }

    public IReadOnlyList<string> Differences(DecodedFrame frame)
    {
        if (IsDamaged)
        {
            if (frame.Error == DecodeError.None) _differences.Add("no error for a damaged frame");
            return _differences;
        }

        Equal("error", DecodeError.None, frame.Error);
        Equal("vlans", "", Segments[0].StartsWith("vlan=", StringComparison.Ordinal) ? "" : string.Join('/', frame.Vlans));
        foreach (var segment in Segments)
        {
            var word = segment.Split(' ')[0];
            if (word.StartsWith("vlan=", StringComparison.Ordinal)) Equal("vlans", word, "vlan=" + string.Join('/', frame.Vlans));
            else if (word.StartsWith("GRE", StringComparison.Ordinal)) { Equal("ppp in GRE", null, frame.Ppp); break; }
            else if (word == "PPPoED") CheckDiscovery(segment, frame);
            else if (word == "PPPoES") Equal("pppoe", Field(segment, "sid"), Hex4(frame.Pppoe?.SessionId));
            else if (word == "UDP") Equal("udp", segment, $"UDP {frame.Ip?.Source}:{frame.Ip?.SourcePort}>{frame.Ip?.Destination}:{frame.Ip?.DestinationPort}");
            else if (word == "IPv4") Equal("ip", segment.Split(' ')[1], $"{frame.Ip?.Source}>{frame.Ip?.Destination}");
            else if (word == "L2TP") CheckL2tp(segment, frame.L2tp);
            else if (word == "RADIUS") CheckRadius(segment, frame.Radius);
            else if (word == "PPP") CheckPpp(segment, frame.Ppp);
            else CheckControl(segment, word, frame.Ppp);
        }

        return _differences;
    }

    private void CheckDiscovery(string segment, DecodedFrame frame)
    {
        Equal("pppoe code", _pppoeCodes[segment.Split(' ')[1]], (int)(frame.Pppoe?.Code ?? 0));
        Equal("session id", Field(segment, "sid"), Hex4(frame.Pppoe?.SessionId));
        var tags = frame.Pppoe?.Tags ?? [];
        Equal("length", Field(segment, "len"), $"{tags.Sum(t => 4 + t.Value.Length)}");
        CheckList(Elements(List(segment, "tags")), tags, type => int.Parse(type, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    private void CheckPpp(string segment, DecodedPpp? ppp)
    {
        var words = segment.Split(' ');
        Equal("protocol", words[^1], $"{(int)(ppp?.Protocol ?? 0):x4}");
        var form = words.Contains("ff03") ? PppHeaderForm.AddressAndControl
            : words.Contains("pfc") ? PppHeaderForm.CompressedProtocol : PppHeaderForm.Plain;
        Equal("header form", form, ppp?.HeaderForm);
    }

    private void CheckControl(string segment, string protocol, DecodedPpp? ppp)
    {
        var name = segment.Split(' ')[1];
        var code = Array.IndexOf(_codes.GetValueOrDefault(protocol, _lcpCodes), name);
        Equal("code", code, (int?)ppp?.Code);
        Equal("id", Field(segment, "id"), ppp?.Identifier?.ToString(CultureInfo.InvariantCulture));
        var length = 4 + (ppp?.Options?.Sum(o => 2 + o.Value.Length) ?? ppp?.Data?.Length ?? 0);
        Equal("length", Field(segment, "len"), length.ToString(CultureInfo.InvariantCulture));
        if (segment.Contains(" opts[", StringComparison.Ordinal))
        {
            CheckList(Elements(List(segment, "opts")), ppp?.Options ?? [], type => int.Parse(type, CultureInfo.InvariantCulture));
            return;
        }

        Equal("data", Convert.ToHexStringLower(Data(segment, protocol)), ppp?.Data?.ToString());
    }

    /// <summary>The octets behind the length field that the line's fields describe.</summary>
    private static byte[] Data(string segment, string protocol)
    {
        byte[] Octets(string field) => Field(segment, field) switch
        {
            null or "-" => [],
            ['"', .. var text, '"'] => Encoding.UTF8.GetBytes(text),
            var hex => Convert.FromHexString(hex),
        };
        byte[] Counted(string field) => [(byte)Octets(field).Length, .. Octets(field)];

        if (protocol == "PAP") return segment.Contains(" peer-id=", StringComparison.Ordinal) ? [.. Counted("peer-id"), .. Counted("password")] : Counted("msg");
        if (protocol == "EAP" && Field(segment, "type") is { } type) return [byte.Parse(type, CultureInfo.InvariantCulture), .. Octets("data")];
        if (segment.Contains(" value[", StringComparison.Ordinal))
        {
            var value = Convert.FromHexString(ChapValuePattern().Match(segment).Groups[1].Value);
            return [(byte)value.Length, .. value, .. Octets("name")];
        }

        return [.. Octets("magic"), .. Octets("rejproto"), .. Octets("info"), .. Octets("msg"), .. Octets("data")];
    }

    private void CheckL2tp(string segment, DecodedL2tp? l2tp)
    {
        var isControl = segment.StartsWith("L2TP ctl", StringComparison.Ordinal);
        Equal("control", isControl, l2tp?.IsControl);
        Equal("flags", Field(segment, "flags"), Hex4(l2tp?.Flags));
        Equal("tunnel", Field(segment, "tid"), l2tp?.TunnelId?.ToString(CultureInfo.InvariantCulture));
        Equal("session", Field(segment, "sid"), l2tp?.SessionId?.ToString(CultureInfo.InvariantCulture));
        Equal("length", Field(segment, "len"), l2tp?.Length?.ToString(CultureInfo.InvariantCulture));
        Equal("Ns", Field(segment, "Ns"), l2tp?.Ns?.ToString(CultureInfo.InvariantCulture));
        Equal("Nr", Field(segment, "Nr"), l2tp?.Nr?.ToString(CultureInfo.InvariantCulture));
        if (!isControl) return;

        var name = segment[..segment.IndexOf(" avps[", StringComparison.Ordinal)].Split(' ')[^1];
        Equal("message", name, l2tp?.MessageType is { } type ? MessageTable.NameOf((MessageType)type) : "ZLB");
        var expected = List(segment, "avps") is { Length: > 0 } list ? list.Split("; ") : [];
        var avps = l2tp?.Avps ?? [];
        Equal("AVPs", expected.Length, avps.Count);
        foreach (var (text, avp) in expected.Zip(avps))
        {
            var match = AvpPattern().Match(text);
            Equal("AVP", $"{match.Groups[1]}.{match.Groups[2]} {match.Groups[3]} {match.Groups[4]}",
                $"{avp.Vendor}.{avp.Type} {(avp.Mandatory ? "M" : "-")} {(avp.Hidden ? "[H]" : "")}");
            var value = match.Groups[5].Value;
            if (avp is { Vendor: 0, Type: 0 }) Equal("message type", value, MessageTable.NameOf((MessageType)(avp.Value.Span[0] << 8 | avp.Value.Span[1])));
            else if (!Matches(value, avp.Value)) _differences.Add($"AVP {avp.Type}: {value} <> {avp.Value}");
        }
    }

    private void CheckRadius(string segment, DecodedRadius? radius)
    {
        var code = RadiusCodePattern().Match(segment).Groups[1].Value;
        Equal("code", code, $"{(int)(radius?.Code ?? 0)}");
        Equal("id", Field(segment, "id"), $"{radius?.Identifier}");
        Equal("length", Field(segment, "len"), $"{20 + radius?.Attributes.Sum(a => 2 + a.Value.Length)}");
        var expected = List(segment, "attrs") is { Length: > 0 } list ? list.Split("; ") : [];
        CheckList(expected.Select(e => ElementPattern().Match(e)), radius?.Attributes ?? [], type => int.Parse(type, CultureInfo.InvariantCulture));
    }

    private void CheckList(IEnumerable<Match> expected, List<TypeAndValue> actual, Func<string, int> parseType)
    {
        var elements = expected.ToList();
        Equal("count", elements.Count, actual.Count);
        foreach (var (match, element) in elements.Zip(actual))
        {
            Equal("type", parseType(match.Groups[1].Value), (int)element.Type);
            if (!Matches(match.Groups[2].Value, element.Value)) _differences.Add($"{element.Type}: {match.Groups[2].Value} <> {element.Value}");
        }
    }

    /// <summary>Whether a printed value stands for these octets: text, hex, a number, an address or the heart of an EAP packet.</summary>
    private static bool Matches(string printed, Bytes octets)
    {
        if (printed == "-") return octets.IsEmpty;
        if (printed is ['"', .. var text, '"']) return text == Encoding.UTF8.GetString(octets.Span);
        var eap = EapPattern().Match(printed);
        if (eap.Success)
        {
            var heart = octets.Span[..4].ToArray().Concat(eap.Groups[4].Success ? octets.Span.Slice(4, 1).ToArray() : []);
            return heart.SequenceEqual([
                Number(1), Number(2), (byte)(octets.Length >> 8), (byte)octets.Length, .. eap.Groups[4].Success ? [Number(4)] : Array.Empty<byte>()]);
        }

        // A name in brackets explains the value.
        printed = printed.Split('(')[0];
        if (printed == octets.ToString()) return true;
        if (printed.Contains('.', StringComparison.Ordinal))
        {
            return IPAddress.TryParse(printed, out var address) && address.GetAddressBytes().AsSpan().SequenceEqual(octets.Span);
        }

        return octets.Length is > 0 and <= 8 && ulong.TryParse(printed, CultureInfo.InvariantCulture, out var number)
            && number == octets.Span.ToArray().Aggregate(0ul, (sum, octet) => sum << 8 | octet);

        byte Number(int group) => byte.Parse(eap.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    private void Equal<T>(string what, T expected, T actual)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual)) _differences.Add($"{what}: {expected} <> {actual}");
    }

    private static string Hex4(ushort? value) => $"0x{value:x4}";

    private static string? Field(string segment, string name)
    {
        var match = Regex.Match(segment, $" {name}=(\"[^\"]*\"|[^ ]*)");
        return match.Success ? match.Groups[1].Value : null;
    }

    private static string List(string segment, string name)
    {
        var at = segment.IndexOf($" {name}[", StringComparison.Ordinal) + name.Length + 2;
        return segment[at..segment.LastIndexOf(']')];
    }

    private static MatchCollection Elements(string list) => ElementPattern().Matches(list);

    [GeneratedRegex("""(?<![^ ])([0-9a-f]+)(?:\([^)]*\))?=("[^"]*"|EAP\{[^}]*\}|[^ ]+)""")]
    private static partial Regex ElementPattern();

    [GeneratedRegex("""^(\d+)\.(\d+)(?:\([^)]*\))? ([M-])(\[H\])?=("[^"]*"|[^ ]*)$""")]
    private static partial Regex AvpPattern();

    [GeneratedRegex("""^RADIUS (\d+)""")]
    private static partial Regex RadiusCodePattern();

    [GeneratedRegex("""value\[\d+\]=([0-9a-f]*)""")]
    private static partial Regex ChapValuePattern();

    [GeneratedRegex("""^EAP\{code=(\d+) id=(\d+) len=(\d+)(?: type=(\d+))?\}$""")]
    private static partial Regex EapPattern();
}
