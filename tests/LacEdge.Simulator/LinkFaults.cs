namespace LacEdge.Simulator;

/// <summary>What one direction of a link does to what passes it. Jitter alone makes packets overtake each other.</summary>
/// <param name="Loss">Share that is lost, 0 to 1.</param>
/// <param name="Duplication">Share that arrives twice.</param>
/// <param name="Jitter">Up to this much is added to the delay, evenly.</param>
/// <param name="Corruption">Share that arrives with one bit changed: as where no checksum is made, or the wrong bit was unlucky.</param>
public sealed record LinkFaults(
    double Loss = 0, double Duplication = 0, TimeSpan Delay = default, TimeSpan Jitter = default, double Corruption = 0)
{
    public static LinkFaults Perfect { get; } = new(Delay: TimeSpan.FromMilliseconds(1));
    /// <summary>Nothing passes.</summary>
    public static LinkFaults Cut { get; } = new(Loss: 1);

    /// <summary>Loss and enough jitter that neighbours change places.</summary>
    public static LinkFaults Bad(double loss) =>
        new(loss, loss / 2, TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(20));
}
