using System.Buffers.Binary;
using LacEdge.Core.Config;
using LacEdge.Core.Lac;
using LacEdge.Fuzz.Engine;
using LacEdge.Fuzz.Mutation;
using LacEdge.Lab.Peers;
using LacEdge.Simulator;
using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;

namespace LacEdge.Fuzz.LacSequences;

/// <summary>A Lac among simulated peers that a sequence of steps happens to. In the end everybody leaves, and nothing may be left.</summary>
internal sealed partial class LacWorld
{
    private const int Remembered = 64, MaxEventsOfAWait = 300, MaxEventsOfTheEnd = 20_000;
    private static readonly TimeSpan[] _waits =
    [
        .. ((int[])[1, 20, 100, 500, 1000, 3000, 3000, 5000, 10_000, 20_000, 31_000, 60_000, 125_000]).Select(ms => TimeSpan.FromMilliseconds(ms)),
    ];

    private static readonly Mutator
        _ofFrames = new(Root.Ethernet, []), _ofDatagrams = new(Root.L2tp, System.Text.Encoding.UTF8.GetBytes(LacVariant.Secret));

    private readonly LacVariant _variant;
    private readonly LacConfig _config;
    private readonly VirtualNetwork _network;
    private readonly LacFeatures _features;
    private readonly Action<string>? _tell;
    /// <summary>What reached the Lac lately.</summary>
    private readonly List<Passed> _past = [];
    /// <summary>By the LNS's endpoint: what the Lac said last, and to which of its sockets the LNS speaks.</summary>
    private readonly Dictionary<UdpEndpoint, Passed> _toLns = [];
    private PeerRandom? _tampering;
    private bool _shutDown;

    /// <param name="tell">Gets everything that happens, in words.</param>
    public LacWorld(LacVariant variant, FeatureMap features, Action<string>? tell = null)
    {
        (_variant, _tell) = (variant, tell);
        _config = variant.Config();
        _network = new VirtualNetwork(_config, variant.Bits, variant.ThroughCore) { Observer = Observe, Tamper = Tamper };
        _features = new LacFeatures(features);
        _features.Start();
        foreach (var lns in variant.Lnses()) _network.AddLns(lns);
        for (var i = 0; i < LacVariant.Subscribers; i++) _network.AddSubscriber(variant.Subscriber(i));
        _network.Lac.Turned = () => _features.Turned(_network.Lac);
    }

    public long Inputs => _network.Lac.Inputs;
    private Lac Lac => _network.Lac.Core;

    public void Do(in LacStep step)
    {
        var random = new PeerRandom(step.Seed);
        switch (step.Kind)
        {
            case LacStepKind.Run: RunEvents(1 + step.Argument % 48); break;
            case LacStepKind.Wait: Wait(_waits[step.Argument % _waits.Length]); break;
            case LacStepKind.Dial: _network.Dial(Subscriber(step.Argument)); break;
            case LacStepKind.HangUp: _network.HangUp(Subscriber(step.Argument), (HangUpKind)random.Next(3)); break;
            case LacStepKind.Tamper:
                _tampering = random;
                for (var i = 0; i < 8 && _tampering is not null && _network.TryStep(TimeSpan.FromSeconds(3)); i++) ;
                _tampering = null;
                break;
            case LacStepKind.Again when _past.Count > 0: Again(_past[step.Argument % _past.Count], random); break;
            case LacStepKind.ForgeControl: ForgeControl(random); break;
            case LacStepKind.ForgeFrame: ForgeFrame(random); break;
            case LacStepKind.Foreign: Foreign(step, random); break;
            case LacStepKind.Faults: _network.SetFaults(Faults(step.Argument)); break;
            case LacStepKind.Lns: DisturbLns(_network.Lnses[step.Argument & 1], random); break;
            case LacStepKind.Operator: Operate(random); break;
        }

        Check();
    }

