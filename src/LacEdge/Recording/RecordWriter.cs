using System.Buffers;
using System.Text.Json;
using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Dns;
using LacEdge.Core.Forwarding;
using LacEdge.Core.Lac;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Recording;

/// <summary>
/// Formats a recording: JSON lines. First the header, which holds all that a replay needs; then each input
/// (<c>"in"</c>) followed by its outputs (<c>"out"</c>); at a proper end one line with <c>"end"</c>.
/// </summary>
/// <param name="sink">Takes each finished line, its line feed included; the memory is used again afterwards.</param>
internal sealed class RecordWriter(Action<ReadOnlyMemory<byte>> sink) : IDisposable
{
    public const int FormatVersion = 1;

    private readonly ArrayBufferWriter<byte> _line = new(4096);
    private readonly Utf8JsonWriter _json = new(Stream.Null, RecordingJson.WriterOptions);

    /// <param name="seed">Of the <see cref="RandomStreams"/>; empty when it was taken out.</param>
    /// <param name="redacted">The configuration is written without its secrets.</param>
    public void Header(LacConfig config, uint boot, ReadOnlySpan<byte> seed, Instant start, bool redacted)
    {
        Begin();
        _json.WriteNumber("lacedge_recording", FormatVersion);
        _json.WriteString("program", ProgramVersion);
        if (redacted) _json.WriteBoolean("redacted", true);
        _json.WriteNumber("boot", boot);
        WriteHex("seed", seed);
        _json.WriteNumber("start", start.Nanoseconds);
        _json.WritePropertyName("config");
        JsonSerializer.Serialize(_json, config, redacted ? RecordingJson.RedactedConfig : RecordingJson.Config);
        End();
    }

    public void Frame(int accessGroup, ReadOnlySpan<byte> frame, Instant now)
    {
        BeginInput("frame", now);
        _json.WriteNumber("group", accessGroup);
        WriteHex("octets", frame);
        End();
    }

    public void Datagram(int socket, UdpEndpoint source, ReadOnlySpan<byte> payload, Instant now)
    {
        BeginInput("datagram", now);
        _json.WriteNumber("socket", socket);
        WriteEndpoint("source", source);
        WriteHex("octets", payload);
        End();
    }

    public void Timeout(Instant now)
    {
        BeginInput("timeout", now);
        End();
    }

    public void Socket(int socket, bool opened, UdpEndpoint local, string error, Instant now)
    {
        BeginInput("socket", now);
        _json.WriteNumber("socket", socket);
        _json.WriteBoolean("opened", opened);
        WriteEndpoint("local", local);
        _json.WriteString("error", error);
        End();
    }

    public void Link(int accessGroup, MacAddress mac, int mtu, bool up, Instant now, ulong speed)
    {
        BeginInput("link", now);
        _json.WriteNumber("group", accessGroup);
        _json.WriteString("mac", mac.ToString());
        _json.WriteNumber("mtu", mtu);
        _json.WriteBoolean("up", up);
        if (speed > 0) _json.WriteNumber("speed", speed);
        End();
    }

    public void Counters(int slot, ForwardingCounters counters, Instant now)
    {
        BeginInput("counters", now);
        _json.WriteNumber("slot", slot);
        _json.WritePropertyName("counters");
        JsonSerializer.Serialize(_json, counters, RecordingJson.Counters);
        End();
    }

    public void TunnelFrames(int tunnelSlot, ulong frames, Instant now)
    {
        BeginInput("tunnel-frames", now);
        _json.WriteNumber("slot", tunnelSlot);
        _json.WriteNumber("frames", frames);
        End();
    }

    public void SessionFrames(int slot, ulong frames, Instant now)
    {
        BeginInput("session-frames", now);
        _json.WriteNumber("slot", slot);
        _json.WriteNumber("frames", frames);
        End();
    }

    public void Lookup(int lookup, LookupOutcome outcome, ReadOnlySpan<byte> message, string error, Instant now)
    {
        BeginInput("lookup", now);
        _json.WriteNumber("lookup", lookup);
        _json.WriteString("outcome", outcome.ToString());
        WriteHex("message", message);
        _json.WriteString("error", error);
        End();
    }

