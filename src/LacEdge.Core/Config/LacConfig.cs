using System.Collections.Immutable;
using LacEdge.Wire;
using LacEdge.Wire.Ip;

namespace LacEdge.Core.Config;

/// <summary>A whole, valid configuration with its secrets resolved. Immutable; made by the configuration reader or by a test.</summary>
public sealed record LacConfig
{
    public required NodeConfig Node { get; init; }
    public ControlConfig Control { get; init; } = new();
    public DataPlaneMode DataPlane { get; init; } = DataPlaneMode.Auto;
    /// <summary>UDP source ports for further tunnels to one LNS address, first and last.</summary>
    public PortRange LocalPorts { get; init; } = new(49152, 53247);
    public ImmutableArray<AccessServiceConfig> Access { get; init; } = [];
    public ImmutableArray<SteeringListConfig> Steering { get; init; } = [];
    public ImmutableArray<IspConfig> Isps { get; init; } = [];
    public ImmutableArray<TunnelProfile> Tunnels { get; init; } = [];
    public LimitsConfig Limits { get; init; } = new();

    /// <summary>The physical access interfaces in the order of their access groups: sorted by name, each once.</summary>
    public ImmutableArray<string> AccessInterfaces =>
        [.. Access.SelectMany(service => service.Interfaces).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}

public sealed record NodeConfig
{
    /// <summary>AC-Name and L2TP Host Name unless set elsewhere.</summary>
    public required string Name { get; init; }
    public OnStop OnStop { get; init; } = OnStop.End;
    /// <summary>Where the boot number is kept.</summary>
    public string StateDirectory { get; init; } = "/var/lib/lacedge";
}

/// <summary>What becomes of the subscribers when LacEdge is stopped.</summary>
public enum OnStop { End }

public sealed record ControlConfig
{
    public string Socket { get; init; } = "/run/lacedge/control.sock";
}

public enum DataPlaneMode { Auto, Packet }

public readonly record struct PortRange(ushort First, ushort Last)
{
    public override string ToString() => $"{First}-{Last}";
}

/// <summary>Every table's named limit; at the limit new work is refused and counted.</summary>
public sealed record LimitsConfig
{
    public int Sessions { get; init; } = 30_000;
    /// <summary>Sessions that have not reached their LNS yet.</summary>
    public int HalfOpen { get; init; } = 8_000;
    public int Tunnels { get; init; } = 4_000;
}

public enum AuthenticationProtocol { Pap, ChapMd5 }

public sealed record AccessServiceConfig
{
    public static ImmutableArray<AuthenticationProtocol> DefaultAuthentication { get; } =
        [AuthenticationProtocol.ChapMd5, AuthenticationProtocol.Pap];

    public required string Name { get; init; }
    /// <summary>Names of network interfaces; untagged frames.</summary>
    public required ImmutableArray<string> Interfaces { get; init; }
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
    /// <summary>Sent in ICCN as Tx (AVP 24) and Rx (AVP 38) connect speed, bit/s, as the LAC sees it: Tx is towards the subscriber.</summary>
    public ulong TxSpeed { get; init; } = 1_000_000_000;
    public ulong RxSpeed { get; init; } = 1_000_000_000;
}

public sealed record ServiceNameConfig(string Name, bool Advertised);

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
    /// <summary>From PADS to the identity.</summary>
    public TimeSpan AuthenticationTimeout { get; init; } = TimeSpan.FromSeconds(30);
    /// <summary>From the identity to the LNS's answer, all candidates together.</summary>
    public TimeSpan SetupTimeout { get; init; } = TimeSpan.FromSeconds(20);
}

public sealed record SteeringListConfig(string Name, ImmutableArray<SteeringRuleConfig> Rules);

/// <summary>Targets in order; the first that gives an LNS wins.</summary>
public sealed record SteeringRuleConfig(ImmutableArray<SteeringTarget> To);

public abstract record SteeringTarget;
/// <summary>The ISP in whose <c>realms</c> the subscriber's realm stands.</summary>
public sealed record RealmTableTarget : SteeringTarget;
public sealed record IspTarget(string Isp) : SteeringTarget;
/// <summary>One fixed LNS.</summary>
public sealed record LnsTarget(LnsConfig Lns, string Tunnel) : SteeringTarget;

public sealed record IspConfig
{
    public required string Name { get; init; }
    /// <summary>Lower case: "isp1.example", or "*.isp1.example" for everything below it.</summary>
    public ImmutableArray<string> Realms { get; init; } = [];
    /// <summary>Name of a tunnel profile.</summary>
    public required string Tunnel { get; init; }
    public ImmutableArray<LnsConfig> Lns { get; init; } = [];
}

public sealed record LnsConfig
{
    public required string Name { get; init; }
    public required IpAddress Address { get; init; }
    public ushort Port { get; init; } = 1701;
    /// <summary>Lowest first.</summary>
    public int Preference { get; init; } = 10;
    /// <summary>Share among those of equal preference.</summary>
    public int Weight { get; init; } = 1;
    public int MaxSessions { get; init; } = 30_000;
}

/// <summary>Which AVPs are hidden (RFC 2661 section 4.3).</summary>
public enum AvpHiding
{
    /// <summary>The sensitive ones, when both ends have challenged each other (only then both surely hold the secret).</summary>
    Auto,
    Never,
    /// <summary>Proxy authentication name and response of PAP, whenever there is a secret.</summary>
    Sensitive,
}

/// <summary>Our side of a tunnel.</summary>
public sealed record TunnelProfile
{
    public required string Name { get; init; }
    /// <summary>Host Name AVP; the node's name unless set.</summary>
    public required string HostName { get; init; }
    public string VendorName { get; init; } = "LacEdge";
    /// <summary>Empty: no tunnel authentication.</summary>
    public Secret Secret { get; init; }
    /// <summary>None: the kernel chooses.</summary>
    public IpAddress SourceAddress { get; init; }
    public TimeSpan HelloInterval { get; init; } = TimeSpan.FromSeconds(60);
    /// <summary>How long a tunnel without sessions stays; zero: for ever.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);
    public ushort ReceiveWindow { get; init; } = 64;
    /// <summary>Retransmissions of one control message before the tunnel is given up.</summary>
    public int Retries { get; init; } = 5;
    /// <summary>Longest interval between two of them, at least 8 s.</summary>
    public TimeSpan RetryCap { get; init; } = TimeSpan.FromSeconds(16);
    /// <summary>Time for SCCRP before the next candidate is tried.</summary>
    public TimeSpan SetupTimeout { get; init; } = TimeSpan.FromSeconds(5);
    public AvpHiding Hiding { get; init; } = AvpHiding.Auto;
}

/// <summary>Octets that never print.</summary>
public readonly record struct Secret(Bytes Value)
{
    public bool IsSet => !Value.IsEmpty;
    public ReadOnlySpan<byte> Span => Value.Span;
    public static Secret FromText(string text) => new(Bytes.Wrap(System.Text.Encoding.UTF8.GetBytes(text)));
    public override string ToString() => IsSet ? "<set>" : "<unset>";
}
