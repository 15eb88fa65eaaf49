using System.Buffers.Binary;
using LacEdge.Fuzz.Engine;
using LacEdge.Lab.Peers;

namespace LacEdge.Fuzz.LacSequences;

/// <summary>
/// The whole Lac. An input is 4 octets for the variant and then steps; an execution is one input that the Lac is fed with. Sequences are
/// changed step by step: left out, put in, taken from another one, drawn anew.
/// </summary>
internal sealed class LacTarget : FuzzTarget
{
    private const int VariantSize = 4, MaxSteps = 120;
    private List<byte[]> _frames = [], _datagrams = [];

    public override string Name => "lac";

    /// <summary>A sequence is thousands of inputs; its peers, messages and timers count, too.</summary>
    public override long AllocationLimit => 512 << 20;

    public override IEnumerable<byte[]> Seeds(SeedPool seeds)
    {
        _frames = seeds.Frames.FindAll(frame => frame.Length < 600);
        _datagrams = seeds.L2tp.FindAll(message => message is [>= 0x80, ..] && message.Length < 600);
        for (uint variant = 0; variant < 64; variant++)
        {
            var sequence = new List<byte[]> { Variant(variant * 0x9E3779B1) };
            for (byte i = 0; i < LacVariant.Subscribers; i++) sequence.Add(LacStep.Write(LacStepKind.Dial, i, 1));
            // Half up, fully up, over.
            sequence.Add(LacStep.Write(LacStepKind.Run, (byte)(variant % 48), 1));
            if (variant % 3 > 0) sequence.Add(LacStep.Write(LacStepKind.Wait, (byte)(4 + variant % 5), 1));
            if (variant % 3 > 1) sequence.Add(LacStep.Write(LacStepKind.HangUp, (byte)variant, variant));
            yield return Join(sequence);
        }
    }

    public override byte[] Mutate(byte[] parent, byte[] other, PeerRandom random)
    {
        var pieces = Pieces(parent);
        for (var changes = 1 + random.Next(4); changes > 0; changes--)
        {
            var at = 1 + random.Next(pieces.Count);
            switch (random.Next(9))
            {
                case 0 when pieces.Count > 2: pieces.RemoveAt(Math.Min(at, pieces.Count - 1)); break;
                case 1:
                    var others = Pieces(other);
                    var from = 1 + random.Next(Math.Max(1, others.Count - 1));
                    pieces.InsertRange(at, others.Skip(from).Take(1 + random.Next(10)));
                    break;
                case 2 when at < pieces.Count:
                    pieces[at] = (byte[])pieces[at].Clone();
                    BinaryPrimitives.WriteUInt32BigEndian(pieces[at].AsSpan(4), random.NextUInt32());
                    break;
                case 3 when random.Next(4) == 0: pieces[0] = Variant(random.NextUInt32()); break;
                default: pieces.Insert(at, Draw(random)); break;
            }
        }

        return Join(pieces.Count > MaxSteps ? [pieces[0], .. pieces[^(MaxSteps - 1)..]] : pieces);
    }

    public override int Execute(byte[] input, FeatureMap features)
    {
        var world = new LacWorld(VariantOf(input), features);
        Play(world, input);
        return (int)world.Inputs;
    }

    public override List<byte[]> Pieces(byte[] input) =>
        input.Length < VariantSize ? [input] : [input[..VariantSize], .. LacStep.ReadAll(input.AsMemory(VariantSize)).Select(step => step.ToOctets())];

    public override IEnumerable<string> Describe(byte[] input)
    {
        var lines = new List<string> { $"variant {VariantOf(input).Bits:x8}" };
        try
        {
            Play(new LacWorld(VariantOf(input), new FeatureMap(), lines.Add), input, lines.Add);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            lines.Add(e is FuzzException ? e.Message : e.ToString());
        }

        return lines;
    }

    private static void Play(LacWorld world, byte[] input, Action<string>? tell = null)
    {
        if (input.Length >= VariantSize)
        {
            foreach (var step in LacStep.ReadAll(input.AsMemory(VariantSize)))
            {
                tell?.Invoke($"step {step}");
                world.Do(step);
            }
        }

        world.End();
    }

    private byte[] Draw(PeerRandom random)
    {
        var kind = random.Next(20) switch
        {
            0 or 1 => LacStepKind.Run,
            2 => LacStepKind.Wait,
            3 => LacStepKind.Dial,
            4 => LacStepKind.HangUp,
            5 or 6 or 7 or 8 => LacStepKind.Tamper,
            9 or 10 => LacStepKind.Again,
            11 or 12 => LacStepKind.ForgeControl,
            13 or 14 => LacStepKind.ForgeFrame,
            15 or 16 => LacStepKind.Foreign,
            17 => LacStepKind.Faults,
            18 => LacStepKind.Lns,
            _ => LacStepKind.Operator,
        };
        var argument = (byte)random.Next(256);
        if (kind != LacStepKind.Foreign) return LacStep.Write(kind, argument, random.NextUInt32());
        var from = (argument & 1) == 0 ? _frames : _datagrams;
        return from.Count == 0 ? LacStep.Write(LacStepKind.Tamper, argument, random.NextUInt32())
            : LacStep.Write(kind, argument, random.NextUInt32(), from[random.Next(from.Count)]);
    }

    private static byte[] Variant(uint bits)
    {
        var octets = new byte[VariantSize];
        BinaryPrimitives.WriteUInt32BigEndian(octets, bits);
        return octets;
    }

    private static LacVariant VariantOf(byte[] input) => new(input.Length < VariantSize ? 0 : BinaryPrimitives.ReadUInt32BigEndian(input));

    private static byte[] Join(List<byte[]> pieces) => [.. pieces.SelectMany(piece => piece)];
}
