using System.Buffers.Binary;
using System.Runtime.InteropServices;
using LacEdge.Linux.Kernel;
using LacEdge.Wire.Ip;

namespace LacEdge.Linux.Sockets;

/// <summary>struct sockaddr_in or sockaddr_in6, by its family. Address and port in network order.</summary>
[StructLayout(LayoutKind.Explicit, Size = 28)]
internal struct SocketAddress
{
    [FieldOffset(0)] public ushort Family;
    [FieldOffset(2)] public ushort Port;
    [FieldOffset(4)] public uint Ipv4;
    [FieldOffset(8)] public ulong Ipv6High;
    [FieldOffset(16)] public ulong Ipv6Low;
    [FieldOffset(24)] public uint Scope;

    /// <summary>Octets that the kernel wants to see.</summary>
    public readonly uint Size => Family == Constants.AF_INET6 ? 28u : 16u;

    public static SocketAddress From(UdpEndpoint endpoint)
    {
        var address = new SocketAddress
        {
            Family = endpoint.Address.IsIpv6 ? (ushort)Constants.AF_INET6 : (ushort)Constants.AF_INET,
            Port = NetworkOrder(endpoint.Port),
        };
        if (endpoint.Address.IsIpv6) endpoint.Address.Write(MemoryMarshal.AsBytes(new Span<SocketAddress>(ref address))[8..]);
        else if (endpoint.Address.IsIpv4) address.Ipv4 = NetworkOrder(endpoint.Address.Ipv4);
        return address;
    }

    public readonly UdpEndpoint ToEndpoint()
    {
        var octets = MemoryMarshal.AsBytes(new ReadOnlySpan<SocketAddress>(in this));
        var address = Family == Constants.AF_INET6 ? octets.Slice(8, 16) : octets.Slice(4, 4);
        return new UdpEndpoint(IpAddress.Read(address), NetworkOrder(Port));
    }

    /// <summary>Same address and port; the scope of a link-local address is not looked at.</summary>
    public readonly bool SameAs(in SocketAddress other)
    {
        if (Family != other.Family || Port != other.Port) return false;
        return Family == Constants.AF_INET6 ? Ipv6High == other.Ipv6High && Ipv6Low == other.Ipv6Low : Ipv4 == other.Ipv4;
    }

    private static ushort NetworkOrder(ushort value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
    private static uint NetworkOrder(uint value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
}
