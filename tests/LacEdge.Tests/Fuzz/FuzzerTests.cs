using LacEdge.Fuzz.Engine;
using LacEdge.Fuzz.Mutation;
using LacEdge.Lab.Peers;

namespace LacEdge.Tests.Fuzz;

/// <summary>The fuzzer itself: it finds, makes small, and counts what is new.</summary>
public sealed class FuzzerTests
{
    [Fact]
    public void A_fault_is_found_and_made_small()
    {
        var fuzzer = new Fuzzer(new Trap(), seed: 1);
        fuzzer.Run([], new SeedPool(), TimeSpan.FromMinutes(1), 1_000_000);
        Assert.Equal("two sevens", fuzzer.Finding?.Fault);
        Assert.Equal([7, 7], fuzzer.Finding!.Input);
        Assert.True(fuzzer.Corpus > 1);
    }

    [Fact]
    public void A_feature_is_new_once()
    {
        var map = new FeatureMap();
        map.Hit(1, 2);
        map.Hit(1, 2);
        Assert.Equal(1, map.Commit());
        map.Hit(1, 2);
        map.Hit(1, 3);
        Assert.Equal(1, map.Commit());
        Assert.Equal(2, map.Count);
    }

    [Theory]
    [InlineData("PPPoE tag", "0101000001030002AABB")]
    [InlineData("PPP option", "010405D40506DEADBEEF")]
    [InlineData("AVP", "80080000000000028006000000078009000000076C6163")]
    public void Items_are_walked_and_built(string name, string hex)
    {
        var list = Convert.FromHexString(hex);
        var format = new[] { ItemFormat.PppoeTag, ItemFormat.PppOption, ItemFormat.Avp }.Single(one => one.Name == name);
        var items = format.Walk(list, out var wellFormed);
        Assert.Equal(list.Length, wellFormed);
        foreach (var range in items)
        {
            var item = list[range];
            Assert.Equal(item, format.Build(format.TypeOf(item), item.AsSpan(format.HeaderSize), format == ItemFormat.Avp ? 0x8000 : 0));
        }
    }

    [Fact]
    public void Most_mutations_of_a_message_are_framed_well()
    {
        var message = Convert.FromHexString("C8020023000100000000000080080000000000028008000000020100800700000007" + "6C");
        var (mutator, random, framed) = (new Mutator(Root.L2tp, []), new PeerRandom(5), 0);
        for (var i = 0; i < 1000; i++)
        {
            var mutant = mutator.Mutate(message, message, random);
            if (LacEdge.Wire.L2tp.L2tpHeader.TryParse(mutant, out var header, out _) && header.IsControl) framed++;
        }

        Assert.InRange(framed, 500, 990);
    }

    private sealed class Trap : FuzzTarget
    {
        public override string Name => "trap";
        public override IEnumerable<byte[]> Seeds(SeedPool seeds) => [[1, 2, 3, 4]];
        public override byte[] Mutate(byte[] parent, byte[] other, PeerRandom random) => new Mutator(Root.Octets, []).Mutate(parent, other, random);

        public override int Execute(byte[] input, FeatureMap features)
        {
            var sevens = input.Count(octet => octet == 7);
            features.HitCount(1, sevens);
            Require(sevens < 2, "two sevens");
            return 1;
        }
    }
}
