namespace LacEdge.Cli;

/// <summary>What the program's exit says to scripts.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    /// <summary>It failed, or what was checked is invalid.</summary>
    public const int Failed = 1;
    /// <summary>The command line itself is wrong.</summary>
    public const int Usage = 2;
    /// <summary>No running LacEdge answers.</summary>
    public const int Unreachable = 3;
    /// <summary>What was asked for is not there.</summary>
    public const int NothingMatched = 4;
    /// <summary>It works, but there are warnings or differences.</summary>
    public const int Warnings = 5;
}

/// <summary>Ends a command with one sentence for the operator.</summary>
internal sealed class CommandFailure(int code, string message) : Exception(message)
{
    public int Code { get; } = code;
}
