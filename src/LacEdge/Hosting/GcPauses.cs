using System.Diagnostics.Tracing;

namespace LacEdge.Hosting;

/// <summary>Longest time for which the garbage collector held the process's threads: the control thread answers nobody meanwhile.</summary>
internal sealed class GcPauses : EventListener
{
    private const EventKeywords GcKeyword = (EventKeywords)1;
    private DateTime _suspendedAt;
    private long _longestTicks;

    public TimeSpan Longest => new(Interlocked.Read(ref _longestTicks));

    /// <summary>Starts to measure anew.</summary>
    public void Reset() => Interlocked.Exchange(ref _longestTicks, 0);

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime") EnableEvents(eventSource, EventLevel.Informational, GcKeyword);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName is not { } name) return;
        if (name.StartsWith("GCSuspendEEBegin", StringComparison.Ordinal))
        {
            _suspendedAt = eventData.TimeStamp;
        }
        else if (name.StartsWith("GCRestartEEEnd", StringComparison.Ordinal))
        {
            var ticks = (eventData.TimeStamp - _suspendedAt).Ticks;
            if (ticks > Interlocked.Read(ref _longestTicks)) Interlocked.Exchange(ref _longestTicks, ticks);
        }
    }
}
