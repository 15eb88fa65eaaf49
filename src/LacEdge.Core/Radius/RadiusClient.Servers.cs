using LacEdge.Core.Events;
using LacEdge.Wire.Radius;

namespace LacEdge.Core.Radius;

/// <summary>How servers are: dead ones are probed, and operators are told what changes.</summary>
public sealed partial class RadiusClient
{
    /// <summary>Between two probes of a dead server, a tenth more or less.</summary>
    private static readonly TimeSpan _probeInterval = TimeSpan.FromSeconds(10);
    private static readonly RadiusQuestion _probe = new() { Code = RadiusCode.StatusServer, Attributes = default };

    private void ServerDied(RadiusGroup group, RadiusServer server, Instant now)
    {
        var until = server.Config.StatusServer ? ", or until it answers a probe" : "";
        Tell($"RADIUS server {server.Name} does not answer: it is left alone for {group.Config.DeadTime.TotalSeconds:0} s{until}", now);
        if (server.Config.StatusServer) Probe(group, server, now);
    }

    /// <summary>Status-Server is never sent again: each probe is a packet of its own (RFC 5997 section 4.1).</summary>
    private void Probe(RadiusGroup group, RadiusServer server, Instant now)
    {
        group.Outstanding++;
        var probe = new RadiusExchange(group, _probe, Nobody.Instance, server, _nextTimerOrder(), ProbeUnanswered);
        _timers.Set(probe.Timer, now + Jittered(_probeInterval, _probeInterval));
        if (MakeTransmission(probe, server) is not { } transmission) return;
        probe.Transmissions.Add(transmission);
        if (transmission.Port.IsOpen) Send(transmission);
    }

    private void ProbeUnanswered(RadiusExchange probe, Instant now)
    {
        Finish(probe);
        var server = (RadiusServer)probe.Owner;
        if (server.IsDead(now)) Probe(probe.Group, server, now);
    }

    /// <summary>A genuine reply came, signed or not.</summary>
    private void NoteSignature(RadiusServer server, bool signed, Instant now)
    {
        if (signed && !server.SignsReplies)
        {
            server.SignsReplies = true;
            _outbox.Event(new RadiusServerSigns(now, server.Name, server.Config.Address));
        }

        if (signed || server.ToldOfUnsigned || server.Config.MessageAuthenticator == MessageAuthenticatorPolicy.No) return;
        server.ToldOfUnsigned = true;
        Tell($"RADIUS server {server.Name} does not sign its replies (Message-Authenticator): whoever is on the path can forge them (CVE-2024-3596)", now);
    }

    private void Tell(string what, Instant now) => _outbox.Event(new HostTrouble(now, what));

    /// <summary>Nobody waits for the answer to a probe: that it came is all.</summary>
    private sealed class Nobody : IRadiusUser
    {
        public static Nobody Instance { get; } = new();

        public void Answered(RadiusExchange exchange, RadiusOutcome outcome, RadiusReply reply, Instant now)
        {
        }
    }
}
