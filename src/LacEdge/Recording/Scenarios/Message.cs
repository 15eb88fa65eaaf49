using LacEdge.Decode;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.L2tp;
using LacEdge.Wire.Ppp;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Recording.Scenarios;

internal enum Side : byte { Access, Core }

/// <summary>What one frame or datagram says, as far as a replay has to know it. Fields that do not belong to its kind are zero.</summary>
internal sealed record Message(Side Side, Bytes Octets)
{
    /// <summary>"PADI", "LCP Configure-Request", "SCCRQ", "ZLB", "IPv4".</summary>
    public string Kind { get; private init; } = "";
    /// <summary>What two messages of one kind are compared by: mandatory AVPs, PPPoE tags, LCP options; by name, sorted.</summary>
    public IReadOnlyList<string> Elements { get; private init; } = [];

    public MacAddress Source { get; private init; }
    public MacAddress Destination { get; private init; }
    public VlanStack Vlans { get; private init; }
    public PppoeCode PppoeCode { get; private init; }
    public ushort PppoeSessionId { get; private init; }
    public bool IsDiscovery { get; private init; }
    /// <summary>The payload of a discovery packet.</summary>
    public Bytes Tags { get; private init; }

    public bool IsControl { get; private init; }
    /// <summary>The message type; 0 for a ZLB.</summary>
    public MessageType Type { get; private init; }
    public ushort TunnelId { get; private init; }
    public ushort SessionId { get; private init; }
    public ushort Ns { get; private init; }
    public ushort Nr { get; private init; }
    public ushort AssignedTunnelId { get; private init; }
    public ushort AssignedSessionId { get; private init; }
    public ushort ResultCode { get; private init; }
    public Bytes Challenge { get; private init; }
    public Bytes ChallengeResponse { get; private init; }
    public string HostName { get; private init; } = "";

    /// <summary>A PPP frame, protocol field first, of a PPPoE session or an L2TP data message.</summary>
    public Bytes Ppp { get; private init; }
    public PppProtocol Protocol { get; private init; }
    public byte Code { get; private init; }
    public byte Identifier { get; private init; }
    /// <summary>What follows the length field of a PPP control packet.</summary>
    public Bytes Data { get; private init; }

    public bool IsZlb => IsControl && Type == 0;
    /// <summary>Acknowledgements and keepalives: when they come is each side's own affair.</summary>
    public bool IsUpkeep => IsControl && Type is 0 or MessageType.Hello;
    public bool IsPads => IsDiscovery && PppoeCode == PppoeCode.Pads;
    public bool IsPpp => !Ppp.IsEmpty;
    public bool IsLcp(params ReadOnlySpan<LcpCode> codes) => IsPpp && Protocol == PppProtocol.Lcp && codes.Contains((LcpCode)Code);
    public bool IsChap(ChapCode code) => IsPpp && Protocol == PppProtocol.Chap && Code == (byte)code;
    public bool IsEap(EapCode code) => IsPpp && Protocol == PppProtocol.Eap && Code == (byte)code;
    public bool IsPap(PapCode code) => IsPpp && Protocol == PppProtocol.Pap && Code == (byte)code;

    /// <summary>Null for a frame that is no PPPoE.</summary>
    public static Message? FromFrame(ReadOnlySpan<byte> octets)
    {
        if (!EthernetFrame.TryParse(octets, out var frame, out _)) return null;
        if (frame.EtherType is not (EtherType.PppoeDiscovery or EtherType.PppoeSession)) return null;
        if (!PppoePacket.TryParse(frame.Payload, out var packet, out _)) return null;
        var message = new Message(Side.Access, Bytes.Copy(octets))
        {
            Source = frame.Source,
            Destination = frame.Destination,
            Vlans = frame.Vlans,
            PppoeCode = packet.Code,
            PppoeSessionId = packet.SessionId,
        };
        if (frame.EtherType == EtherType.PppoeSession) return message.WithPpp(packet.Payload);

        var tags = new PppoeTagReader(packet.Payload);
        var names = new SortedSet<string>(StringComparer.Ordinal);
        while (tags.MoveNext()) names.Add(ProtocolNames.Tag(tags.Current.Type) ?? $"tag {(ushort)tags.Current.Type:x4}");
        return message with
        {
            IsDiscovery = true,
            Kind = ProtocolNames.Pppoe(packet.Code) ?? $"PPPoE code {(byte)packet.Code:x2}",
            Tags = Bytes.Copy(packet.Payload),
            Elements = [.. names],
        };
    }

