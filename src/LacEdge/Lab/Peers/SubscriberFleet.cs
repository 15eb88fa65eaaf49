using LacEdge.Core;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Lab.Peers;

/// <summary>Many subscribers under one roof: finds the one that a frame is for and keeps their deadlines in one queue.</summary>
/// <param name="outbox">Takes the frames of them all.</param>
public sealed class SubscriberFleet(PeerOutbox outbox, ulong seed)
{
    private readonly List<SimulatedSubscriber> _subscribers = [];
    private readonly Dictionary<MacAddress, Entry> _byMac = [];
    private readonly TimerQueue _timers = new();
    private readonly PeerRandom _random = new(seed);

    public PeerOutbox Outbox => outbox;
    /// <summary>In the order in which they were added.</summary>
    public IReadOnlyList<SimulatedSubscriber> Subscribers => _subscribers;
    public Instant NextTimeout => _timers.NextDeadline;

    /// <summary>Each has a MAC of its own.</summary>
    public SimulatedSubscriber Add(SubscriberOptions options)
    {
        var subscriber = new SimulatedSubscriber(options, _random, outbox);
        _byMac.Add(options.Mac, new Entry(this, subscriber, (ulong)_subscribers.Count));
        _subscribers.Add(subscriber);
        return subscriber;
    }

    /// <summary>A frame from the access network; those for no subscriber of this fleet have no effect.</summary>
    public void HandleFrame(ReadOnlySpan<byte> frame, Instant now)
    {
        _timers.RunDue(now);
        if (frame.Length < EthernetFrame.HeaderSize || !_byMac.TryGetValue(MacAddress.Read(frame), out var entry)) return;
        entry.Subscriber.HandleFrame(frame, now);
        entry.Reschedule();
    }

    public void HandleTimeout(Instant now) => _timers.RunDue(now);

    /// <summary>Something that a subscriber shall do: dial, hang up, ping. Its deadlines are looked at afterwards.</summary>
    public void Do(SimulatedSubscriber subscriber, Action<SimulatedSubscriber> what)
    {
        what(subscriber);
        _byMac[subscriber.Options.Mac].Reschedule();
    }

    public void Dial(SimulatedSubscriber subscriber, Instant now)
    {
        subscriber.Dial(now);
        _byMac[subscriber.Options.Mac].Reschedule();
    }

    private sealed class Entry : ITimerOwner
    {
        private readonly SubscriberFleet _fleet;
        private readonly Core.Timer _timer;

        public Entry(SubscriberFleet fleet, SimulatedSubscriber subscriber, ulong order)
        {
            (_fleet, Subscriber, TimerOrder) = (fleet, subscriber, order);
            _timer = new Core.Timer(this, 0);
        }

        public SimulatedSubscriber Subscriber { get; }
        public ulong TimerOrder { get; }

        public void HandleTimer(int kind, Instant now)
        {
            Subscriber.HandleTimeout(now);
            Reschedule();
        }

        public void Reschedule()
        {
            var next = Subscriber.NextTimeout;
            if (next == Instant.Never) _fleet._timers.Stop(_timer);
            else if (next != _timer.Deadline) _fleet._timers.Set(_timer, next);
        }
    }
}
