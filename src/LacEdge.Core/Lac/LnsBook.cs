using LacEdge.Core.L2tp;
using LacEdge.Core.Steering;
using LacEdge.Wire.Ip;

namespace LacEdge.Core.Lac;

/// <summary>Why an LNS last refused a tunnel or a call, or did not answer.</summary>
public sealed record LnsRefusal(Instant At, string Why);

/// <summary>What is remembered of one LNS of one tunnel profile, until the restart.</summary>
internal sealed class LnsRecord(UdpEndpoint lns, string profile)
{
    public UdpEndpoint Lns { get; } = lns;
    public string Profile { get; } = profile;
    /// <summary>The name by which it was last asked.</summary>
    public string Name { get; set; } = "";
    public LnsRefusal? LastRefusal { get; set; }
    public AvpAdaptation Adaptation { get; } = new();
}

/// <summary>What is remembered of LNSes, by address, port and tunnel profile: of those that the configuration knows, and of the last ones
/// that DNS or RADIUS gave.</summary>
internal sealed class LnsBook
{
    public const int MaxOthers = 1024;

    private readonly Dictionary<(UdpEndpoint Lns, string Profile), LnsRecord> _byKey = [];
    /// <summary>Of the configured LNSes and of the others, in the order in which they were first asked.</summary>
    private readonly List<LnsRecord> _records = [], _others = [];
    private readonly HashSet<(UdpEndpoint Lns, string Profile)> _configured;

    public LnsBook(IEnumerable<LnsCandidate> configured) =>
        _configured = [.. configured.Where(one => !one.Lns.Address.IsNone).Select(KeyOf)];

    public LnsRecord Of(LnsCandidate candidate) => Of(KeyOf(candidate), candidate.Lns.Name);

    public void Refused(TunnelTarget target, string why, Instant now) =>
        Of((target.Lns, target.Profile.Name), target.LnsName).LastRefusal = new LnsRefusal(now, why);

    /// <summary>Of the addresses that DNS gave for a name all that there are; else the one or none.</summary>
    public IReadOnlyList<LnsRecord> Find(LnsCandidate candidate) =>
        !candidate.Lns.Address.IsNone ? _byKey.TryGetValue(KeyOf(candidate), out var record) ? [record] : []
        : [.. Named(candidate.Lns.Name).Where(one => one.Profile == candidate.Profile.Name)];

    public bool HasAdaptations(string name) => Named(name).Any(one => one.Adaptation.Messages.Count > 0);

    /// <summary>All AVPs are sent again to the LNSes of this name.</summary>
    public void ClearAdaptations(string name)
    {
        foreach (var record in Named(name)) record.Adaptation.Clear();
    }

    private IEnumerable<LnsRecord> Named(string name) => _records.Concat(_others).Where(one => one.Name == name);

    private LnsRecord Of((UdpEndpoint Lns, string Profile) key, string name)
    {
        if (!_byKey.TryGetValue(key, out var record))
        {
            record = new LnsRecord(key.Lns, key.Profile);
            _byKey.Add(key, record);
            (_configured.Contains(key) ? _records : _others).Add(record);
            if (_others.Count > MaxOthers)
            {
                _byKey.Remove((_others[0].Lns, _others[0].Profile));
                _others.RemoveAt(0);
            }
        }

        record.Name = name;
        return record;
    }

    private static (UdpEndpoint Lns, string Profile) KeyOf(LnsCandidate candidate) =>
        (new UdpEndpoint(candidate.Lns.Address, candidate.Lns.Port), candidate.Profile.Name);
}
