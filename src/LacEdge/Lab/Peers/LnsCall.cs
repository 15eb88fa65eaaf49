using LacEdge.Core;
using LacEdge.Wire;
using LacEdge.Wire.L2tp;
using LacEdge.Wire.Ppp;

namespace LacEdge.Lab.Peers;

public enum LnsCallState { Answering, WaitConnect, Connected, Ended }

/// <summary>One incoming call at an embedded LNS, and the PPP link in it.</summary>
public sealed class LnsCall : IPppLine, ITimerOwner
{
    private const int MaxDatagram = 1700;
    private readonly LnsTunnel _tunnel;
    private readonly EmbeddedLns _lns;
    private readonly Core.Timer _timer;
    private Instant _answerAt = Instant.Never;
    private ushort _sendSequence, _expectedSequence;

    internal LnsCall(LnsTunnel tunnel, ushort localId, ushort peerId, uint serialNumber, Bytes icrq, ulong timerOrder)
    {
        (_tunnel, _lns, LocalId, PeerId, SerialNumber, Icrq) = (tunnel, tunnel.Lns, localId, peerId, serialNumber, icrq);
        TimerOrder = timerOrder;
        _timer = new Core.Timer(this, 0);
    }

    public ulong TimerOrder { get; }
    public LnsTunnel Tunnel => _tunnel;
    public ushort LocalId { get; }
    public ushort PeerId { get; }
    public uint SerialNumber { get; }
    public LnsCallState State { get; private set; }
    /// <summary>The AVPs of ICRQ, octet for octet.</summary>
    public Bytes Icrq { get; }
    /// <summary>The AVPs of ICCN, octet for octet.</summary>
    public Bytes Iccn { get; private set; }
    public ProxyAvps? Proxy { get; private set; }
    /// <summary>Null before ICCN.</summary>
    public PppServer? Ppp { get; private set; }
    public string User => Ppp?.User ?? "";
    public Instant ConnectedAt { get; private set; } = Instant.Never;
    public LnsEnd End { get; private set; }

    public ulong DataReceived { get; private set; }
    /// <summary>PPP octets, protocol field on.</summary>
    public ulong OctetsReceived { get; private set; }
    public ulong DataSent { get; private set; }
    public ulong OctetsSent { get; private set; }
    public ulong SequencedReceived { get; private set; }
    public ulong WithoutAddressAndControl { get; private set; }

    void ITimerOwner.HandleTimer(int kind, Instant now)
    {
        if (_answerAt <= now) Answer(now);
        if (State == LnsCallState.Connected) Ppp!.HandleTimeout(now);
        Reschedule();
    }

    void IPppLine.Send(ReadOnlySpan<byte> ppp, Instant now)
    {
        if (State != LnsCallState.Connected) return;
        var options = _lns.Options;
        var writer = new WireWriter(stackalloc byte[MaxDatagram]);
        var flags = L2tpHeader.Version;
        if (options.LengthBit) flags |= L2tpHeader.LengthBit;
        if (options.Sequencing) flags |= L2tpHeader.SequenceBit;
        writer.WriteUInt16(flags);
        if (options.LengthBit) writer.WriteUInt16(0);
        writer.WriteUInt16(_tunnel.PeerId);
        writer.WriteUInt16(PeerId);
        if (options.Sequencing)
        {
            writer.WriteUInt16(_sendSequence++);
            writer.WriteUInt16(0);
        }

        if (options.AddressAndControl) writer.WriteUInt16(0xFF03);
        writer.WriteBytes(ppp);
        if (options.LengthBit) writer.PatchUInt16(2, (ushort)writer.Position);
        DataSent++;
        OctetsSent += (ulong)ppp.Length;
        _tunnel.SendDatagram(writer.Written);
    }

    void IPppLine.PhaseChanged(PppPhase phase, Instant now)
    {
    }

    void IPppLine.Ended(PppEnd end, string text, Instant now)
    {
        var protocol = (ushort)PppProtocol.Lcp;
        (ushort code, byte direction) = end switch
        {
            PppEnd.TerminatedByPeer => ((ushort)3, (byte)1),
            PppEnd.Terminated => ((ushort)3, (byte)2),
            PppEnd.LcpTimeout => ((ushort)5, (byte)0),
            PppEnd.AuthenticationTimeout => ((ushort)13, (byte)1),
            PppEnd.AuthenticationRejected => ((ushort)16, (byte)1),
            PppEnd.IpcpTimeout => ((ushort)17, (byte)0),
            PppEnd.EchoTimeout => ((ushort)8, (byte)0),
            _ => ((ushort)0, (byte)0),
        };
        DisconnectCause? cause = _lns.Options.SendsDisconnectCause ? new DisconnectCause(code, protocol, direction, text) : null;
        var result = end is PppEnd.AuthenticationRejected or PppEnd.Terminated ? CdnResult.Administrative : CdnResult.LossOfCarrier;
        Drop(new ResultCode(result, L2tpErrorCode.None, text), cause, now);
    }

