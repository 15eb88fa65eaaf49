using System.Collections.Immutable;
using LacEdge.Core.Radius;
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
    /// <summary>DSCP of L2TP control messages.</summary>
    public byte ControlDscp { get; init; } = 48;
    public DiscoveryConfig Discovery { get; init; } = new();
    public ImmutableArray<AccessServiceConfig> Access { get; init; } = [];
    public ImmutableArray<SteeringListConfig> Steering { get; init; } = [];
    public ImmutableArray<IspConfig> Isps { get; init; } = [];
    public ImmutableArray<TunnelProfile> Tunnels { get; init; } = [];
    /// <summary>Those that the configuration makes; the shipped ones are there besides.</summary>
    public ImmutableArray<PeerProfile> PeerProfiles { get; init; } = [];
    public DnsConfig Dns { get; init; } = new();
    public ImmutableArray<RadiusGroupConfig> Radius { get; init; } = [];
    public LimitsConfig Limits { get; init; } = new();

    /// <summary>The physical access interfaces in the order of their access groups: sorted by name, each once.</summary>
    public ImmutableArray<string> AccessInterfaces =>
        [.. Access.SelectMany(service => service.Interfaces).Select(one => one.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The configured one of this name, else the shipped one; every name that a valid configuration uses is there.</summary>
    public PeerProfile PeerProfile(string name) =>
        PeerProfiles.FirstOrDefault(profile => profile.Name == name) ?? Config.PeerProfile.Shipped.First(profile => profile.Name == name);
}

public sealed record NodeConfig
{
    /// <summary>AC-Name and L2TP Host Name unless set elsewhere.</summary>
    public required string Name { get; init; }
    /// <summary>Towards RADIUS servers; empty: <see cref="Name"/>.</summary>
    public string NasIdentifier { get; init; } = "";
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

public sealed record IspConfig
{
    public required string Name { get; init; }
    /// <summary>As written: "isp1.example", or "*.isp1.example" for everything below it. No two differ in case alone.</summary>
    public ImmutableArray<string> Realms { get; init; } = [];
    /// <summary>Name of a tunnel profile.</summary>
    public required string Tunnel { get; init; }
    public ImmutableArray<LnsConfig> Lns { get; init; } = [];
}

public sealed record LnsConfig
{
    public required string Name { get; init; }
    /// <summary>None where <see cref="Dns"/> names it and has not been looked up.</summary>
    public required IpAddress Address { get; init; }
    /// <summary>Host name that is looked up whenever a subscriber is sent there, in lower case; empty: by <see cref="Address"/>.</summary>
    public string Dns { get; init; } = "";
    public ushort Port { get; init; } = 1701;
    /// <summary>Lowest first.</summary>
    public int Preference { get; init; } = 10;
    /// <summary>Share among those of equal preference.</summary>
    public int Weight { get; init; } = 1;
    public int MaxSessions { get; init; } = 30_000;
    /// <summary>Name of a peer profile.</summary>
    public string PeerProfile { get; init; } = Config.PeerProfile.Default.Name;
    /// <summary>Sessions share a tunnel only with those of the same (RFC 2868 section 3.7); empty: with those that have none.</summary>
    public string AssignmentId { get; init; } = "";
}

/// <summary>Octets that never print.</summary>
public readonly record struct Secret(Bytes Value)
{
    public bool IsSet => !Value.IsEmpty;
    public ReadOnlySpan<byte> Span => Value.Span;
    public static Secret FromText(string text) => new(Bytes.Wrap(System.Text.Encoding.UTF8.GetBytes(text)));
    public override string ToString() => IsSet ? "<set>" : "<unset>";
}
