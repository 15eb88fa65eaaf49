using System.Text.Json.Nodes;
using LacEdge.Recording;
using LacEdge.Simulator;

namespace LacEdge.Tests.Replay;

public sealed class ReplayTests
{
    private static readonly LinkFaults _bad = LinkFaults.Perfect with
    {
        Loss = 0.1,
        Duplication = 0.1,
        Delay = TimeSpan.FromMilliseconds(20),
        Jitter = TimeSpan.FromMilliseconds(40),
    };

    [Fact]
    public void A_recorded_run_is_the_same_when_it_is_played_again()
    {
        using var run = new SimulatedRun();
        var result = SimulatedRun.Replay(run.Text);

        Assert.True(result.Same, Describe(result));
        Assert.Equal("stopped", result.End);
        Assert.Equal(run.Lines.Count(l => l.StartsWith("{\"in\":", StringComparison.Ordinal)), result.Inputs);
        Assert.Equal(run.Lines.Count(l => l.StartsWith("{\"out\":", StringComparison.Ordinal)), result.Outputs);
        // Something has to have happened for this to mean anything.
        foreach (var kind in (string[])["frame", "datagram", "open-socket", "close-socket", "forwarding", "event"])
        {
            Assert.Contains(run.Lines, l => l.StartsWith($"{{\"out\":\"{kind}\"", StringComparison.Ordinal));
        }

        foreach (var happened in (string[])["session-up", "session-down", "session-failed", "tunnel-up", "tunnel-down"])
        {
            Assert.Contains($"\"kind\":\"{happened}\"", run.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_run_over_bad_links_is_the_same_when_it_is_played_again()
    {
        using var run = new SimulatedRun(seed: 5, _bad);
        var result = SimulatedRun.Replay(run.Text);
        Assert.True(result.Same, Describe(result));
        Assert.Contains("\"in\":\"timeout\"", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_gives_the_same_recording_and_another_seed_another()
    {
        using var first = new SimulatedRun(seed: 3, _bad);
        using var second = new SimulatedRun(seed: 3, _bad);
        using var third = new SimulatedRun(seed: 4, _bad);
        Assert.Equal(first.Text, second.Text);
        Assert.NotEqual(first.Text, third.Text);
    }

    [Fact]
    public void One_changed_octet_of_an_output_is_found_and_named()
    {
        using var run = new SimulatedRun();
        var lines = run.Lines;
        var at = IndexOf(lines, "{\"out\":\"datagram\"", "");
        // The framing capabilities of SCCRQ: AVP 3, of 4 octets.
        lines[at] = Replace(lines[at], "800a00000003" + "00000003", "800a00000003" + "00000001");

        var result = SimulatedRun.Replay(string.Join('\n', lines));
        Assert.False(result.Same);
        Assert.Equal(at + 1, result.Difference!.Turn.Outputs[result.Difference.Output - 1].Line);
        var field = Assert.Single(RecordText.Compare(result.Difference.Recorded!, result.Difference.Replayed!));
        Assert.Equal(new FieldDifference("l2tp.avps[3 Framing Capabilities].value", "00000001", "00000003"), field);
        Assert.Contains("L2TP SCCRQ", RecordText.Describe(result.Difference.Recorded!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("frame", "c0210101", "c0210102", "ppp.id", "2", "1")]
    [InlineData("frame", "8863110700", "8863111900", "pppoe.code", "25", "7")]
    [InlineData("event", "\"kind\":\"tunnel-up\"", "\"kind\":\"tunnel-down\"", "event", null, null)]
    [InlineData("open-socket", ":1701", ":1702", "local", ":1702", ":1701")]
    public void Changes_in_frames_and_in_other_outputs_are_named(
        string kind, string old, string changed, string field, string? recorded, string? replayed)
    {
        using var run = new SimulatedRun();
        var lines = run.Lines;
        var at = IndexOf(lines, $"{{\"out\":\"{kind}\"", old);
        lines[at] = Replace(lines[at], old, changed);

        var difference = SimulatedRun.Replay(string.Join('\n', lines)).Difference!;
        var first = RecordText.Compare(difference.Recorded!, difference.Replayed!)[0];
        Assert.StartsWith(field, first.Path, StringComparison.Ordinal);
        if (recorded is not null) Assert.Equal((recorded, replayed), (first.Recorded, first.Replayed));
    }

    [Fact]
    public void A_changed_input_leads_to_a_difference()
    {
        using var run = new SimulatedRun();
        var lines = run.Lines;
        var sccrp = IndexOf(lines, "{\"in\":\"datagram\"", "");
        // The LNS's tunnel id, to which our SCCCN goes.
        const string assignedTunnelId = "800800000009";
        var at = lines[sccrp].IndexOf(assignedTunnelId, StringComparison.Ordinal) + assignedTunnelId.Length;
        lines[sccrp] = lines[sccrp][..at] + (lines[sccrp][at] == '7' ? '6' : '7') + lines[sccrp][(at + 1)..];

        var difference = SimulatedRun.Replay(string.Join('\n', lines)).Difference;
        Assert.NotNull(difference);
        Assert.Equal(sccrp + 1, difference.Turn.Line);
        Assert.Contains("l2tp.tunnel_id", RecordText.Compare(difference.Recorded!, difference.Replayed!).Select(f => f.Path));
    }

    [Fact]
    public void Outputs_that_are_missing_or_too_many_are_differences()
    {
        using var run = new SimulatedRun();
        var pado = IndexOf(run.Lines, "{\"out\":\"frame\"", "");

        var without = SimulatedRun.Replay(string.Join('\n', run.Lines.Where((_, i) => i != pado))).Difference!;
        Assert.Null(without.Recorded);
        Assert.Contains("PADO", RecordText.Describe(without.Replayed!), StringComparison.Ordinal);

        var twice = SimulatedRun.Replay(string.Join('\n', run.Lines.SelectMany((l, i) => i == pado ? [l, l] : (string[])[l]))).Difference!;
        Assert.Null(twice.Replayed);
        Assert.Equal(2, twice.Output);
    }

    [Fact]
    public void A_recording_that_breaks_off_between_two_lines_is_played_as_far_as_it_goes()
    {
        using var run = new SimulatedRun();
        for (var lines = 1; lines < 60; lines++)
        {
            var result = SimulatedRun.Replay(string.Join('\n', run.Lines.Take(lines)));
            Assert.True(result.Same, Describe(result));
            Assert.Null(result.End);
        }
    }

    [Fact]
    public void A_recording_that_breaks_off_in_a_line_says_so()
    {
        using var run = new SimulatedRun();
        var half = run.Text[..(run.Text.IndexOf("\"out\":\"datagram\"", StringComparison.Ordinal) + 40)];
        var error = Assert.Throws<RecordingException>(() => SimulatedRun.Replay(half));
        Assert.EndsWith("the recording breaks off in the middle of a record", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_prints_what_differs_and_exits_with_5()
    {
        using var run = new SimulatedRun();
        Assert.Equal((0, "", true), Command(run.RecordingPath, out var same));
        Assert.Contains("give the same", same, StringComparison.Ordinal);

        var changed = run.PathOf("changed.jsonl");
        File.WriteAllText(changed, Replace(run.Text, "800a00000003" + "00000003", "800a00000003" + "00000001"));
        Assert.Equal((5, "", true), Command(changed, out var different));
        const string field = "l2tp.avps[3 Framing Capabilities].value: recorded 00000001, replayed 00000003";
        Assert.Contains(field, different, StringComparison.Ordinal);
        Assert.DoesNotContain(SimulatedRun.Password, different, StringComparison.Ordinal);

        var none = run.PathOf("none");
        Assert.Equal((1, $"lacedge: {none}: Could not find file '{none}'.\n", false), Command(none, out _));
        File.WriteAllText(changed, "hello");
        Assert.Equal((1, $"lacedge: {changed}: line 1: this is not a LacEdge recording\n", false), Command(changed, out _));
    }

    [Fact]
    public void The_command_tells_programs_in_json()
    {
        using var run = new SimulatedRun();
        var changed = run.PathOf("changed.jsonl");
        File.WriteAllText(changed, Replace(run.Text, "800a00000003" + "00000003", "800a00000003" + "00000001"));
        var output = new StringWriter();
        Assert.Equal(5, new ReplayRun(true, output, TextWriter.Null).Replay(changed));
        var json = JsonNode.Parse(output.ToString())!;
        Assert.False(json["same"]!.GetValue<bool>());
        Assert.Equal("l2tp.avps[3 Framing Capabilities].value", json["difference"]!["fields"]![0]!["field"]!.GetValue<string>());
        Assert.Equal("00000001", json["difference"]!["fields"]![0]!["recorded"]!.GetValue<string>());
    }

    private static (int Code, string Errors, bool HasOutput) Command(string path, out string output)
    {
        using var text = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        var code = new ReplayRun(false, text, errors).Replay(path);
        output = text.ToString();
        return (code, errors.ToString(), output.Length > 0);
    }

    /// <summary>The first occurrence, which has to be there.</summary>
    private static string Replace(string text, string old, string changed)
    {
        var at = text.IndexOf(old, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{old} is not in the text");
        return text[..at] + changed + text[(at + old.Length)..];
    }

    private static int IndexOf(string[] lines, string start, string part)
    {
        var at = Array.FindIndex(lines, l => l.StartsWith(start, StringComparison.Ordinal) && l.Contains(part, StringComparison.Ordinal));
        Assert.True(at >= 0, $"no line {start} with {part}");
        return at;
    }

    private static string Describe(ReplayResult result) => result.Difference is { } d
        ? $"line {d.Turn.Line}: {Describe(d.Recorded)} / {Describe(d.Replayed)}" : "same";

    private static string Describe(string? line) => line is null ? "nothing" : RecordText.Describe(line);
}
