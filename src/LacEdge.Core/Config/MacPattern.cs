using System.Globalization;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Core.Config;

/// <summary>A MAC address, or all that begin alike: "00:53:00:11:22:33", "00:53:00:*".</summary>
/// <param name="Bits">How many of the 48 count, from the first.</param>
public readonly record struct MacPattern(MacAddress Address, int Bits)
{
    public bool Matches(MacAddress mac) => Bits == 0 || (mac.Value ^ Address.Value) >> (48 - Bits) == 0;

    public static bool TryParse(string text, out MacPattern pattern)
    {
        pattern = default;
        var octets = text.Split(':');
        var open = octets[^1] == "*";
        if (octets.Length > 6 || (!open && octets.Length < 6)) return false;
        ulong value = 0;
        var count = open ? octets.Length - 1 : 6;
        if (count == 0) return false;
        for (var i = 0; i < count; i++)
        {
            if (octets[i].Length != 2 || !byte.TryParse(octets[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet)) return false;
            value |= (ulong)octet << (40 - 8 * i);
        }

        pattern = new MacPattern(new MacAddress(value), count * 8);
        return true;
    }

    public override string ToString() => Bits == 48 ? Address.ToString() : Address.ToString()[..(Bits / 8 * 3)] + "*";
}
