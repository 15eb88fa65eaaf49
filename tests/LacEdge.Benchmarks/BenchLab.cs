using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using LacEdge.Lab;
using LacEdge.Lab.Peers;
using LacEdge.Linux;
using LacEdge.Linux.Sockets;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Benchmarks;

/// <summary>LacEdge in a process of its own between peers that live in this one: what is measured of it is not theirs.</summary>
internal sealed class BenchLab : IDisposable
{
    private const string NetworkName = "lacedge-bench";

    private readonly LabIsp[] _isps =
    [
        new("isp1", "198.18.0.11", 0x64400001, 0x64400100, LnsMode.Forced),
        new("isp2", "198.18.0.12", 0x64480001, 0x64480100, LnsMode.Forced),
    ];
    private readonly LabPlace _place;
    private readonly LabNetwork _network;
    private readonly HttpClient _api;
    private readonly Thread _thread;
    private readonly int _link;

    /// <param name="vlans">What the access service serves, as the configuration writes it, and on which of them each subscriber is.</param>
    public BenchLab(int subscribers, string logFile, string vlans = LabConfig.Untagged, Func<int, VlanStack>? vlansOf = null)
    {
        _place = LabPlace.Take(NetworkName);
        _network = LabNetwork.Create(NetworkName, _isps.Select(isp => isp.Address));
        Daemon = new LabDaemon(_network.Lac, LabConfig.Write(_place.Directory, _isps, vlans), LabConfig.Socket(_place.Directory), logFile);
        Usage = new ProcessUsage(Daemon.ProcessId);
        Peers = new PeerHost(Loop, seed: 1);
        _link = _network.Access.Run(() => Peers.AddLink(_network.AccessPeer()));
        foreach (var isp in _isps)
        {
            var endpoint = new UdpEndpoint(isp.Address, 1701);
            isp.Lns = Peers.AddLns(isp.LnsOptions(), seed: 2, _network.Core.Run(() => UdpSocket.Open(endpoint)));
        }

        for (var i = 0; i < subscribers; i++)
        {
            var user = _isps[i % _isps.Length].UserName(i);
            Peers.Fleet.Add(new SubscriberOptions
            {
                Mac = new MacAddress(0x02_00_5E_00_00_00u + (ulong)i),
                User = user,
                Password = LabIsp.PasswordOf(user),
                Link = _link,
                Vlans = vlansOf?.Invoke(i) ?? VlanStack.Untagged,
                Takes = i / 2 % 2 == 0 ? PppAuthentication.Chap : PppAuthentication.Pap,
            });
        }

        _api = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancelled) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Daemon.Socket), cancelled);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        _thread = new Thread(() => Loop.Run(() => Peers.NextTimeout, Peers.HandleTimeout)) { Name = "peers" };
        _thread.Start();
        for (var i = 0; !LabConfig.SocketAnswers(Daemon.Socket); i++)
        {
            if (i > 300 || Daemon.HasExited) throw new HostException($"LacEdge did not start; see {logFile}");
            Thread.Sleep(100);
        }
    }

    public ControlLoop Loop { get; } = new();
    public LabDaemon Daemon { get; }
    public ProcessUsage Usage { get; }
    public PeerHost Peers { get; }

    /// <summary>A document of LacEdge's API.</summary>
    public JsonElement Api(string path)
    {
        using var answer = _api.GetAsync(new Uri("http://lacedge/api/v1/" + path)).GetAwaiter().GetResult();
        answer.EnsureSuccessStatusCode();
        return JsonDocument.Parse(answer.Content.ReadAsStream()).RootElement;
    }

    /// <summary>Dials all of these, so many at a time, until each is up or has failed or the patience is at its end.</summary>
    public void Dial(IReadOnlyList<SimulatedSubscriber> subscribers, int atOnce, TimeSpan patience)
    {
        var next = 0;
        var onTheWay = new List<SimulatedSubscriber>();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < patience)
        {
            var left = Loop.InvokeAsync(() =>
            {
                onTheWay.RemoveAll(s => s.State is SubscriberState.Up or SubscriberState.Failed);
                for (; next < subscribers.Count && onTheWay.Count < atOnce; next++)
                {
                    onTheWay.Add(subscribers[next]);
                    Peers.Do(subscribers[next], s => s.Dial(SystemClock.Now));
                }

                return onTheWay.Count;
            }).GetAwaiter().GetResult();
            if (left == 0) return;
            Thread.Sleep(2);
        }
    }

    /// <summary>Starts a PADI flood on the access interface.</summary>
    public Flood Flood(int rate, Func<Random, VlanStack> vlans) =>
        new(_network.Access.Run(() => PacketSocket.Open(_network.AccessPeer(), EtherType.PppoeDiscovery)), rate, vlans);

    /// <summary>The peers' thread stands still: nothing answers, nothing competes for the CPU, until the result is disposed.</summary>
    public IDisposable HoldPeers()
    {
        var (held, go) = (new ManualResetEventSlim(), new ManualResetEventSlim());
        Loop.Post(() =>
        {
            held.Set();
            go.Wait();
        });
        held.Wait();
        return new Release(go);
    }

    public void Dispose()
    {
        _api.Dispose();
        Daemon.Dispose();
        Loop.Stop();
        _thread.Join();
        Peers.Dispose();
        Loop.Dispose();
        _network.Dispose();
        _place.Dispose();
    }

    private sealed class Release(ManualResetEventSlim go) : IDisposable
    {
        public void Dispose() => go.Set();
    }
}
