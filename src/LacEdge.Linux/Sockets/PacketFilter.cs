using LacEdge.Linux.Kernel;

namespace LacEdge.Linux.Sockets;

/// <summary>
/// Classic BPF programs for packet sockets. They see a frame without its outer 802.1Q or 802.1ad tag (that one is out of
/// band by then), so the EtherType may stand at 12, 16 or 20.
/// </summary>
internal static class PacketFilter
{
    private const ushort LoadWord = 0x20, LoadHalf = 0x28, JumpEqual = 0x15, Return = 0x06;
    // SKF_AD_OFF + SKF_AD_PKTTYPE
    private const uint PacketType = 0xFFFF_F004;
    private const uint OtherHost = 3;
    private const uint NoPacketType = uint.MaxValue;
    private const uint All = 0x40000;

    /// <summary>Frames for this host (or for all) with this EtherType behind at most two tags in band.</summary>
    /// <param name="anyDestination">Frames for other hosts, too.</param>
    public static FilterInstruction[] ForEtherType(ushort etherType, bool anyDestination = false) =>
    [
        new(LoadWord, 0, 0, PacketType),
        new(JumpEqual, 14, 0, anyDestination ? NoPacketType : OtherHost),
        new(LoadHalf, 0, 0, 12),
        new(JumpEqual, 13, 0, etherType),
        new(JumpEqual, 3, 0, 0x8100),
        new(JumpEqual, 2, 0, 0x88A8),
        new(JumpEqual, 1, 0, 0x9100),
        new(Return, 0, 0, 0),
        new(LoadHalf, 0, 0, 16),
        new(JumpEqual, 7, 0, etherType),
        new(JumpEqual, 3, 0, 0x8100),
        new(JumpEqual, 2, 0, 0x88A8),
        new(JumpEqual, 1, 0, 0x9100),
        new(Return, 0, 0, 0),
        new(LoadHalf, 0, 0, 20),
        new(JumpEqual, 1, 0, etherType),
        new(Return, 0, 0, 0),
        new(Return, 0, 0, All),
    ];
}
