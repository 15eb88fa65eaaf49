namespace LacEdge.Core.L2tp;

/// <summary>What a received Ns is to the one that is expected next.</summary>
internal enum SequenceOrder { InOrder, Duplicate, Ahead }

/// <summary>Sequence arithmetic modulo 65536 with a half-space of 32768 (RFC 2661 section 5.8).</summary>
internal static class SequenceNumbers
{
    private const ushort Half = 0x8000;

    public static SequenceOrder Classify(ushort expected, ushort received) => (ushort)(received - expected) switch
    {
        0 => SequenceOrder.InOrder,
        >= Half => SequenceOrder.Duplicate,
        _ => SequenceOrder.Ahead,
    };

    /// <summary>How many messages from <paramref name="first"/> on the Nr acknowledges; 0 when it is an old one.</summary>
    public static int Acknowledged(ushort first, ushort nr) => (ushort)(nr - first) is var count && count < Half ? count : 0;
}
