using LacEdge.Core;
using LacEdge.Core.Radius;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.L2tp;
using LacEdge.Wire.Ppp;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Recording;

/// <summary>
/// Makes a shareable copy of a recording: without seed, secrets, passwords, challenges, responses, hidden AVPs and subscribers' data.
/// Lengths stay, so that everything else decodes as before. Names and addresses stay, too.
/// </summary>
internal static class Redactor
{
    /// <summary>What stands in place of an octet that was taken out.</summary>
    private const byte Blank = (byte)'x';

    /// <summary>Returns the number of inputs.</summary>
    /// <exception cref="RecordingException"/>
    public static long Copy(RecordingReader recording, RecordWriter writer)
    {
        var header = recording.Header;
        writer.Header(header.Config, header.Boot, [], header.Start, redacted: true);
        long inputs = 0;
        foreach (var turn in recording.Turns())
        {
            inputs++;
            Redact(turn.Input).WriteTo(writer);
            foreach (var output in turn.Outputs) CopyOutput(output, writer);
        }

        if (recording.End is { } end) writer.End(end);
        return inputs;
    }

    private static LacInput Redact(LacInput input) => input switch
    {
        FrameInput frame => frame with { Octets = Frame(frame.Octets) },
        DatagramInput datagram => datagram with { Octets = Datagram(datagram.Socket, datagram.Octets) },
        _ => input,
    };

    private static void CopyOutput(RecordedOutput output, RecordWriter writer)
    {
        var record = RecordingReader.ReadOutput(output);
        var outbox = new Outbox();
        switch (record.Text("out"))
        {
            case "frame":
                outbox.Frame(record.Int("group"), Frame(record.Octets("octets")).Span, record.Int("slot"));
                writer.Outputs(outbox);
                break;
            case "datagram":
                outbox.Datagram(record.Int("socket"), record.Endpoint("peer"), Datagram(record.Int("socket"), record.Octets("octets")).Span, record.Int("slot"));
                writer.Outputs(outbox);
                break;
            default:
                writer.Copy(output.Json);
                break;
        }
    }

    private static Bytes Frame(Bytes octets)
    {
        var copy = octets.Span.ToArray();
        if (!EthernetFrame.TryParse(copy, out var frame, out _) || frame.EtherType != EtherType.PppoeSession) return octets;
        if (!PppoePacket.TryParse(frame.Payload, out var packet, out _)) return octets;
        var start = copy.Length - frame.Payload.Length + PppoePacket.HeaderSize;
        BlankPpp(copy.AsSpan(start, packet.Payload.Length));
        return Bytes.Wrap(copy);
    }

    private static Bytes Datagram(int socket, Bytes octets)
    {
        var copy = octets.Span.ToArray();
        if (RadiusClient.Owns(socket))
        {
            RadiusRedactor.Blank(copy, Blank);
            return Bytes.Wrap(copy);
        }

        if (!L2tpHeader.TryParse(copy, out var header, out _)) return octets;
        var end = header.HasLength ? header.Length : copy.Length;
        var payload = copy.AsSpan(end - header.Payload.Length, header.Payload.Length);
        if (header.IsControl) BlankAvps(payload);
        else BlankPpp(payload);
        return Bytes.Wrap(copy);
    }

    private static void BlankAvps(Span<byte> avps)
    {
        var at = 0;
        var reader = new AvpReader(avps);
        while (reader.MoveNext())
        {
            var avp = reader.Current;
            at += Avp.HeaderSize + avp.Value.Length;
            var secret = avp.Vendor == 0 && (AvpType)avp.Type
                is AvpType.Challenge or AvpType.ChallengeResponse or AvpType.ProxyAuthenChallenge or AvpType.ProxyAuthenResponse;
            if (secret || avp.Hidden) avps[(at - avp.Value.Length)..at].Fill(Blank);
        }
    }

    private static void BlankPpp(Span<byte> ppp)
    {
        if (!PppFrame.TryParse(ppp, out var frame, out _)) return;
        var information = ppp[(ppp.Length - frame.Information.Length)..];
        if ((ushort)frame.Protocol < 0x8000)
        {
            information.Fill(Blank);
            return;
        }

        if (frame.Protocol is not (PppProtocol.Pap or PppProtocol.Chap or PppProtocol.Eap)) return;
        if (!PppControlPacket.TryParse(information, out var packet, out _)) return;
        BlankAuthentication(frame.Protocol, packet.Code, information.Slice(PppControlPacket.HeaderSize, packet.Data.Length));
    }

    /// <summary>Names stay; they say who it was.</summary>
    private static void BlankAuthentication(PppProtocol protocol, byte code, Span<byte> data)
    {
        if (protocol == PppProtocol.Pap && code == (byte)PapCode.AuthenticateRequest && PapRequest.TryParse(data, out var request, out _))
        {
            data.Slice(request.PeerId.Length + 2, request.Password.Length).Fill(Blank);
        }
        else if (protocol == PppProtocol.Chap && code is (byte)ChapCode.Challenge or (byte)ChapCode.Response
            && ChapValue.TryParse(data, out var value, out _))
        {
            data.Slice(1, value.Value.Length).Fill(Blank);
        }
        else if (protocol == PppProtocol.Eap || code is (byte)PapCode.AuthenticateRequest or (byte)ChapCode.Response)
        {
            // EAP, or something too broken to tell the name from the password.
            data.Fill(Blank);
        }
    }
}
