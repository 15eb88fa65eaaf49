namespace LacEdge.Wire;

/// <summary>Why bytes were refused. Closed: every value is a counter and a name that operators see.</summary>
public enum DecodeError : byte
{
    None = 0,

    EthernetTruncated,
    VlanTruncated,
    VlanTooDeep,

    PppoeTruncated,
    PppoeVersion,
    PppoeLength,
    PppoeCode,
    PppoeSessionId,
    PppoeTagTruncated,
    PppoeTagLength,
    /// <summary>The rest of the access-line tag is not read; the packet is served.</summary>
    AccessLineTruncated,

    PppTruncated,
    PppProtocolInvalid,
    PppControlTruncated,
    PppControlLength,
    PppOptionTruncated,
    PppOptionLength,
    PapLength,
    ChapLength,
    EapLength,

    IpTruncated,
    IpVersion,
    IpLength,
    UdpTruncated,
    UdpLength,

    L2tpTruncated,
    L2tpVersion,
    L2tpLength,
    L2tpControlFlags,
    L2tpOffset,
    AvpTruncated,
    AvpLength,
    AvpReservedBits,
    AvpValue,
    AvpHiddenWithoutVector,
    AvpHiddenWithoutSecret,
    AvpHiddenLength,
    AvpMustNotBeHidden,
    MessageTypeMissing,
    MessageTypeUnknown,
    AvpMissing,
    AvpUnknownMandatory,

    RadiusTruncated,
    RadiusLength,
    RadiusAttributeLength,

    DnsTruncated,
    DnsName,
    DnsNotAnswer,
    DnsRecord,
    DnsAliases,

    LinkTypeUnknown,
    CaptureTruncated,
    CaptureFormat,
}
