using System.Buffers.Binary;
using System.Net;

namespace LacEdge.Wire.Ip;

/// <summary>An IPv4 or IPv6 address as a value without a heap object. The default value is "none".</summary>
public readonly record struct IpAddress : IComparable<IpAddress>
{
    private readonly UInt128 _value;
    private readonly byte _size;

    private IpAddress(UInt128 value, byte size) => (_value, _size) = (value, size);

    /// <summary>Octets on the wire: 4, 16, or 0 for none.</summary>
    public int Size => _size;
    public bool IsNone => _size == 0;
    public bool IsIpv4 => _size == 4;
    public bool IsIpv6 => _size == 16;
    /// <summary>An address that one host elsewhere can have: not unspecified, loopback, link-local, multicast, reserved or broadcast.</summary>
    public bool IsUnicastHost => _size switch
    {
        4 => Ipv4 >> 24 is not (0 or 127) and < 224 && Ipv4 >> 16 != 0xA9FE,
        16 => _value > 1 && (ushort)(_value >> 112) is < 0xFE80 and > 0 or (>= 0xFEC0 and < 0xFF00),
        _ => false,
    };

    /// <summary>The IPv4 address as a number, first octet highest; meaningful only for IPv4.</summary>
    public uint Ipv4 => (uint)_value;

    public static IpAddress FromIpv4(uint value) => new(value, 4);

    /// <summary>From 4 or 16 octets; anything else gives none.</summary>
    public static IpAddress Read(ReadOnlySpan<byte> octets) => octets.Length switch
    {
        4 => new IpAddress(BinaryPrimitives.ReadUInt32BigEndian(octets), 4),
        16 => new IpAddress(BinaryPrimitives.ReadUInt128BigEndian(octets), 16),
        _ => default,
    };

    /// <summary>Writes <see cref="Size"/> octets.</summary>
    public void Write(Span<byte> octets)
    {
        if (_size == 4) BinaryPrimitives.WriteUInt32BigEndian(octets, (uint)_value);
        else if (_size == 16) BinaryPrimitives.WriteUInt128BigEndian(octets, _value);
    }

    /// <summary>Dotted decimal with four parts, or RFC 4291 text.</summary>
    public static bool TryParse(string? text, out IpAddress address)
    {
        address = default;
        if (text is null || !IPAddress.TryParse(text, out var parsed)) return false;
        // IPAddress takes "10" and "0x0a000001" for addresses; an operator who writes them made a mistake.
        if (!text.Contains(':', StringComparison.Ordinal) && text.Count(c => c == '.') != 3) return false;
        Span<byte> octets = stackalloc byte[16];
        parsed.TryWriteBytes(octets, out var size);
        address = Read(octets[..size]);
        return true;
    }

    public static IpAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an IP address");

    public int CompareTo(IpAddress other) => _size != other._size ? _size.CompareTo(other._size) : _value.CompareTo(other._value);
    public override int GetHashCode() => (int)((ulong)_value ^ (ulong)(_value >> 64) ^ (ulong)_value >> 32);

    public override string ToString()
    {
        if (_size == 0) return "none";
        Span<byte> octets = stackalloc byte[16];
        Write(octets);
        return new IPAddress(octets[.._size]).ToString();
    }

    public static bool operator <(IpAddress left, IpAddress right) => left.CompareTo(right) < 0;
    public static bool operator >(IpAddress left, IpAddress right) => left.CompareTo(right) > 0;
    public static bool operator <=(IpAddress left, IpAddress right) => left.CompareTo(right) <= 0;
    public static bool operator >=(IpAddress left, IpAddress right) => left.CompareTo(right) >= 0;
}

/// <summary>An address and a UDP port.</summary>
public readonly record struct UdpEndpoint(IpAddress Address, ushort Port)
{
    public override int GetHashCode() => Address.GetHashCode() * 31 + Port;
    public override string ToString() => Address.IsIpv6 ? $"[{Address}]:{Port}" : $"{Address}:{Port}";
}
