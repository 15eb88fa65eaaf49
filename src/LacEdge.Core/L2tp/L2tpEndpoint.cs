using LacEdge.Core.Events;
using LacEdge.Wire.Ip;

namespace LacEdge.Core.L2tp;

public enum TunnelState { Idle, WaitCtlReply, WaitCtlConn, Established, Closing }

public enum CallState { Idle, WaitTunnel, WaitReply, Established }

/// <summary>A tunnel and its control connection (RFC 2661 section 7.2.1).</summary>
public sealed class L2tpTunnel
{
    public TunnelTarget Target => throw new NotImplementedException();
    public TunnelState State => throw new NotImplementedException();
    public int Socket => throw new NotImplementedException();
    /// <summary>Where the LNS answers from; the target until SCCRP.</summary>
    public UdpEndpoint Peer => throw new NotImplementedException();
    public string PeerHostName => throw new NotImplementedException();
    public string PeerVendorName => throw new NotImplementedException();
    public ushort LocalTunnelId => throw new NotImplementedException();
    public ushort PeerTunnelId => throw new NotImplementedException();
    public Instant OpenedAt => throw new NotImplementedException();
    public int CallCount => throw new NotImplementedException();
    public IReadOnlyCollection<L2tpCall> Calls => throw new NotImplementedException();
    /// <summary>What the user keeps with it: forwarding slot and so on.</summary>
    public object? Owner { get; set; }
}

/// <summary>An incoming call as the LAC sees it (RFC 2661 section 7.4.1).</summary>
public sealed class L2tpCall
{
    public L2tpTunnel Tunnel => throw new NotImplementedException();
    public CallState State => throw new NotImplementedException();
    public ushort LocalSessionId => throw new NotImplementedException();
    public ushort PeerSessionId => throw new NotImplementedException();
    public uint SerialNumber => throw new NotImplementedException();
    public object? Owner { get; set; }
}

/// <summary>All tunnels over UDP: finds the tunnel of a datagram, opens, closes and forgets tunnels, places calls.</summary>
public sealed class L2tpEndpoint
{
    public L2tpEndpoint(RandomStreams random, TimerQueue timers, Outbox outbox, LacCounters counters, IL2tpUser user, int maxTunnels, Func<ulong> nextTimerOrder) =>
        throw new NotImplementedException();

    /// <summary>Tunnels in every state, lingering ones included, in the order of their opening.</summary>
    public IReadOnlyCollection<L2tpTunnel> Tunnels => throw new NotImplementedException();

    /// <summary>Sends SCCRQ. Null when no tunnel id is free or the limit is reached.</summary>
    public L2tpTunnel? Open(TunnelTarget target, int socket, Instant now) => throw new NotImplementedException();

    /// <summary>Any datagram: control, or data that the data plane did not forward.</summary>
    public void HandleDatagram(int socket, UdpEndpoint source, ReadOnlySpan<byte> datagram, Instant now) => throw new NotImplementedException();

    /// <summary>Sends ICRQ, at once or when the tunnel is established and the window allows. Null when no session id is free.</summary>
    public L2tpCall? PlaceCall(L2tpTunnel tunnel, CallRequest request, object owner, Instant now) => throw new NotImplementedException();

    /// <summary>Sends ICCN for a call that was accepted.</summary>
    public void Connect(L2tpCall call, CallConnect connect, Instant now) => throw new NotImplementedException();

    /// <summary>Ends a call in any state, with CDN if the LNS has heard of it.</summary>
    public void EndCall(L2tpCall call, ushort resultCode, ushort errorCode, string message, ushort? disconnectCause, Instant now) => throw new NotImplementedException();

    /// <summary>Sends StopCCN; all calls on the tunnel end with this cause.</summary>
    public void Close(L2tpTunnel tunnel, ushort resultCode, ushort errorCode, string message, EndCause cause, Instant now) => throw new NotImplementedException();

    /// <summary>Sends HELLO now, if none is outstanding.</summary>
    public void Probe(L2tpTunnel tunnel, Instant now) => throw new NotImplementedException();
}
