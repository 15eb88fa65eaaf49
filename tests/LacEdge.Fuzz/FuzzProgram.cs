using System.Globalization;

namespace LacEdge.Fuzz;

internal static class FuzzProgram
{
    public static int Main(string[] args)
    {
        // Numbers and texts are the same everywhere.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        if (!FuzzOptions.TryParse(args, out var options, out var error))
        {
            Console.Error.WriteLine(error);
            return 2;
        }

        if (!options.Help) return new FuzzRun(options, Console.Out).Run();
        Console.WriteLine(FuzzOptions.Usage);
        return 0;
    }
}
