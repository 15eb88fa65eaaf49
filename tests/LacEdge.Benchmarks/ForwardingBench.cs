using System.Diagnostics;
using LacEdge.Lab.Peers;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.L2tp;
using LacEdge.Wire.Ppp;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Benchmarks;

/// <summary>Frames of established sessions through the data plane, one direction at a time, as fast as one thread offers them.</summary>
internal static class ForwardingBench
{
    private const int Sessions = 100;
    private static readonly int[] _sizes = [64, 512, 1400];

    public static void Run(BenchLab lab, TimeSpan each, TextWriter output)
    {
        output.WriteLine("forwarding, userland data plane over veth (PPP octets; offered by one thread on the same cores):");
        output.WriteLine("  direction   octets   offered/s  forwarded/s   CPU us a frame");
        foreach (var up in (bool[])[true, false])
        {
            // Once unseen, for the compiler.
            Measure(lab, up, _sizes[0], each, TextWriter.Null);
            foreach (var size in _sizes) Measure(lab, up, size, each, output);
        }
    }

    private static void Measure(BenchLab lab, bool up, int size, TimeSpan each, TextWriter output)
    {
        using var held = lab.HoldPeers();
        var send = up ? Upstream(lab, size) : Downstream(lab, size);
        var (cpu, before) = (lab.Usage.CpuTime(), Forwarded(lab, up));
        var clock = Stopwatch.StartNew();
        long offered = 0;
        while (clock.Elapsed < each)
        {
            for (var i = 0; i < 64; i++) send[(int)(offered++ % send.Count)]();
        }

        var elapsed = clock.Elapsed;
        var rate = (Forwarded(lab, up) - before) / clock.Elapsed.TotalSeconds;
        // What is in the queues still counts for both sides of the ratio.
        Thread.Sleep(200);
        var perFrame = (lab.Usage.CpuTime() - cpu).TotalMicroseconds / Math.Max(1, Forwarded(lab, up) - before);
        var direction = up ? "to LNS" : "to CPE";
        output.WriteLine($"  {direction,-9} {size,8} {offered / elapsed.TotalSeconds,11:0} {rate,12:0} {perFrame,16:0.00}");
    }

    private static long Forwarded(BenchLab lab, bool up) =>
        lab.Api("counters").GetProperty("data_plane").GetProperty(up ? "up_frames" : "down_frames").GetInt64();

    private static List<Action> Upstream(BenchLab lab, int size)
    {
        var frames = lab.Peers.Fleet.Subscribers.Where(s => s.State == SubscriberState.Up).Take(Sessions).Select(s =>
        {
            var writer = new WireWriter(new byte[2048]);
            EthernetFrame.WriteHeader(ref writer, s.Concentrator, s.Options.Mac, default, EtherType.PppoeSession);
            var at = PppoePacket.WriteHeader(ref writer, PppoeCode.Session, s.SessionId);
            writer.WriteUInt16((ushort)PppProtocol.Ipv4);
            writer.Reserve(size - 2);
            PppoePacket.PatchLength(ref writer, at);
            return (s.Options.Link, Frame: writer.Written.ToArray());
        });
        return [.. frames.Select(f => (Action)(() => lab.Peers.SendFrame(f.Link, f.Frame)))];
    }

    private static List<Action> Downstream(BenchLab lab, int size)
    {
        var datagrams = lab.Peers.Lnses.SelectMany(lns => lns.Calls.Take(Sessions / 2)).Select(call =>
        {
            var writer = new WireWriter(new byte[2048]);
            writer.WriteUInt16(L2tpHeader.Version);
            writer.WriteUInt16(call.Tunnel.PeerId);
            writer.WriteUInt16(call.PeerId);
            writer.WriteUInt16(0xFF03);
            writer.WriteUInt16((ushort)PppProtocol.Ipv4);
            writer.Reserve(size - 2);
            return (call.Tunnel.Local, call.Tunnel.Peer, Datagram: writer.Written.ToArray());
        });
        return [.. datagrams.ToArray().Select(d => (Action)(() => lab.Peers.SendDatagram(d.Local, d.Peer, d.Datagram)))];
    }
}
