using System.Reflection;
using System.Text;
using System.Text.Json;
using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Forwarding;
using LacEdge.Core.Lac;
using LacEdge.Recording;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Tests.Replay;

public sealed class RecordingFormatTests
{
    private static readonly byte[] _seed = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    [Fact]
    public void Every_kind_of_update_command_event_and_target_has_its_name_in_the_format()
    {
        foreach (var (type, kinds) in RecordingJson.Kinds)
        {
            var all = type.Assembly.GetTypes().Where(t => !t.IsAbstract && t.IsSubclassOf(type));
            Assert.Equal(all.Select(t => t.Name).Order(StringComparer.Ordinal), kinds.Select(k => k.Name).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void A_configuration_survives_the_recording_with_its_secrets()
    {
        var config = RichConfig();
        var text = JsonSerializer.Serialize(config, RecordingJson.Config);
        var read = JsonSerializer.Deserialize(text, RecordingJson.Config)!;

        Assert.Equal(text, JsonSerializer.Serialize(read, RecordingJson.Config));
        Assert.Equal("s3cret", Encoding.UTF8.GetString(read.Tunnels[0].Secret.Span));
        Assert.Equal(config.Tunnels[0], read.Tunnels[0]);
        Assert.Equal(config.Isps[0].Lns[0], read.Isps[0].Lns[0]);
        Assert.Equal(config.Steering[0].Rules[0].To.AsEnumerable(), read.Steering[0].Rules[0].To.AsEnumerable());
        Assert.Equal(config.Access[0].Ppp, read.Access[0].Ppp);
    }

    [Fact]
    public void Every_setting_of_the_configuration_is_in_the_recording()
    {
        // A setting that the format drops would make a replay differ from the run.
        var text = JsonSerializer.Serialize(RichConfig(), RecordingJson.Config);
        var missing = new List<string>();
        foreach (var type in typeof(LacConfig).Assembly.GetTypes().Where(t => t.Namespace == typeof(LacConfig).Namespace))
        {
            if (!type.Name.EndsWith("Config", StringComparison.Ordinal)) continue;
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
            {
                var key = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
                if (!text.Contains($"\"{key}\":", StringComparison.Ordinal)) missing.Add($"{type.Name}.{property.Name}");
            }
        }

        Assert.Empty(missing);
    }

    [Fact]
    public void Inputs_are_read_as_they_were_written()
    {
        LacInput[] inputs =
        [
            new LinkInput(new Instant(5), 0, new MacAddress(0x0200000000fe), 1500, true),
            new LinkInput(new Instant(5), 0, new MacAddress(0x0200000000fe), 1500, true, 10_000_000_000),
            new FrameInput(new Instant(6), 0, Bytes.Hex("ffffffffffff")),
            new DatagramInput(new Instant(7), 3, new UdpEndpoint(IpAddress.Parse("2001:db8::1"), 1701), Bytes.Hex("c802000c")),
            new SocketInput(new Instant(8), 3, false, new UdpEndpoint(default, 1701), "the port \"1701\" is taken\n"),
            new TunnelFramesInput(new Instant(9), 3, long.MaxValue),
            new SessionFramesInput(new Instant(9), 4, long.MaxValue),
            new CountersInput(new Instant(9), 4, new ForwardingCounters(1, 2, 3, 4, ulong.MaxValue)),
            new CommandInput(new Instant(9), new ClearSession(new SessionKey(7, 10447), "ticket 5")),
            new CommandInput(new Instant(9), new ClearLockout(new MacAddress(0x020000000001))),
            new CommandInput(new Instant(9), new ClearLockout(null)),
            new CommandInput(new Instant(9), new ClearAdaptations("lns-a")),
            new CommandInput(new Instant(9), new Shutdown()),
            new TimeoutInput(new Instant(10)),
        ];
        var text = Write(writer =>
        {
            foreach (var input in inputs) input.WriteTo(writer);
            writer.End("stopped");
        });

        var reader = new RecordingReader(new StringReader(text));
        Assert.Equal(inputs, reader.Turns().Select(t => t.Input));
        Assert.Equal("stopped", reader.End);
        Assert.Equal(7u, reader.Header.Boot);
        Assert.Equal(_seed, reader.Header.Seed.Span.ToArray());
        Assert.Equal(new Instant(4), reader.Header.Start);
    }

    [Fact]
    public void Outputs_are_one_line_each()
    {
        var outbox = new Outbox();
        outbox.Frame(0, [1, 2, 3]);
        outbox.Datagram(2, new UdpEndpoint(IpAddress.Parse("192.0.2.1"), 1701), [0xC8, 2], 9);
        outbox.OpenSocket(2, new UdpEndpoint(default, 49152), new UdpSocketOptions(Device: "vrf1", DontFragment: true));
        outbox.CloseSocket(2);
        outbox.Forwarding(new InstallDownstream(
            9, 1, 2, 0, new MacAddress(1), new MacAddress(2),
            VlanStack.Double(new VlanTag(0x88A8, 100), new VlanTag(0x8100, 0x6007)), 3, 1492));
        outbox.Event(new HostTrouble(new Instant(3), "line\nbreak"));

        var lines = Write(writer => writer.Outputs(outbox)).Split('\n');
        Assert.Equal("""{"out":"frame","group":0,"slot":-1,"octets":"010203"}""", lines[1]);
        Assert.Equal("""{"out":"datagram","socket":2,"peer":"192.0.2.1:1701","slot":9,"octets":"c802"}""", lines[2]);
        Assert.Equal("""{"out":"open-socket","socket":2,"local":":49152","device":"vrf1","dont_fragment":true}""", lines[3]);
        Assert.Equal("""{"out":"close-socket","socket":2}""", lines[4]);
        Assert.StartsWith("""{"out":"forwarding","update":{"kind":"install-downstream","slot":9,""", lines[5], StringComparison.Ordinal);
        Assert.Contains("\"vlans\":\"88a8:0064/8100:6007\"", lines[5], StringComparison.Ordinal);
        Assert.Equal("""{"out":"event","event":{"kind":"host-trouble","what":"line\nbreak","at":3}}""", lines[6]);
        Assert.Equal(8, lines.Length);
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("hello\n", "line 1: this is not a LacEdge recording")]
    [InlineData("{\"x\":1}\n", "line 1: this is not a LacEdge recording")]
    [InlineData("{\"lacedge_recording\":99}\n", "line 1: the recording has format 99; this program reads format 1")]
    [InlineData("{\"lacedge_recording\":1,\"seed\":\"00\"}\n", "line 1: the seed has 1 octets")]
    public void A_file_that_is_no_recording_is_refused(string text, string message)
    {
        var error = Assert.Throws<RecordingException>(() => new RecordingReader(new StringReader(text)));
        Assert.Equal(message, error.Message);
    }

    [Theory]
    [InlineData("{\"in\":\"timeo", "line 2: the recording breaks off in the middle of a record")]
    [InlineData("{\"in\":\"timeo\n{}", "line 2: not a record")]
    [InlineData("{\"in\":\"timeout\",\"at\":9}\n{\"out\":\"frame\",", "line 3: the recording breaks off in the middle of a record")]
    [InlineData("{\"out\":\"frame\"}\n", "line 2: an output without an input")]
    [InlineData("{\"in\":\"jump\",\"at\":9}\n", "line 2: unknown input 'jump'")]
    [InlineData("{\"in\":\"timeout\"}\n", "line 2: the record has no 'at'")]
    [InlineData("{\"in\":\"timeout\",\"at\":\"9\"}\n", "line 2: 'at' has a value that it cannot have")]
    [InlineData("{\"in\":\"timeout\",\"at\":3}\n", "line 2: time runs backwards")]
    [InlineData("{\"in\":\"frame\",\"at\":9,\"group\":0,\"octets\":\"0g\"}\n", "line 2: 'octets' has a value that it cannot have")]
    [InlineData(
        "{\"in\":\"frame\",\"at\":9,\"group\":1,\"octets\":\"00\"}\n",
        "line 2: access group 1, but the configuration has 1 access interfaces")]
    [InlineData("{\"end\":\"stopped\"}\n{\"in\":\"timeout\",\"at\":9}\n", "line 3: there is more after the end of the recording")]
    public void A_damaged_recording_names_the_line(string rest, string message)
    {
        var text = Write(_ => { }) + rest;
        var error = Assert.Throws<RecordingException>(() => new RecordingReader(new StringReader(text)).Turns().Count());
        Assert.Equal(message, error.Message);
    }

    private static string Write(Action<RecordWriter> write)
    {
        var text = new StringBuilder();
        using var writer = new RecordWriter(line => text.Append(Encoding.UTF8.GetString(line.Span)));
        writer.Header(RichConfig(), 7, _seed, new Instant(4), redacted: false);
        write(writer);
        return text.ToString();
    }

    private static LacConfig RichConfig() => new()
    {
        Node = new NodeConfig { Name = "lac1" },
        DataPlane = DataPlaneMode.Packet,
        LocalPorts = new PortRange(50000, 50009),
        Access =
        [
            new AccessServiceConfig
            {
                Name = "residential", Interfaces = ["eth1"], AcName = "ac", ServiceNames = [new ServiceNameConfig("gold", true)],
                Authentication = [AuthenticationProtocol.Pap], ChallengeName = "lac1", Steering = "main",
                Ppp = new PppConfig { Mru = 1400 },
            },
        ],
        Steering =
        [
            new SteeringListConfig("main",
            [
                new SteeringRuleConfig([new RealmTableTarget(), new IspTarget("isp1"), new LnsTarget(Lns("fixed"), "wholesale")]),
            ]),
        ],
        Isps = [new IspConfig { Name = "isp1", Realms = ["isp1.example", "*.isp1.example"], Tunnel = "wholesale", Lns = [Lns("a")] }],
        Tunnels =
        [
            new TunnelProfile
            {
                Name = "wholesale", HostName = "lac1", Secret = Secret.FromText("s3cret"), SourceAddress = IpAddress.Parse("192.0.2.1"),
                HelloInterval = TimeSpan.FromMilliseconds(1500), Hiding = AvpHiding.Sensitive,
            },
        ],
    };

    private static LnsConfig Lns(string name) =>
        new() { Name = name, Address = IpAddress.Parse("2001:db8::10"), Preference = 5, Weight = 3 };
}
