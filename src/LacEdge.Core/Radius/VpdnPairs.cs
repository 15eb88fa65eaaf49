using LacEdge.Core.Config;

namespace LacEdge.Core.Radius;

/// <summary>
/// Cisco's AV pairs "vpdn:", without that prefix, as tunnel sets: one for each priority group of <c>ip-addresses</c>, in which comma and space
/// separate equals and a slash leads to the next group. Pairs that are not known are passed over.
/// </summary>
public static class VpdnPairs
{
    /// <summary>Groups that IOS takes.</summary>
    public const int MaxGroups = 6;

    private static readonly char[] _equals = [',', ' '];

    public static IReadOnlyList<TunnelSet> Sets(IReadOnlyList<string> pairs)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            // "=" is mandatory to understand, "*" is not.
            var at = pair.AsSpan().IndexOfAny('=', '*');
            if (at > 0) named.TryAdd(pair[..at], pair[(at + 1)..]);
        }

        if (!named.TryGetValue("ip-addresses", out var addresses)) return [];
        var groups = addresses.Split('/', StringSplitOptions.RemoveEmptyEntries).Take(MaxGroups).ToList();
        return [.. groups.Select((group, i) => Set((uint)i, group))];

        TunnelSet Set(uint preference, string group)
        {
            var set = new TunnelSet(0)
            {
                Type = named.TryGetValue("tunnel-type", out var type) && !type.Equals("l2tp", StringComparison.OrdinalIgnoreCase) ? 0u : TunnelSet.L2tp,
                Preference = preference,
                ClientAuthId = Known("tunnel-id"),
                AssignmentId = Known("tunnel-assignment-id"),
                Password = Known("l2tp-tunnel-password") is { } password ? Secret.FromText(password) : null,
            };
            set.ServerEndpoints.AddRange(group.Split(_equals, StringSplitOptions.RemoveEmptyEntries));
            return set;
        }

        string? Known(string name) => named.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
    }
}
