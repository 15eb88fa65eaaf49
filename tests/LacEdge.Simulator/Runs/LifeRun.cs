using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Lac;
using LacEdge.Lab.Peers;
using LacEdge.Wire.L2tp;

namespace LacEdge.Simulator.Runs;

/// <summary>
/// A whole life drawn from a seed: habits of the LNSes, faults of the links (loss, delay, doubles, reordering, changed bits,
/// partitions), subscribers that come and go, LNSes that die and return, operators who clear. Then the network is healed, everybody
/// comes up or is refused with a cause, everybody leaves, nothing is left.
/// </summary>
/// <param name="trace">Gets what passes at the LAC, and what happens there.</param>
internal sealed class LifeRun(ulong seed, TextWriter? trace = null)
{
    private const int Subscribers = 10, Steps = 50;
    private readonly PeerRandom _random = new(seed);
    /// <summary>Messages came twice, late, changed or not at all: what the peers then hold against the LAC may be the network's doing.</summary>
    private bool _disordered;

    /// <exception cref="RunException"/>
    public void Run()
    {
        var run = new RunNetwork(Draw());
        if (trace is not null) run.Network.Observer = passed => trace.WriteLine(passed);
        for (var i = 0; i < Subscribers; i++) run.Add(i);
        var refused = new[] { run.Add(Subscribers, password: "looking-glass"), run.Add(Subscribers + 1, user: "alice@nowhere.example") };
        for (var step = 0; step < Steps; step++)
        {
            Disturb(run);
            run.Network.Run(TimeSpan.FromSeconds(_random.NextDouble() * 5));
            run.Check(peersToo: !_disordered);
        }

        Heal(run);
        foreach (var one in run.Subscribers) run.Network.Dial(one);
        // HELLO and its repeats find out what died unnoticed; then everybody dials again.
        run.Network.Run(TimeSpan.FromSeconds(240));
        run.AllUp(run.Subscribers.Except(refused), TimeSpan.FromMinutes(10));
        foreach (var one in refused) Refused(run, one);
        run.Check(peersToo: !_disordered);
        run.DisconnectAll(shutdown: _random.Next(2) == 0);
        run.Check(peersToo: !_disordered);
    }

    private static void Refused(RunNetwork run, SimulatedSubscriber one)
    {
        if (one.State == SubscriberState.Up) throw new RunException($"{one.Options.User} is up, who must not be");
        var cause = run.Network.Lac.Events.Reverse().Select(happened => happened switch
        {
            SessionFailed failed when failed.Mac == one.Options.Mac => failed.Cause,
            SessionDown down when down.Mac == one.Options.Mac => down.Cause,
            _ => EndCause.None,
        }).FirstOrDefault(found => found != EndCause.None);
        if (cause == EndCause.None) throw new RunException($"{one.Options.User} was refused without a cause");
    }

    private static void Heal(RunNetwork run)
    {
        run.Network.SetFaults(LinkFaults.Perfect);
        foreach (var lns in run.Network.Lnses)
        {
            if (lns.IsDead) lns.Restart();
            (lns.RefuseCalls, lns.RefuseTunnels) = (null, null);
        }
    }

    private RunOptions Draw() => new()
    {
        Seed = seed,
        Authentication = _random.Next(2) == 0 ? AuthenticationProtocol.ChapMd5 : AuthenticationProtocol.Pap,
        Secret = _random.Next(3) == 0 ? "" : "tunnel-secret",
        ThroughCore = _random.Next(4) == 0,
        OneIsp = _random.Next(2) == 0,
        IdleTimeout = TimeSpan.FromSeconds(5 + _random.Next(60)),
        Hiding = (AvpHiding)_random.Next(2),
        Redial = TimeSpan.FromSeconds(1 + _random.Next(10)),
        Lns = lns => lns with
        {
            Mode = (LnsMode)_random.Next(4),
            Challenges = _random.Next(4) != 0,
            AnswerPort = _random.Next(4) == 0 ? (ushort)17010 : (ushort)0,
            EagerZlb = _random.Next(2) == 0,
            AckDelay = TimeSpan.FromMilliseconds(_random.Next(2) * _random.Next(500)),
            AnswerDelay = TimeSpan.FromMilliseconds(_random.Next(2) * _random.Next(1500)),
            ReceiveWindow = (ushort)_random.Next(20),
            QueuesOutOfOrder = _random.Next(2) == 0,
            LengthBit = _random.Next(2) == 0,
            AddressAndControl = _random.Next(4) != 0,
            HelloInterval = TimeSpan.FromSeconds(20 + _random.Next(2) * 20),
            Timers = new PppTimers { EchoInterval = TimeSpan.FromSeconds(10), EchoFailures = 5 },
        },
    };

    private void Disturb(RunNetwork run)
    {
        var network = run.Network;
        var subscriber = run.Subscribers[_random.Next(run.Subscribers.Count)];
        var lns = network.Lnses[_random.Next(2)];
        switch (_random.Next(19))
        {
            case 0:
                _disordered = true;
                network.SetFaults(LinkFaults.Bad(_random.NextDouble() * 0.3));
                break;
            case 1 or 2: network.SetFaults(LinkFaults.Perfect); break;
            case 3 when _random.Next(3) == 0:
                _disordered = true;
                network.ToLnses = LinkFaults.Cut;
                break;
            case 4 when _random.Next(3) == 0:
                _disordered = true;
                network.FromLnses = network.ToLnses = LinkFaults.Cut;
                break;
            case 5 when _random.Next(4) == 0:
                _disordered = true;
                network.FromSubscribers = network.ToSubscribers = LinkFaults.Cut;
                break;
            case 6 when _random.Next(3) == 0:
                _disordered = true;
                network.SetFaults(LinkFaults.Bad(0.02) with { Corruption = _random.NextDouble() * 0.1 });
                break;
            case 7 when _random.Next(4) == 0: lns.Die(); break;
            case 8: lns.Restart(); break;
            case 9 when _random.Next(2) == 0: lns.RefuseCalls = new ResultCode(CdnResult.NoFacilitiesTemporary); break;
            case 10: (lns.RefuseCalls, lns.RefuseTunnels) = (null, null); break;
            case 11 when _random.Next(3) == 0: lns.RefuseTunnels = new ResultCode(StopCcnResult.GeneralError, L2tpErrorCode.TryAnother); break;
            case 12 when _random.Next(3) == 0: network.Do(lns, l => l.CloseAll(new ResultCode(StopCcnResult.GeneralClear), network.Now)); break;
            case 13 when lns.Calls.FirstOrDefault() is { } call:
                network.Do(lns, _ => call.Drop(new ResultCode(CdnResult.Administrative), null, network.Now));
                break;
            case 14 when lns.Calls.LastOrDefault() is { } call: network.Do(lns, _ => call.HangUp("bye", network.Now)); break;
            case 15 when run.Lac.SessionsAfter(0).FirstOrDefault() is { } session:
                network.Lac.Command(new ClearSession(session.Key, "drawn at random"));
                break;
            case 16: network.HangUp(subscriber, (HangUpKind)_random.Next(3)); break;
            case 17 when _random.Next(4) == 0:
                network.Lac.Link(0, up: false);
                network.Lac.Link(0, up: true);
                break;
            default:
                foreach (var idle in run.Subscribers) network.Dial(idle);
                break;
        }
    }
}
