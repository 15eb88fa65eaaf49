using System.Buffers.Binary;
using System.Text;
using LacEdge.Core.Forwarding;
using LacEdge.Fuzz.Engine;
using LacEdge.Fuzz.Mutation;
using LacEdge.Wire;
using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;
using LacEdge.Wire.Radius;

namespace LacEdge.Fuzz.Targets;

/// <summary>The L2TP header, AVPs, whole control messages with hidden AVPs, and their words.</summary>
internal sealed class L2tpTarget() : MessageTarget("l2tp", Root.L2tp, Secret)
{
    private const string Secret = "tunnel-secret";
    private static readonly byte[] _secret = Encoding.UTF8.GetBytes(Secret);

    public override IEnumerable<byte[]> Seeds(SeedPool seeds) => seeds.L2tp;

    protected override void Decode(ReadOnlySpan<byte> datagram, FeatureMap features)
    {
        var reason = DataMessage.Read(datagram, out var data);
        features.Hit(40, (int)reason);
        if (reason == ForwardingReason.Forwarded) Require(data.PppAt + data.PppLength <= datagram.Length, "the data plane forwards what is not there");
        var payloadAt = PayloadAt(datagram, out var end);
        var parsed = Agree(L2tpHeader.TryParse(datagram, out var header, out var error), error, features);
        Require(parsed == payloadAt >= 0, "L2TP: taken or refused against the rules");
        if (!parsed) return;
        Require(header.Payload.Length == end - payloadAt, "L2TP: another payload");
        if (reason == ForwardingReason.Forwarded) Require(header.TunnelId == data.TunnelId && header.SessionId == data.SessionId, "the data plane reads another session");
        features.Hit(41, header.Flags & 0xFFF0);
        if (!header.IsControl || header.IsZlb) return;

        Avps(header.Payload, features);
        foreach (var secret in (ReadOnlySpan<byte[]>)[_secret, []])
        {
            var message = ControlMessageParser.Parse(header, secret);
            features.Hit(42, (int)message.Problem.Error);
            features.Hit(43, (int)message.Ignored);
            features.Hit(44, (MessageTable.Find(message.Type) is null ? 0 : (int)message.Type) << 8 | (int)message.Problem.Error);
            Read(message, features);
        }
    }

    /// <summary>Where the payload begins, by RFC 2661 section 3.1; -1 when the header is not acceptable.</summary>
    private static int PayloadAt(ReadOnlySpan<byte> datagram, out int end)
    {
        end = datagram.Length;
        if (end < 2) return -1;
        int flags = BinaryPrimitives.ReadUInt16BigEndian(datagram), at = 2;
        if ((flags & 15) != 2 || flags >= 0x8000 && (flags & 0xCB00) != 0xC800) return -1;
        if ((flags & 0x4000) != 0)
        {
            if (end < 4) return -1;
            end = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
            if (end > datagram.Length || end < 4) return -1;
            at = 4;
        }

        at += (flags & 0x0800) != 0 ? 8 : 4;
        if ((flags & 0x0200) != 0)
        {
            if (at + 2 > end) return -1;
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(datagram[at..]);
        }

        return at <= end ? at : -1;
    }

    private static void Avps(ReadOnlySpan<byte> payload, FeatureMap features)
    {
        List<int> types = [], sizes = [];
        var reader = new AvpReader(payload);
        while (reader.MoveNext())
        {
            var avp = reader.Current;
            types.Add(avp.Type);
            sizes.Add(avp.Value.Length);
            var known = AvpTable.Find(avp.Vendor, avp.Type) is not null ? avp.Vendor << 16 | avp.Type : -1;
            features.Hit(45, known);
            features.Hit(46, (avp.Hidden ? 1 : 0) | (avp.Mandatory ? 2 : 0) | (avp.HasReservedBits ? 4 : 0) | known << 3);
            var text = AvpText.Format(avp.Vendor, avp.Type, avp.Value, MessageType.Cdn) + AvpTable.NameOf(avp.Vendor, avp.Type);
            Require(!text.Any(char.IsControl), "an AVP prints control characters");
        }

        Error(features, reader.Error);
        Same(ItemFormat.Avp, payload, types, sizes, reader.Error != DecodeError.None, features);
    }

