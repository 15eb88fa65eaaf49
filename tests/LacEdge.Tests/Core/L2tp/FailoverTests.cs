using LacEdge.Core.Config;
using LacEdge.Core.L2tp;
using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Core.L2tp;

/// <summary>An LNS whose control channel fails and recovers (RFC 4951), seen from the LAC that survives.</summary>
public sealed class FailoverTests
{
    private const ushort RecoveryId = 0x7777;
    private static readonly PeerProfile _peer = PeerProfile.Default with { Name = "failover", Failover = true };

    private readonly byte[] _buffer = new byte[2048];

    [Fact]
    public void A_recovery_in_time_keeps_the_sessions_and_the_tunnel_begins_anew()
    {
        var bench = new L2tpBench();
        var tunnel = Established(bench);
        var call = bench.Connect(tunnel, 0x2222);
        Fail(bench, tunnel);
        Assert.Equal(TunnelState.Recovering, tunnel.State);
        Assert.Equal("LNS lns1 does not answer: its sessions wait 30 s for its recovery", bench.WasTold());
        Assert.Equal(CallState.Established, call.State);

        // Nothing is sent meanwhile, data goes on, and no call is taken.
        bench.Advance(20);
        Assert.Empty(bench.SentOctets());
        bench.FromLns(Data(tunnel, call));
        Assert.Equal(["s c021"], bench.Data);
        Assert.Null(bench.Endpoint.PlaceCall(tunnel, new CallRequest("", ""), "new", bench.Now));

        var id = Answered(bench, tunnel, "");
        Scccn(bench, id, []);
        Assert.Equal("LNS lns1 has recovered its tunnel", bench.WasTold());
        Assert.Equal(TunnelState.Established, tunnel.State);
        bench.SentOctets();

        // Both sides count from 0 again.
        bench.Endpoint.Probe(tunnel, bench.Now);
        (bench.LnsNs, bench.LnsNr) = (0, 0);
        Assert.Equal("HELLO 3c4d/0000 0,0", bench.Sent());
        bench.Zlb(tunnel);
        bench.Advance(25);
        Assert.Equal(CallState.Established, call.State);
        Assert.Equal("", bench.WasTold());
    }

    [Fact]
    public void Sessions_end_when_the_LNS_does_not_recover_in_its_time()
    {
        var bench = new L2tpBench();
        var tunnel = Established(bench);
        bench.Connect(tunnel, 0x2222);
        Fail(bench, tunnel);
        bench.WasTold();
        bench.Advance(29);
        Assert.Equal(TunnelState.Recovering, tunnel.State);
        bench.Advance(1.5);
        Assert.Equal(TunnelState.Closing, tunnel.State);
        Assert.Equal("ended s LnsDead | closed LnsDead: no answer to any repetition", bench.WasTold());
        Sccrq(bench, tunnel, tunnel.LocalTunnelId, 0x3c4d, []);
        Assert.Equal("StopCCN 7777/0000 0,1 (2/8) AVP 0/77: unknown", One(bench));
    }

    [Theory]
    [InlineData(false, 30_000)]
    [InlineData(true, 0)]
    public void Without_the_switch_or_a_recovery_time_nothing_waits(bool failover, uint time)
    {
        var bench = new L2tpBench();
        var tunnel = Established(bench, failover ? _peer : PeerProfile.Default, time);
        bench.Connect(tunnel, 0x2222);
        Fail(bench, tunnel);
        Assert.Equal(TunnelState.Closing, tunnel.State);
    }

    [Fact]
    public void A_tunnel_without_sessions_does_not_wait()
    {
        var bench = new L2tpBench();
        var tunnel = Established(bench);
        Fail(bench, tunnel);
        Assert.Equal(TunnelState.Closing, tunnel.State);
    }

    [Fact]
    public void The_longest_recovery_is_a_minute()
    {
        var bench = new L2tpBench();
        var tunnel = Established(bench, _peer, uint.MaxValue);
        bench.Connect(tunnel, 0x2222);
        Fail(bench, tunnel);
        bench.Advance(59);
        Assert.Equal(TunnelState.Recovering, tunnel.State);
        bench.Advance(1.5);
        Assert.Equal(TunnelState.Closing, tunnel.State);
    }

