using System.Diagnostics;

namespace LacEdge.Interop.Host;

internal sealed record CommandResult(int Status, string Output, string Errors);

/// <summary>Runs short commands to their end.</summary>
internal static class Shell
{
    /// <exception cref="InteropException">The command ended with another status than 0.</exception>
    public static async Task<string> RunAsync(params IReadOnlyList<string> command)
    {
        var result = await TryAsync(command);
        return result.Status == 0
            ? result.Output
            : throw new InteropException($"{string.Join(' ', command)}: status {result.Status}\n{result.Output}{result.Errors}".TrimEnd());
    }

    public static async Task<CommandResult> TryAsync(params IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C" },
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await errors);
    }
}

/// <summary>Something around the program under test did not work; the message is for the person who runs this.</summary>
internal sealed class InteropException(string message) : Exception(message);
