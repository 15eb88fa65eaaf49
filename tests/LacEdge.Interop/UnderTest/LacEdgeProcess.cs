using LacEdge.Interop.Cases;
using LacEdge.Interop.Host;

namespace LacEdge.Interop.UnderTest;

/// <summary>A recording of LacEdge's inputs and outputs.</summary>
/// <param name="RuntimeFolder">For its socket and state: the configuration is a part of the recording, so this should be the
/// same every time.</param>
internal sealed record Recording(string File, string RuntimeFolder);

/// <summary>The built <c>lacedge run</c>.</summary>
internal sealed class LacEdgeProcess(LabNetwork lab, IReadOnlyList<string> program) : Concentrator
{
    private Daemon? _daemon;

    public override string Name => "lacedge";
    public override string Log => _daemon?.ReadLog() ?? "";
    public override IReadOnlySet<Check> Unsupported { get; } = new HashSet<Check>();

    /// <summary>What the next start records; null: nothing.</summary>
    public Recording? Recording { get; set; }

    public override async Task StartAsync(ConcentratorSettings settings)
    {
        var config = Path.Combine(settings.Folder, $"{settings.Name}.yaml");
        var folder = Recording?.RuntimeFolder ?? Path.Combine(lab.Folder, "lacedge");
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        await Shell.RunAsync("ip", "-n", lab.Concentrator, "link", "set", "core0", "mtu", $"{settings.Row.CoreMtu}");
        await File.WriteAllTextAsync(config, Configuration(settings, folder));
        var socket = Path.Combine(folder, "control.sock");
        string[] record = Recording is null ? [] : ["--record", Recording.File];
        _daemon = Daemon.Start(
            lab.Concentrator, Path.Combine(settings.Folder, $"{settings.Name}.log"), [.. program, "run", "--config", config, .. record]);
        await _daemon.WaitUpAsync("lacedge", () => File.Exists(socket));
    }

    public override async Task<int?> StopAsync() => _daemon is null ? 0 : await _daemon.StopAsync(Daemon.SigTerm, TimeSpan.FromSeconds(10));

    public override async Task CrashAsync()
    {
        if (_daemon is not null)
            await _daemon.StopAsync(Daemon.SigKill, TimeSpan.FromSeconds(5));
    }

    private static string Configuration(ConcentratorSettings settings, string folder) => $$"""
        node:
          name: lac.interop
          state-directory: {{folder}}/state
        control: { socket: {{folder}}/control.sock }
        data-plane: { mode: packet }
        discovery: { {{settings.Row.Feature?.Discovery}} }
        peer-profiles: { row: { {{settings.Row.Feature?.PeerProfile}} } }
        access:
          lab:
            interfaces: { acc0: { vlans: [{{string.Join(", ", settings.Row.Lines.All.Select(line => $"\"{line.VlanPattern}\"").Distinct())}}] } }
            {{(settings.Row.IsTransparent ? "partial-termination: never" : $"authentication: [{string.Join(", ", settings.Row.Offered.Select(each => each.Word))}]")}}
            {{settings.Row.Feature?.AccessService}}
            steering: main
        steering:
          main:
            - { to: [ { {{(settings.Row.IsTransparent ? "isp: isp1" : "realm-table: {}")}} } ] }
        isps:
          isp1:
            realms: [isp1.example]
            tunnel: lab
            lns:
              lns1: { address: {{settings.LnsAddress}}, peer-profile: row }
        tunnels:
          lab:
            source-address: 10.99.0.2
            hello-interval: 2s
            retries: 2
            {{settings.Row.Feature?.TunnelProfile}}
            {{(settings.TunnelSecret.Length > 0 ? $"secret: {{ inline: {settings.TunnelSecret} }}" : "# no secret")}}

        """;
}
