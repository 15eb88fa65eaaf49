using LacEdge.Wire;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Tests.Wire.Ethernet;

public sealed class EthernetFrameTests
{
    private const string Addresses = "0200000000fe020000000001";

    [Theory]
    [InlineData("0800", 0, 0x0800)]
    [InlineData("8100e0640800", 1, 0x0800)]
    [InlineData("91000064810000078863", 2, 0x8863)]
    [InlineData("88a80064810000078864", 2, 0x8864)]
    public void Up_to_two_VLAN_tags_are_read_in_band(string afterAddresses, int tags, int etherType)
    {
        var frame = Convert.FromHexString(Addresses + afterAddresses + "abcd");
        Assert.True(EthernetFrame.TryParse(frame, out var view, out _));
        Assert.Equal(tags, view.Vlans.Count);
        Assert.Equal(etherType, view.EtherType);
        Assert.Equal("abcd", Convert.ToHexStringLower(view.Payload));

        var writer = new WireWriter(new byte[64]);
        EthernetFrame.WriteHeader(ref writer, view.Destination, view.Source, view.Vlans, view.EtherType);
        writer.WriteBytes(view.Payload);
        Assert.Equal(frame, writer.Written.ToArray());
    }

    [Theory]
    [InlineData("", DecodeError.EthernetTruncated)]
    [InlineData("08", DecodeError.EthernetTruncated)]
    [InlineData("8100", DecodeError.VlanTruncated)]
    [InlineData("8100000708", DecodeError.VlanTruncated)]
    [InlineData("81000007" + "8100000788", DecodeError.VlanTruncated)]
    [InlineData("81000007" + "81000007" + "810000078863", DecodeError.VlanTooDeep)]
    public void Frames_that_end_early_and_a_third_tag_are_refused(string afterAddresses, DecodeError expected)
    {
        Assert.False(EthernetFrame.TryParse(Convert.FromHexString(Addresses + afterAddresses), out _, out var error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void Priority_is_no_part_of_the_line_but_the_TPID_is()
    {
        var plain = VlanStack.Single(new VlanTag(0x8100, 0x0064));
        Assert.True(plain.SameLine(VlanStack.Single(new VlanTag(0x8100, 0xE064))));
        Assert.False(plain.SameLine(VlanStack.Single(new VlanTag(0x88A8, 0x0064))));
        Assert.False(plain.SameLine(VlanStack.Single(new VlanTag(0x8100, 0x0065))));
        Assert.False(plain.SameLine(VlanStack.Double(new VlanTag(0x8100, 0x0064), new VlanTag(0x8100, 0))));
    }

    [Theory]
    [InlineData("02:00:5e:10:00:fe", true)]
    [InlineData("02-00-5E-10-00-FE", true)]
    [InlineData("02:00:5e:10:00", false)]
    [InlineData("02:00:5e:10:00:fg", false)]
    [InlineData("02.00.5e.10.00.fe", false)]
    [InlineData("", false)]
    public void MAC_addresses_parse_and_print(string text, bool valid)
    {
        Assert.Equal(valid, MacAddress.TryParse(text, out var mac));
        if (valid) Assert.Equal("02:00:5e:10:00:fe", mac.ToString());
    }

    [Fact]
    public void The_group_bit_is_the_lowest_of_the_first_octet()
    {
        Assert.True(MacAddress.Broadcast.IsGroup);
        Assert.True(MacAddress.Read([0x01, 0, 0x5E, 0, 0, 1]).IsGroup);
        Assert.False(MacAddress.Read([0x02, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]).IsGroup);
    }
}
