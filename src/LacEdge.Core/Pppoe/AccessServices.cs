using System.Collections.Immutable;
using System.Text;
using LacEdge.Core.Config;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Core.Pppoe;

/// <summary>An access service and its VLANs on one interface.</summary>
public sealed record ServiceVlans(AccessServiceConfig Service, ImmutableArray<VlanPattern> Vlans);

/// <summary>One access service with its names as octets.</summary>
internal sealed class AccessService(AccessServiceConfig config)
{
    private readonly Bytes[] _names = [.. config.ServiceNames.Select(name => Octets(name.Name))];

    public AccessServiceConfig Config => config;
    public Bytes AcName { get; } = Octets(config.AcName);
    public IEnumerable<Bytes> Advertised => config.ServiceNames.Where(name => name.Advertised).Select(name => Octets(name.Name));

    /// <summary>No name is configured: it takes whatever no other service has.</summary>
    public bool TakesAny => _names.Length == 0;

    public bool Has(ReadOnlySpan<byte> serviceName)
    {
        foreach (var name in _names)
            if (name.Span.SequenceEqual(serviceName)) return true;
        return false;
    }

    private static Bytes Octets(string text) => Bytes.Wrap(Encoding.UTF8.GetBytes(text));
}

/// <summary>The services that share a VLAN stack, in the order of the configuration.</summary>
internal sealed class LineServices(AccessService[] services)
{
    private readonly Bytes[] _advertised = [.. services.SelectMany(service => service.Advertised).Distinct()];

    /// <summary>Names that PADO offers besides the one asked for, each once.</summary>
    public ReadOnlySpan<Bytes> Advertised => _advertised;

    /// <summary>Who has the name, else who takes any; the empty name asks for any service (RFC 2516 appendix A) and gets the first.</summary>
    public AccessService? Find(ReadOnlySpan<byte> serviceName)
    {
        if (serviceName.IsEmpty) return services[0];
        foreach (var service in services)
            if (service.Has(serviceName)) return service;
        foreach (var service in services)
            if (service.TakesAny) return service;
        return null;
    }
}

/// <summary>
/// The services of one access group, found by VLAN stack and Service-Name. What it keeps and how long a look-up takes depends
/// on the number of patterns, not of VLANs.
/// </summary>
internal sealed class AccessServices
{
    private readonly LineServices? _untagged;
    private readonly VlanRanges<LineServices?> _single;
    private readonly VlanRanges<VlanRanges<LineServices?>> _double;

    public AccessServices(IEnumerable<ServiceVlans> services)
    {
        var known = new Dictionary<string, LineServices>(StringComparer.Ordinal);
        ServedVlans[] all =
        [
            .. services.Select((one, order) => (Served: new AccessService(one.Service), one.Vlans, order))
                .SelectMany(one => one.Vlans.Select(vlans => new ServedVlans(vlans, one.Served, one.order))),
        ];
        _untagged = Together(all.Where(one => one.Vlans.Tags == 0));
        _single = new(all.Where(one => one.Vlans.Tags == 1), Outer, Together);
        _double = new(
            all.Where(one => one.Vlans.Tags == 2), Outer,
            here => new VlanRanges<LineServices?>(here, vlans => (vlans.InnerFirst, vlans.InnerLast), Together));

        static (ushort First, ushort Last) Outer(VlanPattern vlans) => (vlans.OuterFirst, vlans.OuterLast);

        // The same services on many ranges are kept once.
        LineServices? Together(IEnumerable<ServedVlans> here)
        {
            var members = here.DistinctBy(one => one.Order).OrderBy(one => one.Order).ToArray();
            if (members.Length == 0) return null;
            var key = string.Join(' ', members.Select(one => one.Order));
            if (!known.TryGetValue(key, out var together))
                known.Add(key, together = new LineServices([.. members.Select(one => one.Service)]));
            return together;
        }
    }

    /// <summary>The services on this VLAN stack; null when it belongs to none. Priority tags (id 0) are no VLANs, and TPIDs make
    /// no difference.</summary>
    public LineServices? On(VlanStack vlans)
    {
        var (outer, inner) = VlanPattern.IdsOf(vlans);
        return outer == 0 ? _untagged : inner == 0 ? _single.Find(outer) : _double.Find(outer)?.Find(inner);
    }
}

/// <param name="Order">The service's place in the configuration.</param>
internal readonly record struct ServedVlans(VlanPattern Vlans, AccessService Service, int Order);

/// <summary>What belongs to each VLAN id, by ranges that may overlap: cut into pieces that do not, and searched by halves.</summary>
internal sealed class VlanRanges<T>
{
    private readonly ushort[] _starts;
    private readonly T?[] _values;

    /// <param name="join">Makes one value of all whose ranges cover a piece.</param>
    public VlanRanges(
        IEnumerable<ServedVlans> served, Func<VlanPattern, (ushort First, ushort Last)> rangeOf, Func<IEnumerable<ServedVlans>, T> join)
    {
        var ranges = served.Select(one => (Range: rangeOf(one.Vlans), Served: one)).OrderBy(one => one.Range.First).ToArray();
        _starts = [.. ranges.SelectMany(one => new[] { one.Range.First, (ushort)(one.Range.Last + 1) }).Distinct().Order()];
        _values = new T?[_starts.Length];
        var (open, next) = (new List<((ushort First, ushort Last) Range, ServedVlans Served)>(), 0);
        for (var piece = 0; piece < _starts.Length; piece++)
        {
            open.RemoveAll(one => one.Range.Last < _starts[piece]);
            while (next < ranges.Length && ranges[next].Range.First == _starts[piece]) open.Add(ranges[next++]);
            if (open.Count > 0) _values[piece] = join(open.Select(one => one.Served));
        }
    }

    public T? Find(ushort id)
    {
        var at = Array.BinarySearch(_starts, id);
        if (at < 0) at = ~at - 1;
        return at < 0 ? default : _values[at];
    }
}