    [Fact]
    public void Calls_that_were_not_established_end_silently()
    {
        var bench = new L2tpBench();
        var tunnel = Established(bench);
        var up = bench.Connect(tunnel, 0x2222, "up");
        var asking = bench.Place(tunnel, "asking");
        bench.SentOctets();
        var id = Answered(bench, tunnel, "");
        Assert.Equal(CallState.WaitReply, asking.State);
        Scccn(bench, id, []);
        Assert.Equal("ended asking LnsDead | LNS lns1 has recovered its tunnel", string.Join(" | ", Told(bench)));
        Assert.Equal((CallState.Idle, CallState.Established), (asking.State, up.State));
    }

    [Fact]
    public void Who_may_not_recover_the_tunnel_is_refused_as_ever()
    {
        var bench = new L2tpBench();
        var tunnel = Established(bench);
        bench.Connect(tunnel, 0x2222);
        Fail(bench, tunnel);
        const string Refusal = "StopCCN 7777/0000 0,1 (2/8) AVP 0/77: unknown";
        Sccrq(bench, tunnel, tunnel.LocalTunnelId, 0x3c4e, []);
        Assert.Equal(Refusal, One(bench));
        Sccrq(bench, tunnel, (ushort)(tunnel.LocalTunnelId ^ 1), 0x3c4d, []);
        Assert.Equal(Refusal, One(bench));
        bench.Source = new UdpEndpoint(IpAddress.Parse("198.51.100.99"), 1701);
        Sccrq(bench, tunnel, tunnel.LocalTunnelId, 0x3c4d, []);
        Assert.Equal(Refusal, One(bench));
        Assert.Equal(TunnelState.Recovering, tunnel.State);
    }

    [Theory]
    [InlineData("tunnel-secret", true)]
    [InlineData("another", false)]
    public void The_LNS_proves_its_secret_again(string secret, bool right)
    {
        var bench = new L2tpBench(L2tpBench.WithSecret);
        var tunnel = Established(bench);
        bench.Connect(tunnel, 0x2222);
        Fail(bench, tunnel);
        bench.WasTold();
        byte[] challenge = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
        Sccrq(bench, tunnel, tunnel.LocalTunnelId, 0x3c4d, challenge);
        var sccrp = Parse(Assert.Single(bench.SentOctets()));
        Assert.True(TunnelAuthentication.Verify(MessageType.Sccrp, L2tpBench.WithSecret.Secret.Span, challenge, sccrp.ChallengeResponse));
        var response = new byte[TunnelAuthentication.ResponseSize];
        TunnelAuthentication.Respond(MessageType.Scccn, Secret.FromText(secret).Span, sccrp.Challenge, response);
        Scccn(bench, sccrp.AssignedTunnelId ?? 0, response);
        Assert.Equal(right ? TunnelState.Established : TunnelState.Recovering, tunnel.State);
        if (!right) Assert.Equal("StopCCN 7777/0000 1,2 (4/0) challenge response wrong", One(bench));
    }

    [Fact]
    public void FSQ_is_answered_for_every_session_and_FSR_ends_what_the_LNS_lost()
    {
        var bench = new L2tpBench();
        var tunnel = Established(bench);
        var call = bench.Connect(tunnel, 0x2222);
        Scccn(bench, Answered(bench, tunnel, ""), []);
        bench.SentOctets();
        bench.WasTold();
        (bench.LnsNs, bench.LnsNr) = (0, 0);
        bench.FromLns(tunnel, 0, $"8008 0000 0000 0015 8010 0000 004f 0000 00002222 {call.LocalSessionId:x8} 8010 0000 004f 0000 00003333 00000001");
        var fsr = Assert.Single(bench.SentOctets());
        Assert.Equal(
            $"0008000000000016" + $"80100000004f0000{call.LocalSessionId:x8}00002222" + "80100000004f00000000000000003333", Convert.ToHexStringLower(fsr[12..]));
        bench.LnsNr = 1;
        bench.FromLns(tunnel, 0, $"8008 0000 0000 0016 8010 0000 004f 0000 00000000 {call.LocalSessionId:x8}");
        Assert.Equal("ended s LnsDead", bench.WasTold());
        Assert.Equal(TunnelState.Established, tunnel.State);
        bench.Advance(0.1);
        Assert.StartsWith("ZLB", bench.Sent(), StringComparison.Ordinal);
    }

