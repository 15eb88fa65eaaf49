using System.Runtime.InteropServices;
using LacEdge.Linux.Kernel;
using LacEdge.Linux.Sockets;

namespace LacEdge.Linux.DataPlane;

/// <summary>
/// Copies of frames or datagrams on their way from one worker to the control thread: one writer, one reader, no locks. When
/// it is full the newcomer is refused.
/// </summary>
internal sealed unsafe class PassUpRing : IDisposable
{
    private const int WrapMark = -1;

    private readonly NativeTable<byte> _memory;
    private readonly int _capacity;
    // Octets ever written and read, each changed by one side only.
    private long _written;
    private long _read;
    // The writer's position before publishing.
    private long _reserved;

    /// <param name="capacity">Octets, a power of two.</param>
    public PassUpRing(int capacity)
    {
        _capacity = capacity;
        _memory = new NativeTable<byte>(capacity);
    }

    [StructLayout(LayoutKind.Sequential, Size = 48)]
    private struct Header
    {
        public int Length;
        public int Target;
        public SocketAddress Source;
    }

    /// <summary>For the writer: octets ever written.</summary>
    public long Filled => _reserved;

    /// <summary>Octets ever read and released.</summary>
    public long Taken => Volatile.Read(ref _read);

    public bool IsEmpty => Volatile.Read(ref _written) == Volatile.Read(ref _read);

    /// <summary>For the writer. The record is seen by the reader after <see cref="Publish"/>.</summary>
    /// <param name="share">The part of the ring that may be full afterwards: less important records ask for less than 1.</param>
    public bool TryWrite(int target, in SocketAddress source, ReadOnlySpan<byte> octets, double share = 1)
    {
        var size = Size(octets.Length);
        var at = (int)(_reserved & (_capacity - 1));
        // Records are not split: what does not fit before the end of the memory starts at its beginning.
        var skip = at + size > _capacity ? _capacity - at : 0;
        if (_reserved + skip + size - Volatile.Read(ref _read) > (long)(_capacity * share)) return false;
        if (skip > 0)
        {
            HeaderAt(at).Length = WrapMark;
            _reserved += skip;
            at = 0;
        }

        HeaderAt(at) = new Header { Length = octets.Length, Target = target, Source = source };
        octets.CopyTo(new Span<byte>(_memory.Address(at) + sizeof(Header), octets.Length));
        _reserved += size;
        return true;
    }

    /// <summary>For the writer: whether there is anything new for the reader.</summary>
    public bool Publish()
    {
        if (_reserved == _written) return false;
        Volatile.Write(ref _written, _reserved);
        return true;
    }

    /// <summary>For the reader: the oldest record, which stays until <see cref="Release"/>.</summary>
    public bool TryRead(out int target, out SocketAddress source, out ReadOnlySpan<byte> octets)
    {
        target = 0;
        source = default;
        octets = default;
        if (IsEmpty) return false;
        var at = (int)(_read & (_capacity - 1));
        if (HeaderAt(at).Length == WrapMark)
        {
            Volatile.Write(ref _read, _read + _capacity - at);
            at = 0;
        }

        ref var header = ref HeaderAt(at);
        target = header.Target;
        source = header.Source;
        octets = new ReadOnlySpan<byte>(_memory.Address(at) + sizeof(Header), header.Length);
        return true;
    }

    public void Release()
    {
        var at = (int)(_read & (_capacity - 1));
        Volatile.Write(ref _read, _read + Size(HeaderAt(at).Length));
    }

    public void Dispose() => _memory.Dispose();

    private static int Size(int length) => sizeof(Header) + length + 15 & ~15;

    private ref Header HeaderAt(int at) => ref *(Header*)_memory.Address(at);
}
