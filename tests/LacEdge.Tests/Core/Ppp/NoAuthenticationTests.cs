using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Ppp;
using static LacEdge.Tests.Core.Ppp.LinkHarness;

namespace LacEdge.Tests.Core.Ppp;

/// <summary>Authentication <c>none</c>: LCP alone.</summary>
public sealed class NoAuthenticationTests
{
    private static LinkHarness None() => new(authentication: [AuthenticationProtocol.None], magic: "0a0b0c0d");

    [Fact]
    public void No_option_is_asked_for_and_the_subscriber_is_nameless_once_LCP_is_open()
    {
        var link = None();
        Assert.Equal("010405d405060a0b0c0d", link.Open());
        link.NewsIs("credentials");
        link.SentNothing();
        Assert.Same(Credentials.Nameless, link.Link.Credentials);
        link.Advance(3600);
        Assert.Equal(PppState.Opened, link.Link.State);
    }

    [Fact]
    public void A_restart_of_LCP_voids_the_namelessness_too()
    {
        var link = None();
        link.Open();
        link.Receive(Lcp(1, "02", "010405d4"));
        link.NewsIs("credentials", "down SubscriberTerminate");
        link.Receive(string.Concat("c02102", link.Sent().AsSpan(6)));
        link.NewsIs("credentials");
    }

    [Fact]
    public void A_Nak_that_wants_authentication_is_a_hint_that_is_not_taken()
    {
        var link = None();
        link.Start();
        var request = link.Sent();
        link.Receive(Lcp(3, request[6..8], "0304c023"));
        Assert.Equal("010405d405060a0b0c0d", link.Sent()[12..]);
    }

    [Fact]
    public void A_Reject_of_authentication_is_dropped_as_we_did_not_ask()
    {
        var link = None();
        link.Start();
        var request = link.Sent();
        link.Receive(Lcp(4, request[6..8], "0304c023"));
        link.SentNothing();
        Assert.Equal(1ul, link.Counters[DropReason.PppUnexpected]);
    }

    [Fact]
    public void Credentials_that_nobody_asked_for_are_dropped()
    {
        var link = None();
        link.Open();
        link.Receive("c0230101002111616c696365406973702e6578616d706c650a776f6e6465726c616e64");
        link.NewsIs("credentials");
        Assert.Same(Credentials.Nameless, link.Link.Credentials);
    }
}
