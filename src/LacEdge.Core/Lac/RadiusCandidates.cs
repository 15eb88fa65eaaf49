using System.Collections.Immutable;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Radius;
using LacEdge.Core.Steering;
using LacEdge.Wire.Dns;
using LacEdge.Wire.Ip;

namespace LacEdge.Core.Lac;

/// <summary>
/// LNSes of an Access-Accept: tunnel sets of RFC 2868, else Cisco's AV pairs, else Framed-IP-Address. What the Accept does not say comes from the
/// target's tunnel profile, for each LNS.
/// </summary>
internal sealed class RadiusCandidates
{
    /// <summary>More than that no subscriber has the time to try.</summary>
    public const int Max = 32;
    private const int MaxWhy = 300;
    private const uint Framed = 2, Outbound = 5, Ipv4 = 1, Ipv6 = 2;

    private readonly LnsSelector _selector;
    private readonly LacConfig _config;
    /// <summary>An LNS that the configuration knows keeps its name, its ISP and its limit.</summary>
    private readonly Dictionary<IpAddress, LnsCandidate> _configured = [];

    public RadiusCandidates(LnsSelector selector, LacConfig config)
    {
        (_selector, _config) = (selector, config);
        foreach (var one in selector.Everywhere(config).Where(one => !one.Lns.Address.IsNone)) _configured.TryAdd(one.Lns.Address, one);
    }

    /// <param name="server">Who says so: "aaa/r1".</param>
    public TargetAnswer Of(AccessAccept accept, RadiusTarget target, string server)
    {
        if (accept.ServiceType is { } service and not (Framed or Outbound))
            return TargetAnswer.None(TargetOutcome.Rejected, EndCause.RadiusReject, $"{server} accepts with Service-Type {service}, which is none of ours");

        var reading = new Reading(this, target);
        foreach (var set in accept.Sets) reading.Take(set);
        if (reading.Candidates.Count == 0) foreach (var set in VpdnPairs.Sets(accept.Vpdn)) reading.Take(set);
        if (reading.Candidates.Count == 0 && reading.OtherTypes && !reading.L2tp)
            return TargetAnswer.None(TargetOutcome.Rejected, EndCause.RadiusReject, $"{server} knows tunnels of other types than L2TP only");
        // An Accept for the user itself holds the user's own address there.
        if (reading.Candidates.Count == 0 && !target.AuthenticateBeforeForward && !accept.FramedAddress.IsNone) reading.Take(FramedSet(accept.FramedAddress));
        if (reading.Candidates.Count == 0)
            return TargetAnswer.None(TargetOutcome.NotFound, EndCause.NoLns, $"{server} accepts but names no LNS{Cut(reading.Why(": "))}");
        return TargetAnswer.Of(_selector.InOrder(reading.Candidates), server + Cut(reading.Why(": ")));
    }

    private static TunnelSet FramedSet(IpAddress address) => new(0) { Type = TunnelSet.L2tp, ServerEndpoints = { address.ToString() } };

    private static string Cut(string why) => why.Length <= MaxWhy ? why : why[..MaxWhy] + "...";

    /// <summary>One Accept being read.</summary>
    private sealed class Reading(RadiusCandidates owner, RadiusTarget target)
    {
        private readonly TunnelProfile _profile = owner._config.Tunnels.First(profile => profile.Name == target.Tunnel);
        private readonly PeerProfile _peer = owner._config.PeerProfile(target.PeerProfile);
        private readonly List<string> _remarks = [];

        public List<LnsCandidate> Candidates { get; } = [];
        public bool L2tp { get; private set; }
        public bool OtherTypes { get; private set; }

        public string Why(string separator) => _remarks.Count == 0 ? "" : separator + string.Join(", ", _remarks);

        public void Take(TunnelSet set)
        {
            if (set.Type is not TunnelSet.L2tp)
            {
                OtherTypes |= set.Type is not null;
                return;
            }

            L2tp = true;
            if (set.Fault is { } fault)
            {
                _remarks.Add($"tunnel {set.Tag} is passed over: {fault}");
                return;
            }

            foreach (var endpoint in set.ServerEndpoints)
            {
                if (Candidates.Count == Max) return;
                if (LnsOf(endpoint, set.Medium) is { } lns) Candidates.Add(Candidate(set, lns));
                else _remarks.Add($"'{endpoint}' is no LNS that can be reached");
            }
        }

        /// <summary>By address, or by a name that is looked up when its turn comes; null: neither, or not over this medium.</summary>
        private LnsConfig? LnsOf(string endpoint, uint? medium)
        {
            if (medium is not (null or Ipv4 or Ipv6)) return null;
            if (!IpAddress.TryParse(endpoint, out var address))
            {
                return !owner._config.Dns.Servers.IsEmpty && DnsName.TryParseHost(endpoint, out var name)
                    ? new LnsConfig { Name = name, Address = default, Dns = name } : null;
            }

            if (!address.IsUnicastHost || medium is { } wanted && address.IsIpv6 != (wanted == Ipv6)) return null;
            return owner._configured.GetValueOrDefault(address)?.Lns ?? new LnsConfig { Name = address.ToString(), Address = address };
        }

        private LnsCandidate Candidate(TunnelSet set, LnsConfig lns)
        {
            var said = new List<string>();
            var profile = _profile with { Persistent = false };
            var byName = lns.Address.IsNone;
            if (!byName && profile.SourceAddress.Size != lns.Address.Size) profile = profile with { SourceAddress = default };
            if (IpAddress.TryParse(set.ClientEndpoint, out var source) && source.IsUnicastHost && (byName || source.Size == lns.Address.Size))
            {
                said.Add("source-address");
                profile = profile with { SourceAddress = source };
            }

            if (set.Password is { IsSet: true } secret)
            {
                said.Add("secret");
                profile = profile with { Secret = secret, OldSecret = default };
            }

            if (set.ClientAuthId is { } hostName)
            {
                said.Add("host-name");
                profile = profile with { HostName = hostName };
            }

            if (set.ServerAuthId is { } peerHostName)
            {
                said.Add("peer-host-name");
                profile = profile with { PeerHostName = peerHostName };
            }

            if (set.AssignmentId is not null) said.Add("assignment-id");
            _remarks.Add($"{(byName ? lns.Name : lns.Address.ToString())}{(said.Count > 0 ? $" (with its {string.Join(", ", said)}; else as tunnel profile '{target.Tunnel}')" : "")}");
            var isp = byName ? null : owner._configured.GetValueOrDefault(lns.Address)?.Isp;
            lns = lns with { Preference = (int)set.Preference, Weight = 1, AssignmentId = set.AssignmentId ?? "", PeerProfile = target.PeerProfile };
            return new LnsCandidate(isp ?? LnsSelector.DynamicIsp, lns, profile, _peer);
        }
    }
}
