using LacEdge.Core.Forwarding;
using LacEdge.Linux.Kernel;
using LacEdge.Linux.Sockets;

namespace LacEdge.Linux.DataPlane;

/// <summary>Rewritten frames or datagrams on their way out, sent with one call for each socket. What a socket is given keeps
/// its order.</summary>
internal sealed unsafe class SendBatch : IDisposable
{
    private readonly WorkerCounters _counters;
    private readonly int[] _fds;
    private readonly int[] _slots;
    private readonly int[] _pppOctets;
    // Which entries go in the call being made.
    private readonly int[] _chosen;
    private readonly NativeTable<IoVector> _vectors;
    private readonly NativeTable<SocketAddress> _peers;
    private readonly NativeTable<MultiMessage> _messages;
    private int _count;

    public SendBatch(int capacity, WorkerCounters counters)
    {
        _counters = counters;
        (_fds, _slots, _pppOctets, _chosen) = (new int[capacity], new int[capacity], new int[capacity], new int[capacity]);
        _vectors = new NativeTable<IoVector>(capacity);
        _peers = new NativeTable<SocketAddress>(capacity);
        _messages = new NativeTable<MultiMessage>(capacity);
    }

    /// <summary>The octets must stay where they are until <see cref="Flush"/>. No peer (family 0): the socket knows its own.</summary>
    public void Add(int fd, in SocketAddress peer, byte* octets, int length, int slot, int pppOctets)
    {
        _vectors[_count] = new IoVector { Base = octets, Length = (nuint)length };
        _peers[_count] = peer;
        (_fds[_count], _slots[_count], _pppOctets[_count]) = (fd, slot, pppOctets);
        _count++;
    }

    public void Flush()
    {
        for (var first = 0; first < _count; first++)
        {
            if (_fds[first] >= 0) SendAll(_fds[first], Choose(first));
        }

        _count = 0;
    }

    public void Dispose()
    {
        _vectors.Dispose();
        _peers.Dispose();
        _messages.Dispose();
    }

    /// <summary>Collects everything for the socket of the first entry; how many.</summary>
    private int Choose(int first)
    {
        var fd = _fds[first];
        var chosen = 0;
        for (var i = first; i < _count; i++)
        {
            if (_fds[i] != fd) continue;
            _fds[i] = -1;
            var peer = _peers.Address(i);
            _messages[chosen].Header = new MessageHeader
            {
                Name = peer->Family == 0 ? null : peer,
                NameLength = peer->Family == 0 ? 0 : peer->Size,
                Vectors = _vectors.Address(i),
                VectorCount = 1,
            };
            _chosen[chosen++] = i;
        }

        return chosen;
    }

    private void SendAll(int fd, int count)
    {
        var at = 0;
        while (at < count)
        {
            var sent = Libc.SendMessages(fd, _messages.Address(at), (uint)(count - at), Constants.MSG_DONTWAIT | Constants.MSG_NOSIGNAL);
            if (sent < 0)
            {
                var errno = Errno.Last;
                if (errno == Errno.EINTR) continue;
                // A full queue takes the others no better; any other refusal concerns the first alone.
                var refused = errno is Errno.EAGAIN or Errno.ENOBUFS or Errno.ENETDOWN ? count - at : 1;
                for (var end = at + refused; at < end; at++) _counters.Dropped(_slots[_chosen[at]], ForwardingReason.SendFailed);
                continue;
            }

            for (var end = at + sent; at < end; at++) _counters.Forwarded(_slots[_chosen[at]], _pppOctets[_chosen[at]]);
        }
    }
}
