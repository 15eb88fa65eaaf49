using System.Text;
using LacEdge.Core.Config;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Core.Pppoe;

/// <summary>One access service with its names as octets.</summary>
internal sealed class AccessService(AccessServiceConfig config)
{
    private readonly Bytes[] _names = [.. config.ServiceNames.Select(name => Octets(name.Name))];

    public AccessServiceConfig Config => config;
    public Bytes AcName { get; } = Octets(config.AcName);
    public IEnumerable<Bytes> Advertised => config.ServiceNames.Where(name => name.Advertised).Select(name => Octets(name.Name));

    /// <summary>Any name when none is configured; the empty name asks for any service (RFC 2516 appendix A).</summary>
    public bool Serves(ReadOnlySpan<byte> serviceName)
    {
        if (_names.Length == 0 || serviceName.IsEmpty) return true;
        foreach (var name in _names)
            if (name.Span.SequenceEqual(serviceName)) return true;
        return false;
    }

    private static Bytes Octets(string text) => Bytes.Wrap(Encoding.UTF8.GetBytes(text));
}

/// <summary>The services of one access group: a request goes to the first that has its line and its name.</summary>
internal sealed class AccessServices
{
    private readonly AccessService[] _services;
    private readonly Bytes[] _advertised;

    public AccessServices(IEnumerable<AccessServiceConfig> services)
    {
        _services = [.. services.Select(service => new AccessService(service))];
        _advertised = [.. _services.SelectMany(service => service.Advertised).Distinct()];
    }

    /// <summary>Names that PADO offers besides the one asked for: those of all services, each once.</summary>
    public ReadOnlySpan<Bytes> Advertised => _advertised;

    /// <summary>Whether any service stands on this VLAN stack: services take untagged frames only.</summary>
    public bool ServeLine(VlanStack vlans) => _services.Length > 0 && vlans.Count == 0;

    public AccessService? Find(VlanStack vlans, ReadOnlySpan<byte> serviceName)
    {
        if (!ServeLine(vlans)) return null;
        foreach (var service in _services)
            if (service.Serves(serviceName)) return service;
        return null;
    }
}
