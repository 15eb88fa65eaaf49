using LacEdge.Core;
using LacEdge.Core.Events;
using LacEdge.Core.L2tp;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Core.L2tp;

public sealed class FaultyNetworkTests
{
    [Theory]
    [InlineData(0.0, 1)]
    [InlineData(0.05, 2)]
    [InlineData(0.05, 3)]
    [InlineData(0.1, 4)]
    [InlineData(0.1, 5)]
    [InlineData(0.1, 6)]
    public void LAC_and_LNS_agree_whatever_the_network_does(double loss, int seed)
    {
        using var network = new FaultyNetwork(seed, loss);
        var tunnel = network.Open(L2tpBench.Plain with { SetupTimeout = TimeSpan.FromSeconds(100), IdleTimeout = TimeSpan.Zero });
        for (var i = 0; i < 150; i++) network.Place(tunnel);
        network.Run(600);
        Assert.Empty(network.TunnelCauses);
        // A call whose ICRP was held up for 10 s ends on both sides.
        Assert.Equal(150, network.Up.Count + network.Ended);
        Assert.True(network.Up.Count > (loss == 0 ? 149 : 75), $"{network.Up.Count} up");
        Assert.Equal(network.Up.Select(c => c.LocalSessionId).Order(), network.LnsCalls);
        if (loss > 0)
        {
            Assert.True(network.Counters[LacCounter.L2tpControlRetransmitted] > 0);
            Assert.True(network.Counters[DropReason.L2tpDuplicate] > 0);
        }

        // Both sides hang up at once.
        var calls = network.Up.OrderBy(c => c.SerialNumber).ToArray();
        for (var i = 0; i < calls.Length; i++)
        {
            if (i % 3 == 0) network.End(calls[i]);
            else if (i % 3 == 1) network.LnsEnds(calls[i].LocalSessionId);
        }

        network.Run(300);
        Assert.Empty(network.TunnelCauses);
        Assert.Equal(calls.Where((_, i) => i % 3 == 2).Select(c => c.LocalSessionId).Order(), network.LnsCalls);
        Assert.Equal(network.Up.Select(c => c.LocalSessionId).Order(), network.LnsCalls);
        Assert.Equal(network.Up.Count, tunnel.CallCount);

        network.Close(tunnel);
        network.Run(100);
        Assert.Equal([EndCause.Shutdown], network.TunnelCauses);
        Assert.True(network.LnsStopped);
        Assert.Equal(1, network.Forgotten);
        Assert.Equal(TunnelState.Idle, tunnel.State);
    }

    [Fact]
    public void Without_loss_nothing_is_ever_repeated()
    {
        using var network = new FaultyNetwork(7, 0);
        var tunnel = network.Open(L2tpBench.Plain);
        for (var i = 0; i < 1000; i++) network.Place(tunnel);
        network.Run(30);
        Assert.Equal(1000, network.Up.Count);
        Assert.Equal(0ul, network.Counters[LacCounter.L2tpControlRetransmitted]);
        Assert.Equal(0ul, network.Counters[DropReason.L2tpDuplicate]);
        Assert.Equal(0ul, network.Counters[DropReason.L2tpAhead]);
    }

    [Fact]
    public void Broken_messages_of_every_kind_never_throw()
    {
        var random = new Random(42);
        for (var round = 0; round < 40; round++)
        {
            using var bench = new L2tpBench();
            var tunnel = bench.Establish();
            bench.OnCallAccepted = null;
            var call = bench.Connect(tunnel, 0x2222);
            byte[][] good =
            [
                Messages.Icrp(new byte[100], tunnel.LocalTunnelId, call.LocalSessionId, 9).ToArray(),
                Messages.Cdn(new byte[100], tunnel.LocalTunnelId, call.LocalSessionId, 9, new ResultCode(2, 6, "x"), new DisconnectCause(3)).ToArray(),
                Messages.StopCcn(new byte[100], tunnel.LocalTunnelId, 9, new ResultCode(2, 6, "x")).ToArray(),
                Messages.Sli(new byte[100], tunnel.LocalTunnelId, call.LocalSessionId, 1, 2).ToArray(),
                new StartControlConnection { HostName = "h", AssignedTunnelId = 5, Challenge = [1] }.WriteSccrp(new byte[100], tunnel.LocalTunnelId).ToArray(),
            ];
            for (var i = 0; i < 200; i++)
            {
                var datagram = (byte[])good[random.Next(good.Length)].Clone();
                (datagram[8], datagram[9]) = ((byte)(bench.LnsNs >> 8), (byte)bench.LnsNs);
                for (var bit = random.Next(4); bit >= 0; bit--) datagram[random.Next(10, datagram.Length)] ^= (byte)(1 << random.Next(8));
                var before = bench.Counters[LacCounter.L2tpControlReceived];
                bench.FromLns(datagram.AsSpan(0, datagram.Length - (random.Next(4) == 0 ? random.Next(datagram.Length) : 0)));
                if (bench.Counters[LacCounter.L2tpControlReceived] > before) bench.LnsNs++;
            }

            bench.Outbox.Clear();
            bench.Advance(100);
            Assert.True(bench.Endpoint.Tunnels.Count <= 1);
        }
    }
}
