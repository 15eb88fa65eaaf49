using System.CommandLine;
using System.CommandLine.Invocation;
using LacEdge.Decode;
using LacEdge.Hosting;
using LacEdge.Lab;
using LacEdge.Recording;
using LacEdge.Linux;

namespace LacEdge.Cli;

/// <summary>The one program's commands, and how any of them ends.</summary>
internal static class CommandLine
{
    /// <summary>EPIPE: who reads our output has seen enough.</summary>
    private const int BrokenPipe = 32;
    /// <summary>In the parser's words.</summary>
    private const string MissingCommand = "Required command was not provided.";

    public static RootCommand Create(TimeProvider clock) => new("PPPoE access concentrator and L2TP LAC")
    {
        RunCommand.Create(),
        CheckCommand.Create(),
        ConfigCommand.Create(),
        ShowCommand.Create(clock),
        ClearCommand.Create(),
        DecodeCommand.Create(),
        ReplayCommand.Create(),
        LabCommand.Create(),
    };

    /// <summary>Runs a command; every failure is one line on <paramref name="error"/> and an exit code.</summary>
    public static async Task<int> RunAsync(RootCommand root, string[] args, TextWriter output, TextWriter error)
    {
        var parsed = root.Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            // Beside a wrong word it says nothing new that a command is missing.
            var problems = parsed.Errors.Select(problem => problem.Message)
                .Where(message => parsed.UnmatchedTokens.Count == 0 || message != MissingCommand);
            // The parser breaks lists of choices into lines.
            foreach (var problem in problems) await error.WriteLineAsync($"lacedge: {problem.Replace("\n\t", " ", StringComparison.Ordinal)}");
            await error.WriteLineAsync($"See: {Path(parsed.CommandResult)} --help");
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                // Commands that have to end properly on a signal do so themselves, in their own time.
                ProcessTerminationTimeout = null,
            });
        }
        catch (CommandFailure failure)
        {
            await error.WriteLineAsync($"lacedge: {failure.Message}");
            return failure.Code;
        }
        catch (HostException failure)
        {
            await error.WriteLineAsync($"lacedge: {failure.Message}");
            return ExitCode.Failed;
        }
        catch (IOException failure) when ((failure.HResult & 0xFFFF) == BrokenPipe)
        {
            return ExitCode.Ok;
        }
    }

    private static string Path(System.CommandLine.Parsing.SymbolResult result) =>
        result is System.CommandLine.Parsing.CommandResult { Command: var command } && result.Parent is not null
            ? $"{Path(result.Parent)} {command.Name}"
            : "lacedge";
}
