using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Ppp;
using LacEdge.Wire;
using static LacEdge.Tests.Core.Ppp.LinkHarness;

namespace LacEdge.Tests.Core.Ppp;

public sealed class ChapTests
{
    /// <summary>PP-2 and PP-3 of the vectors: name lacedge-01, id 2a, secret s3cret.</summary>
    private const string Challenge = "c223012a001f10101112131415161718191a1b1c1d1e1f6c6163656467652d3031";
    private const string Response = "c223022a002610e19a9463414757c0fd809ea3977b7730616c696365406973702e6578616d706c65";
    private const string Value = "101112131415161718191a1b1c1d1e1f";

    private static LinkHarness Opened(PppConfig? config = null)
    {
        var link = new LinkHarness(config, challengeId: "2a", challenge: Value);
        link.Open();
        return link;
    }

    [Fact]
    public void The_challenge_is_PP_2_and_the_response_PP_3_names_the_subscriber()
    {
        var link = Opened();
        link.SentIs(Challenge);
        link.Receive(Response);
        link.NewsIs("credentials");
        link.SentNothing();
        var credentials = link.Link.Credentials!;
        Assert.Equal(AuthenticationProtocol.ChapMd5, credentials.Protocol);
        Assert.Equal(0x2A, credentials.Identifier);
        Assert.Equal("alice@isp.example"u8, credentials.Name.Span);
        Assert.Equal(Value, credentials.Challenge.ToString());
        Assert.Equal("e19a9463414757c0fd809ea3977b7730", credentials.Response.ToString());
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    [InlineData(1400, false)]
    public void A_name_that_no_AVP_could_carry_to_the_LNS_is_no_name(int length, bool taken)
    {
        var link = Opened();
        link.Sent();
        link.Receive(Packet("c223", 2, "2a", "10" + Value + string.Concat(Enumerable.Repeat("61", length))));
        Assert.Equal(taken, link.Link.Credentials is not null);
        Assert.Equal(taken ? 0ul : 1ul, link.Counters[DropReason.CredentialsMalformed]);
    }

    [Theory]
    [InlineData(AuthenticationProtocol.ChapMd5, "001f", 16)]
    [InlineData(AuthenticationProtocol.MsChapV1, "0017", 8)]
    [InlineData(AuthenticationProtocol.MsChapV2, "001f", 16)]
    public void AUTH_002_Every_link_and_every_restart_has_another_challenge_and_identifier(AuthenticationProtocol protocol, string length, int size)
    {
        var seen = new HashSet<string>();
        var identifiers = new HashSet<string>();
        var link = new LinkHarness(authentication: [protocol]);
        link.Open();
        for (var i = 1; i <= 20; i++)
        {
            var challenge = link.Sent();
            Assert.StartsWith("c22301", challenge, StringComparison.Ordinal);
            Assert.Equal($"{length}{size:x2}", challenge[8..14]);
            Assert.True(seen.Add(challenge[14..(14 + 2 * size)]));
            Assert.True(identifiers.Add(challenge[6..8]));

            link.Receive(Lcp(1, $"{i:x2}", "010405d4"));
            var request = link.Sent();
            link.Receive(string.Concat("c02102", request.AsSpan(6)));
            link.Sent();
        }
    }

    [Fact]
    public void AUTH_003_The_challenge_is_repeated_until_the_response()
    {
        var link = Opened();
        link.SentIs(Challenge);
        link.Advance(2.9);
        link.SentNothing();
        link.Advance(3.1);
        link.SentIs(Challenge, Challenge);
        link.Receive(Response);
        link.NewsIs("credentials");
        link.Advance(3600);
        link.SentNothing();
        Assert.Equal(0, link.Timers.Count);
    }

    [Fact]
    public void AUTH_003_Challenges_end_after_Max_Configure()
    {
        var link = Opened(new PppConfig { AuthenticationTimeout = TimeSpan.FromMinutes(5) });
        link.Advance(27);
        Assert.Equal(10, link.SentCount);
        link.ForgetSent();
        link.Advance(3);
        link.SentIs(Lcp(5, "02"));
        link.Advance(6);
        link.NewsIs("ended AuthenticationTimeout");
    }

    [Fact]
    public void AUTH_003_A_response_with_another_identifier_is_dropped()
    {
        var link = Opened();
        link.Receive(Response.Replace("c223022a", "c223022b", StringComparison.Ordinal));
        link.NewsIs();
        Assert.Equal(1ul, link.Counters[DropReason.PppIdentifierMismatch]);
    }

    [Fact]
    public void AUTH_003_A_response_to_the_challenge_before_a_restart_is_dropped()
    {
        var link = Opened();
        link.Receive(Lcp(1, "05", "010405d4"));
        link.ForgetSent();
        link.Receive(Lcp(2, "02", link.Link.ProxyLcp.LastSent.ToString()));
        Assert.Equal(PppState.AckSent, link.Link.State);
        link.Receive(Response);
        link.NewsIs();
    }

    [Theory]
    [InlineData("0f")]
    [InlineData("11")]
    [InlineData("31")]
    [InlineData("00")]
    public void AUTH_004_A_value_that_is_not_16_octets_long_is_dropped(string size)
    {
        var link = Opened();
        link.Receive(Packet("c223", 2, "2a", size + new string('a', 120)));
        link.NewsIs();
        Assert.Equal(1ul, link.Counters[DropReason.CredentialsMalformed]);
    }

    [Theory]
    [InlineData("", DecodeError.ChapLength)]
    [InlineData("10aabb", DecodeError.ChapLength)]
    public void AUTH_004_A_value_that_runs_past_the_packet_is_dropped(string data, DecodeError error)
    {
        var link = Opened();
        link.Receive(Packet("c223", 2, "2a", data));
        link.NewsIs();
        Assert.Equal(1ul, link.Counters[error]);
    }

    [Fact]
    public void A_repeated_response_is_absorbed_and_another_one_to_the_same_challenge_dropped()
    {
        var link = Opened();
        link.Receive(Response);
        link.Receive(Response);
        link.NewsIs("credentials");
        Assert.Equal(0ul, link.Counters[DropReason.PppUnexpected]);
        link.Receive(Response.Replace("616c696365", "626f626279", StringComparison.Ordinal));
        link.NewsIs();
        Assert.Equal(1ul, link.Counters[DropReason.PppUnexpected]);
        Assert.Equal("alice@isp.example"u8, link.Link.Credentials!.Name.Span);
    }

    [Fact]
    public void Challenge_Success_and_Failure_from_the_subscriber_are_dropped()
    {
        var link = Opened();
        link.ForgetSent();
        foreach (var code in (int[])[1, 3, 4, 0]) link.Receive(Packet("c223", code, "2a", "00"));
        link.SentNothing();
        link.NewsIs();
        Assert.Equal(4ul, link.Counters[DropReason.PppUnexpected]);
    }

    [Fact]
    public void A_Protocol_Reject_of_CHAP_is_a_refusal()
    {
        var link = Opened();
        link.ForgetSent();
        link.Receive(Lcp(8, "01", "c223" + Challenge[4..]));
        link.SentIs(Lcp(5, "02"));
        link.Receive(Lcp(6, "02"));
        link.NewsIs($"ended {EndCause.AuthenticationRefused}");
    }

    [Fact]
    public void LAB_6_The_option_lists_and_the_authentication_of_the_lab_are_recorded_octet_by_octet()
    {
        var link = new LinkHarness(
            magic: "109d08f2", challengeId: "06", challenge: "5d0d008cb1677cf8bc354556321a7a74", challengeName: "LAC");
        link.Start();
        link.Receive(Lcp(1, "01", "05066ee4e865"));
        link.Receive(Lcp(4, "01", "010405d4"));
        link.ForgetSent();
        link.Receive(Lcp(2, "02", "0305c223050506109d08f2"));
        link.SentIs(Packet("c223", 1, "06", "10" + "5d0d008cb1677cf8bc354556321a7a74" + "4c4143"));
        link.Receive(Packet("c223", 2, "06", "10" + "ca1cc2e4fa6899e8df1b695c0a80883e" + "323530302d31"));

        Assert.Equal(Bytes.Hex("05066EE4E865"), link.Link.ProxyLcp.InitialReceived);
        Assert.Equal(Bytes.Hex("0305C223050506109D08F2"), link.Link.ProxyLcp.LastSent);
        Assert.Equal(Bytes.Hex("05066EE4E865"), link.Link.ProxyLcp.LastReceived);
        var credentials = link.Link.Credentials!;
        Assert.Equal(6, credentials.Identifier);
        Assert.Equal("2500-1"u8, credentials.Name.Span);
        Assert.Equal(Bytes.Hex("5D0D008CB1677CF8BC354556321A7A74"), credentials.Challenge);
        Assert.Equal(Bytes.Hex("CA1CC2E4FA6899E8DF1B695C0A80883E"), credentials.Response);
    }
}
