using System.Buffers.Binary;
using LacEdge.Core;
using LacEdge.Wire;
using LacEdge.Wire.Ip;
using LacEdge.Wire.Ppp;

namespace LacEdge.Lab.Peers;

public enum PppPhase : byte { Idle, Lcp, Authentication, Network, Up, Terminating, Ended }

/// <summary>Why a PPP link ended.</summary>
public enum PppEnd : byte
{
    None, Terminated, TerminatedByPeer, LcpTimeout, LcpRefused, AuthenticationRejected, AuthenticationTimeout, IpcpTimeout, IpcpRefused,
    EchoTimeout,
}

/// <summary>
/// One end of a PPP link: LCP, one authentication, IPCP, and IPv4 as far as ping and counted UDP. Client and server differ in
/// the authentication alone. Knows nothing of what carries its frames.
/// </summary>
public abstract class PppStack
{
    private const int MaxFrame = 1600;
    private protected readonly IPppLine Line;
    private protected readonly PppTimers Timers;
    private readonly Lcp _lcp;
    private readonly Ipcp _ipcp;
    private Instant _terminateAt = Instant.Never, _echoAt = Instant.Never;
    private byte _terminateId, _echoId, _terminatesLeft, _echoesMissed;

    /// <param name="line">What carries the frames.</param>
    /// <param name="local">Our IPv4 address, 0 to be given one.</param>
    /// <param name="given">The IPv4 address for the other side, 0 for none.</param>
    private protected PppStack(
        IPppLine line, PppTimers timers, ushort mru, uint magic, PppAuthentication asks, PppAuthentication takes, uint local, uint given)
    {
        (Line, Timers) = (line, timers);
        _lcp = new Lcp(line, timers, mru, magic, asks, takes);
        _ipcp = new Ipcp(line, timers, local, given);
        GivenAddress = given;
    }

    public PppPhase Phase { get; private set; }
    /// <summary>Why we are terminating, once we are.</summary>
    public PppEnd EndReason { get; private set; }
    public string EndText { get; private set; } = "";
    /// <summary>IPv4 addresses, first octet highest; meaningful when up.</summary>
    public uint LocalAddress => _ipcp.Local;
    public uint PeerAddress => _ipcp.Peer;
    /// <summary>What the other side has to take; 0 on the side that is given one.</summary>
    public uint GivenAddress { get; }
    public uint Magic => _lcp.Magic;
    public uint PeerMagic => _lcp.PeerMagic;
    public ushort PeerMru => _lcp.PeerMru;

    /// <summary>LCP Echo-Requests of the other side that were answered.</summary>
    public uint EchoesAnswered { get; private set; }
    public uint EchoRepliesReceived { get; private set; }
    /// <summary>How often LCP has opened.</summary>
    public uint LcpOpenings { get; private set; }
    public uint PingsSent { get; private set; }
    public uint PingRepliesReceived { get; private set; }
    public ushort LastPingReply { get; private set; }
    public uint PingsAnswered { get; private set; }
    public ulong Ipv4PacketsReceived { get; private set; }
    public ulong UdpPacketsReceived { get; private set; }
    /// <summary>UDP payload alone.</summary>
    public ulong UdpOctetsReceived { get; private set; }

    public Instant NextTimeout => Earliest(
        Earliest(_lcp.Deadline, _ipcp.Deadline), Earliest(AuthenticationDeadline, Earliest(_terminateAt, _echoAt)));

    private protected Lcp LinkControl => _lcp;
    private protected Instant AuthenticationDeadline { get; set; } = Instant.Never;

    /// <summary>The lower layer is up: LCP starts.</summary>
    public void Start(Instant now)
    {
        Enter(PppPhase.Lcp, now);
        _lcp.Start(now);
    }

    public void HandleTimeout(Instant now)
    {
        if (_lcp.HandleTimeout(now) == ConfigureEvent.Failed) End(PppEnd.LcpTimeout, "no answer to Configure-Request", now);
        if (_ipcp.HandleTimeout(now) == ConfigureEvent.Failed) End(PppEnd.IpcpTimeout, "no answer to IPCP Configure-Request", now);
        if (AuthenticationDeadline <= now) AuthenticationTimeout(now);
        if (_echoAt <= now) SendEcho(now);
        if (_terminateAt <= now) RepeatTerminate(now);
    }

