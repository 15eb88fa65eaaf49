using LacEdge.Lab.Peers;

namespace LacEdge.Fuzz.Engine;

/// <summary>An invariant that did not hold. The message is one sentence, the same for the same fault.</summary>
public sealed class FuzzException(string message) : Exception(message);

/// <summary>What is fed with inputs. One object lives as long as the run: it may keep buffers, but no state that shows.</summary>
internal abstract class FuzzTarget
{
    public abstract string Name { get; }

    /// <summary>Octets that one execution may allocate, beside 64 per octet of input.</summary>
    public virtual long AllocationLimit => 1 << 20;

    /// <summary>Where the mutations begin.</summary>
    public abstract IEnumerable<byte[]> Seeds(SeedPool seeds);

    /// <param name="other">Another input of the corpus, to take pieces from.</param>
    public abstract byte[] Mutate(byte[] parent, byte[] other, PeerRandom random);

    /// <summary>Runs the input. Whatever it throws is a finding.</summary>
    /// <returns>How many executions it was: 1, but a sequence counts each input of the Lac.</returns>
    public abstract int Execute(byte[] input, FeatureMap features);

    /// <summary>The pieces that the minimizer may leave out; joined in order they are the input.</summary>
    public virtual List<byte[]> Pieces(byte[] input) => [.. input.Select(octet => (byte[])[octet])];

    /// <summary>A finding's input in words, for the one who repairs it.</summary>
    public virtual IEnumerable<string> Describe(byte[] input) => [Convert.ToHexStringLower(input)];

    protected static void Require(bool holds, string rule)
    {
        if (!holds) throw new FuzzException(rule);
    }
}
