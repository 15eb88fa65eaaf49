using LacEdge.Core.Events;
using LacEdge.Core.Forwarding;
using LacEdge.Wire.Dns;
using LacEdge.Wire.Ip;

namespace LacEdge.Core;

public enum OutputKind : byte
{
    /// <summary>An Ethernet frame to the access interface <see cref="Output.Target"/> (access group).</summary>
    Frame,
    /// <summary>A UDP payload to <see cref="Output.Peer"/> from the socket <see cref="Output.Target"/>.</summary>
    Datagram,
    /// <summary>Open the UDP socket with the handle <see cref="Output.Target"/>, bound to <see cref="Output.Peer"/>, with
    /// <see cref="Output.Socket"/>; the host answers with a socket result.</summary>
    OpenSocket,
    CloseSocket,
    /// <summary>Change what the data plane forwards: <see cref="Output.Update"/>.</summary>
    Forwarding,
    /// <summary>Something worth telling: <see cref="Output.Event"/>.</summary>
    Event,
    /// <summary>Ask DNS for <see cref="Output.Question"/>; the host answers with a lookup result for <see cref="Output.Target"/>.</summary>
    Lookup,
    /// <summary>The answer to the lookup <see cref="Output.Target"/> is not wanted any more.</summary>
    CancelLookup,
}

/// <summary>One thing that Core wants done.</summary>
public readonly record struct Output
{
    public OutputKind Kind { get; init; }
    public int Target { get; init; }
    public UdpEndpoint Peer { get; init; }
    /// <summary>Where the octets stand in the outbox's buffer.</summary>
    public int Offset { get; init; }
    public int Length { get; init; }
    /// <summary>The forwarding slot in which the host counts this frame or datagram; -1: none (control traffic).</summary>
    public int Slot { get; init; }
    public ForwardingUpdate? Update { get; init; }
    public LacEvent? Event { get; init; }
    public UdpSocketOptions? Socket { get; init; }
    public DnsQuestion Question { get; init; }
}

/// <summary>
/// What Core wants done, in order: handlers record it, the host does it after the turn and clears it. Concrete on
/// purpose: tests simply read it.
/// </summary>
public sealed class Outbox
{
    private readonly List<Output> _outputs = [];
    private byte[] _buffer = new byte[64 * 1024];
    private int _used;

    public IReadOnlyList<Output> Outputs => _outputs;
    public int Count => _outputs.Count;
    public ReadOnlySpan<byte> Octets(in Output output) => _buffer.AsSpan(output.Offset, output.Length);

    public void Frame(int accessGroup, ReadOnlySpan<byte> frame, int slot = -1) =>
        _outputs.Add(new Output { Kind = OutputKind.Frame, Target = accessGroup, Offset = Append(frame), Length = frame.Length, Slot = slot });

    public void Datagram(int socket, UdpEndpoint peer, ReadOnlySpan<byte> payload, int slot = -1) =>
        _outputs.Add(new Output
        {
            Kind = OutputKind.Datagram,
            Target = socket,
            Peer = peer,
            Offset = Append(payload),
            Length = payload.Length,
            Slot = slot,
        });

    /// <summary>An unset address binds to all of them (IPv4); port 0 lets the kernel choose.</summary>
    public void OpenSocket(int socket, UdpEndpoint local, UdpSocketOptions options) =>
        _outputs.Add(new Output { Kind = OutputKind.OpenSocket, Target = socket, Peer = local, Slot = -1, Socket = options });

    public void CloseSocket(int socket) => _outputs.Add(new Output { Kind = OutputKind.CloseSocket, Target = socket, Slot = -1 });
    public void Forwarding(ForwardingUpdate update) =>
        _outputs.Add(new Output { Kind = OutputKind.Forwarding, Update = update, Slot = -1 });
    public void Lookup(int lookup, DnsQuestion question) =>
        _outputs.Add(new Output { Kind = OutputKind.Lookup, Target = lookup, Question = question, Slot = -1 });
    public void CancelLookup(int lookup) => _outputs.Add(new Output { Kind = OutputKind.CancelLookup, Target = lookup, Slot = -1 });
    public void Event(LacEvent happened) => _outputs.Add(new Output { Kind = OutputKind.Event, Event = happened, Slot = -1 });

    public void Clear()
    {
        _outputs.Clear();
        _used = 0;
        // A burst (10,000 PADTs) must not hold its memory for ever.
        if (_buffer.Length > 1 << 20) _buffer = new byte[64 * 1024];
    }

    private int Append(ReadOnlySpan<byte> octets)
    {
        if (_used + octets.Length > _buffer.Length) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _used + octets.Length));
        octets.CopyTo(_buffer.AsSpan(_used));
        _used += octets.Length;
        return _used - octets.Length;
    }
}