    [Fact]
    public void Whose_id_stands_first_does_not_matter()
    {
        var bench = new L2tpBench();
        var tunnel = Established(bench);
        bench.Connect(tunnel, 0x2222);
        Fail(bench, tunnel);
        Sccrq(bench, tunnel, lacId: 0x3c4d, lnsId: tunnel.LocalTunnelId, []);
        Assert.Equal("SCCRP 7777/0000 0,1", One(bench));
    }

    [Fact]
    public void A_recovery_tunnel_carries_no_calls_and_leaves_nothing_behind()
    {
        var bench = new L2tpBench();
        var tunnel = Established(bench);
        bench.Connect(tunnel, 0x2222);
        var ids = bench.Endpoint.IdsInUse;
        var id = Answered(bench, tunnel, "");
        // Another one, while it is open, is not heard.
        bench.Source = bench.Source with { Port = 1702 };
        Sccrq(bench, tunnel, tunnel.LocalTunnelId, 0x3c4d, []);
        Assert.Empty(bench.Outbox.Outputs.ToArray());
        bench.Source = L2tpBench.Lns;
        bench.FromLns(Messages.Icrp(_buffer, id, 0, 5, 1, 1));
        Assert.Contains("StopCCN 7777/0000 1,2 (7/0) ICRP in state", One(bench), StringComparison.Ordinal);
        bench.FromLns(AvpWriter.Zlb(_buffer, id, 0, 2, 2));
        Assert.Equal((ids, TunnelState.Established), (bench.Endpoint.IdsInUse, tunnel.State));
    }

    [Fact]
    public void A_repeated_SCCRQ_is_acknowledged_and_after_StopCCN_the_tunnel_may_be_recovered_again()
    {
        var bench = new L2tpBench();
        var tunnel = Established(bench);
        var call = bench.Connect(tunnel, 0x2222);
        var ids = bench.Endpoint.IdsInUse;
        var id = Answered(bench, tunnel, "");
        Sccrq(bench, tunnel, tunnel.LocalTunnelId, 0x3c4d, []);
        Assert.Equal("ZLB 7777/0000 1,1", One(bench));
        Scccn(bench, id, []);
        bench.SentOctets();
        bench.FromLns(Messages.StopCcn(_buffer, id, RecoveryId, new ResultCode(StopCcnResult.GeneralClear), 2, 1));
        Assert.Equal("ZLB 7777/0000 1,3", One(bench));

        var second = Answered(bench, tunnel, "LNS lns1 has recovered its tunnel");
        Assert.NotEqual(id, second);
        Scccn(bench, second, []);
        bench.SentOctets();
        bench.FromLns(Messages.StopCcn(_buffer, second, RecoveryId, new ResultCode(StopCcnResult.GeneralClear), 2, 1));
        bench.Advance(40);
        Assert.Equal((ids, CallState.Established), (bench.Endpoint.IdsInUse, call.State));
        Assert.Contains(tunnel.History.Events, one => one.What == "recovered");
    }

    [Fact]
    public void A_recovery_that_stays_half_open_is_given_up()
    {
        var bench = new L2tpBench();
        var tunnel = Established(bench);
        bench.Connect(tunnel, 0x2222);
        var ids = bench.Endpoint.IdsInUse;
        Answered(bench, tunnel, "");
        Assert.Equal(ids + 1, bench.Endpoint.IdsInUse);
        bench.Advance(100);
        Assert.Equal((ids, TunnelState.Established), (bench.Endpoint.IdsInUse, tunnel.State));
    }

    private static List<string> Told(L2tpBench bench)
    {
        bench.SentOctets();
        return bench.Told;
    }

    private static ControlMessage Parse(byte[] datagram)
    {
        Assert.True(L2tpHeader.TryParse(datagram, out var header, out _));
        return ControlMessageParser.Parse(header, default);
    }

