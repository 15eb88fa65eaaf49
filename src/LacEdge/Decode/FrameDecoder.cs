using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;
using LacEdge.Wire.Pcap;
using LacEdge.Wire.Ppp;
using LacEdge.Wire.Pppoe;
using LacEdge.Wire.Radius;

namespace LacEdge.Decode;

/// <summary>
/// Finds PPPoE, PPP, L2TP and RADIUS in captured frames of any supported link type. One decoder per capture: it remembers at which
/// ports tunnels were seen to begin. IP fragments, GRE and whatever else is not one of the four are left alone.
/// </summary>
/// <param name="secret">The tunnel secret, to reveal hidden AVPs; empty for none.</param>
internal sealed class FrameDecoder(byte[]? secret = null)
{
    private const ushort PppEtherType = 0x880B;
    private const int SllHeaderSize = 16, Sll2HeaderSize = 20, NullHeaderSize = 4;

    private readonly L2tpDecoder _l2tp = new(secret ?? []);

    public DecodedFrame Decode(long number, in CaptureRecord record) =>
        Decode(number, record.Interface, record.UnixNanoseconds, record.Data,
            (int)Math.Min(int.MaxValue, record.OriginalLength - record.Data.Length));

    /// <param name="missing">Octets that followed on the wire but are not there.</param>
    public DecodedFrame Decode(long number, CaptureInterface source, long? unixNanoseconds, ReadOnlySpan<byte> data, int missing = 0)
    {
        var frame = new DecodedFrame
        {
            Number = number,
            UnixNanoseconds = unixNanoseconds,
            Interface = source.Name,
            CapturedLength = data.Length,
            Missing = missing,
        };
        var error = DecodeLink(frame, source.LinkType, data);
        // What a cut frame lacks at its end is the capture's fault, not the sender's.
        if (missing > 0 && (error == DecodeError.None || IsAboutLength(error))) error = DecodeError.CaptureTruncated;
        frame.Error = error;
        return frame;
    }

    private DecodeError DecodeLink(DecodedFrame frame, LinkType linkType, ReadOnlySpan<byte> data)
    {
        switch (linkType)
        {
            case LinkType.Ethernet:
                return DecodeEthernet(frame, data);
            case LinkType.LinuxCooked:
                if (data.Length < SllHeaderSize) return DecodeError.EthernetTruncated;
                return DecodeEtherType(frame, BinaryPrimitives.ReadUInt16BigEndian(data[14..]), data[SllHeaderSize..]);
            case LinkType.LinuxCooked2:
                if (data.Length < Sll2HeaderSize) return DecodeError.EthernetTruncated;
                return DecodeEtherType(frame, BinaryPrimitives.ReadUInt16BigEndian(data), data[Sll2HeaderSize..]);
            case LinkType.Ppp:
                return PppDecoder.Decode(frame, data, this);
            case LinkType.PppWithDirection:
                return data.IsEmpty ? DecodeError.PppTruncated : PppDecoder.Decode(frame, data[1..], this);
            case LinkType.PppHdlc:
                // Cisco HDLC shares the link type: address 0F or 8F, control 00, then an EtherType.
                return data is [0x0F or 0x8F, 0x00, var high, var low, ..]
                    ? DecodeEtherType(frame, (ushort)(high << 8 | low), data[4..])
                    : PppDecoder.Decode(frame, data, this);
            case LinkType.Pppoe:
                return DecodePppoe(frame, isSession: data is [_, (byte)PppoeCode.Session, ..], data);
            case LinkType.BsdNull or LinkType.BsdLoop:
                // The address family differs from system to system; the IP version is in the packet.
                return data.Length < NullHeaderSize ? DecodeError.IpTruncated : DecodeIp(frame, data[NullHeaderSize..]);
            case LinkType.Raw or LinkType.RawKernel or LinkType.RawOpenBsd or LinkType.Ipv4 or LinkType.Ipv6:
                return DecodeIp(frame, data);
            default:
                return DecodeError.LinkTypeUnknown;
        }
    }

