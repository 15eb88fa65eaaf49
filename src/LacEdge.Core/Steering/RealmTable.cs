using LacEdge.Core.Config;

namespace LacEdge.Core.Steering;

/// <summary>Finds the ISP of a realm: the exact name first, then the longest suffix ("*.isp1.example").</summary>
public sealed class RealmTable
{
    private readonly Names _asWritten = new();
    private readonly Names _lowerCase = new();

    /// <summary>A realm that two ISPs claim, in whatever case, belongs to the first (the configuration reader refuses it).</summary>
    public RealmTable(IEnumerable<IspConfig> isps)
    {
        foreach (var isp in isps)
        {
            foreach (var realm in isp.Realms)
            {
                _asWritten.Add(realm, isp);
                _lowerCase.Add(realm.ToLowerInvariant(), isp);
            }
        }
    }

    /// <param name="realm">In lower case if <paramref name="ignoreCase"/>.</param>
    /// <param name="ignoreCase">False: a realm is found only as the configuration writes it.</param>
    public IspConfig? Find(string realm, bool ignoreCase) => (ignoreCase ? _lowerCase : _asWritten).Find(realm);

    private sealed class Names
    {
        private readonly Dictionary<string, IspConfig> _exact = new(StringComparer.Ordinal);
        /// <summary>By what follows the star: ".isp1.example".</summary>
        private readonly Dictionary<string, IspConfig> _suffixes = new(StringComparer.Ordinal);

        public void Add(string realm, IspConfig isp)
        {
            if (realm.StartsWith("*.", StringComparison.Ordinal)) _suffixes.TryAdd(realm[1..], isp);
            else _exact.TryAdd(realm, isp);
        }

        public IspConfig? Find(string realm)
        {
            if (_exact.TryGetValue(realm, out var isp)) return isp;
            for (var dot = realm.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = realm.IndexOf('.', dot + 1))
            {
                if (dot > 0 && _suffixes.TryGetValue(realm[dot..], out isp)) return isp;
            }

            return null;
        }
    }
}