    /// <summary>A PPP frame, protocol field first.</summary>
    public void HandleFrame(ReadOnlySpan<byte> ppp, Instant now)
    {
        if (Phase is PppPhase.Idle or PppPhase.Ended) return;
        if (!PppFrame.TryParse(ppp, out var frame, out var error))
        {
            Line.Violation($"PPP frame: {error}");
            return;
        }

        if (frame.HeaderForm != PppHeaderForm.Plain) Line.Violation($"PPP header in the form {frame.HeaderForm}, which was not negotiated");
        switch (frame.Protocol)
        {
            case PppProtocol.Lcp: HandleLcp(frame.Information, now); break;
            case PppProtocol.Pap or PppProtocol.Chap or PppProtocol.Eap when Phase is PppPhase.Authentication or PppPhase.Network or PppPhase.Up:
                if (TryPacket(frame, out var packet)) HandleAuthentication(frame.Protocol, packet, now);
                break;
            case PppProtocol.Pap or PppProtocol.Chap or PppProtocol.Eap: break;
            case PppProtocol.Ipcp: HandleIpcp(frame, now); break;
            case PppProtocol.Ipv4: HandleIpv4(frame.Information, now); break;
            default: RejectProtocol(ppp, now); break;
        }
    }

    /// <summary>Ends the link politely: Terminate-Request until it is acknowledged or enough were sent.</summary>
    public void Terminate(string text, Instant now) => Terminate(PppEnd.Terminated, text, now);

    /// <summary>Lets go at once and silently.</summary>
    public void Abandon()
    {
        StopAll();
        Phase = PppPhase.Ended;
    }

    /// <summary>ICMP echo; false unless up.</summary>
    public bool Ping(uint destination, ushort identifier, ushort sequence, int dataSize, Instant now)
    {
        if (Phase != PppPhase.Up) return false;
        Span<byte> data = stackalloc byte[Math.Clamp(dataSize, 0, 1464)];
        for (var i = 0; i < data.Length; i++) data[i] = (byte)i;
        var writer = new WireWriter(stackalloc byte[MaxFrame]);
        writer.WriteUInt16((ushort)PppProtocol.Ipv4);
        Ipv4Packet.WriteEcho(ref writer, false, LocalAddress, destination, identifier, sequence, data);
        PingsSent++;
        Line.Send(writer.Written, now);
        return true;
    }

    /// <summary>One UDP datagram to the other side's "internet" or to the client; false unless up.</summary>
    public bool SendUdp(uint destination, ushort sourcePort, ushort destinationPort, ReadOnlySpan<byte> data, Instant now)
    {
        if (Phase != PppPhase.Up) return false;
        var writer = new WireWriter(stackalloc byte[MaxFrame]);
        writer.WriteUInt16((ushort)PppProtocol.Ipv4);
        var (source, to) = (IpAddress.FromIpv4(LocalAddress), IpAddress.FromIpv4(destination));
        UdpHeader.WritePacket(ref writer, new UdpEndpoint(source, sourcePort), new UdpEndpoint(to, destinationPort), data);
        Line.Send(writer.Written, now);
        return writer.Ok;
    }

    /// <summary>All is proved that can be proved, and what says "success" is not repeated: the next phase says it, too.</summary>
    private protected virtual bool SuccessMayBeLost => false;

    private protected abstract void StartAuthentication(Instant now);
    private protected abstract void HandleAuthentication(PppProtocol protocol, in PppControlPacket packet, Instant now);
    private protected abstract void AuthenticationTimeout(Instant now);

    private protected void Authenticated(Instant now)
    {
        AuthenticationDeadline = Instant.Never;
        Enter(PppPhase.Network, now);
        _ipcp.Start(now);
    }

    private protected void LcpOpened(Instant now)
    {
        LcpOpenings++;
        _echoesMissed = 0;
        if (Timers.EchoInterval > TimeSpan.Zero) _echoAt = now + Timers.EchoInterval;
        Enter(PppPhase.Authentication, now);
        StartAuthentication(now);
    }

