using System.Runtime.CompilerServices;

namespace LacEdge.Linux.Kernel;

/// <summary>
/// Zeroed memory outside the collected heap for an array of <typeparamref name="T"/>, aligned to a page. Pages that were
/// never touched cost nothing, so a table may be as large as its index space.
/// </summary>
internal sealed unsafe class NativeTable<T> : IDisposable where T : unmanaged
{
    private readonly nuint _size;
    private T* _base;

    public NativeTable(int count)
    {
        Count = count;
        _size = (nuint)count * (nuint)sizeof(T);
        var memory = Libc.MemoryMap(
            null, _size, Constants.PROT_READ | Constants.PROT_WRITE, Constants.MAP_PRIVATE | Constants.MAP_ANONYMOUS, -1, 0);
        if ((nint)memory == -1) throw HostException.ForCall($"cannot allocate {_size} octets", Errno.Last);
        _base = (T*)memory;
    }

    public int Count { get; }

    public ref T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return ref Unsafe.AsRef<T>(_base + index);
        }
    }

    /// <summary>The address of an element, for the kernel.</summary>
    public T* Address(int index) => (T*)Unsafe.AsPointer(ref this[index]);

    public void Dispose()
    {
        if (_base == null) return;
        _ = Libc.MemoryUnmap(_base, _size);
        _base = null;
    }
}
