using System.Buffers.Binary;
using LacEdge.Lab.Peers;
using LacEdge.Wire.L2tp;
using LacEdge.Wire.Ppp;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Fuzz.Mutation;

/// <summary>Types and values that mean something to the protocols: of tables, where the product has one.</summary>
internal static class Vocabulary
{
    private static readonly int[] _tags = [.. Enum.GetValues<PppoeTagType>().Select(type => (int)type)];
    private static readonly int[] _lineOptions = [.. Enum.GetValues<AccessLineType>().Select(type => (int)type)];
    private static readonly int[] _options = [.. Enum.GetValues<LcpOptionType>().Select(type => (int)type)];
    private static readonly AvpInfo[] _avps = AvpTable.All.ToArray();
    private static readonly ushort[] _words =
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 14, 0x10, 0x1A, 0x3F, 0x40, 0x7F, 0x80, 0xFF, 0x100, 0x3FF, 0x400, 0x5D4, 0x5DC, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF,
        0x0021, 0x0057, 0x003D, 0x8021, 0x8057, 0x80FD, 0xC021, 0xC023, 0xC025, 0xC223, 0xC227, 0x8863, 0x8864, 0x8100, 0x88A8, 0x9100, 0xFF03,
        0xC802, 0x0002, 0x4002, 0x0802, 0x0202, 0xC803, 0x1100,
    ];

    public static ushort Word(PeerRandom random) => random.Next(3) == 0 ? (ushort)random.NextUInt32() : _words[random.Next(_words.Length)];

    /// <summary>An item as its protocol knows it, mostly with a value of a size that may be.</summary>
    public static byte[] Item(ItemFormat format, PeerRandom random)
    {
        if (format == ItemFormat.Avp) return Avp(random);
        var (type, sizes) = format switch
        {
            _ when random.Next(8) == 0 => (random.Next(format.TypeSize == 1 ? 256 : 0x10000), new[] { 0, 1, 4, 17 }),
            _ when format == ItemFormat.PppoeTag => (_tags[random.Next(_tags.Length)], [0, 0, 1, 2, 8, 16, 28, 255]),
            _ when format == ItemFormat.AccessLine => (_lineOptions[random.Next(_lineOptions.Length)], [4, 4, 3, 0, 1, 16, 63, 64]),
            _ when format == ItemFormat.PppOption => (_options[random.Next(_options.Length)], [2, 4, 0, 3, 1, 20, 5, 253]),
            _ => (random.Next(256), [4, 4, 0, 1, 6, 16, 17, 253]),
        };
        var value = Value(sizes[random.Next(sizes.Length)], random);
        if (format == ItemFormat.PppoeTag && type == (int)PppoeTagType.VendorSpecific && random.Next(4) != 0) value = AccessLineTag(random);
        if (format == ItemFormat.PppOption && type == (int)LcpOptionType.AuthenticationProtocol && random.Next(4) != 0) value = Authentication(random);
        return format.Build(type, value);
    }

    public static byte[] Avp(PeerRandom random)
    {
        var info = _avps[random.Next(_avps.Length)];
        var size = random.Next(6) switch
        {
            0 => info.MinSize - 1,
            1 => Math.Min(info.MaxSize, Wire.L2tp.Avp.MaxValueSize - 1) + 1,
            2 => Math.Min(info.MaxSize, info.MinSize + random.Next(64)),
            _ => info.MinSize,
        };
        var flags = (info.Mandatory ? Wire.L2tp.Avp.MandatoryBit : 0) ^ (random.Next(6) == 0 ? 1 << 10 + random.Next(6) : 0);
        var value = Value(Math.Clamp(size, 0, Wire.L2tp.Avp.MaxValueSize), random);
        return ItemFormat.Avp.Build(info.Type, value, flags, info.Vendor);
    }

    public static byte[] Value(int size, PeerRandom random)
    {
        var value = new byte[size];
        switch (random.Next(5))
        {
            case 0: break;
            case 1: Array.Fill(value, (byte)0xFF); break;
            case 2: Array.Fill(value, (byte)('a' + random.Next(26))); break;
            case 3 when size is 2 or 4:
                BinaryPrimitives.WriteUInt16BigEndian(value.AsSpan(size - 2), (ushort)random.Next(20));
                break;
            default: random.Fill(value); break;
        }

        return value;
    }

    private static byte[] AccessLineTag(PeerRandom random)
    {
        byte[] value = [0, 0, 0x0D, 0xE9];
        for (var i = random.Next(6); i > 0; i--) value = [.. value, .. Item(ItemFormat.AccessLine, random)];
        return value;
    }

    private static byte[] Authentication(PeerRandom random) => random.Next(6) switch
    {
        0 => [0xC0, 0x23],
        1 => [0xC2, 0x23, 5],
        2 => [0xC2, 0x23, 0x80],
        3 => [0xC2, 0x23, 0x81],
        4 => [0xC2, 0x27],
        _ => [0xC2, 0x23, (byte)random.Next(256)],
    };
}
