using System.Buffers.Binary;
using System.Globalization;
using LacEdge.Core;
using LacEdge.Linux;
using LacEdge.Linux.Netlink;
using LacEdge.Linux.Sockets;

namespace LacEdge.Interop.Host;

/// <summary>
/// An access node of one line: PPPoE frames of the line go up with VLAN tags around them, and PADI and PADR with one PPPoE tag
/// more; frames with exactly these VLAN tags go down without. For VLAN tags that no Linux device makes (TPID 0x9100).
/// </summary>
internal static class TagBridge
{
    /// <summary>First argument by which this program knows that it is to be one.</summary>
    public const string Verb = "bridge-tags";

    private const int MacSize = 12;     // both addresses; the tags follow them

    /// <summary>Starts one in the background; it ends with its namespace.</summary>
    /// <param name="pppoeTag">Type, length and value; may be empty.</param>
    /// <param name="tags"><c>TPID:ID</c>, from the outermost; may be empty.</param>
    public static void Start(LabNetwork lab, string line, string uplink, byte[] pppoeTag, string tags)
    {
        var self = Environment.ProcessPath!;
        string[] run = Path.GetFileNameWithoutExtension(self) == "dotnet" ? [self, typeof(TagBridge).Assembly.Location] : [self];
        Daemon.Start(lab.Access, Path.Combine(lab.Folder, $"tags-{line}.log"), [.. run, Verb, line, uplink, Convert.ToHexString(pppoeTag), tags]);
    }

    /// <summary>Works until it is killed.</summary>
    /// <param name="arguments">Interface of the line, interface of the uplink, PPPoE tag in hex, VLAN tags.</param>
    public static void Run(string[] arguments)
    {
        var pppoeTag = Convert.FromHexString(arguments[2]);
        var tags = arguments[3].Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(Octets).ToArray();
        using var loop = new ControlLoop();
        foreach (ushort etherType in (ReadOnlySpan<ushort>)[0x8863, 0x8864])
        {
            var line = PacketSocket.Open(LinkInfo.Get(arguments[0]), etherType, anyDestination: true);
            var uplink = PacketSocket.Open(LinkInfo.Get(arguments[1]), etherType, anyDestination: true);
            loop.Add(line.Fd, () => line.Receive(frame => uplink.Send([.. frame[..MacSize], .. tags, .. WithTag(frame[MacSize..], pppoeTag)])));
            loop.Add(uplink.Fd, () => uplink.Receive(frame =>
            {
                var behind = frame[MacSize..];
                if (behind.StartsWith(tags) && behind[tags.Length] == 0x88)     // nothing but PPPoE's EtherType behind our tags
                    line.Send([.. frame[..MacSize], .. behind[tags.Length..]]);
            }));
        }
        loop.Run(() => Instant.Never, _ => { });
    }

    // From the EtherType on; Ethernet's padding is no part of it.
    private static byte[] WithTag(ReadOnlySpan<byte> pppoe, byte[] tag)
    {
        const int Header = 8, Code = 3, Length = 6;
        const byte Padi = 0x09, Padr = 0x19;
        if (tag.Length == 0 || pppoe[1] != 0x63 || pppoe[Code] is not (Padi or Padr))
            return [.. pppoe];
        var length = BinaryPrimitives.ReadUInt16BigEndian(pppoe[Length..]);
        byte[] result = [.. pppoe[..(Header + length)], .. tag];
        BinaryPrimitives.WriteUInt16BigEndian(result.AsSpan(Length), (ushort)(length + tag.Length));
        return result;
    }

    private static byte[] Octets(string tag)
    {
        var tpid = ushort.Parse(tag.AsSpan(0, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var id = ushort.Parse(tag.AsSpan(5), CultureInfo.InvariantCulture);
        return [(byte)(tpid >> 8), (byte)tpid, (byte)(id >> 8), (byte)id];
    }
}
