using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Ppp;
using static LacEdge.Tests.Core.Ppp.LinkHarness;

namespace LacEdge.Tests.Core.Ppp;

/// <summary>The ways in which a link ends, and that it is over then.</summary>
public sealed class LinkEndTests
{
    private static LinkHarness Opened()
    {
        var link = new LinkHarness(authentication: [AuthenticationProtocol.Pap]);
        link.Open();
        return link;
    }

    [Fact]
    public void Terminate_Request_is_repeated_Max_Terminate_times_and_then_the_link_ends()
    {
        var link = Opened();
        link.Terminate(EndCause.RealmUnknown, "no such realm");
        link.SentIs(Lcp(5, "02"));
        link.Advance(3);
        link.SentIs(Lcp(5, "02"));
        link.NewsIs();
        link.Advance(3);
        link.SentNothing();
        link.NewsIs("ended RealmUnknown");
        Assert.Equal(0, link.Timers.Count);
    }

    [Fact]
    public void Terminate_in_the_middle_of_negotiation_is_polite_too()
    {
        var link = new LinkHarness();
        link.Start();
        link.ForgetSent();
        link.Terminate(EndCause.Operator);
        link.SentIs(Lcp(5, "02"));
        link.Receive(Lcp(1, "01", "010405d4"));
        link.SentNothing();
        link.Receive(Lcp(6, "02"));
        link.NewsIs("ended Operator");
    }

    [Fact]
    public void The_first_cause_stays()
    {
        var link = Opened();
        link.Terminate(EndCause.NoLns);
        link.Terminate(EndCause.Operator);
        link.Receive(Lcp(6, "02"));
        link.NewsIs("ended NoLns");
    }

    [Fact]
    public void A_link_that_was_never_started_ends_at_once()
    {
        var link = new LinkHarness();
        link.Terminate(EndCause.Operator);
        link.NewsIs("ended Operator");
        link.SentNothing();
    }

    [Fact]
    public void No_credentials_in_time_end_the_link()
    {
        var link = Opened();
        link.Advance(29.9);
        link.SentNothing();
        link.Advance(0.1);
        link.SentIs(Lcp(5, "02"));
        link.Receive(Lcp(6, "02"));
        link.NewsIs("ended AuthenticationTimeout");
    }

    [Fact]
    public void A_link_that_ends_by_itself_voids_the_credentials_at_once()
    {
        var link = new LinkHarness(challengeId: "2a");
        link.Open();
        link.Sent();
        link.Receive("c223022a002610e19a9463414757c0fd809ea3977b7730616c696365406973702e6578616d706c65");
        link.NewsIs("credentials");
        link.Receive(Lcp(8, "01", "c223"));
        link.NewsIs("down AuthenticationRefused");
        link.Receive(Lcp(6, "03"));
        link.NewsIs("ended AuthenticationRefused");
    }

    [Fact]
    public void A_subscriber_that_negotiates_for_ever_is_cut_off_with_LCP_named_as_the_cause()
    {
        var link = new LinkHarness();
        link.Start();
        for (var i = 0; i < 300; i++)
        {
            link.Receive(Lcp(1, "01", "0802"));
            link.Advance(0.1);
        }

        link.Receive(Lcp(6, "00"));
        link.NewsIs("ended LcpTimeout");
    }

    [Fact]
    public void Credentials_have_no_time_limit_after_they_were_presented()
    {
        var link = Opened();
        link.Receive(Packet("c023", 1, "01", "01610162"));
        link.Advance(3600);
        link.NewsIs("credentials");
        link.SentNothing();
    }

    [Fact]
    public void Nothing_is_sent_or_told_after_the_end()
    {
        var link = Opened();
        link.Receive(Lcp(5, "05"));
        link.ForgetSent();
        link.NewsIs("ended SubscriberTerminate");
        link.Receive(Lcp(1, "06", "010405d4"));
        link.Receive(Lcp(5, "07"));
        link.Receive(Lcp(9, "08", "00000000"));
        link.Terminate(EndCause.Operator);
        link.Advance(3600);
        link.SentNothing();
        link.NewsIs();
    }

    [Fact]
    public void Nothing_is_sent_or_told_after_Release()
    {
        var link = Opened();
        link.Link.Release();
        link.Receive(Packet("c023", 1, "01", "01610162"));
        link.Receive(Lcp(5, "05"));
        link.Terminate(EndCause.Operator);
        link.Advance(3600);
        link.SentNothing();
        link.NewsIs();
        Assert.Equal(0, link.Timers.Count);
    }

    [Fact]
    public void The_user_may_release_or_terminate_from_within_its_callbacks()
    {
        var link = Opened();
        link.OnCredentials = () => link.Terminate(EndCause.NoRealm);
        link.Receive(Packet("c023", 1, "01", "01610162"));
        link.SentIs(Lcp(5, "02"));
        link.OnEnded = link.Link.Release;
        link.Receive(Lcp(6, "02"));
        link.NewsIs("credentials", "down NoRealm", "ended NoRealm");

        link = Opened();
        link.OnCredentials = link.Link.Release;
        link.Receive(Packet("c023", 1, "01", "01610162"));
        link.Receive(Lcp(5, "03"));
        link.NewsIs("credentials");
        link.SentNothing();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void A_Code_Reject_of_what_LCP_needs_is_fatal(int code)
    {
        var link = Opened();
        link.Receive(Lcp(7, "09", Lcp(code, "01")[4..]));
        link.SentIs(Lcp(5, "02"));
        link.Receive(Lcp(6, "02"));
        link.NewsIs("ended LcpRefused");

        link = new LinkHarness();
        link.Start();
        link.Receive(Lcp(7, "09", Lcp(code, "01")[4..]));
        link.NewsIs("ended LcpRefused");
    }

    [Theory]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(0)]
    public void A_Code_Reject_of_anything_else_is_harmless(int code)
    {
        var link = Opened();
        link.Receive(Lcp(7, "09", Lcp(code, "01")[4..]));
        link.Receive(Lcp(7, "09"));
        link.SentNothing();
        link.NewsIs();
        Assert.Equal(PppState.Opened, link.Link.State);
    }

    [Fact]
    public void A_Protocol_Reject_counts_in_Opened_only_and_is_fatal_for_LCP_alone()
    {
        var link = new LinkHarness();
        link.Start();
        link.Receive(Lcp(8, "09", "c0210101"));
        Assert.Equal(PppState.ReqSent, link.Link.State);

        // PP-9: IPv6CP, which we never sent.
        link = Opened();
        link.Receive("c0210803000a80570101000e");
        link.Receive(Lcp(8, "09", "c0"));
        Assert.Equal(PppState.Opened, link.Link.State);
        link.SentNothing();

        link.Receive(Lcp(8, "09", "c021"));
        link.SentIs(Lcp(5, "02"));
        link.Advance(6);
        link.NewsIs("ended LcpRefused");
    }

    [Fact]
    public void A_stray_Terminate_Ack_in_Opened_starts_negotiation_anew()
    {
        var link = Opened();
        link.Receive(Packet("c023", 1, "01", "01610162"));
        link.Receive(Lcp(6, "44"));
        Assert.StartsWith("c0210102", link.Sent(), StringComparison.Ordinal);
        Assert.Equal(PppState.ReqSent, link.Link.State);
        link.NewsIs("credentials", "down SubscriberTerminate");
    }
}
