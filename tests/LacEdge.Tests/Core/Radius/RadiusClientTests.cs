using LacEdge.Core;
using LacEdge.Core.Events;
using LacEdge.Core.Radius;
using LacEdge.Wire;
using LacEdge.Wire.Ip;
using LacEdge.Wire.Radius;

namespace LacEdge.Tests.Core.Radius;

public sealed class RadiusClientTests
{
    [Fact]
    public void RAD_001_RAD_002_a_question_goes_out_signed_first_with_one_credential()
    {
        using var bench = new RadiusBench();
        bench.Ask("a");
        bench.Ask("b");
        var types = new List<byte>();
        var walk = new RadiusAttributeReader(bench.Sent[0].Packet.AsSpan(20));
        while (walk.MoveNext()) types.Add(walk.Current.Type);
        Assert.Equal<byte>([80, 1, 2, 32, 4], types);
        Assert.Equal(new UdpEndpoint(IpAddress.Parse("203.0.113.1"), 1812), bench.Sent[0].Peer);
        Assert.NotEqual(bench.Sent[0].Packet[4..20], bench.Sent[1].Packet[4..20]);
        Assert.NotEqual(bench.Sent[0].Packet[1], bench.Sent[1].Packet[1]);

        // What the server computes over it is what stands in it.
        var signature = new byte[16];
        RadiusAuthentication.MessageAuthenticator(bench.Sent[0].Packet, 22, bench.Sent[0].Packet.AsSpan(4, 16), "secret-r1"u8, signature);
        Assert.Equal(signature, bench.Sent[0].Packet[22..38]);
    }

    [Fact]
    public void RAD_004_the_genuine_reply_counts_once()
    {
        using var bench = new RadiusBench();
        bench.Ask("a");
        bench.Reply(0, RadiusCode.AccessAccept, attributes: "0806c633640a");
        bench.Reply(0, RadiusCode.AccessReject);
        var (owner, outcome, attributes) = Assert.Single(bench.Answers);
        Assert.Equal(("a", RadiusOutcome.Accept), ((string)owner, outcome));
        Assert.EndsWith("0806c633640a", attributes, StringComparison.Ordinal);
        Assert.Equal(1ul, bench.Counters[DropReason.RadiusUnexpected]);
        Assert.Equal((0, 0), (bench.Client.Outstanding("aaa"), bench.Timers.Count));
    }

    [Fact]
    public void RAD_003_RAD_004_everything_else_is_dropped_and_waiting_goes_on()
    {
        using var bench = new RadiusBench();
        bench.Ask("a");
        bench.Reply(0, RadiusCode.AccessAccept, packet => packet[4] ^= 1);
        bench.Reply(0, RadiusCode.AccessAccept, packet => packet[22] ^= 1);
        bench.Reply(0, RadiusCode.AccessAccept, packet => packet[1] ^= 1);
        bench.Reply(0, RadiusCode.AccountingResponse);
        bench.Reply(0, RadiusCode.AccessAccept, from: new UdpEndpoint(IpAddress.Parse("203.0.113.1"), 1813));
        bench.Reply(0, RadiusCode.AccessAccept, from: new UdpEndpoint(IpAddress.Parse("203.0.113.9"), 1812));
        // An attribute of length 0, and a Proxy-State that we never sent.
        bench.Reply(0, RadiusCode.AccessAccept, attributes: "0800");
        bench.Reply(0, RadiusCode.AccessAccept, attributes: "2104abcd");
        Assert.Empty(bench.Answers);
        Assert.Equal((2ul, 2ul, 2ul, 2ul), (
            bench.Counters[DropReason.RadiusForged], bench.Counters[DropReason.RadiusNotServer],
            bench.Counters[DropReason.RadiusUnexpected], bench.Counters[DecodeError.RadiusAttributeLength]));
        bench.Reply(0, RadiusCode.AccessReject);
        Assert.Equal(RadiusOutcome.Reject, Assert.Single(bench.Answers).Outcome);
    }

