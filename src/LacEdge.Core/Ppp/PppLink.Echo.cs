using LacEdge.Core.Events;
using LacEdge.Wire;
using LacEdge.Wire.Ppp;

namespace LacEdge.Core.Ppp;

/// <summary>What keeps an open link honest until the LNS takes over: echoes both ways (RFC 1661 section 5.8) and what the subscriber
/// says of itself (RFC 1570).</summary>
public sealed partial class PppLink
{
    private byte _echoIdentifier;
    private int _echoesMissed;

    /// <summary>The last Identification of the subscriber, safe to print; empty when there was none.</summary>
    public string Identification { get; private set; } = "";

    private void StartEchoes(Instant now)
    {
        _echoesMissed = 0;
        if (_config.EchoInterval > TimeSpan.Zero) _timers.Set(_echoTimer, now + _config.EchoInterval);
    }

    /// <summary>A subscriber that does not answer cannot be asked to terminate either: PADT follows at once (RFC 2516 section 7).</summary>
    private void EchoDue(Instant now)
    {
        if (_echoesMissed == _config.EchoFailures)
        {
            End(EndCause.EchoTimeout, $"no reply to {_echoesMissed} LCP Echo-Requests", now);
            return;
        }

        _echoesMissed++;
        _echoIdentifier = ++_identifier;
        _timers.Set(_echoTimer, now + _config.EchoInterval);
        var magic = new WireWriter(stackalloc byte[4]);
        magic.WriteUInt32(_lcp.Magic);
        SendLcp(LcpCode.EchoRequest, _echoIdentifier, magic.Written, now);
    }

    private void HandleEchoReply(in PppControlPacket packet, Instant now)
    {
        var reply = new WireReader(packet.Data);
        var magic = reply.ReadUInt32();
        if (!reply.Ok) _counters.Count(DecodeError.PppControlTruncated);
        else if (!IsOfTheSubscriber(magic, now)) return;
        else if (_echoesMissed == 0 || packet.Identifier != _echoIdentifier) _counters.Count(DropReason.PppIdentifierMismatch);
        else _echoesMissed = 0;
    }

    private void HandleEchoRequest(in PppControlPacket packet, Instant now)
    {
        var request = new WireReader(packet.Data);
        var magic = request.ReadUInt32();
        if (!request.Ok)
        {
            _counters.Count(DecodeError.PppControlTruncated);
            return;
        }

        if (!IsOfTheSubscriber(magic, now)) return;
        var text = request.Rest[..Math.Clamp(request.Remaining, 0, SendLimit - PppControlPacket.HeaderSize - 4)];
        var size = 4 + text.Length;
        var data = new WireWriter(size <= 256 ? stackalloc byte[256] : new byte[size]);
        data.WriteUInt32(_lcp.Magic);
        data.WriteBytes(text);
        Raise(PppEvent.ReceiveEchoOrDiscard, new Answer(LcpCode.EchoReply, packet.Identifier, data.Written), now);
    }

    /// <summary>Before LCP is open echoes mean nothing, and with our own magic number they come from ourselves.</summary>
    private bool IsOfTheSubscriber(uint magic, Instant now)
    {
        if (_state == PppState.Opened && (magic == 0 || magic != _lcp.Magic)) return true;
        _counters.Count(DropReason.PppUnexpected);
        if (_state == PppState.Opened && _lcp.SuspectLoop()) Terminate(EndCause.LcpLoop, "our own magic number came back", now);
        return false;
    }

    private void HandleIdentification(in PppControlPacket packet)
    {
        // Magic number, then text.
        if (packet.Data.Length < 4) _counters.Count(DecodeError.PppControlTruncated);
        else Identification = PrintableText.From(packet.Data[4..]);
    }
}
