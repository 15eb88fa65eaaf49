using System.Globalization;
using LacEdge.Benchmarks;
using LacEdge.Linux;

var sessions = 10_000;
var seconds = 2.0;
var only = "";
string[] parts = ["set-ups", "forwarding", "floods"];
var digits = NumberStyles.None;
var invariant = CultureInfo.InvariantCulture;
for (var i = 0; i < args.Length; i++)
{
    var value = i + 1 < args.Length ? args[i + 1] : "";
    if (args[i] == "--sessions" && int.TryParse(value, digits, invariant, out sessions) && sessions is >= 200 and <= 30_000) i++;
    else if (args[i] == "--seconds" && double.TryParse(value, invariant, out seconds) && seconds is > 0 and <= 60) i++;
    else if (args[i] == "--only" && parts.Contains(value)) only = args[++i];
    else
    {
        Console.Error.WriteLine($"usage: ./dev bench [--sessions 200..30000] [--seconds EACH] [--only {string.Join('|', parts)}]");
        return 2;
    }
}

try
{
    Directory.CreateDirectory("artifacts/bench");
    Console.WriteLine(Machine.Describe());
    var good = only == "floods" || Sessions();
    if (only is "" or "floods") good &= Floods();
    return good ? 0 : 1;
}
catch (HostException failure)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}

// Set-ups (forwarding needs sessions, too), then frames; the end of it all is timed.
bool Sessions()
{
    using var lab = new BenchLab(sessions, "artifacts/bench/lacedge.log");
    var good = SetupBench.Run(lab, Console.Out);
    Console.WriteLine();
    if (only != "set-ups") ForwardingBench.Run(lab, TimeSpan.FromSeconds(seconds), Console.Out);
    Console.WriteLine();
    var clock = System.Diagnostics.Stopwatch.StartNew();
    var code = lab.Daemon.Stop(TimeSpan.FromSeconds(30));
    Console.WriteLine($"stop: {clock.Elapsed.TotalSeconds:0.0} s from SIGTERM to the end of the process (exit code {code})");
    Console.WriteLine();
    return good && code == 0;
}

bool Floods()
{
    using var lab = new BenchLab(FloodBench.AllSubscribers, "artifacts/bench/floods.log", FloodBench.Vlans, FloodBench.VlansOf);
    return FloodBench.Run(lab, Console.Out);
}
