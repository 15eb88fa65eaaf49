using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Recording.Scenarios;

/// <summary>One thing that happened at a LAC, own or foreign.</summary>
/// <param name="Where">Of it in its source: "core.pcap frame 12", "line 40".</param>
/// <param name="Time">Nanoseconds from any beginning.</param>
internal abstract record TranscriptItem(string Where, long Time);

/// <summary>A frame or datagram, seen at the LAC.</summary>
/// <param name="AccessGroup">Of a frame.</param>
/// <param name="Lns">Of a datagram: the LNS's end.</param>
internal sealed record TranscriptMessage(string Where, long Time, Message Message, bool FromLac, int AccessGroup, UdpEndpoint Lns)
    : TranscriptItem(Where, Time);

/// <summary>A link event or an order of the operator.</summary>
internal sealed record TranscriptInput(string Where, long Time, LacInput Input) : TranscriptItem(Where, Time);

/// <summary>A new subscriber dials: put in where a capture shows only what came of it.</summary>
internal sealed record TranscriptDial(string Where, long Time) : TranscriptItem(Where, Time);

/// <summary>What was seen at a LAC, in order of time.</summary>
/// <param name="Boot">What the session keys in its orders begin with; any number when there are none.</param>
/// <param name="HasAccessSide">Whether the subscribers' frames are in it.</param>
internal sealed record Transcript(IReadOnlyList<TranscriptItem> Items, uint Boot, bool HasAccessSide, IReadOnlyList<string> Remarks)
{
    public IEnumerable<TranscriptMessage> Messages => Items.OfType<TranscriptMessage>();

    /// <summary>Whether the LAC closes its tunnels within a second of this item, and opens none afterwards: it is being stopped.</summary>
    public bool StopsForGood(int position)
    {
        var rest = Items.Skip(position).OfType<TranscriptMessage>().Where(m => m.FromLac).ToList();
        return rest.Exists(m => m.Message.Type == MessageType.StopCcn && m.Time - Items[position].Time < 1_000_000_000)
            && !rest.Exists(m => m.Message.Type == MessageType.Sccrq);
    }

    /// <summary>An MTU of its access interface that fits what the LAC granted: 1492 octets of PPP, or a PPP-Max-Payload that it
    /// gave back, inside PPPoE and VLAN tags.</summary>
    public int AccessMtu(int accessGroup)
    {
        var mtu = 1500;
        foreach (var item in Messages.Where(m => m is { FromLac: true, Message: { Side: Side.Access, IsDiscovery: true } } && m.AccessGroup == accessGroup))
        {
            if (!DiscoveryTags.TryParse(item.Message.Tags.Span, out var tags, out _)) continue;
            var vlans = item.Message.Vlans;
            mtu = Math.Max(mtu, Math.Max((int)tags.MaxPayload, 1492) + 8 + vlans.Size - vlans.FreeSize);
        }

        return mtu;
    }

    /// <summary>What the LAC sent again and again to an LNS that did not acknowledge it any more: the first of each.</summary>
    public HashSet<TranscriptMessage> Unheard()
    {
        var conversations = new Conversations();
        var waiting = new Dictionary<TunnelTrace, List<TranscriptMessage>>();
        var repeated = new HashSet<(TunnelTrace, ushort Ns)>();
        foreach (var item in Messages.Where(m => m.Message.IsControl))
        {
            var place = conversations.Datagram(item.Message, item.FromLac, item.Lns.Address);
            if (place.Tunnel is not { } tunnel) continue;
            if (!waiting.TryGetValue(tunnel, out var sent)) waiting.Add(tunnel, sent = []);
            if (!item.FromLac) sent.RemoveAll(m => (ushort)(item.Message.Nr - m.Message.Ns - 1) < 0x8000);
            else if (place.Repeats) repeated.Add((tunnel, item.Message.Ns));
            else if (!item.Message.IsZlb) sent.Add(item);
        }

        return [.. waiting.SelectMany(w => w.Value.Where(m => repeated.Contains((w.Key, m.Message.Ns))))];
    }
}
