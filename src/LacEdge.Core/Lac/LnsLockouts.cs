using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Wire.Ip;

namespace LacEdge.Core.Lac;

/// <summary>LNSes to which no tunnel could be opened, or that died. Such a one gets no calls while another candidate can have them; when its time is
/// over one call tries it, and the others wait for what comes of that.</summary>
/// <remarks>
/// A tunnel that fails keeps its slot, id and port for the 31 s that it lingers. So that a thousand subscribers who redial to an LNS that
/// refuses do not use them all up, it gets no other one for <see cref="BackOff"/>, whoever asks.
/// </remarks>
internal sealed class LnsLockouts
{
    public static readonly TimeSpan BackOff = TimeSpan.FromSeconds(1);
    /// <summary>DNS and RADIUS may name any number of LNSes: the one that failed longest ago is forgotten.</summary>
    public const int Limit = 4096;

    private readonly Dictionary<(UdpEndpoint Lns, TunnelProfile Profile), Lockout> _lockouts = [];

    /// <param name="Since">Of the last failure.</param>
    /// <param name="NotBefore">No tunnel is opened before.</param>
    /// <param name="Until">Calls go elsewhere until then, if they can.</param>
    /// <param name="Probed">A tunnel is being opened, to see whether it works again.</param>
    public readonly record struct Lockout(Instant Since, Instant NotBefore, Instant Until, TunnelFailure Why, bool Probed)
    {
        public bool Holds(Instant now) => now < Until || Probed;
    }

    public int Count => _lockouts.Count;

    /// <summary>Null: nothing speaks against it.</summary>
    public Lockout? Find(UdpEndpoint lns, TunnelProfile profile) =>
        _lockouts.TryGetValue((lns, profile), out var found) ? found : null;

    /// <param name="atOnce">Another tunnel may be opened at once, for whoever has no other LNS.</param>
    public void Failed(UdpEndpoint lns, TunnelProfile profile, TunnelFailure why, bool atOnce, Instant now)
    {
        if (_lockouts.Count >= Limit && !_lockouts.ContainsKey((lns, profile))) ForgetOne();
        var notBefore = atOnce ? now : now + BackOff;
        // A tunnel that stood and was closed by StopCCN is no failure of the LNS: idle timers differ, and it may be going down in peace.
        var until = why.Cause == EndCause.LnsStopCcn ? notBefore : now + profile.Lockout;
        _lockouts[(lns, profile)] = new Lockout(now, notBefore, until > notBefore ? until : notBefore, why, false);
    }

    /// <summary>A tunnel is being opened to it.</summary>
    public void Probing(UdpEndpoint lns, TunnelProfile profile, bool probed)
    {
        if (Find(lns, profile) is { } found) _lockouts[(lns, profile)] = found with { Probed = probed };
    }

    public void Works(UdpEndpoint lns, TunnelProfile profile) => _lockouts.Remove((lns, profile));

    private void ForgetOne()
    {
        var oldest = _lockouts.MinBy(one => (one.Value.Since.Nanoseconds, one.Key.Lns.Address, one.Key.Lns.Port));
        _lockouts.Remove(oldest.Key);
    }
}
