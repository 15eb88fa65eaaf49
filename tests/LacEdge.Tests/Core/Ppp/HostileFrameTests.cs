using LacEdge.Core.Config;
using LacEdge.Tests.Wire;
using static LacEdge.Tests.Core.Ppp.LinkHarness;

namespace LacEdge.Tests.Core.Ppp;

/// <summary>Whatever a subscriber sends, in whatever state: no exception, bounded answers.</summary>
public sealed class HostileFrameTests
{
    public static TheoryData<string> Vectors =>
    [
        "c0230101002111616c696365406973702e6578616d706c650a776f6e6465726c616e64",
        "c223012a001f10101112131415161718191a1b1c1d1e1f6c6163656467652d3031",
        "c223022a002610e19a9463414757c0fd809ea3977b7730616c696365406973702e6578616d706c65",
        "c2270101000501",
        "c2270201001601616c696365406973702e6578616d706c65",
        "c0210401000c07020802110405dc",
        "c02103020008010405d4",
        "c0230101000c20616c6963654069",
        "c0210803000a80570101000e",
        "c0210101000e010405d405060a0b0c0d",
        "c02101010013010405d40305c2230505060badcafe",
        "c02105010004",
        "c2270101000501",
        "c2270201001601616c696365406973702e6578616d706c65",
        "c223022a003a3100000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000155736572",
        "c0210c01000c010203044d535241",
        "c0210a010008010203040000",
        "c02109010008000000000000",
        "c02107010008090100080000",
    ];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void No_damaged_vector_throws_in_any_state(string vector)
    {
        foreach (var frame in Damage.Of(vector))
        {
            foreach (var link in (LinkHarness[])[Started(), .. Enum.GetValues<AuthenticationProtocol>().Select(Opened)])
            {
                link.ForgetSent();
                link.Receive(frame);
                // Twice, for what only a repetition brings out.
                link.Receive(frame);
                Assert.InRange(link.SentCount, 0, 6);
                link.Link.Release();
                Assert.Equal(0, link.Timers.Count);
            }
        }
    }

    [Fact]
    public void Random_frames_throw_nothing_and_a_link_always_ends()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var link = new LinkHarness(seed: (byte)seed);
            var random = link.Random[LacEdge.Core.RandomPurpose.Jitter];
            link.Start();
            var ended = false;
            link.OnEnded = () => ended = true;
            var frame = new byte[64];
            for (var i = 0; i < 2000 && !ended; i++)
            {
                var length = 6 + random.Next(58);
                random.Fill(frame.AsSpan(0, length));
                frame[0] = 0xC0;
                frame[1] = 0x21;
                frame[2] = (byte)random.Next(14);
                frame[3] = (byte)random.Next(4);
                frame[4] = 0;
                frame[5] = (byte)(4 + random.Next(length - 5));
                link.Receive(frame.AsSpan(0, length));
                link.Advance(0.05);
            }

            link.Advance(120);
            Assert.True(ended, $"seed {seed}");
            Assert.Equal(0, link.Timers.Count);
        }
    }

    [Fact]
    public void A_request_as_long_as_a_frame_is_rejected_as_a_whole()
    {
        var link = Started();
        var options = string.Concat(Enumerable.Repeat("c802", 740));
        link.Receive(Lcp(1, "01", options));
        link.SentIs(Lcp(4, "01", options));
    }

    private static LinkHarness Started()
    {
        var link = new LinkHarness();
        link.Start();
        link.Receive(Lcp(3, "01", "010405d4"));
        link.Receive(Lcp(1, "f0", "0802"));
        link.ForgetSent();
        return link;
    }

    private static LinkHarness Opened(AuthenticationProtocol protocol)
    {
        var link = new LinkHarness(authentication: [protocol]);
        link.Open();
        link.ForgetSent();
        return link;
    }
}
