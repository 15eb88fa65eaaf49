using System.Globalization;
using LacEdge.Core;
using LacEdge.Linux;
using LacEdge.Linux.Netlink;
using LacEdge.Linux.Sockets;

namespace LacEdge.Interop.Host;

/// <summary>
/// An access switch of one line: PPPoE frames of the line go up with VLAN tags around them, frames with exactly these tags go
/// down without. For tags that no Linux VLAN device makes (TPID 0x9100).
/// </summary>
internal static class TagBridge
{
    /// <summary>First argument by which this program knows that it is to be one.</summary>
    public const string Verb = "bridge-tags";

    private const int MacSize = 12;     // both addresses; the tags follow them

    /// <summary>Starts one in the background; it ends with its namespace.</summary>
    public static void Start(LabNetwork lab, string line, string uplink, string tags)
    {
        var self = Environment.ProcessPath!;
        string[] run = Path.GetFileNameWithoutExtension(self) == "dotnet" ? [self, typeof(TagBridge).Assembly.Location] : [self];
        Daemon.Start(lab.Access, Path.Combine(lab.Folder, $"tags-{line}.log"), [.. run, Verb, line, uplink, .. tags.Split(' ')]);
    }

    /// <summary>Works until it is killed.</summary>
    /// <param name="arguments">Interface of the line, interface of the uplink, tags as <c>TPID:ID</c> from the outermost.</param>
    public static void Run(string[] arguments)
    {
        var tags = arguments[2..].SelectMany(Octets).ToArray();
        using var loop = new ControlLoop();
        foreach (ushort etherType in (ReadOnlySpan<ushort>)[0x8863, 0x8864])
        {
            var line = PacketSocket.Open(LinkInfo.Get(arguments[0]), etherType, anyDestination: true);
            var uplink = PacketSocket.Open(LinkInfo.Get(arguments[1]), etherType, anyDestination: true);
            loop.Add(line.Fd, () => line.Receive(frame => uplink.Send([.. frame[..MacSize], .. tags, .. frame[MacSize..]])));
            loop.Add(uplink.Fd, () => uplink.Receive(frame =>
            {
                var behind = frame[MacSize..];
                if (behind.StartsWith(tags) && behind[tags.Length] == 0x88)     // nothing but PPPoE's EtherType behind our tags
                    line.Send([.. frame[..MacSize], .. behind[tags.Length..]]);
            }));
        }
        loop.Run(() => Instant.Never, _ => { });
    }

    private static byte[] Octets(string tag)
    {
        var tpid = ushort.Parse(tag.AsSpan(0, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var id = ushort.Parse(tag.AsSpan(5), CultureInfo.InvariantCulture);
        return [(byte)(tpid >> 8), (byte)tpid, (byte)(id >> 8), (byte)id];
    }
}
