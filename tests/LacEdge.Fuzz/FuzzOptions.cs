using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LacEdge.Fuzz;

/// <summary>What the command line asks for.</summary>
internal sealed record FuzzOptions
{
    public const string Usage = """
        usage: ./dev fuzz [options]
          --target NAME      only this target (repeatable); the names stand in the table
          --seconds N        time over all targets, half of it for whole-Lac sequences (60)
          --executions N     at most so many executions of each target
          --seed N           the same seed, number of executions and captures make the same run (1)
          --case FILE        execute this one case, and tell what happens in it
          --corpus DIR       kept cases (tests/LacEdge.Fuzz/corpus); findings are added
          --keep             add what showed something new, too
          --captures DIR     captures of real equipment to begin with ($LACEDGE_CAPTURES)
        """;

    public bool Help { get; private init; }
    public IReadOnlyList<string> Targets { get; private init; } = [];
    public double Seconds { get; private init; } = 60;
    public long Executions { get; private init; } = long.MaxValue;
    public ulong Seed { get; private init; } = 1;
    public string? Case { get; private init; }
    public string? Corpus { get; private init; }
    public bool Keep { get; private init; }
    public string? Captures { get; private init; } = Environment.GetEnvironmentVariable("LACEDGE_CAPTURES");

    public static bool TryParse(string[] args, [NotNullWhen(true)] out FuzzOptions? options, [NotNullWhen(false)] out string? error)
    {
        var read = new FuzzOptions();
        (options, error) = (null, null);
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] is "--help" or "-h" or "--keep")
            {
                read = args[i] == "--keep" ? read with { Keep = true } : read with { Help = true };
                continue;
            }

            if (i + 1 == args.Length)
            {
                error = $"{args[i]} is unknown or wants a value; --help tells";
                return false;
            }

            var (name, value) = (args[i], args[++i]);
            var number = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && n >= 0 ? n : double.NaN;
            switch (name)
            {
                case "--target": read = read with { Targets = [.. read.Targets, value] }; break;
                case "--case": read = read with { Case = value }; break;
                case "--corpus": read = read with { Corpus = value }; break;
                case "--captures": read = read with { Captures = value }; break;
                case "--seconds" when number is > 0 and < 1e8: read = read with { Seconds = number }; break;
                case "--executions" when number is >= 1 and < 1e18: read = read with { Executions = (long)number }; break;
                case "--seed" when ulong.TryParse(value, CultureInfo.InvariantCulture, out var seed): read = read with { Seed = seed }; break;
                default:
                    error = $"'{name} {value}' is not understood; --help tells";
                    return false;
            }
        }

        options = read;
        return true;
    }
}
