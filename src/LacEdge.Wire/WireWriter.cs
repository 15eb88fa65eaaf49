using System.Buffers.Binary;

namespace LacEdge.Wire;

/// <summary>
/// Big-endian cursor over a buffer to fill. Writing past the end writes nothing more and clears <see cref="Ok"/>:
/// check it once, after the last write.
/// </summary>
public ref struct WireWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    public bool Ok { get; private set; } = true;
    /// <summary>Octets written so far.</summary>
    public int Position { get; private set; }
    public readonly Span<byte> Written => _buffer[..Position];
    public readonly int Free => _buffer.Length - Position;

    public void WriteByte(byte value)
    {
        if (Reserve(1) is { Length: 1 } s) s[0] = value;
    }

    public void WriteUInt16(ushort value)
    {
        if (Reserve(2) is { Length: 2 } s) BinaryPrimitives.WriteUInt16BigEndian(s, value);
    }

    public void WriteUInt32(uint value)
    {
        if (Reserve(4) is { Length: 4 } s) BinaryPrimitives.WriteUInt32BigEndian(s, value);
    }

    public void WriteBytes(scoped ReadOnlySpan<byte> value)
    {
        if (Reserve(value.Length) is var s && s.Length == value.Length) value.CopyTo(s);
    }

    /// <summary>Takes <paramref name="count"/> octets to be filled by the caller; empty when there is no room.</summary>
    public Span<byte> Reserve(int count)
    {
        if ((uint)count > (uint)Free)
        {
            Ok = false;
            return default;
        }

        var taken = _buffer.Slice(Position, count);
        Position += count;
        return taken;
    }

    /// <summary>Overwrites two octets already written, for a length that is known only at the end.</summary>
    public readonly void PatchUInt16(int at, ushort value)
    {
        if (at >= 0 && at + 2 <= Position) BinaryPrimitives.WriteUInt16BigEndian(_buffer[at..], value);
    }
}
