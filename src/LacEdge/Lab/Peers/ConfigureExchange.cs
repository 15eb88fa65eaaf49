using LacEdge.Core;
using LacEdge.Wire;
using LacEdge.Wire.Ppp;

namespace LacEdge.Lab.Peers;

/// <summary>What a configure exchange came to.</summary>
internal enum ConfigureEvent { None, Opened, Restarted, Failed }

/// <summary>
/// Configure-Request, -Ack, -Nak and -Reject in both directions, for LCP and IPCP (RFC 1661 section 4). Two facts replace
/// the ten states: has the other side acknowledged our request, have we acknowledged its. A Configure-Request in the opened
/// state starts over.
/// </summary>
internal abstract class ConfigureExchange(PppProtocol protocol, IPppLine line, PppTimers timers)
{
    private const int MaxFailure = 5, MaxOptionsSize = 512;
    private bool _running, _localAcked, _peerAcked;
    private byte _identifier;
    private int _requestsLeft, _naks;

    public bool IsOpen => _running && _localAcked && _peerAcked;
    public Instant Deadline { get; private set; } = Instant.Never;

    public void Start(Instant now)
    {
        _running = true;
        Begin(now);
    }

    public void Stop()
    {
        _running = false;
        Deadline = Instant.Never;
    }

    public ConfigureEvent HandleTimeout(Instant now)
    {
        if (Deadline > now) return ConfigureEvent.None;
        if (_requestsLeft == 0)
        {
            Stop();
            return ConfigureEvent.Failed;
        }

        _localAcked = false;
        SendRequest(now);
        return ConfigureEvent.None;
    }

    /// <summary>A packet with code 1 to 4; others have no effect.</summary>
    public ConfigureEvent Handle(in PppControlPacket packet, Instant now)
    {
        if (!_running) return ConfigureEvent.None;
        return (LcpCode)packet.Code switch
        {
            LcpCode.ConfigureRequest => HandleRequest(packet, now),
            LcpCode.ConfigureAck => HandleAck(packet, now),
            LcpCode.ConfigureNak or LcpCode.ConfigureReject => HandleRefusal(packet, now),
            _ => ConfigureEvent.None,
        };
    }

    /// <summary>Our own options, the same until a Nak or Reject changes them.</summary>
    protected abstract void WriteOptions(ref WireWriter writer);

    /// <summary>Judges one option of the peer; a Nak writes the option that would do.</summary>
    protected abstract OptionVerdict Judge(in PppOption option, ref WireWriter nak);

    /// <summary>One option of a request that is acknowledged.</summary>
    protected abstract void Accept(in PppOption option);

    /// <summary>Forgets what an earlier request of the peer had brought.</summary>
    protected abstract void Forget();

    /// <summary>One of our options, refused; false when we cannot do without.</summary>
    protected abstract bool Adapt(in PppOption option, bool rejected);

    /// <summary>Takes the exchange for done: another did it for us (proxy LCP).</summary>
    protected void Adopt()
    {
        _running = _localAcked = _peerAcked = true;
        Deadline = Instant.Never;
    }

    private void Begin(Instant now)
    {
        _localAcked = _peerAcked = false;
        _requestsLeft = timers.MaxConfigure;
        _naks = 0;
        _identifier++;
        SendRequest(now);
    }

    private void SendRequest(Instant now)
    {
        _requestsLeft--;
        Deadline = now + timers.Restart;
        var options = new WireWriter(stackalloc byte[MaxOptionsSize]);
        WriteOptions(ref options);
        Send((byte)LcpCode.ConfigureRequest, _identifier, options.Written, now);
    }

    private ConfigureEvent HandleRequest(in PppControlPacket packet, Instant now)
    {
        var restarted = IsOpen;
        if (restarted) Begin(now);

        var rejects = new WireWriter(stackalloc byte[MaxOptionsSize]);
        var naks = new WireWriter(stackalloc byte[MaxOptionsSize]);
        var options = new PppOptionReader(packet.Data);
        while (options.MoveNext())
        {
            var option = options.Current;
            var verdict = Judge(option, ref naks);
            // A peer that ignores our Naks is told more clearly.
            if (verdict == OptionVerdict.Reject || (verdict == OptionVerdict.Nak && _naks >= MaxFailure))
                PppOption.Write(ref rejects, option.Type, option.Value);
        }

        if (options.Error != DecodeError.None)
        {
            line.Violation($"{protocol}: Configure-Request with {options.Error}");
            return restarted ? ConfigureEvent.Restarted : ConfigureEvent.None;
        }

        _peerAcked = rejects.Position == 0 && naks.Position == 0;
        if (rejects.Position > 0) Send((byte)LcpCode.ConfigureReject, packet.Identifier, rejects.Written, now);
        else if (naks.Position > 0)
        {
            _naks++;
            Send((byte)LcpCode.ConfigureNak, packet.Identifier, naks.Written, now);
        }
        else
        {
            AcceptAll(packet.Data);
            Send((byte)LcpCode.ConfigureAck, packet.Identifier, packet.Data, now);
        }

        return restarted ? ConfigureEvent.Restarted : OpenedIfBoth();
    }

    private ConfigureEvent HandleAck(in PppControlPacket packet, Instant now)
    {
        // A second Ack of one request is a copy made by the network.
        if (packet.Identifier != _identifier || _localAcked) return ConfigureEvent.None;
        var options = new WireWriter(stackalloc byte[MaxOptionsSize]);
        WriteOptions(ref options);
        if (!packet.Data.SequenceEqual(options.Written))
        {
            line.Violation($"{protocol}: Configure-Ack does not repeat the options of the request");
            return ConfigureEvent.None;
        }

        _localAcked = true;
        _requestsLeft = timers.MaxConfigure;
        if (!_peerAcked) Deadline = now + timers.Restart;
        return OpenedIfBoth();
    }

    private ConfigureEvent HandleRefusal(in PppControlPacket packet, Instant now)
    {
        if (packet.Identifier != _identifier || _localAcked) return ConfigureEvent.None;
        var options = new PppOptionReader(packet.Data);
        while (options.MoveNext())
        {
            if (Adapt(options.Current, packet.Code == (byte)LcpCode.ConfigureReject)) continue;
            Stop();
            return ConfigureEvent.Failed;
        }

        if (_requestsLeft == 0)
        {
            Stop();
            return ConfigureEvent.Failed;
        }

        _identifier++;
        SendRequest(now);
        return ConfigureEvent.None;
    }

    private ConfigureEvent OpenedIfBoth()
    {
        if (!IsOpen) return ConfigureEvent.None;
        Deadline = Instant.Never;
        return ConfigureEvent.Opened;
    }

    protected void AcceptAll(ReadOnlySpan<byte> octets)
    {
        Forget();
        var options = new PppOptionReader(octets);
        while (options.MoveNext()) Accept(options.Current);
    }

    private void Send(byte code, byte identifier, ReadOnlySpan<byte> data, Instant now)
    {
        var writer = new WireWriter(stackalloc byte[MaxOptionsSize * 3]);
        PppControlPacket.Write(ref writer, protocol, code, identifier, data);
        line.Send(writer.Written, now);
    }
}

internal enum OptionVerdict { Accept, Nak, Reject }
