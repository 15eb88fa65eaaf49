using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace LacEdge.Interop.Host;

/// <summary>A network card of a guest: the tap in the namespace and the address.</summary>
internal sealed record GuestNic(string Tap, string Mac);

/// <summary>
/// A User-Mode Linux machine over the host's own root directory, which brings the kernel PPP, PPPoE and L2TP that the host may
/// lack. Its console is our pipe: it ends with this program. See <c>Peers/guest-init.sh</c>.
/// </summary>
internal sealed partial class Guest
{
    private static readonly TimeSpan BootTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CommandTime = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<int, TaskCompletionSource<int>> _running = [];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;
    private readonly string _name;
    private int _last;

    private Guest(string name, string share, Process process)
    {
        _name = name;
        Share = share;
        _process = process;
    }

    /// <summary>The folder that both kernels see.</summary>
    public string Share { get; }

    /// <summary>Boots a guest that speaks the functions of one script in <c>Peers</c>.</summary>
    public static async Task<Guest> BootAsync(LabNetwork lab, string networkNamespace, string name, string script, params GuestNic[] nics)
    {
        var share = Directory.CreateDirectory(Path.Combine(lab.Folder, name)).FullName;
        File.Copy(LabNetwork.Script("guest-init.sh"), Path.Combine(share, "init.sh"));
        File.Copy(LabNetwork.Script(script), Path.Combine(share, "peer.sh"));
        string[] command =
        [
            "linux.uml", $"umid={name}", $"uml_dir={share}/", "mem=256M",
            .. nics.Select((nic, i) => $"vec{i}:transport=tap,ifname={nic.Tap},depth=64,gro=0,mtu={LabNetwork.Mtu},mac={nic.Mac}"),
            "root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro",
            $"init={share}/init.sh", $"GUEST_SHARE={share}", $"GUEST_NAME={name}",
            .. UmlLauncher.GuestEnvironment, "con=null", "con0=fd:0,fd:1", "quiet", "panic=-1",
        ];
        var start = new ProcessStartInfo("ip", LabNetwork.Inside(networkNamespace, UmlLauncher.Wrap(command)).Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["TMPDIR"] = MemoryFolder(lab) },
        };
        var guest = new Guest(name, share, Process.Start(start)!);
        guest.ReadConsole();
        var first = await Task.WhenAny(guest._ready.Task, guest._process.WaitForExitAsync(), Task.Delay(BootTime));
        return first == guest._ready.Task
            ? guest
            : throw new InteropException($"guest {name} did not come up:\n{guest.ReadShared("console.log")}");
    }

    /// <summary>The text of a file in the share; empty when it is not there yet.</summary>
    public string ReadShared(string file)
    {
        var path = Path.Combine(Share, file);
        return File.Exists(path) ? File.ReadAllText(path) : "";
    }

    /// <summary>Starts a command line; the task gives its exit status when it has ended.</summary>
    public Task<int> RunAsync(string command) => Start(command).End;

    /// <summary>Runs a short command line and gives its output.</summary>
    /// <exception cref="InteropException">It took too long or ended with another status than 0.</exception>
    public async Task<string> DoAsync(string command)
    {
        var (number, end) = Start(command);
        if (await Task.WhenAny(end, Task.Delay(CommandTime)) != end)
            throw new InteropException($"{_name}: no answer to: {command}");
        var output = ReadShared($"{number}.out");
        return await end == 0 ? output : throw new InteropException($"{_name}: status {await end} from: {command}\n{output}".TrimEnd());
    }

    private (int Number, Task<int> End) Start(string command)
    {
        var number = Interlocked.Increment(ref _last);
        File.WriteAllText(Path.Combine(Share, $"{number}.cmd"), command + "\n");
        var end = _running[number] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_process)
        {
            _process.StandardInput.Write($"{number}\n");
            _process.StandardInput.Flush();
        }
        return (number, end.Task);
    }

    private void ReadConsole()
    {
        var log = new StreamWriter(Path.Combine(Share, "console.log")) { AutoFlush = true };
        void Line(string? line)
        {
            if (line is null)
            {
                foreach (var command in _running.Values)
                    command.TrySetException(new InteropException($"guest {_name} has ended"));
                return;
            }
            lock (log)
                log.WriteLine(line);
            if (line.StartsWith("ready ", StringComparison.Ordinal))
                _ready.TrySetResult();
            else if (ExitLine().Match(line) is { Success: true } exit && _running.TryRemove(Number(exit, 1), out var command))
                command.SetResult(Number(exit, 2));
        }
        _process.OutputDataReceived += (_, e) => Line(e.Data);
        _process.ErrorDataReceived += (_, e) => Line(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    /// <summary>Where UML keeps its memory: a tmpfs, unless programs may not run from it.</summary>
    private static string MemoryFolder(LabNetwork lab)
    {
        var shm = File.ReadLines("/proc/mounts").Select(line => line.Split(' ')).LastOrDefault(mount => mount[1] == "/dev/shm");
        return shm is null || shm[3].Split(',').Contains("noexec") ? lab.Folder : "/dev/shm";
    }

    [GeneratedRegex("exit ([0-9]+) ([0-9]+)$")]
    private static partial Regex ExitLine();
}
