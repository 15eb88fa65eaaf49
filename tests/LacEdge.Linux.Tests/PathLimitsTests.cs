using LacEdge.Linux.DataPlane;

namespace LacEdge.Linux.Tests;

public sealed class PathLimitsTests
{
    [Fact]
    public void A_limit_is_of_one_tunnel_and_becomes_only_smaller()
    {
        using var limits = new PathLimits(4);
        Assert.Equal(PathLimits.None, limits.Of(2, 7));
        limits.Learn(2, 7, 1400, ipv6: false);
        limits.Learn(2, 7, 1450, ipv6: false);
        Assert.Equal((1400, PathLimits.None, PathLimits.None), (limits.Of(2, 7), limits.Of(2, 8), limits.Of(1, 7)));
        limits.Learn(2, 7, 1300, ipv6: false);
        Assert.Equal(1300, limits.Of(2, 7));
        // The next tunnel in the slot.
        limits.Learn(2, 8, 1480, ipv6: false);
        Assert.Equal((PathLimits.None, 1480), (limits.Of(2, 7), limits.Of(2, 8)));
    }

    [Theory]
    [InlineData(1, false, 576)]
    [InlineData(575, false, 576)]
    [InlineData(1000, true, 1280)]
    [InlineData(70_000, false, PathLimits.None)]
    public void No_limit_is_below_what_every_path_takes(int told, bool ipv6, int limit)
    {
        using var limits = new PathLimits(1);
        limits.Learn(0, 7, told, ipv6);
        Assert.Equal(limit, limits.Of(0, 7));
    }

    [Theory]
    [InlineData("00023c4d30030000", 0x3C4D)]
    [InlineData("08023c4d", 0x3C4D)]
    [InlineData("c80200143c4d", 0x3C4D)]
    [InlineData("c80200143c", -1)]
    [InlineData("00023c", -1)]
    [InlineData("", -1)]
    [InlineData("00013c4d30030000", -1)]
    public void The_tunnel_id_is_read_where_the_quoted_message_has_it(string quoted, int tunnelId) =>
        Assert.Equal(tunnelId, PathLimits.QuotedTunnelId(Convert.FromHexString(quoted)));
}
