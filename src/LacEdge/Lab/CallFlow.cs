using LacEdge.Decode;
using LacEdge.Linux;
using LacEdge.Wire;
using LacEdge.Wire.Ip;
using LacEdge.Wire.Pcap;

namespace LacEdge.Lab;

/// <summary>Draws what the peers at both ends see as one ladder: subscriber, LacEdge, LNS.</summary>
internal sealed class CallFlow(string subscriber, string lac, string lns)
{
    private readonly Ladder _ladder = new(subscriber, lac, lns);
    private readonly FrameDecoder _decoder = new();
    private readonly byte[] _packet = new byte[65_600];
    private long _number;

    /// <summary>One frame or datagram, as a simulated peer sent or received it.</summary>
    public void Add(bool received, bool access, UdpEndpoint local, UdpEndpoint remote, ReadOnlySpan<byte> octets)
    {
        DecodedFrame frame;
        if (access)
        {
            frame = _decoder.Decode(++_number, new CaptureInterface(LinkType.Ethernet, null), null, octets);
        }
        else
        {
            var writer = new WireWriter(_packet);
            UdpHeader.WritePacket(ref writer, received ? remote : local, received ? local : remote, octets);
            frame = _decoder.Decode(++_number, new CaptureInterface(LinkType.Ipv4, null), null, writer.Written);
        }

        var peer = access ? subscriber : lns;
        _ladder.Add(SystemClock.Now.Nanoseconds, received ? lac : peer, received ? peer : lac, TextFormat.Message(frame));
    }

    public void Write(TextWriter output) => _ladder.Write(output);
}
