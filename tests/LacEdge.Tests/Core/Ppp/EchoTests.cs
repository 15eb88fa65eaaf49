using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Ppp;
using LacEdge.Wire;
using static LacEdge.Tests.Core.Ppp.LinkHarness;

namespace LacEdge.Tests.Core.Ppp;

/// <summary>Our own Echo-Requests until the hand-over, and what the subscriber says of itself.</summary>
public sealed class EchoTests
{
    private const string Magic = "0badcafe";

    private static LinkHarness Opened(int interval = 10, int failures = 3, AuthenticationProtocol protocol = AuthenticationProtocol.Pap)
    {
        var config = new PppConfig { EchoInterval = TimeSpan.FromSeconds(interval), EchoFailures = failures, AuthenticationTimeout = TimeSpan.FromMinutes(9) };
        var link = new LinkHarness(config, [protocol], magic: Magic, echoes: true);
        link.Open();
        return link;
    }

    [Fact]
    public void LCP_010_Echo_Requests_carry_our_magic_and_go_out_at_intervals()
    {
        var link = Opened();
        link.Advance(9.9);
        link.SentNothing();
        link.Advance(0.1);
        link.SentIs(Lcp(9, "02", Magic));
        link.Receive(Lcp(10, "02", "01020304"));
        link.Advance(10);
        link.SentIs(Lcp(9, "03", Magic));
        link.NewsIs();
    }

    [Fact]
    public void LCP_010_Missed_Echo_Replies_end_the_session_without_another_word()
    {
        var link = Opened(interval: 5, failures: 2);
        link.Advance(14.9);
        link.SentIs(Lcp(9, "02", Magic), Lcp(9, "03", Magic));
        link.NewsIs();
        link.Advance(0.1);
        link.SentNothing();
        link.NewsIs("ended EchoTimeout");
        Assert.Equal(0, link.Timers.Count);
    }

    [Fact]
    public void LCP_010_One_reply_in_time_starts_the_count_anew()
    {
        var link = Opened(interval: 5, failures: 2);
        link.Advance(14);
        link.Receive(Lcp(10, "03", "01020304"));
        link.Advance(10.9);
        link.NewsIs();
        link.Advance(0.1);
        link.NewsIs("ended EchoTimeout");
    }

    [Fact]
    public void LCP_010_Echoes_go_on_while_an_LNS_is_looked_for_and_end_with_Release()
    {
        var link = Opened();
        link.Receive(Packet("c023", 1, "01", "01610162"));
        link.NewsIs("credentials");
        link.Advance(10);
        link.SentIs(Lcp(9, "02", Magic));
        link.Link.Release();
        link.Advance(100);
        link.SentNothing();
        link.NewsIs();
    }

    [Fact]
    public void LCP_010_Without_an_interval_and_before_Opened_none_are_sent()
    {
        var link = Opened(interval: 0);
        link.Advance(100);
        link.SentNothing();

        link = Opened();
        link.Receive(Lcp(1, "07", "010405d4"));
        link.ForgetSent();
        Assert.Equal(PppState.AckSent, link.Link.State);
        link.Advance(20);
        while (link.SentCount > 0) Assert.StartsWith("c02101", link.Sent(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reply_to_another_request_is_no_reply()
    {
        var link = Opened(interval: 5, failures: 1);
        link.Receive(Lcp(10, "02", "01020304"));
        link.Advance(5);
        link.Receive(Lcp(10, "01", "01020304"));
        Assert.Equal(2ul, link.Counters[DropReason.PppIdentifierMismatch]);
        link.Advance(5);
        link.NewsIs("ended EchoTimeout");
    }

    [Fact]
    public void LCP_011_Our_own_Echo_Requests_and_Replies_coming_back_are_a_loop()
    {
        var link = Opened(interval: 1, failures: 100);
        link.ForgetSent();
        for (var i = 0; i < 3; i++)
        {
            link.Advance(1);
            var echo = link.Sent();
            link.Receive(echo);
            link.Receive("c0210a" + echo[6..]);
            Assert.Equal(i == 2 ? 1 : 0, link.SentCount);
        }

        Assert.StartsWith("c02105", link.Sent(), StringComparison.Ordinal);
        link.Terminate(EndCause.Operator);
        link.Advance(10);
        link.NewsIs("ended LcpLoop");
    }

    [Theory]
    [InlineData("4d5352415356352e3130", "MSRASV5.10")]
    [InlineData("1b5b324a0a", @"\x1b[2J\x0a")]
    [InlineData("", "")]
    public void LCP_013_Identification_is_kept_in_print_and_never_answered(string text, string kept)
    {
        foreach (var link in (LinkHarness[])[PapLink.Started(), PapLink.Opened(), PapLink.Authenticated()])
        {
            link.Receive(Lcp(12, "44", "01020304" + "6f6c64"));
            link.Receive(Lcp(12, "45", "01020304" + text));
            link.SentNothing();
            Assert.Equal(kept, link.Link.Identification);
        }
    }

    [Fact]
    public void LCP_013_An_Identification_is_kept_up_to_a_limit_and_one_without_magic_not_at_all()
    {
        var link = PapLink.Opened();
        link.Receive(Lcp(12, "44", "0102"));
        Assert.Equal(("", 1ul), (link.Link.Identification, link.Counters[DecodeError.PppControlTruncated]));
        link.Receive(Lcp(12, "44", "01020304" + new string('6', 2800)));
        Assert.Equal(PrintableText.MaxOctets + 3, link.Link.Identification.Length);
    }
}
