using System.Buffers.Binary;

namespace LacEdge.Fuzz.Mutation;

/// <summary>How the items of a list are framed. The fuzzer walks them by this alone, apart from the product's readers: what both
/// find is compared.</summary>
/// <param name="TypeAt">Where the type stands in the header.</param>
/// <param name="LengthAt">Where the length stands.</param>
/// <param name="LengthMask">Bits of the length field that are length.</param>
/// <param name="Whole">The length counts the header, too.</param>
internal sealed record ItemFormat(string Name, int HeaderSize, int TypeAt, int TypeSize, int LengthAt, int LengthSize, ushort LengthMask, bool Whole)
{
    public static readonly ItemFormat
        PppoeTag = new("PPPoE tag", 4, 0, 2, 2, 2, 0xFFFF, false),
        AccessLine = new("access-line sub-option", 2, 0, 1, 1, 1, 0xFF, false),
        PppOption = new("PPP option", 2, 0, 1, 1, 1, 0xFF, true),
        Avp = new("AVP", 6, 4, 2, 0, 2, 0x03FF, true),
        Radius = new("RADIUS attribute", 2, 0, 1, 1, 1, 0xFF, true);

    public int MaxValue => (LengthMask == 0x03FF ? 0x3FF : LengthMask) - (Whole ? HeaderSize : 0);

    public int TypeOf(ReadOnlySpan<byte> item) => Number(item[TypeAt..], TypeSize);
    public int LengthOf(ReadOnlySpan<byte> item) => Number(item[LengthAt..], LengthSize) & LengthMask;

    /// <summary>The whole items from the start, header and value; what is left over is not well-formed.</summary>
    public List<Range> Walk(ReadOnlySpan<byte> list, out int wellFormed)
    {
        var items = new List<Range>();
        wellFormed = 0;
        while (list.Length - wellFormed >= HeaderSize)
        {
            var size = LengthOf(list[wellFormed..]) + (Whole ? 0 : HeaderSize);
            if (size < HeaderSize || wellFormed + size > list.Length) break;
            items.Add(wellFormed..(wellFormed + size));
            wellFormed += size;
        }

        return items;
    }

    public byte[] Build(int type, ReadOnlySpan<byte> value, int flags = 0, int vendor = 0)
    {
        var item = new byte[HeaderSize + value.Length];
        value.CopyTo(item.AsSpan(HeaderSize));
        SetLength(item, Whole ? item.Length : value.Length, flags);
        if (TypeSize == 1) item[TypeAt] = (byte)type;
        else BinaryPrimitives.WriteUInt16BigEndian(item.AsSpan(TypeAt), (ushort)type);
        if (this == Avp) BinaryPrimitives.WriteUInt16BigEndian(item.AsSpan(2), (ushort)vendor);
        return item;
    }

    public void SetLength(Span<byte> item, int length, int flags)
    {
        if (LengthSize == 1) item[LengthAt] = (byte)length;
        else BinaryPrimitives.WriteUInt16BigEndian(item[LengthAt..], (ushort)(length & LengthMask | flags & ~LengthMask));
    }

    private static int Number(ReadOnlySpan<byte> at, int size) => size == 1 ? at[0] : BinaryPrimitives.ReadUInt16BigEndian(at);
}
