using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Recording;

/// <summary>The fields of one line of a recording. What is missing or of the wrong type is a <see cref="RecordingException"/>.</summary>
internal readonly struct RecordFields(JsonElement record, int line)
{
    public bool Has(string name) => record.ValueKind == JsonValueKind.Object && record.TryGetProperty(name, out _);

    public bool TryGetText(string name, out string text)
    {
        text = Has(name) ? Text(name) : "";
        return Has(name);
    }

    public string Text(string name) => Find(name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : throw Wrong(name);
    public long Number(string name) =>
        Find(name) is { ValueKind: JsonValueKind.Number } n && n.TryGetInt64(out var value) ? value : throw Wrong(name);

    public int Int(string name) => Number(name) is >= int.MinValue and <= int.MaxValue and var value ? (int)value : throw Wrong(name);

    public bool Flag(string name) =>
        Find(name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } flag ? flag.GetBoolean() : throw Wrong(name);

    public T Choice<T>(string name) where T : struct, Enum =>
        Enum.TryParse<T>(Text(name), out var value) && Enum.IsDefined(value) ? value : throw Wrong(name);

    public Bytes Octets(string name)
    {
        var text = Text(name);
        return text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) ? Bytes.Hex(text) : throw Wrong(name);
    }

    public UdpEndpoint Endpoint(string name) =>
        UdpEndpointConverter.TryFromText(Text(name), out var endpoint) ? endpoint : throw Wrong(name);

    public MacAddress Mac(string name) => MacAddress.TryParse(Text(name), out var mac) ? mac : throw Wrong(name);

    public T Value<T>(string name, JsonTypeInfo<T> type)
    {
        try
        {
            return Find(name).Deserialize(type) ?? throw Wrong(name);
        }
        catch (JsonException e)
        {
            throw new RecordingException($"line {line}: '{name}' cannot be read: {e.Message}");
        }
        catch (NotSupportedException)
        {
            // A value of one kind among several, without the word that says which.
            throw new RecordingException($"line {line}: '{name}' cannot be read: it does not say of which kind a value is");
        }
    }

    private JsonElement Find(string name) =>
        Has(name) ? record.GetProperty(name) : throw new RecordingException($"line {line}: the record has no '{name}'");

    private RecordingException Wrong(string name) => new($"line {line}: '{name}' has a value that it cannot have");
}
