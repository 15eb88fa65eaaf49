using System.Buffers.Binary;

namespace LacEdge.Wire;

/// <summary>
/// Big-endian cursor over received bytes. Reading past the end yields zeros (or an empty span), clears <see cref="Ok"/>
/// and empties the rest, so that loops over <see cref="Remaining"/> end: check <see cref="Ok"/> once, after the last read.
/// </summary>
public ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public bool Ok { get; private set; } = true;
    public readonly int Remaining => _rest.Length;
    public readonly ReadOnlySpan<byte> Rest => _rest;

    public byte ReadByte() => Take(1) is { Length: 1 } s ? s[0] : (byte)0;
    public ushort ReadUInt16() => Take(2) is { Length: 2 } s ? BinaryPrimitives.ReadUInt16BigEndian(s) : (ushort)0;
    public uint ReadUInt32() => Take(4) is { Length: 4 } s ? BinaryPrimitives.ReadUInt32BigEndian(s) : 0;
    public ulong ReadUInt64() => Take(8) is { Length: 8 } s ? BinaryPrimitives.ReadUInt64BigEndian(s) : 0;
    public ReadOnlySpan<byte> ReadBytes(int count) => Take(count);

    private ReadOnlySpan<byte> Take(int count)
    {
        // The unsigned comparison also refuses a negative count.
        if ((uint)count > (uint)_rest.Length)
        {
            Ok = false;
            _rest = default;
            return default;
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
