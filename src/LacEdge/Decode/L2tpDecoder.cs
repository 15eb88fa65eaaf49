using System.Buffers.Binary;
using LacEdge.Wire;
using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;

namespace LacEdge.Decode;

/// <summary>L2TP control and data messages. Remembers the ports at which tunnels were opened, so that a tunnel is recognised when
/// neither end is at 1701 (RFC 2661 section 8.1 lets the answer come from any port).</summary>
internal sealed class L2tpDecoder(byte[] secret)
{
    private const ushort Port = 1701;
    /// <summary>More tunnel ends than this in one capture are not remembered.</summary>
    private const int MaxEnds = 65_536;

    private readonly HashSet<UdpEndpoint> _ends = [];

    public static bool IsPort(ushort port) => port == Port;

    public bool IsKnown(UdpEndpoint endpoint) => _ends.Contains(endpoint);

    public DecodeError Decode(
        DecodedFrame frame, UdpEndpoint source, UdpEndpoint destination, ReadOnlySpan<byte> datagram, FrameDecoder decoder)
    {
        if (!L2tpHeader.TryParse(datagram, out var header, out var error))
        {
            // On a port that is only remembered, or with a well-known service at the other end, it may be anything.
            var sure = source.Port == Port ? !FrameDecoder.IsWellKnown(destination.Port)
                : destination.Port == Port && !FrameDecoder.IsWellKnown(source.Port);
            if (!sure) return DecodeError.None;
            if (datagram.Length >= 2) frame.L2tp = new DecodedL2tp(BinaryPrimitives.ReadUInt16BigEndian(datagram));
            return error;
        }

        var l2tp = new DecodedL2tp(header.Flags)
        {
            Length = header.HasLength ? header.Length : null,
            TunnelId = header.TunnelId,
            SessionId = header.SessionId,
            Ns = header.HasSequence ? header.Ns : null,
            Nr = header.HasSequence ? header.Nr : null,
            Offset = header.HasOffset ? header.OffsetSize : null,
        };
        if (!header.IsControl)
        {
            frame.L2tp = l2tp;
            return PppDecoder.Decode(frame, header.Payload, decoder);
        }

        var avps = ReadAvps(header.Payload, out error);
        ushort? messageType = avps is [{ Vendor: 0, Type: (ushort)AvpType.MessageType, Hidden: false, Value: { Length: 2 } first }, ..]
            ? BinaryPrimitives.ReadUInt16BigEndian(first.Span)
            : null;
        frame.L2tp = l2tp with { MessageType = messageType, Avps = avps };
        Remember((MessageType)(messageType ?? 0), source, destination);
        return error == DecodeError.None && messageType is null && !header.IsZlb ? DecodeError.MessageTypeMissing : error;
    }

    private List<DecodedAvp> ReadAvps(ReadOnlySpan<byte> payload, out DecodeError error)
    {
        error = DecodeError.None;
        var found = new List<DecodedAvp>();
        ReadOnlySpan<byte> vector = default;
        var reader = new AvpReader(payload);
        while (reader.MoveNext())
        {
            var avp = reader.Current;
            Bytes? clear = null;
            var problem = avp.HasReservedBits ? DecodeError.AvpReservedBits : DecodeError.None;
            if (avp.Hidden) clear = Reveal(avp, vector, ref problem);
            else if (avp is { Vendor: 0, Type: (ushort)AvpType.RandomVector }) vector = avp.Value;

            var readable = !avp.Hidden || clear is not null;
            var known = avp.Vendor == 0 ? AvpTable.Find(0, avp.Type) : null;
            if (problem == DecodeError.None && readable && known is not null && !known.Accepts(clear?.Length ?? avp.Value.Length))
            {
                problem = DecodeError.AvpValue;
            }

            if (error == DecodeError.None) error = problem;
            found.Add(new DecodedAvp(avp.Vendor, avp.Type, avp.Mandatory, avp.Hidden, Bytes.Copy(avp.Value), clear));
        }

        if (reader.Error != DecodeError.None) error = reader.Error;
        return found;
    }

    private Bytes? Reveal(in Avp avp, ReadOnlySpan<byte> vector, ref DecodeError problem)
    {
        if (vector.IsEmpty)
        {
            problem = DecodeError.AvpHiddenWithoutVector;
            return null;
        }

        if (secret.Length == 0) return null;
        var subformat = avp.Value.ToArray();
        if (HiddenAvp.TryReveal(avp.Type, secret, vector, subformat, out var length, out var error))
        {
            return Bytes.Copy(subformat.AsSpan(HiddenAvp.LengthSize, length));
        }

        problem = error;
        return null;
    }

    private void Remember(MessageType type, UdpEndpoint source, UdpEndpoint destination)
    {
        if (type is not (MessageType.Sccrq or MessageType.Sccrp)) return;
        // Whoever opens a tunnel may do so from any port; whoever answers may move to another.
        if (source.Port != Port && _ends.Count < MaxEnds) _ends.Add(source);
        if (type == MessageType.Sccrp && destination.Port != Port && _ends.Count < MaxEnds) _ends.Add(destination);
    }
}
