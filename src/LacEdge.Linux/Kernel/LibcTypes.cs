using System.Runtime.InteropServices;

namespace LacEdge.Linux.Kernel;

[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpec
{
    public nint Seconds;
    public nint Nanoseconds;
}

/// <summary>struct itimerspec</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimerSpec
{
    public TimeSpec Interval;
    public TimeSpec Value;
}

/// <summary>struct iovec</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public void* Base;
    public nuint Length;
}

/// <summary>struct msghdr</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    public void* Name;
    public uint NameLength;
    public IoVector* Vectors;
    public nuint VectorCount;
    public void* Control;
    public nuint ControlLength;
    public int Flags;
}

/// <summary>struct mmsghdr</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MultiMessage
{
    public MessageHeader Header;
    /// <summary>Octets received or sent.</summary>
    public uint Length;
}

/// <summary>struct cmsghdr; its data follows, 8-aligned.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ControlHeader
{
    public nuint Length;
    public int Level;
    public int Type;
}

/// <summary>struct sock_extended_err: why a datagram did not arrive.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SocketError
{
    public const byte FromIcmp = 2, FromIcmpIpv6 = 3;

    public uint Errno;
    public byte Origin;
    public byte Type;
    public byte Code;
    private readonly byte _padding;
    public uint Info;
    private readonly uint _data;
}

/// <summary>struct sockaddr_ll; protocol in network order</summary>
[StructLayout(LayoutKind.Explicit, Size = 20)]
internal struct LinkLayerAddress
{
    [FieldOffset(0)] public ushort Family;
    [FieldOffset(2)] public ushort Protocol;
    [FieldOffset(4)] public int InterfaceIndex;
}

/// <summary>struct packet_mreq, without an address</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct PacketMembership
{
    [FieldOffset(0)] public int InterfaceIndex;
    [FieldOffset(4)] public ushort Type;
}

/// <summary>struct tpacket_auxdata: where the kernel puts the outer VLAN tag that it took out of the frame.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PacketAuxData
{
    public const uint VlanValid = 1 << 4, VlanTpidValid = 1 << 6;

    public uint Status;
    public uint Length;
    public uint SnapLength;
    public ushort Mac;
    public ushort Net;
    public ushort VlanTci;
    public ushort VlanTpid;
}

/// <summary>struct sock_filter: one instruction of classic BPF</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct FilterInstruction(ushort code, byte jumpTrue, byte jumpFalse, uint k)
{
    public readonly ushort Code = code;
    public readonly byte JumpTrue = jumpTrue;
    public readonly byte JumpFalse = jumpFalse;
    public readonly uint K = k;
}

/// <summary>struct sock_fprog</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FilterProgram
{
    public ushort Count;
    public FilterInstruction* Instructions;
}

/// <summary>Numbers from the kernel's headers, under their own names.</summary>
internal static class Constants
{
    public const int CLOCK_REALTIME = 0, CLOCK_BOOTTIME = 7;
    public const int AF_INET = 2, AF_INET6 = 10, AF_NETLINK = 16, AF_PACKET = 17;
    public const int SOCK_DGRAM = 2, SOCK_RAW = 3, SOCK_NONBLOCK = 0x800, SOCK_CLOEXEC = 0x80000;
    public const int SOL_IP = 0, SOL_SOCKET = 1, SOL_IPV6 = 41, SOL_PACKET = 263, SOL_NETLINK = 270;
    public const int SO_SNDBUF = 7, SO_RCVBUF = 8, SO_NO_CHECK = 11, SO_BINDTODEVICE = 25, SO_ATTACH_FILTER = 26, SO_SNDBUFFORCE = 32, SO_RCVBUFFORCE = 33;
    public const int SO_MEMINFO = 55;
    public const int SK_MEMINFO_DROPS = 8, SK_MEMINFO_VARS = 9;
    public const int IP_TOS = 1, IP_MTU_DISCOVER = 10, IP_RECVERR = 11, IPV6_MTU_DISCOVER = 23, IPV6_RECVERR = 25, IPV6_V6ONLY = 26, IPV6_TCLASS = 67;
    public const int IP_PMTUDISC_DONT = 0, IP_PMTUDISC_PROBE = 3;
    public const int PACKET_ADD_MEMBERSHIP = 1, PACKET_AUXDATA = 8, PACKET_IGNORE_OUTGOING = 23, PACKET_MR_PROMISC = 1;
    public const int ETH_P_ALL = 3;
    public const int MSG_TRUNC = 0x20, MSG_DONTWAIT = 0x40, MSG_ERRQUEUE = 0x2000, MSG_NOSIGNAL = 0x4000;
    public const int O_RDONLY = 0, O_CREAT = 0x40, O_EXCL = 0x80, O_CLOEXEC = 0x80000;
    public const int EFD_NONBLOCK = 0x800, EFD_CLOEXEC = 0x80000, EPOLL_CLOEXEC = 0x80000, TFD_NONBLOCK = 0x800, TFD_CLOEXEC = 0x80000;
    public const int TFD_TIMER_ABSTIME = 1;
    public const int EPOLLIN = 1, EPOLL_CTL_ADD = 1, EPOLL_CTL_DEL = 2;
    public const int PROT_READ = 1, PROT_WRITE = 2, MAP_PRIVATE = 2, MAP_ANONYMOUS = 0x20;
    public const int CLONE_NEWNET = 0x40000000, MS_BIND = 0x1000, MS_REC = 0x4000, MS_SHARED = 1 << 20, MNT_DETACH = 2;
    public const int SIOCETHTOOL = 0x8946;
}
