using System.CommandLine;
using LacEdge.Core.Config;

namespace LacEdge.Cli;

/// <summary><c>lacedge config reference</c>: the key table for people.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        var reference = new Command("reference", "Every key of the configuration: type, default, what a change costs");
        reference.SetAction(result => WriteReference(result.InvocationConfiguration.Output));
        return new Command("config", "About the configuration") { reference };
    }

    private static void WriteReference(TextWriter output)
    {
        foreach (var key in KeyTable.All.Where(key => !key.Planned))
        {
            output.WriteLine(key.Path.Replace(".[]", "[]", StringComparison.Ordinal).Replace("*", "<name>", StringComparison.Ordinal));
            output.WriteLine($"    {key.Description}.");
            string?[] facts =
            [
                key.Type?.Expected,
                key.Default is { } standard ? $"default {standard.TrimStart('=', ' ')}" : null,
                key.Required ? "required" : null,
                key.Type is { IsSecret: true } ? "secret" : null,
                key.Type is null ? null : $"change: {Api.ApiWords.Value(key.Reload)}",
            ];
            if (facts.Any(fact => fact is not null)) output.WriteLine($"    {string.Join("; ", facts.OfType<string>())}");
        }
    }
}
