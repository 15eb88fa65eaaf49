using System.Globalization;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Core.Config;

/// <summary>
/// VLAN stacks that belong to an access service: "untagged", "100", "100-199" (one tag), "300.7", "200-299.any",
/// "300.1-4094" (S-VLAN.C-VLAN). Whatever the TPIDs; a priority tag (id 0) is not a VLAN.
/// </summary>
/// <param name="Tags">0, 1 or 2.</param>
public readonly record struct VlanPattern(byte Tags, ushort OuterFirst, ushort OuterLast, ushort InnerFirst, ushort InnerLast)
{
    public const ushort MaxId = 4094;

    public static VlanPattern Untagged => default;

    /// <summary>The ids of a stack, 0 where it has none, priority tags aside.</summary>
    public static (ushort Outer, ushort Inner) IdsOf(VlanStack vlans)
    {
        var outer = vlans.Count > 0 ? vlans.Outer.Id : (ushort)0;
        var inner = vlans.Count > 1 ? vlans.Inner.Id : (ushort)0;
        return outer == 0 ? (inner, (ushort)0) : (outer, inner);
    }

    public bool Matches(VlanStack vlans)
    {
        var (outer, inner) = IdsOf(vlans);
        return Tags switch
        {
            0 => outer == 0,
            1 => outer >= OuterFirst && outer <= OuterLast && inner == 0,
            _ => outer >= OuterFirst && outer <= OuterLast && inner >= InnerFirst && inner <= InnerLast,
        };
    }

    public bool Overlaps(VlanPattern other) =>
        Tags == other.Tags
        && OuterFirst <= other.OuterLast && other.OuterFirst <= OuterLast
        && InnerFirst <= other.InnerLast && other.InnerFirst <= InnerLast;

    public static bool TryParse(string text, out VlanPattern pattern)
    {
        pattern = Untagged;
        if (text == "untagged") return true;
        var parts = text.Split('.');
        if (parts.Length > 2 || !TryRange(parts[0], out var outer)) return false;
        var inner = (First: (ushort)0, Last: (ushort)0);
        if (parts.Length == 2 && !TryRange(parts[1], out inner)) return false;
        pattern = new VlanPattern((byte)parts.Length, outer.First, outer.Last, inner.First, inner.Last);
        return true;
    }

    public override string ToString() => Tags switch
    {
        0 => "untagged",
        1 => Range(OuterFirst, OuterLast),
        _ => $"{Range(OuterFirst, OuterLast)}.{Range(InnerFirst, InnerLast)}",
    };

    private static bool TryRange(string text, out (ushort First, ushort Last) range)
    {
        range = (1, MaxId);
        if (text == "any") return true;
        var ends = text.Split('-');
        if (ends.Length > 2 || !TryId(ends[0], out range.First) || !TryId(ends[^1], out range.Last)) return false;
        return range.First <= range.Last;
    }

    private static bool TryId(string text, out ushort id) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id is >= 1 and <= MaxId;

    private static string Range(ushort first, ushort last) =>
        (first, last) == (1, MaxId) ? "any" : first == last ? $"{first}" : $"{first}-{last}";
}
