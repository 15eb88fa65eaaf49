using System.Collections.Immutable;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Steering;
using LacEdge.Wire.Dns;

namespace LacEdge.Core.Dns;

/// <summary>Steering by DNS: targets that name LNSes by a lookup, and LNSes that the configuration names by host name.</summary>
internal sealed class DnsTargets(LacConfig config, LookupTable table, RandomStreams random) : ITargetSource
{
    private readonly RandomStream _random = random[RandomPurpose.DnsOrder];
    private readonly Dictionary<string, TunnelProfile> _profiles = config.Tunnels.ToDictionary(profile => profile.Name, StringComparer.Ordinal);

    public TargetAnswer? Ask(SteeringWalk walk, SteeringTarget target, Instant now)
    {
        var dns = (DnsTarget)target;
        if (NameFor(dns, walk.User, out var refusal) is not { } name) return refusal;
        var lns = dns.Lns with { Name = name, Dns = name };
        var template = new LnsCandidate(LnsSelector.DynamicIsp, lns, _profiles[dns.Tunnel], config.PeerProfile(lns.PeerProfile));
        return LookUp(walk, template, dns.Services, now);
    }

    /// <summary>The addresses of a candidate that is known by name.</summary>
    public TargetAnswer? Ask(SteeringWalk walk, LnsCandidate candidate, Instant now) => LookUp(walk, candidate, false, now);

    public void Withdraw(SteeringWalk walk, Instant now) => (walk.Question as HostLookup)?.Withdraw();

    /// <summary>A realm is the subscriber's word: it makes a name only when it is one itself, label by label, and stands in front of the root.</summary>
    private static string? NameFor(DnsTarget target, UserName? user, out TargetAnswer? refusal)
    {
        refusal = null;
        if (target.Name is { } name) return name;
        if (user?.Realm is not { } realm)
        {
            var why = user is null ? "the user is not known yet" : $"user name '{user.Printable}' has no realm";
            refusal = TargetAnswer.None(TargetOutcome.Skipped, EndCause.NoRealm, why);
            return null;
        }

        if (DnsName.TryParseHost(realm, out var host) && DnsName.TryParseHost($"{target.Prefix}.{host}", out var full)) return full;
        refusal = TargetAnswer.None(TargetOutcome.NotFound, EndCause.RealmUnknown, $"the realm '{realm}' cannot be a domain name");
        return null;
    }

    private TargetAnswer? LookUp(SteeringWalk walk, LnsCandidate template, bool services, Instant now)
    {
        var lookup = new HostLookup(table, template.Lns.Dns, services, (answer, at) => walk.Answered(ToTarget(template, answer), at));
        walk.Question = lookup;
        return lookup.Start(now) is { } known ? ToTarget(template, known) : null;
    }

    private TargetAnswer ToTarget(LnsCandidate template, HostAnswer answer) => answer.State switch
    {
        LookupState.Found when InOrder(template, answer.Addresses) is { IsEmpty: false } candidates => TargetAnswer.Of(candidates, answer.Why),
        LookupState.Found => TargetAnswer.None(TargetOutcome.NotFound, EndCause.LnsNameUnknown,
            $"{answer.Why}: none can be reached from {template.Profile.SourceAddress}, source-address of tunnel profile '{template.Profile.Name}'"),
        LookupState.NotFound => TargetAnswer.None(TargetOutcome.NotFound, EndCause.LnsNameUnknown, answer.Why),
        LookupState.Failed => TargetAnswer.None(TargetOutcome.Timeout, EndCause.DnsFailed, answer.Why),
    };

    /// <summary>By SRV priority, within it drawn by SRV weight (RFC 2782), of one host the preferred family first; equals at random, so that all
    /// addresses of a name share the subscribers.</summary>
    private ImmutableArray<LnsCandidate> InOrder(LnsCandidate template, ImmutableArray<HostAddress> addresses)
    {
        var source = template.Profile.SourceAddress;
        var left = addresses.Where(one => source.IsNone || one.Address.Size == source.Size).ToList();
        var ordered = ImmutableArray.CreateBuilder<LnsCandidate>(left.Count);
        while (left.Count > 0)
        {
            var first = left.Min(one => (one.Priority, IsSecond(one)));
            var equals = left.FindAll(one => (one.Priority, IsSecond(one)) == first);
            var drawn = equals[Draw(equals)];
            left.Remove(drawn);
            ordered.Add(template with
            {
                Lns = template.Lns with { Address = drawn.Address, Port = drawn.Port == 0 ? template.Lns.Port : drawn.Port },
            });
        }

        return ordered.ToImmutable();

        bool IsSecond(HostAddress one) => one.Address.IsIpv4 != (config.Dns.Prefer == AddressFamily.Ipv4);
    }

    /// <summary>Weight 0 has a small chance beside others, and an equal one among its like.</summary>
    private int Draw(List<HostAddress> from)
    {
        if (from.Count == 1) return 0;
        var sum = from.Sum(one => one.Weight);
        if (sum == 0) return _random.Next(from.Count);
        var ticket = _random.Next(sum + from.Count);
        for (var i = 0; ; i++)
        {
            var share = from[i].Weight + 1;
            if (ticket < share) return i;
            ticket -= share;
        }
    }
}
