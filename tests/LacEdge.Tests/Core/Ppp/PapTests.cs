using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Wire;
using static LacEdge.Tests.Core.Ppp.LinkHarness;

namespace LacEdge.Tests.Core.Ppp;

public sealed class PapTests
{
    /// <summary>PP-1 of the vectors: alice@isp.example, wonderland, id 1.</summary>
    private const string Request = "c0230101002111616c696365406973702e6578616d706c650a776f6e6465726c616e64";

    private static LinkHarness Opened()
    {
        var link = new LinkHarness(authentication: [AuthenticationProtocol.Pap]);
        link.Open();
        link.SentNothing();
        return link;
    }

    [Fact]
    public void AUTH_001_PAP_identity_and_password_are_read_and_not_answered()
    {
        var link = Opened();
        link.Receive(Request);
        link.NewsIs("credentials");
        link.SentNothing();
        var credentials = link.Link.Credentials!;
        Assert.Equal(AuthenticationProtocol.Pap, credentials.Protocol);
        Assert.Equal(1, credentials.Identifier);
        Assert.Equal("alice@isp.example"u8, credentials.Name.Span);
        Assert.Equal("wonderland"u8, credentials.Response.Span);
        Assert.True(credentials.Challenge.IsEmpty);
        link.Advance(3600);
        link.SentNothing();
        link.NewsIs();
    }

    [Fact]
    public void AUTH_001_Repeats_are_absorbed_and_their_identifier_is_kept_for_the_answer()
    {
        var link = Opened();
        link.Receive(Request);
        link.Receive(Request);
        link.Receive(Request.Replace("c0230101", "c0230102", StringComparison.Ordinal));
        link.NewsIs("credentials");
        link.SentNothing();
        Assert.Equal(2, link.Link.Credentials!.Identifier);
    }

    [Fact]
    public void AUTH_001_Other_credentials_with_a_new_identifier_replace_the_first()
    {
        var link = Opened();
        link.Receive(Request);
        link.Receive(Packet("c023", 1, "01", "01620178"));
        link.NewsIs("credentials");
        Assert.Equal(17, link.Link.Credentials!.Name.Length);
        Assert.Equal(1ul, link.Counters[DropReason.PppIdentifierMismatch]);

        link.Receive(Packet("c023", 1, "02", "01620178"));
        link.NewsIs("credentials");
        Assert.Equal("62", link.Link.Credentials!.Name.ToString());
        Assert.Equal("78", link.Link.Credentials!.Response.ToString());
    }

    [Theory]
    [InlineData("c0230101000c20616c6963654069", DecodeError.PapLength)] // PP-8
    [InlineData("c02301010004", DecodeError.PapLength)]
    [InlineData("c0230101000500", DecodeError.PapLength)]
    [InlineData("c023010100060001", DecodeError.PapLength)]
    [InlineData("c023010100070061", DecodeError.PppControlLength)]
    [InlineData("c0230101000300", DecodeError.PppControlLength)]
    [InlineData("c0230101", DecodeError.PppControlTruncated)]
    public void AUTH_004_PAP_lengths_must_fit(string frame, DecodeError error)
    {
        var link = Opened();
        link.Receive(frame);
        link.NewsIs();
        link.SentNothing();
        Assert.Null(link.Link.Credentials);
        Assert.Equal(1ul, link.Counters[error]);
    }

    [Fact]
    public void AUTH_008_Hostile_names_are_kept_octet_by_octet()
    {
        var link = Opened();
        link.Receive(Packet("c023", 1, "01", "04000a1bff" + "00"));
        link.NewsIs("credentials");
        Assert.Equal("000a1bff", link.Link.Credentials!.Name.ToString());
        Assert.True(link.Link.Credentials.Response.IsEmpty);
    }

    [Fact]
    public void AUTH_007_Credentials_print_without_name_and_password()
    {
        var link = Opened();
        link.Receive(Request);
        Assert.Equal("Pap id 1 (17 octets of name)", link.Link.Credentials!.ToString());
    }

    [Fact]
    public void Ack_Nak_and_unknown_PAP_codes_from_the_subscriber_are_dropped()
    {
        var link = Opened();
        foreach (var code in (int[])[2, 3, 0, 9]) link.Receive(Packet("c023", code, "01", "00"));
        link.SentNothing();
        link.NewsIs();
        Assert.Equal(4ul, link.Counters[DropReason.PppUnexpected]);
    }
}
