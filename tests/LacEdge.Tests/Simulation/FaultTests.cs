using System.Security.Cryptography;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Lab.Peers;
using LacEdge.Simulator;

namespace LacEdge.Tests.Simulation;

/// <summary>Networks that lose, double and reorder; the same seed gives the same octets.</summary>
public sealed class FaultTests
{
    [Theory]
    [InlineData(LnsMode.Forced, AuthenticationProtocol.ChapMd5)]
    [InlineData(LnsMode.Forced, AuthenticationProtocol.Pap)]
    [InlineData(LnsMode.Renegotiate, AuthenticationProtocol.ChapMd5)]
    [InlineData(LnsMode.ReChallenge, AuthenticationProtocol.ChapMd5)]
    [InlineData(LnsMode.WaitForRepeat, AuthenticationProtocol.Pap)]
    public void Two_hundred_subscribers_come_up_at_5_percent_loss_and_reordering(LnsMode mode, AuthenticationProtocol authentication)
    {
        var options = new ScenarioOptions { Mode = mode, Authentication = authentication, Redial = TimeSpan.FromSeconds(5), Seed = 42 };
        var scenario = new Scenario(options);
        scenario.Network.SetFaults(LinkFaults.Bad(0.05));
        for (var i = 0; i < 200; i++) scenario.Network.Dial(scenario.Add(i));
        scenario.WaitAllUp(TimeSpan.FromSeconds(300));
        scenario.AssertClean();

        scenario.Network.SetFaults(LinkFaults.Perfect);
        scenario.Network.Run(TimeSpan.FromSeconds(5));
        Assert.All(scenario.Subscribers, s => Assert.Equal(SubscriberState.Up, s.State));
        scenario.PingAll();
        Assert.Equal(200, scenario.A.CallCount + scenario.B.CallCount);
        scenario.AssertClean();
    }

    [Fact]
    public void Everybody_gets_away_over_a_bad_network_too()
    {
        var scenario = new Scenario(new ScenarioOptions { Seed = 7 });
        for (var i = 0; i < 60; i++) scenario.Network.Dial(scenario.Add(i));
        scenario.WaitAllUp(TimeSpan.FromSeconds(30));
        scenario.Network.SetFaults(LinkFaults.Bad(0.1));
        for (var i = 0; i < 60; i++) scenario.Network.HangUp(scenario.Subscribers[i], (HangUpKind)(i % 2));
        // A PADT that is lost is not repeated: those subscribers are missed by the LNS's echoes, which are off here.
        scenario.Network.Run(TimeSpan.FromSeconds(120));
        Assert.InRange(scenario.Lac.Core.SessionCount, 0, 12);
        scenario.AssertClean();
    }

    [Fact]
    public void One_seed_gives_one_course_of_events_octet_for_octet()
    {
        var first = Course(99);
        Assert.Equal(first, Course(99));
        Assert.NotEqual(first, Course(100));

        static string Course(ulong seed)
        {
            var scenario = new Scenario(new ScenarioOptions { Seed = seed, Redial = TimeSpan.FromSeconds(5) });
            scenario.Network.SetFaults(LinkFaults.Bad(0.05));
            for (var i = 0; i < 20; i++) scenario.Network.Dial(scenario.Add(i));
            scenario.Network.Run(TimeSpan.FromSeconds(30));
            foreach (var subscriber in scenario.Subscribers) scenario.Network.HangUp(subscriber, HangUpKind.Terminate);
            scenario.Network.Run(TimeSpan.FromSeconds(20));
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var passed in scenario.Passed)
            {
                hash.AppendData(BitConverter.GetBytes(passed.At.Nanoseconds));
                hash.AppendData(passed.Octets);
            }

            Assert.True(scenario.Passed.Count > 1000);
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }

    [Fact]
    public void A_cut_of_twenty_seconds_costs_nobody_the_session()
    {
        var scenario = Scenario.Up(new ScenarioOptions(), 10);
        scenario.Network.Run(TimeSpan.FromSeconds(50));
        scenario.Network.FromLnses = LinkFaults.Cut;
        scenario.Network.Run(TimeSpan.FromSeconds(20));
        scenario.Network.FromLnses = LinkFaults.Perfect;
        scenario.Network.Run(TimeSpan.FromSeconds(100));
        Assert.Empty(scenario.Events<SessionDown>());
        scenario.PingAll();
        scenario.AssertClean();
    }

    [Fact]
    public void Random_bytes_from_both_sides_disturb_nobody()
    {
        // A PADR with another Host-Uniq is a host that dials anew, and would end its session.
        var scenario = Scenario.Up(new ScenarioOptions { SessionsPerMac = 0 }, 4);
        var random = new PeerRandom(5);
        var samples = scenario.Passed.Where(p => p.Side is Side.FromSubscriber or Side.FromLns).ToList();
        for (var i = 0; i < 3000; i++)
        {
            var sample = samples[random.Next(samples.Count)];
            var octets = sample.Octets.ToArray();
            for (var flips = 1 + random.Next(3); flips > 0; flips--) octets[random.Next(octets.Length)] ^= (byte)(1 << random.Next(8));
            if (random.Next(4) == 0) Array.Resize(ref octets, random.Next(octets.Length));
            if (sample.Side == Side.FromSubscriber) scenario.Network.InjectFrame(sample.Group, octets);
            else scenario.Network.InjectDatagram(sample.Local, sample.Remote with { Port = 4711 }, octets);
        }

        scenario.Network.Run(TimeSpan.FromSeconds(5));
        Assert.All(scenario.Lac.Invariants.Breaches, breach => Assert.Equal("", breach));
        Assert.Equal(2, scenario.B.CallCount);
    }
}
