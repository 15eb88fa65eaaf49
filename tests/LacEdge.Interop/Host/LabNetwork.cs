using System.Text.RegularExpressions;

namespace LacEdge.Interop.Host;

/// <summary>One lane's network namespaces and the folder in which its peers live. Ending it ends everything in the namespaces.</summary>
internal sealed partial class LabNetwork : IAsyncDisposable
{
    private LabNetwork(string prefix, string folder)
    {
        Prefix = prefix;
        Folder = folder;
    }

    /// <summary>Of the namespaces' names: <c>lxi</c>, our process id, the lane.</summary>
    public string Prefix { get; }
    public string Folder { get; }
    /// <summary>Of every interface but LacEdge's access interface, which has just the room it needs.</summary>
    public const int Mtu = 1600;

    public string Access => $"{Prefix}-acc";
    public string Concentrator => $"{Prefix}-ac";
    public string Core => $"{Prefix}-core";

    public static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Peers", name);

    public static async Task<LabNetwork> UpAsync(string lane)
    {
        var prefix = $"lxi{Environment.ProcessId}-{lane}";
        var lab = new LabNetwork(prefix, Directory.CreateTempSubdirectory($"{prefix}-").FullName);
        try
        {
            await Shell.RunAsync("bash", Script("network.sh"), "up", prefix, $"{Mtu}");
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>Removes what runs left behind that were killed themselves.</summary>
    public static async Task SweepAsync()
    {
        var namespaces = Directory.Exists("/run/netns") ? Directory.GetFileSystemEntries("/run/netns") : [];
        foreach (var prefix in namespaces.Select(Abandoned).OfType<string>().Distinct())
            await Shell.RunAsync("bash", Script("network.sh"), "down", prefix);
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath()).Where(folder => Abandoned(folder) is not null))
            Directory.Delete(folder, recursive: true);
    }

    // The prefix in the name of something of ours whose process is gone; else null.
    private static string? Abandoned(string path) =>
        OurName().Match(Path.GetFileName(path)) is { Success: true } name && !Directory.Exists($"/proc/{name.Groups["pid"].Value}")
            ? name.Groups["prefix"].Value
            : null;

    /// <summary>A command in one of the namespaces.</summary>
    public static string[] Inside(string networkNamespace, params IReadOnlyList<string> command) =>
        ["ip", "netns", "exec", networkNamespace, .. command];

    public async ValueTask DisposeAsync()
    {
        await Shell.RunAsync("bash", Script("network.sh"), "down", Prefix);
        Directory.Delete(Folder, recursive: true);
    }

    // A namespace's name, or a folder's.
    [GeneratedRegex("^(?<prefix>lxi(?<pid>[0-9]+)-[a-z0-9-]+)-[A-Za-z0-9]+$")]
    private static partial Regex OurName();
}
