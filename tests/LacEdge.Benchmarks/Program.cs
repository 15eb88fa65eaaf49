using System.Globalization;
using LacEdge.Benchmarks;
using LacEdge.Linux;

var sessions = 10_000;
var seconds = 2.0;
var digits = NumberStyles.None;
var invariant = CultureInfo.InvariantCulture;
for (var i = 0; i < args.Length; i++)
{
    var value = i + 1 < args.Length ? args[i + 1] : "";
    if (args[i] == "--sessions" && int.TryParse(value, digits, invariant, out sessions) && sessions is >= 200 and <= 30_000) i++;
    else if (args[i] == "--seconds" && double.TryParse(value, invariant, out seconds) && seconds is > 0 and <= 60) i++;
    else
    {
        Console.Error.WriteLine("usage: ./dev bench [--sessions 200..30000] [--seconds EACH]");
        return 2;
    }
}

try
{
    Directory.CreateDirectory("artifacts/bench");
    Console.WriteLine(Machine.Describe());
    using var lab = new BenchLab(sessions, "artifacts/bench/lacedge.log");
    var complete = SetupBench.Run(lab, Console.Out);
    Console.WriteLine();
    ForwardingBench.Run(lab, TimeSpan.FromSeconds(seconds), Console.Out);
    Console.WriteLine();
    var clock = System.Diagnostics.Stopwatch.StartNew();
    var code = lab.Daemon.Stop(TimeSpan.FromSeconds(30));
    Console.WriteLine($"stop: {clock.Elapsed.TotalSeconds:0.0} s from SIGTERM to the end of the process (exit code {code})");
    return complete && code == 0 ? 0 : 1;
}
catch (HostException failure)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}
