using System.Security.Cryptography;
using LacEdge.Wire;
using LacEdge.Wire.Ppp;

namespace LacEdge.Recording.Scenarios;

/// <summary>
/// A subscriber's end of a PPP link until the LNS takes over: makes the recorded client's PPP frames fit what this LAC has
/// said, and knows what the client owes an answer to.
/// </summary>
/// <param name="password">To answer challenges truly; empty: the recorded response is sent, whatever the challenge.</param>
internal sealed class ClientEnd(byte[] password)
{
    /// <summary>The LAC's packets that wait for an answer.</summary>
    private Message? _request, _challenge, _echo, _terminate;
    /// <summary>The LAC's Nak or Reject of the client's last request.</summary>
    private Message? _refusal;
    private Message? _ownRequest;

    public void Heard(Message fromLac)
    {
        if (fromLac.IsLcp(LcpCode.ConfigureRequest)) _request = fromLac;
        else if (fromLac.IsLcp(LcpCode.ConfigureAck)) _refusal = null;
        else if (fromLac.IsLcp(LcpCode.ConfigureNak, LcpCode.ConfigureReject)) _refusal = fromLac;
        else if (fromLac.IsLcp(LcpCode.EchoRequest)) _echo = fromLac;
        else if (fromLac.IsLcp(LcpCode.TerminateRequest)) _terminate = fromLac;
        else if (fromLac.IsChap(ChapCode.Challenge) || fromLac.IsEap(EapCode.Request)) _challenge = fromLac;
    }

    /// <summary>Whether a recorded frame answers something that this LAC has not asked (yet).</summary>
    public bool IsPremature(Message recorded) => IsAnswer(recorded, out var question) && question is null;

    /// <summary>The PPP frame to send in place of the recorded one; empty when it makes no sense here.</summary>
    public Bytes Rebind(Message recorded)
    {
        if (recorded.IsLcp(LcpCode.ConfigureRequest))
        {
            (_ownRequest, _refusal) = (recorded, null);
            return recorded.Ppp;
        }

        if (!IsAnswer(recorded, out var question)) return recorded.Ppp;
        if (question is null) return default;
        var answer = Answer(recorded, question);
        if (!answer.IsEmpty) Forget(question);
        return answer;
    }

    /// <summary>What a willing client would send now though nothing is recorded: an Ack, a corrected request; else empty.</summary>
    public Bytes Owed()
    {
        if (_refusal is { } refusal && _ownRequest is { } own)
        {
            _refusal = null;
            _ownRequest = Message.FromPpp(Corrected(own, refusal));
            return _ownRequest.Ppp;
        }

        if (_request is not { } request) return default;
        _request = null;
        return Packet(PppProtocol.Lcp, (byte)LcpCode.ConfigureAck, request.Identifier, request.Data.Span);
    }

    private bool IsAnswer(Message recorded, out Message? question)
    {
        question = null;
        if (recorded.IsChap(ChapCode.Response) || recorded.IsEap(EapCode.Response)) question = _challenge?.Protocol == recorded.Protocol ? _challenge : null;
        else if (recorded.IsLcp(LcpCode.ConfigureAck, LcpCode.ConfigureNak, LcpCode.ConfigureReject)) question = _request;
        else if (recorded.IsLcp(LcpCode.EchoReply)) question = _echo;
        else if (recorded.IsLcp(LcpCode.TerminateAck)) question = _terminate;
        else return false;
        return true;
    }

    private void Forget(Message question)
    {
        if (ReferenceEquals(question, _request)) _request = null;
        else if (ReferenceEquals(question, _challenge)) _challenge = null;
        else if (ReferenceEquals(question, _echo)) _echo = null;
        else _terminate = null;
    }

    private Bytes Answer(Message recorded, Message question)
    {
        var data = recorded.Data.Span;
        if (recorded.IsLcp(LcpCode.ConfigureAck)) data = question.Data.Span;
        else if (recorded.IsLcp(LcpCode.ConfigureNak, LcpCode.ConfigureReject)) data = Concerned(recorded, question);
        else if (recorded.IsChap(ChapCode.Response) && password.Length > 0) data = Response(recorded, question);
        if (data.IsEmpty && !recorded.Data.IsEmpty) return default;
        return Packet(recorded.Protocol, recorded.Code, question.Identifier, data);
    }

    /// <summary>The refused options that this LAC asked for, too: as it asked for them (Reject), as the client wants them (Nak).</summary>
    private static byte[] Concerned(Message recorded, Message question)
    {
        var asked = Options(question.Data.Span);
        return Join(Options(recorded.Data.Span).Where(o => asked.Exists(a => a.Type == o.Type))
            .Select(o => recorded.IsLcp(LcpCode.ConfigureReject) ? asked.Find(a => a.Type == o.Type) : o));
    }

    private static Bytes Corrected(Message own, Message refusal)
    {
        var refused = Options(refusal.Data.Span);
        var options = Options(own.Data.Span).Where(o => refusal.IsLcp(LcpCode.ConfigureNak) || !refused.Exists(r => r.Type == o.Type))
            .Select(o => refused.Exists(r => r.Type == o.Type) ? refused.Find(r => r.Type == o.Type) : o);
        return Packet(PppProtocol.Lcp, (byte)LcpCode.ConfigureRequest, (byte)(own.Identifier + 1), Join(options));
    }

    private byte[] Response(Message recorded, Message challenge)
    {
        if (!ChapValue.TryParse(recorded.Data.Span, out var response, out _)) return [];
        if (!ChapValue.TryParse(challenge.Data.Span, out var asked, out _)) return [];
        // MS-CHAP's takes more than this to compute; no LAC verifies it.
        if (response.Value.Length != MD5.HashSizeInBytes) return recorded.Data.Span.ToArray();
        byte[] value = MD5.HashData([challenge.Identifier, .. password, .. asked.Value]);
        return [(byte)value.Length, .. value, .. response.Name];
    }

    private static List<(byte Type, Bytes Value)> Options(ReadOnlySpan<byte> octets)
    {
        var options = new List<(byte, Bytes)>();
        var reader = new PppOptionReader(octets);
        while (reader.MoveNext()) options.Add((reader.Current.Type, Bytes.Copy(reader.Current.Value)));
        return options;
    }

    private static byte[] Join(IEnumerable<(byte Type, Bytes Value)> options) =>
        [.. options.SelectMany(o => (byte[])[o.Type, (byte)(o.Value.Length + 2), .. o.Value.Span])];

    private static Bytes Packet(PppProtocol protocol, byte code, byte identifier, ReadOnlySpan<byte> data)
    {
        var writer = new WireWriter(new byte[data.Length + 2 + PppControlPacket.HeaderSize]);
        PppControlPacket.Write(ref writer, protocol, code, identifier, data);
        return Bytes.Copy(writer.Written);
    }
}
