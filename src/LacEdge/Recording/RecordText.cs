using System.Buffers;
using System.Globalization;
using System.Text.Json;
using LacEdge.Decode;
using LacEdge.Wire;
using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;
using LacEdge.Wire.Pcap;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Recording;

/// <summary>A field in which two records differ.</summary>
/// <param name="Path">"l2tp.avps[4 Challenge Response].value".</param>
/// <param name="Recorded">Null: the recording does not have it.</param>
internal sealed record FieldDifference(string Path, string? Recorded, string? Replayed);

/// <summary>Shows lines of a recording as decoded fields, passwords masked.</summary>
internal static class RecordText
{
    private const ushort L2tpPort = 1701;
    private const int MaxFrame = 66_000;
    private static readonly CaptureInterface _ethernet = new(LinkType.Ethernet, null), _ip = new(LinkType.Raw, null);

    /// <summary>"datagram to 192.0.2.1:1701 from socket 0: tunnel 7 session 0 Ns 1 Nr 1  L2TP SCCCN  ..."</summary>
    public static string Describe(string json)
    {
        using var document = JsonDocument.Parse(json);
        var record = document.RootElement;
        var kind = Text(record, "out") ?? Text(record, "in") ?? "record";
        var to = Text(record, "peer") is { } peer ? $" to {peer}" : Text(record, "source") is { } source ? $" from {source}" : "";
        if (Decode(record) is { } frame) return $"{kind}{to}: {new TextFormat().Content(frame)}";
        var rest = record.EnumerateObject().Where(p => p.Name is not ("in" or "out" or "at"))
            .Select(p => $"{p.Name} {p.Value.GetRawText()}");
        return $"{kind}: {string.Join(", ", rest)}";
    }

    /// <summary>The input as a recording writes it.</summary>
    public static string LineOf(LacInput input)
    {
        var line = "";
        using var writer = new RecordWriter(octets => line = System.Text.Encoding.UTF8.GetString(octets.Span).TrimEnd());
        input.WriteTo(writer);
        return line;
    }

    /// <summary>Every field in which the two lines differ, octets decoded; in the order of the first.</summary>
    public static IReadOnlyList<FieldDifference> Compare(string recorded, string replayed)
    {
        using var first = JsonDocument.Parse(recorded);
        using var second = JsonDocument.Parse(replayed);
        var differences = new List<FieldDifference>();
        Compare("", WithoutOctets(first.RootElement), WithoutOctets(second.RootElement), differences);
        var (a, b) = (Decode(first.RootElement), Decode(second.RootElement));
        if (a is not null && b is not null)
        {
            using var left = Tree(a);
            using var right = Tree(b);
            Compare("", left.RootElement, right.RootElement, differences);
        }

        var (octets, others) = (Text(first.RootElement, "octets"), Text(second.RootElement, "octets"));
        if (differences.Count == 0 && octets != others) differences.Add(FirstOctet(octets ?? "", others ?? ""));
        return differences;
    }

    private static DecodedFrame? Decode(JsonElement record)
    {
        if (Text(record, "octets") is not { } hex || hex.Length % 2 != 0) return null;
        var octets = Convert.FromHexString(hex);
        if ((Text(record, "out") ?? Text(record, "in")) == "frame") return new FrameDecoder().Decode(0, _ethernet, null, octets);

        // The decoder takes whole packets: the datagram gets headers that are left out again.
        if (!UdpEndpointConverter.TryFromText(Text(record, "peer") ?? Text(record, "source") ?? "", out var peer)) return null;
        var writer = new WireWriter(new byte[MaxFrame]);
        var own = peer.Address.IsIpv6 ? IpAddress.Parse("::1") : IpAddress.Parse("127.0.0.1");
        UdpHeader.WritePacket(ref writer, new UdpEndpoint(own, L2tpPort), peer, octets);
        var decoded = new FrameDecoder().Decode(0, _ip, null, writer.Written);
        decoded.Ip = null;
        return decoded;
    }

