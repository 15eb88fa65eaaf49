using System.Buffers;
using System.Globalization;
using System.Text.Json;
using LacEdge.Wire;
using LacEdge.Wire.Ppp;

namespace LacEdge.Decode;

/// <summary>
/// One JSON object a frame: numbers as on the wire, octets as lower-case hex, times in UTC, absent parts left out. An error is the name
/// of a <see cref="DecodeError"/> in kebab-case. A contract: other tools read it.
/// </summary>
internal sealed class JsonFormat : IDisposable
{
    private readonly Utf8JsonWriter _json;
    private readonly IBufferWriter<byte> _output;

    public JsonFormat(IBufferWriter<byte> output)
    {
        _output = output;
        _json = new Utf8JsonWriter(output);
    }

    public void Dispose() => _json.Dispose();

    /// <summary>Writes a line.</summary>
    public void Write(DecodedFrame frame)
    {
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteNumber("frame", frame.Number);
        if (frame.UnixNanoseconds is { } time) _json.WriteString("time", Time(time));
        if (frame.Vlans.Count > 0) WriteVlans(frame);
        if (frame.Pppoe is { } pppoe) WritePppoe(pppoe);
        if (frame.Ppp is { } ppp) WritePpp(ppp);
        if (frame.Ip is { } ip) WriteIp(ip);
        if (frame.L2tp is { } l2tp) WriteL2tp(l2tp);
        if (frame.Radius is { } radius) WriteRadius(radius);
        if (frame.Error != DecodeError.None) _json.WriteString("error", ProtocolNames.Error(frame.Error));
        _json.WriteEndObject();
        _json.Flush();
        _output.Write("\n"u8);
    }

    /// <summary>RFC 3339 with nanoseconds.</summary>
    public static string Time(long unixNanoseconds)
    {
        var (seconds, nanoseconds) = Math.DivRem(unixNanoseconds, 1_000_000_000);
        if (nanoseconds < 0) (seconds, nanoseconds) = (seconds - 1, nanoseconds + 1_000_000_000);
        var time = DateTime.UnixEpoch.AddSeconds(seconds);
        return string.Create(CultureInfo.InvariantCulture, $"{time:yyyy-MM-dd'T'HH:mm:ss}.{nanoseconds:d9}Z");
    }

    private void WriteVlans(DecodedFrame frame)
    {
        _json.WriteStartArray("vlans");
        foreach (var tag in frame.Vlans)
        {
            _json.WriteStartObject();
            _json.WriteNumber("tpid", tag.Tpid);
            _json.WriteNumber("id", tag.Id);
            _json.WriteNumber("priority", tag.Priority);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void WritePppoe(DecodedPppoe pppoe)
    {
        _json.WriteStartObject("pppoe");
        _json.WriteNumber("code", (byte)pppoe.Code);
        _json.WriteNumber("session_id", pppoe.SessionId);
        if (pppoe.Tags is not null) WriteList("tags", pppoe.Tags);
        _json.WriteEndObject();
    }

    private void WritePpp(DecodedPpp ppp)
    {
        _json.WriteStartObject("ppp");
        _json.WriteNumber("protocol", (ushort)ppp.Protocol);
        _json.WriteString("header_form", ppp.HeaderForm switch
        {
            PppHeaderForm.Plain => "plain",
            PppHeaderForm.AddressAndControl => "ff03",
            PppHeaderForm.CompressedProtocol => "pfc",
        });
        WriteOptional("code", ppp.Code);
        WriteOptional("id", ppp.Identifier);
        if (ppp.Options is not null) WriteList("options", ppp.Options);
        if (ppp.Data is { } data) WriteHex("data", data);
        _json.WriteEndObject();
    }

    private void WriteIp(DecodedIp ip)
    {
        _json.WriteStartObject("ip");
        _json.WriteString("src", ip.Source.ToString());
        _json.WriteString("dst", ip.Destination.ToString());
        WriteOptional("src_port", ip.SourcePort);
        WriteOptional("dst_port", ip.DestinationPort);
        _json.WriteEndObject();
    }

    private void WriteL2tp(DecodedL2tp l2tp)
    {
        _json.WriteStartObject("l2tp");
        _json.WriteBoolean("control", l2tp.IsControl);
        _json.WriteNumber("flags", l2tp.Flags);
        WriteOptional("length", l2tp.Length);
        WriteOptional("offset", l2tp.Offset);
        WriteOptional("tunnel_id", l2tp.TunnelId);
        WriteOptional("session_id", l2tp.SessionId);
        WriteOptional("ns", l2tp.Ns);
        WriteOptional("nr", l2tp.Nr);
        WriteOptional("message_type", l2tp.MessageType);
        if (l2tp.Avps is not null)
        {
            _json.WriteStartArray("avps");
            foreach (var avp in l2tp.Avps) WriteAvp(avp);
            _json.WriteEndArray();
        }

        _json.WriteEndObject();
    }

    private void WriteAvp(in DecodedAvp avp)
    {
        _json.WriteStartObject();
        _json.WriteNumber("vendor", avp.Vendor);
        _json.WriteNumber("type", avp.Type);
        _json.WriteBoolean("mandatory", avp.Mandatory);
        _json.WriteBoolean("hidden", avp.Hidden);
        WriteHex("value", avp.Value);
        if (avp.Clear is { } clear) WriteHex("clear", clear);
        _json.WriteEndObject();
    }

    private void WriteRadius(DecodedRadius radius)
    {
        _json.WriteStartObject("radius");
        _json.WriteNumber("code", (byte)radius.Code);
        _json.WriteNumber("id", radius.Identifier);
        WriteList("attributes", radius.Attributes);
        _json.WriteEndObject();
    }

    private void WriteList(string name, List<TypeAndValue> elements)
    {
        _json.WriteStartArray(name);
        foreach (var element in elements)
        {
            _json.WriteStartObject();
            _json.WriteNumber("type", element.Type);
            WriteHex("value", element.Value);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void WriteOptional(string name, int? value)
    {
        if (value is { } number) _json.WriteNumber(name, number);
    }

    private void WriteHex(string name, Bytes value) => _json.WriteString(name, value.ToString());
}
