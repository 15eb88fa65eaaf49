namespace LacEdge.Wire.L2tp;

/// <summary>Identifier of a per-hop behaviour as CCDS and SDS carry it (RFC 3308, RFC 3140): one DSCP in the upper six bits.</summary>
public static class PhbId
{
    public static ushort Of(byte dscp) => (ushort)(dscp << 10);

    /// <summary>False for sets of behaviours and those without a standard DSCP.</summary>
    public static bool TryGetDscp(ushort id, out byte dscp)
    {
        dscp = (byte)(id >> 10);
        return (id & 0x03FF) == 0;
    }
}
