using System.Diagnostics;
using System.Globalization;
using System.Text;
using LacEdge.Linux;
using LacEdge.Linux.Namespaces;

namespace LacEdge.Lab;

/// <summary>
/// The right to be the lab of this name on this machine, and its folder under /run: LacEdge's configuration, secrets and
/// control socket. Taking it clears away what a lab that was killed has left. Folder and right are gone with this object.
/// </summary>
internal sealed class LabPlace : IDisposable
{
    private const string LockFile = "lock";
    private const string ProcessFile = "process";

    private readonly FileStream _lock;

    private LabPlace(string name, string directory, FileStream held) => (Name, Directory, _lock) = (name, directory, held);

    public string Name { get; }
    public string Directory { get; }

    /// <summary>Throws <see cref="HostException"/> when a lab of this name is running, or somebody else is in its namespaces.</summary>
    public static LabPlace Take(string name)
    {
        var directory = $"/run/{name}";
        var place = new LabPlace(name, directory, Lock(directory));
        try
        {
            foreach (var left in LabNetwork.NamesOf(name)) RemoveLeftover(left, LabConfig.PathIn(directory));
            // Of the run before, too: every lab starts as the first one, with session 1-1.
            var files = System.IO.Directory.GetFiles(directory);
            foreach (var file in files.Where(file => Path.GetFileName(file) != LockFile)) File.Delete(file);
            File.WriteAllText(Path.Combine(directory, ProcessFile), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return place;
        }
        catch
        {
            place._lock.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        System.IO.Directory.Delete(Directory, recursive: true);
        _lock.Dispose();
    }

    /// <summary>The kernel gives the lock back when its holder ends, however it ends.</summary>
    private static FileStream Lock(string directory)
    {
        try
        {
            System.IO.Directory.CreateDirectory(directory);
            return new FileStream(Path.Combine(directory, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new HostException($"cannot use {directory}: {failure.Message}");
        }
        catch (IOException failure)
        {
            var process = Path.Combine(directory, ProcessFile);
            if (!File.Exists(process)) throw new HostException($"cannot use {directory}: {failure.Message}");
            throw new HostException(
                $"{Path.GetFileName(directory)} is running on this machine already, process {File.ReadAllText(process)}: end it first");
        }
    }

    private static void RemoveLeftover(string space, string configFile)
    {
        foreach (var process in NetworkNamespace.ProcessesIn(space))
        {
            if (!IsOrphanedDaemon(process, configFile))
            {
                throw new HostException(
                    $"network namespace {space}, left by a lab that was killed, is in use by process {process} ({CommandOf(process)}): "
                    + $"end it, or remove the namespace with: ip netns del {space}");
            }

            using var daemon = Process.GetProcessById(process);
            daemon.Kill();
            daemon.WaitForExit();
        }

        NetworkNamespace.Delete(space);
    }

    /// <summary>LacEdge of a lab that is no more: the init process has taken it over.</summary>
    private static bool IsOrphanedDaemon(int process, string configFile) =>
        ReadProc(process, "cmdline").Split('\0').Contains(configFile)
        && ReadProc(process, "status").Contains("\nPPid:\t1\n", StringComparison.Ordinal);

    private static string CommandOf(int process) => ReadProc(process, "comm").Trim();

    /// <summary>Empty when the process has ended meanwhile.</summary>
    private static string ReadProc(int process, string what)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{process}/{what}"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
