using LacEdge.Wire;
using LacEdge.Wire.L2tp;
using static LacEdge.Tests.Wire.L2tp.Vectors;

namespace LacEdge.Tests.Wire.L2tp;

public sealed class DataMessageTests
{
    private const string Echo = "c0210901000800000000";

    [Theory]
    [InlineData("DM-1", "00023c4d2222ff03c0210901000800000000", 0, 0, "ff03" + Echo)]
    [InlineData("DM-2", "400200143c4d2222ff03c0210901000800000000", 0, 0, "ff03" + Echo)]
    [InlineData("DM-3", "08023c4d222200070000ff03c0210901000800000000", 7, 0, "ff03" + Echo)]
    [InlineData("DM-4", "480200183c4d222200070000ff03c0210901000800000000", 7, 0, "ff03" + Echo)]
    [InlineData("DM-5", "4202001a3c4d22220004aaaaaaaaff03c0210901000800000000", 0, 4, "ff03" + Echo)]
    [InlineData("DM-6", "430200163c4d22220000ff03c0210901000800000000", 0, 0, "ff03" + Echo)]
    [InlineData("DM-7", "4b02001d3c4d2222ffff00000003000000ff03c0210901000800000000", 65535, 3, "ff03" + Echo)]
    [InlineData("DM-8", "400200123c4d2222c0210901000800000000", 0, 0, Echo)]
    [InlineData("DM-9", "74f200143c4d2222ff03c0210901000800000000", 0, 0, "ff03" + Echo)]
    public void DATA_001_every_form_of_the_header_is_decoded(string name, string hex, int ns, int offset, string payload)
    {
        var header = Header(Hex(hex));
        Assert.False(header.IsControl, name);
        Assert.Equal((LnsTunnel, LnsSession), (header.TunnelId, header.SessionId));
        Assert.Equal((ns, offset), (header.Ns, header.OffsetSize));
        Assert.Equal(payload, ToHex(header.Payload));
    }

    [Theory]
    [InlineData("4202001a3c4d22220011aaaaaaaaff03c0210901000800000000", DecodeError.L2tpOffset)]
    [InlineData("0202 3c4d 2222 0001", DecodeError.L2tpOffset)]
    [InlineData("0002 3c4d 22", DecodeError.L2tpTruncated)]
    [InlineData("4002 0015 3c4d2222ff03c0210901000800000000", DecodeError.L2tpLength)]
    public void DATA_002_an_offset_or_length_beyond_the_packet_drops_it(string hex, DecodeError expected)
    {
        Assert.False(L2tpHeader.TryParse(Hex(hex), out _, out var error));
        Assert.Equal(expected, error);
    }
}
