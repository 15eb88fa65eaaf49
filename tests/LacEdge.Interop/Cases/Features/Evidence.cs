using LacEdge.Interop.Wire;

namespace LacEdge.Interop.Cases.Features;

/// <summary>What a row left behind.</summary>
internal sealed class Evidence(string folder, InteropCase row)
{
    public InteropCase Row => row;

    public string LnsLog { get; } = string.Concat(
        new[] { "xl2tpd.log", "l2tpns.log" }.Select(name => Path.Combine(folder, name)).Where(File.Exists).Select(File.ReadAllText));

    /// <summary>Fields of the frames that a display filter selects.</summary>
    public async Task<IReadOnlyList<WireFields>> SelectAsync(Side side, string filter, params string[] fields)
    {
        const string Outermost = "ip.proto", Icmp = "1";
        var frames = await Tshark.SelectAsync(
            Path.Combine(folder, side == Side.Access ? "access.pcap" : "core.pcap"), filter, [Outermost, .. fields]);
        // On the core side ICMP quotes parts of datagrams; on the access side it is the subscriber's own.
        return side == Side.Access ? frames : [.. frames.Where(frame => frame[Outermost].Split('|')[0] != Icmp)];
    }

    /// <summary>Every L2TP control message that LacEdge sent.</summary>
    public async Task<IReadOnlyList<SentControlMessage>> SentControlMessagesAsync() =>
    [
        .. from frame in await SelectAsync(Side.Core, "l2tp.type == 1 && l2tp.avp.message_type", "udp.payload")
           where frame.Ours
           select SentControlMessage.Read(Convert.FromHexString(frame["udp.payload"])),
    ];
}