    public void Command(LacCommand command, Instant now)
    {
        BeginInput("command", now);
        _json.WritePropertyName("command");
        JsonSerializer.Serialize(_json, command, RecordingJson.Command);
        End();
    }

    /// <summary>Everything in the outbox, one line each.</summary>
    public void Outputs(Outbox outbox)
    {
        for (var i = 0; i < outbox.Outputs.Count; i++)
        {
            var output = outbox.Outputs[i];
            WriteOutput(output, outbox.Octets(output));
        }
    }

    /// <summary>A line that was read from another recording.</summary>
    public void Copy(string json)
    {
        _line.ResetWrittenCount();
        _line.Write(System.Text.Encoding.UTF8.GetBytes(json));
        _line.Write("\n"u8);
        sink(_line.WrittenMemory);
    }

    public void End(string reason)
    {
        Begin();
        _json.WriteString("end", reason);
        End();
    }

    public void Dispose() => _json.Dispose();

    private static string ProgramVersion => typeof(RecordWriter).Assembly.GetName().Version?.ToString(3) ?? "";

    private void WriteOutput(in Output output, ReadOnlySpan<byte> octets)
    {
        Begin();
        switch (output.Kind)
        {
            case OutputKind.Frame:
                _json.WriteString("out", "frame");
                _json.WriteNumber("group", output.Target);
                _json.WriteNumber("slot", output.Slot);
                WriteHex("octets", octets);
                break;
            case OutputKind.Datagram:
                _json.WriteString("out", "datagram");
                _json.WriteNumber("socket", output.Target);
                WriteEndpoint("peer", output.Peer);
                _json.WriteNumber("slot", output.Slot);
                WriteHex("octets", octets);
                break;
            case OutputKind.OpenSocket:
                _json.WriteString("out", "open-socket");
                _json.WriteNumber("socket", output.Target);
                WriteEndpoint("local", output.Peer);
                if (output.Socket is { } options && options != UdpSocketOptions.Default) WriteOptions(options);
                break;
            case OutputKind.CloseSocket:
                _json.WriteString("out", "close-socket");
                _json.WriteNumber("socket", output.Target);
                break;
            case OutputKind.Lookup:
                _json.WriteString("out", "lookup");
                _json.WriteNumber("lookup", output.Target);
                _json.WriteString("name", output.Question.Name);
                _json.WriteString("type", output.Question.Type.ToString());
                break;
            case OutputKind.CancelLookup:
                _json.WriteString("out", "cancel-lookup");
                _json.WriteNumber("lookup", output.Target);
                break;
            case OutputKind.Forwarding:
                WriteValue("forwarding", "update", output.Update!, RecordingJson.Update);
                break;
            case OutputKind.Event:
                WriteValue("event", "event", output.Event!, RecordingJson.Event);
                break;
        }

        End();
    }

    private void WriteValue<T>(string kind, string name, T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        _json.WriteString("out", kind);
        _json.WritePropertyName(name);
        JsonSerializer.Serialize(_json, value, type);
    }

    private void BeginInput(string kind, Instant now)
    {
        Begin();
        _json.WriteString("in", kind);
        _json.WriteNumber("at", now.Nanoseconds);
    }

    private void Begin()
    {
        _line.ResetWrittenCount();
        _json.Reset(_line);
        _json.WriteStartObject();
    }

    private void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        _line.Write("\n"u8);
        sink(_line.WrittenMemory);
    }

    private void WriteOptions(UdpSocketOptions options)
    {
        if (options.Device.Length > 0) _json.WriteString("device", options.Device);
        if (!options.Checksum) _json.WriteBoolean("checksum", false);
        if (options.DontFragment) _json.WriteBoolean("dont_fragment", true);
    }

    private void WriteEndpoint(string name, UdpEndpoint endpoint) => _json.WriteString(name, UdpEndpointConverter.ToText(endpoint));

    private void WriteHex(string name, ReadOnlySpan<byte> octets)
    {
        var rented = ArrayPool<byte>.Shared.Rent(octets.Length * 2);
        Convert.TryToHexStringLower(octets, rented, out var written);
        _json.WriteString(name, rented.AsSpan(0, written));
        ArrayPool<byte>.Shared.Return(rented);
    }
}
