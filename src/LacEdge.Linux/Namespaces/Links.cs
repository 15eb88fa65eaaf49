using System.Runtime.InteropServices;
using LacEdge.Linux.Kernel;
using LacEdge.Linux.Netlink;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Linux.Namespaces;

/// <summary>
/// Makes and changes network interfaces of the calling thread's network namespace, as <c>ip link</c>, <c>ip address</c> and
/// <c>ip route</c> do. Everything throws <see cref="HostException"/> when the kernel refuses.
/// </summary>
public static class Links
{
    private const ushort SetLink = 19, NewAddress = 20, NewRoute = 24;
    private const ushort AttributeLinkInfo = 18, AttributeNamespace = 28, InfoKind = 1, InfoData = 2, VethPeer = 1;
    private const ushort AddressLocal = 2, AddressItself = 1, AddressFlags = 8;
    private const ushort RouteDestination = 1, RouteGateway = 5;
    private const uint FlagUp = 1, NoDuplicateDetection = 2;
    private const byte RouteTableMain = 254, RouteProtocolStatic = 4, RouteTypeUnicast = 1;

    /// <summary>A pair of Ethernet interfaces joined by a virtual cable. The second may be born in another namespace.</summary>
    public static void AddVeth(string name, string peerName, NetworkNamespace? peerNamespace = null)
    {
        var message = new NetlinkMessage(LinkInfo.NewLink, NetlinkMessage.Ack | NetlinkMessage.Create | NetlinkMessage.Exclusive)
            .Append(default(InterfaceMessage))
            .Attribute(LinkInfo.AttributeName, name)
            .Nested(AttributeLinkInfo, info => info
                .Attribute(InfoKind, "veth")
                .Nested(InfoData, data => data.Nested(VethPeer, peer =>
                {
                    peer.Append(default(InterfaceMessage)).Attribute(LinkInfo.AttributeName, peerName);
                    if (peerNamespace is not null) peer.Attribute(AttributeNamespace, peerNamespace.Fd);
                })));
        Request(message, $"cannot make interfaces {name} and {peerName}");
    }

    /// <summary>The other end of a veth pair goes with it.</summary>
    public static void Delete(string name) => Change(LinkInfo.DeleteLink, name, default, "delete", null);

    public static void SetUp(string name, bool up = true) =>
        Change(SetLink, name, new InterfaceMessage { Flags = up ? FlagUp : 0, Change = FlagUp }, up ? "set up" : "set down", null);

    public static void SetMac(string name, MacAddress mac)
    {
        Span<byte> octets = stackalloc byte[MacAddress.Size];
        mac.Write(octets);
        var value = octets.ToArray();
        Change(SetLink, name, default, $"set MAC {mac} of", message => message.Attribute(LinkInfo.AttributeAddress, value));
    }

    public static void SetMtu(string name, int mtu) =>
        Change(SetLink, name, default, $"set MTU {mtu} of", message => message.Attribute(LinkInfo.AttributeMtu, mtu));

    /// <summary>Moves the interface; it is down afterwards and has lost its addresses.</summary>
    public static void Move(string name, NetworkNamespace to) =>
        Change(SetLink, name, default, "move", message => message.Attribute(AttributeNamespace, to.Fd));

    public static void AddAddress(string name, IpAddress address, int prefixLength)
    {
        var value = Octets(address);
        var index = (uint)LinkInfo.Get(name).Index;
        var message = new NetlinkMessage(NewAddress, NetlinkMessage.Ack | NetlinkMessage.Create | NetlinkMessage.Exclusive)
            .Append(new AddressMessage { Family = Family(address), PrefixLength = (byte)prefixLength, Index = index })
            .Attribute(AddressLocal, value)
            .Attribute(AddressItself, value)
            // An IPv6 address is usable at once.
            .Attribute(AddressFlags, NoDuplicateDetection);
        Request(message, $"cannot give {name} the address {address}/{prefixLength}");
    }

    /// <summary>A prefix length of 0 makes the default route.</summary>
    public static void AddRoute(IpAddress destination, int prefixLength, IpAddress gateway)
    {
        var message = new NetlinkMessage(NewRoute, NetlinkMessage.Ack | NetlinkMessage.Create | NetlinkMessage.Exclusive)
            .Append(new RouteMessage
            {
                Family = Family(destination),
                DestinationLength = (byte)prefixLength,
                Table = RouteTableMain,
                Protocol = RouteProtocolStatic,
                Type = RouteTypeUnicast,
            })
            .Attribute(RouteDestination, Octets(destination))
            .Attribute(RouteGateway, Octets(gateway));
        Request(message, $"cannot add the route to {destination}/{prefixLength} by {gateway}");
    }

    private static void Change(ushort type, string name, InterfaceMessage change, string what, Action<NetlinkMessage>? attributes)
    {
        change.Index = LinkInfo.Get(name).Index;
        var message = new NetlinkMessage(type, NetlinkMessage.Ack).Append(change);
        attributes?.Invoke(message);
        Request(message, $"cannot {what} interface {name}");
    }

    private static void Request(NetlinkMessage message, string cannot)
    {
        using var netlink = new NetlinkSocket();
        var errno = netlink.Request(message);
        if (errno == Errno.EPERM) throw new HostException($"{cannot}: run as root or with CAP_NET_ADMIN", errno);
        if (errno != 0) throw HostException.ForCall(cannot, errno);
    }

    private static byte Family(IpAddress address) => (byte)(address.IsIpv6 ? Constants.AF_INET6 : Constants.AF_INET);

    private static byte[] Octets(IpAddress address)
    {
        var octets = new byte[address.Size];
        address.Write(octets);
        return octets;
    }

    /// <summary>struct ifaddrmsg</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct AddressMessage
    {
        public byte Family;
        public byte PrefixLength;
        public byte Flags;
        public byte Scope;
        public uint Index;
    }

    /// <summary>struct rtmsg</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct RouteMessage
    {
        public byte Family;
        public byte DestinationLength;
        public byte SourceLength;
        public byte TypeOfService;
        public byte Table;
        public byte Protocol;
        public byte Scope;
        public byte Type;
        public uint Flags;
    }
}