    private protected void Terminate(PppEnd reason, string text, Instant now)
    {
        if (Phase is PppPhase.Idle or PppPhase.Ended or PppPhase.Terminating) return;
        StopAll();
        (EndReason, EndText) = (reason, text);
        _terminatesLeft = (byte)Timers.MaxTerminate;
        Enter(PppPhase.Terminating, now);
        RepeatTerminate(now);
    }

    private protected void SendPacket(PppProtocol protocol, byte code, byte identifier, ReadOnlySpan<byte> data, Instant now)
    {
        var writer = new WireWriter(stackalloc byte[MaxFrame]);
        PppControlPacket.Write(ref writer, protocol, code, identifier, data);
        Line.Send(writer.Written, now);
    }

    private void Enter(PppPhase phase, Instant now)
    {
        Phase = phase;
        Line.PhaseChanged(phase, now);
    }

    private void End(PppEnd reason, string text, Instant now)
    {
        if (Phase == PppPhase.Ended) return;
        Abandon();
        Line.Ended(reason, text, now);
    }

    private void StopAll()
    {
        _lcp.Stop();
        _ipcp.Stop();
        AuthenticationDeadline = _echoAt = _terminateAt = Instant.Never;
    }

    private bool TryPacket(in PppFrame frame, out PppControlPacket packet)
    {
        if (PppControlPacket.TryParse(frame.Information, out packet, out var error)) return true;
        Line.Violation($"{frame.Protocol}: {error}");
        return false;
    }

    private void HandleLcp(ReadOnlySpan<byte> information, Instant now)
    {
        if (!PppControlPacket.TryParse(information, out var packet, out var error))
        {
            Line.Violation($"Lcp: {error}");
            return;
        }

        switch ((LcpCode)packet.Code)
        {
            case LcpCode.ConfigureRequest or LcpCode.ConfigureAck or LcpCode.ConfigureNak or LcpCode.ConfigureReject:
                HandleConfigure(packet, now);
                break;
            case LcpCode.TerminateRequest:
                SendPacket(PppProtocol.Lcp, (byte)LcpCode.TerminateAck, packet.Identifier, default, now);
                if (Phase == PppPhase.Terminating) End(EndReason, EndText, now);
                else End(PppEnd.TerminatedByPeer, PrintableText.From(packet.Data), now);
                break;
            case LcpCode.TerminateAck:
                if (Phase == PppPhase.Terminating) End(EndReason, EndText, now);
                break;
            case LcpCode.CodeReject:
                Line.Violation("Code-Reject of a code that every PPP knows");
                break;
            case LcpCode.ProtocolReject:
                if (packet.Data is [0x80, 0x21, ..]) End(PppEnd.IpcpRefused, "IPCP was rejected", now);
                break;
            case LcpCode.EchoRequest: AnswerEcho(packet, now); break;
            case LcpCode.EchoReply:
                EchoRepliesReceived++;
                _echoesMissed = 0;
                break;
            case LcpCode.DiscardRequest or LcpCode.Identification or LcpCode.TimeRemaining: break;
            default:
                SendPacket(PppProtocol.Lcp, (byte)LcpCode.CodeReject, ++_echoId, information[..Math.Min(information.Length, 64)], now);
                break;
        }
    }

    private void HandleConfigure(in PppControlPacket packet, Instant now)
    {
        switch (_lcp.Handle(packet, now))
        {
            case ConfigureEvent.Opened: LcpOpened(now); break;
            case ConfigureEvent.Restarted: BackToLcp(now); break;
            case ConfigureEvent.Failed: End(PppEnd.LcpRefused, "LCP options could not be agreed upon", now); break;
        }
    }

    private protected void BackToLcp(Instant now)
    {
        _ipcp.Stop();
        AuthenticationDeadline = _echoAt = Instant.Never;
        Enter(PppPhase.Lcp, now);
    }

