using LacEdge.Cli;
using LacEdge.Tests.Api;

namespace LacEdge.Tests.Cli;

/// <summary>The program's own entry, in this process.</summary>
internal static class ProgramRun
{
    public static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(CommandLine.Create(new StoppedClock()), args, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
