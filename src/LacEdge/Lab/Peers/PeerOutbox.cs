using LacEdge.Wire.Ip;

namespace LacEdge.Lab.Peers;

/// <summary>One frame or datagram that a peer wants sent.</summary>
/// <param name="Link">Access link of a frame; -1 for a datagram.</param>
/// <param name="Local">Where a datagram comes from.</param>
/// <param name="Remote">Where a datagram goes to.</param>
/// <param name="Offset">Where its octets stand in the outbox's buffer.</param>
public readonly record struct PeerOutput(int Link, UdpEndpoint Local, UdpEndpoint Remote, int Offset, int Length);

/// <summary>What peers want sent, in order. Many peers share one: the caller sends and clears after each turn.</summary>
public sealed class PeerOutbox
{
    private readonly List<PeerOutput> _outputs = [];
    private byte[] _buffer = new byte[16 * 1024];
    private int _used;

    public IReadOnlyList<PeerOutput> Outputs => _outputs;
    public int Count => _outputs.Count;

    public ReadOnlySpan<byte> Octets(in PeerOutput output) => _buffer.AsSpan(output.Offset, output.Length);

    /// <summary>For a caller that sends from the buffer itself.</summary>
    public ReadOnlyMemory<byte> Memory(in PeerOutput output) => _buffer.AsMemory(output.Offset, output.Length);

    public void Frame(int link, ReadOnlySpan<byte> frame) =>
        _outputs.Add(new PeerOutput(link, default, default, Append(frame), frame.Length));

    public void Datagram(UdpEndpoint local, UdpEndpoint remote, ReadOnlySpan<byte> payload) =>
        _outputs.Add(new PeerOutput(-1, local, remote, Append(payload), payload.Length));

    public void Clear()
    {
        _outputs.Clear();
        _used = 0;
    }

    private int Append(ReadOnlySpan<byte> octets)
    {
        var at = _used;
        if (at + octets.Length > _buffer.Length) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, at + octets.Length));
        octets.CopyTo(_buffer.AsSpan(at));
        _used = at + octets.Length;
        return at;
    }
}
