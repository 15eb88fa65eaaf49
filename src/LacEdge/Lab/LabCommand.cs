using System.CommandLine;
using System.Runtime.InteropServices;
using LacEdge.Cli;
using LacEdge.Lab.Peers;
using LacEdge.Linux;

namespace LacEdge.Lab;

/// <summary><c>lacedge lab</c>: the main job on an embedded default, on a machine with nothing but this program and root.</summary>
internal static class LabCommand
{
    public static Command Create()
    {
        var subscribers = new Option<int>("--subscribers") { Description = "How many subscribers, 1 to 10000", DefaultValueFactory = _ => 100 };
        subscribers.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 10_000) result.AddError("--subscribers takes a number from 1 to 10000");
        });
        var keep = new Option<bool>("--keep") { Description = "Leave it running for a look around; Ctrl-C ends it" };
        var quiet = new Option<bool>("--quiet") { Description = "Steps and results only" };
        var test = new Option<bool>("--test") { Description = "Two runs in which the LNSes treat PPP in all four ways; ends in 'N passed, N failed'" };
        var folder = new Option<string>("--output") { Description = "Folder for the capture and the log", DefaultValueFactory = _ => new LabOptions().Output };
        var command = new Command("lab", "Subscribers of two ISPs through LacEdge to two LNSes, in network namespaces of this machine (root)")
        {
            subscribers, keep, quiet, test, folder,
        };
        command.SetAction((parsed, cancelled) =>
        {
            var options = new LabOptions
            {
                Subscribers = parsed.GetValue(subscribers),
                Keep = parsed.GetValue(keep),
                Quiet = parsed.GetValue(quiet),
                Output = parsed.GetValue(folder)!,
            };
            LabOptions[] runs = parsed.GetValue(test)
                ? [options, options with { FirstMode = LnsMode.ReChallenge, SecondMode = LnsMode.WaitForRepeat, Output = Path.Combine(options.Output, "second") }]
                : [options];
            return RunAsync(runs, cancelled);
        });
        return command;
    }

    private static async Task<int> RunAsync(LabOptions[] runs, CancellationToken cancelled)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new HostException("the lab makes network namespaces and raw sockets: run it as root (sudo ./dev lab)");
        }

        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Cancel(signal, interrupted));
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Cancel(signal, interrupted));
        var (passed, failed) = (0, 0);
        foreach (var options in runs)
        {
            using var run = new LabRun(options, Console.Out);
            await run.RunAsync(interrupted.Token);
            if (run.Interrupted) return ExitCode.Failed;
            passed += run.Checks.Count(check => check.Passed);
            failed += run.Checks.Count(check => !check.Passed);
        }

        Console.WriteLine($"{passed} passed, {failed} failed");
        return failed == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    private static void Cancel(PosixSignalContext signal, CancellationTokenSource interrupted)
    {
        signal.Cancel = true;
        interrupted.Cancel();
    }
}
