using LacEdge.Core;
using static LacEdge.Tests.Core.Pppoe.PppoeHarness;

namespace LacEdge.Tests.Core.Pppoe;

public sealed class DiscoveryTests
{
    /// <summary>PE-1: Host-Uniq, PPP-Max-Payload 1500 and an access-line tag.</summary>
    private const string Padi =
        "ffffffffffff02000000000188631109000000460101000001030004112233440120000205dc0105003000000de9010f414e312065746820312f323a3130"
        + "3002085355422d303034328104000004008204000040009003010200";

    [Fact]
    public void PPPOE_001_A_PADI_is_answered_by_a_unicast_PADO_as_PE_3()
    {
        var server = new PppoeHarness(mtu: 1508);
        server.Receive(Padi);
        var pado = server.SentOne();
        // Only the cookie's value is our own affair.
        const string expected =
            "0200000000010200000000fe8863110700000034010100000102000a6c6163656467652d30310103000411223344010400103fea5384f91c0c701bf620298d"
            + "4ee3cf0120000205dc";
        var at = expected.IndexOf("01040010", StringComparison.Ordinal) + 8;
        Assert.Equal(expected.Remove(at, 32), pado.Remove(at, 32));
        Assert.Equal(1ul, server.Counters[LacCounter.PadoSent]);
    }

    [Fact]
    public void PPPOE_004_A_PADR_with_its_cookie_gets_PADS_as_PE_5_and_a_session()
    {
        var server = new PppoeHarness(mtu: 1508);
        server.Receive(Padi);
        var cookie = TagOf(server.SentOne(), "0104")!;
        // PE-4 with our cookie.
        server.Receive(
            "0200000000fe020000000001886311190000005a01010000010300041122334401040010" + cookie
            + "0120000205dc0105003000000de9010f414e312065746820312f323a31303002085355422d303034328104000004008204000040009003010200");
        var pads = server.SentOne();
        var sessionId = pads.Substring(32, 4);
        Assert.Equal($"0200000000010200000000fe88631165{sessionId}00120101000001030004112233440120000205dc", pads);
        Assert.InRange(Convert.ToInt32(sessionId, 16), 1, 0xFFFE);
        server.NewsIs($"opened {sessionId}");
        Assert.Equal(1500, server.Last!.MaxPayload);
        Assert.Equal(1, server.Server.SessionCount);
    }
}
