using LacEdge.Wire;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Lab.Peers;

/// <summary>Who a simulated subscriber is and how it behaves. Prints without the password.</summary>
public sealed record SubscriberOptions
{
    public required MacAddress Mac { get; init; }
    public required string User { get; init; }
    public required string Password { get; init; }
    /// <summary>Where its frames go, in <see cref="PeerOutput.Link"/>.</summary>
    public int Link { get; init; }
    public VlanStack Vlans { get; init; }
    /// <summary>Empty: no Host-Uniq tag.</summary>
    public Bytes HostUniq { get; init; }
    /// <summary>Empty: any.</summary>
    public string ServiceName { get; init; } = "";
    /// <summary>PPP-Max-Payload (RFC 4638); 0: no tag.</summary>
    public ushort MaxPayload { get; init; }
    /// <summary>Further tags of PADI and PADR, ready-made (Relay-Session-Id, vendor tags).</summary>
    public Bytes ExtraTags { get; init; }
    public PppAuthentication Takes { get; init; } = PppAuthentication.Either;
    public ushort Mru { get; init; } = 1492;
    public PppTimers Timers { get; init; } = PppTimers.Default;
    /// <summary>First wait for PADO and for PADS; it doubles.</summary>
    public TimeSpan DiscoveryTimeout { get; init; } = TimeSpan.FromSeconds(5);
    public int DiscoveryAttempts { get; init; } = 3;
    /// <summary>From the end of a session, or a failed attempt, to the next dial; null: stay down.</summary>
    public TimeSpan? Redial { get; init; }
    /// <summary>Short frames are padded to Ethernet's minimum, as a network card does.</summary>
    public bool PadFrames { get; init; } = true;

    public override string ToString() => $"{User} at {Mac}";
}

public enum SubscriberState { Idle, Discovery, Lcp, Authentication, Ipcp, Up, Terminating, Ended, Failed }

/// <summary>How a subscriber hangs up.</summary>
public enum HangUpKind
{
    /// <summary>LCP Terminate-Request, then PADT.</summary>
    Terminate,
    /// <summary>PADT alone.</summary>
    Padt,
    /// <summary>Says nothing, as one whose power is gone.</summary>
    Silent,
}

/// <summary>Why a subscriber is down.</summary>
public enum SubscriberEnd
{
    None, HungUp, PadtReceived, TerminatedByPeer, AuthenticationRejected, AuthenticationTimeout, NoPado, NoPads, DiscoveryError,
    LcpTimeout, LcpRefused, IpcpTimeout, IpcpRefused, EchoTimeout,
}

/// <summary>When the stages of the current (or last) attempt were reached; <see cref="Core.Instant.Never"/> if not.</summary>
public record struct SubscriberTimes(
    Core.Instant Dialled, Core.Instant Offered, Core.Instant SessionOpened, Core.Instant LcpOpened, Core.Instant Authenticated,
    Core.Instant Up, Core.Instant Ended)
{
    public static SubscriberTimes From(Core.Instant dialled) => new(
        dialled, Core.Instant.Never, Core.Instant.Never, Core.Instant.Never, Core.Instant.Never, Core.Instant.Never, Core.Instant.Never);
}
