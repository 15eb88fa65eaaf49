using System.CommandLine;

namespace LacEdge.Recording;

/// <summary><c>lacedge replay</c>: plays a recording, or the peers of a foreign LAC, against this program's own behaviour.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "Recording made by 'lacedge run --record'",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var output = new Option<string>("--output", "-o") { Description = "text or json", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        var redact = new Option<string?>("--redact") { Description = "Write a copy without secrets, to share, instead", HelpName = "OUT" };
        var foreign = new Option<string[]>("--foreign")
        {
            Description = "Captures of another LAC, its core side and, if there is one, its access side: play its peers against ours",
            HelpName = "CAPTURE",
            AllowMultipleArgumentsPerToken = true,
        };
        var config = new Option<string?>("--config") { Description = "Configuration for --foreign; else made to fit", HelpName = "FILE" };
        var secret = new Option<string?>("--secret") { Description = "Tunnel secret of the capture", HelpName = "TEXT" };
        var password = new Option<string?>("--password")
        {
            Description = "The subscribers' password, to answer our challenges truly",
            HelpName = "TEXT",
        };

        var command = new Command("replay", "Play a recording again and compare byte for byte; or put LacEdge in the place of another LAC")
        {
            file, output, redact, foreign, config, secret, password,
        };
        command.Validators.Add(result =>
        {
            var captures = result.GetValue(foreign) is { Length: > 0 };
            if (captures == result.GetValue(file) is not null) result.AddError("give either a recording, or captures with --foreign");
            if (captures && result.GetValue(redact) is not null) result.AddError("--redact takes a recording, not captures");
            var forCaptures = result.GetValue(config) ?? result.GetValue(secret) ?? result.GetValue(password);
            if (!captures && forCaptures is not null) result.AddError("--config, --secret and --password go with --foreign");
        });
        command.SetAction(result =>
        {
            var console = result.InvocationConfiguration;
            var run = new ReplayRun(result.GetValue(output) == "json", console.Output, console.Error);
            if (result.GetValue(foreign) is { Length: > 0 } captures)
            {
                return run.Foreign(captures, result.GetValue(config), result.GetValue(secret) ?? "", result.GetValue(password) ?? "");
            }

            var recording = result.GetValue(file)!;
            return result.GetValue(redact) is { } copy ? run.Redact(recording, copy) : run.Replay(recording);
        });
        return command;
    }
}
