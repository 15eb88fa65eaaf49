using LacEdge.Interop;
using LacEdge.Interop.Host;

if (args is [UmlLauncher.Verb, .. var guest])
{
    UmlLauncher.Become(guest);
    return 1;
}
if (args is [TagBridge.Verb, .. var bridge])
{
    TagBridge.Run(bridge);
    return 1;
}
if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}
if (!Environment.IsPrivilegedProcess)
{
    Console.Error.WriteLine("The interop run makes network namespaces and virtual machines and needs root: sudo ./dev interop");
    return 1;
}
using var run = new InteropRun(options);
return await run.RunAsync();
