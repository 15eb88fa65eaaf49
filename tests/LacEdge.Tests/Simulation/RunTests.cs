using LacEdge.Simulator.Runs;

namespace LacEdge.Tests.Simulation;

/// <summary>What <c>./dev sim</c> demands, in the small.</summary>
public sealed class RunTests
{
    [Fact]
    public void A_thousand_subscribers_come_up_once_at_5_percent_loss_doubles_and_reordering()
    {
        // Redials, second calls and more than 120 s are refused by the run itself.
        var result = new LossRun(seed: 11, 1000, LossRun.DemandLoss, LossRun.DemandJitter).Run();
        Assert.True(result.Retransmissions > 50, "nothing was lost");
        Assert.Equal((0, 0, 0), (result.Redials, result.Twice, result.TunnelsLost));
    }

    [Fact]
    public void At_30_percent_loss_everybody_is_up_within_ten_minutes_after_the_faults()
    {
        var result = new LossRun(seed: 12, 200, 0.3, LossRun.DemandJitter).Run();
        Assert.True(result.Redials > 0, "it was no hard life");
        Assert.InRange(result.HealedAfter, TimeSpan.Zero, LossRun.HealTime);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1001)]
    [InlineData(2001)]
    public void Ten_lives_from_this_seed_end_well(int first)
    {
        for (var seed = first; seed < first + 10; seed++) new LifeRun((ulong)seed).Run();
    }
}
