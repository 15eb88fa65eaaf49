using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using LacEdge.Configuration;
using LacEdge.Core.Config;

namespace LacEdge.Cli;

/// <summary><c>lacedge check F...</c>: everything that is wrong with configurations, offline.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Main configuration files; conf.d beside each is read too",
            Arity = ArgumentArity.OneOrMore,
        };
        var format = new Option<string>("--output", "-o")
        {
            Description = "text: a line a problem; json: one object; github: annotations for a workflow",
            HelpName = "text|json|github",
            DefaultValueFactory = _ => "text",
        };
        format.AcceptOnlyFromAmong("text", "json", "github");
        var strict = new Option<bool>("--strict") { Description = "Warnings fail too (exit 5)" };
        var command = new Command("check", "Check configuration files") { files, format, strict };
        command.SetAction(result =>
        {
            var results = result.GetValue(files)!.Select(file => (File: file, Result: ConfigFile.Load(file))).ToList();
            var report = new CheckReport(results.SelectMany(one => one.Result.Problems));
            var output = result.InvocationConfiguration.Output;
            switch (result.GetValue(format))
            {
                case "json": WriteJson(report, output); break;
                case "github": WriteGithub(report, output); break;
                default: WriteText(report, results, output); break;
            }

            if (report.Errors > 0) return ExitCode.Failed;
            return report.Warnings > 0 && result.GetValue(strict) ? ExitCode.Warnings : ExitCode.Ok;
        });
        return command;
    }

    private static void WriteText(CheckReport report, IEnumerable<(string File, ConfigResult Result)> results, TextWriter output)
    {
        foreach (var (file, result) in results)
        {
            foreach (var problem in result.Problems) output.WriteLine(problem);
            if (result.Config is { } config) output.WriteLine($"{file}: valid: {Summary(config)}");
        }

        if (report.Problems.Count > 0) output.WriteLine($"{Count(report.Errors, "error")}, {Count(report.Warnings, "warning")}");
    }

    private static string Summary(LacConfig config) => string.Join(", ",
        Count(config.Access.Length, "access service"), Count(config.AccessInterfaces.Length, "interface"), Count(config.Isps.Length, "ISP"),
        Count(config.Isps.Sum(isp => isp.Lns.Length), "LNS", "LNSes"), Count(config.Tunnels.Length, "tunnel profile"));

    private static string Count(int number, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {(number == 1 ? one : many ?? one + "s")}");

    private static void WriteJson(CheckReport report, TextWriter output) =>
        output.WriteLine(JsonSerializer.Serialize(report, DocumentJson.Default.CheckReport));

    private static void WriteGithub(CheckReport report, TextWriter output)
    {
        foreach (var problem in report.Problems)
        {
            var text = problem.Path.Length > 0 ? $"{problem.Path}: {problem.Message}" : problem.Message;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"::{problem.Severity} file={Property(problem.File)},line={problem.Line},col={problem.Column}::{Data(text)}"));
        }
    }

    private static string Data(string text) => Escape(text, "%\r\n");
    private static string Property(string text) => Escape(text, "%\r\n:,");

    /// <summary>What means something in a workflow command becomes %XX.</summary>
    private static string Escape(string text, string special) =>
        string.Concat(text.Select(c => special.Contains(c, StringComparison.Ordinal) ? $"%{(int)c:X2}" : c.ToString()));
}

/// <summary>What a check found, as JSON.</summary>
internal sealed class CheckReport(IEnumerable<ConfigProblem> problems)
{
    public bool Valid => Errors == 0;
    public int Errors => Problems.Count(problem => problem.Severity == "error");
    public int Warnings => Problems.Count - Errors;
    public IReadOnlyList<Problem> Problems { get; } =
        [.. problems.Select(p => new Problem(p.SeverityName, p.Place.File, p.Place.Line, p.Place.Column, p.Path, p.Message))];

    internal sealed record Problem(string Severity, string File, int Line, int Column, string Path, string Message);
}
