namespace LacEdge.Core.L2tp;

/// <summary>What has been found out about the optional AVPs of one message and one LNS.</summary>
public enum AdaptationState
{
    /// <summary>The LNS has refused an unknown AVP; too rarely to do anything about it.</summary>
    Watching,
    /// <summary>Some are left out; whether that helps is not known yet.</summary>
    Trying,
    /// <summary>The LNS takes the message without them.</summary>
    Works,
    /// <summary>The LNS refuses the message without all of them, too: they are sent again.</summary>
    Failed,
}

/// <summary>
/// Finds out which optional AVPs of one message an LNS does not know. From the third refusal on those are left out that the LNS
/// names, or one group at a time, then several, until a set works.
/// </summary>
/// <remarks>
/// What the LNS has accepted in a message, it knows: that is never left out. So only what refused messages carried and accepted ones did
/// not is tried, and a set works once a message was accepted that carried all the others.
/// </remarks>
internal sealed class AvpLearner
{
    public const int RefusalsNeeded = 3;

    /// <summary>Sets that did not help.</summary>
    private readonly List<AvpGroups> _tried = [];
    private AvpGroups _known, _doubtful;
    /// <summary>Left out for good; <see cref="LeftOut"/> without what is only tried.</summary>
    private AvpGroups _settled;
    private bool _works, _failed;

    public AvpGroups LeftOut { get; private set; }
    /// <summary>Since something was last accepted or changed, but not more than are of interest.</summary>
    public int Refusals { get; private set; }

    /// <summary>Null: there is nothing to tell.</summary>
    public AdaptationState? State =>
        _failed ? AdaptationState.Failed
        : LeftOut == AvpGroups.None ? Refusals > 0 ? AdaptationState.Watching : null
        : _works ? AdaptationState.Works : AdaptationState.Trying;

    private bool IsTrying => LeftOut != _settled;

    /// <param name="carried">What the refused message had.</param>
    /// <param name="leftOut"><see cref="LeftOut"/> when it was sent.</param>
    /// <param name="named">What the LNS says that it does not know; none when it does not say.</param>
    public void Refused(AvpGroups carried, AvpGroups leftOut, AvpGroups named)
    {
        // What was sent before the last change says nothing about it.
        if (_failed || leftOut != LeftOut) return;
        // All of it was accepted before: the LNS has become another one.
        if ((carried & ~_known) == 0) _known = AvpGroups.None;
        _doubtful |= carried & ~_known;
        if (Refusals < RefusalsNeeded) Refusals++;
        if (!IsTrying && Refusals < RefusalsNeeded) return;
        if ((named & carried) is var told && told != 0) Settle(_settled | told);
        else TryNext();
    }

    /// <summary>The LNS has taken such a message.</summary>
    public void Accepted(AvpGroups carried, AvpGroups leftOut)
    {
        _known |= carried;
        _doubtful &= ~carried;
        if (leftOut == LeftOut && (_doubtful & ~LeftOut) == 0)
        {
            // An LNS that takes the whole message after all may be learned anew.
            if (_failed) Settle(_settled);
            _failed = false;
            if (IsTrying) Settle(LeftOut);
            _works = true;
        }

        // A message from before may have had what is left out now.
        _settled &= ~carried;
        LeftOut &= ~carried;
        if (_doubtful == AvpGroups.None) Refusals = 0;
    }

    private void TryNext()
    {
        _works = false;
        foreach (var trial in Trials(_doubtful & ~_settled))
        {
            if (_tried.Contains(trial)) continue;
            _tried.Add(trial);
            LeftOut = _settled | trial;
            return;
        }

        _failed = IsTrying;
        LeftOut = _settled;
    }

    private void Settle(AvpGroups leftOut)
    {
        (_settled, LeftOut, _doubtful, Refusals, _works) = (leftOut, leftOut, AvpGroups.None, 0, false);
        _tried.Clear();
    }

    /// <summary>Each group alone, then the first two, three and so on.</summary>
    private static IEnumerable<AvpGroups> Trials(AvpGroups doubtful)
    {
        foreach (var group in Enum.GetValues<AvpGroups>())
        {
            if ((doubtful & group) != 0) yield return group;
        }

        var several = AvpGroups.None;
        foreach (var group in Enum.GetValues<AvpGroups>())
        {
            several |= doubtful & group;
            if ((doubtful & group) != 0 && several != group) yield return several;
        }
    }
}
