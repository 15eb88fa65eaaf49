using LacEdge.Lab.Peers;

namespace LacEdge.Tests.Simulation;

/// <summary>The quality of lines in virtual time: what the data plane sees of the ends' LCP echoes.</summary>
public sealed class LineQualityTests
{
    [Fact]
    public void Both_ends_are_timed_and_a_silent_LNS_loses_echoes()
    {
        var timers = PppTimers.Default with { EchoInterval = TimeSpan.FromSeconds(10), EchoFailures = 100 };
        var options = new ScenarioOptions { Timers = timers };
        options = options with { Lns = name => Scenario.LnsOptionsFor(name, options) with { Timers = timers } };
        var scenario = Scenario.Up(options, 1);
        scenario.Network.Run(TimeSpan.FromSeconds(35));

        var slot = scenario.Lac.Core.SessionsAfter(0).Single().Slot;
        var quality = scenario.Lac.DataPlane.ReadQuality(slot);
        foreach (var end in (LacEdge.Core.Forwarding.EchoQuality[])[quality.FromLns, quality.FromSubscriber])
        {
            Assert.Equal((3ul, 3ul, 0ul), (end.Sent, end.Answered, end.Lost));
            Assert.InRange(end.Rtt!.Value, TimeSpan.FromMicroseconds(1), TimeSpan.FromMilliseconds(100));
        }

        // The subscriber and the LNS have counted the same.
        Assert.Equal((3u, 3u), (scenario.Subscribers[0].Ppp!.EchoesAnswered, scenario.Subscribers[0].Ppp!.EchoRepliesReceived));

        scenario.A.Die();
        scenario.Network.Run(TimeSpan.FromSeconds(35));
        quality = scenario.Lac.DataPlane.ReadQuality(slot);
        Assert.Equal(3ul, quality.FromLns.Sent);
        Assert.InRange(quality.FromSubscriber.Lost, 1ul, 3ul);
    }
}
