using LacEdge.Core.Config;
using LacEdge.Core.L2tp;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Tests.Core.L2tp;

/// <summary>What ICRQ tells of the line by the peer profile (RFC 5515).</summary>
public sealed class AccessLineAvpTests
{
    private const string CircuitId = "010f414e312065746820312f323a313030", RemoteId = "02085355422d30303432";

    // The end of LP-5.
    private const string Lp5 = "00150de90001414e312065746820312f323a313030000e0de900025355422d30303432"
        + "000e0de9008100000000000fa000000e0de900820000000000fa000000090de90090010200";

    [Fact]
    public void L2TPX_001_the_line_of_PE_4_stands_in_ICRQ_as_in_LP_5() =>
        Assert.Equal(Lp5, Icrq(CircuitId + RemoteId + "810400000400" + "820400004000" + "9003010200", AccessLineAvps.All));

    [Theory]
    [InlineData(AccessLineAvps.None, "")]
    [InlineData(AccessLineAvps.CircuitId, "00080de900014143")]
    [InlineData(AccessLineAvps.RemoteId, "00080de900024243")]
    [InlineData(AccessLineAvps.ActualRates, "000e0de9008100000000000003e8" + "000e0de9008200000000000007d0")]
    [InlineData(AccessLineAvps.OtherRates, "000e0de900830000000000000bb8" + "000e0de9008a000003e7fffffc18")]
    [InlineData(AccessLineAvps.Delays, "000a0de9008b00000005" + "000a0de9008effffffff")]
    [InlineData(AccessLineAvps.Encapsulation, "00090de90090000102")]
    [InlineData(AccessLineAvps.LineType, "000a0de9009105000000")]
    [InlineData(AccessLineAvps.Iwf, "000a0de900fe00000001")]
    public void L2TPX_001_each_group_stands_in_ICRQ_only_when_it_is_asked_for(AccessLineAvps wanted, string avps)
    {
        const string line = "01024143" + "02024243" + "810400000001" + "820400000002" + "830400000003" + "8a04ffffffff" + "8b0400000005" + "8e04ffffffff"
            + "9003000102" + "910400000005" + "fe00";
        Assert.Equal(avps, Icrq(line, wanted));
    }

    [Theory]
    [InlineData("")]
    [InlineData("010141")]
    [InlineData("0140" + "41414141414141414141414141414141414141414141414141414141414141414141414141414141414141414141414141414141414141414141414141414141")]
    [InlineData("910400000100")]
    public void L2TPX_002_what_the_line_does_not_tell_or_no_AVP_can_hold_is_left_out(string line) => Assert.Equal("", Icrq(line, AccessLineAvps.All));

    [Fact]
    public void An_id_is_opaque()
    {
        var id = string.Concat(Enumerable.Repeat("00ff0a", 21));
        Assert.Equal("00450de90001" + id, Icrq("013f" + id, AccessLineAvps.All));
    }

    [Fact]
    public void The_text_for_Cisco_is_AVP_9_100_without_the_M_bit() =>
        Assert.Equal("000f0009006453657269616c303a30", Icrq("", AccessLineAvps.All, "Serial0:0"));

    /// <summary>What follows the Called Number.</summary>
    private static string Icrq(string options, AccessLineAvps wanted, string nasPort = "")
    {
        using var bench = new L2tpBench();
        var tunnel = bench.Open(peer: PeerProfile.Default with { AccessLine = wanted });
        bench.Sent();
        bench.Sccrp(tunnel);
        bench.Sent();
        bench.Zlb(tunnel);
        var line = AccessLine.Read(Convert.FromHexString(options), out _);
        bench.Endpoint.PlaceCall(tunnel, new CallRequest("02:00:00:00:00:01", "isp.example", NasPort: nasPort, Line: line), "s", bench.Now);
        var icrq = Convert.ToHexStringLower(Assert.Single(bench.SentOctets()));
        const string called = "8011000000156973702e6578616d706c65";
        return icrq[(icrq.IndexOf(called, StringComparison.Ordinal) + called.Length)..];
    }
}
