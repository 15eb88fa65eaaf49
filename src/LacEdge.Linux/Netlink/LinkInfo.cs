using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using LacEdge.Linux.Kernel;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Linux.Netlink;

/// <summary>A network interface.</summary>
/// <param name="Index">The kernel's number for it; a new one when it is made anew under the same name.</param>
/// <param name="Mtu">Largest Ethernet payload in octets.</param>
/// <param name="Up">Set up and with carrier.</param>
/// <param name="IsEthernet">Its frames have an Ethernet header.</param>
public sealed record LinkInfo(int Index, string Name, MacAddress Mac, int Mtu, bool Up, bool IsEthernet)
{
    internal const ushort NewLink = 16, DeleteLink = 17, GetLink = 18;
    internal const ushort AttributeAddress = 1, AttributeName = 3, AttributeMtu = 4;
    private const uint FlagUp = 1, FlagRunning = 0x40;
    private const ushort EthernetType = 1;
    /// <summary>Octets of a name, IFNAMSIZ without the terminator.</summary>
    private const int MaxName = 15;

    /// <summary>The interface of this name in the calling thread's network namespace; null when there is none.</summary>
    public static LinkInfo? Find(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) is 0 or > MaxName) return null;
        using var netlink = new NetlinkSocket();
        LinkInfo? found = null;
        var request = new NetlinkMessage(GetLink, NetlinkMessage.Ack).Append(default(InterfaceMessage)).Attribute(AttributeName, name);
        var errno = netlink.Request(request, (type, payload) => found = type == NewLink ? Parse(payload) : found);
        return errno is 0 or Errno.ENODEV ? found : throw HostException.ForCall($"cannot look up interface {name}", errno);
    }

    /// <summary>As <see cref="Find"/>; throws <see cref="HostException"/> when there is none.</summary>
    public static LinkInfo Get(string name) => Find(name) ?? throw new HostException($"interface {name} does not exist", Errno.ENODEV);

    /// <summary>All interfaces of the calling thread's network namespace.</summary>
    public static IReadOnlyList<LinkInfo> All()
    {
        using var netlink = new NetlinkSocket();
        var links = new List<LinkInfo>();
        var errno = netlink.Request(
            new NetlinkMessage(GetLink, NetlinkMessage.Dump).Append(default(InterfaceMessage)),
            (type, payload) =>
            {
                if (type == NewLink) links.Add(Parse(payload));
            });
        return errno == 0 ? links : throw HostException.ForCall("cannot list the interfaces", errno);
    }

    private static LinkInfo Parse(ReadOnlySpan<byte> payload)
    {
        var message = MemoryMarshal.Read<InterfaceMessage>(payload);
        var (name, mac, mtu) = ("", default(MacAddress), 0);
        var rest = payload[Unsafe.SizeOf<InterfaceMessage>()..];
        while (rest.Length >= 4)
        {
            var length = MemoryMarshal.Read<ushort>(rest);
            var type = MemoryMarshal.Read<ushort>(rest[2..]);
            if (length < 4 || length > rest.Length) break;
            var value = rest[4..length];
            if (type == AttributeName) name = Encoding.UTF8.GetString(value.TrimEnd((byte)0));
            if (type == AttributeAddress && value.Length == MacAddress.Size) mac = MacAddress.Read(value);
            if (type == AttributeMtu) mtu = MemoryMarshal.Read<int>(value);
            rest = rest[Math.Min(rest.Length, length + 3 & ~3)..];
        }

        var up = (message.Flags & (FlagUp | FlagRunning)) == (FlagUp | FlagRunning);
        return new LinkInfo(message.Index, name, mac, mtu, up, message.Type == EthernetType);
    }
}

/// <summary>struct ifinfomsg</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InterfaceMessage
{
    public byte Family;
    public byte Padding;
    public ushort Type;
    public int Index;
    public uint Flags;
    /// <summary>Which flags are to be changed.</summary>
    public uint Change;
}

/// <summary>Says that some interface of the namespace changed, came or went; what it is now, <see cref="LinkInfo.Find"/> tells.</summary>
public sealed class LinkMonitor : IDisposable
{
    private const uint LinkGroup = 1;

    private readonly NetlinkSocket _netlink = new(LinkGroup);

    public int Fd => _netlink.Fd;

    /// <summary>Whether there was news since the last call.</summary>
    public bool Drain() => _netlink.Drain();

    public void Dispose() => _netlink.Dispose();
}
