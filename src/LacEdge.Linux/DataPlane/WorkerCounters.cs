using System.Runtime.InteropServices;
using LacEdge.Core.Forwarding;
using LacEdge.Linux.Kernel;

namespace LacEdge.Linux.DataPlane;

/// <summary>What one thread counted in one direction for one slot.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
internal struct SlotCounters
{
    public ulong Frames;
    public ulong Octets;
    public ulong Dropped;
}

/// <summary>Counters that one thread writes and the control thread reads: by slot, in total, and by reason.</summary>
internal sealed class WorkerCounters(int slots) : IDisposable
{
    private static readonly int s_reasons = Enum.GetValues<ForwardingReason>().Length;

    // The last element is the total.
    private readonly NativeTable<SlotCounters> _slots = new(slots + 1);
    private readonly NativeTable<ulong> _reasons = new(s_reasons);

    public void Forwarded(int slot, int pppOctets)
    {
        Add(ref _slots[slot], pppOctets);
        Add(ref _slots[slots], pppOctets);
        _reasons[(int)ForwardingReason.Forwarded]++;
    }

    /// <summary>A frame of a known session was dropped.</summary>
    public void Dropped(int slot, ForwardingReason reason)
    {
        _slots[slot].Dropped++;
        _slots[slots].Dropped++;
        _reasons[(int)reason]++;
    }

    public void Count(ForwardingReason reason, int times = 1) => _reasons[(int)reason] += (ulong)times;

    public SlotCounters Read(int slot)
    {
        ref var counters = ref _slots[slot];
        return new SlotCounters
        {
            Frames = Volatile.Read(ref counters.Frames),
            Octets = Volatile.Read(ref counters.Octets),
            Dropped = Volatile.Read(ref counters.Dropped),
        };
    }

    public SlotCounters ReadTotal() => Read(slots);

    public ulong Read(ForwardingReason reason) => Volatile.Read(ref _reasons[(int)reason]);

    /// <summary>Only while no worker can know the slot.</summary>
    public void Clear(int slot) => _slots[slot] = default;

    public void Dispose()
    {
        _slots.Dispose();
        _reasons.Dispose();
    }

    private static void Add(ref SlotCounters counters, int pppOctets)
    {
        counters.Frames++;
        counters.Octets += (ulong)pppOctets;
    }
}
