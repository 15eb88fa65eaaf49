using System.Buffers.Binary;
using System.Globalization;

namespace LacEdge.Wire.Ethernet;

/// <summary>An Ethernet address, kept in the low 48 bits in the order of the wire.</summary>
public readonly record struct MacAddress(ulong Value) : IComparable<MacAddress>
{
    public const int Size = 6;
    public static MacAddress Broadcast => new(0xFFFF_FFFF_FFFF);

    /// <summary>Group bit: broadcast and multicast.</summary>
    public bool IsGroup => (Value & 0x0100_0000_0000) != 0;
    public bool IsZero => Value == 0;

    /// <summary>Reads six octets; the span must hold at least six.</summary>
    public static MacAddress Read(ReadOnlySpan<byte> octets) =>
        new((ulong)BinaryPrimitives.ReadUInt16BigEndian(octets) << 32 | BinaryPrimitives.ReadUInt32BigEndian(octets[2..]));

    /// <summary>Writes six octets; the span must hold at least six.</summary>
    public void Write(Span<byte> octets)
    {
        BinaryPrimitives.WriteUInt16BigEndian(octets, (ushort)(Value >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(octets[2..], (uint)Value);
    }

    public static bool TryParse(string? text, out MacAddress address)
    {
        address = default;
        if (text is not { Length: 17 }) return false;
        ulong value = 0;
        for (var i = 0; i < 6; i++)
        {
            if (i > 0 && text[i * 3 - 1] is not (':' or '-')) return false;
            if (!byte.TryParse(text.AsSpan(i * 3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet)) return false;
            value = value << 8 | octet;
        }

        address = new MacAddress(value);
        return true;
    }

    public int CompareTo(MacAddress other) => Value.CompareTo(other.Value);

    public override int GetHashCode() => (int)(Value ^ Value >> 24);

    public override string ToString()
    {
        var value = Value;
        return string.Create(17, value, static (text, v) =>
        {
            for (var i = 5; i >= 0; i--, v >>= 8)
            {
                ((byte)v).TryFormat(text[(i * 3)..], out _, "x2", CultureInfo.InvariantCulture);
                if (i > 0) text[i * 3 - 1] = ':';
            }
        });
    }

    public static bool operator <(MacAddress left, MacAddress right) => left.Value < right.Value;
    public static bool operator >(MacAddress left, MacAddress right) => left.Value > right.Value;
    public static bool operator <=(MacAddress left, MacAddress right) => left.Value <= right.Value;
    public static bool operator >=(MacAddress left, MacAddress right) => left.Value >= right.Value;
}
