using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using LacEdge.Linux.Kernel;

namespace LacEdge.Linux.Sockets;

/// <summary>
/// Buffers for one recvmmsg call: each with room in front for headers that grow, a source address, and control data. Used by
/// one thread; nothing is allocated after construction.
/// </summary>
internal sealed unsafe class ReceiveBatch : IDisposable
{
    /// <summary>Octets in front of what was received.</summary>
    public const int Headroom = 64;
    /// <summary>Longer frames and datagrams are cut off by the kernel and dropped: a jumbo frame of 9000 octets fits.</summary>
    public const int MaxLength = 9216;

    private const int ControlSize = 64;
    // Not a multiple of a page, else the heads of all buffers fall into the same cache set.
    private const int Stride = Headroom + MaxLength + 64;

    private readonly int _count;
    private readonly NativeTable<byte> _buffers;
    private readonly NativeTable<MultiMessage> _messages;
    private readonly NativeTable<IoVector> _vectors;
    private readonly NativeTable<SocketAddress> _sources;
    private readonly NativeTable<byte> _controls;

    public ReceiveBatch(int count)
    {
        _count = count;
        _buffers = new NativeTable<byte>(count * Stride);
        _messages = new NativeTable<MultiMessage>(count);
        _vectors = new NativeTable<IoVector>(count);
        _sources = new NativeTable<SocketAddress>(count);
        _controls = new NativeTable<byte>(count * ControlSize);
        for (var i = 0; i < count; i++)
        {
            _vectors[i] = new IoVector { Base = _buffers.Address(i * Stride + Headroom), Length = MaxLength };
            _messages[i].Header = new MessageHeader
            {
                Name = _sources.Address(i),
                Vectors = _vectors.Address(i),
                VectorCount = 1,
                Control = _controls.Address(i * ControlSize),
            };
        }
    }

    /// <summary>How many were received without waiting; a negative number is the negated error.</summary>
    /// <param name="flags">MSG_ERRQUEUE: datagrams that routers sent back; their source is where they were sent to.</param>
    public int Receive(int fd, int flags = 0)
    {
        for (var i = 0; i < _count; i++)
        {
            ref var header = ref _messages[i].Header;
            header.NameLength = (uint)sizeof(SocketAddress);
            header.ControlLength = ControlSize;
        }

        var received = Libc.ReceiveMessages(fd, _messages.Address(0), (uint)_count, Constants.MSG_DONTWAIT | flags, null);
        return received >= 0 ? received : -Errno.Last;
    }

    /// <summary>It was longer than <see cref="MaxLength"/>.</summary>
    public bool IsTruncated(int index) => (_messages[index].Header.Flags & Constants.MSG_TRUNC) != 0;

    public ref SocketAddress Source(int index) => ref _sources[index];

    /// <summary>The datagram as received.</summary>
    public Span<byte> Datagram(int index) => new(_vectors[index].Base, (int)_messages[index].Length);

    /// <summary>The buffer from <see cref="Headroom"/> octets before the datagram to its end.</summary>
    public Span<byte> WithHeadroom(int index) => new((byte*)_vectors[index].Base - Headroom, Headroom + (int)_messages[index].Length);

    /// <summary>The frame as it was on the wire: the VLAN tag that the kernel has moved to the control data is put back.
    /// To be called once for each frame.</summary>
    public Span<byte> Frame(int index)
    {
        var frame = (byte*)_vectors[index].Base;
        var length = (int)_messages[index].Length;
        if (length < 12 || !TryTag(_messages[index].Header, out var tpid, out var tci)) return new Span<byte>(frame, length);

        var tagged = new Span<byte>(frame - 4, length + 4);
        tagged.Slice(4, 12).CopyTo(tagged);
        BinaryPrimitives.WriteUInt16BigEndian(tagged[12..], tpid);
        BinaryPrimitives.WriteUInt16BigEndian(tagged[14..], tci);
        return tagged;
    }

    /// <summary>What was sent back, and is quoted from its UDP payload on, was longer than the path takes; how much that is, in octets of IP.</summary>
    public bool IsTooLong(int index, out int pathMtu)
    {
        pathMtu = 0;
        ref var header = ref _messages[index].Header;
        if (header.ControlLength < (nuint)(sizeof(ControlHeader) + sizeof(SocketError))) return false;
        var control = (ControlHeader*)header.Control;
        if ((control->Level, control->Type) is not ((Constants.SOL_IP, Constants.IP_RECVERR) or (Constants.SOL_IPV6, Constants.IPV6_RECVERR))) return false;
        var error = Unsafe.ReadUnaligned<SocketError>(control + 1);
        if ((error.Origin, error.Type, error.Code) is not ((SocketError.FromIcmp, 3, 4) or (SocketError.FromIcmpIpv6, 2, 0))) return false;
        pathMtu = (int)Math.Min(error.Info, ushort.MaxValue);
        // Routers older than RFC 1191 do not tell.
        return pathMtu > 0;
    }

    public void Dispose()
    {
        _buffers.Dispose();
        _messages.Dispose();
        _vectors.Dispose();
        _sources.Dispose();
        _controls.Dispose();
    }

    private static bool TryTag(in MessageHeader header, out ushort tpid, out ushort tci)
    {
        (tpid, tci) = (0, 0);
        if (header.ControlLength < (nuint)(sizeof(ControlHeader) + sizeof(PacketAuxData))) return false;
        var control = (ControlHeader*)header.Control;
        if (control->Level != Constants.SOL_PACKET || control->Type != Constants.PACKET_AUXDATA) return false;
        var aux = Unsafe.ReadUnaligned<PacketAuxData>(control + 1);
        if ((aux.Status & PacketAuxData.VlanValid) == 0) return false;
        tpid = (aux.Status & PacketAuxData.VlanTpidValid) != 0 ? aux.VlanTpid : (ushort)0x8100;
        tci = aux.VlanTci;
        return true;
    }
}
