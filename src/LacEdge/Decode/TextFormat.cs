using System.Globalization;
using System.Text;
using LacEdge.Wire;
using LacEdge.Wire.L2tp;
using LacEdge.Wire.Ppp;
using LacEdge.Wire.Pppoe;
using LacEdge.Wire.Radius;

namespace LacEdge.Decode;

/// <summary>One frame a line, for people.</summary>
/// <param name="showSecrets">Whether passwords appear as they are.</param>
internal sealed class TextFormat(bool showSecrets = false)
{
    private long? _start;

    /// <summary>Number, seconds since the first frame, ends, what it says, what is wrong.</summary>
    public string Line(DecodedFrame frame)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{frame.Number,6} ");
        if (frame.UnixNanoseconds is { } time)
        {
            _start ??= time;
            line.Append(CultureInfo.InvariantCulture, $"{(time - (decimal)_start) / 1_000_000_000,12:f6} ");
        }

        if (frame.Vlans.Count > 0) line.Append("vlan ").AppendJoin('.', frame.Vlans.Select(v => v.Id)).Append("  ");
        var (from, to) = Ends(frame);
        if (from is not null) line.Append(from).Append(" > ").Append(to).Append("  ");
        return line.Append(Content(frame)).ToString();
    }

    /// <summary>What it says and what is wrong, without number, time and ends.</summary>
    public string Content(DecodedFrame frame)
    {
        var line = new StringBuilder(Summary(frame));
        var details = Details(frame);
        if (details.Length > 0) line.Append("  ").Append(details);
        if (frame.Missing > 0)
        {
            var whole = (long)frame.CapturedLength + frame.Missing;
            line.Append(CultureInfo.InvariantCulture, $"  (captured {frame.CapturedLength} of {whole})");
        }

        if (frame.Error != DecodeError.None) line.Append("  !! ").Append(ProtocolNames.Error(frame.Error));
        return line.ToString();
    }

    /// <summary>Who speaks to whom: UDP or IP ends, else Ethernet addresses; null on lines that have none.</summary>
    public static (string? From, string? To) Ends(DecodedFrame frame, bool withPorts = true)
    {
        if (frame.Ip is { } ip && frame.Pppoe is null)
        {
            return withPorts && ip is { SourcePort: { } source, DestinationPort: { } destination }
                ? (new Wire.Ip.UdpEndpoint(ip.Source, source).ToString(), new Wire.Ip.UdpEndpoint(ip.Destination, destination).ToString())
                : (ip.Source.ToString(), ip.Destination.ToString());
        }

        return frame.Ethernet is { } ethernet ? (ethernet.Source.ToString(), ethernet.Destination.ToString()) : (null, null);
    }

    /// <summary>The message in a few words: "PADI", "L2TP ICCN", "LCP Configure-Ack 1", "RADIUS Access-Accept 7", "data IPv4".</summary>
    public static string Message(DecodedFrame frame)
    {
        if (frame.L2tp is { IsControl: true } control) return $"L2TP {ControlName(control)}";
        if (frame.Radius is { } radius) return Invariant($"RADIUS {RadiusName(radius.Code)} {radius.Identifier}");
        if (frame.Pppoe is { Code: not PppoeCode.Session } discovery)
        {
            return ProtocolNames.Pppoe(discovery.Code) ?? Invariant($"PPPoE code {(byte)discovery.Code}");
        }

        if (frame.Ppp is { } ppp)
        {
            var protocol = ProtocolNames.Protocol(ppp.Protocol);
            if (ppp.Code is { } code) return Invariant($"{protocol} {ProtocolNames.PppCode(ppp.Protocol, code)} {ppp.Identifier}");
            return $"data {protocol}";
        }

        if (frame.L2tp is not null) return "L2TP data";
        if (frame.Pppoe is not null) return "PPPoE session";
        if (frame.Ip is { IsFragment: true }) return "IP fragment";
        return frame.Ip is { } ip ? ip.Protocol == Wire.Ip.IpProtocol.Udp ? "UDP" : Invariant($"IP protocol {ip.Protocol}") : "not decoded";
    }

    private static string Summary(DecodedFrame frame)
    {
        var message = Message(frame);
        if (frame.Pppoe is { SessionId: not 0 } pppoe) message = Invariant($"session {pppoe.SessionId}  {message}");
        if (frame.L2tp is not { TunnelId: { } tunnel, SessionId: { } session } l2tp) return message;
        var ids = Invariant($"tunnel {tunnel} session {session}");
        if (l2tp.Ns is not null) ids += Invariant($" Ns {l2tp.Ns} Nr {l2tp.Nr}");
        return $"{ids}  {message}";
    }

    private string Details(DecodedFrame frame)
    {
        if (frame.L2tp?.Avps is { } avps) return AvpList(frame.L2tp, avps);
        if (frame.Radius is { } radius) return string.Join(", ", radius.Attributes.Select(ValueText.Attribute));
        if (frame.Pppoe?.Tags is { } tags) return string.Join(", ", tags.Select(ValueText.Tag));
        if (frame.Ppp is not { } ppp) return "";
        if (ppp.Options is not null) return string.Join(", ", ppp.Options.Select(o => ValueText.Option(ppp.Protocol, o)));
        if (ppp.Data is not { } data) return "";
        return ppp.Code is { } code ? PacketData(ppp.Protocol, code, data.Span) : Invariant($"{data.Length} octets");
    }

    private string AvpList(DecodedL2tp message, List<DecodedAvp> avps)
    {
        var type = (MessageType)(message.MessageType ?? 0);
        // The response of PAP is the password itself; of CHAP it is a digest.
        var digest = avps.Any(a => IsAvp(a, AvpType.ProxyAuthenType) && (a.Clear ?? a.Value).Span is [0, 2 or 5]);
        return string.Join(", ", avps.Where(a => !IsAvp(a, AvpType.MessageType)).Select(a =>
            ValueText.AvpValue(a, type, mask: !showSecrets && !digest && IsAvp(a, AvpType.ProxyAuthenResponse))));
    }

    private static bool IsAvp(in DecodedAvp avp, AvpType type) => avp.Vendor == 0 && avp.Type == (ushort)type;

    private string PacketData(PppProtocol protocol, byte code, ReadOnlySpan<byte> data)
    {
        switch (protocol)
        {
            case PppProtocol.Pap when code == (byte)PapCode.AuthenticateRequest:
                if (!PapRequest.TryParse(data, out var request, out _)) return Secret(data);
                return $"peer-id={ValueText.Quoted(request.PeerId)}, password={Secret(request.Password)}";
            case PppProtocol.Pap:
                return data is [_, .. var message] ? ValueText.Quoted(message) : "";
            case PppProtocol.Chap when code is (byte)ChapCode.Challenge or (byte)ChapCode.Response:
                if (!ChapValue.TryParse(data, out var value, out _)) return ValueText.Hex(data);
                return $"value={ValueText.Hex(value.Value)}, name={ValueText.Quoted(value.Name)}";
            case PppProtocol.Chap:
                return ValueText.Quoted(data);
            case PppProtocol.Eap when data is [var type, .. var rest]:
                // A Generic Token Card's response is a password in clear (RFC 3748 section 5.6).
                const byte identity = 1, tokenCard = 6;
                var isPassword = type == tokenCard && code == (byte)EapCode.Response;
                var text = isPassword ? Secret(rest) : type == identity ? ValueText.Quoted(rest) : ValueText.Hex(rest);
                return Invariant($"type={type}, {text}");
        }

        return (LcpCode)code switch
        {
            LcpCode.EchoRequest or LcpCode.EchoReply or LcpCode.DiscardRequest or LcpCode.Identification or LcpCode.TimeRemaining
                when data.Length >= 4 => MagicAndData((LcpCode)code, data),
            LcpCode.ProtocolReject when data is [0xC0, 0x23, .. var pap] => $"PAP {Secret(pap)}",
            LcpCode.ProtocolReject when data.Length >= 2 =>
                $"{ProtocolNames.Protocol((PppProtocol)(data[0] << 8 | data[1]))} {ValueText.Hex(data[2..])}",
            LcpCode.TerminateRequest or LcpCode.TerminateAck when !data.IsEmpty => ValueText.Quoted(data),
            _ => ValueText.Hex(data),
        };
    }

    private static string MagicAndData(LcpCode code, ReadOnlySpan<byte> data)
    {
        var magic = $"magic={ValueText.Hex(data[..4])}";
        if (data.Length == 4) return magic;
        return $"{magic}, {(code == LcpCode.Identification ? ValueText.Quoted(data[4..]) : ValueText.Hex(data[4..]))}";
    }

    private string Secret(ReadOnlySpan<byte> value) => showSecrets ? ValueText.Quoted(value) : ValueText.Masked;

    private static string ControlName(DecodedL2tp message) => message switch
    {
        { MessageType: { } type } => MessageTable.NameOf((MessageType)type),
        { Avps.Count: 0, TunnelId: not null } => "ZLB",
        _ => "control",
    };

    private static string RadiusName(RadiusCode code) => RadiusDictionary.NameOf(code) ?? Invariant($"code {(byte)code}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
