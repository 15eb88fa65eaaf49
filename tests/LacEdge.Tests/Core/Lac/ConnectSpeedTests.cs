using LacEdge.Core.Config;
using LacEdge.Core.Lac;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Tests.Core.Lac;

/// <summary>Tx is towards the subscriber: what the line calls downstream.</summary>
public sealed class ConnectSpeedTests
{
    private const string Both = "810400000400" + "820400004000";

    [Theory]
    [InlineData(SpeedMethod.Static, Both, 5, 100, 40)]
    [InlineData(SpeedMethod.Line, Both, 5, 16_384_000, 1_024_000)]
    [InlineData(SpeedMethod.Line, "82" + "04ffffffff", 5, 4_294_967_295_000, 40)]
    [InlineData(SpeedMethod.Line, "810400000400" + "820400000000", 5, 100, 1_024_000)]
    [InlineData(SpeedMethod.Line, "", 5, 100, 40)]
    [InlineData(SpeedMethod.Interface, Both, 10_000_000_000, 10_000_000_000, 10_000_000_000)]
    [InlineData(SpeedMethod.Interface, Both, 0, 100, 40)]
    public void Speeds_come_from_the_method_and_where_it_knows_nothing_from_the_configuration(
        SpeedMethod method, string options, ulong interfaceSpeed, ulong tx, ulong rx)
    {
        var service = new AccessServiceConfig
        {
            Name = "residential",
            Interfaces = ["eth1"],
            AcName = "lac1",
            ChallengeName = "lac1",
            SpeedMethod = method,
            TxSpeed = 100,
            RxSpeed = 40,
        };
        var line = AccessLine.Read(Convert.FromHexString(options), out _);
        Assert.Equal((tx, rx), ConnectSpeeds.Of(service, line, interfaceSpeed));
    }
}
