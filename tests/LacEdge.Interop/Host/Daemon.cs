using System.Diagnostics;

namespace LacEdge.Interop.Host;

/// <summary>A program that runs in a namespace until it is stopped, its output in a file.</summary>
internal sealed class Daemon : IDisposable
{
    public const int SigQuit = 3, SigKill = 9, SigTerm = 15;

    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(15);

    private readonly Process _process;

    private Daemon(Process process, string log)
    {
        _process = process;
        Log = log;
    }

    public string Log { get; }
    public bool HasExited => _process.HasExited;

    public static Daemon Start(string networkNamespace, string log, params IReadOnlyList<string> command)
    {
        // A session of its own: l2tpns ends by a signal to its whole process group, and Ctrl-C is for us alone. The shell opens
        // the log and then becomes the program: no pipe that somebody would have to keep empty.
        string[] prefix = ["netns", "exec", networkNamespace, "setsid", "/bin/sh", "-c", "exec >\"$0\" 2>&1; exec \"$@\"", log];
        var start = new ProcessStartInfo("ip", [.. prefix, .. command]) { RedirectStandardInput = true };
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new(process, log);
    }

    public string ReadLog() => File.Exists(Log) ? File.ReadAllText(Log) : "";

    /// <summary>Waits for a sign of life; fails at once, with the log, when the program ended instead.</summary>
    public async Task WaitUpAsync(string what, Func<bool> isUp)
    {
        var up = false;
        await Poll.UntilAsync(() => (up = isUp()) || HasExited, StartTime);
        if (up)
            return;
        var state = HasExited ? $"status {_process.ExitCode}" : "no sign of life";
        throw new InteropException($"{what} did not come up ({state}):\n{ReadLog()}");
    }

    /// <summary>The same, the sign being a text in its log.</summary>
    public Task WaitUpAsync(string what, string sign) => WaitUpAsync(what, () => ReadLog().Contains(sign, StringComparison.Ordinal));

    public void Signal(int signal)
    {
        if (!HasExited)
            NativeMethods.Signal(_process.Id, signal);
    }

    /// <summary>Its exit status after the signal, or null when it had to be killed.</summary>
    public async Task<int?> StopAsync(int signal, TimeSpan timeout)
    {
        Signal(signal);
        if (await Poll.UntilAsync(() => HasExited, timeout))
            return _process.ExitCode;
        Signal(SigKill);
        await _process.WaitForExitAsync();
        return null;
    }

    public void Dispose() => _process.Dispose();
}
