using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Pppoe;
using LacEdge.Tests.Wire.Pppoe;
using LacEdge.Wire;
using static LacEdge.Tests.Core.Pppoe.PppoeHarness;

namespace LacEdge.Tests.Core.Pppoe;

/// <summary>PADI to PADS: what is answered, how, and what is not.</summary>
public sealed class DiscoveryTests
{
    private const string AnyName = "01010000";

    private static string Padi(string tags, string vlans = "") => Discovery(Broadcast, Client, "09", "0000", tags, vlans);

    [Fact]
    public void PPPOE_001_A_PADI_is_answered_by_a_unicast_PADO_as_PE_3()
    {
        var server = new PppoeHarness(mtu: 1508);
        server.Receive(PppoeVectors.Padi);
        var pado = server.SentOne();
        // Only the cookie's value is our own affair.
        var at = PppoeVectors.Pado.IndexOf("01040010", StringComparison.Ordinal) + 8;
        Assert.Equal(PppoeVectors.Pado.Remove(at, 32), pado.Remove(at, 32));
        Assert.Equal(1ul, server.Counters[LacCounter.PadiReceived]);
        Assert.Equal(1ul, server.Counters[LacCounter.PadoSent]);
    }

    [Fact]
    public void PPPOE_004_A_PADR_with_its_cookie_gets_PADS_as_PE_5_and_a_session()
    {
        var server = new PppoeHarness(mtu: 1508);
        server.Receive(PppoeVectors.Padi);
        var cookie = TagOf(server.SentOne(), "0104")!;
        server.Receive(PppoeVectors.Padr.Replace("3fea5384f91c0c701bf620298d4ee3cf", cookie, StringComparison.Ordinal));
        var pads = server.SentOne();
        var sessionId = pads.Substring(32, 4);
        Assert.Equal(PppoeVectors.Pads.Replace("651001", $"65{sessionId}", StringComparison.Ordinal), pads);
        server.NewsIs($"opened {sessionId}");
        Assert.Equal(1500, server.Last!.MaxPayload);
        Assert.Equal(1, server.Server.SessionCount);
        Assert.Equal(1ul, server.Counters[LacCounter.PadrReceived]);
        Assert.Equal(1ul, server.Counters[LacCounter.PadsSent]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("11223344")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000ff")]
    public void PPPOE_002_Host_Uniq_comes_back_as_it_was_in_PADO_and_PADS(string hostUniq)
    {
        var server = new PppoeHarness();
        server.Receive(Padi(AnyName + Tag("0103", hostUniq)));
        var pado = server.SentOne();
        Assert.Equal(hostUniq, TagOf(pado, "0103"));
        server.Receive(Padr(TagOf(pado, "0104")!, hostUniq: hostUniq));
        Assert.Equal(hostUniq, TagOf(server.SentOne(), "0103"));
    }

    [Fact]
    public void PPPOE_002_Without_Host_Uniq_there_is_none_in_the_answer()
    {
        var server = new PppoeHarness();
        server.Receive(Padi(AnyName));
        Assert.Null(TagOf(server.SentOne(), "0103"));
    }

    [Fact]
    public void PPPOE_003_Relay_Session_Id_comes_back_as_it_was_in_PADO_PADS_and_error_PADS()
    {
        var server = new PppoeHarness();
        var relay = Tag("0110", "0001020300ff");
        server.Receive(Padi(AnyName + relay));
        var pado = server.SentOne();
        Assert.Contains(relay, pado, StringComparison.Ordinal);
        var cookie = Tag("0104", TagOf(pado, "0104")!);
        server.Receive(Discovery(Ac, Client, "19", "0000", AnyName + relay + cookie));
        Assert.Contains(relay, server.SentOne(), StringComparison.Ordinal);
        server.Refusal = "no";
        server.Receive(Discovery(Ac, Client, "19", "0000", AnyName + Tag("0103", "99") + relay + cookie));
        var error = server.SentOne();
        Assert.Equal("0000", error.Substring(32, 4));
        Assert.Contains(relay, error, StringComparison.Ordinal);
    }

    [Fact]
    public void PPPOE_005_Session_ids_0_and_FFFF_are_never_given()
    {
        using var random = new RandomStreams(new byte[RandomStreams.SeedSize]);
        var ids = new AccessGroup(0, [], random).Ids;
        var seen = new HashSet<ushort>();
        while (ids.TryTake(Instant.Zero, out var id)) Assert.True(seen.Add(id));
        Assert.Equal(0xFFFE, seen.Count);
        Assert.DoesNotContain((ushort)0, seen);
        Assert.DoesNotContain((ushort)0xFFFF, seen);
    }

    [Fact]
    public void PPPOE_006_A_name_that_is_not_served_gets_no_PADO_and_PADS_as_PE_6()
    {
        var server = new PppoeHarness(names: [new ServiceNameConfig("internet", true), new ServiceNameConfig("voice", false)]);
        server.Receive(Padi(Tag("0101", "676f6c64")));
        server.SentNothing();
        Assert.Equal(1ul, server.Counters[DropReason.ServiceUnknown]);

        server.Receive(Padr(server.Cookie(), name: "676f6c64"));
        Assert.Equal(PppoeVectors.PadsNameError, server.SentOne());
        server.NewsIs();
        Assert.Equal(1ul, server.Counters[LacCounter.PadsErrorSent]);
    }

    [Fact]
    public void PPPOE_001_Advertised_names_are_offered_besides_the_one_asked_for()
    {
        var server = new PppoeHarness(names: [new ServiceNameConfig("internet", true), new ServiceNameConfig("voice", false)]);
        server.Receive(Padi(AnyName));
        Assert.Equal(AnyName + Tag("0101", "696e7465726e6574") + "0102000a", server.SentOne().Substring(40, 40));
        server.Receive(Padi(Tag("0101", "696e7465726e6574")));
        Assert.Equal(Tag("0101", "696e7465726e6574") + "0102000a", server.SentOne().Substring(40, 32));
        server.Receive(Padr(server.Cookie(), name: "766f696365"));
        Assert.Equal("766f696365", TagOf(server.SentOne(), "0101"));
        Assert.Equal("voice"u8, server.Last!.ServiceName.Span);
    }

    [Fact]
    public void PPPOE_007_A_refused_admission_is_AC_System_Error_as_PE_7()
    {
        var server = new PppoeHarness();
        var cookie = server.Cookie();
        server.Refusal = "no resources";
        server.Receive(Padr(cookie));
        Assert.Equal(PppoeVectors.PadsSystemError, server.SentOne());
        server.NewsIs();
        Assert.Equal(0, server.Server.SessionCount);
    }

    [Fact]
    public void PPPOE_007_At_the_session_limit_new_sessions_are_refused_and_the_old_stay()
    {
        var server = new PppoeHarness(maxSessions: 2);
        var first = server.Dial(hostUniq: "01");
        server.Dial(hostUniq: "02");
        server.Receive(Padr(server.Cookie(), hostUniq: "03"));
        Assert.Equal("no resources"u8.ToArray(), Convert.FromHexString(TagOf(server.SentOne(), "0202")!));
        Assert.Equal(1ul, server.Counters[DropReason.Limit]);
        server.Receive(Discovery(Ac, Client, "a7", first, ""));
        server.Dial(hostUniq: "03");
    }

    [Fact]
    public void PPPOE_008_Unknown_tags_are_passed_over_and_not_sent_back()
    {
        var server = new PppoeHarness();
        server.Receive(Padi(Tag("fffe", "abcd") + AnyName + Tag("7777", "")));
        var pado = server.SentOne();
        Assert.Null(TagOf(pado, "fffe"));
        Assert.Null(TagOf(pado, "7777"));
    }

    [Fact]
    public void PPPOE_009_Padding_and_what_follows_End_Of_List_are_not_parsed()
    {
        var server = new PppoeHarness();
        server.Receive(Padi(AnyName) + "0101ffff");
        server.SentOne();
        server.Receive(Padi(AnyName + "00000000" + "01010000" + "0101ffff"));
        server.SentOne();
    }

    [Theory]
    [InlineData("110900000100" + AnyName, DecodeError.PppoeLength)]
    [InlineData("110900000006" + AnyName + "0103", DecodeError.PppoeTagTruncated)]
    [InlineData("110900000008" + AnyName + "01030001", DecodeError.PppoeTagLength)]
    [InlineData("120900000004" + AnyName, DecodeError.PppoeVersion)]
    [InlineData("010900000004" + AnyName, DecodeError.PppoeVersion)]
    [InlineData("1109000000", DecodeError.PppoeTruncated)]
    [InlineData("110800000004" + AnyName, DecodeError.PppoeCode)]
    public void PPPOE_010_PPPOE_011_PPPOE_012_Broken_packets_are_dropped_and_counted(string packet, DecodeError error)
    {
        var server = new PppoeHarness();
        server.Receive($"{Ac}{Client}8863{packet}");
        server.SentNothing();
        Assert.Equal(1ul, server.Counters[error]);
    }

    [Theory]
    [InlineData("09", "0000", "", DropReason.ServiceNameCount)]
    [InlineData("09", "0000", AnyName + AnyName, DropReason.ServiceNameCount)]
    [InlineData("09", "0001", AnyName, DropReason.SessionIdNotZero)]
    [InlineData("19", "0000", "", DropReason.ServiceNameCount)]
    [InlineData("19", "0000", AnyName + AnyName, DropReason.ServiceNameCount)]
    [InlineData("19", "1234", AnyName, DropReason.SessionIdNotZero)]
    [InlineData("07", "0000", AnyName, DropReason.PppoeCodeUnexpected)]
    [InlineData("65", "0000", AnyName, DropReason.PppoeCodeUnexpected)]
    [InlineData("00", "0000", AnyName, DropReason.PppoeCodeUnexpected)]
    public void PPPOE_012_Requests_out_of_order_are_dropped_and_counted(string code, string sessionId, string tags, DropReason reason)
    {
        var server = new PppoeHarness();
        server.Receive(Discovery(Ac, Client, code, sessionId, tags));
        server.SentNothing();
        server.NewsIs();
        Assert.Equal(1ul, server.Counters[reason]);
    }

    [Theory]
    [InlineData("19", Broadcast)]
    [InlineData("a7", Broadcast)]
    [InlineData("09", "020000000099")]
    [InlineData("09", "01005e000001")]
    public void PPPOE_012_Only_a_PADI_may_come_to_everybody(string code, string destination)
    {
        var server = new PppoeHarness();
        server.Receive(Discovery(destination, Client, code, "0000", AnyName));
        server.SentNothing();
        Assert.Equal(1ul, server.Counters[DropReason.NotForUs]);
    }

    [Theory]
    [InlineData("030000000001", DropReason.GroupSource)]
    [InlineData(Broadcast, DropReason.GroupSource)]
    [InlineData("000000000000", DropReason.GroupSource)]
    [InlineData(Ac, DropReason.NotForUs)]
    public void Frames_from_group_addresses_and_our_own_are_dropped(string source, DropReason reason)
    {
        var server = new PppoeHarness();
        server.Receive(Discovery(Broadcast, source, "09", "0000", AnyName));
        server.SentNothing();
        Assert.Equal(1ul, server.Counters[reason]);
    }

    [Fact]
    public void Other_EtherTypes_and_interfaces_that_are_down_or_unknown_are_dropped()
    {
        var server = new PppoeHarness();
        server.Receive($"{Ac}{Client}080045000000");
        Assert.Equal(1ul, server.Counters[DropReason.NotForUs]);
        server.Server.SetInterface(0, Mac(Ac), 1500, false);
        server.Receive(Padi(AnyName));
        server.Receive(Padi(AnyName), group: 7);
        server.Receive(Padi(AnyName), group: -1);
        server.SentNothing();
        Assert.Equal(3ul, server.Counters[DropReason.InterfaceNotReady]);
    }

    [Fact]
    public void PPPOE_016_A_PADR_without_cookie_is_dropped()
    {
        var server = new PppoeHarness();
        server.Receive(Discovery(Ac, Client, "19", "0000", AnyName));
        AssertRefused(server, DropReason.CookieMissing);
    }

    [Fact]
    public void PPPOE_016_A_PADR_with_the_cookie_of_another_MAC_is_dropped()
    {
        var server = new PppoeHarness();
        server.Receive(Padr(server.Cookie(client: "020000000002")));
        AssertRefused(server, DropReason.CookieWrong);
    }

    [Fact]
    public void PPPOE_016_A_PADR_with_the_cookie_of_another_interface_is_dropped()
    {
        var server = new PppoeHarness(groups: 2);
        server.Receive(Padr(server.Cookie(group: 1)));
        AssertRefused(server, DropReason.CookieWrong);
    }

    [Fact]
    public void PPPOE_016_A_PADR_with_any_bit_of_the_cookie_flipped_or_of_another_length_is_dropped()
    {
        var server = new PppoeHarness();
        var cookie = Convert.FromHexString(server.Cookie());
        for (var bit = 0; bit < cookie.Length * 8; bit++)
        {
            cookie[bit / 8] ^= (byte)(1 << (bit & 7));
            server.Receive(Padr(Convert.ToHexStringLower(cookie)));
            cookie[bit / 8] ^= (byte)(1 << (bit & 7));
        }

        server.Receive(Padr(Convert.ToHexStringLower(cookie.AsSpan(1))));
        server.Receive(Padr(Convert.ToHexStringLower(cookie) + "00"));
        server.Receive(Padr(""));
        server.SentNothing();
        server.NewsIs();
        Assert.Equal(128ul + 3, server.Counters[DropReason.CookieWrong]);
    }

    [Fact]
    public void PPPOE_016_A_cookie_is_good_for_its_slot_and_the_next()
    {
        var server = new PppoeHarness { Now = Instant.Zero + TimeSpan.FromSeconds(900) };
        var cookie = server.Cookie();
        server.Now += TimeSpan.FromSeconds(59.9);
        server.Receive(Padr(cookie));
        server.SentOne();
        server.Now += TimeSpan.FromSeconds(0.1);
        server.Receive(Padr(cookie, hostUniq: "55"));
        server.SentNothing();
        Assert.Equal(1ul, server.Counters[DropReason.CookieWrong]);
    }

    [Fact]
    public void PPPOE_017_A_PADI_leaves_nothing_behind()
    {
        var server = new PppoeHarness();
        var frame = Convert.FromHexString(Padi(AnyName + Tag("0103", "11223344")));
        var at = server.Now;
        Flood(server, frame, at, 1000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Flood(server, frame, at, 1000);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(2000ul, server.Counters[LacCounter.PadoSent]);
        Assert.Equal(0, server.Server.SessionCount);
    }

    [Fact]
    public void PPPOE_021_PPP_Max_Payload_is_sent_back_only_where_more_than_1492_is_possible()
    {
        foreach (var (mtu, echoed) in (ReadOnlySpan<(int, bool)>)[(1500, false), (1501, true), (1508, true), (9000, true)])
        {
            var server = new PppoeHarness(mtu: mtu);
            server.Receive(Padi(AnyName + "0120000205dc"));
            var pado = server.SentOne();
            Assert.Equal(echoed ? "05dc" : null, TagOf(pado, "0120"));
            server.Receive(Discovery(Ac, Client, "19", "0000", AnyName + Tag("0104", TagOf(pado, "0104")!) + "0120000205dc"));
            Assert.Equal(echoed ? "05dc" : null, TagOf(server.SentOne(), "0120"));
        }
    }

    [Theory]
    [InlineData(1500, "0120000205dc", 1492)]
    [InlineData(1508, "0120000205dc", 1500)]
    [InlineData(1508, "012000022000", 1500)]
    [InlineData(9000, "0120000205dc", 1500)]
    [InlineData(9000, "012000022000", 8192)]
    [InlineData(9000, "0120000205d4", 1492)]
    [InlineData(9000, "012000020100", 1492)]
    [InlineData(9000, "01200003200000", 1492)]
    [InlineData(9000, "", 1492)]
    [InlineData(1400, "", 1392)]
    public void PPPOE_022_The_largest_MRU_follows_RFC_4638(int mtu, string tag, int expected)
    {
        var server = new PppoeHarness(mtu: mtu);
        server.Receive(Discovery(Ac, Client, "19", "0000", AnyName + Tag("0104", server.Cookie()) + tag));
        server.SentOne();
        Assert.Equal(expected, server.Last!.MaxPayload);
    }

    [Fact]
    public void PPPOE_023_Tagged_frames_are_not_for_an_untagged_service()
    {
        var server = new PppoeHarness();
        server.Receive(PppoeVectors.PadiQinq);
        server.Receive(Padi(AnyName, "81000064"));
        server.SentNothing();
        Assert.Equal(2ul, server.Counters[DropReason.NotForUs]);
    }

    [Fact]
    public void PPPOE_024_The_access_line_tag_is_never_sent_back()
    {
        var server = new PppoeHarness();
        server.Receive(PppoeVectors.Padi);
        Assert.Null(TagOf(server.SentOne(), "0105"));
    }

    [Fact]
    public void An_answer_that_fits_no_frame_is_not_sent()
    {
        var server = new PppoeHarness();
        server.Receive(Padi(AnyName + Tag("0103", new string('5', 2 * 1453))));
        server.SentNothing();
        Assert.Equal(1ul, server.Counters[DropReason.Limit]);
        server.Receive(Padi(AnyName + Tag("0103", new string('5', 2 * 1452))));
        Assert.Equal(2 * 1514, server.SentOne().Length);
    }

    private static void AssertRefused(PppoeHarness server, DropReason reason)
    {
        server.SentNothing();
        server.NewsIs();
        Assert.Equal(1ul, server.Counters[reason]);
        Assert.Equal(0, server.Server.SessionCount);
    }

    private static void Flood(PppoeHarness server, byte[] frame, Instant now, int count)
    {
        for (var i = 0; i < count; i++)
        {
            frame[9] = (byte)i;
            frame[8] = (byte)(i >> 8);
            server.Server.HandleFrame(0, frame, now);
            server.Outbox.Clear();
        }
    }
}
