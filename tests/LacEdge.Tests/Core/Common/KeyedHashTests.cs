using LacEdge.Core;

namespace LacEdge.Tests.Core.Common;

public sealed class KeyedHashTests
{
    /// <summary>SipHash-1-3 of 00 01 02 ... with a key of zeros, as Python (3.11, PYTHONHASHSEED=0) hashes them.</summary>
    [Theory]
    [InlineData(1, 0x68a914128e01e473)]
    [InlineData(7, 0x2f098ab0c751325a)]
    [InlineData(8, 0xead411e67ebe2eea)]
    [InlineData(15, 0xf30eb725bb91c9ea)]
    [InlineData(24, 0x31185a47af932f3a)]
    [InlineData(63, 0x385d3e39e5f37359)]
    public void It_is_SipHash_1_3(int length, ulong expected)
    {
        var octets = new byte[length];
        for (var i = 0; i < length; i++) octets[i] = (byte)i;
        Assert.Equal(expected, WithKey(0).Of(octets));
    }

    [Fact]
    public void Words_are_hashed_as_their_octets_and_another_key_gives_another_hash()
    {
        ulong[] words = [0x0706050403020100, 0x0f0e0d0c0b0a0908, 0x1716151413121110];
        Assert.Equal(0x31185a47af932f3aul, WithKey(0).Of(words));
        Assert.NotEqual(WithKey(0).Of(words), WithKey(1).Of(words));
    }

    private static KeyedHash WithKey(byte first)
    {
        using var random = new RandomStreams(new byte[RandomStreams.SeedSize]);
        var stream = random[RandomPurpose.TableKey];
        stream.Preset([first, .. new byte[15]]);
        return new KeyedHash(stream);
    }
}
