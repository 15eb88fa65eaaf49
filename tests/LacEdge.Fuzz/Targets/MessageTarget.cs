using LacEdge.Fuzz.Engine;
using LacEdge.Fuzz.Mutation;
using LacEdge.Lab.Peers;
using LacEdge.Wire;

namespace LacEdge.Fuzz.Targets;

/// <summary>A decoder that takes one message.</summary>
internal abstract class MessageTarget(string name, Root root, string secret = "") : FuzzTarget
{
    private readonly Mutator _mutator = new(root, System.Text.Encoding.UTF8.GetBytes(secret));

    public override string Name => name;

    public override byte[] Mutate(byte[] parent, byte[] other, PeerRandom random) => _mutator.Mutate(parent, other, random);

    public sealed override int Execute(byte[] input, FeatureMap features)
    {
        Decode(input, features);
        return 1;
    }

    protected abstract void Decode(ReadOnlySpan<byte> message, FeatureMap features);

    protected static void Error(FeatureMap features, DecodeError error) => features.Hit(1, (int)error);

    /// <summary>A parser that refuses says why, one that does not says nothing.</summary>
    protected static bool Agree(bool parsed, DecodeError error, FeatureMap features)
    {
        Error(features, error);
        Require(parsed == (error == DecodeError.None), "a parser's error and its answer contradict each other");
        return parsed;
    }

    /// <summary>The product's reader and the fuzzer's own walk have found the same items.</summary>
    protected static void Same(ItemFormat format, ReadOnlySpan<byte> list, List<int> types, List<int> sizes, bool error, FeatureMap features)
    {
        var items = format.Walk(list, out var wellFormed);
        Require(error == wellFormed < list.Length, $"{format.Name}: an error where there is none, or none where there is one");
        Require(items.Count == types.Count, $"{format.Name}: another number of items");
        for (var i = 0; i < items.Count; i++)
        {
            var item = list[items[i]];
            Require(format.TypeOf(item) == types[i] && item.Length - format.HeaderSize == sizes[i], $"{format.Name}: another item");
            // Types that nobody knows are all alike.
            var type = types[i] < 0x400 ? types[i] : 0x400;
            features.Hit(2, type);
            features.HitCount(1000 + type, sizes[i]);
        }

        features.HitCount(4, items.Count);
    }
}
