using LacEdge.Core.Config;
using LacEdge.Lab.Peers;
using LacEdge.Wire;

namespace LacEdge.Tests.Simulation;

/// <summary>What LNSes are told of a subscriber's line, from PADR to ICRQ and ICCN.</summary>
public sealed class LineTests
{
    private static readonly Bytes _line = LineTag.Of("OLT7 gpon 0/1", "S42", 1024, 16384);

    [Fact]
    public void An_LNS_whose_peer_profile_wants_lines_is_told_in_ICRQ_and_the_other_is_not()
    {
        var profile = PeerProfile.Default with
        {
            Name = "with-lines",
            CallingNumber = "{circuit-id|mac}",
            CalledNumber = "{access}/{interface}",
            NasPort = "Serial0:0",
            AccessLine = AccessLineAvps.All,
        };
        var scenario = new Scenario(new ScenarioOptions { PeerOfA = profile });
        foreach (var number in (int[])[0, 1]) scenario.Network.Dial(scenario.Add(number, tags: _line));
        scenario.WaitAllUp(TimeSpan.FromSeconds(30));

        var told = Assert.Single(scenario.A.Calls).Icrq.ToString();
        Assert.EndsWith(
            Avp("801300000016", "OLT7 gpon 0/1") + Avp("801600000015", "residential/eth1") + Avp("000f00090064", "Serial0:0")
            + Avp("00130de90001", "OLT7 gpon 0/1") + Avp("00090de90002", "S42") + "000e0de9008100000000000fa000" + "000e0de900820000000000fa0000",
            told, StringComparison.Ordinal);
        var other = Assert.Single(scenario.B.Calls).Icrq.ToString();
        Assert.EndsWith(Avp("801700000016", "02:00:00:00:00:02") + Avp("801200000015", "isp2.example"), other, StringComparison.Ordinal);
        scenario.AssertClean();
    }

    [Fact]
    public void Numbers_that_come_out_empty_are_left_out()
    {
        var profile = PeerProfile.Default with { Name = "none", CallingNumber = "{circuit-id}", CalledNumber = "", AccessLine = AccessLineAvps.All };
        var scenario = Scenario.Up(new ScenarioOptions { PeerOfA = profile }, 1);
        // AVPs 0, 14, 15 and 18.
        Assert.Equal(8 + 8 + 10 + 10, Assert.Single(scenario.A.Calls).Icrq.Length);
    }

    [Theory]
    [InlineData(SpeedMethod.Static, "800a000000183b9aca00")]
    [InlineData(SpeedMethod.Interface, "800a000000183b9aca00")]
    [InlineData(SpeedMethod.Line, "800a0000001800fa0000" + "800a0000001300000001" + "000a00000026000fa000")]
    public void The_connect_speeds_in_ICCN_come_from_the_line_when_they_shall(SpeedMethod method, string speeds)
    {
        var scenario = new Scenario(new ScenarioOptions { Service = service => service with { SpeedMethod = method } });
        scenario.Network.Dial(scenario.Add(0, tags: _line));
        scenario.WaitAllUp(TimeSpan.FromSeconds(30));
        var iccn = Assert.Single(scenario.A.Calls).Iccn.ToString();
        Assert.Contains(speeds, iccn, StringComparison.Ordinal);
        Assert.Equal(method == SpeedMethod.Line, iccn.Contains("000a00000026", StringComparison.Ordinal));
    }

    private static string Avp(string header, string text) => header + Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(text));
}
