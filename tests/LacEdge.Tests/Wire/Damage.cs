namespace LacEdge.Tests.Wire;

/// <summary>Every simple way to damage a vector.</summary>
internal static class Damage
{
    /// <summary>Every shorter prefix, then every version with one bit flipped.</summary>
    public static IEnumerable<byte[]> Of(string hex)
    {
        var whole = Convert.FromHexString(hex);
        for (var length = 0; length < whole.Length; length++) yield return whole[..length];
        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            var flipped = (byte[])whole.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit & 7));
            yield return flipped;
        }
    }
}
