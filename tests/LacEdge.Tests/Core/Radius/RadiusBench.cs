using System.Text;
using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Radius;
using LacEdge.Wire;
using LacEdge.Wire.Ip;
using LacEdge.Wire.Radius;

namespace LacEdge.Tests.Core.Radius;

/// <summary>A RADIUS client in virtual time and the servers that the test plays.</summary>
internal sealed class RadiusBench : IRadiusUser, IDisposable
{
    private readonly RandomStreams _random = new(new byte[RandomStreams.SeedSize]);
    private ulong _timerOrder;

    public RadiusBench(RadiusGroupConfig? group = null)
    {
        Group = group ?? OfServers("r1");
        Client = new RadiusClient([Group], "lac1", _random, Timers, Outbox, Counters, () => ++_timerOrder);
    }

    public RadiusGroupConfig Group { get; }
    public TimerQueue Timers { get; } = new();
    public Outbox Outbox { get; } = new();
    public LacCounters Counters { get; } = new();
    public RadiusClient Client { get; }
    public Instant Now { get; private set; } = new(1_000_000_000_000);
    public List<(object Owner, RadiusOutcome Outcome, string Attributes)> Answers { get; } = [];
    public List<(double At, int Socket, UdpEndpoint Peer, byte[] Packet)> Sent { get; } = [];
    /// <summary>Sockets that the host has not opened yet.</summary>
    public bool HostIsSlow { get; set; }
    /// <summary>The host can open none.</summary>
    public bool PortsTaken { get; set; }
    /// <summary>What operators are told.</summary>
    public List<LacEvent> Events { get; } = [];
    private List<int> Waiting { get; } = [];
    private readonly Instant _start = new(1_000_000_000_000);

    public static RadiusGroupConfig OfServers(params string[] names) => new()
    {
        Name = "aaa",
        Servers =
        [
            .. names.Select((name, i) => new RadiusServerConfig
            {
                Name = name, Address = IpAddress.Parse($"203.0.113.{i + 1}"), Secret = Secret.FromText("secret-" + name),
            }),
        ],
    };

    public static RadiusGroupConfig With(RadiusGroupConfig group, Func<RadiusServerConfig, RadiusServerConfig> change) =>
        group with { Servers = [.. group.Servers.Select(change)] };

    public static RadiusQuestion Access(string user = "isp1.example", string password = "password") => new()
    {
        Code = RadiusCode.AccessRequest,
        UserName = Bytes.Wrap(Encoding.ASCII.GetBytes(user)),
        Password = Secret.FromText(password),
        Attributes = Bytes.Wrap(Convert.FromHexString("0406c0000201")),
    };

    public RadiusExchange? Ask(object owner, RadiusQuestion? question = null)
    {
        var exchange = Client.Ask("aaa", question ?? Access(), this, owner, Now);
        CarryOut();
        return exchange;
    }

    public void Pass(double seconds)
    {
        var until = Now + TimeSpan.FromSeconds(seconds);
        while (Timers.NextDeadline <= until)
        {
            Now = Timers.NextDeadline;
            Timers.RunDue(Now);
            CarryOut();
        }

        Now = until;
    }

    public void OpenSockets()
    {
        foreach (var handle in Waiting) Client.HandleSocket(handle, opened: true, "", Now);
        Waiting.Clear();
        CarryOut();
    }

    /// <summary>A genuine reply to what was sent; <paramref name="change"/> spoils it.</summary>
    public void Reply(int sent, RadiusCode code, Action<byte[]>? change = null, bool signed = true, UdpEndpoint? from = null, string attributes = "")
    {
        var (_, socket, peer, request) = Sent[sent];
        var writer = new RadiusWriter(new byte[4096]);
        writer.Begin(code, request[1]);
        if (signed) RadiusSeal.Reserve(ref writer);
        writer.Encoded(Convert.FromHexString(attributes));
        var packet = writer.End();
        RadiusSeal.Reply(packet, request.AsSpan(4, 16), Group.Servers.Single(server => server.Address == peer.Address).Secret.Span);
        var octets = packet.ToArray();
        change?.Invoke(octets);
        Client.HandleDatagram(socket, from ?? peer, octets, Now);
        CarryOut();
    }

    public void Answered(RadiusExchange exchange, RadiusOutcome outcome, RadiusReply reply, Instant now) =>
        Answers.Add((exchange.Owner, outcome, Convert.ToHexStringLower(reply.Attributes)));

    public void Dispose() => _random.Dispose();

    private void CarryOut()
    {
        var outputs = Outbox.Outputs.Select(output => (output, Octets: Outbox.Octets(output).ToArray())).ToList();
        Outbox.Clear();
        foreach (var (output, octets) in outputs)
        {
            if (output.Kind == OutputKind.Datagram) Sent.Add(((Now - _start).TotalSeconds, output.Target, output.Peer, octets));
            if (output.Event is { } happened) Events.Add(happened);
            if (output.Kind != OutputKind.OpenSocket) continue;
            Assert.True(output.Socket!.Questions);
            if (HostIsSlow) Waiting.Add(output.Target);
            else if (PortsTaken) Client.HandleSocket(output.Target, opened: false, "no interface has this address", Now);
            else Client.HandleSocket(output.Target, opened: true, "", Now);
        }

        if (Outbox.Count > 0) CarryOut();
    }
}
