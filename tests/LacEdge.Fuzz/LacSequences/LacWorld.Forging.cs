using System.Buffers.Binary;
using LacEdge.Core.L2tp;
using LacEdge.Core.Lac;
using LacEdge.Fuzz.Mutation;
using LacEdge.Lab.Peers;
using LacEdge.Simulator;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;
using LacEdge.Wire.Ppp;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Fuzz.LacSequences;

/// <summary>Messages that no peer would send, with ids that are alive; and what else may happen to a Lac.</summary>
internal sealed partial class LacWorld
{
    private static readonly MessageType[] _messageTypes = Enum.GetValues<MessageType>();
    private static readonly LcpCode[] _lcpCodes = Enum.GetValues<LcpCode>();
    private static readonly PppProtocol[] _protocols = Enum.GetValues<PppProtocol>();
    private static readonly PppoeCode[] _pppoeCodes = Enum.GetValues<PppoeCode>();

    private static LinkFaults Faults(byte kind) => (kind % 6) switch
    {
        0 or 1 or 2 => LinkFaults.Perfect,
        3 => LinkFaults.Bad(0.05),
        4 => LinkFaults.Bad(0.3),
        _ => new LinkFaults(0.02, 0.2, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(200)),
    };

    private void ForgeControl(PeerRandom random)
    {
        if (LiveTunnel(random) is not { } tunnel || !_toLns.TryGetValue(tunnel.Peer, out var last)) return;
        var call = OneOf([.. Lac.SessionsAfter(0).Where(session => session.Call?.Tunnel == tunnel)], random)?.Call;
        var type = _messageTypes[random.Next(_messageTypes.Length)];
        var message = new byte[12].Concat(ItemFormat.Avp.Build(0, [(byte)((ushort)type >> 8), (byte)type], Avp.MandatoryBit)).ToArray();
        // What the message must have, then anything.
        foreach (var required in MessageTable.Find(type)?.Required ?? [])
        {
            if (random.Next(8) == 0) continue;
            var info = AvpTable.Get(required);
            message = [.. message, .. ItemFormat.Avp.Build(info.Type, Vocabulary.Value(info.MinSize, random), Avp.MandatoryBit)];
        }

        for (var i = random.Next(4); i > 0; i--) message = [.. message, .. Vocabulary.Avp(random)];
        BinaryPrimitives.WriteUInt16BigEndian(message, L2tpHeader.ControlFlags);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)message.Length);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4), tunnel.LocalTunnelId);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), call is null || random.Next(6) == 0 ? (ushort)0 : call.LocalSessionId);
        InSequence(message, tunnel.Peer);
        if (random.Next(3) == 0) message = _ofDatagrams.Mutate(message, last.Octets, random);
        _network.InjectDatagram(last.Local, Source(tunnel.Peer, random), message);
    }

    private void ForgeFrame(PeerRandom random)
    {
        var session = OneOf([.. Lac.SessionsAfter(0)], random);
        var stranger = session is null || random.Next(8) == 0;
        var source = stranger ? Subscriber(random.Next(LacVariant.Subscribers)).Options.Mac : session!.Pppoe.Subscriber;
        var vlans = session?.Pppoe.Vlans ?? default;
        byte[] payload;
        var (code, id, discovery) = (PppoeCode.Session, session?.Pppoe.SessionId ?? 0, session is null || random.Next(3) == 0);
        if (discovery)
        {
            code = _pppoeCodes[random.Next(_pppoeCodes.Length)];
            if (code != PppoeCode.Padt || random.Next(4) == 0) id = 0;
            payload = random.Next(4) == 0 ? [] : ItemFormat.PppoeTag.Build((int)PppoeTagType.ServiceName, []);
            for (var i = random.Next(5); i > 0; i--) payload = [.. payload, .. Vocabulary.Item(ItemFormat.PppoeTag, random)];
        }
        else payload = ForgePpp(random);

        byte[] header = [0x88, (byte)(discovery ? 0x63 : 0x64), 0x11, (byte)code, .. Word(id), .. Word(payload.Length)];
        byte[] frame = [.. new byte[12], .. Tags(vlans), .. header, .. payload];
        (code is PppoeCode.Padi ? new MacAddress(0xFFFF_FFFF_FFFF) : LacNode.MacOf(0)).Write(frame);
        source.Write(frame.AsSpan(6));
        if (random.Next(3) == 0) frame = _ofFrames.Mutate(frame, frame, random);
        _network.InjectFrame(0, frame);
    }

    private static byte[] ForgePpp(PeerRandom random)
    {
        var protocol = random.Next(3) == 0 ? _protocols[random.Next(_protocols.Length)]
            : random.Next(2) == 0 ? PppProtocol.Lcp : random.Next(2) == 0 ? PppProtocol.Pap : PppProtocol.Chap;
        byte code;
        byte[] data = [];
        if (protocol is PppProtocol.Pap or PppProtocol.Chap or PppProtocol.Eap)
        {
            code = (byte)(1 + random.Next(4));
            var name = "user1@isp1.example"u8.ToArray();
            byte[] secret = protocol == PppProtocol.Pap ? "wonder-land"u8.ToArray() : Vocabulary.Value(random.Next(4) == 0 ? random.Next(60) : 16, random);
            data = protocol == PppProtocol.Pap ? [(byte)name.Length, .. name, (byte)secret.Length, .. secret] : [(byte)secret.Length, .. secret, .. name];
        }
        else
        {
            code = (byte)_lcpCodes[random.Next(_lcpCodes.Length)];
            if (code <= 4) for (var i = random.Next(5); i > 0; i--) data = [.. data, .. Vocabulary.Item(ItemFormat.PppOption, random)];
            else data = Vocabulary.Value(random.Next(3) == 0 ? random.Next(40) : 4, random);
        }

        return [.. Word((int)protocol), code, (byte)random.Next(6), .. Word(data.Length + 4), .. data];
    }

    /// <summary>A frame or control message of a capture, made to fit somebody here.</summary>
    private void Foreign(in LacStep step, PeerRandom random)
    {
        var octets = step.Message.ToArray();
        var session = OneOf([.. Lac.SessionsAfter(0)], random);
        if ((step.Argument & 1) == 0)
        {
            if (octets.Length < 14) return;
            (random.Next(4) == 0 ? new MacAddress(0xFFFF_FFFF_FFFF) : LacNode.MacOf(0)).Write(octets);
            (session?.Pppoe.Subscriber ?? Subscriber(random.Next(LacVariant.Subscribers)).Options.Mac).Write(octets.AsSpan(6));
            if (session is not null && octets.Length >= 20 && octets[12] == 0x88 && octets[13] == 0x64)
                BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(16), session.Pppoe.SessionId);
            if (random.Next(2) == 0) octets = _ofFrames.Mutate(octets, octets, random);
            _network.InjectFrame(0, octets);
            return;
        }

        if (LiveTunnel(random) is not { } tunnel || !_toLns.TryGetValue(tunnel.Peer, out var last)) return;
        if (octets.Length >= 12 && octets[0] == 0xC8)
        {
            BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(4), tunnel.LocalTunnelId);
            if (session?.Call is { } call && octets[6] + octets[7] != 0) BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(6), call.LocalSessionId);
            InSequence(octets, tunnel.Peer);
        }

        if (random.Next(2) == 0) octets = _ofDatagrams.Mutate(octets, octets, random);
        _network.InjectDatagram(last.Local, tunnel.Peer, octets);
    }

    private void DisturbLns(EmbeddedLns lns, PeerRandom random)
    {
        switch (random.Next(9))
        {
            case 0: lns.Die(); break;
            case 1 or 2: lns.Restart(); break;
            case 3: lns.RefuseCalls = new ResultCode((ushort)random.Next(12), (ushort)random.Next(9)); break;
            case 4: lns.RefuseTunnels = new ResultCode((ushort)random.Next(8), (ushort)random.Next(9)); break;
            case 5: (lns.RefuseCalls, lns.RefuseTunnels) = (null, null); break;
            case 6: _network.Do(lns, l => l.CloseAll(new ResultCode((ushort)(1 + random.Next(7))), _network.Now)); break;
            case 7 when lns.Calls.FirstOrDefault() is { } call:
                _network.Do(lns, _ => call.Drop(new ResultCode((ushort)(1 + random.Next(11))), null, _network.Now));
                break;
            case 8 when lns.Calls.LastOrDefault() is { } call:
                _network.Do(lns, _ => call.HangUp("bye", _network.Now));
                break;
        }
    }

    private void Operate(PeerRandom random)
    {
        switch (random.Next(8))
        {
            case 0:
                _network.Lac.Link(0, up: false);
                if (random.Next(4) != 0) _network.Lac.Link(0, up: true);
                break;
            case 1: _network.Lac.Link(0, up: true, mtu: 1400 + random.Next(200)); break;
            case 2: _network.Lac.Command(new ClearLockout(random.Next(2) == 0 ? null : Subscriber(random.Next(6)).Options.Mac)); break;
            case 3 when random.Next(8) == 0:
                _shutDown = true;
                _network.Lac.Command(new Shutdown());
                break;
            case 5: _network.Lac.Command(new ClearAdaptations("lns-a")); break;
            case 4: if (!_network.Lac.TakenPorts.Remove(1701)) _network.Lac.TakenPorts.Add(1701); break;
            default:
                if (OneOf([.. Lac.SessionsAfter(0)], random) is { } session) _network.Lac.Command(new ClearSession(session.Key, "fuzz"));
                break;
        }
    }

    /// <summary>The LNS, or a stranger in its place.</summary>
    private static UdpEndpoint Source(UdpEndpoint lns, PeerRandom random) =>
        random.Next(8) == 0 ? lns with { Port = (ushort)random.Next(65536) } : lns;

    private L2tpTunnel? LiveTunnel(PeerRandom random) => OneOf([.. Lac.Tunnels.Where(tunnel => tunnel.L2tp is not null)], random)?.L2tp;

    private static T? OneOf<T>(T[] all, PeerRandom random) where T : class => all.Length == 0 ? null : all[random.Next(all.Length)];

    private static byte[] Word(int value) => [(byte)(value >> 8), (byte)value];

    private static byte[] Tags(VlanStack vlans)
    {
        var tags = new byte[vlans.Size];
        var writer = new Wire.WireWriter(tags);
        vlans.Write(ref writer);
        return tags;
    }
}
