using System.Text;
using LacEdge.Core.Config;
using LacEdge.Core.Radius;
using LacEdge.Lab.Peers;
using LacEdge.Recording;
using LacEdge.Simulator;
using LacEdge.Tests.Core.Radius;
using LacEdge.Tests.Simulation;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Radius;

namespace LacEdge.Tests.Replay;

/// <summary>Questions to RADIUS servers are outputs, and their answers inputs, like all others.</summary>
public sealed class RadiusReplayTests
{
    private const string Password = "wonder-land-of-alice";

    [Theory]
    [InlineData(PppAuthentication.Pap, AuthenticationProtocol.Pap)]
    [InlineData(PppAuthentication.Chap, AuthenticationProtocol.ChapMd5)]
    [InlineData(PppAuthentication.MsChapV2, AuthenticationProtocol.MsChapV2)]
    public void A_run_with_RADIUS_is_replayed_to_the_octet_and_a_redacted_copy_holds_no_secret(PppAuthentication takes, AuthenticationProtocol authentication)
    {
        var folder = Directory.CreateTempSubdirectory("lacedge-replay-");
        try
        {
            var path = Path.Combine(folder.FullName, "run.jsonl");
            var said = Record(path, takes, authentication);
            var text = File.ReadAllText(path);
            var result = SimulatedRun.Replay(text);
            Assert.True(result.Same);
            Assert.Contains("lns-secret-in-the-clear", Encoding.UTF8.GetString(Convert.FromHexString(said)), StringComparison.Ordinal);
            Assert.Contains(said, text, StringComparison.Ordinal);

            var copy = new StringWriter();
            using (var writer = new RecordWriter(line => copy.Write(Encoding.UTF8.GetString(line.Span))))
                Redactor.Copy(new RecordingReader(new StringReader(text)), writer);
            foreach (var secret in (string[])["lns-secret-in-the-clear", Password, "radius-secret"])
                Assert.DoesNotContain(SimulatedRun.Hex(secret), copy.ToString(), StringComparison.Ordinal);
            Assert.Contains(SimulatedRun.Hex("alice@isp1.example"), copy.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Gives a secret that RADIUS says, as it stands in its answer.</summary>
    private static string Record(string path, PppAuthentication takes, AuthenticationProtocol authentication)
    {
        var radius = new FakeRadius("r1", "203.0.113.1");
        var pair = AccessAcceptTests.Pair("vpdn:l2tp-tunnel-password=lns-secret-in-the-clear");
        radius.Says = _ => (RadiusCode.AccessAccept, pair + AccessAcceptTests.Pair("vpdn:ip-addresses=198.51.100.1"));
        var target = new RadiusTarget("aaa", "t") { AuthenticateBeforeForward = true, ServiceType = 2 };
        var config = new LacConfig
        {
            Node = new NodeConfig { Name = "lac1" },
            Access =
            [
                new AccessServiceConfig
                {
                    Name = "residential", Interfaces = ["eth1"], AcName = "lac1", ChallengeName = "lac1", Authentication = [authentication], Steering = "main",
                },
            ],
            Steering = [new SteeringListConfig("main", [new SteeringRuleConfig([target])])],
            Radius = [new RadiusGroupConfig { Name = "aaa", Servers = [radius.Config] }],
            Tunnels = [new TunnelProfile { Name = "t", HostName = "lac1" }],
        };
        var network = new VirtualNetwork(config, 1, recordTo: path);
        network.AddServer(radius.Endpoint, radius.Answer);
        network.AddLns(Scenario.LnsOptionsFor("a", new ScenarioOptions { Secret = "lns-secret-in-the-clear", Authentication = authentication }, _ => Password));
        var subscriber = network.AddSubscriber(new SubscriberOptions { Mac = new MacAddress(0x0200_0000_0001), User = "alice@isp1.example", Password = Password, Takes = takes });
        network.Dial(subscriber);
        Assert.True(network.RunUntil(() => subscriber.State == SubscriberState.Up, TimeSpan.FromSeconds(10)), subscriber.LastText);
        network.EndRecording();
        return pair;
    }
}
