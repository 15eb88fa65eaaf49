using LacEdge.Cli;
using LacEdge.Core.Config;
using LacEdge.Tests.Configuration;

namespace LacEdge.Tests.Cli;

public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "lacedge: Required command was not provided.\nSee: lacedge --help\n")]
    [InlineData("show", "lacedge: Required command was not provided.\nSee: lacedge show --help\n")]
    [InlineData("shwo", "lacedge: Unrecognized command or argument 'shwo'.\nSee: lacedge --help\n")]
    [InlineData("check", "lacedge: Required argument missing for command: 'check'.\nSee: lacedge check --help\n")]
    public async Task A_wrong_command_line_is_exit_2(string args, string expected) =>
        Assert.Equal((2, "", expected), await ProgramRun.RunAsync(args.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Theory]
    [InlineData("--help")]
    [InlineData("show --help")]
    [InlineData("clear session -h")]
    public async Task Help_is_exit_0(string args)
    {
        var (code, output, error) = await ProgramRun.RunAsync(args.Split(' '));
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("Usage:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_says_what_a_valid_configuration_holds()
    {
        var file = _folder.Write("lacedge.yaml", ConfigText.Valid());
        Assert.Equal((0, $"{file}: valid: 1 access service, 1 interface, 1 ISP, 1 LNS, 1 tunnel profile\n", ""), await ProgramRun.RunAsync("check", file));
    }

    [Fact]
    public async Task Check_tells_all_problems_of_all_files()
    {
        var (good, bad) = (_folder.Write("good.yaml", ConfigText.Valid()), _folder.Write("bad.yaml", ConfigText.Valid("steerin: x", "limits: { tunnels: 0 }")));
        var expected = $"""
            {good}: valid: 1 access service, 1 interface, 1 ISP, 1 LNS, 1 tunnel profile
            {bad}:6:5: error: access.residential.steerin: unknown key (did you mean 'steering'?)
            {bad}:15:3: warning: tunnels.wholesale: without a secret the PAP passwords of access service 'residential' cross to the LNS in the clear
            {bad}:16:20: error: limits.tunnels: expected a whole number from 1 to 65000, found '0'
            2 errors, 1 warning

            """;
        Assert.Equal((1, expected, ""), await ProgramRun.RunAsync("check", good, bad));
    }

    [Fact]
    public async Task Check_as_JSON()
    {
        var file = _folder.Write("bad.yaml", ConfigText.Valid(more: "limits: { tunnels: 0 }"));
        var expected = $$"""
            {
              "valid": false,
              "errors": 1,
              "warnings": 0,
              "problems": [
                {
                  "severity": "error",
                  "file": "{{file}}",
                  "line": 16,
                  "column": 20,
                  "path": "limits.tunnels",
                  "message": "expected a whole number from 1 to 65000, found \u00270\u0027"
                }
              ]
            }

            """;
        Assert.Equal((1, expected, ""), await ProgramRun.RunAsync("check", "-o", "json", file));
    }

    [Fact]
    public async Task Check_as_annotations()
    {
        var file = _folder.Write("a,b.yaml", "node: { name: \"%\\n\", x: }");
        var (code, output, _) = await ProgramRun.RunAsync("check", "-o", "github", file);
        var name = file.Replace(",", "%2C", StringComparison.Ordinal);
        Assert.Equal(1, code);
        Assert.Equal(
            [
                $"::error file={name},line=1,col=1::the key 'access' is missing",
                $"::error file={name},line=1,col=15::node.name: expected a text of 1 to 64 octets, found '%25?'",
                $"::error file={name},line=1,col=22::node.x: unknown key",
            ],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Warnings_fail_only_when_strict()
    {
        var file = _folder.Write("lacedge.yaml", ConfigText.Valid(more: "  spare: {}"));
        Assert.Equal(0, (await ProgramRun.RunAsync("check", file)).Code);
        var (code, output, _) = await ProgramRun.RunAsync("check", "--strict", file);
        Assert.Equal(5, code);
        Assert.EndsWith("0 errors, 1 warning\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_reference_tells_of_every_key()
    {
        var (code, output, _) = await ProgramRun.RunAsync("config", "reference");
        Assert.Equal(0, code);
        Assert.Contains(
            "isps.<name>.lns.<name>.weight\n    Share of the subscribers among LNSes of equal preference.\n"
            + "    a whole number from 1 to 10000; default 1; change: new-sessions\n", output, StringComparison.Ordinal);
        Assert.Equal(KeyTable.All.Count(key => !key.Planned), output.Split('\n').Count(line => line.Length > 0 && line[0] != ' '));
        Assert.DoesNotContain("xdp", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(59.9, "59s")]
    [InlineData(60, "1m00s")]
    [InlineData(3599, "59m59s")]
    [InlineData(3600, "1h00m")]
    [InlineData(86399, "23h59m")]
    [InlineData(90000, "1d01h")]
    [InlineData(-5, "0s")]
    public void Durations_are_short(double seconds, string expected) => Assert.Equal(expected, Human.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "0B")]
    [InlineData(999, "999B")]
    [InlineData(1000, "1.00kB")]
    [InlineData(9_994, "9.99kB")]
    [InlineData(9_999, "10.0kB")]
    [InlineData(99_960, "100kB")]
    [InlineData(999_499, "999kB")]
    [InlineData(999_500, "1.00MB")]
    [InlineData(ulong.MaxValue, "18447PB")]
    public void Octets_have_three_digits(ulong octets, string expected) => Assert.Equal(expected, Human.Octets(octets));
}
