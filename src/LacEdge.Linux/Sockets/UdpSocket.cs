using LacEdge.Core;
using LacEdge.Linux.Kernel;
using LacEdge.Wire.Ip;

namespace LacEdge.Linux.Sockets;

public delegate void DatagramHandler(UdpEndpoint source, ReadOnlySpan<byte> datagram);

/// <summary>
/// A UDP socket, bound and not connected. Datagrams beyond the path MTU are fragmented, as L2TP needs for full-sized frames (DF is off),
/// and ICMP errors do not reach it, unless it is told otherwise.
/// </summary>
public sealed unsafe class UdpSocket : IDisposable
{
    private const int BatchSize = 32;

    // Made when first needed: the data plane's sockets are read with its own buffers.
    private ReceiveBatch? _batch;
    private bool _disposed;

    private readonly bool _withoutChecksum;

    private UdpSocket(int fd, bool withoutChecksum) => (Fd, _withoutChecksum) = (fd, withoutChecksum);

    public int Fd { get; }

    /// <summary>The address and port it is bound to, as the kernel says.</summary>
    public UdpEndpoint Local { get; private set; }

    /// <summary>Datagrams that could not be sent: no route, no buffer.</summary>
    public long SendFailures { get; private set; }

    /// <summary>Datagrams that the kernel dropped because nobody read them in time.</summary>
    public long KernelDrops => SocketOptions.KernelDrops(Fd);

    /// <summary>An unset address binds to all of them (IPv4); port 0 lets the kernel choose. Throws <see cref="HostException"/>
    /// when the port is taken, the address is not ours, the device is not there or a right (CAP_NET_BIND_SERVICE) is missing.</summary>
    /// <param name="dscp">Of what <see cref="Send"/> sends.</param>
    public static UdpSocket Open(UdpEndpoint local, UdpSocketOptions? options = null, byte dscp = 0, int receiveBuffer = 8 << 20)
    {
        options ??= UdpSocketOptions.Default;
        var family = local.Address.IsIpv6 ? Constants.AF_INET6 : Constants.AF_INET;
        var socket = new UdpSocket(HostException.Check(
            Libc.Socket(family, Constants.SOCK_DGRAM | Constants.SOCK_NONBLOCK | Constants.SOCK_CLOEXEC, 0), "cannot open a UDP socket"),
            !options.Checksum && family == Constants.AF_INET);
        try
        {
            socket.Prepare(local, options, dscp, receiveBuffer);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Control messages: always with a checksum. False when the kernel refused it (counted): as on a wire, it is lost.</summary>
    public bool Send(UdpEndpoint peer, ReadOnlySpan<byte> datagram)
    {
        if (!_withoutChecksum) return SendNow(peer, datagram);
        // What a worker sends meanwhile has a checksum, too: no harm.
        SetNoChecksum(false);
        var sent = SendNow(peer, datagram);
        SetNoChecksum(true);
        return sent;
    }

    private void SetNoChecksum(bool on) =>
        SocketOptions.Set(Fd, Constants.SOL_SOCKET, Constants.SO_NO_CHECK, on ? 1 : 0, "cannot switch the UDP checksum");

    private bool SendNow(UdpEndpoint peer, ReadOnlySpan<byte> datagram)
    {
        const int flags = Constants.MSG_DONTWAIT | Constants.MSG_NOSIGNAL;
        var address = SocketAddress.From(peer);
        fixed (byte* octets = datagram)
        {
            // The first refusal may be what ICMP said of an earlier datagram.
            for (var attempt = 0; attempt < 2; attempt++)
            {
                if (Libc.SendTo(Fd, octets, (nuint)datagram.Length, flags, &address, address.Size) >= 0) return true;
            }
        }

        SendFailures++;
        return false;
    }

    /// <summary>Hands over what is waiting, at most <see cref="BatchSize"/> datagrams; how many it was.</summary>
    public int Receive(DatagramHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _batch ??= new ReceiveBatch(BatchSize);
        var received = Math.Max(0, _batch.Receive(Fd));
        for (var i = 0; i < received; i++)
        {
            if (!_batch.IsTruncated(i)) handler(_batch.Source(i).ToEndpoint(), _batch.Datagram(i));
        }

        return received;
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Libc.Close(Fd);
        _batch?.Dispose();
    }

    private void Prepare(UdpEndpoint local, UdpSocketOptions options, byte dscp, int receiveBuffer)
    {
        const string cannot = "cannot set up a UDP socket";
        var ipv6 = local.Address.IsIpv6;
        SocketOptions.SetBuffers(Fd, receiveBuffer, 4 << 20);
        // With "probe" DF is set and the kernel leaves it to us what of ICMP to believe: the data plane looks at the tunnel that is quoted.
        var discover = options.DontFragment ? Constants.IP_PMTUDISC_PROBE : Constants.IP_PMTUDISC_DONT;
        var errors = options.DontFragment ? 1 : 0;
        if (ipv6)
        {
            SocketOptions.Set(Fd, Constants.SOL_IPV6, Constants.IPV6_V6ONLY, 1, cannot);
            SocketOptions.Set(Fd, Constants.SOL_IPV6, Constants.IPV6_MTU_DISCOVER, discover, cannot);
            SocketOptions.Set(Fd, Constants.SOL_IPV6, Constants.IPV6_RECVERR, errors, cannot);
            SocketOptions.Set(Fd, Constants.SOL_IPV6, Constants.IPV6_TCLASS, dscp << 2, cannot);
        }
        else
        {
            SocketOptions.Set(Fd, Constants.SOL_IP, Constants.IP_MTU_DISCOVER, discover, cannot);
            SocketOptions.Set(Fd, Constants.SOL_IP, Constants.IP_RECVERR, errors, cannot);
            SocketOptions.Set(Fd, Constants.SOL_IP, Constants.IP_TOS, dscp << 2, cannot);
        }

        if (_withoutChecksum) SetNoChecksum(true);
        if (options.Device.Length > 0) BindToDevice(options.Device);
        var address = SocketAddress.From(local);
        if (Libc.Bind(Fd, &address, address.Size) < 0)
        {
            var errno = Errno.Last;
            var name = local.Address.IsNone ? $"UDP port {local.Port}" : $"UDP port {local.Port} of {local.Address}";
            throw errno switch
            {
                Errno.EADDRINUSE => new HostException($"{name} is taken by another program", errno),
                Errno.EADDRNOTAVAIL => new HostException($"cannot use {name}: no interface has this address", errno),
                Errno.EACCES or Errno.EPERM =>
                    new HostException($"no right to use {name}: run as root or with CAP_NET_BIND_SERVICE", errno),
                _ => HostException.ForCall($"cannot use {name}", errno),
            };
        }

        var size = (uint)sizeof(SocketAddress);
        HostException.Check(Libc.GetSockName(Fd, &address, &size), cannot);
        Local = address.ToEndpoint();
    }

    private void BindToDevice(string device)
    {
        var name = System.Text.Encoding.UTF8.GetBytes(device);
        fixed (byte* octets = name)
        {
            if (Libc.SetSockOpt(Fd, Constants.SOL_SOCKET, Constants.SO_BINDTODEVICE, octets, (uint)name.Length) >= 0) return;
        }

        var errno = Errno.Last;
        throw errno == Errno.ENODEV
            ? new HostException($"there is no device '{device}' to bind a UDP socket to", errno)
            : HostException.ForCall($"cannot bind a UDP socket to device '{device}'", errno);
    }
}
