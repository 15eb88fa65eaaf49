using LacEdge.Wire;
using LacEdge.Wire.Pppoe;
using static LacEdge.Tests.Core.Pppoe.PppoeHarness;

namespace LacEdge.Tests.Core.Pppoe;

/// <summary>Line information of the access node in discovery.</summary>
public sealed class AccessLineDiscoveryTests
{
    private const string AnyName = "01010000";

    private static string Line(string options) => Tag("0105", "00000de9" + options);

    /// <summary>PADI and PADR with this tag, both answered.</summary>
    private static PppoeHarness Dial(string line)
    {
        var server = new PppoeHarness();
        server.Receive(Discovery(Broadcast, Client, "09", "0000", AnyName + line));
        var cookie = TagOf(server.SentOne(), "0104")!;
        server.Receive(Discovery(Ac, Client, "19", "0000", AnyName + line + Tag("0104", cookie)));
        Assert.NotEqual("0000", server.SentOne().Substring(32, 4));
        return server;
    }

    [Fact]
    public void PPPOE_025_The_line_of_the_PADR_stands_at_the_session()
    {
        var server = Dial(Line("01034f4c54" + "820400004000"));
        Assert.Equal("OLT"u8, server.Last!.Line!.CircuitId.Span);
        Assert.Equal(16384u, server.Last.Line[AccessLineType.ActualRateDown]);
        Assert.Equal(0ul, server.Counters[DecodeError.AccessLineTruncated]);
        Assert.Null(Dial("").Last!.Line);
        Assert.Null(Dial(Tag("0105", "0000000901034f4c54")).Last!.Line);
    }

    [Theory]
    [InlineData("01ff4f4c54", null)]
    [InlineData("01034f4c54" + "02ff4f", "4f4c54")]
    [InlineData("01034f4c54" + "82", "4f4c54")]
    public void PPPOE_026_A_sub_option_that_overruns_the_tag_is_counted_and_PADI_and_PADR_are_served(string options, string? circuitId)
    {
        var server = Dial(Line(options));
        Assert.Equal(circuitId, server.Last!.Line?.CircuitId.ToString());
        Assert.Equal(1ul, server.Counters[DecodeError.AccessLineTruncated]);
    }
}
