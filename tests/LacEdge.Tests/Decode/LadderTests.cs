using LacEdge.Decode;
using LacEdge.Wire.Pcap;

namespace LacEdge.Tests.Decode;

public sealed class LadderTests
{
    private static string[] Draw(Ladder ladder)
    {
        using var text = new StringWriter { NewLine = "\n" };
        ladder.Write(text);
        return text.ToString().TrimEnd('\n').Split('\n');
    }

    [Fact]
    public void A_ladder_has_a_column_an_end_and_an_arrow_a_message()
    {
        var ladder = new Ladder("cpe", "lac", "lns");
        ladder.Describe("cpe", "subscriber");
        ladder.Describe("lac", "AC");
        ladder.Describe("lac", "LAC");
        ladder.Describe("lac", "AC");
        ladder.Add(5_000_000_000, "cpe", null, "PADI");
        ladder.Add(5_000_250_000, "lac", "cpe", "PADO");
        ladder.Add(5_100_000_000, "lac", "lns", "L2TP SCCRQ");
        ladder.Add(6_000_000_000, "lns", "cpe", "CHAP Challenge 1");
        ladder.Add(6_500_000_000, "lac", "lac", "session up");
        for (var i = 0; i < 3; i++) ladder.Add(7_000_000_000, i % 2 == 0 ? "cpe" : "lns", i % 2 == 0 ? "lns" : "cpe", "data IPv4", merge: true);
        ladder.Add(8_000_000_000, "cpe", "lns", "data IPv4", merge: true);
        ladder.Add(8_000_000_000, "cpe", "lac", "a label that is longer than any column is ever made for it", merge: true);
        Assert.Equal(
            [
                "              subscriber                                            AC/LAC",
                "                  cpe                                                 lac                 lns",
                "    0.000000       |----------------------- PADI --------------------->|                   |",
                "    0.000250       |<---------------------- PADO ----------------------|                   |",
                "    0.100000       |                                                   |---- L2TP SCCRQ -->|",
                "    1.000000       |<-------------------------- CHAP Challenge 1 --------------------------|",
                "    1.500000       |                                                   | session up",
                "    2.000000       |<---------------------------- data IPv4 x4 --------------------------->|",
                "    3.000000       |-- a label that is longer than any column is ... ->|                   |",
            ],
            Draw(ladder).Select(l => l.TrimEnd()).ToArray());
    }

    [Fact]
    public void Too_many_ends_and_rows_are_counted_and_left_out()
    {
        var ladder = new Ladder();
        for (var i = 0; i < Ladder.MaxEnds + 3; i++) ladder.Add(i, $"end{i}", "end0", "hello");
        Assert.Equal("(3 messages of more ends or rows are not shown)", Draw(ladder)[^1]);
        Assert.Equal(1 + Ladder.MaxEnds + 1, Draw(ladder).Length);
    }

    [Fact]
    public void Frames_become_rows_and_what_is_none_of_the_four_protocols_does_not()
    {
        var ladder = new FrameLadder();
        const string session = Sample.Host + Sample.Ac + "8864" + "110000010016" + "0021" + "450000140000000040060000c0000201c0000202";
        const string pado = Sample.Host + Sample.Ac + "8863" + "110700000000";
        var decoder = new FrameDecoder();
        foreach (var hex in new[] { Sample.Padi, pado, session, session, Sample.Host + Sample.Ac + "0806" })
        {
            ladder.Add(decoder.Decode(1, new CaptureInterface(LinkType.Ethernet, null), 1_000_000_000, Sample.Hex(hex)));
        }

        using var text = new StringWriter { NewLine = "\n" };
        ladder.Write(text);
        Assert.Equal(
            [
                "                 subscriber              AC",
                "              02:00:00:00:00:01   02:00:00:00:00:fe",
                "    0.000000          |------- PADI ----->|",
                "    0.000000          |<------ PADO ------|",
                "    0.000000          |<-- data IPv4 x2 --|",
            ],
            text.ToString().TrimEnd('\n').Split('\n').Select(l => l.TrimEnd()).ToArray());
    }

    [Fact]
    public void A_line_without_addresses_has_one_column()
    {
        var ladder = new FrameLadder();
        ladder.Add(Sample.Decode(LinkType.Ppp, "c02106040004"));
        using var text = new StringWriter { NewLine = "\n" };
        ladder.Write(text);
        Assert.Equal("              PPP line\n    0.000000      | LCP Terminate-Ack 4\n", text.ToString());
    }
}
