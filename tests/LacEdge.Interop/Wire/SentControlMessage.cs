using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace LacEdge.Interop.Wire;

/// <summary>An AVP as it stands on the wire (RFC 2661 section 4.1).</summary>
/// <param name="Value">Hidden or not.</param>
internal sealed record SentAvp(bool Mandatory, bool Hidden, int Vendor, int Type, byte[] Value);

/// <summary>A control message that LacEdge sent, read without LacEdge's own decoder; tshark does not look into hidden AVPs.</summary>
internal sealed record SentControlMessage(Message Type, IReadOnlyList<SentAvp> Avps)
{
    private const int HeaderSize = 12, AvpHeaderSize = 6;
    private const int RandomVector = 36;

    public static SentControlMessage Read(ReadOnlySpan<byte> datagram)
    {
        var avps = new List<SentAvp>();
        for (var rest = datagram[HeaderSize..]; rest.Length > 0;)
        {
            var first = BinaryPrimitives.ReadUInt16BigEndian(rest);
            var size = first & 0x3FF;
            avps.Add(new(
                (first & 0x8000) != 0, (first & 0x4000) != 0, BinaryPrimitives.ReadUInt16BigEndian(rest[2..]),
                BinaryPrimitives.ReadUInt16BigEndian(rest[4..]), rest[AvpHeaderSize..size].ToArray()));
            rest = rest[size..];
        }
        return new(Tshark.OfL2tp(BinaryPrimitives.ReadUInt16BigEndian(avps[0].Value)), avps);
    }

    public SentAvp? Find(int vendor, int type) => Avps.FirstOrDefault(avp => avp.Vendor == vendor && avp.Type == type);

    /// <summary>The value of a hidden AVP (RFC 2661 section 4.3).</summary>
    [SuppressMessage("Security", "CA5351", Justification = "RFC 2661 hides with MD5.")]
    public byte[] Unhide(SentAvp avp, string secret)
    {
        var key = Encoding.UTF8.GetBytes(secret);
        // The last one before it.
        var vector = Avps.TakeWhile(each => each != avp).Last(each => each is { Vendor: 0, Type: RandomVector });
        byte[] clear = [.. avp.Value];
        byte[] block = MD5.HashData([(byte)(avp.Type >> 8), (byte)avp.Type, .. key, .. vector.Value]);
        for (var start = 0; start < clear.Length; start += block.Length)
        {
            var end = Math.Min(start + block.Length, clear.Length);
            for (var i = start; i < end; i++)
                clear[i] ^= block[i - start];
            block = MD5.HashData([.. key, .. avp.Value[start..end]]);
        }
        return clear[2..(2 + BinaryPrimitives.ReadUInt16BigEndian(clear))];
    }
}
