using LacEdge.Core.Forwarding;

namespace LacEdge.Linux.Tests;

/// <summary>Sessions whose frames towards the subscriber Core wants to see first.</summary>
public sealed class ThroughCoreTests
{
    private const string First = "c0210901000800000001", Second = "c0210901000800000002", Third = "c0210901000800000003";

    [RootFact]
    public void Frames_go_up_until_Core_lets_them_pass_and_none_overtakes_another()
    {
        using var rig = new ForwardingRig();
        rig.Splice(3, throughCore: true);
        rig.Splice(4);
        rig.SendFromLns(ForwardingRig.DatagramDown(3, First));
        // Session 4's frame shows that the first one has been handled; towards the LNS session 3 passes.
        rig.SendFromLns(ForwardingRig.DatagramDown(4, First));
        Assert.Equal(ForwardingRig.FrameDown(4, First), rig.NextAtSubscriber());
        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, First));
        Assert.Equal(ForwardingRig.DatagramUp(3, First), rig.NextAtLns());
        rig.ExpectCounters(3, new ForwardingCounters(1, 10, 0, 0, 0));

        // Let pass while the first one still waits for Core: the second goes behind it.
        rig.DataPlane.Apply(new ForwardDownstream(3));
        rig.SendFromLns(ForwardingRig.DatagramDown(3, Second));
        rig.SendFromLns(ForwardingRig.DatagramDown(4, Second));
        Assert.Equal(ForwardingRig.FrameDown(4, Second), rig.NextAtSubscriber());
        rig.Until(() => rig.PassedUp.Count == 2);
        Assert.Equal(
            new[] { First, Second }.Select(ppp => $"{ForwardingRig.Socket} 10.77.0.2:1701 {ForwardingRig.DatagramDown(3, ppp)}"), rig.PassedUp);

        rig.SendFromLns(ForwardingRig.DatagramDown(3, Third));
        Assert.Equal(ForwardingRig.FrameDown(3, Third), rig.NextAtSubscriber());
        Assert.Equal(2, rig.PassedUp.Count);
    }

    [RootFact]
    public void Another_tunnels_peer_is_dropped_and_sequence_numbers_are_kept_account_of()
    {
        using var rig = new ForwardingRig();
        rig.Splice(3, throughCore: true);
        Assert.True(rig.OtherLns.Send(ForwardingRig.LacEndpoint, Convert.FromHexString(ForwardingRig.DatagramDown(3, First))));
        rig.Until(() => rig.DataPlane.ReadCounters(3).Dropped == 1);
        Assert.Empty(rig.PassedUp);

        rig.SendFromLns("0802" + "1111" + "2003" + "0000" + "0000" + "ff03" + First);
        rig.Until(() => rig.PassedUp.Count == 1);
        rig.DataPlane.Apply(new ForwardDownstream(3));
        rig.SendFromLns("0802" + "1111" + "2003" + "0001" + "0000" + "ff03" + Second);
        Assert.Equal(ForwardingRig.FrameDown(3, Second), rig.NextAtSubscriber());
        Assert.Equal(0ul, rig.DataPlane.ReadStatistics()[ForwardingReason.Missing]);
    }
}
