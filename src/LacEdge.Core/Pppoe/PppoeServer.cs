using LacEdge.Core.Config;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Core.Pppoe;

/// <summary>The access concentrator's side of PPPoE (RFC 2516): stateless discovery, sessions, PADT.</summary>
public sealed class PppoeServer
{
    /// <param name="interfaceServices">The services of each access group.</param>
    public PppoeServer(
        IReadOnlyList<IReadOnlyList<AccessServiceConfig>> interfaceServices, int maxSessions,
        RandomStreams random, Outbox outbox, LacCounters counters, IPppoeUser user) => throw new NotImplementedException();

    public int SessionCount => throw new NotImplementedException();

    /// <summary>The interface's own MAC and MTU; frames of an interface that is down or unknown are dropped.</summary>
    public void SetInterface(int accessGroup, MacAddress mac, int mtu, bool up) => throw new NotImplementedException();
    public MacAddress MacOf(int accessGroup) => throw new NotImplementedException();
    public bool IsUp(int accessGroup) => throw new NotImplementedException();

    /// <summary>A whole Ethernet frame with its tags in band: discovery or session stage.</summary>
    public void HandleFrame(int accessGroup, ReadOnlySpan<byte> frame, Instant now) => throw new NotImplementedException();

    /// <summary>Puts a PPP frame (protocol field first) into the outbox; longer than the session's MRU + 2 is dropped and counted.</summary>
    public void SendPpp(PppoeSession session, ReadOnlySpan<byte> ppp, int slot) => throw new NotImplementedException();

    /// <summary>Forgets the session; its id rests. With PADT unless the subscriber sent one.</summary>
    public void Close(PppoeSession session, bool sendPadt, string reason, Instant now) => throw new NotImplementedException();
}
