using LacEdge.Core;
using LacEdge.Tests.Wire;
using LacEdge.Tests.Wire.Pppoe;
using static LacEdge.Tests.Core.Pppoe.PppoeHarness;

namespace LacEdge.Tests.Core.Pppoe;

/// <summary>From PADS to PADT.</summary>
public sealed class SessionTests
{
    private const string Other = "020000000002";

    [Fact]
    public void Session_frames_reach_the_user_without_padding()
    {
        var server = new PppoeHarness();
        var id = server.Dial();
        server.Receive(PppoeVectors.ConfigureRequestPadded.Replace("11001001", $"1100{id}", StringComparison.Ordinal));
        server.NewsIs($"opened {id}", $"ppp {id} c0210101000e010405d405060a0b0c0d");
        Assert.Equal(1ul, server.Counters[LacCounter.PppFramesReceived]);
    }

    [Fact]
    public void PPP_frames_are_sent_as_PE_10()
    {
        var server = new PppoeHarness();
        var id = server.Dial();
        server.Server.SendPpp(server.Last!, Convert.FromHexString("c02101010013010405d40305c2230505060badcafe"), 3);
        Assert.Equal(3, Assert.Single(server.Outbox.Outputs).Slot);
        Assert.Equal(PppoeVectors.ConfigureRequestOfAc.Replace("11001001", $"1100{id}", StringComparison.Ordinal), server.SentOne());
        Assert.Equal(1ul, server.Counters[LacCounter.PppFramesSent]);
    }

    [Fact]
    public void PPP_frames_longer_than_the_session_carries_are_dropped()
    {
        var server = new PppoeHarness();
        server.Dial();
        server.Server.SendPpp(server.Last!, new byte[1494], -1);
        Assert.Equal(2 * 1514, server.SentOne().Length);
        server.Server.SendPpp(server.Last!, new byte[1495], -1);
        server.SentNothing();
        Assert.Equal(1ul, server.Counters[DropReason.L2tpDataOversized]);
    }

    [Fact]
    public void PPPOE_013_Other_codes_in_the_session_stage_are_dropped()
    {
        var server = new PppoeHarness();
        var id = server.Dial();
        server.NewsIs($"opened {id}");
        foreach (var code in (string[])["09", "07", "19", "65", "a7", "01"])
            server.Receive($"{Ac}{Client}886411{code}{id}0002c021");
        server.NewsIs();
        server.SentNothing();
        Assert.Equal(6ul, server.Counters[DropReason.PppoeCodeUnexpected]);
    }

    [Fact]
    public void PPPOE_014_PADT_ends_the_session_and_nothing_more_is_sent_on_it()
    {
        var server = new PppoeHarness();
        var id = server.Dial();
        server.Receive(Discovery(Ac, Client, "a7", id, Tag("0203", "62796507")));
        server.NewsIs($"opened {id}", $"closed {id} bye\\x07");
        Assert.Equal(0, server.Server.SessionCount);
        server.Server.Close(server.Last!, true, "too late", server.Now);
        server.SentNothing();
        server.Receive(Session(Ac, Client, id, "c0210901000800000000"));
        server.Receive(Discovery(Ac, Client, "a7", id, ""));
        server.NewsIs();
        Assert.Equal(2ul, server.Counters[DropReason.PppoeSessionUnknown]);
    }

    [Fact]
    public void PPPOE_015_PADT_and_data_of_another_MAC_are_ignored()
    {
        var server = new PppoeHarness();
        var id = server.Dial();
        server.NewsIs($"opened {id}");
        server.Receive(Discovery(Ac, Other, "a7", id, ""));
        server.Receive(Session(Ac, Other, id, "c0210901000800000000"));
        server.NewsIs();
        Assert.Equal(2ul, server.Counters[DropReason.PppoeNotOwner]);
        Assert.Equal(1, server.Server.SessionCount);
    }

    [Fact]
    public void PPPOE_015_Sessions_of_two_interfaces_are_apart_even_with_one_id()
    {
        var server = new PppoeHarness(groups: 2);
        var id = server.Dial(group: 0);
        server.Receive(Discovery(Ac, Client, "a7", id, ""), group: 1);
        Assert.Equal(1ul, server.Counters[DropReason.PppoeSessionUnknown]);
        Assert.Equal(1, server.Server.SessionCount);
    }

