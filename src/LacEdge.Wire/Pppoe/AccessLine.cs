using System.Buffers.Binary;

namespace LacEdge.Wire.Pppoe;

/// <summary>What the access node tells of a subscriber's line in PADI and PADR (TR-101 section 3.9.2).</summary>
public sealed class AccessLine
{
    /// <summary>Enterprise number of the DSL Forum: begins the value of the tag.</summary>
    public const uint Vendor = 3561;

    private const AccessLineType FirstNumber = AccessLineType.ActualRateUp, LastNumber = AccessLineType.ActualDelayDown;

    /// <summary>By type from <see cref="FirstNumber"/>, as long as the last one that is known.</summary>
    private uint[] _numbers = [];
    private ushort _known;

    private AccessLine()
    {
    }

    /// <summary>Opaque, as received; at most 63 octets if the access node keeps to TR-101, never more than 255. Empty: not told.</summary>
    public Bytes CircuitId { get; private set; }
    /// <summary>As <see cref="CircuitId"/>.</summary>
    public Bytes RemoteId { get; private set; }
    /// <summary>Data link (0 AAL5, 1 Ethernet), first and second encapsulation: 3 octets, or empty.</summary>
    public Bytes Encapsulation { get; private set; }
    /// <summary>See <see cref="AccessLineType.LineType"/>.</summary>
    public uint? LineType { get; private set; }
    public bool Iwf { get; private set; }

    /// <summary>A data rate in kbit/s or a delay in ms; null when not told, and for types that are no number.</summary>
    public uint? this[AccessLineType number] =>
        IsNumber(number) && (_known >> Index(number) & 1) != 0 ? _numbers[Index(number)] : null;

    /// <summary>In kbit/s.</summary>
    public static bool IsRate(AccessLineType type) => type is >= FirstNumber and <= AccessLineType.MinimumRateDownLowPower;

    /// <summary>In ms.</summary>
    public static bool IsDelay(AccessLineType type) => type is >= AccessLineType.MaximumDelayUp and <= LastNumber;

    /// <summary>
    /// Reads the sub-options (what follows the vendor id); of one that stands more than once the first counts, unknown ones and
    /// those of a wrong length are passed over. Null when nothing is told. One that is cut off ends the reading, and
    /// <paramref name="error"/> is <see cref="DecodeError.AccessLineTruncated"/>; what stood before it counts.
    /// </summary>
    public static AccessLine? Read(ReadOnlySpan<byte> options, out DecodeError error)
    {
        AccessLine? line = null;
        var walk = new AccessLineReader(options);
        while (walk.MoveNext())
        {
            if (Accepts(walk.Current)) (line ??= new AccessLine()).Take(walk.Current);
        }

        error = walk.Error;
        return line;
    }

    private static bool IsNumber(AccessLineType type) => type is >= FirstNumber and <= LastNumber;
    private static int Index(AccessLineType number) => number - FirstNumber;

    private static bool Accepts(AccessLineOption option) => option.Type switch
    {
        AccessLineType.CircuitId or AccessLineType.RemoteId => !option.Value.IsEmpty,
        AccessLineType.Encapsulation => option.Value.Length == 3,
        AccessLineType.Iwf => option.Value.IsEmpty,
        AccessLineType.LineType => option.Value.Length == 4,
        var type => IsNumber(type) && option.Value.Length == 4,
    };

    private void Take(AccessLineOption option)
    {
        switch (option.Type)
        {
            case AccessLineType.CircuitId:
                if (CircuitId.IsEmpty) CircuitId = Bytes.Copy(option.Value);
                break;
            case AccessLineType.RemoteId:
                if (RemoteId.IsEmpty) RemoteId = Bytes.Copy(option.Value);
                break;
            case AccessLineType.Encapsulation:
                if (Encapsulation.IsEmpty) Encapsulation = Bytes.Copy(option.Value);
                break;
            case AccessLineType.LineType:
                LineType ??= BinaryPrimitives.ReadUInt32BigEndian(option.Value);
                break;
            case AccessLineType.Iwf:
                Iwf = true;
                break;
            default:
                TakeNumber(Index(option.Type), BinaryPrimitives.ReadUInt32BigEndian(option.Value));
                break;
        }
    }

    private void TakeNumber(int index, uint number)
    {
        if ((_known >> index & 1) != 0) return;
        if (index >= _numbers.Length) Array.Resize(ref _numbers, index + 1);
        _numbers[index] = number;
        _known |= (ushort)(1 << index);
    }
}
