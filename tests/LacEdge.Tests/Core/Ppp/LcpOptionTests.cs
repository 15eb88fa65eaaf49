using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Ppp;
using static LacEdge.Tests.Core.Ppp.LinkHarness;

namespace LacEdge.Tests.Core.Ppp;

/// <summary>What we ask for, and how we judge what the subscriber asks for.</summary>
public sealed class LcpOptionTests
{
    /// <summary>Started, our first request looked at and its repeat out of the way: what follows answers the subscriber alone.</summary>
    private static LinkHarness Started(ushort maxMru = 1492, PppConfig? config = null)
    {
        var link = new LinkHarness(config, maxMru: maxMru);
        link.Start();
        link.Receive(Lcp(1, "f0"));
        link.ForgetSent();
        return link;
    }

    [Fact]
    public void The_first_request_is_PE_10()
    {
        var link = new LinkHarness(magic: "0badcafe");
        link.Start();
        link.SentIs("c02101010013010405d40305c2230505060badcafe");
    }

    [Fact]
    public void LCP_002_Ack_repeats_identifier_and_options_exactly()
    {
        var link = Started();
        link.Receive(Lcp(1, "77", "0506a1b2c3d4010405d4"));
        link.SentIs(Lcp(2, "77", "0506a1b2c3d4010405d4"));
        link.Receive(Lcp(1, "78"));
        link.SentIs(Lcp(2, "78"));
    }

    [Theory]
    [InlineData("0206ffffffff", "0206ffffffff")]
    [InlineData("0802", "0802")]
    [InlineData("0702", "0702")]
    [InlineData("0904ab01", "0904ab01")]
    [InlineData("010405d4" + "0206000a0000" + "050611223344" + "0802", "0206000a0000" + "0802")]
    public void LCP_003_ACCM_ACFC_PFC_and_FCS_Alternatives_are_rejected(string options, string rejected)
    {
        var link = Started();
        link.Receive(Lcp(1, "05", options));
        link.SentIs(Lcp(4, "05", rejected));
    }

    [Theory]
    [InlineData("010405dc", 1492, "010405d4")]
    [InlineData("0104ffff", 1492, "010405d4")]
    [InlineData("010405d5", 1492, "010405d4")]
    [InlineData("010405dd", 1500, "010405dc")]
    [InlineData("0104007f", 1492, "01040080")]
    [InlineData("01040000", 1492, "01040080")]
    public void LCP_004_An_MRU_out_of_bounds_is_Nakd_with_the_bound(string asked, int maxMru, string granted)
    {
        var link = Started((ushort)maxMru, new PppConfig { Mru = (ushort)maxMru });
        link.Receive(Lcp(1, "05", asked));
        link.SentIs(Lcp(3, "05", granted));
        link.Receive(Lcp(1, "06", granted));
        link.SentIs(Lcp(2, "06", granted));
        Assert.Equal(Convert.ToInt32(granted[4..], 16), link.Link.PeerMru);
    }

    [Fact]
    public void LCP_005_Unknown_options_are_rejected_unmodified_and_in_order()
    {
        var link = Started();
        link.Receive(Lcp(1, "09", "c803aa" + "010405dc" + "0304c023" + "0d0306" + "f002" + "0408c02500000000"));
        link.SentIs(Lcp(4, "09", "c803aa" + "0304c023" + "0d0306" + "f002" + "0408c02500000000"));
    }

    [Fact]
    public void LCP_018_MRRU_and_short_sequence_numbers_are_rejected_and_nobody_misses_an_Endpoint_Discriminator()
    {
        var link = Started();
        link.Receive(Lcp(1, "05", "110405dc" + "1202" + "1309030200000000aa"));
        link.SentIs(Lcp(4, "05", "110405dc" + "1202" + "1309030200000000aa"));
        link.Receive(Lcp(1, "06", "010405d4"));
        link.SentIs(Lcp(2, "06", "010405d4"));
    }

    [Theory]
    [InlineData("110405dc" + "1202" + "1309030200000000aa")]
    [InlineData("1303" + "00")]
    [InlineData("1304" + "0141")]
    [InlineData("1317" + "01" + "4141414141414141414141414141414141414141")]
    [InlineData("1307" + "02c0000201")]
    [InlineData("1303" + "04")]
    [InlineData("1312" + "05" + "313233343536373839303132333435")]
    public void LCP_018_Multilink_options_are_acknowledged_where_the_LNS_does_multilink(string options)
    {
        var link = Multilink();
        link.Receive(Lcp(1, "05", options));
        link.SentIs(Lcp(2, "05", options));
        link.Receive(Lcp(1, "06", "010405d4"));
        link.SentIs(Lcp(2, "06", "010405d4"));
    }

