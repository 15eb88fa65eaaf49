using System.Buffers.Binary;
using LacEdge.Core.Forwarding;
using LacEdge.Fuzz.Engine;
using LacEdge.Fuzz.Mutation;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ppp;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Fuzz.Targets;

/// <summary>Ethernet, VLAN tags, the PPPoE header, and what the data plane makes of the frame.</summary>
internal sealed class EthernetTarget() : MessageTarget("ethernet", Root.Ethernet)
{
    public override IEnumerable<byte[]> Seeds(SeedPool seeds) => seeds.Frames;

    protected override void Decode(ReadOnlySpan<byte> frame, FeatureMap features)
    {
        var tags = 0;
        while (frame.Length >= 14 + tags * 4 && BinaryPrimitives.ReadUInt16BigEndian(frame[(12 + tags * 4)..]) is 0x8100 or 0x88A8 or 0x9100) tags++;
        var parsed = Agree(EthernetFrame.TryParse(frame, out var ethernet, out var error), error, features);
        Require(parsed == (frame.Length >= 14 + tags * 4 && tags <= 2), "Ethernet: taken or refused against the rules");
        features.Hit(10, (int)SessionFrame.Read(frame, out var session));
        if (!parsed) return;
        Require(ethernet.Vlans.Count == tags && ethernet.Payload.Length == frame.Length - 14 - tags * 4, "Ethernet: other tags or another payload");
        features.Hit(11, ethernet.EtherType is 0x0800 or 0x86DD or 0x8863 or 0x8864 ? ethernet.EtherType : 0);
        features.Hit(12, tags << 16 | ethernet.Vlans.Outer.Tpid);
        if (ethernet.EtherType is not (EtherType.PppoeDiscovery or EtherType.PppoeSession)) return;

        var payload = ethernet.Payload;
        var fits = payload.Length >= 6 && payload[0] == 0x11 && 6 + BinaryPrimitives.ReadUInt16BigEndian(payload[4..]) <= payload.Length;
        Require(Agree(PppoePacket.TryParse(payload, out var packet, out error), error, features) == fits, "PPPoE: taken or refused against the rules");
        if (!fits) return;
        Require(packet.Payload.Length == BinaryPrimitives.ReadUInt16BigEndian(payload[4..]), "PPPoE: another payload");
        features.Hit(13, Enum.IsDefined(packet.Code) ? (int)packet.Code : 1);
        features.HitCount(14, packet.Payload.Length);
        if (SessionFrame.Read(frame, out session) != ForwardingReason.Forwarded) return;
        Require(session.PppAt + session.PppLength <= frame.Length && session.PppLength <= packet.Payload.Length, "the data plane forwards what is not there");
        Require(session.SessionId == packet.SessionId && session.Vlans == ethernet.Vlans, "the data plane and the decoder read another session");
    }
}

/// <summary>Discovery tags, line information of the access node included.</summary>
internal sealed class DiscoveryTarget() : MessageTarget("discovery", Root.Tags)
{
    public override IEnumerable<byte[]> Seeds(SeedPool seeds) => seeds.Tags;

    protected override void Decode(ReadOnlySpan<byte> payload, FeatureMap features)
    {
        List<int> types = [], sizes = [];
        var reader = new PppoeTagReader(payload);
        while (reader.MoveNext())
        {
            types.Add((int)reader.Current.Type);
            sizes.Add(reader.Current.Value.Length);
        }

        // What follows End-Of-List is not read.
        var walked = ItemFormat.PppoeTag.Walk(payload, out var wellFormed);
        var end = walked.FindIndex(At(payload));
        var read = end < 0 ? payload : payload[..walked[end].Start];
        Same(ItemFormat.PppoeTag, read, types, sizes, reader.Error != DecodeError.None, features);

        var parsed = Agree(DiscoveryTags.TryParse(payload, out var tags, out var error), error, features);
        Require(parsed == (reader.Error == DecodeError.None), "discovery: the tags are taken though their framing is broken, or not taken");
        Require(tags.ServiceNameCount == types.Count(type => type == (int)PppoeTagType.ServiceName), "discovery: another number of service names");
        if (!tags.AccessLine.IsEmpty) Line(tags.AccessLine, features);
        features.Hit(20, (tags.HasHostUniq ? 1 : 0) | (tags.HasAcCookie ? 2 : 0) | (tags.HasRelaySessionId ? 4 : 0) | (tags.MaxPayload > 0 ? 8 : 0)
            | (tags.AccessLine.IsEmpty ? 0 : 16) | (tags.GenericError.IsEmpty ? 0 : 32));

        static Predicate<Range> At(ReadOnlySpan<byte> payload)
        {
            var octets = payload.ToArray();
            return range => octets[range.Start] == 0 && octets[range.Start.Value + 1] == 0;
        }
    }

