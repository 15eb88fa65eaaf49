using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Radius;
using LacEdge.Hosting;
using LacEdge.Tests.Configuration;
using LacEdge.Wire.Ip;

namespace LacEdge.Tests.Hosting;

public sealed class SigningServersTests
{
    [Fact]
    public async Task RAD_003_servers_that_have_signed_are_known_after_a_restart_unless_they_have_moved()
    {
        using var folder = new TemporaryFolder();
        var first = new SigningServers(folder.Path);
        Assert.Equal("r1 False, r2 False, r3 False", Print(first));
        await Task.WhenAll(
            first.AddAsync(Signs("aaa/r1", "203.0.113.1")), first.AddAsync(Signs("aaa/r3", "203.0.113.3")), first.AddAsync(Signs("aaa/r1", "203.0.113.1")));
        Assert.Equal("r1 True, r2 False, r3 False", Print(new SigningServers(folder.Path)));
    }

    [Fact]
    public async Task What_cannot_be_kept_is_told()
    {
        using var folder = new TemporaryFolder();
        var servers = new SigningServers(Path.Combine(folder.Path, "gone"));
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => servers.AddAsync(Signs("aaa/r1", "203.0.113.1")));
    }

    private static RadiusServerSigns Signs(string server, string address) => new(Instant.Zero, server, IpAddress.Parse(address));

    private static string Print(SigningServers servers)
    {
        RadiusServerConfig Server(string name, string address) => new() { Name = name, Address = IpAddress.Parse(address), Secret = Secret.FromText("s") };
        var config = new LacConfig
        {
            Node = new NodeConfig { Name = "lac1" },
            Radius = [new RadiusGroupConfig { Name = "aaa", Servers = [Server("r1", "203.0.113.1"), Server("r2", "203.0.113.2"), Server("r3", "203.0.113.33")] }],
        };
        return string.Join(", ", servers.Mark(config).Radius[0].Servers.Select(server => $"{server.Name} {server.HasSigned}"));
    }
}
