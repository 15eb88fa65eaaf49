using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Tests.Wire.Pppoe;

public sealed class PppoeVectorTests
{
    public static TheoryData<string> All => PppoeVectors.Theory;

    [Theory]
    [MemberData(nameof(All))]
    public void A_frame_read_and_written_again_is_the_same(string hex)
    {
        Assert.True(EthernetFrame.TryParse(Convert.FromHexString(hex), out var ethernet, out _));
        Assert.True(PppoePacket.TryParse(ethernet.Payload, out var packet, out _));

        var writer = new WireWriter(new byte[256]);
        EthernetFrame.WriteHeader(ref writer, ethernet.Destination, ethernet.Source, ethernet.Vlans, ethernet.EtherType);
        var header = PppoePacket.WriteHeader(ref writer, packet.Code, packet.SessionId);
        if (ethernet.EtherType == EtherType.PppoeSession)
        {
            writer.WriteBytes(packet.Payload);
        }
        else
        {
            var tags = new PppoeTagReader(packet.Payload);
            while (tags.MoveNext()) PppoeTag.Write(ref writer, tags.Current.Type, tags.Current.Value);
            Assert.Equal(DecodeError.None, tags.Error);
        }

        PppoePacket.PatchLength(ref writer, header);
        Assert.True(writer.Ok);
        Assert.Equal(hex[..(writer.Position * 2)], Convert.ToHexStringLower(writer.Written));
        Assert.Equal("", hex[(writer.Position * 2)..].Trim('0'));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Damaged_frames_are_refused_or_read_without_harm(string hex)
    {
        var refused = 0;
        foreach (var frame in Damage.Of(hex))
        {
            if (!EthernetFrame.TryParse(frame, out var ethernet, out var error))
            {
                Assert.NotEqual(DecodeError.None, error);
                refused++;
            }
            else if (!PppoePacket.TryParse(ethernet.Payload, out var packet, out error))
            {
                Assert.NotEqual(DecodeError.None, error);
                refused++;
            }
            else if (!DiscoveryTags.TryParse(packet.Payload, out _, out error))
            {
                Assert.NotEqual(DecodeError.None, error);
                refused++;
            }
        }

        // Every prefix that cuts into what LENGTH covers, at least.
        Assert.True(refused >= 14 + 6);
    }

    [Fact]
    public void The_tags_of_a_PADI_are_found()
    {
        Assert.True(EthernetFrame.TryParse(Convert.FromHexString(PppoeVectors.Padi), out var ethernet, out _));
        Assert.Equal(MacAddress.Broadcast, ethernet.Destination);
        Assert.Equal("02:00:00:00:00:01", ethernet.Source.ToString());
        Assert.True(PppoePacket.TryParse(ethernet.Payload, out var packet, out _));
        Assert.Equal(PppoeCode.Padi, packet.Code);
        Assert.True(DiscoveryTags.TryParse(packet.Payload, out var tags, out _));
        Assert.Equal(1, tags.ServiceNameCount);
        Assert.True(tags.ServiceName.IsEmpty);
        Assert.True(tags.HasHostUniq);
        Assert.Equal("11223344", Convert.ToHexStringLower(tags.HostUniq));
        Assert.Equal(1500, tags.MaxPayload);
        Assert.False(tags.HasAcCookie);
        Assert.False(tags.HasRelaySessionId);
    }

    [Fact]
    public void The_VLAN_stack_of_a_PADI_is_found()
    {
        Assert.True(EthernetFrame.TryParse(Convert.FromHexString(PppoeVectors.PadiQinq), out var ethernet, out _));
        Assert.Equal(VlanStack.Double(new VlanTag(0x88A8, 100), new VlanTag(0x8100, 7)), ethernet.Vlans);
        Assert.Equal(EtherType.PppoeDiscovery, ethernet.EtherType);
    }

    [Fact]
    public void The_reason_of_a_PADT_is_found()
    {
        Assert.True(EthernetFrame.TryParse(Convert.FromHexString(PppoeVectors.Padt), out var ethernet, out _));
        Assert.True(PppoePacket.TryParse(ethernet.Payload, out var packet, out _));
        Assert.Equal(0x1001, packet.SessionId);
        Assert.True(DiscoveryTags.TryParse(packet.Payload, out var tags, out _));
        Assert.Equal("LNS closed session"u8, tags.GenericError);
    }

    [Theory]
    [InlineData("1009000000000000", DecodeError.PppoeVersion)]
    [InlineData("1209000000000000", DecodeError.PppoeVersion)]
    [InlineData("2109000000000000", DecodeError.PppoeVersion)]
    [InlineData("110900000001", DecodeError.PppoeLength)]
    [InlineData("11090000000301010000", DecodeError.None)]
    [InlineData("1109000000", DecodeError.PppoeTruncated)]
    [InlineData("", DecodeError.PppoeTruncated)]
    public void PPPOE_010_PPPOE_012_Version_and_LENGTH_are_checked(string packet, DecodeError expected)
    {
        Assert.Equal(expected == DecodeError.None, PppoePacket.TryParse(Convert.FromHexString(packet), out _, out var error));
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData("010100", DecodeError.PppoeTagTruncated)]
    [InlineData("01010001", DecodeError.PppoeTagLength)]
    [InlineData("0101000001", DecodeError.PppoeTagTruncated)]
    [InlineData("01010000" + "0103ffff00", DecodeError.PppoeTagLength)]
    [InlineData("00000000" + "0101ffff", DecodeError.None)]
    [InlineData("01010000" + "00000000" + "01", DecodeError.None)]
    public void PPPOE_009_PPPOE_011_Tags_are_read_to_End_Of_List_and_must_fit(string payload, DecodeError expected)
    {
        Assert.Equal(expected == DecodeError.None, DiscoveryTags.TryParse(Convert.FromHexString(payload), out _, out var error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void PPPOE_008_Unknown_tags_are_passed_over_and_the_first_of_a_kind_counts()
    {
        var payload = Convert.FromHexString(
            "fffe0002abcd" + "0101000161" + "0110000162" + "0110000163" + "0120000105" + "0120000205dc");
        Assert.True(DiscoveryTags.TryParse(payload, out var tags, out _));
        Assert.Equal("a"u8, tags.ServiceName);
        Assert.Equal("b"u8, tags.RelaySessionId);
        Assert.Equal(1500, tags.MaxPayload);
    }
}
