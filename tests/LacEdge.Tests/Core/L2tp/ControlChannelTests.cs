using System.Globalization;
using LacEdge.Core;
using LacEdge.Core.L2tp;
using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Core.L2tp;

/// <summary>Reliable delivery alone (RFC 2661 section 5.8 and appendix A).</summary>
public sealed class ControlChannelTests
{
    private readonly Outbox _outbox = new();
    private readonly LacCounters _counters = new();
    private readonly ControlChannel _channel;
    private Instant _now = new(1_000_000_000_000);

    public ControlChannelTests() => _channel = Channel();

    private ControlChannel Channel(int window = 16, int retries = 5, int cap = 16) =>
        new(window, retries, TimeSpan.FromSeconds(cap), _outbox, _counters)
        {
            Peer = new UdpEndpoint(IpAddress.Parse("192.0.2.1"), 1701),
            PeerTunnelId = 7,
        };

    // What left since the last call: "ns,nr" of messages, "zlb ns,nr".
    private string Sent()
    {
        var sent = new List<string>();
        foreach (var output in _outbox.Outputs)
        {
            Assert.True(L2tpHeader.TryParse(_outbox.Octets(output), out var header, out _));
            Assert.Equal(7, header.TunnelId);
            sent.Add(string.Create(CultureInfo.InvariantCulture, $"{(header.IsZlb ? "zlb " : "")}{header.Ns},{header.Nr}"));
        }

        _outbox.Clear();
        return string.Join(" ", sent);
    }

    private void Send(int count = 1)
    {
        for (var i = 0; i < count; i++) _channel.Send(Messages.Hello(new byte[50], 0), new SentMessage(MessageType.Hello, null), _now);
    }

    private Arrival Receive(ushort ns, ushort nr, bool zlb = false, ControlChannel? channel = null)
    {
        byte[] datagram = zlb ? AvpWriter.Zlb(new byte[12], 1, 0, ns, nr).ToArray() : Messages.Hello(new byte[50], 1, ns, nr).ToArray();
        Assert.True(L2tpHeader.TryParse(datagram, out var header, out _));
        channel ??= _channel;
        var arrival = channel.Receive(header, datagram, _now);
        while (arrival == Arrival.InOrder && channel.TryTakeNext(_now, out _)) { }
        channel.Settle();
        return arrival;
    }

    private int Done()
    {
        var count = 0;
        while (_channel.TryTakeDone(out _)) count++;
        return count;
    }

    private void Advance(double seconds) => _now += TimeSpan.FromSeconds(seconds);

    [Fact]
    public void L2TP_019_a_Zlb_consumes_no_Ns_is_not_acknowledged_and_frees_the_queue()
    {
        Send();
        Assert.Equal("0,0", Sent());
        Assert.Equal(Arrival.Zlb, Receive(0, 1, zlb: true));
        Assert.Equal(1, Done());
        Assert.Equal(0, _channel.Unacknowledged);
        Assert.Equal((ushort)0, _channel.NextNr);
        Assert.Equal(Instant.Never, _channel.NextTimeout);
        Assert.Equal("", Sent());
        Assert.Equal(1ul, _counters[LacCounter.L2tpZlbReceived]);

        // A ZLB with another Ns than the expected one is no message, either.
        Assert.Equal(Arrival.Zlb, Receive(9, 1, zlb: true));
        Assert.Equal((ushort)0, _channel.NextNr);
    }

    [Fact]
    public void An_acknowledgement_waits_a_moment_for_a_message_to_ride_on()
    {
        Receive(0, 0);
        Assert.Equal("", Sent());
        Assert.Equal(_now + ControlChannel.AckDelay, _channel.NextTimeout);
        Assert.True(ControlChannel.AckDelay <= TimeSpan.FromMilliseconds(100));
        Send();
        Assert.Equal("0,1", Sent());

        Receive(1, 1);
        Advance(0.05);
        Assert.True(_channel.HandleTimeout(_now, out _));
        Assert.Equal("zlb 1,2", Sent());
        Assert.Equal(Instant.Never, _channel.NextTimeout);
    }

    [Fact]
    public void A_second_message_is_acknowledged_at_once()
    {
        Receive(0, 0);
        Receive(1, 0);
        Assert.Equal("zlb 0,2", Sent());
        Receive(2, 0);
        _channel.AcknowledgeNow();
        _channel.Settle();
        Assert.Equal("zlb 0,3", Sent());
    }

    [Fact]
    public void L2TP_017_a_duplicate_is_acknowledged_again_and_not_processed()
    {
        Assert.Equal(Arrival.InOrder, Receive(0, 0));
        Advance(0.05);
        _channel.HandleTimeout(_now, out _);
        Sent();
        Assert.Equal(Arrival.Duplicate, Receive(0, 0));
        Assert.Equal("zlb 0,1", Sent());
        Assert.Equal(1ul, _counters[DropReason.L2tpDuplicate]);
    }