    private static JsonDocument Tree(DecodedFrame frame)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new JsonFormat(buffer);
        json.Write(frame);
        return JsonDocument.Parse(buffer.WrittenMemory);
    }

    private static JsonElement WithoutOctets(JsonElement record)
    {
        var fields = record.EnumerateObject().Where(p => p.Name != "octets").ToDictionary(p => p.Name, p => p.Value);
        return JsonSerializer.SerializeToElement(fields, RecordTextContext.Default.DictionaryStringJsonElement);
    }

    private static void Compare(string path, JsonElement? recorded, JsonElement? replayed, List<FieldDifference> differences)
    {
        if (recorded is { ValueKind: JsonValueKind.Object } a && replayed is { ValueKind: JsonValueKind.Object } b)
        {
            var names = a.EnumerateObject().Select(p => p.Name).Union(b.EnumerateObject().Select(p => p.Name));
            foreach (var name in names) Compare(path.Length == 0 ? name : $"{path}.{name}", Get(a, name), Get(b, name), differences);
        }
        else if (recorded is { ValueKind: JsonValueKind.Array } c && replayed is { ValueKind: JsonValueKind.Array } d)
        {
            for (var i = 0; i < Math.Max(c.GetArrayLength(), d.GetArrayLength()); i++)
            {
                JsonElement? left = i < c.GetArrayLength() ? c[i] : null, right = i < d.GetArrayLength() ? d[i] : null;
                Compare($"{path}[{Invariant(i + 1)}{NameOf(path, left ?? right)}]", left, right, differences);
            }
        }
        else if (!(recorded is { } e && replayed is { } f && JsonElement.DeepEquals(e, f)) && !(recorded is null && replayed is null))
        {
            var secret = IsSecret(path);
            differences.Add(new FieldDifference(path, Show(recorded, secret), Show(replayed, secret)));
        }
    }

    private static JsonElement? Get(JsonElement parent, string name) => parent.TryGetProperty(name, out var value) ? value : null;

    private static string? Show(JsonElement? value, bool secret) => value is not { } shown ? null
        : secret ? ValueText.Masked
        : shown.ValueKind == JsonValueKind.String ? shown.GetString() : shown.GetRawText();

    /// <summary>PAP data and proxy responses may be passwords.</summary>
    private static bool IsSecret(string path) =>
        path == "ppp.data" || path.Contains(AvpTable.Get(AvpType.ProxyAuthenResponse).Name, StringComparison.Ordinal);

    private static string NameOf(string list, JsonElement? element)
    {
        if (element is not { ValueKind: JsonValueKind.Object } item || !item.TryGetProperty("type", out var number)) return "";
        var type = number.GetUInt16();
        var name = list switch
        {
            "l2tp.avps" => AvpTable.Find(item.GetProperty("vendor").GetUInt16(), type)?.Name,
            "pppoe.tags" => ProtocolNames.Tag((PppoeTagType)type),
            "ppp.options" => ProtocolNames.Option(Wire.Ppp.PppProtocol.Lcp, type),
            _ => null,
        };
        return $" {name ?? Invariant(type)}";
    }

    private static FieldDifference FirstOctet(string recorded, string replayed)
    {
        static string? Octet(string hex, int at) => at + 2 <= hex.Length ? hex.Substring(at, 2) : null;
        var at = 0;
        while (Octet(recorded, at) is { } octet && octet == Octet(replayed, at)) at += 2;
        return new FieldDifference($"octets[{Invariant(at / 2)}]", Octet(recorded, at), Octet(replayed, at));
    }

    private static string? Text(JsonElement record, string name) =>
        record.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Invariant(int number) => number.ToString(CultureInfo.InvariantCulture);
}

[System.Text.Json.Serialization.JsonSerializable(typeof(Dictionary<string, JsonElement>))]
internal sealed partial class RecordTextContext : System.Text.Json.Serialization.JsonSerializerContext;