    private static void Line(ReadOnlySpan<byte> options, FeatureMap features)
    {
        List<int> types = [], sizes = [];
        var reader = new AccessLineReader(options);
        while (reader.MoveNext())
        {
            types.Add((int)reader.Current.Type);
            sizes.Add(reader.Current.Value.Length);
        }

        Same(ItemFormat.AccessLine, options, types, sizes, reader.Error != DecodeError.None, features);
        var line = AccessLine.Read(options, out var error);
        Error(features, error);
        if (line is null) return;
        foreach (var type in Enum.GetValues<AccessLineType>())
        {
            if (line[type] is { } number) features.HitCount(21 + (int)type, (int)Math.Min(number, int.MaxValue));
        }

        Require(line.CircuitId.Length <= 255 && line.RemoteId.Length <= 255, "line information without bound");
    }
}

/// <summary>PPP framing, LCP and NCP options, PAP, CHAP, EAP.</summary>
internal sealed class PppTarget() : MessageTarget("ppp", Root.Ppp)
{
    public override IEnumerable<byte[]> Seeds(SeedPool seeds) => seeds.Ppp;

    protected override void Decode(ReadOnlySpan<byte> bytes, FeatureMap features)
    {
        if (!Agree(PppFrame.TryParse(bytes, out var frame, out var error), error, features)) return;
        var header = bytes.Length - frame.Information.Length;
        Require(header is >= 1 and <= 4, "PPP: another header");
        var protocol = Enum.IsDefined(frame.Protocol) ? (int)frame.Protocol : 0;
        features.Hit(30, protocol);
        features.Hit(31, (int)frame.HeaderForm);
        var information = frame.Information;
        var length = information.Length < 4 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(information[2..]);
        var fits = information.Length >= 4 && length >= 4 && length <= information.Length;
        Require(Agree(PppControlPacket.TryParse(information, out var packet, out error), error, features) == fits, "PPP control: taken or refused against the rules");
        if (!fits) return;
        Require(packet.Data.Length == length - 4, "PPP control: other data");
        features.Hit(32, protocol << 8 | Math.Min((int)packet.Code, 16));
        if (frame.Protocol is PppProtocol.Pap) Pap(packet.Data, features);
        else if (frame.Protocol is PppProtocol.Chap) Chap(packet.Data, features);
        else Options(packet.Data, features);
    }

    private static void Pap(ReadOnlySpan<byte> data, FeatureMap features)
    {
        var fits = data.Length >= 2 && data.Length >= 2 + data[0] && data.Length >= 2 + data[0] + data[1 + data[0]];
        Require(Agree(PapRequest.TryParse(data, out var request, out var error), error, features) == fits, "PAP: taken or refused against the rules");
        if (!fits) return;
        Require(request.PeerId.Length == data[0] && request.Password.Length == data[1 + data[0]], "PAP: another name or password");
        features.HitCount(33, request.PeerId.Length);
        features.HitCount(34, request.Password.Length);
    }

    private static void Chap(ReadOnlySpan<byte> data, FeatureMap features)
    {
        var fits = data.Length >= 1 && data.Length >= 1 + data[0];
        Require(Agree(ChapValue.TryParse(data, out var value, out var error), error, features) == fits, "CHAP: taken or refused against the rules");
        if (!fits) return;
        Require(value.Value.Length == data[0] && value.Name.Length == data.Length - 1 - data[0], "CHAP: another value or name");
        features.HitCount(35, value.Value.Length);
    }

    private static void Options(ReadOnlySpan<byte> data, FeatureMap features)
    {
        List<int> types = [], sizes = [];
        var reader = new PppOptionReader(data);
        while (reader.MoveNext())
        {
            types.Add(reader.Current.Type);
            sizes.Add(reader.Current.Value.Length);
        }

        Error(features, reader.Error);
        Same(ItemFormat.PppOption, data, types, sizes, reader.Error != DecodeError.None, features);
    }
}
