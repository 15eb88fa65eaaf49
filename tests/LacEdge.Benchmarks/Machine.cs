using System.Runtime.InteropServices;

namespace LacEdge.Benchmarks;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    /// <summary>One line: processor, cores, kernel, runtime, and the load before the start, which says how quiet it was.</summary>
    public static string Describe()
    {
        var named = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        var model = named?.Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        var kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        return $"machine: {model}, {Environment.ProcessorCount} cores, Linux {kernel}, "
            + $"{RuntimeInformation.FrameworkDescription}, load {load} before the start";
    }
}
