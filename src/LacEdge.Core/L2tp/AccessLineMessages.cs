using System.Buffers.Binary;
using LacEdge.Core.Config;
using LacEdge.Wire.L2tp;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Core.L2tp;

/// <summary>Line information in ICRQ (RFC 5515 section 3): vendor 3561, M=0, the types of TR-101, rates in bit/s.</summary>
internal static class AccessLineMessages
{
    private const int MinId = 2, MaxId = 63;
    private const ulong BitsPerKilobit = 1000;

    /// <summary>In the order of the types; what the line does not tell is left out.</summary>
    public static void Write(ref AvpWriter writer, AccessLine line, AccessLineAvps wanted)
    {
        if ((wanted & AccessLineAvps.CircuitId) != 0) Id(ref writer, AccessLineType.CircuitId, line.CircuitId.Span);
        if ((wanted & AccessLineAvps.RemoteId) != 0) Id(ref writer, AccessLineType.RemoteId, line.RemoteId.Span);
        for (var type = AccessLineType.ActualRateUp; type <= AccessLineType.ActualDelayDown; type++)
        {
            if ((wanted & GroupOf(type)) != 0 && line[type] is { } number) Number(ref writer, type, number);
        }

        if ((wanted & AccessLineAvps.Encapsulation) != 0 && !line.Encapsulation.IsEmpty)
            writer.Vendor(AvpTable.DslForum, (ushort)AccessLineType.Encapsulation, line.Encapsulation.Span);
        if ((wanted & AccessLineAvps.LineType) != 0 && line.LineType is { } kind and <= byte.MaxValue)
            writer.Vendor(AvpTable.DslForum, (ushort)AccessLineType.LineType, [(byte)kind, 0, 0, 0]);
        if ((wanted & AccessLineAvps.Iwf) != 0 && line.Iwf) writer.Vendor(AvpTable.DslForum, (ushort)AccessLineType.Iwf, [0, 0, 0, 1]);
    }

    /// <summary>As received: the octets are opaque, and one that does not fit is not cut but left out.</summary>
    private static void Id(ref AvpWriter writer, AccessLineType type, ReadOnlySpan<byte> id)
    {
        if (id.Length is >= MinId and <= MaxId) writer.Vendor(AvpTable.DslForum, (ushort)type, id);
    }

    private static void Number(ref AvpWriter writer, AccessLineType type, uint number)
    {
        Span<byte> value = stackalloc byte[AccessLine.IsRate(type) ? 8 : 4];
        if (AccessLine.IsRate(type)) BinaryPrimitives.WriteUInt64BigEndian(value, number * BitsPerKilobit);
        else BinaryPrimitives.WriteUInt32BigEndian(value, number);
        writer.Vendor(AvpTable.DslForum, (ushort)type, value);
    }

    private static AccessLineAvps GroupOf(AccessLineType type) => type switch
    {
        AccessLineType.ActualRateUp or AccessLineType.ActualRateDown => AccessLineAvps.ActualRates,
        _ when AccessLine.IsRate(type) => AccessLineAvps.OtherRates,
        _ => AccessLineAvps.Delays,
    };
}