    [Fact]
    public void L2TP_020_L2TP_021_L2TP_022_repeated_after_1_2_4_8_16_s_with_same_Ns_and_fresh_Nr_then_given_up()
    {
        var start = _now;
        Send();
        Sent();
        var repeated = new List<double>();
        for (var alive = true; alive;)
        {
            _now = _channel.NextTimeout;
            alive = _channel.HandleTimeout(_now, out _);
            if (!alive) break;
            Assert.Equal($"0,{repeated.Count}", Sent());
            repeated.Add((_now - start).TotalSeconds);
            Receive((ushort)(repeated.Count - 1), 0);
            Advance(0.05);
            _channel.HandleTimeout(_now, out _);
            Sent();
        }

        Assert.Equal([1, 3, 7, 15, 31], repeated);
        Assert.Equal(47, (_now - start).TotalSeconds);
        Assert.Equal(5ul, _counters[LacCounter.L2tpControlRetransmitted]);
        Assert.Equal(Instant.Never, _channel.NextTimeout);
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(8, 8)]
    [InlineData(30, 30)]
    public void L2TP_021_the_cap_is_configurable_but_not_below_8_s(int configured, int effective)
    {
        var channel = Channel(retries: 7, cap: configured);
        channel.Send(Messages.Hello(new byte[50], 0), default, _now);
        var longest = TimeSpan.Zero;
        while (true)
        {
            var before = _now;
            _now = channel.NextTimeout;
            if (_now - before > longest) longest = _now - before;
            if (!channel.HandleTimeout(_now, out _)) break;
        }

        Assert.Equal(effective, longest.TotalSeconds);
    }

    [Fact]
    public void L2TP_023_before_the_peer_has_told_its_window_one_message_is_outstanding()
    {
        Send(3);
        Assert.Equal("0,0", Sent());
        Receive(0, 1, zlb: true);
        Assert.Equal("1,0", Sent());
        Receive(0, 2, zlb: true);
        Assert.Equal("2,0", Sent());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(1000)]
    public void L2TP_023_never_more_than_the_window_of_the_peer_is_outstanding(int window)
    {
        _channel.SetPeerWindow(window);
        Send(2000);
        ushort acknowledged = 0;
        var most = 0;
        while (_channel.Unacknowledged > 0)
        {
            var sent = Sent().Split(' ').Length;
            most = Math.Max(most, sent);
            acknowledged++;
            Receive(0, acknowledged, zlb: true);
            var outstanding = (ushort)(_channel.NextNs - acknowledged);
            Assert.True(outstanding <= window && outstanding <= _channel.WindowSize);
        }

        Assert.Equal(2000, Done());
        Assert.InRange(_channel.WindowSize, 1, window);
        if (window == 1) Assert.Equal(1, most);
    }

    [Fact]
    public void L2TP_024_slow_start_then_congestion_avoidance_then_halving()
    {
        _channel.SetPeerWindow(8);
        Send(100);
        Assert.Equal("0,0", Sent());
        ushort nr = 0;
        var sizes = new List<int>();
        for (var i = 0; i < 8; i++)
        {
            Receive(0, ++nr, zlb: true);
            sizes.Add(_channel.WindowSize);
        }

        Assert.Equal([2, 3, 4, 5, 6, 7, 8, 8], sizes);
        Sent();

        // A loss: half of the window becomes the threshold, one message is outstanding.
        Advance(1);
        Assert.True(_channel.HandleTimeout(_now, out _));
        Assert.Equal("8,0", Sent());
        Assert.Equal(1, _channel.WindowSize);
        sizes.Clear();
        for (var i = 0; i < 8; i++)
        {
            Receive(0, ++nr, zlb: true);
            sizes.Add(_channel.WindowSize);
        }

        // Up to 4 one by one, then one for a whole window of acknowledgements.
        Assert.Equal([2, 3, 4, 4, 4, 4, 5, 5], sizes);
    }

    [Fact]
    public void After_a_timeout_the_rest_follows_as_the_window_opens_unless_the_peer_had_it()
    {
        _channel.SetPeerWindow(4);
        Send(4);
        Receive(0, 1, zlb: true);
        Receive(0, 2, zlb: true);
        Sent();
        Send(4);
        Assert.Equal("4,0", Sent());
        Advance(1);
        _channel.HandleTimeout(_now, out _);
        Assert.Equal("2,0", Sent());

        // A peer that dropped what came out of order.
        Receive(0, 3, zlb: true);
        Assert.Equal("3,0 4,0", Sent());
        // A peer that had kept it.
        Receive(0, 5, zlb: true);
        Assert.Equal("5,0 6,0", Sent());
        Assert.Equal(2ul + 1ul, _counters[LacCounter.L2tpControlRetransmitted]);
    }

