using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace LacEdge.Benchmarks;

/// <summary>What the kernel says of another process.</summary>
internal sealed unsafe partial class ProcessUsage
{
    private readonly int _processId;
    private readonly int _clock;

    public ProcessUsage(int processId)
    {
        _processId = processId;
        int clock;
        if (GetCpuClock(processId, &clock) is var error and not 0) throw new Win32Exception(error);
        _clock = clock;
    }

    /// <summary>CPU time of all its threads, those that have ended included: user and system, with the softirq work done in their
    /// context.</summary>
    public TimeSpan CpuTime()
    {
        TimeSpec time;
        if (GetTime(_clock, &time) != 0) throw new Win32Exception(Marshal.GetLastSystemError());
        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick);
    }

    /// <summary>Resident set in octets.</summary>
    public long Resident()
    {
        var line = File.ReadLines($"/proc/{_processId}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    [LibraryImport("libc", EntryPoint = "clock_getcpuclockid")]
    private static partial int GetCpuClock(int processId, int* clock);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, TimeSpec* time);

    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
