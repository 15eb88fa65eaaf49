using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace LacEdge.Hosting;

internal enum LogFormat { Text, Json }

/// <summary>
/// The log on standard output: one line an entry, as text or as JSON. Writing never holds up who logs: what a stuck reader
/// cannot take is dropped, and a line says how many.
/// </summary>
internal static class LogOutput
{
    /// <summary>Entries; a shutdown of a full box fits.</summary>
    private const int QueueLength = 200_000;

    public static ILoggerFactory Create(LogFormat format) => LoggerFactory.Create(builder =>
    {
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddConsole(options =>
        {
            options.FormatterName = format == LogFormat.Json ? JsonLogFormatter.FormatterName : TextLogFormatter.FormatterName;
            options.MaxQueueLength = QueueLength;
            options.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
        builder.AddConsoleFormatter<TextLogFormatter, ConsoleFormatterOptions>();
        builder.AddConsoleFormatter<JsonLogFormatter, ConsoleFormatterOptions>();
    });

    internal static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        LogLevel.Critical => "critical",
        _ => "none",
    };

    internal static string Time(TimeProvider clock) =>
        clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

/// <summary><c>2026-01-01T00:00:00.000Z info session-up: message</c></summary>
internal sealed class TextLogFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "lacedge-text";
    private static readonly SearchValues<char> _controls =
        SearchValues.Create([.. Enumerable.Range(0, 0x100).Select(code => (char)code).Where(char.IsControl)]);

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write($"{LogOutput.Time(clock)} {LogOutput.Level(logEntry.LogLevel)} {logEntry.EventId.Name ?? logEntry.Category}: ");
        // Whatever slipped through must not forge a line or move the cursor.
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        if (message.AsSpan().ContainsAny(_controls)) message = string.Concat(message.Select(c => char.IsControl(c) ? '?' : c));
        textWriter.WriteLine(message);
        if (logEntry.Exception is { } failure) textWriter.WriteLine(failure.ToString());
    }
}

/// <summary>An object a line: time, level, event, number, message, then the fields of the event in snake_case.</summary>
internal sealed class JsonLogFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "lacedge-json";

    // A log line is no HTML: quotes and letters stay readable.
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, _options))
        {
            json.WriteStartObject();
            json.WriteString("time", LogOutput.Time(clock));
            json.WriteString("level", LogOutput.Level(logEntry.LogLevel));
            json.WriteString("event", logEntry.EventId.Name ?? logEntry.Category);
            json.WriteNumber("event_id", logEntry.EventId.Id);
            json.WriteString("message", logEntry.Formatter(logEntry.State, logEntry.Exception));
            if (logEntry.State is IReadOnlyList<KeyValuePair<string, object?>> fields)
            {
                foreach (var (name, value) in fields.Where(field => field.Key != "{OriginalFormat}")) WriteField(json, name, value);
            }

            if (logEntry.Exception is { } failure) json.WriteString("exception", failure.ToString());
            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    private static void WriteField(Utf8JsonWriter json, string name, object? value)
    {
        json.WritePropertyName(JsonNamingPolicy.SnakeCaseLower.ConvertName(name));
        switch (value)
        {
            case ushort or int or uint:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case ulong number:
                json.WriteNumberValue(number);
                break;
            case double number:
                json.WriteNumberValue(Math.Round(number, 3));
                break;
            default:
                json.WriteStringValue(value?.ToString());
                break;
        }
    }
}