    [Theory]
    [InlineData("1103dc")]
    [InlineData("1102")]
    [InlineData("120300")]
    [InlineData("1302")]
    [InlineData("130400ff")]
    [InlineData("1318" + "01" + "414141414141414141414141414141414141414141")]
    [InlineData("1306" + "02c00002")]
    [InlineData("1308" + "030200000000")]
    [InlineData("1313" + "05" + "31323334353637383930313233343536")]
    [InlineData("1303" + "06")]
    [InlineData("110405dc" + "110405dc")]
    public void LCP_018_Malformed_multilink_options_are_rejected_even_then(string options)
    {
        var link = Multilink();
        link.Receive(Lcp(1, "05", options));
        var reject = link.Sent();
        Assert.StartsWith("c0210405", reject, StringComparison.Ordinal);
        Assert.EndsWith(reject[12..], options, StringComparison.Ordinal);
    }

    private static LinkHarness Multilink()
    {
        var link = PapLink.Pap(new PppConfig { Multilink = true });
        link.Start();
        link.Receive(Lcp(1, "01", "010405d4"));
        link.ForgetSent();
        return link;
    }

    [Theory]
    [InlineData("0103aa", "010405d4")]
    [InlineData("0106000005dc", "010405d4")]
    [InlineData("0102", "010405d4")]
    public void A_known_option_of_wrong_length_is_Nakd_with_a_right_one(string asked, string granted)
    {
        var link = Started();
        link.Receive(Lcp(1, "05", asked));
        link.SentIs(Lcp(3, "05", granted));
    }

    [Theory]
    [InlineData("050600000000")]
    [InlineData("0504abcd")]
    public void LCP_011_Magic_number_0_is_Nakd_with_another(string asked)
    {
        var link = Started();
        link.Receive(Lcp(1, "05", asked));
        var nak = link.Sent();
        Assert.StartsWith("c0210305000a0506", nak, StringComparison.Ordinal);
        Assert.NotEqual("00000000", nak[^8..]);
    }

    [Fact]
    public void An_option_that_stands_twice_is_rejected_the_second_time()
    {
        var link = Started();
        link.Receive(Lcp(1, "05", "010405d4" + "010405d0"));
        link.SentIs(Lcp(4, "05", "010405d0"));
    }

    [Fact]
    public void LCP_009_After_Max_Failure_Naks_the_option_is_rejected()
    {
        var link = Started();
        for (var i = 1; i <= 5; i++)
        {
            link.Receive(Lcp(1, $"{i:x2}", "010405dc"));
            link.SentIs(Lcp(3, $"{i:x2}", "010405d4"));
        }

        link.Receive(Lcp(1, "06", "010405dc" + "050601020304"));
        link.SentIs(Lcp(4, "06", "010405dc"));
    }

    [Fact]
    public void LCP_009_An_Ack_in_between_starts_the_count_anew()
    {
        var link = Started();
        for (var i = 0; i < 4; i++) link.Receive(Lcp(1, "01", "010405dc"));
        link.Receive(Lcp(1, "02", "010405d4"));
        link.ForgetSent();
        for (var i = 0; i < 5; i++)
        {
            link.Receive(Lcp(1, "03", "010405dc"));
            link.SentIs(Lcp(3, "03", "010405d4"));
        }
    }

    [Fact]
    public void LCP_005_What_the_subscriber_rejected_is_not_asked_for_again()
    {
        var link = new LinkHarness(magic: "0badcafe");
        link.Start();
        link.ForgetSent();
        link.Receive(Lcp(4, "01", "010405d4"));
        link.SentIs("c0210102000f" + "0305c22305" + "05060badcafe");
        link.Receive(Lcp(4, "02", "05060badcafe"));
        link.SentIs("c02101030009" + "0305c22305");
        link.Receive(Lcp(3, "03", "0304c023" + "010405d0" + "050611111111"));
        link.SentIs("c02101040008" + "0304c023");
    }

    [Theory]
    [InlineData("0206ffffffff")]
    [InlineData("010405d3")]
    [InlineData("05060badcaff")]
    [InlineData("0305c22380")]
    [InlineData("010405d4010405d4")]
    public void A_Reject_of_what_we_did_not_ask_for_is_dropped(string options)
    {
        var link = new LinkHarness(magic: "0badcafe");
        link.Start();
        link.ForgetSent();
        link.Receive(Lcp(4, "01", options));
        link.SentNothing();
        Assert.Equal(1ul, link.Counters[DropReason.PppUnexpected]);
        link.Receive(Lcp(2, "01", "010405d4" + "0305c22305" + "05060badcafe"));
        Assert.Equal(PppState.AckRcvd, link.Link.State);
    }

