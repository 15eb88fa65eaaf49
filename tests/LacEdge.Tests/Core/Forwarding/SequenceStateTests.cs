using LacEdge.Core.Forwarding;

namespace LacEdge.Tests.Core.Forwarding;

public sealed class SequenceStateTests
{
    [Theory]
    [InlineData(0, 0, SequenceVerdict.InOrder)]
    [InlineData(0, 1, SequenceVerdict.Ahead)]
    [InlineData(0, 32767, SequenceVerdict.Ahead)]
    [InlineData(0, 32768, SequenceVerdict.Late)]
    [InlineData(0, 65535, SequenceVerdict.Late)]
    [InlineData(16, 15, SequenceVerdict.Late)]
    [InlineData(65535, 65535, SequenceVerdict.InOrder)]
    [InlineData(65535, 0, SequenceVerdict.Ahead)]
    [InlineData(65530, 5, SequenceVerdict.Ahead)]
    public void DATA_005_numbers_are_compared_round_the_end(int expected, int ns, SequenceVerdict verdict) =>
        Assert.Equal(verdict, new SequenceState { Expected = (ushort)expected }.Judge((ushort)ns));

    [Fact]
    public void DATA_005_what_is_delivered_moves_on_past_the_end()
    {
        var sequence = new SequenceState { Expected = 65534 };
        sequence.Delivered(65535);
        Assert.Equal(0, sequence.Expected);
        Assert.Equal(3, sequence.Distance(3));
        Assert.Equal(SequenceVerdict.Late, sequence.Judge(65534));
    }

    [Fact]
    public void DATA_005_four_late_ones_in_a_row_are_an_LNS_that_counts_anew()
    {
        var sequence = new SequenceState { Expected = 20_000 };
        string Restarts(params int[] numbers) => string.Join(' ', numbers.Select(ns => sequence.Restarts((ushort)ns)));
        Assert.Equal("False False False False", Restarts(0, 1, 2, 0));
        Assert.Equal("False False", Restarts(1, 2));
        // One that is due in between: the late ones were old.
        sequence.Delivered(20_000);
        Assert.Equal("False False False True", Restarts(3, 4, 5, 6));
        Assert.Equal(SequenceVerdict.InOrder, sequence.Judge(6));
        sequence.Delivered(6);
        Assert.Equal(SequenceVerdict.InOrder, sequence.Judge(7));
        Assert.Equal("False False False True", Restarts(65_534, 65_535, 0, 1));
    }

    [Theory]
    [InlineData(true, -1, "00023c4d2222ff03c021")]
    [InlineData(false, -1, "00023c4d2222c021")]
    [InlineData(true, 7, "08023c4d222200070000ff03c021")]
    [InlineData(false, 65535, "08023c4d2222ffff0000c021")]
    public void DATA_003_DATA_004_data_messages_have_the_form_that_the_LNS_wants(bool addressAndControl, int ns, string expected)
    {
        var frame = Convert.FromHexString("0200000000fe020000000001886411001001" + "0002" + "c021");
        Assert.Equal(ForwardingReason.Forwarded, SessionFrame.Read(frame, out var read));
        var form = new DataForm(0x3C4D, addressAndControl, ns);
        var datagram = PppoeL2tpForwarder.ToL2tp(frame, read, new UpstreamEntry { PeerSessionId = 0x2222 }, form);
        Assert.Equal(expected, Convert.ToHexStringLower(frame.AsSpan(datagram.At, datagram.Length)));
        Assert.Equal((expected.Length / 2) - form.Size, datagram.PppOctets);
    }

    [Fact]
    public void A_message_without_numbers_gets_them()
    {
        var numbered = PppoeL2tpForwarder.Number(Convert.FromHexString("00023c4d2222ff03c0210901"), 0x1234, new byte[32]);
        Assert.Equal("08023c4d222212340000ff03c0210901", Convert.ToHexStringLower(numbered));
    }

    [Theory]
    [InlineData("002145b80014", 46)]
    [InlineData("2145b80014", 46)]
    [InlineData("0021450300", 0)]
    [InlineData("00576b800000", 46)]
    [InlineData("576b800000", 46)]
    [InlineData("c0210901", 0)]
    [InlineData("0021", 0)]
    [InlineData("0057", 0)]
    [InlineData("002175b8", 0)]
    public void DATA_010_the_DSCP_of_the_inner_packet_is_found(string ppp, byte dscp) =>
        Assert.Equal(dscp, PppoeL2tpForwarder.DscpOf(Convert.FromHexString(ppp)));
}