    [Fact]
    public void L2TP_025_what_comes_too_early_waits_for_the_gap_to_be_filled()
    {
        Assert.Equal(Arrival.Ahead, Receive(2, 0));
        Assert.Equal(Arrival.Ahead, Receive(1, 0));
        Assert.Equal(Arrival.Ahead, Receive(2, 0));
        Assert.Equal(1ul, _counters[DropReason.L2tpDuplicate]);
        Assert.Equal((ushort)0, _channel.NextNr);
        Assert.Equal("", Sent());
        Assert.Equal(Arrival.InOrder, Receive(0, 0));
        Assert.Equal((ushort)3, _channel.NextNr);
        Assert.Equal("zlb 0,3", Sent());
    }

    [Fact]
    public void L2TP_025_what_is_beyond_our_window_is_dropped()
    {
        var channel = Channel(window: 4);
        Assert.Equal(Arrival.Ahead, Receive(4, 0, channel: channel));
        Assert.Equal(1ul, _counters[DropReason.L2tpAhead]);
        for (ushort ns = 1; ns < 4; ns++) Receive(ns, 0, channel: channel);
        Assert.Equal(1ul, _counters[DropReason.L2tpAhead]);
        Receive(0, 0, channel: channel);
        Assert.Equal((ushort)4, channel.NextNr);
    }

    [Fact]
    public void L2TP_028_an_Nr_beyond_what_was_sent_frees_nothing()
    {
        Send(2);
        Sent();
        Receive(0, 2, zlb: true);
        Assert.Equal(0, Done());
        Assert.Equal(2, _channel.Unacknowledged);
        Assert.Equal(1ul, _counters[DropReason.L2tpNrBogus]);
        // An old one is merely late.
        Receive(0, 65535, zlb: true);
        Assert.Equal(1ul, _counters[DropReason.L2tpNrBogus]);
        Receive(0, 1, zlb: true);
        Assert.Equal(1, Done());
        Assert.Equal("1,0", Sent());
    }

    [Fact]
    public void L2TP_027_both_directions_wrap_without_loss()
    {
        _channel.SetPeerWindow(8);
        for (var i = 0; i < 70_000; i++)
        {
            Send();
            Assert.Equal(Arrival.InOrder, Receive((ushort)i, (ushort)(i + 1)));
            _outbox.Clear();
        }

        Assert.Equal(70_000, Done());
        Assert.Equal((70_000 - 65_536, 70_000 - 65_536), (_channel.NextNs, _channel.NextNr));
        Assert.Equal(0ul, _counters[DropReason.L2tpDuplicate]);
    }

    [Fact]
    public void L2TP_027_order_loss_and_repetition_at_the_wrap()
    {
        _channel.SetPeerWindow(8);
        for (var i = 0; i < 65_534; i++)
        {
            Send();
            Receive((ushort)i, (ushort)(i + 1));
            _outbox.Clear();
        }

        Done();
        Send(4);
        Assert.Equal("65534,65534 65535,65534 0,65534 1,65534", Sent());
        Assert.Equal(Arrival.Ahead, Receive(0, 65534));
        Assert.Equal(Arrival.Ahead, Receive(65535, 0));
        Assert.Equal(2, Done());
        Assert.Equal(Arrival.InOrder, Receive(65534, 0));
        Assert.Equal((ushort)1, _channel.NextNr);
        Assert.Equal(Arrival.Duplicate, Receive(65535, 0));
        Sent();
        Advance(1);
        _channel.HandleTimeout(_now, out _);
        Assert.Equal("0,1", Sent());
        Receive(1, 2, zlb: true);
        Assert.Equal(2, Done());
        Assert.Equal(0, _channel.Unacknowledged);
    }

    [Fact]
    public void A_queue_of_thousands_drains_in_order()
    {
        _channel.SetPeerWindow(64);
        for (ushort i = 0; i < 5000; i++)
        {
            _channel.Send(Messages.Icrp(new byte[50], 0, 0, (ushort)(i + 1)), default, _now);
        }

        ushort expected = 0, nr = 0;
        while (_channel.Unacknowledged > 0)
        {
            foreach (var output in _outbox.Outputs)
            {
                Assert.True(L2tpHeader.TryParse(_outbox.Octets(output), out var header, out _));
                Assert.Equal(expected, header.Ns);
                Assert.Equal((ushort)(expected + 1), ControlMessageParser.Parse(header, default).AssignedSessionId);
                expected++;
            }

            _outbox.Clear();
            nr = expected;
            Receive(0, nr, zlb: true);
        }

        Assert.Equal((ushort)5000, expected);
    }

    [Fact]
    public void Dropping_what_was_not_sent_and_abandoning_keep_the_numbers_right()
    {
        _channel.SetPeerWindow(4);
        Send(3);
        Receive(0, 1, zlb: true);
        Done();
        _channel.DropUnsent();
        Assert.Equal(0, Done());
        Send(2);
        _channel.DropUnsent();
        Assert.Equal(2, Done());
        Assert.Equal((ushort)3, _channel.NextNs);
        _channel.Abandon();
        Assert.Equal(2, Done());
        Assert.Equal((ushort)3, _channel.NextNs);
        Assert.Equal(Instant.Never, _channel.NextTimeout);
        Sent();
        Send();
        Assert.Equal("3,0", Sent());
    }
}
