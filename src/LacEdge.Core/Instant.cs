namespace LacEdge.Core;

/// <summary>A point in time: nanoseconds of CLOCK_BOOTTIME, given to Core with every input. Core has no clock of its own.</summary>
public readonly record struct Instant(long Nanoseconds) : IComparable<Instant>
{
    public static Instant Zero => default;
    /// <summary>Later than every deadline.</summary>
    public static Instant Never => new(long.MaxValue);

    public static Instant operator +(Instant instant, TimeSpan span) => new(instant.Nanoseconds + span.Ticks * TimeSpan.NanosecondsPerTick);
    public static Instant operator -(Instant instant, TimeSpan span) => new(instant.Nanoseconds - span.Ticks * TimeSpan.NanosecondsPerTick);
    /// <summary>In steps of 100 ns, rounded down.</summary>
    public static TimeSpan operator -(Instant later, Instant earlier) => new((later.Nanoseconds - earlier.Nanoseconds) / TimeSpan.NanosecondsPerTick);
    public static bool operator <(Instant left, Instant right) => left.Nanoseconds < right.Nanoseconds;
    public static bool operator >(Instant left, Instant right) => left.Nanoseconds > right.Nanoseconds;
    public static bool operator <=(Instant left, Instant right) => left.Nanoseconds <= right.Nanoseconds;
    public static bool operator >=(Instant left, Instant right) => left.Nanoseconds >= right.Nanoseconds;

    public Instant Add(TimeSpan span) => this + span;
    public TimeSpan Subtract(Instant earlier) => this - earlier;
    public int CompareTo(Instant other) => Nanoseconds.CompareTo(other.Nanoseconds);
    public override string ToString() => $"{Nanoseconds / 1_000_000_000}.{Nanoseconds % 1_000_000_000:000000000}";
}