    private void AnswerEcho(in PppControlPacket packet, Instant now)
    {
        if (!_lcp.IsOpen || packet.Data.Length < 4) return;
        var magic = BinaryPrimitives.ReadUInt32BigEndian(packet.Data);
        if (magic != 0 && magic != _lcp.PeerMagic)
            Line.Violation($"Echo-Request with magic {magic:x8}, negotiated was {_lcp.PeerMagic:x8}");
        EchoesAnswered++;
        Span<byte> reply = stackalloc byte[Math.Min(packet.Data.Length, 1492)];
        packet.Data[..reply.Length].CopyTo(reply);
        BinaryPrimitives.WriteUInt32BigEndian(reply, _lcp.Magic);
        SendPacket(PppProtocol.Lcp, (byte)LcpCode.EchoReply, packet.Identifier, reply, now);
    }

    private void SendEcho(Instant now)
    {
        if (_echoesMissed >= Timers.EchoFailures)
        {
            Terminate(PppEnd.EchoTimeout, "no answer to Echo-Request", now);
            return;
        }

        _echoesMissed++;
        _echoAt = now + Timers.EchoInterval;
        Span<byte> data = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(data, _lcp.Magic);
        SendPacket(PppProtocol.Lcp, (byte)LcpCode.EchoRequest, ++_echoId, data, now);
    }

    private void RepeatTerminate(Instant now)
    {
        if (_terminatesLeft == 0)
        {
            End(EndReason, EndText, now);
            return;
        }

        _terminatesLeft--;
        _terminateAt = now + Timers.Restart;
        SendPacket(PppProtocol.Lcp, (byte)LcpCode.TerminateRequest, ++_terminateId, default, now);
    }

    private void HandleIpcp(in PppFrame frame, Instant now)
    {
        if (Phase == PppPhase.Authentication && SuccessMayBeLost) Authenticated(now);
        // Early ones are dropped in silence: RFC 1661 section 3.4.
        if (Phase is not (PppPhase.Network or PppPhase.Up) || !TryPacket(frame, out var packet)) return;
        switch (_ipcp.Handle(packet, now))
        {
            case ConfigureEvent.Opened: Enter(PppPhase.Up, now); break;
            case ConfigureEvent.Restarted: Enter(PppPhase.Network, now); break;
            case ConfigureEvent.Failed: Terminate(PppEnd.IpcpRefused, "no address could be agreed upon", now); break;
        }
    }

    private void HandleIpv4(ReadOnlySpan<byte> information, Instant now)
    {
        if (Phase != PppPhase.Up) return;
        if (!Ipv4Packet.TryParse(information, out var packet))
        {
            Line.Violation("IPv4 packet with a wrong length or checksum");
            return;
        }

        // A packet of another subscriber is the worst thing that a LAC can deliver.
        var (own, expected) = GivenAddress != 0 ? (packet.Source, PeerAddress) : (packet.Destination, LocalAddress);
        if (own != expected) Line.Violation($"IPv4 packet of {own:x8} on the line of {expected:x8}");
        Ipv4PacketsReceived++;
        if (packet.IsEchoRequest)
        {
            PingsAnswered++;
            var writer = new WireWriter(stackalloc byte[MaxFrame]);
            writer.WriteUInt16((ushort)PppProtocol.Ipv4);
            Ipv4Packet.WriteEcho(
                ref writer, true, packet.Destination, packet.Source, packet.EchoIdentifier, packet.EchoSequence, packet.Data);
            Line.Send(writer.Written, now);
        }
        else if (packet.IsEchoReply)
        {
            PingRepliesReceived++;
            LastPingReply = packet.EchoSequence;
        }
        else if (packet.Protocol == IpProtocol.Udp)
        {
            UdpPacketsReceived++;
            UdpOctetsReceived += (ulong)packet.Data.Length;
        }
    }

    private void RejectProtocol(ReadOnlySpan<byte> ppp, Instant now)
    {
        if (_lcp.IsOpen) SendPacket(PppProtocol.Lcp, (byte)LcpCode.ProtocolReject, ++_echoId, ppp[..Math.Min(ppp.Length, 1480)], now);
    }

    private static Instant Earliest(Instant a, Instant b) => a < b ? a : b;
}
