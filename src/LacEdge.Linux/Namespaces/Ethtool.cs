using System.Text;
using LacEdge.Linux.Kernel;

namespace LacEdge.Linux.Namespaces;

/// <summary>Work that the kernel or the card may do later, or has done, so that frames are not seen as they are on the wire.</summary>
[Flags]
public enum Offloads
{
    None = 0,
    /// <summary>Checksums are left unfinished for the card.</summary>
    TxChecksum = 1,
    RxChecksum = 2,
    /// <summary>Large TCP segments are cut by the card.</summary>
    Tso = 4,
    /// <summary>Large segments are cut just before the card.</summary>
    Gso = 8,
    /// <summary>Received segments are joined.</summary>
    Gro = 16,
    All = TxChecksum | RxChecksum | Tso | Gso | Gro,
}

/// <summary>Settings of an Ethernet interface of the calling thread's network namespace, as <c>ethtool -K</c> makes them.</summary>
public static unsafe class Ethtool
{
    private const int NameSize = 16;

    private static readonly (Offloads Offload, uint Command)[] s_commands =
        [(Offloads.TxChecksum, 0x17), (Offloads.RxChecksum, 0x15), (Offloads.Tso, 0x1f), (Offloads.Gso, 0x24), (Offloads.Gro, 0x2c)];

    /// <summary>Switches some offloads on or off and leaves the others. Throws <see cref="HostException"/> when the interface
    /// cannot.</summary>
    public static void SetOffloads(string interfaceName, Offloads offloads, bool on)
    {
        var name = Encoding.UTF8.GetBytes(interfaceName);
        if (name.Length >= NameSize) throw new HostException($"interface {interfaceName} does not exist", Errno.ENODEV);
        var type = Constants.SOCK_DGRAM | Constants.SOCK_CLOEXEC;
        var fd = HostException.Check(Libc.Socket(Constants.AF_INET, type, 0), "cannot open a socket");
        try
        {
            foreach (var (offload, command) in s_commands)
            {
                if ((offloads & offload) == 0) continue;
                Set(fd, name, command, on, $"cannot switch {offload} of {interfaceName} {(on ? "on" : "off")}");
            }
        }
        finally
        {
            Libc.Close(fd);
        }
    }

    private static void Set(int fd, ReadOnlySpan<byte> name, uint command, bool on, string cannot)
    {
        // struct ethtool_value
        var value = stackalloc uint[2] { command, on ? 1u : 0u };
        // struct ifreq: the name, a pointer to the value
        var request = stackalloc byte[40];
        new Span<byte>(request, 40).Clear();
        name.CopyTo(new Span<byte>(request, NameSize));
        *(uint**)(request + NameSize) = value;
        HostException.Check(Libc.Ioctl(fd, Constants.SIOCETHTOOL, request), cannot);
    }
}
