using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LacEdge.Cli;

internal enum OutputFormat { Table, Json, JsonLines, Csv }

/// <summary>One column of a table for people.</summary>
internal sealed record Column<T>(string Header, Func<T, string> Text, bool Right = false);

/// <summary>
/// Rows as a table for people, or as JSON, JSON lines or CSV for programs: these hold every field, raw. Tables are plain
/// text of full width, so that they look the same in a terminal, a pipe and a file.
/// </summary>
/// <param name="name">"sessions": the key of the JSON array.</param>
internal sealed class Listing<T>(string name, JsonTypeInfo<T> type, IReadOnlyList<Column<T>> columns)
{
    private const string Gap = "  ";

    public async Task WriteAsync(IAsyncEnumerable<T> rows, OutputFormat format, TextWriter output)
    {
        switch (format)
        {
            case OutputFormat.Table: await WriteTableAsync(rows, output); break;
            case OutputFormat.Json: await WriteJsonAsync(rows, output); break;
            case OutputFormat.JsonLines: await WriteLinesAsync(rows, output, row => JsonSerializer.Serialize(row, type)); break;
            case OutputFormat.Csv: await WriteCsvAsync(rows, output); break;
        }
    }

    private async Task WriteTableAsync(IAsyncEnumerable<T> rows, TextWriter output)
    {
        List<string[]> lines = [[.. columns.Select(column => column.Header)]];
        await foreach (var row in rows) lines.Add([.. columns.Select(column => column.Text(row))]);
        if (lines.Count == 1)
        {
            await output.WriteLineAsync($"no {name}");
            return;
        }

        var widths = columns.Select((_, i) => lines.Max(line => line[i].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            var start = text.Length;
            for (var i = 0; i < line.Length; i++)
            {
                text.Append(i > 0 ? Gap : "").Append(columns[i].Right ? line[i].PadLeft(widths[i]) : line[i].PadRight(widths[i]));
            }

            while (text.Length > start && text[^1] == ' ') text.Length--;
            text.Append('\n');
        }

        await output.WriteAsync(text);
    }

    private async Task WriteJsonAsync(IAsyncEnumerable<T> rows, TextWriter output)
    {
        var buffer = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartArray(name);
            await foreach (var row in rows) JsonSerializer.Serialize(json, row, type);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        await output.WriteAsync(Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n");
    }

    private async Task WriteCsvAsync(IAsyncEnumerable<T> rows, TextWriter output)
    {
        await output.WriteAsync(string.Join(',', type.Properties.Select(property => property.Name)) + "\n");
        await WriteLinesAsync(rows, output, row => Csv(JsonSerializer.SerializeToElement(row, type)));
    }

    private static async Task WriteLinesAsync(IAsyncEnumerable<T> rows, TextWriter output, Func<T, string> line)
    {
        var text = new StringBuilder();
        await foreach (var row in rows)
        {
            text.Append(line(row)).Append('\n');
            if (text.Length < 64 * 1024) continue;
            await output.WriteAsync(text);
            text.Clear();
        }

        await output.WriteAsync(text);
    }

    private static string Csv(JsonElement row) => string.Join(',', row.EnumerateObject().Select(field => CsvField(field.Value)));

    /// <summary>RFC 4180: quoted when it must be; nothing for null.</summary>
    private static string CsvField(JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.Null ? "" : value.ToString();
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
