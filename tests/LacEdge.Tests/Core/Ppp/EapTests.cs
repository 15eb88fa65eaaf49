using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Steering;
using LacEdge.Wire;
using static LacEdge.Tests.Core.Ppp.LinkHarness;

namespace LacEdge.Tests.Core.Ppp;

public sealed class EapTests
{
    /// <summary>PP-4 and PP-5 of the vectors.</summary>
    private const string Request = "c2270101000501";
    private const string Response = "c2270201001601616c696365406973702e6578616d706c65";

    private static LinkHarness Opened(PppConfig? config = null)
    {
        var link = new LinkHarness(config, [AuthenticationProtocol.Eap], challengeId: "01");
        Assert.Contains("0304c227", link.Open(), StringComparison.Ordinal);
        return link;
    }

    [Fact]
    public void The_request_is_PP_4_and_the_response_PP_5_names_the_subscriber()
    {
        var link = Opened();
        link.SentIs(Request);
        link.Receive(Response);
        link.Receive(Response);
        link.NewsIs("credentials");
        link.Advance(100);
        link.SentNothing();
        var credentials = link.Link.Credentials!;
        Assert.Equal((AuthenticationProtocol.Eap, (byte)1), (credentials.Protocol, credentials.Identifier));
        Assert.Equal("alice@isp.example"u8, credentials.Name.Span);
        Assert.True(credentials is { Challenge.IsEmpty: true, Response.IsEmpty: true });
    }

    [Theory]
    [InlineData(10, 10)]
    [InlineData(2, 4)]
    public void AUTH_005_The_identity_request_is_repeated_with_its_identifier_at_least_three_times(int maxConfigure, int sent)
    {
        var link = Opened(new PppConfig { MaxConfigure = maxConfigure, AuthenticationTimeout = TimeSpan.FromMinutes(5) });
        link.Advance(3 * sent - 1);
        link.SentIs([.. Enumerable.Repeat(Request, sent)]);
        link.Advance(1);
        Assert.StartsWith("c02105", link.Sent(), StringComparison.Ordinal);
    }

    [Fact]
    public void AUTH_005_A_response_with_another_identifier_is_dropped()
    {
        var link = Opened();
        link.Receive(Response.Replace("c2270201", "c2270202", StringComparison.Ordinal));
        link.NewsIs();
        Assert.Equal(1ul, link.Counters[DropReason.PppIdentifierMismatch]);
    }

    [Fact]
    public void AUTH_005_An_empty_identity_is_a_name_without_realm()
    {
        var link = Opened();
        link.Receive(Packet("c227", 2, "01", "01"));
        link.NewsIs("credentials");
        Assert.Null(new UserName(link.Link.Credentials!.Name, new UserNameRules(new UserNameConfig())).Realm);
    }

    [Theory]
    [InlineData(2, "0304", DropReason.PppUnexpected)]
    [InlineData(2, "04102b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b", DropReason.PppUnexpected)]
    [InlineData(1, "01", DropReason.PppUnexpected)]
    [InlineData(3, "", DropReason.PppUnexpected)]
    [InlineData(4, "", DropReason.PppUnexpected)]
    public void Other_types_and_codes_belong_to_the_LNS_and_are_dropped(int code, string data, DropReason reason)
    {
        var link = Opened();
        link.Sent();
        link.Receive(Packet("c227", code, "01", data));
        link.NewsIs();
        link.SentNothing();
        Assert.Equal(1ul, link.Counters[reason]);
    }

    [Fact]
    public void AUTH_005_A_response_without_a_type_is_dropped()
    {
        var link = Opened();
        link.Receive(Packet("c227", 2, "01"));
        link.NewsIs();
        Assert.Equal(1ul, link.Counters[DecodeError.PppControlTruncated]);
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    [InlineData(1400, false)]
    public void AUTH_008_Identities_are_at_most_255_octets_long(int length, bool taken)
    {
        var link = Opened();
        link.Receive(Packet("c227", 2, "01", "01" + string.Concat(Enumerable.Repeat("61", length))));
        Assert.Equal(taken, link.Link.Credentials is not null);
        Assert.Equal(taken ? 0ul : 1ul, link.Counters[DropReason.CredentialsMalformed]);
    }

    [Fact]
    public void AUTH_008_A_hostile_identity_is_kept_octet_by_octet_and_prints_harmlessly()
    {
        var link = Opened();
        link.Receive(Packet("c227", 2, "01", "01" + "00ff0d0a1b5b41" + "4078"));
        var name = link.Link.Credentials!.Name;
        Assert.Equal("00ff0d0a1b5b414078", name.ToString());
        Assert.All(new UserName(name, new UserNameRules(new UserNameConfig())).Printable, c => Assert.InRange(c, ' ', '~'));
    }

    [Fact]
    public void A_second_response_to_the_same_request_with_another_identity_is_dropped()
    {
        var link = Opened();
        link.Receive(Response);
        link.Receive(Packet("c227", 2, "01", "0162"));
        link.NewsIs("credentials");
        Assert.Equal(1ul, link.Counters[DropReason.PppUnexpected]);
    }
}
