using System.CommandLine;
using LacEdge.Api;

namespace LacEdge.Cli;

/// <summary><c>lacedge clear session ID</c>: ends one subscriber session.</summary>
internal static class ClearCommand
{
    public static Command Create()
    {
        var id = DaemonOptions.SessionId();
        var reason = new Option<string>("--reason")
        {
            Description = "Why: goes into the log and to the LNS",
            HelpName = "TEXT",
            DefaultValueFactory = _ => "",
        };
        var socket = DaemonOptions.Socket();
        var session = new Command("session", "End one subscriber session: the LNS and the subscriber are told") { id, reason, socket };
        session.SetAction(async (result, cancel) =>
        {
            using var api = new ApiClient(result.GetValue(socket)!);
            var cleared = await api.ClearSessionAsync(result.GetValue(id), result.GetValue(reason)!, cancel);
            await result.InvocationConfiguration.Output.WriteLineAsync($"session {cleared.Id} cleared");
            return ExitCode.Ok;
        });
        return new Command("clear", "End what the running LacEdge has") { session };
    }
}
