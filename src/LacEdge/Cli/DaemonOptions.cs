using System.CommandLine;
using LacEdge.Core;
using LacEdge.Core.Config;

namespace LacEdge.Cli;

/// <summary>Options and arguments of every command that asks the running LacEdge.</summary>
internal static class DaemonOptions
{
    public static Option<string> Socket() => new("--socket")
    {
        Description = "Control socket of the running LacEdge (or $LACEDGE_SOCKET)",
        HelpName = "PATH",
        DefaultValueFactory = _ => FromEnvironment is { Length: > 0 } socket ? socket : new ControlConfig().Socket,
    };

    private static string? FromEnvironment => Environment.GetEnvironmentVariable("LACEDGE_SOCKET");

    public static Argument<SessionKey> SessionId() => new("ID")
    {
        Description = "The session, as 'lacedge show sessions' prints it: 7-10447",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!SessionKey.TryParse(text, out var key)) result.AddError($"'{text}' is not a session id like 7-10447");
            return key;
        },
    };

    public static Option<OutputFormat> Output()
    {
        var option = new Option<OutputFormat>("--output", "-o")
        {
            Description = "table for people; json, jsonl and csv hold every field, raw",
            HelpName = "table|json|jsonl|csv",
            CustomParser = result => result.Tokens[0].Value switch
            {
                "table" => OutputFormat.Table,
                "json" => OutputFormat.Json,
                "jsonl" => OutputFormat.JsonLines,
                "csv" => OutputFormat.Csv,
                _ => OutputFormat.Table,
            },
            DefaultValueFactory = _ => OutputFormat.Table,
        };
        option.AcceptOnlyFromAmong("table", "json", "jsonl", "csv");
        return option;
    }
}
