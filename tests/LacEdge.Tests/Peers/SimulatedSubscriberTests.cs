using LacEdge.Core;
using LacEdge.Lab.Peers;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Tests.Peers;

/// <summary>The subscriber alone, against literal frames.</summary>
public sealed class SimulatedSubscriberTests
{
    private const string Pado =
        "0200000000010200000000fe8863110700000034010100000102000a6c6163656467652d30310103000411223344010400103fea5384f91c0c701bf620298d4ee3cf"
        + "0120000205dc";
    private const string Pads = "0200000000010200000000fe88631165100100120101000001030004112233440120000205dc";
    private const string LineTag = "01050030" + "00000de9010f414e312065746820312f323a31303002085355422d303034328104000004008204000040009003010200";
    private readonly PeerOutbox _outbox = new();
    private readonly Instant _now = new(5_000_000_000);

    [Fact]
    public void Discovery_sends_the_octets_of_the_RFC_and_returns_the_cookie()
    {
        var subscriber = Make();
        subscriber.Dial(_now);
        Assert.Equal(
            "ffffffffffff02000000000188631109000000460101000001030004112233440120000205dc0105003000000de9010f414e312065746820312f323a3130300208"
            + "5355422d303034328104000004008204000040009003010200", Last());

        Feed(subscriber, Pado);
        Assert.Equal(
            "0200000000fe020000000001886311190000005a010100000103000411223344010400103fea5384f91c0c701bf620298d4ee3cf0120000205dc0105003000000de9"
            + "010f414e312065746820312f323a31303002085355422d303034328104000004008204000040009003010200", Last());
        Assert.Equal("lacedge-01", subscriber.ConcentratorName);

        Feed(subscriber, Pads);
        Assert.Equal(0x1001, subscriber.SessionId);
        Assert.Equal(SubscriberState.Lcp, subscriber.State);
        // LCP Configure-Request in the session, padded to 60 octets.
        Assert.StartsWith("0200000000fe02000000000188641100100100" + "10c0210101000e010405d40506", Last(), StringComparison.Ordinal);
        Assert.Equal(120, Last().Length);
        Assert.Empty(subscriber.Violations);
    }

    [Fact]
    public void PADI_and_PADR_are_repeated_with_doubling_waits_and_then_given_up()
    {
        var subscriber = Make();
        subscriber.Dial(_now);
        var times = new List<double>();
        while (subscriber.NextTimeout != Instant.Never)
        {
            var at = subscriber.NextTimeout;
            times.Add((at - _now).TotalSeconds);
            subscriber.HandleTimeout(at);
        }

        Assert.Equal([5.0, 15.0, 35.0], times);
        Assert.Equal(3u, subscriber.PadisSent);
        Assert.Equal((SubscriberState.Failed, SubscriberEnd.NoPado), (subscriber.State, subscriber.LastEnd));
    }

    [Fact]
    public void An_error_in_PADS_is_the_reason()
    {
        var subscriber = Make();
        subscriber.Dial(_now);
        Feed(subscriber, Pado);
        Feed(subscriber, "0200000000010200000000fe886311650000001c0101000001030004112233440202000c6e6f207265736f7572636573");
        Assert.Equal(SubscriberEnd.DiscoveryError, subscriber.LastEnd);
        Assert.Equal("AcSystemError: no resources", subscriber.LastText);
    }

    [Fact]
    public void PADT_ends_the_session_and_its_text_is_kept()
    {
        var subscriber = Make();
        subscriber.Dial(_now);
        Feed(subscriber, Pado);
        Feed(subscriber, Pads);
        var sent = subscriber.FramesSent;
        Feed(subscriber, "0200000000010200000000fe886311a710010016020300124c4e5320636c6f7365642073657373696f6e");
        Assert.Equal((SubscriberEnd.PadtReceived, "LNS closed session"), (subscriber.LastEnd, subscriber.LastText));
        Assert.Equal(sent, subscriber.FramesSent);
        Assert.Equal(Instant.Never, subscriber.NextTimeout);
    }

    [Fact]
    public void Hanging_up_sends_PADT_or_says_nothing()
    {
        foreach (var kind in (HangUpKind[])[HangUpKind.Padt, HangUpKind.Silent])
        {
            var subscriber = Make();
            subscriber.Dial(_now);
            Feed(subscriber, Pado);
            Feed(subscriber, Pads);
            _outbox.Clear();
            subscriber.HangUp(kind, _now);
            Assert.Equal(kind == HangUpKind.Padt ? 1 : 0, _outbox.Count);
            if (kind == HangUpKind.Padt) Assert.StartsWith("0200000000fe0200000000018863" + "11a710010000", Last(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void It_dials_again_when_told_to()
    {
        var subscriber = Make(TimeSpan.FromSeconds(10));
        subscriber.Dial(_now);
        for (var i = 0; i < 4; i++) subscriber.HandleTimeout(subscriber.NextTimeout);
        Assert.Equal(2u, subscriber.Dials);
        Assert.Equal(SubscriberState.Discovery, subscriber.State);
    }

    [Fact]
    public void What_a_concentrator_does_wrong_is_noted()
    {
        var subscriber = Make();
        subscriber.Dial(_now);
        Feed(subscriber, Pado.Replace("11223344", "11223345", StringComparison.Ordinal));
        Assert.Contains("without our Host-Uniq", Assert.Single(subscriber.Violations), StringComparison.Ordinal);
        Assert.Equal(SubscriberState.Discovery, subscriber.State);
    }

    private SimulatedSubscriber Make(TimeSpan? redial = null) => new(
        new SubscriberOptions
        {
            Mac = new MacAddress(0x0200_0000_0001),
            User = "alice@isp.example",
            Password = "wonderland",
            HostUniq = Bytes.Hex("11223344"),
            MaxPayload = 1500,
            ExtraTags = Bytes.Hex(LineTag),
            Redial = redial,
        },
        new PeerRandom(1), _outbox);

    private void Feed(SimulatedSubscriber subscriber, string hex) => subscriber.HandleFrame(Convert.FromHexString(hex), _now);

    private string Last() => Convert.ToHexStringLower(_outbox.Octets(_outbox.Outputs[^1]));
}
