using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Forwarding;
using LacEdge.Core.Lac;
using LacEdge.Recording;
using LacEdge.Wire.Dns;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Tests.Replay;

public sealed class RecorderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lacedge-recorder-").FullName;

    private string FilePath => Path.Combine(_folder, "recording.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_recording_is_for_its_owner_alone_and_keeps_the_one_before()
    {
        File.WriteAllText(FilePath, "before");
        Open(_ => { }).Dispose();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        Assert.Equal("before", File.ReadAllText(FilePath + ".1"));
        var lines = File.ReadAllLines(FilePath);
        Assert.StartsWith("{\"lacedge_recording\":1,", lines[0], StringComparison.Ordinal);
        Assert.Equal("{\"end\":\"stopped\"}", lines[^1]);
    }

    [Fact]
    public void A_recording_can_be_read_while_it_is_written()
    {
        using var recorder = Open(_ => { });
        const string line = "{\"in\":\"timeout\",\"at\":5}\n";
        recorder.Writer!.Timeout(new Instant(5));
        var deadline = DateTime.UtcNow + TimeSpan.FromSeconds(20);
        while (!File.ReadAllText(FilePath).EndsWith(line, StringComparison.Ordinal) && DateTime.UtcNow < deadline) Thread.Sleep(20);
        Assert.EndsWith(line, File.ReadAllText(FilePath), StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_ends_the_recording_with_one_sentence_and_nothing_else()
    {
        var failures = new List<string>();
        var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        using var file = new RecordingFile(full, failures.Add, 1 << 20);
        var deadline = DateTime.UtcNow + TimeSpan.FromSeconds(20);
        while (file.IsOpen && DateTime.UtcNow < deadline)
        {
            file.Append("{}\n"u8);
            Thread.Sleep(20);
        }

        Assert.False(file.IsOpen);
        file.Append("{}\n"u8);
        Assert.Contains("No space left on device", Assert.Single(failures), StringComparison.Ordinal);
    }

    [Fact]
    public void A_disk_that_cannot_keep_up_ends_the_recording()
    {
        var failures = new List<string>();
        using var file = new RecordingFile(RecordingFile.OpenPrivate(FilePath), failures.Add, maxWaiting: 10);
        file.Append("0123456789"u8);
        file.Append("0123456789"u8);
        file.Append("0123456789"u8);
        Assert.False(file.IsOpen);
        Assert.Equal("the disk is too slow: 10 octets wait to be written", Assert.Single(failures));
    }

    [Fact]
    public void A_file_that_cannot_be_made_is_an_error_at_the_start()
    {
        var path = Path.Combine(_folder, "none", "recording.jsonl");
        Assert.ThrowsAny<IOException>(() => new LacRecorder(path, Config, 7, Seed, new Instant(4), _ => { }));
    }

    [Fact]
    public void Answers_from_within_an_output_are_the_next_inputs_and_recorded_as_such()
    {
        var host = new AnsweringHost();
        using (var recorder = Open(_ => { }))
        using (var lac = new Lac(Config, 7, Seed, new Instant(4)))
        {
            host.Driver = new LacDriver(lac, host, recorder);
            host.Driver.Link(0, new MacAddress(0x0200000000FE), 1500, true, new Instant(5));
            host.Driver.Frame(0, Padi(1), new Instant(6));
        }

        // Not begun again before it has ended.
        Assert.Equal(["send to 02:00:00:00:00:01", "sent", "send to 02:00:00:00:00:02", "sent"], host.Log);
        var records = File.ReadAllLines(FilePath).Skip(1).Select(l => $"{l.Split('"')[1]} {l.Split('"')[3]}");
        Assert.Equal(["in link", "in frame", "out frame", "in command", "in frame", "out frame", "in timeout", "end stopped"], records);
        Assert.True(SimulatedRun.Replay(File.ReadAllText(FilePath)).Same);
    }

    private static byte[] Seed => [.. Enumerable.Range(1, RandomStreams.SeedSize).Select(i => (byte)i)];

    private static LacConfig Config => new()
    {
        Node = new NodeConfig { Name = "lac1" },
        Access = [new AccessServiceConfig { Name = "a", Interfaces = ["eth1"], AcName = "lac1", ChallengeName = "l", Steering = "main" }],
        Steering = [new SteeringListConfig("main", [new SteeringRuleConfig([new RealmTableTarget()])])],
    };

    private static byte[] Padi(byte client) => Convert.FromHexString($"ffffffffffff0200000000{client:x2}886311090000000401010000");

    private LacRecorder Open(Action<string> onFailure) => new(FilePath, Config, 7, Seed, new Instant(4), onFailure);

    private sealed class AnsweringHost : ILacHost
    {
        public LacDriver Driver { get; set; } = null!;
        public List<string> Log { get; } = [];

        /// <summary>The first PADO is answered with a command, another client's PADI and a timeout, from within.</summary>
        public void SendFrame(int accessGroup, ReadOnlySpan<byte> frame, int slot)
        {
            Log.Add($"send to {MacAddress.Read(frame)}");
            if (Log.Count == 1)
            {
                Driver.Command(new ClearSession(new SessionKey(7, 1), "nobody"), new Instant(7));
                Driver.Frame(0, Padi(2), new Instant(8));
                Driver.Timeout(new Instant(9));
            }

            Log.Add("sent");
        }

        public void SendDatagram(int socket, UdpEndpoint peer, ReadOnlySpan<byte> payload, int slot) => Log.Add("datagram");
        public void OpenSocket(int socket, UdpEndpoint local, UdpSocketOptions options) => Log.Add("open");
        public void CloseSocket(int socket) => Log.Add("close");
        public void Lookup(int lookup, DnsQuestion question) => Log.Add("lookup");
        public void CancelLookup(int lookup) => Log.Add("cancel");
        public void Apply(ForwardingUpdate update) => Log.Add("apply");
        public void Publish(LacEvent happened) => Log.Add("publish");
    }
}
