using LacEdge.Core;
using LacEdge.Core.Forwarding;

namespace LacEdge.Tests.Core.Forwarding;

/// <summary>Timing of LCP echoes that pass.</summary>
public sealed class LcpEchoTests
{
    private EchoFlow _up, _down;
    // Not at a round number, nor near the start of the clock.
    private Instant _now = new(9_876_543_210_123);

    private LineQuality Quality => LineQuality.Of(_up, _down);

    [Theory]
    [InlineData("c0210907000800000000", true, 7)]
    [InlineData("c0210aff000c0000000001020304", false, 0xFF)]
    public void Echoes_are_told_from_other_frames(string ppp, bool isRequest, byte identifier)
    {
        Assert.True(LcpEcho.TryRead(Convert.FromHexString(ppp), out var echo));
        Assert.Equal(new LcpEcho(isRequest, identifier), echo);
        // Without a magic number it is none, and cut anywhere it harms nobody.
        for (var length = 0; length < 20; length += 2) Assert.False(LcpEcho.TryRead(Convert.FromHexString(ppp[..length]), out _));
    }

    [Theory]
    [InlineData("c0210107000800000000")]
    [InlineData("c0210b07000800000000")]
    [InlineData("80210907000800000000")]
    [InlineData("00210907000800000000")]
    [InlineData("c0230907000800000000")]
    public void Other_frames_are_no_echoes(string ppp) => Assert.False(LcpEcho.TryRead(Convert.FromHexString(ppp), out _));

    [Fact]
    public void Nothing_is_known_at_first()
    {
        Assert.True(Quality.IsUnknown);
        Assert.Equal(new EchoQuality(0, 0, 0, null, null, null), Quality.FromLns);
        Down(false, 0);
        Up(false, 0);
        Assert.True(Quality.IsUnknown);
    }

    [Fact]
    public void The_two_directions_are_timed_apart()
    {
        Down(true, 1);
        Wait(300);
        Up(true, 1);
        Wait(500);
        Up(false, 1);
        Wait(1_000);
        Down(false, 1);
        Assert.Equal(Measured(1, 1, 0, 800, 800, 800), Quality.FromLns);
        Assert.Equal(Measured(1, 1, 0, 1500, 1500, 1500), Quality.FromSubscriber);
        Assert.False(Quality.IsUnknown);
    }

    [Fact]
    public void The_smoothed_time_follows_by_an_eighth()
    {
        foreach (var (rtt, identifier) in ((int, byte)[])[(8_000, 0), (16_000, 1), (1_000, 2)]) Exchange(identifier, rtt);
        // 8000, 9000, 8000
        Assert.Equal(Measured(3, 3, 0, 1_000, 8_000, 16_000), Quality.FromLns);
    }

    [Fact]
    public void A_request_without_a_reply_is_lost_when_the_next_one_comes()
    {
        Exchange(1, 100);
        Down(true, 2);
        Assert.Equal((2ul, 1ul, 0ul), Counts());
        Down(true, 3);
        Assert.Equal((3ul, 1ul, 1ul), Counts());
        // Too late for the second.
        Up(false, 2);
        Assert.Equal((3ul, 1ul, 1ul), Counts());
        Wait(700);
        Up(false, 3);
        Assert.Equal((3ul, 2ul, 1ul), Counts());
        Assert.Equal(TimeSpan.FromMicroseconds(700), Quality.FromLns.LastRtt);
    }

    [Fact]
    public void A_repeated_request_is_one_request_and_its_reply_is_not_timed()
    {
        Exchange(1, 100);
        Down(true, 2);
        Wait(3_000_000);
        Down(true, 2);
        Wait(50);
        Up(false, 2);
        Up(false, 2);
        Assert.Equal(Measured(2, 2, 0, 100, 100, 100), Quality.FromLns);
    }

    [Fact]
    public void An_end_that_never_changes_its_identifier_is_timed_too()
    {
        for (var i = 0; i < 300; i++) Exchange(0, 40);
        Assert.Equal(Measured(300, 300, 0, 40, 40, 40), Quality.FromLns);
    }

    [Fact]
    public void Identifiers_wrap()
    {
        for (var i = 0; i < 1000; i++)
        {
            if (i % 10 == 9) Down(true, (byte)i);
            else Exchange((byte)i, 40);
        }

        Exchange(0xE8, 40);
        Assert.Equal((1001ul, 901ul, 100ul), Counts());
    }

    [Fact]
    public void Replies_to_nothing_count_nothing()
    {
        Up(false, 0);
        Down(true, 5);
        Up(false, 4);
        // The subscriber's own request has the same identifier as the LNS's.
        Down(false, 5);
        Assert.Equal((1ul, 0ul, 0ul), Counts());
        Assert.Equal(0ul, Quality.FromSubscriber.Answered);
        Up(false, 5);
        Up(false, 5);
        Assert.Equal((1ul, 1ul, 0ul), Counts());
    }

    [Fact]
    public void A_reply_that_takes_for_ever_reads_as_the_longest_time_there_is()
    {
        Exchange(1, 5_000_000_000);
        Assert.Equal(TimeSpan.FromMicroseconds(uint.MaxValue), Quality.FromLns.LastRtt);
    }

    [Fact]
    public void Copies_of_different_moments_give_no_nonsense()
    {
        Exchange(1, 100);
        var before = _down;
        Exchange(2, 100);
        var quality = LineQuality.Of(_up, before).FromLns;
        Assert.Equal((1ul, 1ul, 0ul), (quality.Sent, quality.Answered, quality.Lost));
    }

    private (ulong, ulong, ulong) Counts() => (Quality.FromLns.Sent, Quality.FromLns.Answered, Quality.FromLns.Lost);

    private void Exchange(byte identifier, long rtt)
    {
        Down(true, identifier);
        Wait(rtt);
        Up(false, identifier);
        Wait(1_000);
    }

    private void Up(bool isRequest, byte identifier) => _up.Passed(new LcpEcho(isRequest, identifier), _now, _down.Request, _down.Answered);
    private void Down(bool isRequest, byte identifier) => _down.Passed(new LcpEcho(isRequest, identifier), _now, _up.Request, _up.Answered);
    private void Wait(long microseconds) => _now += TimeSpan.FromMicroseconds(microseconds);

    private static EchoQuality Measured(ulong sent, ulong answered, ulong lost, long last, long smoothed, long max) => new(
        sent, answered, lost, TimeSpan.FromMicroseconds(last), TimeSpan.FromMicroseconds(smoothed), TimeSpan.FromMicroseconds(max));
}
