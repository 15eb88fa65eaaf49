using LacEdge.Cli;

return await CommandLine.RunAsync(CommandLine.Create(TimeProvider.System), args, Console.Out, Console.Error);
