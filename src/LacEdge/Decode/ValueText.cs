using System.Buffers.Binary;
using System.Globalization;
using LacEdge.Wire;
using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;
using LacEdge.Wire.Ppp;
using LacEdge.Wire.Pppoe;
using LacEdge.Wire.Radius;

namespace LacEdge.Decode;

/// <summary>Values of tags, options, attributes and AVPs for people: text in quotes and free of control characters, else hex.</summary>
internal static class ValueText
{
    public const string Masked = "********";
    private const int MaxHex = 64;

    public static string Tag(TypeAndValue tag)
    {
        var type = (PppoeTagType)tag.Type;
        var name = ProtocolNames.Tag(type) ?? Invariant($"tag {tag.Type:x4}");
        return $"{name}=" + type switch
        {
            PppoeTagType.ServiceName or PppoeTagType.AcName or PppoeTagType.ServiceNameError or PppoeTagType.AcSystemError
                or PppoeTagType.GenericError => Quoted(tag.Value),
            PppoeTagType.PppMaxPayload => Number(tag.Value),
            PppoeTagType.VendorSpecific => VendorTag(tag.Value),
            _ => Hex(tag.Value),
        };
    }

    public static string Option(PppProtocol protocol, TypeAndValue option)
    {
        var name = ProtocolNames.Option(protocol, option.Type) ?? Invariant($"option {option.Type}");
        if (option.Value.IsEmpty) return name;
        var text = (protocol, option.Type) switch
        {
            (PppProtocol.Lcp, (ushort)LcpOptionType.Mru or (ushort)LcpOptionType.Mrru) => Number(option.Value),
            (PppProtocol.Lcp, (ushort)LcpOptionType.AuthenticationProtocol) => Authentication(option.Value),
            (PppProtocol.Ipcp, 3 or >= 129 and <= 132) => Address(option.Value),
            _ => Hex(option.Value),
        };
        return $"{name}={text}";
    }

    public static string Attribute(TypeAndValue attribute)
    {
        var known = RadiusDictionary.Find((byte)attribute.Type);
        var name = known?.Name ?? Invariant($"attribute {attribute.Type}");
        return $"{name}=" + (known?.Kind ?? RadiusValueKind.Octets) switch
        {
            RadiusValueKind.Text => Quoted(attribute.Value),
            RadiusValueKind.Integer => Number(attribute.Value),
            RadiusValueKind.Ipv4 or RadiusValueKind.Ipv6 => Address(attribute.Value),
            RadiusValueKind.TaggedInteger => Tagged(attribute.Value, Number),
            RadiusValueKind.TaggedText => Tagged(attribute.Value, Quoted),
            RadiusValueKind.Vendor => VendorAttribute(attribute.Value),
            RadiusValueKind.Octets => Hex(attribute.Value),
        };
    }

    /// <param name="mask">Whether the value is a password that is not to be shown.</param>
    public static string AvpValue(in DecodedAvp avp, MessageType message, bool mask)
    {
        var name = AvpTable.Find(avp.Vendor, avp.Type)?.Name ?? AvpTable.NameOf(avp.Vendor, avp.Type);
        if (avp.Hidden && avp.Clear is null) return $"{name}=(hidden, {avp.Value.Length} octets)";
        var value = avp.Clear ?? avp.Value;
        if (mask) return $"{name}={Masked}";
        var text = value.Length > MaxHex && AvpTable.Find(avp.Vendor, avp.Type)?.Shape is null or AvpShape.Octets or AvpShape.LcpOptions
            ? Hex(value)
            : AvpText.Format(avp.Vendor, avp.Type, value.Span, message);
        return text.Length == 0 ? name : $"{name}={text}";
    }

