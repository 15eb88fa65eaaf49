using LacEdge.Core.Config;
using LacEdge.Core.Steering;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Tests.Steering;

public sealed class SubscriberLineTests
{
    private static readonly UserNameRules _rules = new(new UserNameConfig());
    private static readonly VlanStack _vlans = VlanStack.Double(new VlanTag(0x88A8, 0x6064), new VlanTag(0x8100, 7));

    [Theory]
    [InlineData("{mac}", "00:53:00:11:22:33")]
    [InlineData("{interface}.{vlans}", "eth1.100.7")]
    [InlineData("{outer-vlan}/{inner-vlan}", "100/7")]
    [InlineData("{circuit-id}", "OLT 7.")]
    [InlineData("{remote-id|circuit-id}", "OLT 7.")]
    [InlineData("{service-name} {access} {node}", "gold residential lac1")]
    [InlineData("{realm} {user}", "isp1.example bob@isp1.example")]
    [InlineData("{remote-id}", "")]
    [InlineData("", "")]
    [InlineData("Serial0:0", "Serial0:0")]
    public void Templates_are_filled_with_what_is_known_of_the_line(string template, string expected) =>
        Assert.Equal(expected, Line(_vlans, "01064f4c54203700").Fill(template, new UserName(Bytes.Copy("bob@isp1.example"u8), _rules), "lac1"));

    [Theory]
    [InlineData("{mac}/{circuit-id|vlans}", null)]
    [InlineData("}", null)]
    [InlineData("{mca}", "there is no '{mca}'")]
    [InlineData("{mac|}", "there is no '{}'")]
    [InlineData("{mac}/{vlans", "a '{' has no '}'")]
    public void A_template_is_checked_before_it_is_used(string template, string? problem) => Assert.Equal(problem, LineTemplate.Problem(template));

    [Fact]
    public void What_is_not_known_is_empty() =>
        Assert.Equal("x", Line(VlanStack.Untagged, "").Fill("{vlans}{outer-vlan}{inner-vlan}{circuit-id}{remote-id}{realm}{user}x", null, "lac1"));

    [Fact]
    public void A_number_is_printable_ASCII_of_at_most_255_characters()
    {
        var line = Line(_vlans, "0108" + "c3bc0a007f417e20");
        Assert.Equal(".....A~ ", line.Fill("{circuit-id}", null, "lac1"));
        var user = new UserName(Bytes.Copy("b\u00fcb@h\u00f6rnchen"u8), _rules);
        Assert.Equal("h..rnchen", line.Fill("{realm}", user, "lac1"));
        Assert.Equal(new string('9', 255), line.Fill(new string('9', 300), null, "lac1"));
    }

    private static SubscriberLine Line(VlanStack vlans, string told)
    {
        var service = new AccessServiceConfig { Name = "residential", Interfaces = ["eth1"], AcName = "lac1", ChallengeName = "lac1" };
        var mac = MacAddress.Read([0, 0x53, 0, 0x11, 0x22, 0x33]);
        return new SubscriberLine(service, "eth1", vlans, mac, Bytes.Copy("gold"u8), AccessLine.Read(Convert.FromHexString(told), out _));
    }
}
