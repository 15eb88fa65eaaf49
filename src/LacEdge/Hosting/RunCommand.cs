using System.CommandLine;
using System.Runtime.InteropServices;
using LacEdge.Configuration;
using LacEdge.Linux;

namespace LacEdge.Hosting;

/// <summary><c>lacedge run</c>: the daemon. Exit codes: 0 ended properly, 1 refused to start or failed.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var config = new Option<FileInfo>("--config") { Description = "Configuration file", DefaultValueFactory = _ => new FileInfo("/etc/lacedge/lacedge.yaml") };
        var record = new Option<FileInfo?>("--record") { Description = "Record all inputs and outputs into this file, for 'lacedge replay'; holds secrets" };
        var command = new Command("run", "Run LacEdge until SIGTERM or SIGINT") { config, record };
        command.SetAction(parsed => Run(parsed.GetValue(config)!.FullName, parsed.GetValue(record)?.FullName));
        return command;
    }

    private static int Run(string configFile, string? recordTo)
    {
        var read = ConfigFile.Load(configFile);
        foreach (var problem in read.Problems) Console.Error.WriteLine(problem);
        if (read.Config is not { } config) return 1;
        try
        {
            using var host = new LacHost(config, recordTo, happened => Console.WriteLine(happened));
            using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, host));
            using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, host));
            host.Run();
            return 0;
        }
        catch (HostException failure)
        {
            Console.Error.WriteLine($"lacedge: {failure.Message}");
            return 1;
        }
    }

    private static void Stop(PosixSignalContext signal, LacHost host)
    {
        signal.Cancel = true;
        host.Stop();
    }
}