    [Theory]
    [InlineData(MessageAuthenticatorPolicy.Yes, false, RadiusOutcome.Unsigned)]
    [InlineData(MessageAuthenticatorPolicy.No, true, RadiusOutcome.Accept)]
    [InlineData(MessageAuthenticatorPolicy.Auto, false, RadiusOutcome.Accept)]
    [InlineData(MessageAuthenticatorPolicy.Auto, true, RadiusOutcome.Unsigned)]
    public void RAD_003_unsigned_replies_count_as_the_policy_says(MessageAuthenticatorPolicy policy, bool signedBefore, RadiusOutcome expected)
    {
        using var bench = new RadiusBench(RadiusBench.With(RadiusBench.OfServers("r1"), server => server with { MessageAuthenticator = policy }));
        if (signedBefore)
        {
            bench.Ask("first");
            bench.Reply(0, RadiusCode.AccessAccept);
            bench.Answers.Clear();
        }

        bench.Ask("a");
        bench.Reply(bench.Sent.Count - 1, RadiusCode.AccessAccept, signed: false);
        bench.Pass(40);
        Assert.Equal(expected, Assert.Single(bench.Answers).Outcome);
    }

    [Fact]
    public void RAD_007_RAD_008_a_retransmission_is_the_same_packet_and_comes_by_the_book()
    {
        using var bench = new RadiusBench();
        bench.Ask("a");
        bench.Pass(60);
        Assert.Equal(RadiusOutcome.Timeout, Assert.Single(bench.Answers).Outcome);
        Assert.All(bench.Sent, sent => Assert.Equal(bench.Sent[0].Packet, sent.Packet));
        Assert.Single(bench.Sent.Select(sent => sent.Socket).Distinct());
        // IRT 2 s and doubling, a tenth more or less; MRD 30 s ends it before the sixth.
        var gaps = bench.Sent.Zip(bench.Sent.Skip(1), (a, b) => b.At - a.At).ToList();
        Assert.InRange(bench.Sent.Count, 4, 5);
        for (var i = 0; i < gaps.Count; i++) Assert.InRange(gaps[i], 2 * Math.Pow(1.9, i) * 0.9, 2 * Math.Pow(2.1, i) * 1.1);
        Assert.NotEqual(2.0, gaps[0], 6);
    }

    [Fact]
    public void RAD_007_over_256_questions_take_more_ports_and_no_identifier_is_used_twice_at_once()
    {
        using var bench = new RadiusBench();
        for (var i = 0; i < 600; i++) bench.Ask(i);
        Assert.Equal(3, bench.Sent.Select(sent => sent.Socket).Distinct().Count());
        Assert.Equal(600, bench.Sent.Select(sent => (sent.Socket, sent.Packet[1])).Distinct().Count());

        // The identifier that was free for the longest time comes next.
        var used = bench.Sent[0].Packet[1];
        bench.Reply(0, RadiusCode.AccessAccept);
        bench.Ask("next");
        Assert.Equal(used, bench.Sent[^1].Packet[1]);
        bench.Reply(5, RadiusCode.AccessAccept);
        bench.Reply(9, RadiusCode.AccessAccept);
        bench.Ask("after");
        Assert.Equal(bench.Sent[5].Packet[1], bench.Sent[^1].Packet[1]);
    }

