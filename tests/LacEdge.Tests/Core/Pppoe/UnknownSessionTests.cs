using LacEdge.Core;
using static LacEdge.Tests.Core.Pppoe.PppoeHarness;

namespace LacEdge.Tests.Core.Pppoe;

/// <summary>Frames of sessions that we do not have: when PADT answers them.</summary>
public sealed class UnknownSessionTests
{
    private const string Other = "020000000002";
    private const string Echo = "c0210901000800000000";
    private static readonly string _text = Tag("0203", Convert.ToHexStringLower("no such session"u8));

    [Fact]
    public void A_host_that_sends_on_a_session_unknown_to_us_gets_PADT_once_a_second()
    {
        var server = new PppoeHarness();
        for (var i = 0; i < 100; i++) server.Receive(Session(Ac, Client, "1234", Echo));
        Assert.Equal(Discovery(Client, Ac, "a7", "1234", _text), server.SentOne());
        Assert.Equal(100ul, server.Counters[DropReason.PppoeSessionUnknown]);
        Assert.Equal(1ul, server.Counters[LacCounter.PadtSent]);
        server.Now += TimeSpan.FromSeconds(0.9);
        server.Receive(Session(Ac, Client, "1234", Echo));
        server.SentNothing();
        server.Receive(Session(Ac, Other, "1234", Echo));
        server.SentOne();
        server.Now += TimeSpan.FromSeconds(0.1);
        server.Receive(Session(Ac, Client, "1234", Echo));
        server.SentOne();
        server.NewsIs();
    }

    [Fact]
    public void The_PADT_carries_the_tags_of_the_frame()
    {
        var server = new PppoeHarness(Unlimited, Service("residential", ["300.7"]));
        const string tags = "88a8012c81000007";
        server.Receive(Session(Ac, Client, "1234", Echo, tags));
        Assert.Equal(Discovery(Client, Ac, "a7", "1234", _text, tags), server.SentOne());
        server.Receive(Session(Ac, Other, "1234", Echo, "88a8012c81000008"));
        server.SentNothing();
    }

    [Theory]
    // To another MAC, to all, to a group.
    [InlineData("0200000000ee", Client, "00", "8864", "1234")]
    [InlineData(Broadcast, Client, "00", "8864", "1234")]
    [InlineData("01005e000001", Client, "00", "8864", "1234")]
    // From a group, from nobody, from ourselves.
    [InlineData(Ac, "030000000001", "00", "8864", "1234")]
    [InlineData(Ac, "000000000000", "00", "8864", "1234")]
    [InlineData(Ac, Ac, "00", "8864", "1234")]
    // A PADT, also where it does not belong, and other codes.
    [InlineData(Ac, Client, "a7", "8863", "1234")]
    [InlineData(Ac, Client, "a7", "8864", "1234")]
    [InlineData(Ac, Client, "65", "8864", "1234")]
    // What is no session id.
    [InlineData(Ac, Client, "00", "8864", "0000")]
    [InlineData(Ac, Client, "00", "8864", "ffff")]
    public void Whatever_another_access_concentrator_may_be_concerned_with_is_not_answered(
        string destination, string source, string code, string etherType, string id)
    {
        var server = new PppoeHarness();
        server.Receive($"{destination}{source}{etherType}11{code}{id}000a{Echo}");
        server.SentNothing();
    }

    [Fact]
    public void PPPOE_015_On_an_id_that_somebody_else_has_others_are_answered_nothing()
    {
        var server = new PppoeHarness();
        var id = server.Dial();
        server.Receive(Session(Ac, Other, id, Echo));
        server.SentNothing();
        Assert.Equal(1ul, server.Counters[DropReason.PppoeNotOwner]);
    }

    [Fact]
    public void PPPOE_014_A_host_that_closed_its_session_gets_no_PADT_for_what_was_on_its_way()
    {
        var server = new PppoeHarness();
        var id = server.Dial();
        server.Receive(Discovery(Ac, Client, "a7", id, ""));
        for (var second = 0; second < 31; second++)
        {
            server.Receive(Session(Ac, Client, id, Echo));
            server.SentNothing();
            server.Now += TimeSpan.FromSeconds(1);
        }

        // The id rests no more: this is not on its way.
        server.Receive(Session(Ac, Client, id, Echo));
        server.SentOne();
    }

    [Fact]
    public void A_host_whose_PADT_was_lost_is_told_again_a_second_later()
    {
        var server = new PppoeHarness();
        var id = server.Dial();
        server.Server.Close(server.Last!, true, "", server.Now);
        server.SentOne();
        server.Receive(Session(Ac, Client, id, Echo));
        server.SentNothing();
        server.Now += TimeSpan.FromSeconds(1);
        server.Receive(Session(Ac, Client, id, Echo));
        server.SentOne();
    }

    [Theory]
    [InlineData(20, 20)]
    [InlineData(0, 0)]
    public void An_interface_sends_no_more_of_them_than_its_rate(int rate, int sent)
    {
        var server = new PppoeHarness(Unlimited with { PadtRate = rate }, Service("residential", ["untagged"]));
        for (var i = 0; i < 1000; i++) server.Receive(Session(Ac, $"02000001{i:x4}", "1234", Echo));
        Assert.Equal(sent, server.Sent().Length);
    }
}
