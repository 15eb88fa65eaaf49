using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace LacEdge.Linux.Netlink;

/// <summary>A netlink request being written: header, fixed part, attributes. Numbers in the host's byte order.</summary>
internal sealed class NetlinkMessage
{
    public const int HeaderSize = 16;
    public const ushort Request = 1, Ack = 4, Dump = 0x300, Create = 0x400, Exclusive = 0x200;

    private readonly byte[] _buffer = new byte[1024];
    private int _length = HeaderSize;

    public NetlinkMessage(ushort type, ushort flags)
    {
        Put(4, type);
        Put(6, (ushort)(Request | flags));
    }

    /// <summary>The finished message.</summary>
    public ReadOnlySpan<byte> Finish()
    {
        Put(0, (uint)_length);
        return _buffer.AsSpan(0, _length);
    }

    public NetlinkMessage Append<T>(T value) where T : unmanaged
    {
        MemoryMarshal.Write(_buffer.AsSpan(_length), value);
        Advance(Unsafe.SizeOf<T>());
        return this;
    }

    public NetlinkMessage Attribute<T>(ushort type, T value) where T : unmanaged =>
        Attribute(type, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    public NetlinkMessage Attribute(ushort type, string text) => Attribute(type, Encoding.UTF8.GetBytes(text + '\0'));

    public NetlinkMessage Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        Put(_length, (ushort)(4 + value.Length));
        Put(_length + 2, type);
        value.CopyTo(_buffer.AsSpan(_length + 4));
        Advance(4 + value.Length);
        return this;
    }

    /// <summary>An attribute that holds what <paramref name="inner"/> writes.</summary>
    public NetlinkMessage Nested(ushort type, Action<NetlinkMessage> inner)
    {
        var at = _length;
        Advance(4);
        inner(this);
        Put(at, (ushort)(_length - at));
        Put(at + 2, type);
        return this;
    }

    private void Put<T>(int at, T value) where T : unmanaged => MemoryMarshal.Write(_buffer.AsSpan(at), value);

    // Everything in netlink starts at a multiple of four.
    private void Advance(int octets) => _length += octets + 3 & ~3;
}