    private static string One(L2tpBench bench) => L2tpBench.Describe(Assert.Single(bench.SentOctets()), default);

    private L2tpTunnel Established(L2tpBench bench, PeerProfile? peer = null, uint time = 30_000)
    {
        var tunnel = bench.Open(peer: peer ?? _peer);
        var sccrq = Parse(bench.SentOctets()[0]);
        bench.LnsNr = 1;
        var writer = new AvpWriter(_buffer, MessageType.Sccrp, tunnel.LocalTunnelId, 0, bench.LnsNs++, bench.LnsNr);
        Start(ref writer, 0x3c4d);
        if (!sccrq.Challenge.IsEmpty)
        {
            var response = new byte[TunnelAuthentication.ResponseSize];
            TunnelAuthentication.Respond(MessageType.Sccrp, bench.Profile.Secret.Span, sccrq.Challenge, response);
            writer.Octets(AvpType.ChallengeResponse, response);
        }

        writer.Octets(AvpType.FailoverCapability, [0, 1, (byte)(time >> 24), (byte)(time >> 16), (byte)(time >> 8), (byte)time]);
        bench.FromLns(writer.Finish());
        bench.Sent();
        bench.Zlb(tunnel);
        bench.Told.Clear();
        return tunnel;
    }

    private static void Start(ref AvpWriter writer, ushort id)
    {
        writer.UInt16(AvpType.ProtocolVersion, 0x0100);
        writer.UInt32(AvpType.FramingCapabilities, 3);
        writer.Text(AvpType.HostName, "lns1.example.net");
        writer.UInt16(AvpType.AssignedTunnelId, id);
    }

    private static void Fail(L2tpBench bench, L2tpTunnel tunnel)
    {
        bench.Endpoint.Probe(tunnel, bench.Now);
        for (var i = 0; i < 100 && tunnel.State == TunnelState.Established; i++) bench.Advance(0.5);
        bench.SentOctets();
    }

    private void Sccrq(L2tpBench bench, L2tpTunnel tunnel, ushort lacId, ushort lnsId, byte[] challenge)
    {
        var writer = new AvpWriter(_buffer, MessageType.Sccrq, 0);
        Start(ref writer, RecoveryId);
        if (challenge.Length > 0) writer.Octets(AvpType.Challenge, challenge);
        writer.Numbers(AvpType.TunnelRecovery, [lnsId, lacId]);
        bench.FromLns(writer.Finish());
    }

    /// <summary>The id of the recovery tunnel in SCCRP.</summary>
    private ushort Answered(L2tpBench bench, L2tpTunnel tunnel, string told)
    {
        Sccrq(bench, tunnel, tunnel.LocalTunnelId, 0x3c4d, []);
        var octets = Assert.Single(bench.SentOctets());
        Assert.Equal("SCCRP 7777/0000 0,1", L2tpBench.Describe(octets, default));
        // A recovery tunnel is not recovered itself.
        Assert.DoesNotContain("0000004c", Convert.ToHexStringLower(octets), StringComparison.Ordinal);
        Assert.Equal(told, bench.WasTold());
        return Parse(octets).AssignedTunnelId ?? 0;
    }

    /// <summary>Events are told at once; datagrams stay in the outbox.</summary>
    private void Scccn(L2tpBench bench, ushort id, byte[] response)
    {
        bench.FromLns(Messages.Scccn(_buffer, id, response, 1, 1));
        var outputs = bench.Outbox.Outputs.ToArray();
        foreach (var output in outputs)
        {
            if (output.Event is LacEdge.Core.Events.HostTrouble trouble) bench.Told.Add(trouble.What);
        }

        var kept = outputs.Where(output => output.Event is null).Select(output => bench.Outbox.Octets(output).ToArray()).ToArray();
        bench.Outbox.Clear();
        foreach (var octets in kept) bench.Outbox.Datagram(L2tpBench.Socket, bench.Source, octets);
    }

    private static byte[] Data(L2tpTunnel tunnel, L2tpCall call) =>
        Convert.FromHexString($"0002{tunnel.LocalTunnelId:x4}{call.LocalSessionId:x4}ff03c021");
}
