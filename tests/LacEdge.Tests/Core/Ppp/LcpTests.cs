using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Ppp;
using LacEdge.Wire;
using static LacEdge.Tests.Core.Ppp.LinkHarness;
using static LacEdge.Tests.Core.Ppp.PapLink;

namespace LacEdge.Tests.Core.Ppp;

/// <summary>The course of LCP: opening, repeating, restarting.</summary>
public sealed class LcpTests
{
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
    public void LCP_016_A_request_in_Opened_starts_negotiation_and_authentication_anew()
    {
        var link = Authenticated();
        link.Receive(Lcp(1, "10", "010405d0"));
        link.SentIs("c02101020012" + OurOptions, Lcp(2, "10", "010405d0"));
        link.NewsIs("down SubscriberTerminate");
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
}
