using System.Buffers.Binary;
using LacEdge.Linux.Kernel;

namespace LacEdge.Linux.DataPlane;

/// <summary>
/// The longest IP packet that the path of a tunnel takes whole, as routers told it ("fragmentation needed", "packet too big"), for
/// tunnels whose data may not be fragmented. The core worker hears it, the access worker goes by it.
/// </summary>
/// <remarks>Each is one word, written whole: end of validity (seconds, 32 bits), our tunnel id (16), octets (16). The id tells a tunnel
/// from the one that had its slot before.</remarks>
internal sealed class PathLimits(int tunnels) : IDisposable
{
    public const int None = int.MaxValue;
    /// <summary>The path may have become better (RFC 1191 section 6.3, RFC 8201 section 4).</summary>
    private const long ValidSeconds = 600;
    /// <summary>Whatever a router says, paths take that much (RFC 791, RFC 8200 section 5).</summary>
    private const int SmallestIpv4 = 576, SmallestIpv6 = 1280;

    private readonly NativeTable<ulong> _words = new(tunnels);

    public void Learn(int tunnelSlot, ushort localTunnelId, int octets, bool ipv6)
    {
        var limit = Math.Max(octets, ipv6 ? SmallestIpv6 : SmallestIpv4);
        // A greater one is from before a lesser one, or means nothing.
        if (limit >= Math.Min(Of(tunnelSlot, localTunnelId), ushort.MaxValue)) return;
        Volatile.Write(ref _words[tunnelSlot], (ulong)(Now + ValidSeconds) << 32 | (ulong)localTunnelId << 16 | (ushort)limit);
    }

    public int Of(int tunnelSlot, ushort localTunnelId)
    {
        var word = Volatile.Read(ref _words[tunnelSlot]);
        return word != 0 && (ushort)(word >> 16) == localTunnelId && (long)(word >> 32) > Now ? (ushort)word : None;
    }

    /// <summary>The LNS's tunnel id in a message of ours that a router quotes, perhaps not whole. -1: it quotes too little to say.</summary>
    public static int QuotedTunnelId(ReadOnlySpan<byte> message)
    {
        const int version = 0x000F, hasLength = 0x4000;
        if (message.Length < 4) return -1;
        var flags = BinaryPrimitives.ReadUInt16BigEndian(message);
        var at = (flags & hasLength) != 0 ? 4 : 2;
        return (flags & version) == 2 && message.Length >= at + 2 ? BinaryPrimitives.ReadUInt16BigEndian(message[at..]) : -1;
    }

    public void Dispose() => _words.Dispose();

    private static long Now => Environment.TickCount64 / 1000;
}
