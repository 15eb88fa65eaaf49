using System.Text;
using LacEdge.Core.Config;
using LacEdge.Core.Steering;
using LacEdge.Wire;

namespace LacEdge.Tests.Steering;

public sealed class UserNameTests
{
    [Theory]
    [InlineData("bob@isp1.example", "isp1.example")]
    [InlineData("bob@ISP1.Example", "isp1.example")]
    [InlineData("bob@home@isp1.example", "isp1.example")]
    [InlineData("@isp1.example", "isp1.example")]
    [InlineData("bob@", null)]
    [InlineData("bob", null)]
    [InlineData("", null)]
    public void AUTH_006_The_realm_is_what_stands_behind_the_last_at_sign(string name, string? realm) =>
        Assert.Equal(realm, Name(name).Realm);

    [Fact]
    public void AUTH_008_Hostile_octets_are_escaped()
    {
        Assert.Equal(@"a\x0ab\x1b[31m\x00\x7f", Name("a\nb\u001b[31m\0\u007f").Printable);
        Assert.Equal(@"\xff\xc3(", Name([0xFF, 0xC3, 0x28]).Printable);
        Assert.Equal(@"a\xe2\x80\xaeb", Name("a\u202eb").Printable);
        Assert.Equal(@"a\xe2\x80\xa8b", Name("a\u2028b").Printable);
        Assert.Equal(@"DOM\\bob", Name(@"DOM\bob").Printable);
        Assert.Equal("jürgen müller@isp1.example", Name("jürgen müller@isp1.example").Printable);
    }

    [Fact]
    public void AUTH_008_No_octet_string_prints_a_control_character()
    {
        for (var first = 0; first < 256; first++)
        {
            for (var second = 0; second < 256; second++)
            {
                var name = Name([(byte)first, (byte)second, (byte)'@', (byte)first, (byte)second]);
                Assert.DoesNotContain(name.Printable, char.IsControl);
                Assert.DoesNotContain(name.Realm ?? "", char.IsControl);
            }
        }
    }

    [Fact]
    public void A_long_name_is_cut_for_printing_only()
    {
        var name = Name(new string('a', 300) + "@isp1.example");
        Assert.Equal(new string('a', 255) + "...", name.Printable);
        Assert.Equal("isp1.example", name.Realm);
    }

    [Fact]
    public void The_cut_does_not_make_a_character_of_half_a_one()
    {
        var name = Name(new string('a', 254) + "üb");
        Assert.Equal(new string('a', 254) + "...", name.Printable);
    }

    private static UserName Name(string text) => Name(Encoding.UTF8.GetBytes(text));
    private static UserName Name(byte[] octets) => new(Bytes.Wrap(octets), new UserNameRules(new UserNameConfig()));
}