    [Fact]
    public void A_smaller_MRU_is_taken_from_a_Nak_and_a_larger_one_is_not()
    {
        var link = new LinkHarness(magic: "0badcafe");
        link.Start();
        link.ForgetSent();
        link.Receive(Lcp(3, "01", "010405dc"));
        link.SentIs("c02101020013010405d40305c2230505060badcafe");
        link.Receive(Lcp(3, "02", "010405ac"));
        link.SentIs("c02101030013010405ac0305c2230505060badcafe");
        link.Receive(Lcp(3, "03", "01040010"));
        link.SentIs("c02101040013010405ac0305c2230505060badcafe");
    }

    [Fact]
    public void A_subscriber_that_never_likes_our_MRU_is_not_asked_for_ever()
    {
        var link = new LinkHarness(magic: "0badcafe");
        link.Start();
        link.ForgetSent();
        for (var i = 1; i <= 5; i++) link.Receive(Lcp(3, $"{i:x2}", "01042000"));
        link.ForgetSent();
        link.Receive(Lcp(3, "06", "01042000"));
        link.SentIs("c0210107000f0305c2230505060badcafe");
    }

    [Fact]
    public void A_Nak_of_the_magic_number_gets_a_new_one()
    {
        var link = new LinkHarness(magic: "0badcafe");
        link.Start();
        link.ForgetSent();
        link.Receive(Lcp(3, "01", "050612345678"));
        var request = link.Sent();
        Assert.Equal("c02101020013010405d40305c223050506", request[..34]);
        Assert.NotEqual("0badcafe", request[34..]);
    }

    [Fact]
    public void LCP_006_After_a_Nak_the_suggested_protocol_is_offered_if_it_is_ours()
    {
        var link = new LinkHarness(magic: "0badcafe");
        link.Start();
        link.ForgetSent();
        link.Receive(Lcp(3, "01", "0304c023"));
        link.SentIs("c02101020012010405d40304c02305060badcafe");
    }

    [Theory]
    [InlineData("0304c227")]
    [InlineData("0305c22381")]
    [InlineData("0305c22305")]
    [InlineData("0302")]
    public void LCP_006_After_a_Nak_with_a_protocol_that_is_not_ours_the_next_of_ours_is_offered(string suggestion)
    {
        var link = new LinkHarness(magic: "0badcafe");
        link.Start();
        link.ForgetSent();
        link.Receive(Lcp(3, "01", suggestion));
        link.SentIs("c02101020012010405d40304c02305060badcafe");
    }

    [Fact]
    public void LCP_006_When_every_protocol_is_Nakd_the_link_ends()
    {
        var link = new LinkHarness(authentication: [AuthenticationProtocol.Pap, AuthenticationProtocol.ChapMd5]);
        link.Start();
        link.Receive(Lcp(3, "01", "0305c22381"));
        link.ForgetSent();
        link.Receive(Lcp(3, "02", "0304c023"));
        link.SentIs(Lcp(5, "03"));
        link.NewsIs();
        link.Receive(Lcp(6, "03"));
        link.NewsIs("ended AuthenticationRefused");
    }

    [Theory]
    [InlineData("0304c227", "0305c22381", "0305c22380", "0305c22305", "0304c023")]
    public void LCP_006_Every_protocol_is_offered_in_the_configured_order(params string[] options)
    {
        var link = new LinkHarness(magic: "0badcafe", authentication:
        [
            AuthenticationProtocol.Eap, AuthenticationProtocol.MsChapV2, AuthenticationProtocol.MsChapV1, AuthenticationProtocol.ChapMd5,
            AuthenticationProtocol.Pap,
        ]);
        link.Start();
        foreach (var option in options)
        {
            var request = link.Sent();
            Assert.Equal("010405d4" + option + "05060badcafe", request[12..]);
            // A suggestion that nobody knows.
            link.Receive(Lcp(3, request[6..8], "0304c0ff"));
        }

        Assert.StartsWith("c02105", link.Sent(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0305c22381", AuthenticationProtocol.MsChapV2)]
    [InlineData("0304c227", AuthenticationProtocol.Eap)]
    public void LCP_006_A_suggestion_of_ours_is_taken_before_its_turn(string suggestion, AuthenticationProtocol protocol)
    {
        var link = new LinkHarness(magic: "0badcafe", authentication: [AuthenticationProtocol.Pap, AuthenticationProtocol.ChapMd5, protocol]);
        link.Start();
        link.Receive(Lcp(3, link.Sent()[6..8], suggestion));
        Assert.Equal("010405d4" + suggestion + "05060badcafe", link.Sent()[12..]);
    }

    [Fact]
    public void LCP_006_A_Reject_of_authentication_ends_the_link()
    {
        var link = new LinkHarness();
        link.Start();
        link.ForgetSent();
        link.Receive(Lcp(4, "01", "0305c22305"));
        link.SentIs(Lcp(5, "02"));
        link.Receive(Lcp(6, "02"));
        link.NewsIs("ended AuthenticationRefused");
        Assert.Equal(0, link.Timers.Count);
    }
}
