using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using LacEdge.Wire;
using LacEdge.Wire.L2tp;

namespace LacEdge.Core.L2tp;

/// <summary>The AVPs of a message that the peer could do without: what may be at fault when it refuses an AVP that it does not know.</summary>
internal readonly partial record struct SentAvps(MessageType Message, ulong Types, bool CiscoNasPort, bool AccessLine)
{
    private static readonly (AvpGroups Group, ulong Types)[] _groups =
    [
        (AvpGroups.ControlDscp, 1ul << (int)AvpType.Ccds), (AvpGroups.SessionDscp, 1ul << (int)AvpType.Sds),
        (AvpGroups.ControlDscp, 1ul << (int)AvpType.Ccds), (AvpGroups.SessionDscp, 1ul << (int)AvpType.Sds),
        (AvpGroups.VendorName, 1ul << (int)AvpType.VendorName), (AvpGroups.FirmwareRevision, 1ul << (int)AvpType.FirmwareRevision),
        (AvpGroups.TieBreaker, 1ul << (int)AvpType.TieBreaker), (AvpGroups.ReceiveWindow, 1ul << (int)AvpType.ReceiveWindowSize),
        (AvpGroups.SubAddress, 1ul << (int)AvpType.SubAddress), (AvpGroups.PhysicalChannel, 1ul << (int)AvpType.PhysicalChannelId),
        (AvpGroups.BearerType, 1ul << (int)AvpType.BearerType), (AvpGroups.CalledNumber, 1ul << (int)AvpType.CalledNumber),
        (AvpGroups.CallingNumber, 1ul << (int)AvpType.CallingNumber), (AvpGroups.PrivateGroup, 1ul << (int)AvpType.PrivateGroupId),
        (AvpGroups.RxSpeed, 1ul << (int)AvpType.RxConnectSpeed), (AvpGroups.SequencingRequired, 1ul << (int)AvpType.SequencingRequired),
        (AvpGroups.ProxyLcp, 7ul << (int)AvpType.InitialReceivedLcpConfReq), (AvpGroups.ProxyAuthentication, 31ul << (int)AvpType.ProxyAuthenType),
    ];

    /// <summary>What was left out of it, because the LNS was thought not to know it.</summary>
    public AvpGroups LeftOut { get; init; }

    /// <summary>What of it can be left out.</summary>
    public AvpGroups Groups
    {
        get
        {
            var groups = (CiscoNasPort ? AvpGroups.NasPort : 0) | (AccessLine ? AvpGroups.AccessLine : 0);
            foreach (var (group, types) in _groups)
            {
                if ((Types & types) != 0) groups |= group;
            }

            return groups;
        }
    }

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

    /// <summary>The first type of a group of AVPs of vendor 0.</summary>
    public static ushort TypeOf(AvpGroups group) => (ushort)BitOperations.TrailingZeroCount(_groups.First(row => row.Group == group).Types);

    /// <summary>Whether the peer refuses an AVP that it does not know and may not ignore.</summary>
    public static bool IsUnknownAvp(in ResultCodeValue refusal) =>
        refusal is { Result: (ushort)CdnResult.GeneralError, Error: (ushort)L2tpErrorCode.UnknownMandatoryAvp };

    /// <summary>The group of the AVP that the peer's text names.</summary>
    public static AvpGroups GroupNamedBy(in ResultCodeValue refusal) => Named(PrintableText.From(refusal.Text)) switch
    {
        (AvpTable.Cisco, AvpTable.CiscoNasPort) => AvpGroups.NasPort,
        (AvpTable.DslForum, _) => AvpGroups.AccessLine,
        (0, < 64 and var type) => _groups.FirstOrDefault(row => (row.Types >> type & 1) != 0).Group,
        _ => AvpGroups.None,
    };

    /// <summary>What the refusal 2/8 of the peer is about: the AVP that its text names, else all that may be meant. Empty for other refusals.</summary>
    public string Explain(in ResultCodeValue refusal)
    {
        if (!IsUnknownAvp(refusal)) return "";
        if (Named(PrintableText.From(refusal.Text)) is var (vendor, attribute)) return $"; the LNS does not know {AvpTable.NameOf(vendor, attribute)}";
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
    private static (ushort Vendor, ushort Type)? Named(string text)
    {
        if (VendorAndType().Match(text) is { Success: true } pair && TryNumber(pair, "vendor", out var vendor) && TryNumber(pair, "type", out var type))
            return (vendor, type);
        return TypeAlone().Match(text) is { Success: true } single && TryNumber(single, "type", out type) ? ((ushort)0, type) : null;
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
