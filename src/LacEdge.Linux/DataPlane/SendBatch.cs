using System.Runtime.InteropServices;
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
    private readonly NativeTable<TrafficClass> _classes;
    private int _count;

    public SendBatch(int capacity, WorkerCounters counters)
    {
        _counters = counters;
        (_fds, _slots, _pppOctets, _chosen) = (new int[capacity], new int[capacity], new int[capacity], new int[capacity]);
        _vectors = new NativeTable<IoVector>(capacity);
        _peers = new NativeTable<SocketAddress>(capacity);
        _messages = new NativeTable<MultiMessage>(capacity);
        _classes = new NativeTable<TrafficClass>(capacity);
    }

    /// <summary>Control data of one message: the octet with DSCP and ECN.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct TrafficClass
    {
        public ControlHeader Header;
        public int Value;
        private readonly int _padding;

        public static TrafficClass From(bool ipv6, byte dscp) => new()
        {
            Header = new ControlHeader
            {
                Length = (nuint)(sizeof(ControlHeader) + sizeof(int)),
                Level = ipv6 ? Constants.SOL_IPV6 : Constants.SOL_IP,
                Type = ipv6 ? Constants.IPV6_TCLASS : Constants.IP_TOS,
            },
            // The outer ECN stays 00 as long as nothing else was negotiated (RFC 9601 section 6.1.1).
            Value = dscp << 2,
        };
    }

    /// <summary>A frame. The octets must stay where they are until <see cref="Flush"/>, which is made when there is no room.</summary>
    public void Add(int fd, byte* octets, int length, int slot, int pppOctets) => Add(fd, default, octets, length, slot, pppOctets);

    /// <summary>A datagram, likewise.</summary>
    public void Add(int fd, in SocketAddress peer, byte dscp, byte* octets, int length, int slot, int pppOctets)
    {
        if (_count == _fds.Length) Flush();
        _classes[_count] = TrafficClass.From(peer.Family == Constants.AF_INET6, dscp);
        Add(fd, peer, octets, length, slot, pppOctets);
    }

    private void Add(int fd, in SocketAddress peer, byte* octets, int length, int slot, int pppOctets)
    {
        if (_count == _fds.Length) Flush();
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
        _classes.Dispose();
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
                Control = peer->Family == 0 ? null : _classes.Address(i),
                ControlLength = peer->Family == 0 ? 0 : (nuint)sizeof(TrafficClass),
            };
            _chosen[chosen++] = i;
        }

        return chosen;
    }

    private void SendAll(int fd, int count)
    {
        var (at, refusedOnce) = (0, -1);
        while (at < count)
        {
            var sent = Libc.SendMessages(fd, _messages.Address(at), (uint)(count - at), Constants.MSG_DONTWAIT | Constants.MSG_NOSIGNAL);
            if (sent < 0)
            {
                var errno = Errno.Last;
                if (errno == Errno.EINTR) continue;
                // A full queue takes the others no better; any other refusal concerns the first alone, if it is not what ICMP said
                // of an earlier datagram.
                var all = errno is Errno.EAGAIN or Errno.ENOBUFS or Errno.ENETDOWN;
                if (!all && refusedOnce != at)
                {
                    refusedOnce = at;
                    continue;
                }

                var refused = all ? count - at : 1;
                var reason = errno == Errno.EMSGSIZE ? ForwardingReason.TooLong : ForwardingReason.SendFailed;
                for (var end = at + refused; at < end; at++) _counters.Dropped(_slots[_chosen[at]], reason);
                continue;
            }

            for (var end = at + sent; at < end; at++) _counters.Forwarded(_slots[_chosen[at]], _pppOctets[_chosen[at]]);
        }
    }
}
