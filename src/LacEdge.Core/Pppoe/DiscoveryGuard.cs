using LacEdge.Core.Config;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Core.Pppoe;

/// <summary>
/// Whom discovery answers: MAC lists, rates, lockout. In constant memory, whatever arrives.
/// </summary>
/// <remarks>
/// The cheapest refusal comes first, and the narrowest: a host that exceeds its own rate takes nothing from its VLAN's, and a
/// flooded VLAN nothing from its interface's, so others do not notice.
/// <para>
/// A flood from MACs and VLANs drawn at random uses up the interface's PADI rate itself; then most first PADIs of real subscribers
/// are refused, too. But real subscribers repeat their PADI, from the same MAC on the same VLAN, and random ones do not: hosts that
/// were refused for want of a shared rate are remembered (<see cref="RefusedHosts"/>), and when they come back they may take from
/// a reserve that is closed to newcomers. So a subscriber is delayed by one repetition of its PADI.
/// </para>
/// <para>
/// PADRs have rates of their own, and are counted against them only after their cookie is proven (an HMAC or two, some
/// microseconds): who does not get our PADOs cannot use up a rate with PADRs, and a flood of PADIs delays no PADR.
/// </para>
/// </remarks>
internal sealed class DiscoveryGuard
{
    private const int HostBuckets = 32_768, LineBuckets = 16_384, PadtBuckets = 4_096;

    private readonly MacList _macs;
    private readonly KeyedHash _hash;
    private readonly Rates _padi, _padr;
    private readonly RateTable _padtPerHost = new(1, PadtBuckets), _padtPerInterface;
    private readonly RefusedHosts _refused = new();
    private readonly int _padtRate;

    public DiscoveryGuard(DiscoveryConfig config, KeyedHash hash, int interfaces)
    {
        _macs = new MacList(config.Macs);
        _hash = hash;
        _padi = new Rates(config.PadiRate, interfaces);
        _padr = new Rates(config.PadrRate, interfaces);
        _padtRate = config.PadtRate;
        _padtPerInterface = new RateTable(config.PadtRate, BucketsFor(interfaces));
        Lockout = new Lockout(config.Lockout);
    }

    public Lockout Lockout { get; }

    public bool Allows(MacAddress mac) => _macs.Allows(mac);

    /// <summary>Why this PADI is not looked at any further; null when it is.</summary>
    public DropReason? RefusePadi(int accessGroup, VlanStack vlans, MacAddress mac, Instant now)
    {
        var host = _hash.OfHost(accessGroup, vlans, mac);
        if (!_padi.PerHost.Take(host, now)) return DropReason.PadiRateMac;
        if (Lockout.Holds(host, now)) return DropReason.LockedOut;

        var known = _refused.Knows(host, now);
        var refusal =
            !_padi.PerLine.Take(_hash.OfLine(accessGroup, vlans), now, known) ? DropReason.PadiRateVlan
            : !_padi.PerInterface.Take(KeyOf(accessGroup), now, known) ? DropReason.PadiRateInterface
            : (DropReason?)null;
        if (refusal is not null && !known) _refused.Note(host, now);
        return refusal;
    }

    /// <summary>As <see cref="RefusePadi"/>, for a PADR whose cookie is proven.</summary>
    public DropReason? RefusePadr(int accessGroup, VlanStack vlans, MacAddress mac, Instant now)
    {
        var host = _hash.OfHost(accessGroup, vlans, mac);
        if (!_padr.PerHost.Take(host, now)) return DropReason.PadrRateMac;
        if (Lockout.Holds(host, now)) return DropReason.LockedOut;
        if (!_padr.PerLine.Take(_hash.OfLine(accessGroup, vlans), now)) return DropReason.PadrRateVlan;
        return _padr.PerInterface.Take(KeyOf(accessGroup), now) ? null : DropReason.PadrRateInterface;
    }

    /// <summary>Whether a frame of an unknown session may be answered by PADT: one a second to each host.</summary>
    public bool MaySendPadt(int accessGroup, VlanStack vlans, MacAddress mac, Instant now) =>
        _padtRate > 0 && _macs.Allows(mac)
        && _padtPerHost.Take(_hash.OfHost(accessGroup, vlans, mac), now) && _padtPerInterface.Take(KeyOf(accessGroup), now);

    /// <summary>The host has been sent a PADT: what it still sends on that session in the next second is on its way already.</summary>
    public void PadtSent(PppoeSession session, Instant now) =>
        _padtPerHost.Take(_hash.OfHost(session.AccessGroup, session.Vlans, session.Subscriber), now);

    public void SessionEnded(PppoeSession session, bool blamed, Instant now) =>
        Lockout.SessionEnded(_hash.OfHost(session.AccessGroup, session.Vlans, session.Subscriber), session, blamed, now);

    /// <summary>Interfaces have a bucket each: nothing is hashed.</summary>
    private static ulong KeyOf(int accessGroup) => (ulong)accessGroup << 32 | (uint)accessGroup;

    private static int BucketsFor(int interfaces)
    {
        var buckets = 1;
        while (buckets < interfaces) buckets *= 2;
        return buckets;
    }

    private sealed class Rates(DiscoveryRates rates, int interfaces)
    {
        public RateTable PerHost { get; } = new(rates.Mac, HostBuckets);
        public RateTable PerLine { get; } = new(rates.Vlan, LineBuckets);
        public RateTable PerInterface { get; } = new(rates.Interface, BucketsFor(interfaces));
    }
}
