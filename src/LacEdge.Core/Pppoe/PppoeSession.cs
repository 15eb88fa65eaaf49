using LacEdge.Core.Config;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Core.Pppoe;

/// <summary>A PPPoE session: from a valid PADR to PADT. Its identity is (access group, session id).</summary>
public sealed class PppoeSession
{
    public required int AccessGroup { get; init; }
    /// <summary>1 to 0xFFFE.</summary>
    public required ushort SessionId { get; init; }
    public required MacAddress Subscriber { get; init; }
    public required VlanStack Vlans { get; init; }
    public required AccessServiceConfig Service { get; init; }
    /// <summary>The Service-Name that was granted.</summary>
    public required Bytes ServiceName { get; init; }
    /// <summary>Host-Uniq of the PADR: tells a repeated PADR from a new one.</summary>
    public required Bytes HostUniq { get; init; }
    /// <summary>What the access node told of the line in PADR; null when nothing.</summary>
    public AccessLine? Line { get; init; }
    /// <summary>Largest MRU that the link may have: 1492, or more by RFC 4638.</summary>
    public required ushort MaxPayload { get; init; }
    public required Instant OpenedAt { get; init; }
    /// <summary>What the user of the server keeps with it.</summary>
    public object? Owner { get; set; }

    /// <summary>Its end has begun (its PADT comes later): a PADR that looks like its own is a new one.</summary>
    public bool IsEnding { get; set; }

    /// <summary>Its frames need not come here any more, and the subscriber may have sent some: a PADR is not for want of a PADS.</summary>
    public bool IsSpliced { get; set; }

    /// <summary>A PPP frame has come: the subscriber knows its session id.</summary>
    internal bool Heard { get; set; }
    /// <summary>Under which the session table finds it for a repeated PADR.</summary>
    internal ulong RequestDigest { get; set; }
    /// <summary>Its places among the sessions of its host and of its circuit-id, which are limited.</summary>
    internal LinkedListNode<PppoeSession>? OfHost { get; set; }
    internal LinkedListNode<PppoeSession>? OfCircuit { get; set; }
}

/// <summary>What the PPPoE server tells its user.</summary>
public interface IPppoeUser
{
    /// <summary>Someone asks for a session. Null admits it; a text refuses it, and has been counted: a PADI gets no answer, a PADR
    /// with a valid cookie PADS with AC-System-Error.</summary>
    string? Admit(int accessGroup, MacAddress subscriber, VlanStack vlans, AccessServiceConfig service, Instant now);

    /// <summary>The session makes room for a new one of the same host (or, where the service says so, of the same circuit-id): whatever
    /// hangs on it ends now, before the PADS of the new one. If it is still open afterwards, it is closed by PADT.</summary>
    void SessionReplaced(PppoeSession session, string detail, Instant now);

    /// <summary>PADS is in the outbox.</summary>
    void SessionOpened(PppoeSession session, Instant now);

    /// <summary>A PPP frame (protocol field first) from the session's owner.</summary>
    void FrameReceived(PppoeSession session, ReadOnlySpan<byte> ppp, Instant now);

    /// <summary>The subscriber sent PADT: the session is gone, nothing may be sent on it.</summary>
    void SessionClosed(PppoeSession session, string reason, Instant now);
}
