using System.Net.Sockets;
using System.Text;

namespace LacEdge.Lab;

/// <summary>The configuration that the lab runs LacEdge with: what an operator would write.</summary>
internal static class LabConfig
{
    public const string Untagged = "[untagged]";
    /// <summary>All subscribers stand on one VLAN and may dial at once.</summary>
    private const string OneVlan = "discovery: { padi-rate: { vlan: 0, interface: 0 }, padr-rate: { vlan: 0, interface: 0 } }";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static string Socket(string directory) => Path.Combine(directory, "control.sock");

    public static string PathIn(string directory) => Path.Combine(directory, "lacedge.yaml");

    /// <summary>Writes the file and its secrets; the file's path.</summary>
    /// <param name="vlans">Of the access interface, as the configuration writes them.</param>
    public static string Write(string directory, IReadOnlyList<LabIsp> isps, string vlans = Untagged)
    {
        var text = new StringBuilder($$"""
            # Written by "lacedge lab".
            node: { name: lacedge-lab, state-directory: {{directory}} }
            control: { socket: {{Socket(directory)}} }
            {{(vlans == Untagged ? OneVlan : "")}}
            access:
              lab:
                interfaces: { {{LabNetwork.AccessInterface}}: { vlans: {{vlans}} } }
                authentication: [chap, pap]
                connect-speed: { method: line }
                steering: main
            steering:
              main:
                - to: [ { realm-table: {} } ]
            isps:

            """);
        foreach (var isp in isps)
        {
            var profile = isp.WantsLines ? ", peer-profile: with-lines" : "";
            text.AppendLine($$"""  {{isp.Name}}: { realms: [{{isp.Realm}}], tunnel: {{isp.Name}}, lns: { lns-{{isp.Name}}: { address: {{isp.Address}}{{profile}} } } }""");
        }

        text.AppendLine("tunnels:");
        foreach (var isp in isps)
        {
            var secret = Path.Combine(directory, $"{isp.Name}.secret");
            WriteSecret(secret, isp.Secret);
            text.AppendLine($$"""  {{isp.Name}}: { secret: { file: {{secret}} }, source-address: {{LabNetwork.LacAddress}} }""");
        }

        if (isps.Any(isp => isp.WantsLines)) text.AppendLine("peer-profiles: { with-lines: { access-line-avps: [all] } }");
        var path = PathIn(directory);
        File.WriteAllText(path, text.ToString());
        return path;
    }

    public static bool SocketAnswers(string socket)
    {
        try
        {
            using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            probe.Connect(new UnixDomainSocketEndPoint(socket));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void WriteSecret(string path, string secret)
    {
        File.Delete(path);
        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        file.Write(Encoding.UTF8.GetBytes(secret + "\n"));
    }
}
