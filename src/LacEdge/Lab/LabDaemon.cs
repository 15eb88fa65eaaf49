using System.Diagnostics;
using LacEdge.Linux;
using LacEdge.Linux.Namespaces;

namespace LacEdge.Lab;

/// <summary>LacEdge itself, as an operator runs it: this very program in a process of its own, in its own namespace.</summary>
internal sealed class LabDaemon : IDisposable
{
    private readonly Process _process;
    private readonly StreamWriter _log;

    /// <param name="logFile">Takes everything that it prints.</param>
    public LabDaemon(NetworkNamespace place, string configFile, string socket, string logFile, params string[] options)
    {
        Socket = socket;
        LogFile = logFile;
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        // Started as "dotnet lacedge.dll" or as "lacedge".
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") start.ArgumentList.Add(typeof(LabDaemon).Assembly.Location);
        foreach (var argument in (string[])["run", "--config", configFile, .. options]) start.ArgumentList.Add(argument);

        _log = new StreamWriter(logFile) { AutoFlush = true };
        _process = place.Run(() => Process.Start(start))!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Socket { get; }
    public string LogFile { get; }
    public int ProcessId => _process.Id;
    public bool HasExited => _process.HasExited;

    /// <summary>SIGTERM, then waits; the exit code, or null when it had to be killed.</summary>
    public int? Stop(TimeSpan patience)
    {
        if (!_process.HasExited) Signals.Terminate(_process.Id);
        if (_process.WaitForExit(patience)) return _process.ExitCode;
        _process.Kill();
        _process.WaitForExit();
        return null;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        lock (_log) _log.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_log)
        {
            if (_log.BaseStream is not null) _log.WriteLine(line);
        }
    }
}
