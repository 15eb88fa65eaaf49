using LacEdge.Core.Events;
using LacEdge.Wire.L2tp;

namespace LacEdge.Core.L2tp;

// What the LNS's refusals of unknown AVPs teach.
public sealed partial class L2tpTunnel
{
    /// <summary>A refusal that comes later than this is about something else, and a message that is not refused in this time is accepted.</summary>
    internal static readonly TimeSpan RefusalTime = TimeSpan.FromSeconds(10);

    /// <summary>The last message with AVPs that the LNS may refuse.</summary>
    private SentAvps _sent;
    private Instant _sentAt;

    internal bool WantsProof(MessageType message) => Target.Adaptation?.WantsProof(message) == true;

    internal AvpGroups LeftOut(MessageType message) => Target.Adaptation?.LeftOut(message) ?? AvpGroups.None;

    /// <summary>To be called with what was just written, before anything is learned.</summary>
    internal SentAvps Remember(ReadOnlySpan<byte> message, Instant now)
    {
        var sent = SentAvps.Of(message);
        (_sent, _sentAt) = (sent with { LeftOut = LeftOut(sent.Message) }, now);
        return _sent;
    }

    /// <summary>The LNS has ended the call or the tunnel that the message was about.</summary>
    internal void Refused(in SentAvps sent, in ResultCodeValue result, Instant now)
    {
        if (Target.Adaptation is { } adaptation && SentAvps.IsUnknownAvp(result)) Learned(adaptation.Refused(sent, SentAvps.GroupNamedBy(result)), now);
    }

    internal void Accepted(in SentAvps sent, Instant now)
    {
        if (Target.Adaptation is { } adaptation) Learned(adaptation.Accepted(sent), now);
    }

    private void Learned(string? what, Instant now)
    {
        if (what is null) return;
        Note($"the LNS {what}", now);
        _shared.Outbox.Event(new HostTrouble(now, $"LNS {Target.LnsName} {what}"));
    }
}
