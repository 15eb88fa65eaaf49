using LacEdge.Decode;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;
using LacEdge.Wire.Pcap;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Recording.Scenarios;

/// <summary>
/// Makes a transcript out of captures of a LAC: of its core side, and of its access side where there is one. The LAC is who
/// sends SCCRQ on the one and PADO or PADS on the other; frames that belong to nobody who did are left out.
/// </summary>
internal sealed class CaptureTranscript(byte[] secret)
{
    private readonly List<TranscriptItem> _items = [];
    private readonly List<string> _remarks = [];
    /// <summary>Pairs of a LAC and an LNS.</summary>
    private readonly HashSet<(IpAddress Lac, IpAddress Lns)> _pairs = [];
    private readonly HashSet<MacAddress> _concentrators = [];

    private sealed record Raw(string Where, long Time, Message Message, UdpEndpoint Source, UdpEndpoint Destination);

    /// <exception cref="RecordingException">A file is no capture, or is damaged.</exception>
    /// <exception cref="IOException"/>
    public static Transcript Read(IEnumerable<string> paths, byte[] secret)
    {
        var transcript = new CaptureTranscript(secret);
        var raws = transcript.Merge(paths.Select(transcript.ReadFile).ToList());
        foreach (var raw in raws) transcript.Add(raw);
        if (transcript._pairs.Count == 0 && transcript._concentrators.Count == 0)
        {
            throw new RecordingException("there is no LAC in it: nobody sends SCCRQ, PADO or PADS");
        }

        var items = transcript._items;
        var access = items.OfType<TranscriptMessage>().Any(m => m.Message.Side == Side.Access);
        return new Transcript(access ? items : WithDials(items), 1, access, transcript._remarks);
    }

    /// <summary>By time; the order within a file stays. At one time, what the LAC received comes before what it sent.</summary>
    private List<Raw> Merge(List<List<Raw>> files)
    {
        foreach (var raw in files.SelectMany(f => f)) Learn(raw);
        var merged = new List<Raw>();
        var next = new int[files.Count];
        while (true)
        {
            var first = -1;
            for (var i = 0; i < files.Count; i++)
            {
                if (next[i] == files[i].Count) continue;
                if (first < 0 || Before(files[i][next[i]], files[first][next[first]])) first = i;
            }

            if (first < 0) return merged;
            merged.Add(files[first][next[first]++]);
        }
    }

    private bool Before(Raw a, Raw b) => a.Time != b.Time ? a.Time < b.Time : !IsFromLac(a) && IsFromLac(b);

    private bool IsFromLac(Raw raw) => raw.Message.Side == Side.Access
        ? _concentrators.Contains(raw.Message.Source) : _pairs.Contains((raw.Source.Address, raw.Destination.Address));

    private List<Raw> ReadFile(string path)
    {
        var name = Path.GetFileName(path);
        var raws = new List<Raw>();
        using var stream = File.OpenRead(path);
        var error = CaptureFile.Read(stream, (long number, in CaptureRecord record) =>
        {
            if (Dissect(record, $"{name} frame {number}") is { } raw) raws.Add(raw);
        });
        if (error != DecodeError.None) throw new RecordingException($"{name}: {ProtocolNames.Error(error)}");
        return raws;
    }

    private Raw? Dissect(in CaptureRecord record, string where)
    {
        var time = record.UnixNanoseconds ?? 0;
        var data = record.Data;
        if (record.OriginalLength > data.Length)
        {
            _remarks.Add($"{where}: cut by the capture");
            return null;
        }

        var frame = record.Interface.LinkType == LinkType.Ethernet ? Message.FromFrame(data) : null;
        return frame is not null ? new Raw(where, time, frame, default, default)
            : FromIp(IpPacket(record.Interface.LinkType, data), where, time);
    }

    private static ReadOnlySpan<byte> IpPacket(LinkType linkType, ReadOnlySpan<byte> data) => linkType switch
    {
        LinkType.Ethernet => EthernetFrame.TryParse(data, out var frame, out _)
            && frame.EtherType is EtherType.Ipv4 or EtherType.Ipv6 ? frame.Payload : default,
        LinkType.LinuxCooked when data.Length > 16 => data[16..],
        LinkType.LinuxCooked2 when data.Length > 20 => data[20..],
        LinkType.Raw or LinkType.Ipv4 or LinkType.Ipv6 => data,
        _ => default,
    };

    private Raw? FromIp(ReadOnlySpan<byte> packet, string where, long time)
    {
        if (Ipv4Header.TryParse(packet, out var v4, out _))
        {
            return v4 is { Protocol: IpProtocol.Udp, IsFragment: false }
                ? FromUdp(v4.Source, v4.Destination, v4.Payload, where, time) : null;
        }

        return Ipv6Header.TryParse(packet, out var v6, out _) && v6 is { Protocol: IpProtocol.Udp, IsFragment: false }
            ? FromUdp(v6.Source, v6.Destination, v6.Payload, where, time) : null;
    }

    private Raw? FromUdp(IpAddress source, IpAddress destination, ReadOnlySpan<byte> datagram, string where, long time)
    {
        if (!UdpHeader.TryParse(datagram, out var udp, out _) || Message.FromDatagram(udp.Payload, secret) is not { } message) return null;
        return new Raw(where, time, message, new UdpEndpoint(source, udp.SourcePort), new UdpEndpoint(destination, udp.DestinationPort));
    }

    private void Learn(Raw raw)
    {
        if (raw.Message.Type == MessageType.Sccrq) _pairs.Add((raw.Source.Address, raw.Destination.Address));
        if (raw.Message is { IsDiscovery: true, PppoeCode: PppoeCode.Pado or PppoeCode.Pads }) _concentrators.Add(raw.Message.Source);
    }

    private void Add(Raw raw)
    {
        var message = raw.Message;
        if (message.Side == Side.Access)
        {
            var fromLac = IsFromLac(raw);
            if (fromLac || _concentrators.Contains(message.Destination) || message.Destination.IsGroup) Add(raw, fromLac, default);
        }
        else if (IsFromLac(raw))
        {
            Add(raw, true, raw.Destination);
        }
        else if (_pairs.Contains((raw.Destination.Address, raw.Source.Address)))
        {
            Add(raw, false, raw.Source);
        }
        else if (message.IsControl)
        {
            _remarks.Add($"{raw.Where}: {message.Kind} of a tunnel whose SCCRQ is not in the capture");
        }
    }

    private void Add(Raw raw, bool fromLac, UdpEndpoint lns) =>
        _items.Add(new TranscriptMessage(raw.Where, raw.Time, raw.Message, fromLac, 0, lns));

    /// <summary>Each call needs a subscriber: one dials before the SCCRQ for a tunnel's first call, before the ICRQ for others.</summary>
    private static List<TranscriptItem> WithDials(List<TranscriptItem> items)
    {
        var conversations = new Conversations();
        var all = new List<TranscriptItem>(items.Count);
        foreach (var item in items)
        {
            if (item is TranscriptMessage message)
            {
                var place = conversations.Datagram(message.Message, message.FromLac, message.Lns.Address);
                var first = message.Message.Type == MessageType.Sccrq;
                var further = message.Message.Type == MessageType.Icrq && place.Tunnel is { Calls.Count: > 1 };
                if (message.FromLac && !place.Repeats && (first || further)) all.Add(new TranscriptDial(item.Where, item.Time));
            }

            all.Add(item);
        }

        return all;
    }

}
