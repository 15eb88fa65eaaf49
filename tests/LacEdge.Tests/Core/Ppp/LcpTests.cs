using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Ppp;
using LacEdge.Wire;
using static LacEdge.Tests.Core.Ppp.LinkHarness;

namespace LacEdge.Tests.Core.Ppp;

/// <summary>The course of LCP: opening, repeating, restarting, ending.</summary>
public sealed class LcpTests
{
    private const string Magic = "0badcafe";
    private const string OurOptions = "010405d4" + "0304c023" + "05060badcafe";
    private const string TheirOptions = "010405d4" + "050601020304";

    private static LinkHarness Pap(PppConfig? config = null) => new(config, [AuthenticationProtocol.Pap], magic: Magic);

    private static LinkHarness Opened()
    {
        var link = Pap();
        Assert.Equal(OurOptions, link.Open(TheirOptions));
        Assert.Equal(PppState.Opened, link.Link.State);
        return link;
    }

    private static LinkHarness Authenticated()
    {
        var link = Opened();
        link.Receive(Packet("c023", 1, "01", "01610162"));
        link.NewsIs("credentials");
        return link;
    }

    [Fact]
    public void LCP_001_Both_requests_must_be_acknowledged_before_credentials_are_taken()
    {
        const string pap = "c023010100080161" + "0162";
        var link = Pap();
        link.Start();
        link.Receive(pap);
        link.Receive(Lcp(1, "01", TheirOptions));
        link.Receive(pap);
        link.NewsIs();
        Assert.Equal(2ul, link.Counters[DropReason.PppUnexpected]);
        link.Receive(Lcp(2, "01", OurOptions));
        link.Receive(pap);
        link.NewsIs("credentials");
    }

    [Fact]
    public void LCP_001_The_order_of_the_two_acknowledgements_does_not_matter()
    {
        var link = Pap();
        link.Start();
        link.Receive(Lcp(2, "01", OurOptions));
        Assert.Equal(PppState.AckRcvd, link.Link.State);
        link.Receive(Lcp(1, "01", TheirOptions));
        Assert.Equal(PppState.Opened, link.Link.State);
    }

