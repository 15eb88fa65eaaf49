using LacEdge.Wire.L2tp;

namespace LacEdge.Core.L2tp;

/// <summary>What an LNS's refusals of one message have led to.</summary>
/// <param name="Refusals">That may lead to more.</param>
public readonly record struct AdaptedMessage(MessageType Message, AdaptationState State, AvpGroups LeftOut, int Refusals);

/// <summary>What has been learned of the AVPs that one LNS knows: which ones are left out of which message. Kept until the restart.</summary>
public sealed class AvpAdaptation
{
    private static readonly MessageType[] _messages = [MessageType.Sccrq, MessageType.Icrq, MessageType.Iccn];
    private readonly AvpLearner[] _learners = [new(), new(), new()];

    /// <summary>Messages of which there is something to tell.</summary>
    public IReadOnlyList<AdaptedMessage> Messages
    {
        get
        {
            var told = new List<AdaptedMessage>();
            foreach (var (message, learner) in _messages.Zip(_learners))
            {
                if (learner.State is { } state) told.Add(new AdaptedMessage(message, state, learner.LeftOut, learner.Refusals));
            }

            return told;
        }
    }

    internal AvpGroups LeftOut(MessageType message) => Of(message)?.LeftOut ?? AvpGroups.None;

    /// <summary>Whether it is of interest that such a message was accepted long after it was sent.</summary>
    internal bool WantsProof(MessageType message) => Of(message)?.State is AdaptationState.Watching or AdaptationState.Trying;

    /// <summary>The LNS does not know an AVP of this message.</summary>
    /// <returns>What changes by it, in words; null: nothing.</returns>
    internal string? Refused(in SentAvps sent, AvpGroups named)
    {
        if (Of(sent.Message) is not { } learner) return null;
        var before = learner.LeftOut;
        learner.Refused(sent.Groups, sent.LeftOut, named);
        if (learner.LeftOut == before) return null;
        var message = MessageTable.NameOf(sent.Message);
        return learner.State == AdaptationState.Failed
            ? $"refuses {message} without its optional AVPs, too: they are sent again"
            : $"does not know an AVP of {message}: left out from now on: {learner.LeftOut.InWords()}";
    }

    /// <summary>The LNS has taken this message.</summary>
    /// <returns>As for <see cref="Refused"/>.</returns>
    internal string? Accepted(in SentAvps sent)
    {
        if (Of(sent.Message) is not { } learner) return null;
        var before = learner.State;
        learner.Accepted(sent.Groups, sent.LeftOut);
        return before == AdaptationState.Trying && learner.State == AdaptationState.Works
            ? $"takes {MessageTable.NameOf(sent.Message)} without {learner.LeftOut.InWords()}"
            : null;
    }

    /// <summary>Everything is sent again.</summary>
    internal void Clear()
    {
        for (var i = 0; i < _learners.Length; i++) _learners[i] = new AvpLearner();
    }

    private AvpLearner? Of(MessageType message) => Array.IndexOf(_messages, message) is var i and >= 0 ? _learners[i] : null;
}
