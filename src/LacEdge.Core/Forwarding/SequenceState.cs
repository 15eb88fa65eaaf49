using System.Runtime.InteropServices;

namespace LacEdge.Core.Forwarding;

/// <summary>What a sequenced data message is to its session.</summary>
public enum SequenceVerdict : byte
{
    /// <summary>The one that is due.</summary>
    InOrder,
    /// <summary>Others come before it.</summary>
    Ahead,
    /// <summary>It comes after one that it should have come before: dropped (RFC 2661 section 5.4).</summary>
    Late,
}

/// <summary>
/// Sequence numbers of one session's data messages (RFC 2661 section 5.4). Each direction starts at 0 and goes on where it
/// stopped when numbering was off for a while; Nr is not looked at.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct SequenceState
{
    private const int HalfSpace = 0x8000;

    /// <summary>Not 0: data messages to the LNS carry Ns.</summary>
    public int Sending;
    /// <summary>How many of them have carried one; the next Ns is its low half.</summary>
    public int Sent;
    /// <summary>Ns of the next data message from the LNS.</summary>
    public ushort Expected;

    public readonly SequenceVerdict Judge(ushort ns)
    {
        if (ns == Expected) return SequenceVerdict.InOrder;
        return (ushort)(ns - Expected) < HalfSpace ? SequenceVerdict.Ahead : SequenceVerdict.Late;
    }

    /// <summary>This one is delivered: what comes before it, and has not come, is given up.</summary>
    public void Delivered(ushort ns) => Expected = (ushort)(ns + 1);

    /// <summary>How far ahead of the one that is due.</summary>
    public readonly int Distance(ushort ns) => (ushort)(ns - Expected);
}
