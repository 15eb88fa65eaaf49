using System.Buffers.Binary;
using LacEdge.Core;
using LacEdge.Wire;
using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;

namespace LacEdge.Recording.Scenarios;

/// <summary>
/// The LNS's end of one of our tunnels: makes the recorded LNS's datagrams fit the ids, sequence numbers and challenge of this
/// LAC, and acknowledges what the recording does not.
/// </summary>
internal sealed class LnsEnd(TunnelTrace tunnel, int socket, UdpEndpoint peer, byte[] secret)
{
    /// <summary>A recorded message that acknowledges comes first; a second is when the LAC would repeat.</summary>
    private static readonly TimeSpan AckPatience = TimeSpan.FromMilliseconds(400);

    private readonly Dictionary<ushort, ushort> _ours = [];
    private ushort _ns, _nr, _acknowledged;
    private bool _silent;

    public TunnelTrace Tunnel { get; } = tunnel;
    public int Socket { get; } = socket;
    public UdpEndpoint Peer { get; } = peer;
    /// <summary>When a ZLB is due; never while everything is acknowledged.</summary>
    public Instant AckDue { get; private set; } = Instant.Never;
    /// <summary>Messages that the LAC has not acknowledged.</summary>
    public int Unacknowledged => (ushort)(_ns - _acknowledged);

    public void Heard(Message fromLac, Instant now)
    {
        if (!fromLac.IsControl) return;
        if ((ushort)(fromLac.Nr - _acknowledged) < 0x8000) _acknowledged = fromLac.Nr;
        if (fromLac.IsZlb || fromLac.Ns != _nr) return;
        _nr++;
        if (AckDue == Instant.Never && !_silent) AckDue = now + AckPatience;
    }

    /// <summary>The LNS is dead, or not there yet: it acknowledges no more than the recording does.</summary>
    public void FallSilent() => (_silent, AckDue) = (true, Instant.Never);

    public Bytes Acknowledge()
    {
        AckDue = Instant.Never;
        return Bytes.Copy(AvpWriter.Zlb(new byte[L2tpHeader.ControlSize], Tunnel.LacId, 0, _ns, _nr));
    }

    /// <summary>Empty for a retransmission of something that was never played.</summary>
    /// <param name="call">Ours that belongs to the recorded message's call; null: none does.</param>
    public Bytes Rebind(TranscriptMessage recorded, Place theirs, CallTrace? call)
    {
        var message = recorded.Message;
        var octets = message.Octets.Span.ToArray();
        var ids = message.IsControl || (octets[0] & L2tpHeader.LengthBit >> 8) != 0 ? 4 : 2;
        if (message.TunnelId != 0) BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(ids), Tunnel.LacId);
        var session = octets.AsSpan(ids + 2);
        if (call is not null && message.SessionId == theirs.Call!.LacId) BinaryPrimitives.WriteUInt16BigEndian(session, call.LacId);
        if (!message.IsControl) return Bytes.Wrap(octets);

        if (message.Type == MessageType.Sccrp) _silent = false;
        if (message.Type == MessageType.Sccrp && !Tunnel.LacChallenge.IsEmpty) octets = WithResponse(octets);
        var ns = _ns;
        if (!message.IsZlb && !_ours.TryGetValue(message.Ns, out ns))
        {
            if (theirs.Repeats) return default;
            _ours[message.Ns] = ns = _ns++;
        }

        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(8), ns);
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(10), _nr);
        AckDue = Instant.Never;
        return Bytes.Wrap(octets);
    }

    /// <summary>SCCRP with the answer to our own challenge in place of the recorded one, or besides.</summary>
    private byte[] WithResponse(byte[] octets)
    {
        var response = new byte[TunnelAuthentication.ResponseSize];
        TunnelAuthentication.Respond(MessageType.Sccrp, secret, Tunnel.LacChallenge.Span, response);

        var writer = new WireWriter(new byte[octets.Length + Avp.HeaderSize + response.Length]);
        writer.WriteBytes(octets.AsSpan(0, L2tpHeader.ControlSize));
        var reader = new AvpReader(octets.AsSpan(L2tpHeader.ControlSize));
        while (reader.MoveNext())
        {
            var avp = reader.Current;
            if (avp is { Vendor: 0, Type: (ushort)AvpType.ChallengeResponse }) continue;
            var flags = (avp.Mandatory ? Avp.MandatoryBit : 0) | (avp.Hidden ? Avp.HiddenBit : 0);
            WriteAvp(ref writer, flags, avp.Vendor, avp.Type, avp.Value);
        }

        WriteAvp(ref writer, Avp.MandatoryBit, 0, (ushort)AvpType.ChallengeResponse, response);
        writer.PatchUInt16(2, (ushort)writer.Position);
        return writer.Written.ToArray();
    }

    private static void WriteAvp(ref WireWriter writer, int flags, ushort vendor, ushort type, ReadOnlySpan<byte> value)
    {
        writer.WriteUInt16((ushort)(flags | (value.Length + Avp.HeaderSize)));
        writer.WriteUInt16(vendor);
        writer.WriteUInt16(type);
        writer.WriteBytes(value);
    }
}
