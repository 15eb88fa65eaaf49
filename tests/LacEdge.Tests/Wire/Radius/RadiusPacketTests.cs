using LacEdge.Wire;
using LacEdge.Wire.Radius;

namespace LacEdge.Tests.Wire.Radius;

public sealed class RadiusPacketTests
{
    private const string Authenticator = "000102030405060708090a0b0c0d0e0f";

    private static (string Attributes, DecodeError Error) Walk(string attributes)
    {
        var reader = new RadiusAttributeReader(Convert.FromHexString(attributes));
        var found = new List<string>();
        while (reader.MoveNext()) found.Add($"{reader.Current.Type}={Convert.ToHexStringLower(reader.Current.Value)}");
        return (string.Join(' ', found), reader.Error);
    }

    [Fact]
    public void A_packet_is_its_header_and_its_attributes_without_padding()
    {
        Assert.True(RadiusPacket.TryParse(Convert.FromHexString("02070017" + Authenticator + "010361" + "ffff"), out var packet, out var error));
        Assert.Equal((RadiusCode.AccessAccept, 7, DecodeError.None), (packet.Code, packet.Identifier, error));
        Assert.Equal(Authenticator, Convert.ToHexStringLower(packet.Authenticator));
        Assert.Equal("010361", Convert.ToHexStringLower(packet.Attributes));
    }

    [Theory]
    [InlineData("01070014", 15, DecodeError.RadiusTruncated)]
    [InlineData("01070013", 16, DecodeError.RadiusLength)]
    [InlineData("01070015", 16, DecodeError.RadiusLength)]
    [InlineData("01071001", 4093, DecodeError.RadiusLength)]
    public void Broken_packets_are_refused(string start, int rest, DecodeError expected)
    {
        Assert.False(RadiusPacket.TryParse([.. Convert.FromHexString(start), .. new byte[rest]], out _, out var error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void Attributes_are_walked_to_the_first_that_does_not_fit()
    {
        Assert.Equal(("1=61 25= 26=00000de90102", DecodeError.None), Walk("010361" + "1902" + "1a0800000de90102"));
        Assert.Equal(("1=61", DecodeError.RadiusAttributeLength), Walk("010361" + "1901"));
        Assert.Equal(("1=61", DecodeError.RadiusAttributeLength), Walk("010361" + "190461"));
        Assert.Equal(("1=61", DecodeError.RadiusAttributeLength), Walk("010361" + "19"));
    }

    [Fact]
    public void Names_come_from_the_dictionary()
    {
        Assert.Equal(("Tunnel-Server-Endpoint", RadiusValueKind.TaggedText), (RadiusDictionary.Find(67)!.Name, RadiusDictionary.Find(67)!.Kind));
        Assert.Null(RadiusDictionary.Find(0));
        Assert.Equal("CoA-NAK", RadiusDictionary.NameOf(RadiusCode.CoaNak));
        Assert.Null(RadiusDictionary.NameOf(0));
        // A type in two rows of the table would hide one of its names.
        var names = Enumerable.Range(0, 256).Select(i => RadiusDictionary.Find((byte)i)?.Name).OfType<string>().ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
    }
}