    [Theory]
    [InlineData(2, "02", OurOptions)]
    [InlineData(3, "00", "010405d0")]
    [InlineData(4, "ff", "010405d4")]
    public void LCP_007_Answers_with_a_wrong_identifier_are_dropped(int code, string id, string options)
    {
        var link = Pap();
        link.Start();
        link.ForgetSent();
        link.Receive(Lcp(code, id, options));
        link.SentNothing();
        Assert.Equal(PppState.ReqSent, link.Link.State);
        Assert.Equal(1ul, link.Counters[DropReason.PppIdentifierMismatch]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("010405d4" + "0304c023")]
    [InlineData("010405d4" + "0304c023" + "05060badcaff")]
    [InlineData("0304c023" + "010405d4" + "05060badcafe")]
    public void LCP_002_An_Ack_that_does_not_repeat_our_options_is_dropped(string options)
    {
        var link = Pap();
        link.Start();
        link.Receive(Lcp(2, "01", options));
        Assert.Equal(PppState.ReqSent, link.Link.State);
        Assert.Equal(1ul, link.Counters[DropReason.PppUnexpected]);
    }

    [Fact]
    public void A_duplicated_answer_is_dropped_and_does_not_cross_the_connection()
    {
        var link = Opened();
        link.Receive(Lcp(2, "01", OurOptions));
        link.Receive(Lcp(3, "01", "010405d0"));
        Assert.Equal(PppState.Opened, link.Link.State);
        link.SentNothing();
        Assert.Equal(2ul, link.Counters[DropReason.PppIdentifierMismatch]);
    }

    [Fact]
    public void LCP_008_Configure_Request_is_repeated_every_restart_interval_and_Max_Configure_times()
    {
        var link = Pap(new PppConfig { AuthenticationTimeout = TimeSpan.FromMinutes(5) });
        link.Start();
        var request = link.Sent();
        for (var i = 2; i <= 10; i++)
        {
            link.Advance(2.999);
            link.SentNothing();
            link.Advance(0.001);
            link.SentIs(request);
        }

        link.NewsIs();
        link.Advance(3);
        link.SentNothing();
        link.NewsIs("ended LcpTimeout");
        Assert.Equal(0, link.Timers.Count);
    }

    [Fact]
    public void The_first_request_of_the_subscriber_has_ours_repeated_at_once_before_the_answer_and_only_once()
    {
        var link = Pap();
        link.Start();
        var request = link.Sent();
        link.Advance(0.02);
        link.Receive(Lcp(1, "01", TheirOptions));
        link.SentIs(request, Lcp(2, "01", TheirOptions));
        link.Receive(Lcp(1, "02", TheirOptions));
        link.SentIs(Lcp(2, "02", TheirOptions));

        // The subscriber had both copies and acknowledges both.
        link.Receive(Lcp(2, "01", OurOptions));
        link.Receive(Lcp(2, "01", OurOptions));
        Assert.Equal(PppState.Opened, link.Link.State);
        link.SentNothing();
    }

    [Fact]
    public void A_request_that_was_answered_already_is_not_repeated_on_the_first_of_the_subscriber()
    {
        var link = Pap();
        link.Start();
        link.Receive(Lcp(2, "01", OurOptions));
        link.ForgetSent();
        link.Receive(Lcp(1, "01", TheirOptions));
        link.SentIs(Lcp(2, "01", TheirOptions));
    }

    [Fact]
    public void LCP_008_An_Ack_that_never_comes_has_only_ours_repeated_while_theirs_stays_acknowledged()
    {
        var link = Pap();
        link.Start();
        link.Receive(Lcp(1, "01", TheirOptions));
        link.ForgetSent();
        link.Advance(3);
        Assert.Equal(1, link.SentCount);
        Assert.Equal(PppState.AckSent, link.Link.State);
        link.Receive(Lcp(2, "01", OurOptions));
        Assert.Equal(PppState.Opened, link.Link.State);
    }

    [Fact]
    public void LCP_010_Echo_Request_is_answered_with_our_magic_in_Opened()
    {
        var link = Opened();
        link.Receive(Lcp(9, "2a", "01020304" + "aabbcc"));
        link.SentIs(Lcp(10, "2a", Magic + "aabbcc"));
        link.Receive(Lcp(9, "2b", "00000000"));
        link.SentIs(Lcp(10, "2b", Magic));
    }

    [Fact]
    public void LCP_010_Echo_Request_is_still_answered_after_credentials()
    {
        var link = Authenticated();
        link.Receive(Lcp(9, "2a", "01020304"));
        link.SentIs(Lcp(10, "2a", Magic));
    }

    [Fact]
    public void LCP_010_Echo_Request_before_Opened_is_dropped()
    {
        var link = Pap();
        link.Start();
        link.ForgetSent();
        link.Receive(Lcp(9, "2a", "01020304"));
        link.SentNothing();
        Assert.Equal(1ul, link.Counters[DropReason.PppUnexpected]);
    }

    [Fact]
    public void LCP_010_Our_magic_is_0_when_the_subscriber_rejected_it()
    {
        var link = Pap();
        link.Start();
        link.Receive(Lcp(4, "01", "05060badcafe"));
        link.Receive(Lcp(2, "02", "010405d4" + "0304c023"));
        link.Receive(Lcp(1, "01", TheirOptions));
        link.ForgetSent();
        link.Receive(Lcp(9, "2a", "01020304"));
        link.SentIs(Lcp(10, "2a", "00000000"));
    }

    [Fact]
    public void LCP_010_Echo_and_Discard_without_a_magic_number_are_malformed_or_ignored()
    {
        var link = Opened();
        link.Receive(Lcp(9, "2a", "010203"));
        link.Receive(Lcp(10, "2b", "01020304"));
        link.Receive(Lcp(11, "2c", "01020304"));
        link.SentNothing();
        Assert.Equal(1ul, link.Counters[DecodeError.PppControlTruncated]);
    }

    [Fact]
    public void LCP_011_Our_own_requests_coming_back_are_a_loop()
    {
        var link = Pap();
        link.Start();
        for (var i = 0; i < 40 && link.SentCount > 0; i++) link.Receive(link.Sent());
        // The wire also carries back what ends the link.
        link.NewsIs("ended LcpLoop");
    }

    [Fact]
    public void LCP_011_Our_magic_in_a_request_is_Nakd_with_another()
    {
        var link = Pap();
        link.Start();
        link.Receive(Lcp(1, "01", "0506" + Magic));
        link.Sent();
        link.Sent();
        var nak = link.Sent();
        Assert.StartsWith("c0210301000a0506", nak, StringComparison.Ordinal);
        Assert.NotEqual(Magic, nak[^8..]);
        link.NewsIs();
    }

    [Fact]
    public void LCP_011_Our_magic_in_Echo_Requests_is_a_loop()
    {
        var link = Opened();
        for (var i = 0; i < 5; i++) link.Receive(Lcp(9, "01", Magic));
        link.SentNothing();
        link.Receive(Lcp(9, "01", Magic));
        link.SentIs(Lcp(5, "02"));
        link.Receive(Lcp(6, "02"));
        link.NewsIs("ended LcpLoop");
    }

    [Fact]
    public void LCP_012_Terminate_Request_is_acknowledged_in_every_state()
    {
        foreach (var state in (PppState[])[PppState.ReqSent, PppState.AckRcvd, PppState.AckSent, PppState.Opened])
        {
            var link = Pap();
            link.Start();
            if (state is PppState.AckRcvd or PppState.Opened) link.Receive(Lcp(2, "01", OurOptions));
            if (state is PppState.AckSent or PppState.Opened) link.Receive(Lcp(1, "01", TheirOptions));
            Assert.Equal(state, link.Link.State);
            link.ForgetSent();
            link.Receive(Lcp(5, "33", "627965"));
            link.SentIs(Lcp(6, "33"));
            link.NewsIs("ended SubscriberTerminate");
            Assert.Equal(0, link.Timers.Count);
        }
    }

    [Fact]
    public void LCP_012_Terminate_Requests_that_cross_are_acknowledged_and_our_cause_stays()
    {
        var link = Opened();
        link.Terminate(EndCause.NoLns);
        link.ForgetSent();
        link.Receive(Lcp(5, "33"));
        link.SentIs(Lcp(6, "33"));
        link.NewsIs();
        link.Receive(Lcp(6, "02"));
        link.NewsIs("ended NoLns");
    }

    [Theory]
    [InlineData(14)]
    [InlineData(0)]
    [InlineData(255)]
    public void LCP_013_An_unknown_code_is_rejected_with_the_packet(int code)
    {
        var link = Opened();
        link.Receive(Lcp(code, "44", "abcdef") + "0000");
        link.SentIs(Lcp(7, "02", Lcp(code, "44", "abcdef")[4..]));
        link.Receive(Lcp(code, "44"));
        link.SentIs(Lcp(7, "03", Lcp(code, "44")[4..]));
    }

    [Fact]
    public void LCP_013_The_rejected_packet_is_cut_to_the_MRU_of_the_subscriber()
    {
        var link = Pap();
        link.Open("01040100");
        link.Receive(Lcp(14, "44", new string('7', 1000)));
        var reject = link.Sent();
        Assert.Equal(4 + 0x100 * 2, reject.Length);
        Assert.Equal("c02107020100" + "0e4401f8" + new string('7', 496), reject);
    }

    [Fact]
    public void LCP_013_Identification_and_Time_Remaining_are_not_answered_in_any_state()
    {
        foreach (var link in (LinkHarness[])[Started(), Opened(), Authenticated()])
        {
            link.Receive(Lcp(12, "44", "01020304" + "4d53"));
            link.Receive(Lcp(13, "44", "01020304" + "0000003c"));
            link.SentNothing();
            link.NewsIs();
        }
    }

    [Fact]
    public void LCP_014_An_unknown_protocol_in_Opened_is_rejected_and_before_it_dropped()
    {
        var link = Started();
        link.Receive("c0ff0101");
        link.SentNothing();

        link = Opened();
        link.Receive("c0ff0101");
        link.SentIs(Lcp(8, "02", "c0ff0101"));
        link.Receive("4041" + new string('7', 4000));
        Assert.Equal("c021080305d4" + "4041" + new string('7', 2 * (1492 - 6)), link.Sent());
    }

    [Theory]
    [InlineData("8021010100040a")]
    [InlineData("80570101000e010a0011223344556677")]
    [InlineData("80fd01010004")]
    [InlineData("80530101000a")]
    [InlineData("00214500")]
    [InlineData("00576000")]
    [InlineData("003d0000")]
    [InlineData("c0250000")]
    [InlineData("c223020100050000")]
    [InlineData("c22702010005016162")]
    public void LCP_015_Network_packets_and_other_authentication_are_dropped_before_the_hand_over(string frame)
    {
        foreach (var link in (LinkHarness[])[Started(), Opened(), Authenticated()])
        {
            link.Receive(frame);
            link.SentNothing();
            link.NewsIs();
            Assert.Equal(1ul, link.Counters[DropReason.PppUnexpected]);
        }
    }

    [Fact]
    public void LCP_016_A_request_in_Opened_starts_negotiation_and_authentication_anew()
    {
        var link = Authenticated();
        link.Receive(Lcp(1, "10", "010405d0"));
        link.SentIs("c02101020012" + OurOptions, Lcp(2, "10", "010405d0"));
        link.NewsIs("restarted");
        Assert.Null(link.Link.Credentials);
        Assert.Equal("010405d0", link.Link.ProxyLcp.InitialReceived.ToString());
        Assert.True(link.Link.ProxyLcp.LastSent.IsEmpty);

        link.Receive(Packet("c023", 1, "01", "01610162"));
        link.NewsIs();
        link.Receive(Lcp(2, "02", OurOptions));
        link.Receive(Packet("c023", 1, "02", "01610162"));
        link.NewsIs("credentials");
        Assert.Equal(OurOptions, link.Link.ProxyLcp.LastSent.ToString());
    }

    [Fact]
    public void LCP_016_A_restart_before_credentials_is_nobodys_business_but_has_the_same_time_limit()
    {
        var link = Opened();
        link.Advance(20);
        link.Receive(Lcp(1, "10", "010405dc"));
        link.SentIs("c02101020012" + OurOptions, Lcp(3, "10", "010405d4"));
        link.NewsIs();
        link.Receive(Lcp(1, "11", "010405d4"));
        link.Receive(Lcp(2, "02", OurOptions));
        link.Advance(9.9);
        link.NewsIs();
        link.ForgetSent();
        link.Advance(0.1);
        link.SentIs(Lcp(5, "03"));
    }

    [Theory]
    [InlineData("c0210105000801000" + "5dc", DecodeError.PppOptionLength)]
    [InlineData("c02101050008010105dc", DecodeError.PppOptionLength)]
    [InlineData("c02101050008010505dc", DecodeError.PppOptionLength)]
    [InlineData("c0210105000505", DecodeError.PppOptionTruncated)]
    [InlineData("c02101050003", DecodeError.PppControlLength)]
    [InlineData("c02101050009010405dc", DecodeError.PppControlLength)]
    [InlineData("c021010500", DecodeError.PppControlTruncated)]
    [InlineData("c0210201000800000000", DecodeError.PppOptionLength)]
    [InlineData("c0210301000800000000", DecodeError.PppOptionLength)]
    [InlineData("c0210401000800000000", DecodeError.PppOptionLength)]
    public void LCP_017_Broken_packets_are_dropped_and_counted(string frame, DecodeError error)
    {
        var link = Started();
        link.Receive(frame);
        link.SentNothing();
        Assert.Equal(1ul, link.Counters[error]);
        Assert.Equal(PppState.ReqSent, link.Link.State);
    }

    [Fact]
    public void LCP_017_A_broken_request_in_Opened_changes_nothing()
    {
        var link = Authenticated();
        link.Receive("c02101050008010005dc");
        link.NewsIs();
        link.SentNothing();
        Assert.NotNull(link.Link.Credentials);
        Assert.Equal(TheirOptions, link.Link.ProxyLcp.LastReceived.ToString());
    }

    [Fact]
    public void LCP_017_Octets_behind_Length_are_ignored()
    {
        var link = Pap();
        link.Start();
        var request = link.Sent();
        link.Receive("c0210101000e010405d405060a0b0c0d" + "000000000000");
        link.SentIs(request, "c0210201000e010405d405060a0b0c0d");
    }

    [Fact]
    public void LCP_019_First_and_last_option_lists_are_recorded()
    {
        var link = Pap();
        link.Start();
        link.Receive(Lcp(1, "01", "0802" + "010405dc"));
        link.Receive(Lcp(1, "02", "010405dc"));
        link.Receive(Lcp(4, "01", "010405d4"));
        link.Receive(Lcp(2, "02", "0304c023" + "0506" + Magic));
        link.Receive(Lcp(1, "03", "010405d4"));
        Assert.Equal(PppState.Opened, link.Link.State);
        var proxy = link.Link.ProxyLcp;
        Assert.Equal("0802" + "010405dc", proxy.InitialReceived.ToString());
        Assert.Equal("0304c023" + "0506" + Magic, proxy.LastSent.ToString());
        Assert.Equal("010405d4", proxy.LastReceived.ToString());
    }

    private static LinkHarness Started()
    {
        var link = Pap();
        link.Start();
        link.ForgetSent();
        return link;
    }
}
