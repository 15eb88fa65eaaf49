using System.Globalization;
using System.Text.RegularExpressions;
using LacEdge.Wire;
using LacEdge.Wire.L2tp;

namespace LacEdge.Core.L2tp;

/// <summary>The AVPs of a message that the peer could do without: what may be at fault when it refuses an AVP that it does not know.</summary>
internal readonly partial record struct SentAvps(MessageType Message, ulong Types, bool CiscoNasPort, bool AccessLine)
{
    public static SentAvps Of(ReadOnlySpan<byte> datagram)
    {
        if (!L2tpHeader.TryParse(datagram, out var header, out _)) return default;
        var avps = new AvpReader(header.Payload);
        var sent = default(SentAvps);
        while (avps.MoveNext())
        {
            var avp = avps.Current;
            if (avp is { Vendor: 0, Type: (ushort)AvpType.MessageType }) sent = sent with { Message = (MessageType)(avp.Value[0] << 8 | avp.Value[1]) };
            else if (avp is { Vendor: 0, Type: < 64 and not (ushort)AvpType.RandomVector }) sent = sent with { Types = sent.Types | 1ul << avp.Type };
            else if (avp.Vendor == AvpTable.Cisco) sent = sent with { CiscoNasPort = true };
            else if (avp.Vendor == AvpTable.DslForum) sent = sent with { AccessLine = true };
        }

        var required = MessageTable.Find(sent.Message)?.Required ?? [];
        return sent with { Types = required.Aggregate(sent.Types, (types, type) => types & ~(1ul << (int)type)) };
    }

    /// <summary>What the refusal 2/8 of the peer is about: the AVP that its text names, else all that may be meant. Empty for other refusals.</summary>
    public string Explain(in ResultCodeValue refusal)
    {
        if (refusal is not { Result: (ushort)CdnResult.GeneralError, Error: (ushort)L2tpErrorCode.UnknownMandatoryAvp }) return "";
        if (Named(PrintableText.From(refusal.Text)) is { } named) return $"; the LNS does not know {named}";
        var names = new List<string>();
        for (ushort type = 0; type < 64; type++)
        {
            if ((Types >> type & 1) != 0) names.Add(AvpTable.NameOf(0, type));
        }

        if (CiscoNasPort) names.Add(AvpTable.NameOf(AvpTable.Cisco, AvpTable.CiscoNasPort));
        if (AccessLine) names.Add("access-line AVPs (vendor 3561)");
        return names.Count == 0 ? "" : $"; optional AVPs in {MessageTable.NameOf(Message)}: {string.Join(", ", names)}";
    }

    /// <summary>"AVP 0/23", "3561:129", "vendor 9 attribute 100", "attribute 23", "AVP type 23": the first that names an AVP.</summary>
    private static string? Named(string text)
    {
        if (VendorAndType().Match(text) is { Success: true } pair && TryNumber(pair, "vendor", out var vendor) && TryNumber(pair, "type", out var type))
            return AvpTable.NameOf(vendor, type);
        return TypeAlone().Match(text) is { Success: true } single && TryNumber(single, "type", out type) ? AvpTable.NameOf(0, type) : null;
    }

    private static bool TryNumber(Match match, string group, out ushort number) =>
        ushort.TryParse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    [GeneratedRegex(
        @"(?<vendor>[0-9]{1,5})( ?[/:] ?|[ ,]+(avp |attribute )?(type|attribute|avp)[ :]+)(?<type>[0-9]{1,5})",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex VendorAndType();

    [GeneratedRegex(@"(avp|attribute|type)[ :#=]+(?<type>[0-9]{1,5})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TypeAlone();
}
