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
    private const int RestartAfter = 4;

    /// <summary>Not 0: data messages to the LNS carry Ns.</summary>
    public int Sending;
    /// <summary>How many of them have carried one; the next Ns is its low half.</summary>
    public int Sent;
    /// <summary>Ns of the next data message from the LNS.</summary>
    public ushort Expected;
    /// <summary>Ns that would continue a row of late ones, and how many there were.</summary>
    private ushort _lateNext;
    private byte _lateInARow;

    public readonly SequenceVerdict Judge(ushort ns)
    {
        if (ns == Expected) return SequenceVerdict.InOrder;
        return (ushort)(ns - Expected) < HalfSpace ? SequenceVerdict.Ahead : SequenceVerdict.Late;
    }

    /// <summary>This one is delivered: what comes before it, and has not come, is given up.</summary>
    public void Delivered(ushort ns) => (Expected, _lateInARow) = ((ushort)(ns + 1), 0);

    /// <summary>This one is late. True: it and three before it came one after the other, so the LNS counts anew (some do when they
    /// switch numbers on again): it is to be delivered. Else up to half of all numbers would be lost.</summary>
    public bool Restarts(ushort ns)
    {
        _lateInARow = ns == _lateNext && _lateInARow > 0 ? (byte)(_lateInARow + 1) : (byte)1;
        _lateNext = (ushort)(ns + 1);
        if (_lateInARow < RestartAfter) return false;
        Expected = ns;
        return true;
    }

    /// <summary>How far ahead of the one that is due.</summary>
    public readonly int Distance(ushort ns) => (ushort)(ns - Expected);
}
