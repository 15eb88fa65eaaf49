using LacEdge.Core;
using LacEdge.Core.Lac;
using LacEdge.Fuzz.Engine;
using LacEdge.Simulator;
using LacEdge.Wire;

namespace LacEdge.Fuzz.LacSequences;

/// <summary>What a turn of the Lac shows: what came in, which counters moved, how the states changed, what went out.</summary>
internal sealed class LacFeatures(FeatureMap map)
{
    private readonly ulong[] _errors = new ulong[Enum.GetValues<DecodeError>().Length];
    private readonly ulong[] _drops = new ulong[Enum.GetValues<DropReason>().Length];
    private readonly ulong[] _counters = new ulong[Enum.GetValues<LacCounter>().Length];
    private readonly List<int> _sent = [];
    private readonly byte[] _states = new byte[16];
    private int _received, _events;

    public void Start()
    {
        Array.Clear(_errors);
        Array.Clear(_drops);
        Array.Clear(_counters);
        _sent.Clear();
        Array.Clear(_states);
        (_received, _events) = (0, 0);
    }

    public void Saw(Passed passed)
    {
        var kind = KindOf(passed.Side, passed.Octets);
        if (passed.Side is Side.FromSubscriber or Side.FromLns) _received = kind;
        else _sent.Add(kind);
    }

    public void Turned(LacNode node)
    {
        var (lac, counters) = (node.Core, node.Core.Counters);
        for (var i = 0; i < _errors.Length; i++) Moved(200, i, counters[(DecodeError)i], ref _errors[i]);
        for (var i = 0; i < _drops.Length; i++) Moved(201, i, counters[(DropReason)i], ref _drops[i]);
        for (var i = 0; i < _counters.Length; i++) Moved(202, i, counters[(LacCounter)i], ref _counters[i]);

        States(lac);
        foreach (var kind in _sent) map.Hit(204, HashCode(_received, kind));
        for (; _events < node.Events.Count; _events++) Happened(node.Events[_events]);
        _sent.Clear();
        _received = 0;
    }

    /// <summary>Code of a discovery; protocol and code of a PPP packet; type of a control message.</summary>
    public static int KindOf(Side side, ReadOnlySpan<byte> octets)
    {
        if (side is Side.FromLns or Side.ToLns)
        {
            if (octets.Length < 2) return 1;
            if (octets[0] < 0x80) return 2;
            return octets.Length < 20 ? 3 : 0x100 + octets[19];
        }

        var at = 12;
        while (octets.Length > at + 4 && (octets[at] << 8 | octets[at + 1]) is 0x8100 or 0x88A8 or 0x9100) at += 4;
        if (octets.Length < at + 8) return 4;
        if (octets[at + 1] == 0x63) return 0x200 + octets[at + 3];
        return octets.Length < at + 11 ? 5 : octets[at + 8] << 16 | octets[at + 9] << 8 | octets[at + 10];
    }

    private void Moved(int kind, int index, ulong now, ref ulong before)
    {
        if (now == before) return;
        map.Hit(kind, index);
        map.Hit(kind + 10, HashCode(_received, index));
        before = now;
    }

    /// <summary>What the input changed: how many sessions are in which stage, how many tunnels in which state.</summary>
    private void States(Lac lac)
    {
        Span<byte> states = stackalloc byte[16];
        states.Clear();
        foreach (var session in lac.SessionsAfter(0)) states[(int)session.Stage & 7]++;
        foreach (var tunnel in lac.Tunnels) states[8 + (tunnel.L2tp is { } open ? 1 + (int)open.State & 7 : 0)]++;
        if (states.SequenceEqual(_states)) return;
        var (change, shape) = (_received, 0);
        for (var i = 0; i < states.Length; i++)
        {
            change = HashCode(change, Math.Sign(states[i] - _states[i]));
            shape = HashCode(shape, Math.Min((int)states[i], 1));
        }

        map.Hit(203, change);
        map.Hit(205, shape);
        states.CopyTo(_states);
    }

    private void Happened(Core.Events.LacEvent happened)
    {
        map.Hit(206, HashCode(Name(happened), 0));
        if (happened is Core.Events.SessionDown down) map.Hit(207, (int)down.Cause);
        if (happened is Core.Events.SessionFailed failed) map.Hit(208, (int)failed.Cause);
    }

    private static int Name(Core.Events.LacEvent happened)
    {
        var hash = 0;
        foreach (var letter in happened.GetType().Name) hash = HashCode(hash, letter);
        return hash;
    }

    private static int HashCode(int a, int b) => unchecked((a ^ b) * 0x01000193 + (int)((uint)a >> 15));
}