    /// <summary>Null for a datagram that is no L2TP.</summary>
    /// <param name="secret">To read hidden ids.</param>
    public static Message? FromDatagram(ReadOnlySpan<byte> octets, ReadOnlySpan<byte> secret)
    {
        if (!L2tpHeader.TryParse(octets, out var header, out _)) return null;
        var message = new Message(Side.Core, Bytes.Copy(octets)) { TunnelId = header.TunnelId, SessionId = header.SessionId };
        if (!header.IsControl) return message.WithPpp(header.Payload is [0xFF, 0x03, .. var ppp] ? ppp : header.Payload);

        message = message with { IsControl = true, Ns = header.Ns, Nr = header.Nr, Kind = "ZLB" };
        if (header.IsZlb) return message;
        var control = ControlMessageParser.Parse(header, secret);
        return message with
        {
            Kind = MessageTable.NameOf(control.Type),
            Type = control.Type,
            AssignedTunnelId = control.AssignedTunnelId ?? 0,
            AssignedSessionId = control.AssignedSessionId ?? 0,
            ResultCode = control.ResultCode.Result,
            Challenge = Bytes.Copy(control.Challenge),
            ChallengeResponse = Bytes.Copy(control.ChallengeResponse),
            HostName = PrintableText.From(control.HostName),
            Elements = MandatoryAvps(header.Payload),
        };
    }

    /// <summary>A PPP frame alone, protocol field first.</summary>
    public static Message FromPpp(Bytes ppp) => new Message(Side.Access, default).WithPpp(ppp.Span);

    public override string ToString() => Kind;

    private static string[] MandatoryAvps(ReadOnlySpan<byte> avps)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var reader = new AvpReader(avps);
        while (reader.MoveNext())
        {
            var avp = reader.Current;
            if (!avp.Mandatory || avp is { Vendor: 0, Type: (ushort)AvpType.MessageType }) continue;
            names.Add($"{(avp.Vendor == 0 ? "" : avp.Vendor + "/")}{avp.Type} {AvpTable.Find(avp.Vendor, avp.Type)?.Name ?? "unknown"}");
        }

        return [.. names];
    }

    private Message WithPpp(ReadOnlySpan<byte> octets)
    {
        if (!PppFrame.TryParse(octets, out var ppp, out _)) return this with { Kind = "broken PPP frame", Ppp = Bytes.Copy(octets) };
        var message = this with { Ppp = Bytes.Copy(octets), Protocol = ppp.Protocol, Kind = ProtocolNames.Protocol(ppp.Protocol) };
        // Control protocols and authentication share their layout; the rest is somebody's data.
        if ((ushort)ppp.Protocol < 0x8000 || !PppControlPacket.TryParse(ppp.Information, out var packet, out _)) return message;
        return message with
        {
            Kind = $"{message.Kind} {ProtocolNames.PppCode(ppp.Protocol, packet.Code)}",
            Code = packet.Code,
            Identifier = packet.Identifier,
            Data = Bytes.Copy(packet.Data),
            Elements = ppp.Protocol == PppProtocol.Lcp && packet.Code == (byte)LcpCode.ConfigureRequest ? Options(packet.Data) : [],
        };
    }

    private static string[] Options(ReadOnlySpan<byte> options)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var reader = new PppOptionReader(options);
        while (reader.MoveNext()) names.Add(ProtocolNames.Option(PppProtocol.Lcp, reader.Current.Type) ?? $"option {reader.Current.Type}");
        return [.. names];
    }
}
