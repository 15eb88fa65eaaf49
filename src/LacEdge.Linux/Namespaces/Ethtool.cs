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

/// <summary>Settings of an Ethernet interface of the calling thread's network namespace, as <c>ethtool</c> shows and makes them.</summary>
public static unsafe class Ethtool
{
    private const int NameSize = 16;
    private const uint GetSettings = 1;

    private static readonly (Offloads Offload, uint Command)[] s_commands =
        [(Offloads.TxChecksum, 0x17), (Offloads.RxChecksum, 0x15), (Offloads.Tso, 0x1f), (Offloads.Gso, 0x24), (Offloads.Gro, 0x2c)];

    /// <summary>Switches some offloads on or off and leaves the others. Throws <see cref="HostException"/> when the interface
    /// cannot.</summary>
    public static void SetOffloads(string interfaceName, Offloads offloads, bool on)
    {
        var name = NameOf(interfaceName);
        var fd = OpenSocket();
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

    /// <summary>In bit/s; 0 when the interface does not say or is gone.</summary>
    public static ulong SpeedOf(string interfaceName)
    {
        const ulong megabit = 1_000_000;
        var name = NameOf(interfaceName);
        // struct ethtool_cmd: the speed in Mbit/s at 12 (low) and 28 (high 16 bits); all ones: not known
        var settings = stackalloc byte[44];
        new Span<byte>(settings, 44).Clear();
        *(uint*)settings = GetSettings;
        var fd = OpenSocket();
        try
        {
            if (Request(fd, name, settings) < 0) return 0;
        }
        finally
        {
            Libc.Close(fd);
        }

        var speed = *(ushort*)(settings + 12) | (uint)*(ushort*)(settings + 28) << 16;
        return speed is uint.MaxValue or ushort.MaxValue ? 0 : speed * megabit;
    }

    private static byte[] NameOf(string interfaceName)
    {
        var name = Encoding.UTF8.GetBytes(interfaceName);
        return name.Length < NameSize ? name : throw new HostException($"interface {interfaceName} does not exist", Errno.ENODEV);
    }

    private static int OpenSocket() =>
        HostException.Check(Libc.Socket(Constants.AF_INET, Constants.SOCK_DGRAM | Constants.SOCK_CLOEXEC, 0), "cannot open a socket");

    private static void Set(int fd, ReadOnlySpan<byte> name, uint command, bool on, string cannot)
    {
        // struct ethtool_value
        var value = stackalloc uint[2] { command, on ? 1u : 0u };
        HostException.Check(Request(fd, name, value), cannot);
    }

    private static int Request(int fd, ReadOnlySpan<byte> name, void* command)
    {
        // struct ifreq: the name, a pointer to the command
        var request = stackalloc byte[40];
        new Span<byte>(request, 40).Clear();
        name.CopyTo(new Span<byte>(request, NameSize));
        *(void**)(request + NameSize) = command;
        return Libc.Ioctl(fd, Constants.SIOCETHTOOL, request);
    }
}
