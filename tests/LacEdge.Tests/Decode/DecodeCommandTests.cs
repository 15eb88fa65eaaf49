using System.Buffers;
using System.Text;
using LacEdge.Decode;
using LacEdge.Tests.Wire.Pcap;
using LacEdge.Wire.Pcap;

namespace LacEdge.Tests.Decode;

public sealed class DecodeCommandTests
{
    private static byte[] Capture()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new PcapngWriter(output, "test");
        var access = writer.AddInterface("access", LinkType.Ethernet);
        var core = writer.AddInterface("core", LinkType.Raw);
        writer.WritePacket(access, 1_767_225_600_000_000_001, Sample.Hex(Sample.Padi.Insert(24, "81006064")));
        writer.WritePacket(core, 1_767_225_601_500_000_000,
            Sample.Hex(Sample.Udp("192.0.2.1:1701", "192.0.2.2:1701", "c80200223c4d000000000001" + "8008000000000006" + "000e00000fff" + "6162000102030405")));
        return output.WrittenSpan.ToArray();
    }

    private static (int Code, string Output, string Errors) Run(byte[] file, DecodeOptions options)
    {
        using var output = new MemoryStream();
        using var errors = new StringWriter { NewLine = "\n" };
        var code = DecodeCommand.Run("-", options, () => new MemoryStream(file), output, errors);
        return (code, Encoding.UTF8.GetString(output.ToArray()).ReplaceLineEndings("\n"), errors.ToString());
    }

    [Fact]
    public void JSON_lines_are_what_other_tools_rely_on() => Assert.Equal(
        (0,
            """
            {"frame":1,"time":"2026-01-01T00:00:00.000000001Z","vlans":[{"tpid":33024,"id":100,"priority":3}],"pppoe":{"code":9,"session_id":0,"tags":[{"type":257,"value":""},{"type":259,"value":"11223344"}]}}
            {"frame":2,"time":"2026-01-01T00:00:01.500000000Z","ip":{"src":"192.0.2.1","dst":"192.0.2.2","src_port":1701,"dst_port":1701},"l2tp":{"control":true,"flags":51202,"length":34,"tunnel_id":15437,"session_id":0,"ns":0,"nr":1,"message_type":6,"avps":[{"vendor":0,"type":0,"mandatory":true,"hidden":false,"value":"0006"},{"vendor":0,"type":4095,"mandatory":false,"hidden":false,"value":"6162000102030405"}]}}

            """,
            ""),
        Run(Capture(), new DecodeOptions(Json: true)));

    [Fact]
    public void Text_is_a_line_a_frame() => Assert.Equal(
        (0,
            "     1     0.000000 vlan 100  02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff  PADI  Service-Name=\"\", Host-Uniq=11223344\n"
            + "     2     1.500000 192.0.2.1:1701 > 192.0.2.2:1701  tunnel 15437 session 0 Ns 0 Nr 1  L2TP HELLO  AVP 4095=6162000102030405\n",
            ""),
        Run(Capture(), new DecodeOptions()));

    [Fact]
    public void A_ladder_is_drawn_on_request()
    {
        var (code, output, _) = Run(Capture(), new DecodeOptions(Ladder: true));
        Assert.Equal((0, 4), (code, output.TrimEnd('\n').Split('\n').Length));
        Assert.Contains("- L2TP HELLO -", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_ends_early_is_decoded_as_far_as_it_goes()
    {
        var (code, output, errors) = Run(Capture()[..^10], new DecodeOptions());
        Assert.Equal((1, "lacedge: -: the file ends inside of what follows frame 1\n"), (code, errors));
        Assert.Single(output.TrimEnd('\n').Split('\n'));

        (code, output, errors) = Run(Capture()[..^4].Concat(new byte[] { 1, 2, 3, 4 }).ToArray(), new DecodeOptions(Json: true));
        Assert.Equal((1, "lacedge: -: what follows frame 1 is not a capture record\n"), (code, errors));
        Assert.Single(output.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void What_is_no_capture_is_told_in_one_sentence()
    {
        Assert.Equal((1, "", "lacedge: -: not a pcap or pcapng file\n"), Run("hello, world"u8.ToArray(), new DecodeOptions()));
        Assert.Equal((1, "", "lacedge: -: not a pcap or pcapng file\n"), Run([], new DecodeOptions()));
        using var errors = new StringWriter();
        Assert.Equal(1, DecodeCommand.Run("/nonexistent/file.pcap", new DecodeOptions(), () => Stream.Null, Stream.Null, errors));
        Assert.StartsWith("lacedge: /nonexistent/file.pcap: ", errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("decode")]
    [InlineData("decode", "file", "-o", "xml")]
    [InlineData("decode", "file", "-o", "jsonl", "--ladder")]
    [InlineData("decode", "file", "other")]
    public void Wrong_usage_is_an_error(params string[] arguments) => Assert.NotEmpty(DecodeCommand.Create().Parse(arguments[1..]).Errors);

    [Theory]
    [InlineData("file")]
    [InlineData("-", "-o", "jsonl", "--secret", "s")]
    [InlineData("file", "--ladder", "--show-secrets")]
    public void Right_usage_is_not(params string[] arguments) => Assert.Empty(DecodeCommand.Create().Parse(arguments).Errors);

    [Fact]
    public void A_capture_is_read_with_a_bounded_buffer_however_it_arrives()
    {
        using var stream = new TricklingStream(CaptureFiles.SamplePcapng());
        var numbers = new List<long>();
        Assert.Equal(LacEdge.Wire.DecodeError.None, CaptureFile.Read(stream, (number, in record) => numbers.Add(number * 10 + record.Data.Length)));
        Assert.Equal([13, 24, 31], numbers);
    }

    /// <summary>One octet at a time, as a slow pipe.</summary>
    private sealed class TricklingStream(byte[] content) : MemoryStream(content)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(1, count));
    }
}