    private DecodeError DecodeEthernet(DecodedFrame frame, ReadOnlySpan<byte> data)
    {
        if (data.Length < EthernetFrame.HeaderSize) return DecodeError.EthernetTruncated;
        frame.Ethernet = (MacAddress.Read(data[6..]), MacAddress.Read(data));
        return DecodeEtherType(frame, BinaryPrimitives.ReadUInt16BigEndian(data[12..]), data[EthernetFrame.HeaderSize..]);
    }

    /// <summary>Captures may hold any number of tags; LacEdge itself takes two.</summary>
    private DecodeError DecodeEtherType(DecodedFrame frame, ushort etherType, ReadOnlySpan<byte> rest)
    {
        while (VlanTag.IsTpid(etherType))
        {
            if (rest.Length < 4) return DecodeError.VlanTruncated;
            frame.Vlans.Add(new VlanTag(etherType, BinaryPrimitives.ReadUInt16BigEndian(rest)));
            etherType = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            rest = rest[4..];
        }

        return etherType switch
        {
            EtherType.PppoeDiscovery => DecodePppoe(frame, isSession: false, rest),
            EtherType.PppoeSession => DecodePppoe(frame, isSession: true, rest),
            EtherType.Ipv4 or EtherType.Ipv6 => DecodeIp(frame, rest),
            PppEtherType => PppDecoder.Decode(frame, rest, this),
            _ when PppDecoder.IsNdisWan(etherType) =>
                PppDecoder.DecodeInformation(frame, (PppProtocol)etherType, PppHeaderForm.Plain, rest, this),
            _ => DecodeError.None,
        };
    }

