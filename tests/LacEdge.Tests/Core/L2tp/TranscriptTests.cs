using LacEdge.Core;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Core.L2tp;

/// <summary>The transcripts of RFC 2661 appendix B.</summary>
public sealed class TranscriptTests
{
    [Fact]
    public void B_1_lock_step_tunnel_establishment()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Open();
        Assert.Equal("SCCRQ 0000/0000 0,0", bench.Sent());
        Assert.Equal((0, 1), (bench.LnsNs, bench.LnsNr));
        bench.Sccrp(tunnel);
        Assert.Equal("SCCCN 3c4d/0000 1,1", bench.Sent());
        Assert.Equal((1, 2), (bench.LnsNs, bench.LnsNr));
        bench.Zlb(tunnel);
        bench.Advance(5);
        Assert.Equal("", bench.Sent());
    }

    [Fact]
    public void B_2_lost_packet_with_retransmission()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        // An existing tunnel, a new session: Ns 2, Nr 1.
        var call = bench.Place(tunnel, "a");
        Assert.Equal("ICRQ 3c4d/0000 2,1", bench.Sent());

        // The ICRP (Ns 1, Nr 3) is lost; our timer fires first.
        bench.Advance(1);
        Assert.Equal("ICRQ 3c4d/0000 2,1", bench.Sent());

        // The LNS has seen it and acknowledges: ZLB Ns 2, Nr 3.
        bench.LnsNs = 2;
        bench.Zlb(tunnel);
        bench.Advance(0.5);
        Assert.Equal("", bench.Sent());

        // Its own timer fires: ICRP Ns 1, Nr 3.
        bench.LnsNs = 1;
        bench.Icrp(call, 0x2222);
        Assert.Equal("ICCN 3c4d/2222 3,2", bench.Sent());
        Assert.Equal((2, 4), (bench.LnsNs, bench.LnsNr));
        bench.Zlb(tunnel);
        Assert.Equal("accepted a | connected a", bench.WasTold());
        Assert.Equal(1ul, bench.Counters[LacCounter.L2tpControlRetransmitted]);
    }

    [Fact]
    public void The_lost_ICRP_arrives_twice_and_its_copy_is_only_acknowledged()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        var call = bench.Place(tunnel, "a");
        bench.Sent();
        bench.Icrp(call, 0x2222);
        Assert.Equal("ICCN 3c4d/2222 3,2", bench.Sent());
        (bench.LnsNs, bench.LnsNr) = (1, 3);
        bench.Icrp(call, 0x2222);
        Assert.Equal("ZLB 3c4d/0000 4,2", bench.Sent());
        Assert.Equal("accepted a", bench.WasTold());
    }

    [Fact]
    public void Messages_of_the_LNS_that_overtake_each_other_take_effect_in_order()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        var call = bench.Place(tunnel, "a");
        bench.Sent();
        // CDN (Ns 2) overtakes ICRP (Ns 1).
        bench.LnsNs = 2;
        bench.Cdn(tunnel, call.LocalSessionId, 0x2222, new ResultCode(CdnResult.Administrative));
        Assert.Equal(("", ""), (bench.WasTold(), bench.Sent()));
        bench.LnsNs = 1;
        bench.Icrp(call, 0x2222);
        Assert.Equal("accepted a | ended a LnsCdn", bench.WasTold());
        Assert.Equal("ICCN 3c4d/2222 3,2", bench.Sent());
        bench.Advance(0.1);
        Assert.Equal("ZLB 3c4d/0000 4,3", bench.Sent());
    }
}
