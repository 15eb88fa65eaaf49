using LacEdge.Core.Forwarding;

namespace LacEdge.Linux.Tests;

/// <summary>LCP echoes that pass through the workers are timed, and pass unchanged.</summary>
public sealed class LineQualityTests
{
    private const string Request = "c02109{0}000c01020304deadbeef", Reply = "c0210a{0}000c05060708deadbeef";

    [RootFact]
    public void Echoes_are_timed_in_both_directions()
    {
        using var rig = new ForwardingRig();
        rig.Splice(3);
        rig.Splice(4);
        Assert.True(rig.DataPlane.ReadQuality(3).IsUnknown);

        for (var i = 1; i <= 3; i++)
        {
            FromLns(rig, Ppp(Request, i));
            Thread.Sleep(20);
            FromSubscriber(rig, Ppp(Reply, i));
            FromSubscriber(rig, Ppp(Request, i + 100));
            FromLns(rig, Ppp(Reply, i + 100));
        }

        FromLns(rig, Ppp(Request, 4));
        FromLns(rig, Ppp(Request, 5));
        FromLns(rig, "0021450000140000");

        var quality = rig.DataPlane.ReadQuality(3);
        Assert.Equal((5ul, 3ul, 1ul), (quality.FromLns.Sent, quality.FromLns.Answered, quality.FromLns.Lost));
        Assert.Equal((3ul, 3ul, 0ul), (quality.FromSubscriber.Sent, quality.FromSubscriber.Answered, quality.FromSubscriber.Lost));
        Assert.InRange(quality.FromLns.LastRtt!.Value.TotalMilliseconds, 20, 5_000);
        Assert.InRange(quality.FromLns.Rtt!.Value.TotalMilliseconds, 20, 5_000);
        Assert.InRange(quality.FromSubscriber.LastRtt!.Value.TotalMilliseconds, 0.001, 5_000);
        Assert.True(quality.FromLns.MaxRtt >= quality.FromLns.Rtt);
        Assert.True(rig.DataPlane.ReadQuality(4).IsUnknown);
    }

    [RootFact]
    public void Echoes_of_another_station_are_not_timed()
    {
        using var rig = new ForwardingRig();
        rig.Splice(3);
        FromLns(rig, Ppp(Request, 1));
        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, Ppp(Reply, 1), source: "020000000002"));
        rig.Until(() => rig.DataPlane.ReadStatistics()[ForwardingReason.NotOwner] == 1);
        var quality = rig.DataPlane.ReadQuality(3).FromLns;
        Assert.Equal((1ul, 0ul), (quality.Sent, quality.Answered));
    }

    [RootFact]
    public void A_slot_that_is_used_again_starts_anew()
    {
        using var rig = new ForwardingRig();
        rig.Splice(3);
        FromLns(rig, Ppp(Request, 1));
        rig.DataPlane.Apply(new RemoveSession(3));
        rig.Until(() => rig.Final.Count > 0);
        rig.Splice(3);
        Assert.True(rig.DataPlane.ReadQuality(3).IsUnknown);
        // The reply to the former owner's request is nobody's.
        FromSubscriber(rig, Ppp(Reply, 1));
        Assert.True(rig.DataPlane.ReadQuality(3).IsUnknown);
    }

    private static void FromLns(ForwardingRig rig, string ppp)
    {
        rig.SendFromLns(ForwardingRig.DatagramDown(3, ppp));
        Assert.Equal(ForwardingRig.FrameDown(3, ppp), rig.NextAtSubscriber());
    }

    private static void FromSubscriber(ForwardingRig rig, string ppp)
    {
        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, ppp));
        Assert.Equal(ForwardingRig.DatagramUp(3, ppp), rig.NextAtLns());
    }

    private static string Ppp(string form, int identifier) => form.Replace("{0}", identifier.ToString("x2", null), StringComparison.Ordinal);
}
