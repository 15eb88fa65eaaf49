using System.Globalization;
using LacEdge.Interop.Wire;

namespace LacEdge.Interop.Cases.Features;

/// <summary>Subscribers' frames of 1500 octets over a core link that takes IP packets of 1500: fragments, or smaller TCP segments.</summary>
internal sealed record NarrowCore(bool ClampsMss) : Feature(ClampsMss ? "clamp-mss" : "fragments")
{
    private const int Mtu = 1500;
    private const int InnerHeaders = 20 + 20;                       // IPv4, TCP
    private const int OuterHeaders = 20 + 8 + 6 + 4 + 2 + 2;        // IPv4, UDP, L2TP, room for Ns and Nr, FF 03, PPP protocol

    public override int CoreMtu => Mtu;
    public override string TunnelProfile => ClampsMss ? "oversize: clamp-mss" : "";

    public override async Task JudgeAsync(Evidence evidence)
    {
        var fragments = await evidence.SelectAsync(Side.Core, "ip.flags.mf == 1", "ip.len");
        foreach (var ours in new[] { true, false })
            Expect(fragments.Any(frame => frame.Ours == ours), $"no fragments {(ours ? "sent" : "received")}: even the largest echo passed whole");
        var cut = await evidence.SelectAsync(Side.Core, "tcp && ip.fragments", "tcp.len");
        foreach (var ours in new[] { true, false })
            Expect(cut.Any(frame => frame.Ours == ours) != ClampsMss, $"TCP segments {(ours ? "sent" : "received")} in fragments: {cut.Count}");
        ExpectMss(await SegmentSizesAsync(evidence, Side.Access, ours: false), Mtu - InnerHeaders, "from the subscriber");
        ExpectMss(await SegmentSizesAsync(evidence, Side.Core, ours: false), Mtu - InnerHeaders, "from behind the LNS");
        var sent = Mtu - InnerHeaders - (ClampsMss ? OuterHeaders : 0);
        ExpectMss(await SegmentSizesAsync(evidence, Side.Core, ours: true), sent, "to the LNS");
        ExpectMss(await SegmentSizesAsync(evidence, Side.Access, ours: true), sent, "to the subscriber");
    }

    private static async Task<int[]> SegmentSizesAsync(Evidence evidence, Side side, bool ours) =>
    [
        .. from frame in await evidence.SelectAsync(side, "tcp.flags.syn == 1", "tcp.options.mss_val")
           where frame.Ours == ours
           select int.Parse(frame["tcp.options.mss_val"], CultureInfo.InvariantCulture),
    ];

    private static void ExpectMss(int[] sizes, int expected, string which) =>
        Expect(sizes.Length > 0 && sizes.All(size => size == expected), $"MSS {string.Join(", ", sizes)} in SYNs {which}, not {expected}");
}
