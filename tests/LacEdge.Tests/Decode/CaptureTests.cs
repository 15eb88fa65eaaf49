using System.Globalization;
using System.Text.RegularExpressions;
using LacEdge.Decode;
using LacEdge.Wire;
using LacEdge.Wire.Ppp;

namespace LacEdge.Tests.Decode;

/// <summary>Captures of real equipment, with what another decoder found in them.</summary>
public sealed partial class CaptureTests
{
    [CapturesFact]
    public void Every_capture_says_what_its_expectations_say()
    {
        var problems = new List<string>();
        var checkedFiles = 0;
        foreach (var file in Captures.Files)
        {
            var path = Path.Combine(Captures.Folder!, file + ".expected.txt");
            if (!File.Exists(path)) continue;
            checkedFiles++;
            var (frames, error) = Captures.Decode(file);
            if (error != DecodeError.None) problems.Add($"{file}: {error}");
            problems.AddRange(Compare(File.ReadAllLines(path), frames).Select(p => $"{file} {p}"));
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems.Take(50)));
        Assert.True(checkedFiles > 40, $"only {checkedFiles} captures found");
    }

    [CapturesFact]
    public void Captures_of_real_peers_hold_no_error()
    {
        var problems = new List<string>();
        var control = 0;
        foreach (var file in Captures.Files.Where(f => f.StartsWith("peers/", StringComparison.Ordinal)))
        {
            var (frames, error) = Captures.Decode(file);
            if (error != DecodeError.None) problems.Add($"{file}: {error}");
            problems.AddRange(frames.Where(f => f.Error != DecodeError.None).Select(f => $"{file} #{f.Number}: {f.Error}"));
            control += frames.Count(f => f.L2tp?.MessageType is not null);
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems.Take(50)));
        Assert.True(control > 40, $"only {control} control messages");
    }

    [CapturesFact]
    public void Cut_and_damaged_captures_never_throw()
    {
        // Every 29th octet of the smaller files flipped, one after the other; files cut at the same places.
        foreach (var file in Captures.Files)
        {
            var octets = File.ReadAllBytes(Path.Combine(Captures.Folder!, file));
            if (octets.Length > 3_000) continue;
            for (var at = 0; at < octets.Length; at += 29)
            {
                DecodeAll(octets.AsMemory(0, at));
                octets[at] ^= (byte)(1 << at % 8);
                DecodeAll(octets);
                octets[at] ^= (byte)(1 << at % 8);
            }
        }
    }

    private static void DecodeAll(ReadOnlyMemory<byte> file)
    {
        var decoder = new FrameDecoder();
        var text = new TextFormat();
        using var stream = new MemoryStream(file.ToArray());
        CaptureFile.Read(stream, (number, in record) => text.Line(decoder.Decode(number, record)));
    }

    private static IEnumerable<string> Compare(string[] lines, List<DecodedFrame> frames)
    {
        var count = int.Parse(FrameCountPattern().Match(string.Join('\n', lines)).Groups[1].Value, CultureInfo.InvariantCulture);
        if (frames.Count != count) yield return $"{frames.Count} frames, not {count}";
        var itemised = lines.Where(l => ItemPattern().IsMatch(l)).Select(ExpectedFrame.Parse).ToList();
        foreach (var expected in itemised)
        {
            foreach (var difference in expected.Differences(frames[expected.Number - 1])) yield return $"#{expected.Number} {difference}";
        }

        var numbers = itemised.Select(e => e.Number).ToHashSet();
        var rest = frames.Where(f => !numbers.Contains((int)f.Number)).ToList();
        foreach (var frame in rest)
        {
            if (frame.Error != DecodeError.None) yield return $"#{frame.Number} {frame.Error}";
            if (frame.Radius is not null || frame.L2tp is { IsControl: true } || frame.Pppoe?.Tags is not null || frame.Ppp?.Code is not null)
            {
                yield return $"#{frame.Number} says more than expected: {TextFormat.Message(frame)}";
            }
        }

        // Data inside of GRE is counted there, but left alone here.
        if (itemised.Exists(e => e.IsGre)) yield break;
        var data = rest.Where(f => f.Ppp is not null).GroupBy(f => DataName(f.Ppp!.Protocol)).Select(g => $"data-{g.Key}={g.Count()}").Order(StringComparer.Ordinal);
        var listed = DataPattern().Matches(lines.FirstOrDefault(l => l.StartsWith("# not itemised", StringComparison.Ordinal)) ?? "")
            .Select(m => m.Value).Order(StringComparer.Ordinal);
        if (!data.SequenceEqual(listed)) yield return $"data frames {string.Join(' ', data)}, not {string.Join(' ', listed)}";
    }

    private static string DataName(PppProtocol protocol) => protocol switch
    {
        PppProtocol.Ipv4 => "ipv4",
        PppProtocol.Ipv6 => "ipv6",
        _ => $"{(int)protocol:x4}",
    };

    [GeneratedRegex(@"frames: (\d+)")]
    private static partial Regex FrameCountPattern();

    [GeneratedRegex(@"^#\d+ ")]
    private static partial Regex ItemPattern();

    [GeneratedRegex(@"data-\w+=\d+")]
    private static partial Regex DataPattern();
}
