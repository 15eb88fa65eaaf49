using LacEdge.Core.Config;
using LacEdge.Core.L2tp;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Core.L2tp;

/// <summary>An LNS that does not know an AVP: which one it was, or may have been.</summary>
public sealed class RefusalTextTests
{
    private static readonly CallRequest _request = new("02:00:00:00:00:01", "isp.example", 7, "Serial0:0", SubAddress: "5");

    [Theory]
    [InlineData("AVP 0/23", "; the LNS does not know Sub-Address (23)")]
    [InlineData("unknown attribute 25", "; the LNS does not know Physical Channel ID (25)")]
    [InlineData("Unknown AVP (vendor 9, type 100)", "; the LNS does not know NAS Port (9/100)")]
    [InlineData("bad avp 3561:4242 with M", "; the LNS does not know AVP 3561/4242")]
    [InlineData("no", "; optional AVPs in ICRQ: Bearer Type (18), Called Number (21), Calling Number (22), Sub-Address (23), Physical Channel ID (25), ")]
    [InlineData("", "; optional AVPs in ICRQ: Bearer Type (18), Called Number (21), Calling Number (22), Sub-Address (23), Physical Channel ID (25), ")]
    [InlineData("AVP 99999999", "; optional AVPs in ICRQ: ")]
    public void A_refused_Icrq_names_what_the_LNS_does_not_know(string text, string told)
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        var call = bench.Endpoint.PlaceCall(tunnel, _request, "a", bench.Now)!;
        bench.Sent();
        bench.Cdn(tunnel, call.LocalSessionId, 0x2222, new ResultCode(CdnResult.GeneralError, L2tpErrorCode.UnknownMandatoryAvp, text));
        Assert.Contains(told, bench.Ends[0].Detail, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_refused_Iccn_and_a_refused_tunnel_list_their_own()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        var call = bench.Connect(tunnel, 0x2222);
        bench.Cdn(tunnel, call.LocalSessionId, 0x2222, new ResultCode(CdnResult.GeneralError, L2tpErrorCode.UnknownMandatoryAvp));
        Assert.Contains("; optional AVPs in ICCN: Initial Received LCP CONFREQ (26), ", bench.Ends[0].Detail, StringComparison.Ordinal);

        bench = new L2tpBench();
        tunnel = bench.Open();
        bench.Sent();
        bench.StopCcn(tunnel, new ResultCode(StopCcnResult.GeneralError, L2tpErrorCode.UnknownMandatoryAvp, "sorry"));
        Assert.EndsWith(
            "sorry; optional AVPs in SCCRQ: Firmware Revision (6), Vendor Name (8), Receive Window Size (10)", bench.WasTold(), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_refusals_have_no_such_list()
    {
        var bench = new L2tpBench();
        var tunnel = bench.Establish();
        var call = bench.Place(tunnel);
        bench.Sent();
        bench.Cdn(tunnel, call.LocalSessionId, 0x2222, new ResultCode(CdnResult.GeneralError, L2tpErrorCode.VendorSpecific, "AVP 23"));
        Assert.DoesNotContain("Sub-Address", bench.Ends[0].Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AvpHiding.Auto, false, "PAP passwords go to lns1 in the clear: the tunnel has no secret")]
    [InlineData(AvpHiding.Auto, true, "PAP passwords go to lns1 in the clear: the LNS did not challenge us, so it may not hold the secret")]
    [InlineData(AvpHiding.Sensitive, true, null)]
    public void That_passwords_cross_in_the_clear_is_told_once_for_each_tunnel(AvpHiding hiding, bool secret, string? warning)
    {
        var profile = (secret ? L2tpBench.WithSecret : L2tpBench.Plain) with { Hiding = hiding };
        var bench = new L2tpBench(profile) { Connecting = _ => L2tpBench.Pap };
        var tunnel = bench.Open();
        Assert.True(L2tpHeader.TryParse(bench.SentOctets()[0], out var header, out _));
        var response = new byte[16];
        TunnelAuthentication.Respond(MessageType.Sccrp, profile.Secret.Span, ControlMessageParser.Parse(header, default).Challenge, response);
        bench.LnsNr = 1;
        bench.Sccrp(tunnel, null, secret ? response : null);
        bench.Sent();
        bench.Zlb(tunnel);
        bench.Connect(tunnel, 0x2222, "a");
        for (ushort id = 0x3333; id < 0x3335; id++)
        {
            var call = bench.Place(tunnel);
            bench.Sent();
            bench.Icrp(call, id);
            bench.Sent();
        }

        Assert.Equal(warning is null ? [] : [warning], tunnel.History.Events.Select(e => e.What).Where(what => what.Contains("clear", StringComparison.Ordinal)));
    }
}
