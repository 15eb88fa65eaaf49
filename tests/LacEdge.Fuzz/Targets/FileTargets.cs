using System.Buffers;
using System.Text;
using LacEdge.Configuration;
using LacEdge.Core.Config;
using LacEdge.Decode;
using LacEdge.Fuzz.Engine;
using LacEdge.Fuzz.Mutation;
using LacEdge.Recording;
using LacEdge.Wire;
using LacEdge.Wire.Pcap;

namespace LacEdge.Fuzz.Targets;

/// <summary>pcap and pcapng: a file that comes in pieces reads like the whole one.</summary>
internal sealed class CaptureTarget() : MessageTarget("capture", Root.Octets)
{
    public override IEnumerable<byte[]> Seeds(SeedPool seeds) => seeds.Files.Append(Ng());

    protected override void Decode(ReadOnlySpan<byte> file, FeatureMap features)
    {
        var whole = Read(file, int.MaxValue, features);
        Require(whole == Read(file, 1 + file.Length % 97, features), "a capture in pieces reads otherwise than the whole one");
    }

    private static (int Records, long Octets, DecodeError Error) Read(ReadOnlySpan<byte> file, int piece, FeatureMap features)
    {
        var reader = new CaptureReader();
        int start = 0, end = Math.Min(piece, file.Length), records = 0;
        long octets = 0;
        while (true)
        {
            var status = reader.Read(file[start..end], end == file.Length, out var consumed, out var record);
            Require(consumed >= 0 && consumed <= end - start, "the reader of captures consumes what it did not get");
            if (status == CaptureReadStatus.Record)
            {
                Require(consumed > 0, "the reader of captures stands still");
                records++;
                octets += record.Data.Length;
                Require(record.OriginalLength >= record.Data.Length, "a frame was shorter than what was captured of it");
                features.Hit(90, Enum.IsDefined(record.Interface.LinkType) ? (int)record.Interface.LinkType : -1);
            }
            else if (status != CaptureReadStatus.NeedMore)
            {
                Error(features, reader.Error);
                features.HitCount(91, records);
                return (records, octets, reader.Error);
            }
            else
            {
                Require(end < file.Length, "the reader of captures wants more than there is");
                end = (int)Math.Min((long)end + piece, file.Length);
            }

            start += consumed;
        }
    }

    private static byte[] Ng()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new PcapngWriter(output, "fuzz");
        writer.WritePacket(writer.AddInterface("access", LinkType.Ethernet), 1_700_000_000_123_456_789, [1, 2, 3]);
        writer.WritePacket(writer.AddInterface("core", LinkType.Raw), 1_700_000_001_000_000_000, [4, 5, 6, 7], originalLength: 1500);
        return output.WrittenSpan.ToArray();
    }
}

/// <summary><c>lacedge decode</c> for one frame: as text and as JSON, with the clear values of hidden AVPs.</summary>
internal sealed class DecodeTarget() : MessageTarget("decode", Root.Ethernet)
{
    private static readonly LinkType[] _linkTypes = Enum.GetValues<LinkType>();

    public override IEnumerable<byte[]> Seeds(SeedPool seeds) => seeds.Frames.Concat(seeds.Packets);

    protected override void Decode(ReadOnlySpan<byte> frame, FeatureMap features)
    {
        var linkType = frame.Length > 40 && frame[0] >> 4 is 4 or 6 ? LinkType.Raw : LinkType.Ethernet;
        if (frame.Length % 16 == 15) linkType = _linkTypes[frame.Length / 16 % _linkTypes.Length];
        var file = new ArrayBufferWriter<byte>();
        new PcapWriter(file, linkType).WritePacket(1_700_000_000_000_000_000, frame);
        using var stream = new MemoryStream(file.WrittenSpan.ToArray());
        var decoder = new FrameDecoder("tunnel-secret"u8.ToArray());
        var (errors, showSecrets) = (DecodeError.None, frame.Length % 2 == 0);
        CaptureFile.Read(stream, (number, in record) =>
        {
            var decoded = decoder.Decode(number, record);
            errors = decoded.Error;
            features.Hit(100, (int)decoded.Error);
            if (decoded.L2tp is { } l2tp) features.Hit(101, Math.Min((int)(l2tp.MessageType ?? 99), 99));
            if (decoded.Ppp is { } ppp) features.Hit(102, Enum.IsDefined(ppp.Protocol) ? (int)ppp.Protocol << 8 | Math.Min((int)(ppp.Code ?? 0), 16) : 0);
            if (decoded.Pppoe is { } pppoe) features.Hit(103, (int)pppoe.Code);
            var text = new TextFormat(showSecrets).Line(decoded);
            Require(!text.Any(char.IsControl), "decode prints control characters");
            var output = new ArrayBufferWriter<byte>();
            using var json = new JsonFormat(output);
            json.Write(decoded);
        });
        features.Hit(104, (int)linkType << 8 | (int)errors);
    }
}

