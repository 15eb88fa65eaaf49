using LacEdge.Wire;
using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;

namespace LacEdge.Lab.Peers;

/// <summary>Who an embedded LNS is and how it behaves. Prints without the secret.</summary>
public sealed record LnsOptions
{
    public required string Name { get; init; }
    /// <summary>Where SCCRQs go, usually port 1701.</summary>
    public required UdpEndpoint Endpoint { get; init; }
    /// <summary>Answers SCCRQ, and speaks ever after, from this port instead; 0: the same.</summary>
    public ushort AnswerPort { get; init; }
    /// <summary>Empty: no tunnel authentication.</summary>
    public string Secret { get; init; } = "";
    /// <summary>With a secret: whether it challenges the LAC too. l2tpns never does, xl2tpd only when told.</summary>
    public bool Challenges { get; init; } = true;

    public LnsMode Mode { get; init; } = LnsMode.Forced;
    /// <summary>What it authenticates clients with by itself.</summary>
    public PppAuthentication Asks { get; init; } = PppAuthentication.Either;
    /// <summary>The password of a user; null: unknown.</summary>
    public required Func<string, string?> Passwords { get; init; }
    public ushort Mru { get; init; } = 1492;
    public PppTimers Timers { get; init; } = PppTimers.Default;

    /// <summary>Its own IPv4 address on every link, first octet highest.</summary>
    public uint ServerAddress { get; init; } = 0x0A000001;
    /// <summary>First address for clients; the pool has <see cref="MaxCalls"/>.</summary>
    public uint FirstClientAddress { get; init; } = 0x0A010001;
    /// <summary>More calls are refused with CDN 4.</summary>
    public int MaxCalls { get; init; } = 60_000;

    /// <summary>Receive Window Size AVP; 0: none is sent, so that 4 is meant.</summary>
    public ushort ReceiveWindow { get; init; } = 16;
    /// <summary>Messages ahead of their turn are kept; else dropped, as xl2tpd does.</summary>
    public bool QueuesOutOfOrder { get; init; } = true;
    /// <summary>A ZLB for each message at once, with the session id of its call, besides the answer: as xl2tpd does.</summary>
    public bool EagerZlb { get; init; }
    /// <summary>How long an acknowledgement waits for a message to ride on.</summary>
    public TimeSpan AckDelay { get; init; }
    /// <summary>Time from SCCRQ to SCCRP, and from ICRQ to ICRP.</summary>
    public TimeSpan AnswerDelay { get; init; }
    /// <summary>Between two HELLOs of ours; zero: none.</summary>
    public TimeSpan HelloInterval { get; init; }
    public int Retries { get; init; } = 5;

    /// <summary>FF 03 before each PPP frame.</summary>
    public bool AddressAndControl { get; init; } = true;
    public bool LengthBit { get; init; }
    /// <summary>Sequence numbers on data messages.</summary>
    public bool Sequencing { get; init; }
    /// <summary>AVP 46 (RFC 3145) in CDNs that follow the end of PPP.</summary>
    public bool SendsDisconnectCause { get; init; } = true;

    /// <summary>For a transcript: values that are otherwise drawn at random, for the first tunnel and its first call.</summary>
    public LnsFixedValues? Fixed { get; init; }

    public override string ToString() => $"{Name} at {Endpoint}";
}

public sealed record LnsFixedValues(ushort TunnelId, ushort SessionId, Bytes Challenge);

/// <summary>How a call or a tunnel came to its end, as far as the LNS knows.</summary>
/// <param name="ByPeer">The LAC sent the CDN or StopCCN.</param>
/// <param name="Result">0: neither was sent.</param>
/// <param name="DisconnectCause">RFC 3145 code in a received CDN.</param>
public readonly record struct LnsEnd(bool ByPeer, ushort Result, ushort Error, string Text, ushort? DisconnectCause = null)
{
    public static LnsEnd Of(bool byPeer, in ResultCode code) => new(byPeer, code.Result, code.Error ?? 0, code.Text);
}
