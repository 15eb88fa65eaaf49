using LacEdge.Core.Config;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Core.Pppoe;

/// <summary>Which hosts are answered: a look-up takes a step for each length of prefix in the configuration, however long the lists are.</summary>
internal sealed class MacList(MacListConfig config)
{
    private readonly Prefixes[] _allow = Prefixes.Of(config.Allow), _deny = Prefixes.Of(config.Deny);

    public bool Allows(MacAddress mac) => !Holds(_deny, mac) && (_allow.Length == 0 || Holds(_allow, mac));

    private static bool Holds(Prefixes[] lists, MacAddress mac)
    {
        foreach (var list in lists)
            if (list.Holds(mac)) return true;
        return false;
    }

    private sealed class Prefixes(int bits, IEnumerable<ulong> values)
    {
        private readonly HashSet<ulong> _values = [.. values];

        public static Prefixes[] Of(IEnumerable<MacPattern> patterns) =>
        [
            .. from pattern in patterns
               group pattern.Address.Value >> 48 - pattern.Bits by pattern.Bits into same
               orderby same.Key
               select new Prefixes(same.Key, same),
        ];

        public bool Holds(MacAddress mac) => _values.Contains(mac.Value >> 48 - bits);
    }
}
