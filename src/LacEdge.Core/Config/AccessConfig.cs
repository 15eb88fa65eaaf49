using System.Collections.Immutable;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Core.Config;

/// <summary>How a subscriber may say who it is, as LCP asks for it.</summary>
public enum AuthenticationProtocol
{
    Pap,
    ChapMd5,
    /// <summary>RFC 2433.</summary>
    MsChapV1,
    /// <summary>RFC 2759.</summary>
    MsChapV2,
    /// <summary>RFC 3748: its Identity; the rest is between the subscriber and the LNS.</summary>
    Eap,
    /// <summary>LCP asks for nothing: steering knows no user name. Stands alone.</summary>
    None,
}

public sealed record AccessServiceConfig
{
    public static ImmutableArray<AuthenticationProtocol> DefaultAuthentication { get; } =
        [AuthenticationProtocol.ChapMd5, AuthenticationProtocol.Pap];

    public required string Name { get; init; }
    public required ImmutableArray<AccessInterfaceConfig> Interfaces { get; init; }
    /// <summary>AC-Name tag; the node's name unless set.</summary>
    public required string AcName { get; init; }
    /// <summary>Service names that are served; empty: any.</summary>
    public ImmutableArray<ServiceNameConfig> ServiceNames { get; init; } = [];
    /// <summary>In order of preference.</summary>
    public ImmutableArray<AuthenticationProtocol> Authentication { get; init; } = DefaultAuthentication;
    /// <summary>Name in our CHAP Challenge; the node's name unless set.</summary>
    public required string ChallengeName { get; init; }
    /// <summary>Name of a steering list; null when <see cref="Lns"/> is set.</summary>
    public string? Steering { get; init; }
    /// <summary>Everyone to this LNS.</summary>
    public LnsConfig? Lns { get; init; }
    /// <summary>Tunnel profile that goes with <see cref="Lns"/>.</summary>
    public string? Tunnel { get; init; }
    public PppConfig Ppp { get; init; } = new();
    /// <summary>False: the LNS speaks PPP from the first LCP frame on; only where steering needs no user name.</summary>
    public bool PartialTermination { get; init; } = true;
    public UserNameConfig UserName { get; init; } = new();
    public PadoDelayConfig PadoDelay { get; init; } = new();
    public AccessLimitsConfig Limits { get; init; } = new();
    public SpeedMethod SpeedMethod { get; init; } = SpeedMethod.Static;
    /// <summary>802.1p of tagged session frames to the subscriber.</summary>
    public FramePriority FramePriority { get; init; } = FramePriority.Request;
    /// <summary>What <see cref="SpeedMethod.Static"/> sends, and the other methods when they know nothing. Sent in ICCN as Tx (AVP 24) and Rx (AVP 38) connect speed, bit/s, as the LAC sees it: Tx is towards the subscriber.</summary>
    public ulong TxSpeed { get; init; } = 1_000_000_000;
    public ulong RxSpeed { get; init; } = 1_000_000_000;
}

public sealed record ServiceNameConfig(string Name, bool Advertised);

/// <summary>One physical interface and the VLANs on it that belong to the service.</summary>
public sealed record AccessInterfaceConfig(string Name, ImmutableArray<VlanPattern> Vlans)
{
    /// <summary>Its untagged frames.</summary>
    public static implicit operator AccessInterfaceConfig(string name) => new(name, [VlanPattern.Untagged]);
}

/// <summary>Where the connect speeds that the LNS is told come from.</summary>
public enum SpeedMethod
{
    /// <summary>The configuration.</summary>
    Static,
    /// <summary>Actual data rates of the line information (TR-101).</summary>
    Line,
    /// <summary>The speed of the access interface.</summary>
    Interface,
}

/// <summary>802.1p priority of frames.</summary>
/// <param name="Fixed">0 to 7; <see cref="FromRequest"/>: that of the subscriber's PADR; <see cref="FromDscp"/>: the upper bits of the packet's DSCP.</param>
public readonly record struct FramePriority(byte Fixed)
{
    public const byte FromRequest = 0xFF, FromDscp = 0xFE;

    public static FramePriority Request => new(FromRequest);
    public static FramePriority Dscp => new(FromDscp);

    /// <summary>The tags of a session's frames; with <see cref="Dscp"/> each frame changes them.</summary>
    public VlanStack Of(VlanStack request) => Fixed < 8 ? request.WithPriority(Fixed) : request;
}

