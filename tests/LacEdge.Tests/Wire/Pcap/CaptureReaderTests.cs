using System.Buffers.Binary;
using LacEdge.Wire;
using LacEdge.Wire.Pcap;

namespace LacEdge.Tests.Wire.Pcap;

public sealed class CaptureReaderTests
{
    private const string LittleMicro = "d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000000";
    private const string BigMicro = "a1b2c3d4 0002 0004 00000000 00000000 0000ffff 00000001";
    private const string LittleNano = "4d3cb2a1 0200 0400 00000000 00000000 ffff0000 01000000";
    private const string BigNano = "a1b23c4d 0002 0004 00000000 00000000 0000ffff 00000001";

    private static byte[] Hex(params string[] parts) => Convert.FromHexString(string.Concat(parts).Replace(" ", "", StringComparison.Ordinal));

    [Theory]
    [InlineData(LittleMicro, "02000000 03000000 02000000 05000000 aabb", 2_000_003_000)]
    [InlineData(BigMicro, "00000002 00000003 00000002 00000005 aabb", 2_000_003_000)]
    [InlineData(LittleNano, "02000000 03000000 02000000 05000000 aabb", 2_000_000_003)]
    [InlineData(BigNano, "00000002 00000003 00000002 00000005 aabb", 2_000_000_003)]
    public void Pcap_is_read_in_both_byte_orders_and_both_resolutions(string header, string record, long time)
    {
        var (frames, error) = CaptureFiles.Read(Hex(header, record));
        Assert.Equal(DecodeError.None, error);
        Assert.Equal([new Frame(LinkType.Ethernet, null, time, 5, Bytes.Hex("aabb"))], frames);
    }

    [Theory]
    [InlineData("01000014", LinkType.Ethernet)]
    [InlineData("14010024", (LinkType)0x0114)]
    [InlineData("71000000", LinkType.LinuxCooked)]
    public void FCS_bits_do_not_belong_to_the_link_type(string word, LinkType expected)
    {
        var file = Hex(LittleMicro, "02000000 03000000 02000000 05000000 aabb");
        Hex(word).CopyTo(file, 20);
        Assert.Equal(expected, Assert.Single(CaptureFiles.Read(file).Frames).LinkType);
    }

    [Fact]
    public void What_the_writers_write_is_read_back_in_pieces_of_any_size()
    {
        Frame[] expected =
        [
            new(LinkType.Ethernet, "access", 1_700_000_000_123_456_789, 3, Bytes.Hex("010203")),
            new(LinkType.Raw, "core", 1_700_000_001_000_000_000, 1500, Bytes.Hex("04050607")),
            new(LinkType.Ethernet, "access", 1_700_000_002_000_000_001, 1, Bytes.Hex("08")),
        ];
        foreach (var piece in new[] { 1, 2, 3, 7, 64, int.MaxValue })
        {
            var (pcapng, error) = CaptureFiles.Read(CaptureFiles.SamplePcapng(), piece);
            Assert.Equal((DecodeError.None, 3), (error, pcapng.Count));
            Assert.Equal(expected, pcapng);

            (var pcap, error) = CaptureFiles.Read(CaptureFiles.SamplePcap(), piece);
            Assert.Equal(DecodeError.None, error);
            Assert.Equal(expected[..2].Select(f => f with { Interface = null, LinkType = LinkType.Ethernet }), pcap);
        }
    }

    [Fact]
    public void A_pcapng_file_is_written_as_the_format_demands()
    {
        var file = CaptureFiles.Pcapng(writer =>
            writer.WritePacket(writer.AddInterface("eth0", LinkType.Ethernet), 0x0123456789ABCDEF, [0xAA, 0xBB, 0xCC], 60, "hi"));
        Assert.Equal(
            "0a0d0d0a280000004d3c2b1a01000000ffffffffffffffff" + "0400040074657374" + "00000000" + "28000000"
            + "0100000028000000" + "0100000000000400" + "0200040065746830" + "0900010009000000" + "00000000" + "28000000"
            + "0600000030000000" + "00000000" + "67452301" + "efcdab89" + "03000000" + "3c000000" + "aabbcc00"
            + "0100020068690000" + "00000000" + "30000000",
            Convert.ToHexStringLower(file));
    }

