using System.CommandLine;
using System.Runtime.InteropServices;
using LacEdge.Api;
using LacEdge.Configuration;
using LacEdge.Core.Config;
using LacEdge.Linux;

namespace LacEdge.Hosting;

/// <summary><c>lacedge run</c>: the daemon. Exit codes: 0 ended properly, 1 refused to start or failed.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var config = new Option<FileInfo>("--config") { Description = "Configuration file", DefaultValueFactory = _ => new FileInfo("/etc/lacedge/lacedge.yaml") };
        var record = new Option<FileInfo?>("--record") { Description = "Record all inputs and outputs into this file, for 'lacedge replay'; it holds secrets" };
        var format = new Option<LogFormat>("--log-format") { Description = "The log on standard output: text or json" };
        var command = new Command("run", "Run LacEdge until SIGTERM or SIGINT") { config, record, format };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(config)!.FullName, parsed.GetValue(record)?.FullName, parsed.GetValue(format)));
        return command;
    }

    private static async Task<int> RunAsync(string configFile, string? recordTo, LogFormat format)
    {
        var read = ConfigFile.Load(configFile);
        if (read.Config is not { } config)
        {
            foreach (var problem in read.Problems) await Console.Error.WriteLineAsync(problem.ToString());
            return 1;
        }

        using var logs = LogOutput.Create(format);
        var log = new EventLog(logs.CreateLogger("lacedge"), config.AccessInterfaces);
        foreach (var problem in read.Problems) log.LogConfigWarning(problem.Place.ToString(), problem.Path, problem.Message);
        try
        {
            await RunAsync(config, recordTo, log);
            log.LogStopped();
            return 0;
        }
        catch (HostException failure)
        {
            await Console.Error.WriteLineAsync($"lacedge: {failure.Message}");
            return 1;
        }
    }

    private static async Task RunAsync(LacConfig config, string? recordTo, EventLog log)
    {
        using var host = new LacHost(config, recordTo, log.Write);
        host.Stopping = log.LogStopping;
        await using var api = await ApiServer.StartAsync(config.Control.Socket, new LacControlPlane(host));
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, host));
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, host));
        var interfaces = string.Join(", ", config.AccessInterfaces);
        log.LogStarted(LacControlPlane.Version, config.Node.Name, host.Boot, config.Access.Length, interfaces, config.Isps.Length, config.Control.Socket);

        // A thread of its own: what waits for readiness or answers the API never shares it.
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var control = new Thread(() =>
        {
            try
            {
                host.Run();
                ended.SetResult();
            }
            catch (Exception failure)
            {
                // To whoever waits, with its stack: nothing here could go on without the control thread.
                ended.SetException(failure);
            }
        })
        { Name = "control" };
        control.Start();
        await ended.Task;
        control.Join();
    }

    private static void Stop(PosixSignalContext signal, LacHost host)
    {
        signal.Cancel = true;
        host.Stop();
    }
}