    [Fact]
    public void RAD_009_a_silent_server_costs_one_retransmission_and_then_nothing()
    {
        using var bench = new RadiusBench(RadiusBench.OfServers("r1", "r2"));
        bench.Ask("a");
        bench.Pass(2.3);
        Assert.Equal(["203.0.113.1", "203.0.113.2"], bench.Sent.Select(sent => sent.Peer.Address.ToString()));
        bench.Reply(1, RadiusCode.AccessAccept);
        Assert.Equal(RadiusOutcome.Accept, Assert.Single(bench.Answers).Outcome);

        // Three unanswered in a row over three seconds: dead, and left alone for its dead time.
        foreach (var i in (int[])[1, 2])
        {
            bench.Ask(i);
            bench.Pass(2.3);
            bench.Reply(bench.Sent.Count - 1, RadiusCode.AccessAccept);
        }

        var before = bench.Sent.Count;
        bench.Ask("b");
        Assert.Equal("203.0.113.2", bench.Sent[before].Peer.Address.ToString());
        bench.Reply(before, RadiusCode.AccessAccept);
        bench.Pass(61);
        bench.Ask("c");
        Assert.Equal("203.0.113.1", bench.Sent[^1].Peer.Address.ToString());
        bench.Reply(bench.Sent.Count - 1, RadiusCode.AccessAccept);
    }

    [Fact]
    public void RAD_009_a_dead_server_is_probed_by_Status_Server_until_it_answers()
    {
        using var bench = new RadiusBench(RadiusBench.With(RadiusBench.OfServers("r1", "r2"), server => server with { StatusServer = true }));
        foreach (var i in (int[])[1, 2, 3])
        {
            bench.Ask(i);
            bench.Pass(2.3);
            bench.Reply(bench.Sent.Count - 1, RadiusCode.AccessAccept);
        }

        bench.Pass(35);
        var probes = bench.Sent.Where(sent => sent.Packet[0] == 12).ToList();
        Assert.Equal(4, probes.Count);
        Assert.All(probes, probe => Assert.Equal("203.0.113.1:1812", probe.Peer.ToString()));
        Assert.All(probes.Zip(probes.Skip(1), (a, b) => b.At - a.At), gap => Assert.InRange(gap, 9, 11));
        // Never sent again: each has an identifier and an authenticator of its own.
        Assert.Equal(4, probes.Select(probe => probe.Packet[1]).Distinct().Count());
        Assert.Equal(4, probes.Select(probe => Convert.ToHexString(probe.Packet[4..20])).Distinct().Count());
        // Message-Authenticator and NAS-Identifier, nobody's name.
        Assert.Equal("5012" + Convert.ToHexStringLower(probes[3].Packet[22..38]) + "20066c616331", Convert.ToHexStringLower(probes[3].Packet[20..]));

        bench.Reply(bench.Sent.FindLastIndex(sent => sent.Packet[0] == 12), RadiusCode.AccessAccept);
        bench.Pass(30);
        Assert.Equal(4, bench.Sent.Count(sent => sent.Packet[0] == 12));
        bench.Ask("again");
        Assert.Equal("203.0.113.1", bench.Sent[^1].Peer.Address.ToString());
        Assert.Equal(
            ["RADIUS server aaa/r1 does not answer: it is left alone for 60 s, or until it answers a probe", "RADIUS server aaa/r1 answers again"],
            bench.Events.OfType<HostTrouble>().Select(trouble => trouble.What));
        bench.Reply(bench.Sent.Count - 1, RadiusCode.AccessAccept);
        Assert.Equal((0, 0), (bench.Client.Outstanding("aaa"), bench.Timers.Count));
    }

    [Theory]
    [InlineData(RadiusCode.AccountingResponse, 1)]
    [InlineData(RadiusCode.AccessReject, 0)]
    public void RAD_009_a_probe_is_answered_by_Accept_or_Accounting_Response(RadiusCode answer, int alive)
    {
        using var bench = new RadiusBench(RadiusBench.With(RadiusBench.OfServers("r1"), server => server with { StatusServer = true }));
        bench.Ask("a");
        bench.Pass(20);
        bench.Reply(bench.Sent.FindLastIndex(sent => sent.Packet[0] == 12), answer);
        Assert.Equal(alive, bench.Events.OfType<HostTrouble>().Count(trouble => trouble.What.EndsWith("answers again", StringComparison.Ordinal)));
    }

