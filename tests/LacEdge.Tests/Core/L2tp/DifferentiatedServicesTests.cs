using LacEdge.Core.Config;
using LacEdge.Core.L2tp;

namespace LacEdge.Tests.Core.L2tp;

/// <summary>DSCPs agreed upon with the LNS (RFC 3308): CCDS for control messages, SDS for data.</summary>
public sealed class DifferentiatedServicesTests
{
    private const string Sccrp = "8008 0000 0000 0002 8008 0000 0002 0100 800a 0000 0003 00000003 8007 0000 0007 6c 8008 0000 0009 3c4d";
    private const string Icrp = "8008 0000 0000 000b 8008 0000 000e 2222";
    // CS6 (48) for control, EF (46) for data.
    private const string Ccds = "0008 0000 002f c000", Sds = "0008 0000 0030 b800";
    private static readonly TunnelProfile _profile = L2tpBench.Plain with { NegotiateDscp = true, Dscp = 46 };

    [Fact]
    public void L2TPX_003_an_LNS_that_agrees_is_asked_for_each_call_and_may_want_another_DSCP()
    {
        using var bench = new L2tpBench();
        var tunnel = bench.Open(_profile);
        Assert.Contains(Hex(Ccds), Hex(bench), StringComparison.Ordinal);
        bench.LnsNr++;
        bench.FromLns(tunnel, 0, $"{Sccrp} {Ccds}");
        Assert.Equal(TunnelState.Established, tunnel.State);
        Acknowledge(bench, tunnel);

        var (agreed, other, silent) = (bench.Place(tunnel), bench.Place(tunnel), bench.Place(tunnel));
        // One goes out at first (slow start), the others when it is acknowledged.
        Assert.Contains(Hex(Sds), Hex(bench), StringComparison.Ordinal);
        bench.LnsNr++;
        Acknowledge(bench, tunnel);
        bench.FromLns(tunnel, agreed.LocalSessionId, $"{Icrp} {Sds}");
        bench.FromLns(tunnel, other.LocalSessionId, $"{Icrp.Replace("2222", "2223", StringComparison.Ordinal)} 0008 0000 0030 2800");
        bench.FromLns(tunnel, silent.LocalSessionId, Icrp.Replace("2222", "2224", StringComparison.Ordinal));
        Assert.Equal([(byte?)46, 10, null], (byte?[])[agreed.Dscp, other.Dscp, silent.Dscp]);
        Assert.All((L2tpCall[])[agreed, other, silent], call => Assert.Equal(CallState.Established, call.State));
    }

    [Fact]
    public void L2TPX_003_what_is_no_DSCP_ends_the_call_with_12()
    {
        using var bench = new L2tpBench();
        var tunnel = bench.Open(_profile);
        bench.FromLns(tunnel, 0, $"{Sccrp} {Ccds}");
        Acknowledge(bench, tunnel);
        var call = bench.Place(tunnel);
        Acknowledge(bench, tunnel);
        bench.FromLns(tunnel, call.LocalSessionId, $"{Icrp} 0008 0000 0030 b801");
        Assert.Contains("(12/0) behaviour b801 for data messages is not a DSCP", bench.Sent(), StringComparison.Ordinal);
    }

    [Fact]
    public void L2TPX_003_another_DSCP_for_control_messages_ends_the_tunnel_with_8()
    {
        using var bench = new L2tpBench();
        var tunnel = bench.Open(_profile);
        bench.Sent();
        bench.FromLns(tunnel, 0, $"{Sccrp} 0008 0000 002f 2800");
        Assert.Contains("(8/0) the LNS wants DSCP 10 for control messages, l2tp.control-dscp is 48", bench.Sent(), StringComparison.Ordinal);
        Assert.Equal(TunnelState.Closing, tunnel.State);
    }

    [Fact]
    public void L2TPX_003_an_LNS_that_does_not_know_it_is_not_asked_again()
    {
        using var bench = new L2tpBench();
        var tunnel = bench.Open(_profile);
        bench.FromLns(tunnel, 0, Sccrp);
        Acknowledge(bench, tunnel);
        bench.Place(tunnel);
        var icrq = Hex(bench);
        Assert.Contains("800800000000000a", icrq, StringComparison.Ordinal);
        Assert.DoesNotContain("00000030", icrq, StringComparison.Ordinal);
    }

    private static void Acknowledge(L2tpBench bench, L2tpTunnel tunnel)
    {
        bench.Sent();
        bench.Zlb(tunnel);
    }

    private static string Hex(string avp) => avp.Replace(" ", "", StringComparison.Ordinal);
    private static string Hex(L2tpBench bench) => string.Concat(bench.SentOctets().Select(Convert.ToHexStringLower));
}