    /// <summary>All that the rest of the product may ask of a message, whatever is wrong with it.</summary>
    private static void Read(in ControlMessage message, FeatureMap features)
    {
        features.Hit(47, Math.Min((int)message.ResultCode.Result, 32) << 8 | Math.Min((int)message.ResultCode.Error, 16));
        features.Hit(48, Math.Min((int)message.DisconnectCause.Code, 32));
        features.Hit(49, Math.Min((int)(message.ProxyAuthenType ?? 99), 99));
        features.HitCount(50, message.ReceiveWindowSize ?? 0);
        foreach (var info in AvpTable.All)
        {
            if (info.Vendor != 0 || !info.Recognized || !message.Has((AvpType)info.Type)) continue;
            var value = message.Octets((AvpType)info.Type);
            Require(info.Accepts(value.Length), "a control message gives an AVP of a size that its table forbids");
            if (info.NonZero) Require(value.ContainsAnyExcept((byte)0), "a control message gives a zero that its table forbids");
            features.HitCount(2000 + info.Type, value.Length);
        }

        _ = (message.AssignedTunnelId, message.AssignedSessionId, message.ProxyAuthenId, message.TxConnectSpeed, message.FramingType, message.IsUnknown);
        _ = message.IsSessionMessage;
        if (message.Problem.IsNone && MessageTable.Find(message.Type) is { } known)
        {
            foreach (var required in known.Required) Require(message.Has(required), "a message without an AVP that it must have is taken");
        }
    }
}

/// <summary>Hidden values: what comes out of any cipher text is bounded, and what was hidden comes out as it was.</summary>
internal sealed class HiddenTarget() : MessageTarget("hidden", Root.Octets)
{
    public override IEnumerable<byte[]> Seeds(SeedPool seeds) => [[0, 30, 4, 1, 2, 3, 4, 0, 5, (byte)'a', (byte)'l', (byte)'i', (byte)'c', (byte)'e', 0, 0, 0]];

    protected override void Decode(ReadOnlySpan<byte> input, FeatureMap features)
    {
        if (input.Length < 4) return;
        var type = BinaryPrimitives.ReadUInt16BigEndian(input);
        var vector = input.Slice(3, Math.Min(input[2], input.Length - 3));
        var rest = input[(3 + vector.Length)..];
        var secret = rest[..Math.Min(rest.Length, 5)];
        var cipher = rest.ToArray();
        features.HitCount(60, cipher.Length);
        var revealed = Agree(HiddenAvp.TryReveal(type, secret, vector, cipher, out var length, out var error), error, features);
        Require(!revealed || length + 2 <= cipher.Length, "a hidden value is longer than what hides it");
        if (cipher.Length < 2) return;

        var clear = rest.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(clear, (ushort)Math.Min(clear.Length - 2, input[2]));
        var hidden = (byte[])clear.Clone();
        HiddenAvp.Hide(type, secret, vector, hidden);
        Require(HiddenAvp.TryReveal(type, secret, vector, hidden, out length, out _), "what was hidden is not revealed");
        Require(hidden.AsSpan().SequenceEqual(clear) && length == Math.Min(clear.Length - 2, input[2]), "what was hidden comes out otherwise");
        features.HitCount(61, length);
    }
}

internal sealed class RadiusTarget() : MessageTarget("radius", Root.Radius)
{
    private static readonly LacEdge.Core.Radius.RadiusServerConfig _server = new()
    {
        Name = "r1",
        Address = LacEdge.Wire.Ip.IpAddress.Parse("203.0.113.1"),
        Secret = LacEdge.Core.Config.Secret.FromText("radius-secret"),
    };

    public override IEnumerable<byte[]> Seeds(SeedPool seeds) =>
    [
        .. seeds.Radius, [1, 7, 0, 26, .. new byte[16], 1, 6, 97, 98, 99, 100],
        // Accepts: tagged tunnel sets with a Tunnel-Password; Framed-IP-Address and Cisco's vpdn pairs.
        Convert.FromHexString("025100630000000000000000000000000000000040060100000341060100000143100131"
            + "39382e35312e3130302e31305a13016c6163312e6578616d706c652e6e65744515018001e430832bbcb2ae2ff238b26ede5b277a520501543153060100000a"),
        Convert.FromHexString("0252005b000000000000000000000000000000000806c63364141a4100000009013b7670646e3a69702d6164647265737365733d"
            + "3139382e35312e3130302e31302c3139382e35312e3130302e31312f3230332e302e3131332e39"),
    ];