    public void Violation(string what) => _lns.Violation($"call {LocalId}: {what}");

    /// <summary>Ends the call at once with CDN.</summary>
    public void Drop(in ResultCode code, DisconnectCause? cause, Instant now)
    {
        if (State == LnsCallState.Ended) return;
        _tunnel.SendCdn(PeerId, LocalId, code, cause, now);
        Finish(LnsEnd.Of(false, code));
    }

    /// <summary>LCP Terminate-Request first; CDN follows when PPP has ended.</summary>
    public void HangUp(string text, Instant now)
    {
        if (State != LnsCallState.Connected) return;
        Ppp!.Terminate(text, now);
        Reschedule();
    }

    /// <summary>One UDP datagram to the client; false unless its link is up.</summary>
    public bool SendUdp(ushort sourcePort, ushort destinationPort, ReadOnlySpan<byte> data, Instant now)
    {
        if (State != LnsCallState.Connected) return false;
        return Ppp!.SendUdp(Ppp.PeerAddress, sourcePort, destinationPort, data, now);
    }

    public bool Ping(ushort identifier, ushort sequence, Instant now, int dataSize = 32)
    {
        if (State != LnsCallState.Connected) return false;
        return Ppp!.Ping(Ppp.PeerAddress, identifier, sequence, dataSize, now);
    }

    internal void Answer(TimeSpan delay, Instant now)
    {
        if (delay <= TimeSpan.Zero)
        {
            Answer(now);
            return;
        }

        _answerAt = now + delay;
        Reschedule();
    }

    /// <summary>ICCN.</summary>
    internal void Connect(Bytes avps, ProxyAvps proxy, Instant now)
    {
        if (State != LnsCallState.WaitConnect)
        {
            Violation($"ICCN in state {State}");
            return;
        }

        (Iccn, Proxy, ConnectedAt, State) = (avps, proxy, now, LnsCallState.Connected);
        var options = _lns.Options;
        Ppp = new PppServer(
            this, options.Timers, options.Mru, options.Mode, options.Asks, options.Passwords, options.Name, _lns.Random,
            options.ServerAddress, _lns.TakeAddress());
        Ppp.Connect(proxy, now);
        Reschedule();
    }

    internal void HandleData(in L2tpHeader header, Instant now)
    {
        if (State != LnsCallState.Connected)
        {
            // Data may overtake ICCN on the way.
            _lns.CountStray();
            return;
        }

        if (header.HasSequence)
        {
            SequencedReceived++;
            if ((ushort)(header.Ns - _expectedSequence) >= 32768)
            {
                _lns.CountStray();
                return;
            }

            _expectedSequence = (ushort)(header.Ns + 1);
        }

        var ppp = header.Payload;
        if (ppp is [0xFF, 0x03, ..]) ppp = ppp[2..];
        else WithoutAddressAndControl++;
        DataReceived++;
        OctetsReceived += (ulong)ppp.Length;
        Ppp!.HandleFrame(ppp, now);
        Reschedule();
    }

    /// <summary>The call is over, whoever said so; nothing is sent.</summary>
    internal void Finish(LnsEnd end)
    {
        if (State == LnsCallState.Ended) return;
        State = LnsCallState.Ended;
        End = end;
        _lns.Timers.Stop(_timer);
        if (Ppp is not null)
        {
            _lns.GiveAddress(Ppp.GivenAddress);
            Ppp.Abandon();
        }

        _tunnel.Forget(this);
    }

    private void Answer(Instant now)
    {
        _answerAt = Instant.Never;
        if (State != LnsCallState.Answering) return;
        State = LnsCallState.WaitConnect;
        _tunnel.SendIcrp(PeerId, LocalId, now);
    }

    private void Reschedule()
    {
        if (State == LnsCallState.Ended) return;
        var next = State == LnsCallState.Connected ? Ppp!.NextTimeout : _answerAt;
        if (next == Instant.Never) _lns.Timers.Stop(_timer);
        else if (next != _timer.Deadline) _lns.Timers.Set(_timer, next);
    }
}
