using System.CommandLine;
using LacEdge.Api;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Cli;

/// <summary><c>lacedge clear session ID</c>: ends one subscriber session. <c>lacedge clear lockout MAC|all</c>: answers lines again.
/// <c>lacedge clear lns NAME</c>: sends it all AVPs again.</summary>
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
        return new Command("clear", "End what the running LacEdge has") { session, Lockout(), Lns() };
    }

    private static Command Lns()
    {
        var name = new Argument<string>("NAME") { Description = "The LNS, as in 'lacedge show lns'" };
        var socket = DaemonOptions.Socket();
        var command = new Command("lns", "Forget which AVPs an LNS does not know: they are sent again") { name, socket };
        command.SetAction(async (result, cancel) =>
        {
            using var api = new ApiClient(result.GetValue(socket)!);
            var cleared = await api.ClearAdaptationsAsync(result.GetValue(name)!, cancel);
            await result.InvocationConfiguration.Output.WriteLineAsync($"LNS {cleared.Lns} is sent all AVPs again");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Lockout()
    {
        var line = new Argument<string>("MAC") { Description = "The subscriber's MAC address, on all its lines; or 'all'" };
        line.Validators.Add(result =>
        {
            var text = result.Tokens[0].Value;
            if (text != "all" && !MacAddress.TryParse(text, out _)) result.AddError($"'{text}' is not a MAC address like 00:53:00:11:22:33, nor 'all'");
        });
        var socket = DaemonOptions.Socket();
        var command = new Command("lockout", "Answer lines again that 'lacedge show lockouts' shows") { line, socket };
        command.SetAction(async (result, cancel) =>
        {
            using var api = new ApiClient(result.GetValue(socket)!);
            var cleared = await api.ClearLockoutsAsync(MacAddress.TryParse(result.GetValue(line), out var mac) ? mac : null, cancel);
            await result.InvocationConfiguration.Output.WriteLineAsync($"{cleared.Lines} {(cleared.Lines == 1 ? "line is" : "lines are")} answered again");
            return ExitCode.Ok;
        });
        return command;
    }
}
