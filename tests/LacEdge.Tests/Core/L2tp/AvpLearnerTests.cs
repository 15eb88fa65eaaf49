using LacEdge.Core.L2tp;
using static LacEdge.Core.L2tp.AvpGroups;

namespace LacEdge.Tests.Core.L2tp;

/// <summary>One message and an LNS that does not know some of its AVPs.</summary>
public sealed class AvpLearnerTests
{
    private const AvpGroups Sent = SubAddress | NasPort | CalledNumber | CallingNumber;

    [Fact]
    public void Nothing_is_left_out_before_the_third_refusal()
    {
        var learner = new AvpLearner();
        Assert.Null(learner.State);
        Refuse(learner, Sent);
        Refuse(learner, Sent);
        Assert.Equal((None, AdaptationState.Watching, 2), (learner.LeftOut, learner.State, learner.Refusals));
        Refuse(learner, Sent);
        Assert.Equal((SubAddress, AdaptationState.Trying), (learner.LeftOut, learner.State));
    }

    /// <summary>What an LNS that does not know these makes of messages, until one is accepted.</summary>
    [Theory]
    [InlineData(SubAddress, 3, SubAddress)]
    [InlineData(NasPort, 4, NasPort)]
    [InlineData(CallingNumber, 6, CallingNumber)]
    [InlineData(SubAddress | NasPort, 7, SubAddress | NasPort)]
    [InlineData(NasPort | CalledNumber, 8, SubAddress | NasPort | CalledNumber)]
    [InlineData(SubAddress | CallingNumber, 9, Sent)]
    public void The_first_set_that_works_is_kept(AvpGroups unknown, int refusals, AvpGroups leftOut)
    {
        var learner = new AvpLearner();
        var refused = 0;
        for (; !Send(learner, unknown); refused++) Assert.True(refused < 50);
        Assert.Equal((refusals, leftOut, AdaptationState.Works), (refused, learner.LeftOut, learner.State));
        for (var i = 0; i < 10; i++) Assert.True(Send(learner, unknown));
        Assert.Equal((leftOut, AdaptationState.Works), (learner.LeftOut, learner.State));
    }

    [Fact]
    public void The_group_that_is_named_is_left_out_at_once_and_each_takes_three_refusals()
    {
        var learner = new AvpLearner();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(None, learner.LeftOut);
            learner.Refused(Sent, learner.LeftOut, CallingNumber);
        }

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal((CallingNumber, AdaptationState.Trying), (learner.LeftOut, learner.State));
            learner.Refused(Sent & ~CallingNumber, learner.LeftOut, NasPort);
        }

        Assert.Equal(CallingNumber | NasPort, learner.LeftOut);
        learner.Accepted(Sent & ~learner.LeftOut, learner.LeftOut);
        Assert.Equal(AdaptationState.Works, learner.State);
    }

    [Fact]
    public void A_name_that_the_message_did_not_carry_says_nothing()
    {
        var learner = new AvpLearner();
        for (var i = 0; i < 3; i++) learner.Refused(Sent, learner.LeftOut, ProxyLcp);
        Assert.Equal(SubAddress, learner.LeftOut);
    }

    [Fact]
    public void What_was_sent_before_the_last_change_says_nothing_about_it()
    {
        var learner = new AvpLearner();
        for (var i = 0; i < 100; i++) learner.Refused(Sent, None, None);
        Assert.Equal(SubAddress, learner.LeftOut);
    }

    [Fact]
    public void What_the_LNS_has_accepted_it_knows()
    {
        var learner = new AvpLearner();
        learner.Accepted(Sent & ~CallingNumber, None);
        for (var i = 0; i < 3; i++) Refuse(learner, Sent);
        Assert.Equal(CallingNumber, learner.LeftOut);

        // One that was under way with it.
        learner.Accepted(Sent, None);
        Assert.Equal((None, null), (learner.LeftOut, learner.State));
    }

    [Fact]
    public void An_LNS_that_takes_the_message_now_and_then_is_never_adapted_to()
    {
        var learner = new AvpLearner();
        for (var i = 0; i < 100; i++)
        {
            Refuse(learner, Sent);
            Refuse(learner, Sent);
            learner.Accepted(Sent, learner.LeftOut);
            Assert.Equal((None, null), (learner.LeftOut, learner.State));
        }
    }

    [Fact]
    public void An_LNS_that_has_become_another_one_is_learned_anew()
    {
        var learner = new AvpLearner();
        for (var i = 0; i < 5; i++) learner.Accepted(Sent, None);
        for (var i = 0; i < 4; i++) Assert.False(Send(learner, NasPort));
        Assert.True(Send(learner, NasPort));
        Assert.Equal((NasPort, AdaptationState.Works), (learner.LeftOut, learner.State));
    }

    [Fact]
    public void When_nothing_helps_everything_is_sent_again()
    {
        var learner = new AvpLearner();
        // Alone, then two, three and four of them.
        for (var i = 0; i < 3 + 4 + 3; i++)
        {
            Assert.NotEqual(AdaptationState.Failed, learner.State);
            Refuse(learner, Sent & ~learner.LeftOut);
        }

        Assert.Equal((None, AdaptationState.Failed), (learner.LeftOut, learner.State));
        for (var i = 0; i < 10; i++) Refuse(learner, Sent);
        Assert.Equal((None, AdaptationState.Failed), (learner.LeftOut, learner.State));

        learner.Accepted(Sent, None);
        Assert.Null(learner.State);
        for (var i = 0; i < 3; i++) Assert.False(Send(learner, SubAddress));
        Assert.True(Send(learner, SubAddress));
    }

    [Fact]
    public void A_message_without_optional_AVPs_leads_to_nothing()
    {
        var learner = new AvpLearner();
        for (var i = 0; i < 10; i++) Refuse(learner, None);
        Assert.Equal((None, AdaptationState.Watching, 3), (learner.LeftOut, learner.State, learner.Refusals));
    }

    [Fact]
    public void It_works_only_once_a_message_went_through_that_carried_all_the_others()
    {
        var learner = new AvpLearner();
        for (var i = 0; i < 3; i++) Refuse(learner, Sent);
        // This call has no numbers: they may still be what is not known.
        learner.Accepted(NasPort, SubAddress);
        Assert.Equal((SubAddress, AdaptationState.Trying), (learner.LeftOut, learner.State));
        Refuse(learner, CalledNumber | CallingNumber | NasPort);
        Assert.Equal(CalledNumber, learner.LeftOut);
        learner.Accepted(CallingNumber | NasPort | SubAddress, CalledNumber);
        Assert.Equal((CalledNumber, AdaptationState.Works), (learner.LeftOut, learner.State));
    }

    private static void Refuse(AvpLearner learner, AvpGroups carried) => learner.Refused(carried, learner.LeftOut, None);

    private static bool Send(AvpLearner learner, AvpGroups unknown)
    {
        var carried = Sent & ~learner.LeftOut;
        if ((carried & unknown) == 0) learner.Accepted(carried, learner.LeftOut);
        else Refuse(learner, carried);
        return (carried & unknown) == 0;
    }
}