    public static string Authentication(Bytes value) => value.Span switch
    {
        [0xC0, 0x23] => "PAP",
        [0xC2, 0x23, (byte)ChapAlgorithm.Md5] => "CHAP-MD5",
        [0xC2, 0x23, (byte)ChapAlgorithm.MsChapV1] => "MS-CHAPv1",
        [0xC2, 0x23, (byte)ChapAlgorithm.MsChapV2] => "MS-CHAPv2",
        [0xC2, 0x27] => "EAP",
        _ => Hex(value),
    };

    public static string Quoted(Bytes text) => Quoted(text.Span);

    public static string Quoted(ReadOnlySpan<byte> text) =>
        "\"" + PrintableText.From(text).Replace("\"", "\\x22", StringComparison.Ordinal) + "\"";

    public static string Hex(Bytes value) => Hex(value.Span);

    /// <summary>Long values end in their length.</summary>
    public static string Hex(ReadOnlySpan<byte> value) => value.Length <= MaxHex
        ? Convert.ToHexStringLower(value)
        : Invariant($"{Convert.ToHexStringLower(value[..MaxHex])}... ({value.Length} octets)");

    private static string Number(Bytes value) => Number(value.Span);

    private static string Number(ReadOnlySpan<byte> value)
    {
        if (value.Length is 0 or > 8) return Hex(value);
        ulong number = 0;
        foreach (var octet in value) number = number << 8 | octet;
        return number.ToString(CultureInfo.InvariantCulture);
    }

    private static string Address(Bytes value) => value.Length is 4 or 16 ? IpAddress.Read(value.Span).ToString() : Hex(value);

    private delegate string Format(ReadOnlySpan<byte> value);

    private static string Tagged(Bytes value, Format format) => value.Span switch
    {
        [0, .. var rest] => format(rest),
        [<= 0x1F and var tag, .. var rest] => Invariant($"{format(rest)} (tag {tag})"),
        _ => format(value.Span),
    };

    private static string VendorTag(Bytes value)
    {
        if (value.Length < 4) return Hex(value);
        var vendor = BinaryPrimitives.ReadUInt32BigEndian(value.Span);
        return vendor == Wire.Pppoe.AccessLine.Vendor ? $"{vendor}[{AccessLine(value.Span[4..])}]" : Invariant($"{vendor}:{Hex(value.Span[4..])}");
    }

    /// <summary>Sub-options of TR-101: type, length of the value, value.</summary>
    private static string AccessLine(ReadOnlySpan<byte> options)
    {
        var found = new List<string>();
        var walk = new AccessLineReader(options);
        while (walk.MoveNext())
        {
            found.Add(SubOption((byte)walk.Current.Type, walk.Current.Value));
            options = options[(2 + walk.Current.Value.Length)..];
        }

        if (!options.IsEmpty) found.Add($"?{Hex(options)}");
        return string.Join(", ", found);
    }

    private static string VendorAttribute(Bytes value)
    {
        if (value.Length < 4) return Hex(value);
        var vendor = BinaryPrimitives.ReadUInt32BigEndian(value.Span);
        var rest = value.Span[4..];
        var found = new List<string>();
        while (rest.Length >= 2 && rest[1] >= 2 && rest[1] <= rest.Length)
        {
            var octets = rest[2..rest[1]];
            const uint cisco = 9;
            found.Add(vendor switch
            {
                Wire.Pppoe.AccessLine.Vendor => SubOption(rest[0], octets),
                cisco => Invariant($"{rest[0]}={Quoted(octets)}"),
                _ => Invariant($"{rest[0]}={Hex(octets)}"),
            });
            rest = rest[rest[1]..];
        }

        return rest.IsEmpty ? Invariant($"{vendor}[{string.Join(", ", found)}]") : Invariant($"{vendor}:{Hex(value.Span[4..])}");
    }

    private static string SubOption(byte type, ReadOnlySpan<byte> value)
    {
        var text = type is 1 or 2 ? Quoted(value) : value.Length == 4 ? Number(value) : Hex(value);
        var name = ProtocolNames.AccessLine((AccessLineType)type) ?? Invariant($"{type}");
        return value.IsEmpty ? name : $"{name}={text}";
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
