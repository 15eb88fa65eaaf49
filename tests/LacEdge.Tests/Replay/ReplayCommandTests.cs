using LacEdge.Tests.Cli;

namespace LacEdge.Tests.Replay;

public sealed class ReplayCommandTests
{
    private static readonly string _scenario = Path.Combine(ScenarioFolderTests.Root, "pcaps", SimulatedScenario.Name);

    private static string[] Captures => [Path.Combine(_scenario, "access.pcap"), Path.Combine(_scenario, "core.pcap")];
    private static string Recording => Path.Combine(_scenario, "recording.jsonl");

    [Fact]
    public async Task A_recording_and_captures_are_replayed_from_the_command_line()
    {
        var replay = await ProgramRun.RunAsync("replay", Recording);
        Assert.Equal((0, ""), (replay.Code, replay.Error));
        Assert.Contains("give the same", replay.Output, StringComparison.Ordinal);

        var config = Path.Combine(_scenario, "lacedge.yaml");
        var foreign = await ProgramRun.RunAsync(["replay", "--foreign", .. Captures, "--config", config, "-o", "json"]);
        Assert.Equal(0, foreign.Code);
        Assert.StartsWith("{\"same\":true,", foreign.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_configuration_the_secret_is_needed()
    {
        var without = await ProgramRun.RunAsync(["replay", "--foreign", .. Captures]);
        Assert.Equal(1, without.Code);
        Assert.EndsWith("the tunnel is authenticated; give its secret with --secret\n", without.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("give either a recording, or captures with --foreign", "replay")]
    [InlineData("give either a recording, or captures with --foreign", "replay", "a", "--foreign", "b")]
    [InlineData("--redact takes a recording, not captures", "replay", "--foreign", "b", "--redact", "c")]
    [InlineData("--config, --secret and --password go with --foreign", "replay", "a", "--secret", "s")]
    public async Task What_does_not_go_together_is_refused(string message, params string[] args)
    {
        var run = await ProgramRun.RunAsync(args);
        Assert.Equal(2, run.Code);
        Assert.StartsWith($"lacedge: {message}", run.Error, StringComparison.Ordinal);
    }
}
