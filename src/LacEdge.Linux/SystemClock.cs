using LacEdge.Core;
using LacEdge.Linux.Kernel;

namespace LacEdge.Linux;

/// <summary>The clocks of the machine.</summary>
public static unsafe class SystemClock
{
    /// <summary>CLOCK_BOOTTIME: never steps, runs on while the machine sleeps.</summary>
    public static Instant Now => new(Read(Constants.CLOCK_BOOTTIME));

    /// <summary>What to add to <see cref="Now"/> for nanoseconds of Unix time. Changes when somebody sets the clock.</summary>
    public static long UnixOffsetNanoseconds => Read(Constants.CLOCK_REALTIME) - Read(Constants.CLOCK_BOOTTIME);

    private static long Read(int clock)
    {
        TimeSpec time;
        HostException.Check(Libc.ClockGetTime(clock, &time), "cannot read the clock");
        return (long)time.Seconds * 1_000_000_000 + time.Nanoseconds;
    }
}
