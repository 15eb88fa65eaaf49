namespace LacEdge.Wire.Ethernet;

/// <summary>One VLAN tag: TPID and TCI as on the wire (IEEE 802.1Q).</summary>
public readonly record struct VlanTag(ushort Tpid, ushort Tci)
{
    public ushort Id => (ushort)(Tci & 0x0FFF);
    public byte Priority => (byte)(Tci >> 13);
    public VlanTag WithPriority(byte priority) => this with { Tci = (ushort)(Tci & 0x1FFF | priority << 13) };

    /// <summary>The TPIDs that are taken as a VLAN tag: C-VLAN, S-VLAN (802.1ad) and the older 0x9100.</summary>
    public static bool IsTpid(ushort etherType) => etherType is 0x8100 or 0x88A8 or 0x9100;

    public override int GetHashCode() => Tpid << 16 | Tci;
    public override string ToString() => $"{Tpid:x4}:{Id}.{Priority}";
}

/// <summary>The VLAN tags of a frame, outermost first: none, one, or two (QinQ).</summary>
public readonly record struct VlanStack(byte Count, VlanTag Outer, VlanTag Inner)
{
    public static VlanStack Untagged => default;
    public static VlanStack Single(VlanTag tag) => new(1, tag, default);
    public static VlanStack Double(VlanTag outer, VlanTag inner) => new(2, outer, inner);

    /// <summary>Octets of the tags on the wire.</summary>
    public int Size => Count * 4;

    /// <summary>Octets of the tags that do not count towards an interface's MTU: Ethernet has room for one C-VLAN tag (IEEE
    /// 802.3 clause 3.2.7); what else stands in front of the payload takes from it.</summary>
    public int FreeSize => Count > 0 && Outer.Tpid == 0x8100 ? 4 : 0;

    /// <summary>Whether both name the same line: TPIDs and ids, priorities aside (a subscriber may mark frames differently).</summary>
    public bool SameLine(VlanStack other) =>
        Count == other.Count && Outer.Tpid == other.Outer.Tpid && Outer.Id == other.Outer.Id
        && Inner.Tpid == other.Inner.Tpid && Inner.Id == other.Inner.Id;

    /// <summary>The same tags with this 802.1p priority (0 to 7) in each.</summary>
    public VlanStack WithPriority(byte priority) =>
        this with { Outer = Outer.WithPriority(priority), Inner = Count > 1 ? Inner.WithPriority(priority) : Inner };

    public void Write(ref WireWriter writer)
    {
        if (Count > 0) { writer.WriteUInt16(Outer.Tpid); writer.WriteUInt16(Outer.Tci); }
        if (Count > 1) { writer.WriteUInt16(Inner.Tpid); writer.WriteUInt16(Inner.Tci); }
    }

    public override int GetHashCode() => Count + 31 * (Outer.GetHashCode() + 31 * Inner.GetHashCode());

    public override string ToString() => Count switch
    {
        0 => "untagged",
        1 => $"{Outer.Id}",
        _ => $"{Outer.Id}.{Inner.Id}",
    };
}
