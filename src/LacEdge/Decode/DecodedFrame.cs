using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;
using LacEdge.Wire.Ppp;
using LacEdge.Wire.Pppoe;
using LacEdge.Wire.Radius;

namespace LacEdge.Decode;

/// <summary>What one captured frame says. Parts that are not in the frame are null; a frame with an <see cref="Error"/> has the parts
/// that could be read before it.</summary>
internal sealed class DecodedFrame
{
    /// <summary>Position in the capture, from 1.</summary>
    public long Number { get; init; }
    /// <summary>Nanoseconds since 1970-01-01T00:00:00Z.</summary>
    public long? UnixNanoseconds { get; init; }
    /// <summary>The capture's name for the interface.</summary>
    public string? Interface { get; init; }
    public int CapturedLength { get; init; }
    /// <summary>Octets of the frame that are not in the capture.</summary>
    public int Missing { get; init; }
    public (MacAddress Source, MacAddress Destination)? Ethernet { get; set; }
    /// <summary>Outermost first.</summary>
    public List<VlanTag> Vlans { get; } = [];
    public DecodedPppoe? Pppoe { get; set; }
    /// <summary>The first PPP frame on the way in: of a PPPoE session or serial line, else of an L2TP session.</summary>
    public DecodedPpp? Ppp { get; set; }
    /// <summary>The first IP header on the way in.</summary>
    public DecodedIp? Ip { get; set; }
    public DecodedL2tp? L2tp { get; set; }
    public DecodedRadius? Radius { get; set; }
    public DecodeError Error { get; set; }
}

/// <summary>A PPPoE tag, PPP option or RADIUS attribute.</summary>
internal readonly record struct TypeAndValue(ushort Type, Bytes Value);

/// <param name="Tags">Null in the session stage.</param>
internal sealed record DecodedPppoe(PppoeCode Code, ushort SessionId, List<TypeAndValue>? Tags);

internal sealed record DecodedPpp(PppProtocol Protocol, PppHeaderForm HeaderForm)
{
    /// <summary>Code and identifier of a control packet.</summary>
    public byte? Code { get; init; }
    public byte? Identifier { get; init; }
    /// <summary>Of Configure packets, which then have no <see cref="Data"/>.</summary>
    public List<TypeAndValue>? Options { get; init; }
    /// <summary>What follows the length field of a control packet, else the whole information field.</summary>
    public Bytes? Data { get; init; }
}

internal sealed record DecodedIp(IpAddress Source, IpAddress Destination, byte Protocol)
{
    public bool IsFragment { get; init; }
    /// <summary>UDP ports; null for everything else.</summary>
    public ushort? SourcePort { get; init; }
    public ushort? DestinationPort { get; init; }
}

/// <param name="Flags">The first word as on the wire.</param>
internal sealed record DecodedL2tp(ushort Flags)
{
    public bool IsControl => (Flags & Wire.L2tp.L2tpHeader.ControlBit) != 0;
    public ushort? Length { get; init; }
    public ushort? Offset { get; init; }
    /// <summary>Null when the header is broken.</summary>
    public ushort? TunnelId { get; init; }
    public ushort? SessionId { get; init; }
    public ushort? Ns { get; init; }
    public ushort? Nr { get; init; }
    /// <summary>Null in data messages and in ZLBs.</summary>
    public ushort? MessageType { get; init; }
    /// <summary>Null in data messages.</summary>
    public List<DecodedAvp>? Avps { get; init; }
}

/// <param name="Value">As on the wire.</param>
/// <param name="Clear">What a hidden value hides, when the secret is known.</param>
internal readonly record struct DecodedAvp(ushort Vendor, ushort Type, bool Mandatory, bool Hidden, Bytes Value, Bytes? Clear);

internal sealed record DecodedRadius(RadiusCode Code, byte Identifier, List<TypeAndValue> Attributes);