    [Fact]
    public void PPPOE_019_A_repeated_PADR_gets_the_same_session_as_long_as_no_PPP_came()
    {
        var server = new PppoeHarness();
        var id = server.Dial();
        server.Now += TimeSpan.FromSeconds(25);
        Assert.Equal(id, server.Dial());
        server.NewsIs($"opened {id}");
        Assert.Equal(1, server.Server.SessionCount);
        Assert.Equal(2ul, server.Counters[LacCounter.PadsSent]);
    }

    [Fact]
    public void PPPOE_019_A_PADR_duplicated_by_the_network_gets_the_same_session_even_if_PPP_came()
    {
        var server = new PppoeHarness();
        var id = server.Dial();
        server.Receive(Session(Ac, Client, id, "c02101010004"));
        server.Now += TimeSpan.FromSeconds(9);
        Assert.Equal(id, server.Dial());
        server.Now += TimeSpan.FromSeconds(1);
        Assert.NotEqual(id, server.Dial());
        Assert.Equal(2, server.Server.SessionCount);
    }

    [Fact]
    public void PPPOE_019_Another_Host_Uniq_or_MAC_is_another_session()
    {
        var server = new PppoeHarness();
        string[] ids = [server.Dial(), server.Dial(hostUniq: "11223345"), server.Dial(hostUniq: ""), server.Dial(client: Other)];
        Assert.Equal(4, ids.Distinct().Count());
        Assert.Equal(4, server.Server.SessionCount);
        // Each of them is found again, and none after its end, in whatever order they go.
        Assert.Equal(ids[0], server.Dial());
        Assert.Equal(ids[1], server.Dial(hostUniq: "11223345"));
        server.Receive(Discovery(Ac, Client, "a7", ids[1], ""));
        Assert.Equal(ids[0], server.Dial());
        Assert.Equal(ids[2], server.Dial(hostUniq: ""));
        server.Receive(Discovery(Ac, Client, "a7", ids[2], ""));
        server.Receive(Discovery(Ac, Client, "a7", ids[0], ""));
        Assert.Equal(1, server.Server.SessionCount);
        Assert.NotEqual(ids[0], server.Dial());
    }

    [Fact]
    public void PPPOE_020_Close_sends_PADT_as_PE_8_with_the_reason()
    {
        var server = new PppoeHarness();
        var id = server.Dial();
        server.Server.Close(server.Last!, true, "LNS closed session", server.Now);
        Assert.Equal(PppoeVectors.Padt.Replace("a71001", $"a7{id}", StringComparison.Ordinal), server.SentOne());
        server.Server.Close(server.Last!, true, "again", server.Now);
        server.SentNothing();
        server.NewsIs($"opened {id}");
        Assert.Equal(1ul, server.Counters[LacCounter.PadtSent]);
    }

    [Fact]
    public void Close_without_PADT_is_silent_and_without_a_reason_PADT_is_bare()
    {
        var server = new PppoeHarness();
        server.Dial();
        server.Server.Close(server.Last!, false, "interface down", server.Now);
        server.SentNothing();
        var id = server.Dial();
        server.Server.Close(server.Last!, true, "", server.Now);
        Assert.Equal(Discovery(Client, Ac, "a7", id, ""), server.SentOne());
    }

    [Fact]
    public void Session_ids_rest_after_use()
    {
        var server = new PppoeHarness(maxSessions: 70000);
        var used = new HashSet<string>();
        for (var i = 0; i < 500; i++)
        {
            var id = server.Dial();
            Assert.True(used.Add(id));
            server.Receive(Discovery(Ac, Client, "a7", id, ""));
        }
    }

    public static TheoryData<string> Vectors => PppoeVectors.Theory;

    [Theory]
    [MemberData(nameof(Vectors))]
    public void No_damaged_vector_throws(string vector)
    {
        var server = new PppoeHarness(mtu: 1508);
        var id = server.Dial();
        foreach (var frame in Damage.Of(vector.Replace("1001", id, StringComparison.Ordinal)))
        {
            server.Server.HandleFrame(0, frame, server.Now);
            Assert.InRange(server.Sent().Length, 0, 1);
        }

        Assert.InRange(server.Server.SessionCount, 0, 1);
    }
}