    protected override void Decode(ReadOnlySpan<byte> datagram, FeatureMap features)
    {
        var length = datagram.Length < 20 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        var fits = length >= 20 && length <= Math.Min(datagram.Length, 4096);
        Require(Agree(RadiusPacket.TryParse(datagram, out var packet, out var error), error, features) == fits, "RADIUS: taken or refused against the rules");
        if (!fits) return;
        Require(packet.Attributes.Length == length - 20 && packet.Authenticator.Length == 16, "RADIUS: other attributes");
        features.Hit(70, (int)packet.Code);
        List<int> types = [], sizes = [];
        var reader = new RadiusAttributeReader(packet.Attributes);
        while (reader.MoveNext())
        {
            types.Add(reader.Current.Type);
            sizes.Add(reader.Current.Value.Length);
        }

        Error(features, reader.Error);
        Same(ItemFormat.Radius, packet.Attributes, types, sizes, reader.Error != DecodeError.None, features);
        ReadAccept(packet, features);
    }

    /// <summary>What steering makes of it: never more than the packet holds.</summary>
    private static void ReadAccept(RadiusPacket packet, FeatureMap features)
    {
        var accept = LacEdge.Core.Radius.AccessAccept.Read(new LacEdge.Core.Radius.RadiusReply(packet, _server, new byte[16]));
        Require(accept.Sets.Length <= 32 && accept.Sets.Sum(set => set.ServerEndpoints.Sum(one => one.Length)) <= packet.Attributes.Length, "RADIUS: sets");
        Require(accept.Sets.Zip(accept.Sets.Skip(1), (a, b) => a.Preference <= b.Preference).All(inOrder => inOrder), "RADIUS: order of sets");
        foreach (var set in accept.Sets)
        {
            var said = (set.Type is null ? 0 : 1) | (set.Password is null ? 0 : 2) | (set.Fault is null ? 0 : 4);
            features.Hit(71, said | Math.Min(set.ServerEndpoints.Count, 3) << 3);
        }

        features.Hit(72, LacEdge.Core.Radius.VpdnPairs.Sets(accept.Vpdn).Count);
    }
}

/// <summary>IPv4, IPv6 with extension headers, UDP.</summary>
internal sealed class IpTarget() : MessageTarget("ip", Root.Ip)
{
    public override IEnumerable<byte[]> Seeds(SeedPool seeds) => seeds.Packets.Append(SixWithExtensions());

    protected override void Decode(ReadOnlySpan<byte> packet, FeatureMap features)
    {
        foreach (var missing in (ReadOnlySpan<int>)[0, 40])
        {
            if (Agree(Ipv4Header.TryParse(packet, out var four, out var error, missing), error, features))
            {
                int header = (packet[0] & 15) * 4, total = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
                Require(header >= 20 && total >= header && four.Payload.Length == Math.Min(total, packet.Length) - header, "IPv4: another payload");
                features.Hit(80, header << 8 | (four.Protocol is 1 or 6 or 17 ? four.Protocol : 0));
                features.Hit(81, four.IsFragment ? 1 : 0);
                Udp(four.Payload, missing, features);
            }

            if (!Agree(Ipv6Header.TryParse(packet, out var six, out error, missing), error, features)) continue;
            Require(six.Payload.Length <= Math.Min(packet.Length - 40, BinaryPrimitives.ReadUInt16BigEndian(packet[4..])), "IPv6: another payload");
            features.Hit(82, Math.Min((int)packet[6], 61) << 8 | (six.Protocol is 6 or 17 or 58 ? six.Protocol : 0));
            features.Hit(83, six.IsFragment ? 1 : 0);
            Udp(six.Payload, missing, features);
        }
    }

    private static void Udp(ReadOnlySpan<byte> datagram, int missing, FeatureMap features)
    {
        var length = datagram.Length < 8 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(datagram[4..]);
        var parsed = Agree(UdpHeader.TryParse(datagram, out var udp, out var error, missing), error, features);
        Require(parsed == (length >= 8 && length <= datagram.Length + missing), "UDP: taken or refused against the rules");
        if (parsed) Require(udp.Payload.Length == Math.Min(length, datagram.Length) - 8, "UDP: another payload");
    }

    private static byte[] SixWithExtensions()
    {
        byte[] packet = [0x60, 0, 0, 0, 0, 32, 0, 64, .. new byte[32], 44, 0, .. new byte[6], 17, 0, .. new byte[6], 6, 0xA5, 6, 0xA5, 0, 16, .. new byte[10]];
        return packet;
    }
}
