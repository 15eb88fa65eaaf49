using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Tests.Wire.Pppoe;

public sealed class AccessLineTests
{
    private const string CircuitA = "010141", CircuitB = "010142";

    private static AccessLine? Read(string options, DecodeError expected = DecodeError.None)
    {
        var line = AccessLine.Read(Convert.FromHexString(options), out var error);
        Assert.Equal(expected, error);
        return line;
    }

    private static AccessLine? LineOf(string tags)
    {
        Assert.True(DiscoveryTags.TryParse(Convert.FromHexString(tags), out var found, out _));
        return AccessLine.Read(found.AccessLine, out _);
    }

    [Theory]
    [InlineData(PppoeVectors.Padi)]
    [InlineData(PppoeVectors.Padr)]
    public void PPPOE_025_The_line_in_a_PADI_and_a_PADR_is_read_as_PE_1_and_PE_4(string frame)
    {
        Assert.True(EthernetFrame.TryParse(Convert.FromHexString(frame), out var ethernet, out _));
        Assert.True(PppoePacket.TryParse(ethernet.Payload, out var packet, out _));
        var line = LineOf(Convert.ToHexString(packet.Payload))!;
        Assert.Equal("AN1 eth 1/2:100"u8, line.CircuitId.Span);
        Assert.Equal("SUB-0042"u8, line.RemoteId.Span);
        Assert.Equal(1024u, line[AccessLineType.ActualRateUp]);
        Assert.Equal(16384u, line[AccessLineType.ActualRateDown]);
        Assert.Equal("010200", line.Encapsulation.ToString());
        Assert.Null(line[AccessLineType.MinimumRateUp]);
        Assert.Null(line[AccessLineType.ActualDelayDown]);
        Assert.Null(line.LineType);
        Assert.False(line.Iwf);
    }

    [Fact]
    public void PPPOE_025_Every_number_is_found_under_its_type()
    {
        var types = Enumerable.Range(0x81, 14).ToArray();
        var line = Read(string.Concat(types.Reverse().Select(type => $"{type:x2}04000001{type:x2}")) + "910400000005" + "fe00")!;
        foreach (var type in types) Assert.Equal((uint)(0x100 + type), line[(AccessLineType)type]);
        Assert.Equal(5u, line.LineType);
        Assert.True(line.Iwf);
        Assert.Null(line[AccessLineType.Encapsulation]);
        Assert.Null(line[AccessLineType.CircuitId]);
        Assert.True(line.CircuitId.IsEmpty && line.RemoteId.IsEmpty && line.Encapsulation.IsEmpty);
    }

    [Theory]
    [InlineData("0603414747" + CircuitA)]
    [InlineData("8f0400000001" + CircuitA)]
    [InlineData("b000" + CircuitA + CircuitB)]
    [InlineData(CircuitA + "0100" + "ff00")]
    [InlineData("0100" + "8103ffffff" + "8205ffffffffff" + "90020102" + "fe0100" + CircuitA)]
    public void PPPOE_025_Unknown_and_wrongly_sized_sub_options_are_passed_over_and_the_first_of_a_kind_counts(string options)
    {
        var line = Read(options)!;
        Assert.Equal("A"u8, line.CircuitId.Span);
        Assert.Null(line[AccessLineType.ActualRateUp]);
        Assert.Null(line[AccessLineType.ActualRateDown]);
        Assert.True(line.Encapsulation.IsEmpty);
        Assert.False(line.Iwf);
    }

    [Fact]
    public void The_first_of_two_numbers_counts_even_when_it_is_zero() =>
        Assert.Equal(0u, Read("820400000000" + "820400000001")![AccessLineType.ActualRateDown]);

    [Theory]
    [InlineData("")]
    [InlineData("0100")]
    [InlineData("0603414747")]
    public void A_line_of_which_nothing_is_told_is_none(string options) => Assert.Null(Read(options));

    [Theory]
    [InlineData("01ff4142", false)]
    [InlineData("01", false)]
    [InlineData(CircuitA + "02", true)]
    [InlineData(CircuitA + "0205414243", true)]
    [InlineData(CircuitA + "820400004000" + "fe01", true)]
    public void PPPOE_026_A_sub_option_that_is_cut_off_ends_the_reading(string options, bool circuitRead)
    {
        var line = Read(options, DecodeError.AccessLineTruncated);
        Assert.Equal(circuitRead, line is not null);
        if (line is null) return;
        Assert.Equal("A"u8, line.CircuitId.Span);
        Assert.True(line.RemoteId.IsEmpty);
    }

    [Fact]
    public void PPPOE_026_Ids_of_any_length_and_content_are_kept_as_they_are()
    {
        var id = Enumerable.Range(0, 255).Select(octet => (byte)octet).ToArray();
        Assert.Equal(id, Read("02ff" + Convert.ToHexString(id))!.RemoteId.Span);
    }

    [Theory]
    [InlineData("0105000700000de9" + CircuitA + "0105000700000de9" + CircuitB)]
    [InlineData("0105000300000d" + "0105000400000de9" + "0105000700000009" + CircuitB + "0105000700000de9" + CircuitA)]
    public void The_first_tag_of_the_vendor_that_has_sub_options_counts(string tags) => Assert.Equal("A"u8, LineOf(tags)!.CircuitId.Span);

    [Fact]
    public void Damaged_lines_are_read_without_harm()
    {
        const string options = "010f414e312065746820312f323a31303002085355422d303034328104000004008204000040009003010200";
        foreach (var damaged in Damage.Of(options)) AccessLine.Read(damaged, out _);
    }
}