    [Fact]
    public void RAD_003_a_server_that_has_signed_is_reported_once_and_one_that_does_not_is_warned_of_once()
    {
        using var bench = new RadiusBench(RadiusBench.OfServers("r1", "r2") with { Selection = RadiusSelection.RoundRobin });
        for (var i = 0; i < 6; i++)
        {
            bench.Ask(i);
            bench.Reply(i, RadiusCode.AccessAccept, signed: bench.Sent[i].Peer.Address.ToString() == "203.0.113.1");
        }

        Assert.Equal(6, bench.Answers.Count);
        Assert.Equal("aaa/r1", bench.Events.OfType<RadiusServerSigns>().Single().Server);
        Assert.StartsWith("RADIUS server aaa/r2 does not sign", bench.Events.OfType<HostTrouble>().Single().What, StringComparison.Ordinal);
    }

    [Fact]
    public void RAD_003_a_server_that_signed_in_an_earlier_run_must_sign()
    {
        using var bench = new RadiusBench(RadiusBench.With(RadiusBench.OfServers("r1"), server => server with { HasSigned = true }));
        bench.Ask("a");
        bench.Reply(0, RadiusCode.AccessAccept, signed: false);
        bench.Pass(40);
        Assert.Equal(RadiusOutcome.Unsigned, Assert.Single(bench.Answers).Outcome);
    }

    [Fact]
    public void Without_a_socket_the_next_transmission_opens_another_and_operators_hear_of_it_once()
    {
        using var bench = new RadiusBench { PortsTaken = true };
        bench.Ask("a");
        bench.Pass(3);
        Assert.Empty(bench.Sent);
        Assert.Equal("RADIUS server aaa/r1 cannot be asked: no interface has this address", bench.Events.OfType<HostTrouble>().Single().What);
        bench.PortsTaken = false;
        bench.Pass(5);
        bench.Reply(0, RadiusCode.AccessAccept);
        Assert.Equal(RadiusOutcome.Accept, Assert.Single(bench.Answers).Outcome);
        Assert.Equal((0, 0), (bench.Client.Outstanding("aaa"), bench.Timers.Count));
    }

    [Theory]
    [InlineData("192.0.2.1", "0406c0000201")]
    [InlineData("2001:db8::1", "5f1220010db8000000000000000000000001")]
    public void RAD_001_our_address_is_told_where_it_is_configured(string source, string attribute)
    {
        using var bench = new RadiusBench(RadiusBench.With(RadiusBench.OfServers("r1"), server => server with { SourceAddress = IpAddress.Parse(source) }));
        bench.Ask("a", RadiusBench.Access() with { Attributes = default });
        Assert.EndsWith("20066c616331" + attribute, Convert.ToHexStringLower(bench.Sent[0].Packet), StringComparison.Ordinal);
    }

    [Fact]
    public void A_late_answer_of_the_first_server_counts_though_the_second_was_asked()
    {
        using var bench = new RadiusBench(RadiusBench.OfServers("r1", "r2"));
        bench.Ask("a");
        bench.Pass(2.3);
        bench.Reply(0, RadiusCode.AccessReject);
        Assert.Equal(RadiusOutcome.Reject, Assert.Single(bench.Answers).Outcome);
        Assert.Equal(0, bench.Client.Outstanding("aaa"));
    }

    [Fact]
    public void With_all_servers_dead_the_one_that_died_first_is_asked()
    {
        using var bench = new RadiusBench(RadiusBench.OfServers("r1", "r2") with { Patience = TimeSpan.FromSeconds(60), Retransmissions = 9 });
        bench.Ask("a");
        bench.Pass(61);
        Assert.Equal(RadiusOutcome.Timeout, Assert.Single(bench.Answers).Outcome);
        bench.Ask("b");
        Assert.Equal(bench.Sent[0].Peer, bench.Sent[^1].Peer);
    }