/// <summary>A configuration file: problems are told with their places, nothing is thrown.</summary>
internal sealed class ConfigTarget() : MessageTarget("config", Root.Octets)
{
    public override long AllocationLimit => 32 << 20;

    public override IEnumerable<byte[]> Seeds(SeedPool seeds) => seeds.Configurations
        .Concat(seeds.Configurations.Select(Bare)).Append(Encoding.UTF8.GetBytes("node: { name: lac1 }\naccess: { a: { interfaces: [eth1], lns: 192.0.2.1, tunnel: t } }\ntunnels: { t: { secret: x } }\n"));

    protected override void Decode(ReadOnlySpan<byte> file, FeatureMap features)
    {
        var problems = new ConfigProblems();
        var tree = YamlFile.Parse("fuzz.yaml", file, problems);
        Require(tree is not null || problems.HasErrors, "a configuration is refused without a reason");
        if (tree is null)
        {
            foreach (var problem in problems.Sorted) features.Hit(110, Hash(problem.Message));
            return;
        }

        var result = LacConfigReader.Read([tree], Resolve, problems);
        Require(result.Config is null == result.Problems.Any(problem => problem.Severity == ConfigSeverity.Error), "a configuration with errors is taken, or one without is not");
        foreach (var problem in result.Problems) features.Hit(111, Hash(problem.Path) ^ Hash(problem.Message) << 1);
        if (result.Config is { } config) features.HitCount(112, config.Access.Length + config.Isps.Length);
    }

    /// <summary>Without comments: the shipped file comments most of its keys out, so each comment's sign goes.</summary>
    private static byte[] Bare(byte[] file) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(file).Replace("# ", "  ", StringComparison.Ordinal));

    private static string? Resolve(SecretSource source, string name, out Secret secret)
    {
        secret = Secret.FromText("secret");
        return null;
    }

    /// <summary>Digits say nothing new.</summary>
    private static int Hash(string text)
    {
        var hash = 0x811C9DC5u;
        foreach (var letter in text)
        {
            if (letter is '\'' or '"') break;
            if (!char.IsAsciiDigit(letter)) hash = (hash ^ letter) * 0x01000193;
        }

        return (int)hash;
    }
}

/// <summary>A recording, read line by line: a damaged one is refused with its line.</summary>
internal sealed class RecordingTarget() : MessageTarget("recording", Root.Octets)
{
    public override long AllocationLimit => 64 << 20;

    public override IEnumerable<byte[]> Seeds(SeedPool seeds) => seeds.Recordings.SelectMany(recording => (byte[][])[Head(recording, 3), Head(recording, 20)]);

    protected override void Decode(ReadOnlySpan<byte> file, FeatureMap features)
    {
        try
        {
            var reader = new RecordingReader(new StringReader(Encoding.UTF8.GetString(file)));
            foreach (var turn in reader.Turns())
            {
                features.Hit(120, turn.Input.GetType().Name.Length);
                features.HitCount(121, turn.Outputs.Count);
            }
        }
        catch (RecordingException refused)
        {
            foreach (var word in refused.Message.Split(' ').Take(8)) features.Hit(122, word.Length << 8 | word[0]);
        }
    }

    private static byte[] Head(byte[] file, int lines)
    {
        var end = 0;
        for (; lines > 0 && end < file.Length; end++)
        {
            if (file[end] == '\n') lines--;
        }

        return file[..end];
    }
}
