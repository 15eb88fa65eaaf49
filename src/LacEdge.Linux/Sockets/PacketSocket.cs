using System.Buffers.Binary;
using LacEdge.Linux.Kernel;
using LacEdge.Linux.Netlink;

namespace LacEdge.Linux.Sockets;

public delegate void FrameHandler(ReadOnlySpan<byte> frame);

/// <summary>
/// A raw socket on one Ethernet interface for one EtherType, in or out of VLAN tags. Frames have all their tags in band, both
/// ways, as on the wire. Own frames and frames for other hosts are not seen.
/// </summary>
public sealed unsafe class PacketSocket : IDisposable
{
    private const int BatchSize = 32;

    // Made when first needed: the data plane's sockets are read with its own buffers.
    private ReceiveBatch? _batch;
    private bool _disposed;

    private PacketSocket(int fd) => Fd = fd;

    public int Fd { get; }

    /// <summary>Frames and datagrams that could not be sent: the queue was full, the link down, the frame too long.</summary>
    public long SendFailures { get; private set; }

    /// <summary>Frames that the kernel dropped because nobody read them in time.</summary>
    public long KernelDrops => SocketOptions.KernelDrops(Fd);

    /// <summary>Throws <see cref="HostException"/> when the right to do it (CAP_NET_RAW) is missing or the interface is gone.</summary>
    /// <param name="anyDestination">Frames for other MACs than the interface's, too: for simulated subscribers, who have one each.</param>
    public static PacketSocket Open(LinkInfo link, ushort etherType, int receiveBuffer = 4 << 20, bool anyDestination = false)
    {
        ArgumentNullException.ThrowIfNull(link);
        // Protocol 0: nothing arrives before the filter is in place.
        var fd = Libc.Socket(Constants.AF_PACKET, Constants.SOCK_RAW | Constants.SOCK_NONBLOCK | Constants.SOCK_CLOEXEC, 0);
        if (fd < 0)
        {
            var errno = Errno.Last;
            throw errno is Errno.EPERM or Errno.EACCES
                ? new HostException($"no right to send and receive raw frames on {link.Name}: run as root or with CAP_NET_RAW", errno)
                : HostException.ForCall($"cannot open a raw socket on {link.Name}", errno);
        }

        var socket = new PacketSocket(fd);
        try
        {
            socket.Prepare(link, etherType, receiveBuffer, anyDestination);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a whole frame. False when the kernel refused it (counted): as on a wire, it is lost.</summary>
    public bool Send(ReadOnlySpan<byte> frame)
    {
        fixed (byte* octets = frame)
        {
            if (Libc.Send(Fd, octets, (nuint)frame.Length, Constants.MSG_DONTWAIT) >= 0) return true;
        }

        SendFailures++;
        return false;
    }

    /// <summary>Hands over what is waiting, at most <see cref="BatchSize"/> frames; how many it was.</summary>
    public int Receive(FrameHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _batch ??= new ReceiveBatch(BatchSize);
        // An error (the interface went down) is told once and is no frame.
        var received = Math.Max(0, _batch.Receive(Fd));
        for (var i = 0; i < received; i++)
        {
            if (!_batch.IsTruncated(i)) handler(_batch.Frame(i));
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

    /// <summary>Makes the network card take all VLANs for as long as the socket is open: most cards drop those that nobody has made
    /// a device for, except when promiscuous. Frames for other hosts are dropped by the filter.</summary>
    public void TakeAllVlans(LinkInfo link)
    {
        ArgumentNullException.ThrowIfNull(link);
        var membership = new PacketMembership { InterfaceIndex = link.Index, Type = Constants.PACKET_MR_PROMISC };
        HostException.Check(
            Libc.SetSockOpt(Fd, Constants.SOL_PACKET, Constants.PACKET_ADD_MEMBERSHIP, &membership, (uint)sizeof(PacketMembership)),
            $"cannot make interface {link.Name} promiscuous, as its VLANs need it");
    }

    private void Prepare(LinkInfo link, ushort etherType, int receiveBuffer, bool anyDestination)
    {
        var cannot = $"cannot set up a raw socket on {link.Name}";
        SocketOptions.SetBuffers(Fd, receiveBuffer, 4 << 20);
        SocketOptions.Set(Fd, Constants.SOL_PACKET, Constants.PACKET_AUXDATA, 1, cannot);
        SocketOptions.Set(Fd, Constants.SOL_PACKET, Constants.PACKET_IGNORE_OUTGOING, 1, cannot);

        var instructions = PacketFilter.ForEtherType(etherType, anyDestination);
        fixed (FilterInstruction* first = instructions)
        {
            var program = new FilterProgram { Count = (ushort)instructions.Length, Instructions = first };
            HostException.Check(
                Libc.SetSockOpt(Fd, Constants.SOL_SOCKET, Constants.SO_ATTACH_FILTER, &program, (uint)sizeof(FilterProgram)), cannot);
        }

        // Only a socket bound to all protocols sees VLAN tags at all.
        const ushort all = Constants.ETH_P_ALL;
        var address = new LinkLayerAddress
        {
            Family = Constants.AF_PACKET,
            Protocol = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(all) : all,
            InterfaceIndex = link.Index,
        };
        if (Libc.Bind(Fd, &address, (uint)sizeof(LinkLayerAddress)) >= 0) return;
        var errno = Errno.Last;
        throw errno == Errno.ENODEV
            ? new HostException($"interface {link.Name} does not exist", errno)
            : HostException.ForCall($"cannot bind a raw socket to {link.Name}", errno);
    }
}
