using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Recording.Scenarios;

/// <summary>A client's PPPoE frames, recorded or made, bound to the cookie and session id that our LAC chose.</summary>
internal static class PppoeRebinding
{
    /// <summary>PADI or PADR; a PADR returns what our offer asks to have returned.</summary>
    public static Bytes Discovery(Message recorded, Message? offer)
    {
        var writer = Begin(recorded.Destination, recorded.Source, recorded.Vlans, EtherType.PppoeDiscovery, recorded.Octets.Length + 2048);
        var header = PppoePacket.WriteHeader(ref writer, recorded.PppoeCode, 0);
        var bind = recorded.PppoeCode == PppoeCode.Padr && offer is not null;
        var tags = new PppoeTagReader(recorded.Tags.Span);
        while (tags.MoveNext())
        {
            if (bind && tags.Current.Type is PppoeTagType.AcCookie or PppoeTagType.AcName) continue;
            PppoeTag.Write(ref writer, tags.Current.Type, tags.Current.Value);
        }

        if (bind) ReturnTags(ref writer, offer!, recorded);
        return Finish(ref writer, header);
    }

    /// <summary>A frame of a session, or its PADT.</summary>
    public static Bytes InSession(Message recorded, ushort sessionId, Bytes ppp)
    {
        var etherType = recorded.IsDiscovery ? EtherType.PppoeDiscovery : EtherType.PppoeSession;
        var writer = Begin(recorded.Destination, recorded.Source, recorded.Vlans, etherType, ppp.Length + 64);
        var header = PppoePacket.WriteHeader(ref writer, recorded.PppoeCode, sessionId);
        writer.WriteBytes(ppp.Span);
        return Finish(ref writer, header);
    }

    public static Bytes FromClient(SubscriberTrace client, Bytes ppp)
    {
        var writer = Begin(client.Concentrator, client.Client, client.Vlans, EtherType.PppoeSession, ppp.Length + 64);
        var header = PppoePacket.WriteHeader(ref writer, PppoeCode.Session, client.SessionId);
        writer.WriteBytes(ppp.Span);
        return Finish(ref writer, header);
    }

    public static Bytes Padt(SubscriberTrace client)
    {
        var writer = Begin(client.Concentrator, client.Client, client.Vlans, EtherType.PppoeDiscovery, 64);
        return Finish(ref writer, PppoePacket.WriteHeader(ref writer, PppoeCode.Padt, client.SessionId));
    }

    private static void ReturnTags(ref WireWriter writer, Message offer, Message recorded)
    {
        var tags = new PppoeTagReader(offer.Tags.Span);
        while (tags.MoveNext())
        {
            var named = tags.Current.Type == PppoeTagType.AcName && recorded.Elements.Contains("AC-Name");
            if (named || tags.Current.Type == PppoeTagType.AcCookie) PppoeTag.Write(ref writer, tags.Current.Type, tags.Current.Value);
        }
    }

    private static WireWriter Begin(MacAddress destination, MacAddress source, VlanStack vlans, ushort etherType, int room)
    {
        var writer = new WireWriter(new byte[room]);
        EthernetFrame.WriteHeader(ref writer, destination, source, vlans, etherType);
        return writer;
    }

    private static Bytes Finish(ref WireWriter writer, int header)
    {
        PppoePacket.PatchLength(ref writer, header);
        return Bytes.Copy(writer.Written);
    }
}
