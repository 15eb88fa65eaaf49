using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Recording;

/// <summary>A value that a recording writes as text. Text that does not parse is a <see cref="JsonException"/>.</summary>
internal abstract class TextConverter<T> : JsonConverter<T>
{
    protected abstract string Format(T value);
    protected abstract bool TryParse(string text, out T value);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
        return TryParse(text, out var value) ? value : throw new JsonException($"'{text}' is not a {typeof(T).Name}");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Format(value));
}

/// <summary>Hex of the octets. Nothing but a recording may hold secrets in the clear.</summary>
internal class SecretConverter : TextConverter<Secret>
{
    protected override string Format(Secret value) => value.Value.ToString();

    protected override bool TryParse(string text, out Secret value)
    {
        value = default;
        if (text.Length % 2 != 0 || !text.All(char.IsAsciiHexDigit)) return false;
        value = new Secret(Bytes.Hex(text));
        return true;
    }
}

/// <summary>Says only that there was a secret.</summary>
internal sealed class RedactedSecretConverter : SecretConverter
{
    private static readonly Secret _placeholder = Secret.FromText("redacted");

    protected override string Format(Secret value) => value.IsSet ? base.Format(_placeholder) : "";
}

/// <summary>Empty text: none.</summary>
internal sealed class IpAddressConverter : TextConverter<IpAddress>
{
    protected override string Format(IpAddress value) => value.IsNone ? "" : value.ToString();

    protected override bool TryParse(string text, out IpAddress value)
    {
        value = default;
        return text.Length == 0 || IpAddress.TryParse(text, out value);
    }
}

/// <summary>"192.0.2.1:1701", "[2001:db8::1]:1701", ":1701" without an address.</summary>
internal sealed class UdpEndpointConverter : TextConverter<UdpEndpoint>
{
    public static string ToText(UdpEndpoint value) => value.Address.IsNone ? $":{value.Port}" : value.ToString();

    public static bool TryFromText(string text, out UdpEndpoint value)
    {
        value = default;
        var colon = text.LastIndexOf(':');
        if (colon < 0) return false;
        if (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return false;
        var host = text[..colon];
        if (host is ['[', .., ']']) host = host[1..^1];
        var address = default(IpAddress);
        if (host.Length > 0 && !IpAddress.TryParse(host, out address)) return false;
        value = new UdpEndpoint(address, port);
        return true;
    }

    protected override string Format(UdpEndpoint value) => ToText(value);
    protected override bool TryParse(string text, out UdpEndpoint value) => TryFromText(text, out value);
}

internal sealed class MacAddressConverter : TextConverter<MacAddress>
{
    protected override string Format(MacAddress value) => value.ToString();
    protected override bool TryParse(string text, out MacAddress value) => MacAddress.TryParse(text, out value);
}

/// <summary>"untagged", "8100:00c8" or "88a8:0064/8100:00c8": TPID and TCI of each tag in hex.</summary>
internal sealed class VlanStackConverter : TextConverter<VlanStack>
{
    protected override string Format(VlanStack value) => value.Count switch
    {
        0 => "untagged",
        1 => Format(value.Outer),
        _ => $"{Format(value.Outer)}/{Format(value.Inner)}",
    };

    protected override bool TryParse(string text, out VlanStack value)
    {
        value = VlanStack.Untagged;
        if (text == "untagged") return true;
        var tags = new List<VlanTag>();
        foreach (var part in text.Split('/'))
        {
            if (part.Split(':') is not [var tpid, var tci]) return false;
            if (!ushort.TryParse(tpid, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var t)) return false;
            if (!ushort.TryParse(tci, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var c)) return false;
            tags.Add(new VlanTag(t, c));
        }

        if (tags.Count > 2) return false;
        value = tags.Count == 1 ? VlanStack.Single(tags[0]) : VlanStack.Double(tags[0], tags[1]);
        return true;
    }

    private static string Format(VlanTag tag) => $"{tag.Tpid:x4}:{tag.Tci:x4}";
}

internal sealed class SessionKeyConverter : TextConverter<SessionKey>
{
    protected override string Format(SessionKey value) => value.ToString();
    protected override bool TryParse(string text, out SessionKey value) => SessionKey.TryParse(text, out value);
}

/// <summary>Nanoseconds.</summary>
internal sealed class InstantConverter : JsonConverter<Instant>
{
    public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Nanoseconds);
}
