using System.Text.RegularExpressions;
using LacEdge.Core.Config;
using LacEdge.Recording;

namespace LacEdge.Tests.Replay;

public sealed class RedactionTests
{
    [Theory]
    [InlineData(AvpHiding.None)]
    [InlineData(AvpHiding.Auto)]
    [InlineData(AvpHiding.Sensitive)]
    public void A_redacted_copy_holds_no_secret(AvpHiding hiding)
    {
        using var run = new SimulatedRun(hiding: hiding);
        var seed = new RecordingReader(new StringReader(run.Text)).Header.Seed.ToString();
        var secrets = new List<string> { SimulatedRun.Hex(SimulatedRun.TunnelSecret), SimulatedRun.Hex(SimulatedRun.Password), seed };
        secrets.AddRange(ChallengesAndResponses(run.Text));
        Assert.True(secrets.Count >= 3 + 4 * 2 + 2, "the run holds challenges and responses of two tunnels and of CHAP");
        Assert.All(secrets, secret => Assert.Contains(secret, run.Text, StringComparison.Ordinal));

        var copy = Redact(run);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, copy, StringComparison.Ordinal));
        Assert.DoesNotContain(SimulatedRun.TunnelSecret, copy, StringComparison.Ordinal);
        Assert.Contains("alice@isp-a.example", copy, StringComparison.Ordinal);
        Assert.Equal(run.Lines.Length, copy.TrimEnd('\n').Split('\n').Length);
    }

    [Fact]
    public void Data_of_subscribers_is_taken_out()
    {
        using var run = new SimulatedRun();
        // IPv4 from the subscriber's address, 10.1.0.1: the ping.
        const string ping = "ff0300214500";
        Assert.Contains(ping, run.Text, StringComparison.Ordinal);
        var copy = Redact(run);
        Assert.DoesNotContain(ping, copy, StringComparison.Ordinal);
        Assert.Contains("ff0300217878", copy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_redacted_copy_can_still_be_followed()
    {
        using var run = new SimulatedRun();
        var path = run.PathOf("redacted.jsonl");
        Assert.Equal(0, new ReplayRun(false, TextWriter.Null, TextWriter.Null).Redact(run.RecordingPath, path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));

        var output = new StringWriter { NewLine = "\n" };
        var code = new ReplayRun(false, output, TextWriter.Null).Replay(path);
        Assert.True(code == 0, output.ToString());
        var lines = output.ToString().TrimEnd().Split('\n');
        Assert.Equal($"{path} is redacted: messages are compared by kind and order, not by octets", lines[0]);
        Assert.Equal("  no difference", lines[^1]);
    }

    [Fact]
    public void A_redacted_copy_that_lacks_a_message_shows_a_difference()
    {
        using var run = new SimulatedRun();
        var lines = Redact(run).Split('\n').ToList();
        lines.RemoveAt(lines.FindIndex(l => l.StartsWith("{\"out\":\"datagram\"", StringComparison.Ordinal)
            && RecordText.Describe(l).Contains("L2TP ICCN", StringComparison.Ordinal)));
        var path = run.PathOf("changed.jsonl");
        File.WriteAllLines(path, lines.Where(l => l.Length > 0));
        var output = new StringWriter();
        Assert.Equal(5, new ReplayRun(false, output, TextWriter.Null).Replay(path));
        Assert.Contains("extra ICCN", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_existing_file_is_not_overwritten()
    {
        using var run = new SimulatedRun();
        var errors = new StringWriter();
        Assert.Equal(1, new ReplayRun(false, TextWriter.Null, errors).Redact(run.RecordingPath, run.RecordingPath));
        Assert.Contains("already exists", errors.ToString(), StringComparison.Ordinal);
        Assert.Equal(run.Text, File.ReadAllText(run.RecordingPath));
    }

    private static string Redact(SimulatedRun run)
    {
        var text = new System.Text.StringBuilder();
        using var writer = new RecordWriter(line => text.Append(System.Text.Encoding.UTF8.GetString(line.Span)));
        Redactor.Copy(new RecordingReader(new StringReader(run.Text)), writer);
        return text.ToString();
    }

    /// <summary>The values of AVPs 11 and 13 and of CHAP packets, by their framing.</summary>
    private static IEnumerable<string> ChallengesAndResponses(string text)
    {
        // CHAP: code 1 or 2, identifier, length, then a value of 16 octets.
        const string patterns = "80160000000[bd]([0-9a-f]{32})|c2230[12][0-9a-f]{6}10([0-9a-f]{32})";
        foreach (Match match in Regex.Matches(text, patterns)) yield return match.Groups[1].Value + match.Groups[2].Value;
    }
}
