namespace LacEdge.Wire.Ethernet;

/// <summary>EtherTypes that LacEdge knows.</summary>
public static class EtherType
{
    public const ushort Ipv4 = 0x0800;
    public const ushort Ipv6 = 0x86DD;
    public const ushort PppoeDiscovery = 0x8863;
    public const ushort PppoeSession = 0x8864;
}

/// <summary>A view of an Ethernet frame (without FCS) with its VLAN tags in band.</summary>
public readonly ref struct EthernetFrame
{
    public const int HeaderSize = 14;

    public MacAddress Destination { get; private init; }
    public MacAddress Source { get; private init; }
    public VlanStack Vlans { get; private init; }
    /// <summary>The EtherType behind the tags.</summary>
    public ushort EtherType { get; private init; }
    /// <summary>What follows the EtherType, padding included.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>Errors: <see cref="DecodeError.EthernetTruncated"/>, <see cref="DecodeError.VlanTruncated"/>,
    /// <see cref="DecodeError.VlanTooDeep"/> (more than two tags).</summary>
    public static bool TryParse(ReadOnlySpan<byte> frame, out EthernetFrame view, out DecodeError error)
    {
        view = default;
        error = DecodeError.EthernetTruncated;
        if (frame.Length < HeaderSize) return false;

        var reader = new WireReader(frame[12..]);
        var etherType = reader.ReadUInt16();
        var vlans = VlanStack.Untagged;
        while (VlanTag.IsTpid(etherType))
        {
            var tag = new VlanTag(etherType, reader.ReadUInt16());
            etherType = reader.ReadUInt16();
            if (!reader.Ok) { error = DecodeError.VlanTruncated; return false; }
            if (vlans.Count == 2) { error = DecodeError.VlanTooDeep; return false; }
            vlans = vlans.Count == 0 ? VlanStack.Single(tag) : VlanStack.Double(vlans.Outer, tag);
        }

        view = new EthernetFrame
        {
            Destination = MacAddress.Read(frame),
            Source = MacAddress.Read(frame[6..]),
            Vlans = vlans,
            EtherType = etherType,
            Payload = reader.Rest,
        };
        error = DecodeError.None;
        return true;
    }

    public static void WriteHeader(ref WireWriter writer, MacAddress destination, MacAddress source, VlanStack vlans, ushort etherType)
    {
        if (writer.Reserve(12) is not { Length: 12 } addresses) return;
        destination.Write(addresses);
        source.Write(addresses[6..]);
        vlans.Write(ref writer);
        writer.WriteUInt16(etherType);
    }
}