    private DecodeError DecodePppoe(DecodedFrame frame, bool isSession, ReadOnlySpan<byte> bytes)
    {
        if (!PppoePacket.TryParse(bytes, out var packet, out var error))
        {
            if (error != DecodeError.PppoeLength) return error;
            // LENGTH is wrong, or the capture cut the frame: what is there is still worth reading.
            var inner = DecodePppoePayload(
                frame, isSession, (PppoeCode)bytes[1], BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]), bytes[PppoePacket.HeaderSize..]);
            return frame.Missing > 0 ? inner : error;
        }

        return DecodePppoePayload(frame, isSession, packet.Code, packet.SessionId, packet.Payload);
    }

    private DecodeError DecodePppoePayload(
        DecodedFrame frame, bool isSession, PppoeCode code, ushort sessionId, ReadOnlySpan<byte> payload)
    {
        if (isSession)
        {
            frame.Pppoe = new DecodedPppoe(code, sessionId, null);
            if (code != PppoeCode.Session) return DecodeError.PppoeCode;
            var error = PppDecoder.Decode(frame, payload, this);
            return error == DecodeError.None && sessionId == 0 ? DecodeError.PppoeSessionId : error;
        }

        var tags = new PppoeTagReader(payload);
        var found = new List<TypeAndValue>();
        while (tags.MoveNext()) found.Add(new TypeAndValue((ushort)tags.Current.Type, Bytes.Copy(tags.Current.Value)));
        frame.Pppoe = new DecodedPppoe(code, sessionId, found);
        return tags.Error == DecodeError.None && ProtocolNames.Pppoe(code) is null ? DecodeError.PppoeCode : tags.Error;
    }

    /// <summary>Reads an IP packet; one inside of another tunnel's payload is only checked.</summary>
    internal DecodeError DecodeIp(DecodedFrame frame, ReadOnlySpan<byte> packet)
    {
        if (!TryParseIp(packet, frame.Missing, out var ip, out var payload, out var error))
        {
            // A length that is wrong leaves the addresses readable.
            if (error == DecodeError.IpLength && TryParseIp(packet, ushort.MaxValue, out ip, out _, out _)) frame.Ip ??= ip;
            return error;
        }

        if (frame.Ip is not null) return DecodeError.None;
        frame.Ip = ip;
        return ip.IsFragment || ip.Protocol != IpProtocol.Udp ? DecodeError.None : DecodeUdp(frame, ip, payload);
    }

    private static bool TryParseIp(
        ReadOnlySpan<byte> packet, int missing,
        [NotNullWhen(true)] out DecodedIp? ip, out ReadOnlySpan<byte> payload, out DecodeError error)
    {
        ip = null;
        payload = default;
        if (packet is [>= 0x60 and <= 0x6F, ..])
        {
            if (!Ipv6Header.TryParse(packet, out var header, out error, missing)) return false;
            ip = new DecodedIp(header.Source, header.Destination, header.Protocol) { IsFragment = header.IsFragment };
            payload = header.Payload;
        }
        else
        {
            if (!Ipv4Header.TryParse(packet, out var header, out error, missing)) return false;
            ip = new DecodedIp(header.Source, header.Destination, header.Protocol) { IsFragment = header.IsFragment };
            payload = header.Payload;
        }

        return true;
    }

    private DecodeError DecodeUdp(DecodedFrame frame, DecodedIp ip, ReadOnlySpan<byte> datagram)
    {
        var parsed = UdpHeader.TryParse(datagram, out var udp, out var error, frame.Missing);
        if (datagram.Length >= 4)
        {
            frame.Ip = ip with
            {
                SourcePort = BinaryPrimitives.ReadUInt16BigEndian(datagram),
                DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]),
            };
        }

        if (!parsed) return error;
        var source = new UdpEndpoint(ip.Source, udp.SourcePort);
        var destination = new UdpEndpoint(ip.Destination, udp.DestinationPort);
        // The server's port decides; replies come from it.
        if (L2tpDecoder.IsPort(udp.DestinationPort)) return _l2tp.Decode(frame, source, destination, udp.Payload, this);
        if (IsRadiusPort(udp.DestinationPort)) return DecodeRadius(frame, udp.SourcePort, udp.Payload);
        if (L2tpDecoder.IsPort(udp.SourcePort)) return _l2tp.Decode(frame, source, destination, udp.Payload, this);
        if (IsRadiusPort(udp.SourcePort)) return DecodeRadius(frame, udp.DestinationPort, udp.Payload);
        return _l2tp.IsKnown(source) || _l2tp.IsKnown(destination)
            ? _l2tp.Decode(frame, source, destination, udp.Payload, this)
            : DecodeError.None;
    }

    private static DecodeError DecodeRadius(DecodedFrame frame, ushort otherPort, ReadOnlySpan<byte> payload)
    {
        if (!RadiusPacket.TryParse(payload, out var packet, out var error))
        {
            // A well-known service that answers to a client which happens to sit on a RADIUS port.
            if (IsWellKnown(otherPort)) return DecodeError.None;
            if (payload.Length >= 2) frame.Radius = new DecodedRadius((RadiusCode)payload[0], payload[1], []);
            return error;
        }

        var attributes = new RadiusAttributeReader(packet.Attributes);
        var found = new List<TypeAndValue>();
        while (attributes.MoveNext()) found.Add(new TypeAndValue(attributes.Current.Type, Bytes.Copy(attributes.Current.Value)));
        frame.Radius = new DecodedRadius(packet.Code, packet.Identifier, found);
        return attributes.Error;
    }

    internal static bool IsWellKnown(ushort port) => port < 1024;

    /// <summary>Authentication, accounting and dynamic authorization, today's and the older ports.</summary>
    private static bool IsRadiusPort(ushort port) => port is 1645 or 1646 or 1700 or 1812 or 1813 or 3799;

    private static bool IsAboutLength(DecodeError error) => error is
        DecodeError.EthernetTruncated or DecodeError.VlanTruncated or DecodeError.PppoeTruncated or DecodeError.PppoeLength
        or DecodeError.PppTruncated or DecodeError.PppControlTruncated or DecodeError.PppControlLength or DecodeError.IpTruncated
        or DecodeError.IpLength or DecodeError.UdpTruncated or DecodeError.UdpLength or DecodeError.L2tpTruncated or DecodeError.L2tpLength
        or DecodeError.L2tpOffset or DecodeError.RadiusTruncated or DecodeError.RadiusLength;
}
