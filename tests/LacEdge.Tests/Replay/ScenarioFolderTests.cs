using LacEdge.Configuration;
using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Recording;
using LacEdge.Recording.Scenarios;

namespace LacEdge.Tests.Replay;

/// <summary>
/// The scenarios in <c>pcaps</c>, see its README. UPDATE_GOLDENS=1 makes their recordings anew: from the captured peers, with the
/// LAC as it is now.
/// </summary>
public sealed class ScenarioFolderTests
{
    public static string Root { get; } = FindRoot();
    private static readonly bool _update = Environment.GetEnvironmentVariable("UPDATE_GOLDENS") == "1";
    private static readonly byte[] _seed = [.. Enumerable.Range(1, RandomStreams.SeedSize).Select(i => (byte)i)];

    public static TheoryData<string> Scenarios
    {
        get
        {
            if (_update) SimulatedScenario.Write(Path.Combine(Root, "pcaps", SimulatedScenario.Name));
            var folders = Directory.GetDirectories(Path.Combine(Root, "pcaps"));
            return [.. folders.Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];
        }
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void The_peers_of_a_scenario_get_from_ours_what_they_got_when_it_was_recorded(string name)
    {
        var report = Play(name, null);
        Assert.True(report.Same, string.Join('\n', report.Differences));
        Assert.True(report.Compared >= 10, $"only {report.Compared} messages compared");
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void A_scenarios_recording_is_the_same_byte_for_byte(string name)
    {
        var path = FileOf(name, "recording.jsonl");
        if (_update)
        {
            File.Delete(path);
            Play(name, path);
        }

        var result = SimulatedRun.Replay(File.ReadAllText(path));
        Assert.True(result.Same, result.Difference is not { } d ? "" : $"""
            {name}: what LacEdge sends has changed. If that is wanted: UPDATE_GOLDENS=1 ./dev check
            line {d.Turn.Line}: {RecordText.Describe(RecordText.LineOf(d.Turn.Input))}
            recorded {(d.Recorded is null ? "nothing" : RecordText.Describe(d.Recorded))}
            replayed {(d.Replayed is null ? "nothing" : RecordText.Describe(d.Replayed))}
            """);
        Assert.NotNull(result.End);
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void A_scenario_is_small_and_holds_no_path_of_the_machine_it_comes_from(string name)
    {
        var folder = Path.Combine(Root, "pcaps", name);
        string[] expected = ["access.pcap", "core.pcap", "lacedge.yaml", "recording.jsonl"];
        Assert.Equal(expected, Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.True(Directory.GetFiles(folder).Sum(f => new FileInfo(f).Length) < 256 * 1024, "the files are too large to keep");
        foreach (var file in (string[])["lacedge.yaml", "recording.jsonl"])
        {
            // Where the interop runs keep the running LacEdge's files: always the same.
            var text = File.ReadAllText(FileOf(name, file)).Replace($"/tmp/lacedge-scenario-{name}/", "", StringComparison.Ordinal);
            Assert.DoesNotContain("/tmp/", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_order_of_AVPs_does_not_matter()
    {
        using var edit = new CaptureEdit();
        // SCCRQ: Protocol Version and Framing Capabilities change places.
        var core = edit.Write(FileOf(SimulatedScenario.Name, "core.pcap"), frames => CaptureEdit.Change(frames, 0, f => CaptureEdit.Replace(
            f, "8008000000020100" + "800a00000003" + "00000003", "800a00000003" + "00000003" + "8008000000020100")));
        Assert.Empty(Play(ConfigOf(SimulatedScenario.Name), [FileOf(SimulatedScenario.Name, "access.pcap"), core]).Differences);
    }

    [Fact]
    public void A_LAC_that_behaves_differently_is_noticed()
    {
        string[] captures = [FileOf(SimulatedScenario.Name, "access.pcap"), FileOf(SimulatedScenario.Name, "core.pcap")];
        var config = ConfigOf(SimulatedScenario.Name);
        Assert.Empty(Play(config, captures).Differences);

        var papOnly = config with { Access = [config.Access[0] with { Authentication = [AuthenticationProtocol.Pap] }] };
        Assert.Contains(Play(papOnly, captures).Differences, d => d is { Kind: ScenarioDifferenceKind.Missing, Message: "CHAP Challenge" });

        var elsewhere = config with { Isps = [config.Isps[0], config.Isps[1] with { Realms = ["isp3.example"] }] };
        Assert.Contains(Play(elsewhere, captures).Differences, d => d is { Kind: ScenarioDifferenceKind.Missing, Message: "SCCRQ" });

        var small = config with { Access = [config.Access[0] with { Ppp = config.Access[0].Ppp with { Mru = 1000 } }] };
        Assert.Contains(Play(small, captures).Differences, d => d is { Kind: ScenarioDifferenceKind.Extra, Message: "LCP Configure-Nak" });
    }

    private static ScenarioReport Play(string name, string? recordTo) =>
        Play(ConfigOf(name), [FileOf(name, "access.pcap"), FileOf(name, "core.pcap")], recordTo);

    private static ScenarioReport Play(LacConfig config, string[] captures, string? recordTo = null) =>
        ReplayRun.PlayForeign(captures, config, [], [], _seed, recordTo);

    private static LacConfig ConfigOf(string name)
    {
        var read = ConfigFile.Load(FileOf(name, "lacedge.yaml"));
        Assert.True(read.Config is not null, string.Join('\n', read.Problems));
        return read.Config;
    }

    private static string FileOf(string name, string file) => Path.Combine(Root, "pcaps", name, file);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LacEdge.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("LacEdge.sln is not above the test's folder");
    }
}
