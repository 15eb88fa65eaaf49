using System.Runtime.InteropServices;
using LacEdge.Linux.Kernel;

namespace LacEdge.Linux.Netlink;

internal delegate void NetlinkReplyHandler(ushort type, ReadOnlySpan<byte> payload);

/// <summary>A NETLINK_ROUTE socket of the network namespace in which it was opened.</summary>
internal sealed unsafe class NetlinkSocket : IDisposable
{
    private const int NetlinkRoute = 0;
    private const ushort Error = 2, Done = 3;

    private readonly byte[] _buffer = new byte[64 * 1024];
    private bool _disposed;

    /// <param name="groups">Bits of the RTMGRP_ groups whose news are wanted.</param>
    public NetlinkSocket(uint groups = 0)
    {
        var type = Constants.SOCK_RAW | Constants.SOCK_CLOEXEC | (groups != 0 ? Constants.SOCK_NONBLOCK : 0);
        Fd = HostException.Check(Libc.Socket(Constants.AF_NETLINK, type, NetlinkRoute), "cannot open a netlink socket");
        // struct sockaddr_nl: family, padding, port id, groups
        var address = stackalloc uint[3] { Constants.AF_NETLINK, 0, groups };
        if (groups != 0) HostException.Check(Libc.Bind(Fd, address, 12), "cannot watch the interfaces");
    }

    public int Fd { get; }

    /// <summary>Sends a request and waits for its answer; the error number, 0 for success.</summary>
    public int Request(NetlinkMessage message, NetlinkReplyHandler? reply = null)
    {
        var request = message.Finish();
        fixed (byte* octets = request)
        {
            if (Libc.Send(Fd, octets, (nuint)request.Length, 0) < 0)
                throw HostException.ForCall("cannot ask the kernel by netlink", Errno.Last);
        }

        while (true)
        {
            var received = Receive();
            if (received < 0) throw HostException.ForCall("cannot read the kernel's netlink answer", -received);
            if (TryFinish(_buffer.AsSpan(0, received), reply, out var errno)) return errno;
        }
    }

    /// <summary>Reads and forgets what is waiting; whether there was anything, an overflow of the queue included.</summary>
    public bool Drain()
    {
        var any = false;
        while (true)
        {
            var received = Receive();
            if (received == -Errno.EAGAIN) return any;
            if (received < 0 && received != -Errno.ENOBUFS)
                throw HostException.ForCall("cannot read the kernel's news of the interfaces", -received);
            any = true;
        }
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Libc.Close(Fd);
    }

    private int Receive()
    {
        fixed (byte* buffer = _buffer)
        {
            while (true)
            {
                var received = Libc.Receive(Fd, buffer, (nuint)_buffer.Length, 0);
                if (received >= 0) return (int)received;
                if (Errno.Last is var errno && errno != Errno.EINTR) return -errno;
            }
        }
    }

    /// <summary>Walks over the messages of one read: the answer ends with an error message (0: acknowledged) or, for a dump,
    /// with "done".</summary>
    private static bool TryFinish(ReadOnlySpan<byte> messages, NetlinkReplyHandler? reply, out int errno)
    {
        errno = 0;
        while (messages.Length >= NetlinkMessage.HeaderSize)
        {
            var length = (int)MemoryMarshal.Read<uint>(messages);
            var type = MemoryMarshal.Read<ushort>(messages[4..]);
            if (length < NetlinkMessage.HeaderSize || length > messages.Length)
                throw new HostException("the kernel's netlink answer is malformed");
            var payload = messages[NetlinkMessage.HeaderSize..length];
            if (type == Done) return true;
            if (type == Error)
            {
                errno = -MemoryMarshal.Read<int>(payload);
                return true;
            }

            reply?.Invoke(type, payload);
            messages = messages[Math.Min(messages.Length, length + 3 & ~3)..];
        }

        return false;
    }
}
