using LacEdge.Core;
using LacEdge.Core.Events;
using LacEdge.Core.Ppp;
using LacEdge.Wire;
using static LacEdge.Tests.Core.Ppp.LinkHarness;
using static LacEdge.Tests.Core.Ppp.PapLink;

namespace LacEdge.Tests.Core.Ppp;

/// <summary>What LCP answers besides Configure packets: Echo, Terminate, and what it does not know.</summary>
public sealed class LcpPacketTests
{
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
}
