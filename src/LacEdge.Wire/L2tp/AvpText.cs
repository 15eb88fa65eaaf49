using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace LacEdge.Wire.L2tp;

/// <summary>AVP values in words, for people: logs and <c>decode</c>.</summary>
public static class AvpText
{
    /// <summary>The value in clear, by the shape in <see cref="AvpTable"/>; hex when it is malformed or unknown.</summary>
    /// <param name="message">The message that carries it: result codes depend on it.</param>
    public static string Format(ushort vendor, ushort type, ReadOnlySpan<byte> value, MessageType message)
    {
        if (AvpTable.Find(vendor, type) is not { } info || !info.Accepts(value.Length)) return Convert.ToHexStringLower(value);
        return info.Shape switch
        {
            AvpShape.Octets or AvpShape.LcpOptions => Convert.ToHexStringLower(value),
            AvpShape.Text => PrintableText.From(value),
            AvpShape.Number => Number(value).ToString(CultureInfo.InvariantCulture),
            AvpShape.MessageType => MessageTable.NameOf((MessageType)Number(value)),
            AvpShape.ResultCode => Result(ResultCodeValue.Read(value), message),
            AvpShape.Version => $"{value[0]}.{value[1]}",
            AvpShape.Framing => Bits(value, "sync", "async"),
            AvpShape.Bearer => Bits(value, "digital", "analog"),
            AvpShape.Q931Cause => $"cause {Number(value[..2])} message {value[2]} {PrintableText.From(value[3..])}".TrimEnd(),
            AvpShape.ProxyAuthenType => ProxyAuthenType((ushort)Number(value)),
            AvpShape.ProxyAuthenId => value[1].ToString(CultureInfo.InvariantCulture),
            AvpShape.DisconnectCause => Disconnect(DisconnectCauseValue.Read(value)),
            AvpShape.Numbers => Numbers(value[2..]),
            AvpShape.Empty => "",
        };
    }

    /// <summary>"administrative reasons (3), admin": the result code of a CDN, else of a StopCCN, with the peer's words.</summary>
    public static string Result(in ResultCodeValue code, MessageType message)
    {
        var name = message == MessageType.Cdn ? ResultCodeNames.Cdn(code.Result) : ResultCodeNames.StopCcn(code.Result);
        var text = string.Create(CultureInfo.InvariantCulture, $"{name} ({code.Result})");
        if (code.Error != 0) text += string.Create(CultureInfo.InvariantCulture, $", {ResultCodeNames.Error(code.Error)} ({code.Error})");
        return code.Text.IsEmpty ? text : $"{text}, {PrintableText.From(code.Text)}";
    }

    /// <summary>"LCP echo timeout (8) protocol c021 direction 1".</summary>
    public static string Disconnect(in DisconnectCauseValue cause)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{ResultCodeNames.Disconnect(cause.Code)} ({cause.Code}) protocol {cause.Protocol:x4} direction {cause.Direction}");
        return cause.Text.IsEmpty ? text : $"{text}, {PrintableText.From(cause.Text)}";
    }

    private static ulong Number(ReadOnlySpan<byte> value)
    {
        ulong number = 0;
        foreach (var octet in value) number = number << 8 | octet;
        return number;
    }

    private static string Bits(ReadOnlySpan<byte> value, string low, string high)
    {
        var bits = BinaryPrimitives.ReadUInt32BigEndian(value);
        return bits switch
        {
            0 => "none",
            1 => low,
            2 => high,
            3 => $"{low} {high}",
            _ => $"0x{bits:x8}",
        };
    }

    private static string Numbers(ReadOnlySpan<byte> value)
    {
        var text = new StringBuilder();
        for (; value.Length >= 4; value = value[4..])
        {
            if (text.Length > 0) text.Append(' ');
            text.Append(CultureInfo.InvariantCulture, $"{BinaryPrimitives.ReadUInt32BigEndian(value):x8}");
        }

        return text.ToString();
    }

    private static string ProxyAuthenType(ushort type) => type switch
    {
        1 => "textual",
        2 => "CHAP",
        3 => "PAP",
        4 => "none",
        5 => "MS-CHAPv1",
        7 => "EAP",
        _ => type.ToString(CultureInfo.InvariantCulture),
    };
}
