using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LacEdge.Cli;

/// <summary>Everything of one thing, a field on each line; what is not known is left out.</summary>
internal static class Details
{
    public static async Task WriteAsync<T>(T one, JsonTypeInfo<T> type, TextWriter output)
    {
        var fields = Fields("", JsonSerializer.SerializeToElement(one, type)).ToList();
        var width = fields.Max(field => field.Name.Length);
        var text = new StringBuilder();
        foreach (var (name, value) in fields) text.Append(name.PadRight(width)).Append("  ").Append(value).Append('\n');
        await output.WriteAsync(text);
    }

    /// <summary>Names as in JSON, with a dot before what belongs to another field: line_quality.from_lns.sent.</summary>
    private static IEnumerable<(string Name, string Value)> Fields(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject()
            .SelectMany(inner => Fields(name.Length == 0 ? inner.Name : $"{name}.{inner.Name}", inner.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany((item, i) => Fields($"{name}[{i}]", item)),
        JsonValueKind.Null => [],
        JsonValueKind.String when value.GetString() is "" => [],
        JsonValueKind.String => [(name, value.GetString()!)],
        _ => [(name, value.GetRawText())],
    };
}