    [Theory]
    [InlineData("06", 1_000_001, 1_000_001_000)]
    [InlineData("09", 1_000_001, 1_000_001)]
    [InlineData("00", 7, 7_000_000_000)]
    [InlineData("0c", 5_999, 5)]
    [InlineData("7f", ulong.MaxValue, 0)]
    [InlineData("8a", 1024 + 512, 1_500_000_000)]
    [InlineData("ff", 1, 0)]
    [InlineData("00", ulong.MaxValue, long.MaxValue)]
    public void The_interface_s_resolution_scales_the_time(string resolution, ulong ticks, long expected)
    {
        var file = Hex(Section("0100"), "01000000 1c000000 01000000 00000000", $"09000100 {resolution}000000", "1c000000",
            "06000000 20000000 00000000 0000000000000000 00000000 00000000", "20000000");
        var at = file.Length - 20;
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), (uint)(ticks >> 32));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at + 4), (uint)ticks);
        Assert.Equal(expected, Assert.Single(CaptureFiles.Read(file).Frames).Time);
    }

    [Fact]
    public void Seconds_to_add_are_added()
    {
        var file = Hex(Section("0100"), "01000000 20000000 01000000 00000000", "0e000800 0a00000000000000", "20000000",
            "06000000 20000000 00000000 00000000 01000000 00000000 00000000", "20000000");
        Assert.Equal(10_000_001_000, Assert.Single(CaptureFiles.Read(file).Frames).Time);
    }

    [Fact]
    public void Sections_may_change_byte_order_and_interfaces_and_unknown_blocks_are_skipped()
    {
        var little = Hex(Section("0100"), "01000000 14000000 65000000 00000000 14000000", "ad0b0000 10000000 deadbeef 10000000",
            "03000000 14000000 02000000 aabb0000 14000000");
        var big = Hex("0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c",
            "00000001 00000014 0001 0000 00000000 00000014",
            "00000002 00000024 0000 0007 00000000 00000001 00000001 00000040 cc000000 00000024");
        var (frames, error) = CaptureFiles.Read([.. little, .. big], piece: 5);
        Assert.Equal(DecodeError.None, error);
        Assert.Equal(
            [
                new Frame(LinkType.Raw, null, null, 2, Bytes.Hex("aabb")),
                new Frame(LinkType.Ethernet, null, 1000, 64, Bytes.Hex("cc")),
            ],
            frames);
    }

    [Fact]
    public void A_simple_packet_is_cut_at_the_interface_s_snap_length()
    {
        var file = Hex(Section("0100"), "01000000 14000000 65000000 02000000 14000000", "03000000 14000000 09000000 aabb0000 14000000");
        Assert.Equal([new Frame(LinkType.Raw, null, null, 9, Bytes.Hex("aabb"))], CaptureFiles.Read(file).Frames);
    }

    [Theory]
    [InlineData("")]
    [InlineData("d4c3")]
    [InlineData("d4c3b2a102000400")]
    [InlineData("0a0d0d0a1c0000004d3c2b1a")]
    public void A_file_cut_inside_its_header_is_truncated(string file) =>
        Assert.Equal(DecodeError.CaptureTruncated, CaptureFiles.Read(Hex(file)).Error);

    [Theory]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("0a0d0d0a 1c000000 ffffffff 01000000 ffffffffffffffff 1c000000")]
    [InlineData("0a0d0d0a 1c000000 4d3c2b1a 02000000 ffffffffffffffff 1c000000")]
    [InlineData("0a0d0d0a 1c000000 4d3c2b1a 01000000 ffffffffffffffff 1d000000")]
    [InlineData("0a0d0d0a 0c000000 4d3c2b1a")]
    [InlineData("0a0d0d0a 1c000001 4d3c2b1a 01000000")]
    [InlineData("d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000000 00000000 00000000 01000400 01000400")]
    public void Nonsense_and_absurd_lengths_are_refused(string file) =>
        Assert.Equal(DecodeError.CaptureFormat, CaptureFiles.Read(Hex(file)).Error);

    [Theory]
    [InlineData("06000000 20000000 01000000 00000000 00000000 00000000 00000000 20000000")]
    [InlineData("06000000 20000000 00000000 00000000 00000000 01000000 01000000 20000000")]
    [InlineData("06000000 20000000 00000000 00000000 00000000 ffffffff 01000000 20000000")]
    [InlineData("06000000 10000000 00000000 10000000")]
    [InlineData("03000000 0c000000 0c000000")]
    [InlineData("03000000 10000000 01000000 10000000")]
    [InlineData("01000000 10000000 01000000 10000000")]
    [InlineData("01000000 18000000 01000000 00000000 02000500 18000000")]
    [InlineData("05000000 0d000000 00000000")]
    [InlineData("05000000 08000000 00000000")]
    public void Blocks_whose_lengths_do_not_fit_are_refused(string block) => Assert.Equal(DecodeError.CaptureFormat,
        CaptureFiles.Read(Hex(Section("0100"), "01000000 14000000 01000000 00000000 14000000", block)).Error);

    [Fact]
    public void Every_truncation_and_every_flipped_bit_ends_in_frames_or_an_error()
    {
        foreach (var file in new[] { CaptureFiles.SamplePcap(), CaptureFiles.SamplePcapng() })
        {
            var whole = CaptureFiles.Read(file).Frames;
            for (var length = 0; length < file.Length; length++)
            {
                var (frames, error) = CaptureFiles.Read(file.AsSpan(0, length));
                Assert.Equal(whole.Take(frames.Count), frames);
                Assert.True(error is DecodeError.None or DecodeError.CaptureTruncated, $"{length}: {error}");
            }

            for (var bit = 0; bit < file.Length * 8; bit++)
            {
                var flipped = file.ToArray();
                flipped[bit / 8] ^= (byte)(1 << bit % 8);
                Assert.True(CaptureFiles.Read(flipped).Frames.Count <= whole.Count);
            }
        }
    }

    private static string Section(string version) => $"0a0d0d0a 1c000000 4d3c2b1a {version}0000 ffffffffffffffff 1c000000";
}
