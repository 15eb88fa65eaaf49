using LacEdge.Core.L2tp;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Core.L2tp;

/// <summary>HELLO and the life of an idle tunnel (RFC 2661 sections 5.5 and 6.5).</summary>
public sealed class KeepAliveTests : IDisposable
{
    private readonly L2tpBench _bench = new(L2tpBench.Plain with { IdleTimeout = TimeSpan.Zero });

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void L2TP_029_Hello_goes_after_60_s_of_silence_and_only_then()
    {
        var tunnel = _bench.Establish();
        _bench.Advance(40);
        _bench.Zlb(tunnel);
        _bench.Advance(59.9);
        Assert.Equal("", _bench.Sent());
        _bench.Advance(0.2);
        Assert.Equal("HELLO 3c4d/0000 2,1", _bench.Sent());
        _bench.Zlb(tunnel);
        _bench.Advance(59.9);
        Assert.Equal("", _bench.Sent());
        _bench.Advance(0.2);
        Assert.Equal("HELLO 3c4d/0000 3,1", _bench.Sent());
    }

    [Fact]
    public void L2TP_029_data_is_a_sign_of_life_too()
    {
        var tunnel = _bench.Establish();
        var call = _bench.Connect(tunnel, 0x2222);
        _bench.Advance(50);
        _bench.FromLns(Convert.FromHexString($"0002{tunnel.LocalTunnelId:x4}{call.LocalSessionId:x4}ff03c0210901000800000000"));
        _bench.Advance(59);
        Assert.Equal("", _bench.Sent());
        _bench.Advance(1.1);
        Assert.Equal("HELLO 3c4d/0000 4,2", _bench.Sent());
    }

    [Fact]
    public void L2TP_029_what_the_data_plane_forwards_is_a_sign_of_life()
    {
        _bench.AnswersActivity = true;
        var tunnel = _bench.Establish();
        _bench.Connect(tunnel, 0x2222);
        var start = _bench.Now;
        for (var minute = 0; minute < 5; minute++)
        {
            for (var eighth = 0; eighth < 8; eighth++)
            {
                _bench.Advance(7.5);
                _bench.Endpoint.HandleActivity(tunnel, true, _bench.Now);
            }
        }

        Assert.Equal("", _bench.Sent());
        Assert.InRange(_bench.Asked.Count, 38, 41);

        // From then on there is silence: HELLO after 60 s, an eighth later at most.
        var silence = _bench.Now;
        while (_bench.Outbox.Count == 0)
        {
            _bench.Advance(1);
            if (_bench.Asked[^1] > silence) _bench.Endpoint.HandleActivity(tunnel, false, _bench.Now);
        }

        Assert.InRange((_bench.Now - silence).TotalSeconds, 59, 69);
        Assert.Equal("HELLO 3c4d/0000 4,2", _bench.Sent());
    }

    [Fact]
    public void L2TP_029_a_data_plane_that_does_not_answer_does_not_keep_a_dead_LNS_alive()
    {
        _bench.AnswersActivity = true;
        var tunnel = _bench.Establish();
        _bench.Connect(tunnel, 0x2222);
        _bench.Advance(68);
        Assert.Equal("HELLO 3c4d/0000 4,2", _bench.Sent().Split(" | ")[0]);
    }

    [Fact]
    public void L2TP_029_a_received_Hello_is_acknowledged()
    {
        var tunnel = _bench.Establish();
        _bench.Hello(tunnel);
        Assert.Equal("", _bench.Sent());
        _bench.Advance(0.1);
        Assert.Equal("ZLB 3c4d/0000 2,2", _bench.Sent());
    }

    [Fact]
    public void A_probe_is_never_doubled()
    {
        var tunnel = _bench.Establish();
        _bench.Endpoint.Probe(tunnel, _bench.Now);
        _bench.Endpoint.Probe(tunnel, _bench.Now);
        Assert.Equal("HELLO 3c4d/0000 2,1", _bench.Sent());
        _bench.Zlb(tunnel);
        _bench.Endpoint.Probe(tunnel, _bench.Now);
        Assert.Equal("HELLO 3c4d/0000 3,1", _bench.Sent());
    }

    [Fact]
    public void Without_any_answer_the_LNS_is_dead_47_s_after_Hello()
    {
        var tunnel = _bench.Establish();
        _bench.Connect(tunnel, 0x2222, "a");
        _bench.Advance(60 + 46.9);
        Assert.Equal(6, _bench.Sent().Split(" | ").Length);
        Assert.Equal("", _bench.WasTold());
        _bench.Advance(0.2);
        Assert.Equal("ended a LnsDead | closed LnsDead: no answer to any repetition", _bench.WasTold());
        Assert.Equal(TunnelState.Closing, tunnel.State);
        _bench.Advance(31);
        Assert.Equal("forgotten", _bench.WasTold());
        Assert.Equal("", _bench.Sent());
    }

    [Fact]
    public void An_idle_tunnel_closes_after_its_time_and_a_call_keeps_it()
    {
        var bench = new L2tpBench(L2tpBench.Plain with { IdleTimeout = TimeSpan.FromSeconds(20) });
        var tunnel = bench.Establish();
        bench.Advance(19);
        var call = bench.Connect(tunnel, 0x2222, "a");
        bench.Advance(30);
        Assert.Equal("", bench.Sent());
        bench.Cdn(tunnel, call.LocalSessionId, 0x2222, new ResultCode(CdnResult.LossOfCarrier));
        bench.Advance(19.9);
        Assert.Equal("ZLB 3c4d/0000 4,3", bench.Sent());
        bench.WasTold();
        bench.Advance(0.2);
        Assert.Equal("closed IdleTunnel: no sessions", bench.WasTold());
        Assert.Equal("StopCCN 3c4d/0000 4,3 (1/0) no sessions", bench.Sent());
        bench.Zlb(tunnel);
        Assert.Equal("forgotten", bench.WasTold());
        Assert.Equal(0, bench.Timers.Count);
    }
}
