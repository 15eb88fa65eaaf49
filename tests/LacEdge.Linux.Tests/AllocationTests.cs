using LacEdge.Core.Forwarding;

namespace LacEdge.Linux.Tests;

public sealed class AllocationTests
{
    // The dearest frames: they are timed, too.
    private const string Request = "c0210901000800000000", Reply = "c0210a01000800000000";

    [RootFact]
    public void A_forwarded_frame_allocates_nothing()
    {
        const ulong frames = 100_000;
        using var rig = new ForwardingRig();
        rig.Splice(3);
        var up = Convert.FromHexString(ForwardingRig.FrameUp(3, Reply));
        var down = Convert.FromHexString(ForwardingRig.DatagramDown(3, Request));
        Forward(1000);

        // The smallest object for every tenth frame would be 480,000, each time; the test's own waiting allocates a little, and
        // the test host, in the same process, once in a while a lot.
        Assert.InRange(Enumerable.Range(0, 3).Select(_ => Allocated()).FirstOrDefault(allocated => allocated <= 240_000, long.MaxValue), 0, 240_000);

        long Allocated()
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            Forward(frames);
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        }

        // Until so many more have gone each way, however many the machine loses meanwhile.
        void Forward(ulong more)
        {
            var goal = rig.DataPlane.ReadCounters(3) + new ForwardingCounters(more, 0, more, 0, 0);
            ForwardingRig.Wait(() =>
            {
                for (var i = 0; i < 100; i++)
                {
                    rig.Subscriber.Send(up);
                    rig.Lns.Send(ForwardingRig.LacEndpoint, down);
                }

                var now = rig.DataPlane.ReadCounters(3);
                return now.UpFrames >= goal.UpFrames && now.DownFrames >= goal.DownFrames;
            });
        }
    }
}