    [Theory]
    [InlineData(RadiusSelection.RoundRobin, 50, 50)]
    [InlineData(RadiusSelection.Weighted, 60, 90)]
    [InlineData(RadiusSelection.Failover, 100, 100)]
    public void Servers_are_chosen_as_the_group_says(RadiusSelection selection, int atLeast, int atMost)
    {
        var group = RadiusBench.With(RadiusBench.OfServers("r1", "r2"), server => server with { Weight = server.Name == "r1" ? 3 : 1 });
        using var bench = new RadiusBench(group with { Selection = selection });
        for (var i = 0; i < 100; i++)
        {
            bench.Ask(i);
            bench.Reply(bench.Sent.Count - 1, RadiusCode.AccessAccept);
        }

        Assert.InRange(bench.Sent.Count(sent => sent.Peer.Address.ToString() == "203.0.113.1"), atLeast, atMost);
    }

    [Fact]
    public void At_the_limit_a_question_is_refused_and_counted()
    {
        using var bench = new RadiusBench(RadiusBench.OfServers("r1") with { MaxOutstanding = 2 });
        Assert.NotNull(bench.Ask("a"));
        Assert.NotNull(bench.Ask("b"));
        Assert.Null(bench.Ask("c"));
        Assert.Equal(1ul, bench.Counters[DropReason.Limit]);
        bench.Reply(0, RadiusCode.AccessAccept);
        Assert.NotNull(bench.Ask("d"));
    }

    [Fact]
    public void A_withdrawn_question_leaves_nothing_behind()
    {
        using var bench = new RadiusBench();
        var exchange = bench.Ask("a")!;
        bench.Client.Withdraw(exchange);
        bench.Client.Withdraw(exchange);
        bench.Reply(0, RadiusCode.AccessAccept);
        bench.Pass(100);
        Assert.Empty(bench.Answers);
        Assert.Single(bench.Sent);
        Assert.Equal((0, 0), (bench.Client.Outstanding("aaa"), bench.Timers.Count));
    }

    [Fact]
    public void What_is_asked_before_its_socket_is_open_is_sent_when_it_is()
    {
        using var bench = new RadiusBench { HostIsSlow = true };
        bench.Ask("a");
        Assert.Empty(bench.Sent);
        bench.OpenSockets();
        bench.Reply(0, RadiusCode.AccessAccept);
        Assert.Equal(RadiusOutcome.Accept, Assert.Single(bench.Answers).Outcome);
    }

    [Fact]
    public void RAD_019_accounting_has_no_signature_and_its_answer_needs_none()
    {
        using var bench = new RadiusBench(RadiusBench.With(RadiusBench.OfServers("r1"), server => server with { MessageAuthenticator = MessageAuthenticatorPolicy.Yes }));
        bench.Ask("a", RadiusBench.Access() with { Code = RadiusCode.AccountingRequest, Password = null });
        Assert.Equal(1813, bench.Sent[0].Peer.Port);
        Assert.Equal(RadiusSealError.None, RadiusSeal.CheckHashedRequest(bench.Sent[0].Packet, "secret-r1"u8, mustBeSigned: false));
        bench.Reply(0, RadiusCode.AccountingResponse, signed: false);
        Assert.Equal(RadiusOutcome.Acknowledged, Assert.Single(bench.Answers).Outcome);
    }

    [Fact]
    public void RAD_022_random_datagrams_do_no_harm()
    {
        using var bench = new RadiusBench();
        bench.Ask("a");
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var datagram = new byte[random.Next(100)];
            random.NextBytes(datagram);
            if (datagram.Length > 4 && i % 2 == 0) (datagram[1], datagram[2], datagram[3]) = (bench.Sent[0].Packet[1], 0, (byte)datagram.Length);
            bench.Client.HandleDatagram(bench.Sent[0].Socket, bench.Sent[0].Peer, datagram, bench.Now);
        }

        Assert.Empty(bench.Answers);
        bench.Reply(0, RadiusCode.AccessAccept);
        Assert.Single(bench.Answers);
    }
}
