using System.Globalization;
using LacEdge.Core.Config;
using LacEdge.Core.Lac;
using LacEdge.Lab.Peers;
using LacEdge.Simulator;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Simulation;

/// <summary>
/// Whole lives drawn from a seed: habits of the LNSes, faults of the links, subscribers that come and go, LNSes that die and
/// return, operators who clear. In the end the network is healed, everybody comes up, everybody leaves, nothing is left.
/// LACEDGE_SWARM=first-last runs other seeds.
/// </summary>
public sealed class SwarmTests
{
    public static TheoryData<int> Seeds()
    {
        var (first, last) = (1, 16);
        if (Environment.GetEnvironmentVariable("LACEDGE_SWARM")?.Split('-') is [var from, var to])
            (first, last) = (int.Parse(from, CultureInfo.InvariantCulture), int.Parse(to, CultureInfo.InvariantCulture));
        return [.. Enumerable.Range(first, last - first + 1)];
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_life_drawn_at_random_ends_well(int seed)
    {
        var random = new PeerRandom((ulong)seed);
        var options = Draw(random, (ulong)seed);
        var scenario = new Scenario(options);
        var network = scenario.Network;
        for (var i = 0; i < 30; i++) scenario.Add(i);

        for (var step = 0; step < 120; step++)
        {
            Disturb(scenario, random);
            network.Run(TimeSpan.FromSeconds(random.NextDouble() * 4));
        }

        network.SetFaults(LinkFaults.Perfect);
        foreach (var lns in scenario.Network.Lnses)
        {
            if (lns.IsDead) lns.Restart();
            (lns.RefuseCalls, lns.RefuseTunnels) = (null, null);
        }

        foreach (var subscriber in scenario.Subscribers) network.Dial(subscriber);
        // HELLO and its repeats find out what died unnoticed; then everybody dials again.
        network.Run(TimeSpan.FromSeconds(240));
        scenario.WaitAllUp(TimeSpan.FromSeconds(600));
        scenario.PingAll();
        scenario.AssertClean();

        scenario.Lac.Command(new Shutdown());
        network.Run(TimeSpan.FromSeconds(2));
        Assert.True(scenario.Lac.Core.ShutdownComplete);
        scenario.AssertClean();
        AssertNothingLeft(scenario);
    }

    private static ScenarioOptions Draw(PeerRandom random, ulong seed)
    {
        var options = new ScenarioOptions
        {
            Seed = seed,
            Mode = (LnsMode)random.Next(4),
            Authentication = (AuthenticationProtocol)random.Next(5),
            Secret = random.Next(3) == 0 ? "" : "tunnel-secret",
            ThroughCore = random.Next(4) == 0,
            OneIsp = random.Next(2) == 0,
            IdleTimeout = TimeSpan.FromSeconds(5 + random.Next(60)),
            Hiding = (AvpHiding)random.Next(4),
            // Sometimes a few subscribers fill a tunnel, and another one is opened.
            Tunnel = seed % 4 == 0 ? profile => profile with { MaxSessions = 3, MaxTunnels = 20 } : profile => profile,
            Redial = TimeSpan.FromSeconds(1 + random.Next(10)),
            // PADT may be lost: without echoes a subscriber would believe in its session for ever.
            Timers = new PppTimers { EchoInterval = TimeSpan.FromSeconds(15), EchoFailures = 4 },
        };
        return options with
        {
            Lns = name => Scenario.LnsOptionsFor(name, options) with
            {
                Challenges = random.Next(4) != 0,
                AnswerPort = random.Next(4) == 0 ? (ushort)17010 : (ushort)0,
                EagerZlb = random.Next(2) == 0,
                AckDelay = TimeSpan.FromMilliseconds(random.Next(2) * random.Next(500)),
                AnswerDelay = TimeSpan.FromMilliseconds(random.Next(2) * random.Next(1500)),
                ReceiveWindow = (ushort)random.Next(20),
                QueuesOutOfOrder = random.Next(2) == 0,
                LengthBit = random.Next(2) == 0,
                AddressAndControl = random.Next(4) != 0,
                HelloInterval = TimeSpan.FromSeconds(random.Next(2) * 20),
                Timers = new PppTimers { EchoInterval = TimeSpan.FromSeconds(10), EchoFailures = 5 },
            },
        };
    }

    private static void Disturb(Scenario scenario, PeerRandom random)
    {
        var network = scenario.Network;
        var subscriber = scenario.Subscribers[random.Next(scenario.Subscribers.Count)];
        var lns = network.Lnses[random.Next(2)];
        switch (random.Next(16))
        {
            case 0: network.SetFaults(LinkFaults.Bad(random.NextDouble() * 0.15)); break;
            case 1: network.SetFaults(LinkFaults.Perfect); break;
            case 2 when random.Next(3) == 0: network.ToLnses = LinkFaults.Cut; break;
            case 3 when random.Next(4) == 0: lns.Die(); break;
            case 4: lns.Restart(); break;
            case 5 when random.Next(2) == 0: lns.RefuseCalls = new ResultCode(CdnResult.NoFacilitiesTemporary); break;
            case 6: (lns.RefuseCalls, lns.RefuseTunnels) = (null, null); break;
            case 7 when random.Next(3) == 0:
                lns.RefuseTunnels = new ResultCode(StopCcnResult.GeneralError, L2tpErrorCode.TryAnother);
                break;
            case 8 when random.Next(3) == 0:
                network.Do(lns, l => l.CloseAll(new ResultCode(StopCcnResult.GeneralClear), network.Now));
                break;
            case 9 when lns.Calls.FirstOrDefault() is { } call:
                network.Do(lns, _ => call.Drop(new ResultCode(CdnResult.Administrative), null, network.Now));
                break;
            case 10 when lns.Calls.LastOrDefault() is { } call: network.Do(lns, _ => call.HangUp("bye", network.Now)); break;
            case 11 when scenario.Lac.Core.SessionsAfter(0).FirstOrDefault() is { } session:
                scenario.Lac.Command(new ClearSession(session.Key, "drawn at random"));
                break;
            case 12: network.HangUp(subscriber, (HangUpKind)random.Next(3)); break;
            case 13 when random.Next(4) == 0:
                scenario.Lac.Link(0, up: false);
                scenario.Lac.Link(0, up: true);
                break;
            default:
                foreach (var idle in scenario.Subscribers) network.Dial(idle);
                break;
        }
    }

    private static void AssertNothingLeft(Scenario scenario)
    {
        // Subscribers dial on; nobody answers.
        scenario.Network.Run(TimeSpan.FromSeconds(120));
        var core = scenario.Lac.Core;
        Assert.Equal(
            (0, 0, 0, 0, 0, 0),
            (core.SessionCount, core.Tunnels.Count, core.RunningTimers, scenario.Lac.OpenSockets, scenario.Lac.DataPlane.SessionCount,
                scenario.Lac.DataPlane.TunnelCount));
    }
}
