using System.Diagnostics;
using LacEdge.Linux.Sockets;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Benchmarks;

/// <summary>PADIs from made-up hosts, offered evenly at a rate by a thread of its own until disposed.</summary>
internal sealed class Flood : IDisposable
{
    private readonly PacketSocket _socket;
    private readonly Func<Random, VlanStack> _vlans;
    private readonly int _rate;
    private readonly Thread _thread;
    private readonly Stopwatch _clock = new();
    private volatile bool _stop;
    private long _offered;

    /// <param name="socket">On the subscribers' end of the access interface; disposed with this.</param>
    /// <param name="rate">PADIs a second.</param>
    public Flood(PacketSocket socket, int rate, Func<Random, VlanStack> vlans)
    {
        (_socket, _rate, _vlans) = (socket, rate, vlans);
        _thread = new Thread(Run) { Name = "flood" };
        _thread.Start();
    }

    /// <summary>Those that the kernel took, and PADIs a second.</summary>
    public long Offered => Volatile.Read(ref _offered);
    public double Rate => Offered / _clock.Elapsed.TotalSeconds;

    /// <summary>Ends it; the figures stay.</summary>
    public void Dispose()
    {
        if (_stop) return;
        _stop = true;
        _thread.Join();
        _socket.Dispose();
    }

    private void Run()
    {
        // The same hosts and lines in every run.
        var random = new Random(1);
        var frame = new byte[64];
        _clock.Start();
        for (long sent = 0; !_stop;)
        {
            for (var due = (long)(_clock.Elapsed.TotalSeconds * _rate); sent < due && !_stop; sent++)
            {
                if (_socket.Send(Write(frame, random))) Volatile.Write(ref _offered, _offered + 1);
            }

            Thread.Sleep(1);
        }

        _clock.Stop();
    }

    private ReadOnlySpan<byte> Write(byte[] frame, Random random)
    {
        var writer = new WireWriter(frame);
        // Locally administered, apart from the real subscribers' addresses.
        var mac = new MacAddress(0x06_00_00_00_00_00u | (ulong)random.NextInt64(1L << 40));
        EthernetFrame.WriteHeader(ref writer, MacAddress.Broadcast, mac, _vlans(random), EtherType.PppoeDiscovery);
        var header = PppoePacket.WriteHeader(ref writer, PppoeCode.Padi, 0);
        PppoeTag.Write(ref writer, PppoeTagType.ServiceName, default);
        PppoeTag.Write(ref writer, PppoeTagType.HostUniq, frame.AsSpan(6, 6));
        PppoePacket.PatchLength(ref writer, header);
        // Ethernet's minimum.
        return frame.AsSpan(0, Math.Max(60, writer.Position));
    }
}
