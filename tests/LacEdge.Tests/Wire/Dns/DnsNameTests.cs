using LacEdge.Wire.Dns;

namespace LacEdge.Tests.Wire.Dns;

public sealed class DnsNameTests
{
    [Theory]
    [InlineData("isp1.example", "isp1.example")]
    [InlineData("LNS-1.Isp1.Example", "lns-1.isp1.example")]
    [InlineData("isp1", "isp1")]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example")]
    [InlineData("1and1.example", "1and1.example")]
    public void A_host_name_is_read_in_lower_case(string text, string name)
    {
        Assert.True(DnsName.TryParseHost(text, out var read));
        Assert.Equal(name, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("isp1.example.")]
    [InlineData(".isp1.example")]
    [InlineData("isp1..example")]
    [InlineData("-isp1.example")]
    [InlineData("isp1-.example")]
    [InlineData("isp_1.example")]
    [InlineData("isp 1.example")]
    [InlineData("isp1.example\0")]
    [InlineData("isp1\\.example")]
    [InlineData("*.example")]
    [InlineData("bücher.example")]
    [InlineData("192.0.2.1")]
    [InlineData("1")]
    [InlineData("2001:db8::1")]
    [InlineData("[2001:db8::1]")]
    public void DNS_005_what_is_no_host_name_is_none(string text) => Assert.False(DnsName.TryParseHost(text, out _));

    [Fact]
    public void DNS_005_labels_and_names_have_their_length()
    {
        var label = new string('a', 63);
        Assert.True(DnsName.TryParseHost(label, out _));
        Assert.False(DnsName.TryParseHost(label + "a", out _));
        var longest = $"{label}.{label}.{label}.{new string('b', 61)}";
        Assert.Equal(DnsName.MaxText, longest.Length);
        Assert.True(DnsName.TryParseHost(longest, out _));
        Assert.False(DnsName.TryParseHost(longest + "b", out _));
    }
}
