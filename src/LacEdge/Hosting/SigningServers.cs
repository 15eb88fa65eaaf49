using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Linux;

namespace LacEdge.Hosting;

/// <summary>Remembers, in the state directory, which RADIUS servers have signed a reply: after a restart, too, they must go on doing so.</summary>
internal sealed class SigningServers
{
    private const string FileName = "radius-signing";

    private readonly string _path;
    /// <summary>Lines "aaa/r1 203.0.113.1": a server that moves is another one.</summary>
    private readonly HashSet<string> _known;
    private Task _written = Task.CompletedTask;

    /// <summary>Throws <see cref="HostException"/> when the file cannot be read.</summary>
    public SigningServers(string stateDirectory)
    {
        _path = Path.Combine(stateDirectory, FileName);
        try
        {
            _known = File.Exists(_path) ? [.. File.ReadAllLines(_path)] : [];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new HostException($"cannot read which RADIUS servers sign their replies: {failure.Message}");
        }
    }

    /// <summary>The configuration with what is known of its servers.</summary>
    public LacConfig Mark(LacConfig config) => config with
    {
        Radius =
        [
            .. config.Radius.Select(group => group with
            {
                Servers = [.. group.Servers.Select(server => server with { HasSigned = _known.Contains($"{group.Name}/{server.Name} {server.Address}") })],
            }),
        ],
    };

    /// <summary>On disk when the task ends; it fails with <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
    public Task AddAsync(RadiusServerSigns signs)
    {
        if (!_known.Add($"{signs.Server} {signs.Address}")) return Task.CompletedTask;
        string[] lines = [.. _known.Order(StringComparer.Ordinal)];
        // Not on the control thread: a disk may take its time. One after the other: the last one knows most.
        _written = _written.ContinueWith(_ => Write(lines), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return _written;
    }

    private void Write(string[] lines)
    {
        var aside = _path + ".new";
        File.WriteAllLines(aside, lines);
        File.Move(aside, _path, overwrite: true);
    }
}