/// <summary>How long a PADO waits, so that a less busy access concentrator on the segment comes first.</summary>
public sealed record PadoDelayConfig
{
    /// <summary>The last step whose number of sessions (of this service) is reached counts. In rising order; empty: no delay.</summary>
    public ImmutableArray<PadoDelayStep> Steps { get; init; } = [];
    /// <summary>The first that matches the line counts; it is added to the step's.</summary>
    public ImmutableArray<PadoDelayLine> Lines { get; init; } = [];
}

/// <param name="Delay">Null: no PADO at all.</param>
public sealed record PadoDelayStep(int Sessions, TimeSpan? Delay);

/// <param name="CircuitId">A pattern with * and ?; null: any line.</param>
/// <param name="RemoteId">As <paramref name="CircuitId"/>.</param>
/// <param name="Vlans">Empty: any.</param>
/// <param name="Delay">Null: no PADO at all.</param>
public sealed record PadoDelayLine(string? CircuitId, string? RemoteId, ImmutableArray<VlanPattern> Vlans, TimeSpan? Delay);

/// <summary>Sessions of one service. 0 where nothing is limited.</summary>
public sealed record AccessLimitsConfig
{
    public int Sessions { get; init; }
    public int PerInterface { get; init; }
    /// <summary>On one interface and VLAN stack.</summary>
    public int PerVlan { get; init; }
    /// <summary>On one interface, VLAN stack and MAC; one more ends the oldest of them.</summary>
    public int PerMac { get; init; } = 1;
    public int PerCircuitId { get; init; }
    /// <summary>What becomes of one more on a circuit-id.</summary>
    public AtLimit AtCircuitIdLimit { get; init; } = AtLimit.Refuse;
}

public enum AtLimit
{
    /// <summary>PADS with AC-System-Error.</summary>
    Refuse,
    /// <summary>The oldest session ends.</summary>
    Replace,
}

/// <summary>Where the realm stands in a user name and what others see of it.</summary>
public sealed record UserNameConfig
{
    /// <summary>Characters that separate user and realm; of "@%/\#".</summary>
    public string Delimiters { get; init; } = "@";
    public RealmPosition Realm { get; init; } = RealmPosition.Suffix;
    /// <summary>For names without a realm, or with an empty one.</summary>
    public string? DefaultRealm { get; init; }
    /// <summary>False: only the realm that is written exactly as in the configuration matches.</summary>
    public bool IgnoreCase { get; init; } = true;
    public NameRewriteConfig ToLns { get; init; } = new();
    public NameRewriteConfig ToRadius { get; init; } = new();
}

public enum RealmPosition
{
    /// <summary>Behind the last delimiter: user@realm.</summary>
    Suffix,
    /// <summary>Before the first delimiter: realm/user.</summary>
    Prefix,
}

/// <summary>First the realm is stripped if so told, then the first rule that matches is applied.</summary>
public sealed record NameRewriteConfig
{
    public bool StripRealm { get; init; }
    public ImmutableArray<NameRule> Rules { get; init; } = [];
}

/// <param name="Match">A regular expression over the whole name (UTF-8), without backtracking; its first match is replaced.</param>
/// <param name="Replace">With $1, ${name}.</param>
public sealed record NameRule(string Match, string Replace);

/// <summary>How LacEdge speaks LCP until the LNS takes over.</summary>
public sealed record PppConfig
{
    /// <summary>The MRU that we ask for and the largest that we grant (RFC 2516: at most 1492), unless PPP-Max-Payload granted
    /// more (RFC 4638).</summary>
    public ushort Mru { get; init; } = 1492;
    public TimeSpan RestartInterval { get; init; } = TimeSpan.FromSeconds(3);
    public int MaxConfigure { get; init; } = 10;
    public int MaxTerminate { get; init; } = 2;
    public int MaxFailure { get; init; } = 5;
    /// <summary>Whether MRRU, Short-Sequence-Number and Endpoint-Discriminator are acknowledged for an LNS that does multilink.</summary>
    public bool Multilink { get; init; }
    /// <summary>Between our Echo-Requests while LCP is open and no LNS has taken over; zero: none.</summary>
    public TimeSpan EchoInterval { get; init; } = TimeSpan.FromSeconds(10);
    /// <summary>Echo-Requests without an answer before the session ends.</summary>
    public int EchoFailures { get; init; } = 3;
    /// <summary>From PADS to the identity.</summary>
    public TimeSpan AuthenticationTimeout { get; init; } = TimeSpan.FromSeconds(30);
    /// <summary>From the identity to the LNS's answer, all candidates together.</summary>
    public TimeSpan SetupTimeout { get; init; } = TimeSpan.FromSeconds(20);
}
