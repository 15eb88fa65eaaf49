namespace LacEdge.Core.Radius;

/// <summary>A question on its way, until its answer, its end or its withdrawal.</summary>
public sealed class RadiusExchange : ITimerOwner
{
    private readonly Action<RadiusExchange, Instant> _timeout;

    internal RadiusExchange(RadiusGroup group, RadiusQuestion question, IRadiusUser user, object owner, ulong order, Action<RadiusExchange, Instant> timeout)
    {
        (Group, Question, User, Owner, TimerOrder, _timeout) = (group, question, user, owner, order, timeout);
        Timer = new Timer(this, 0);
    }

    public RadiusQuestion Question { get; }
    /// <summary>What the user asked for.</summary>
    public object Owner { get; }
    public ulong TimerOrder { get; }
    /// <summary>How often anything was sent for it.</summary>
    public int Sent { get; internal set; }

    internal RadiusGroup Group { get; }
    internal IRadiusUser User { get; }
    internal Timer Timer { get; }
    internal Instant GiveUpAt { get; set; }
    internal TimeSpan RetransmitTime { get; set; }
    /// <summary>One for each server that was asked, the last one asked at the end.</summary>
    internal List<RadiusTransmission> Transmissions { get; } = [];
    internal bool UnsignedReply { get; set; }
    /// <summary>Something came in answer whose authenticator is wrong: forged, or made with another secret.</summary>
    public bool ForgedReply { get; internal set; }
    internal bool IsOver { get; set; }

    public void HandleTimer(int kind, Instant now) => _timeout(this, now);
}