    /// <summary>Everybody leaves; after the longest deadline nothing is left.</summary>
    public void End()
    {
        _tell?.Invoke("the end");
        _network.SetFaults(LinkFaults.Perfect);
        foreach (var lns in _network.Lnses)
        {
            if (lns.IsDead) lns.Restart();
            (lns.RefuseCalls, lns.RefuseTunnels) = (null, null);
        }

        foreach (var subscriber in _network.Subscribers.Subscribers) _network.HangUp(subscriber, HangUpKind.Silent);
        // Operators have two ways: one by one, after which idle tunnels close, and all at once.
        var oneByOne = (_variant.Bits & 0x100) != 0 && !_shutDown && !_variant.Persistent;
        Wait(TimeSpan.FromSeconds(2));
        if (oneByOne) ClearAll();
        else _network.Lac.Command(new Shutdown());
        Settle();
        if (oneByOne && Lac.SessionCount > 0)
        {
            // A PADR that was still under way.
            ClearAll();
            Settle();
        }

        Check();
        _network.Lac.Invariants.CheckState();
        Check();
        Nothing(Lac.SessionCount, "sessions");
        Nothing(Lac.Tunnels.Count, "tunnels");
        Nothing(Lac.RunningTimers, "timers");
        Nothing(_network.Lac.OpenSockets, "sockets");
        Nothing(_network.Lac.DataPlane.SessionCount, "spliced sessions");
        Nothing(_network.Lac.DataPlane.TunnelCount, "installed tunnels");
        Nothing(Lac.HalfOpenSessions, "half-open sessions");
        Nothing(Lac.IdsInUse, "ids or slots in use");
        if (!oneByOne && !Lac.ShutdownComplete) throw new FuzzException("a shutdown does not come to its end");

        static void Nothing(int count, string what)
        {
            if (count != 0) throw new FuzzException($"{what} are left in the end");
        }
    }

    private void ClearAll()
    {
        foreach (var key in Lac.SessionsAfter(0).Select(session => session.Key).ToArray()) _network.Lac.Command(new ClearSession(key, "fuzz"));
    }

    private void Settle()
    {
        for (var events = 0; _network.TryStep(TimeSpan.FromSeconds(200)); events++)
        {
            if (events > MaxEventsOfTheEnd) throw new FuzzException("the network does not come to rest");
        }
    }

    private void RunEvents(int count)
    {
        while (count-- > 0 && _network.TryStep(TimeSpan.FromSeconds(5))) ;
    }

    private void Wait(TimeSpan span)
    {
        var end = _network.Now + span;
        for (var events = 0; events < MaxEventsOfAWait && _network.TryStep(end - _network.Now); events++) ;
    }

    private SimulatedSubscriber Subscriber(int number) => _network.Subscribers.Subscribers[number % LacVariant.Subscribers];

    private void Check()
    {
        if (_network.Lac.Invariants.Breaches is [var breach, ..]) throw new FuzzException(WithoutNumbers(breach));
    }

    /// <summary>The same for the same fault.</summary>
    private static string WithoutNumbers(string text) =>
        System.Text.RegularExpressions.Regex.Replace(text, "[0-9a-f:]*[0-9][0-9a-f:]*", "#");

    private void Observe(Passed passed)
    {
        _tell?.Invoke(passed.ToString());
        _features.Saw(passed);
        if (passed.Side is Side.FromSubscriber or Side.FromLns)
        {
            if (_past.Count == Remembered) _past.RemoveAt(0);
            _past.Add(passed);
        }
        else if (passed.Side == Side.ToLns && passed.Octets is [>= 0x80, ..]) _toLns[passed.Remote] = passed;
    }

    private byte[]? Tamper(Side side, byte[] octets)
    {
        if (_tampering is not { } random) return octets;
        _tampering = null;
        var mutator = side == Side.FromLns ? _ofDatagrams : _ofFrames;
        return random.Next(8) switch
        {
            0 => null,
            _ => mutator.Mutate(octets, octets, random),
        };
    }

    private void Again(Passed passed, PeerRandom random)
    {
        var octets = passed.Octets;
        if (random.Next(4) != 0) octets = (passed.Group < 0 ? _ofDatagrams : _ofFrames).Mutate(octets, _past[random.Next(_past.Count)].Octets, random);
        if (passed.Group >= 0) _network.InjectFrame(0, octets);
        else
        {
            var source = Source(passed.Remote, random);
            if (random.Next(2) == 0) InSequence(octets, passed.Remote);
            _network.InjectDatagram(passed.Local, source, octets);
        }
    }

    /// <summary>Makes an old control message the next one: Ns as the Lac expects it, Nr as it may be.</summary>
    private void InSequence(byte[] message, UdpEndpoint lns)
    {
        if (message.Length < 12 || message[0] < 0x80 || !_toLns.TryGetValue(lns, out var last)) return;
        if (!L2tpHeader.TryParse(last.Octets, out var header, out _)) return;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(8), header.Nr);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(10), header.IsZlb ? header.Ns : (ushort)(header.Ns + 1));
    }
}
