using System.Buffers.Binary;
using System.Diagnostics;
using LacEdge.Core;
using LacEdge.Core.Forwarding;
using LacEdge.Linux.DataPlane;
using LacEdge.Linux.Namespaces;
using LacEdge.Linux.Netlink;
using LacEdge.Linux.Sockets;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Linux.Tests;

/// <summary>
/// A subscriber's end, LacEdge's namespace with a data plane, and an LNS's end, joined by two virtual cables:
/// sub0 -- acc0 (LacEdge) core0 -- lns0.
/// </summary>
internal sealed class ForwardingRig : IDataPlaneUser, IDisposable
{
    public const int AccessGroup = 0, Socket = 5, TunnelSlot = 1;
    public const ushort LocalTunnelId = 0x1111, PeerTunnelId = 0x3C4D;
    public static readonly MacAddress SubscriberMac = new(0x0200_0000_0001), OurMac = new(0x0200_0000_00FE);
    public static readonly IpAddress OurAddress = IpAddress.Parse("10.77.0.1"), LnsAddress = IpAddress.Parse("10.77.0.2");

    public ForwardingRig(bool start = true, DataPolicy? data = null, UdpSocketOptions? socket = null, byte controlDscp = 0)
    {
        Lac.Run(() =>
        {
            Sysctl.DisableIpv6();
            Links.AddVeth("acc0", "sub0", SubscriberSide);
            Links.AddVeth("core0", "lns0", LnsSide);
            Links.SetMac("acc0", OurMac);
            Links.SetMtu("acc0", 1508);
            Links.SetUp("acc0");
            Links.SetUp("core0");
            Links.AddAddress("core0", OurAddress, 24);
        });
        SubscriberSide.Run(() =>
        {
            Sysctl.DisableIpv6();
            Links.SetMac("sub0", SubscriberMac);
            Links.SetMtu("sub0", 1508);
            Links.SetUp("sub0");
            Subscriber = PacketSocket.Open(LinkInfo.Get("sub0"), EtherType.PppoeSession, 64 << 20);
        });
        LnsSide.Run(() =>
        {
            Sysctl.DisableIpv6();
            Links.SetUp("lns0");
            Links.AddAddress("lns0", LnsAddress, 24);
            Wire = PacketSocket.Open(LinkInfo.Get("lns0"), EtherType.Ipv4, 64 << 20);
            Lns = UdpSocket.Open(new UdpEndpoint(LnsAddress, 1701), receiveBuffer: 64 << 20);
            OtherLns = UdpSocket.Open(new UdpEndpoint(LnsAddress, 1702), receiveBuffer: 64 << 20);
        });

        DataPlane = new PacketDataPlane(accessGroups: 1, slots: 16, tunnels: 4);
        Lac.Run(() =>
        {
            DataPlane.AddAccess(AccessGroup, PacketSocket.Open(LinkInfo.Get("acc0"), EtherType.PppoeSession, 64 << 20));
            DataPlane.AddSocket(Socket, UdpSocket.Open(new UdpEndpoint(OurAddress, 1701), socket, controlDscp, 64 << 20));
        });
        if (start) DataPlane.Start();
        DataPlane.Apply(new InstallTunnel(TunnelSlot, Socket, Lns.Local, LocalTunnelId, PeerTunnelId) { Data = data ?? DataPolicy.Default });
    }

    public NetworkNamespace SubscriberSide { get; } = NetworkNamespace.Create();
    public NetworkNamespace Lac { get; } = NetworkNamespace.Create();
    public NetworkNamespace LnsSide { get; } = NetworkNamespace.Create();
    public PacketDataPlane DataPlane { get; }
    public PacketSocket Subscriber { get; private set; } = null!;
    public UdpSocket Lns { get; private set; } = null!;
    /// <summary>The LNS's IPv4 packets as they come from the wire.</summary>
    public PacketSocket Wire { get; private set; } = null!;
    public UdpSocket OtherLns { get; private set; } = null!;
    public static UdpEndpoint LacEndpoint => new(OurAddress, 1701);

    /// <summary>What the data plane passed up, as hex.</summary>
    public List<string> PassedUp { get; } = [];
    public List<(int Slot, ForwardingCounters Counters)> Final { get; } = [];

    /// <summary>Session <paramref name="slot"/> has PPPoE session id 0x1000 + slot and L2TP session ids 0x2000 + slot (ours)
    /// and 0x3000 + slot (the LNS's).</summary>
    public void Splice(
        int slot, VlanStack vlans = default, ushort maxPppPayload = 1492, int tunnelSlot = TunnelSlot, bool priorityFromDscp = false,
        bool throughCore = false, byte? dscp = null)
    {
        DataPlane.Apply(new InstallDownstream(
            slot, tunnelSlot, (ushort)(0x2000 + slot), AccessGroup, SubscriberMac, OurMac, vlans, (ushort)(0x1000 + slot), maxPppPayload)
        {
            PriorityFromDscp = priorityFromDscp,
            ThroughCore = throughCore,
        });
        DataPlane.Apply(new InstallUpstream(slot, (ushort)(0x3000 + slot)) { Dscp = dscp });
    }

    /// <summary>A session frame to LacEdge in hex, tags included.</summary>
    public static string FrameUp(int slot, string ppp, string tags = "", string source = "020000000001") =>
        "0200000000fe" + source + tags + "88641100" + (0x1000 + slot).ToString("x4", null) + (ppp.Length / 2).ToString("x4", null) + ppp;

    public static string FrameDown(int slot, string ppp, string tags = "") =>
        "0200000000010200000000fe" + tags + "88641100" + (0x1000 + slot).ToString("x4", null) + (ppp.Length / 2).ToString("x4", null) + ppp;

    public static string DatagramUp(int slot, string ppp) => "00023c4d" + (0x3000 + slot).ToString("x4", null) + "ff03" + ppp;

    public static string DatagramDown(int slot, string ppp, string tunnelId = "1111") =>
        "0002" + tunnelId + (0x2000 + slot).ToString("x4", null) + "ff03" + ppp;

    public void SendFromSubscriber(string hex) => Assert.True(Subscriber.Send(Convert.FromHexString(hex)));

    public void SendFromLns(string hex) => Assert.True(Lns.Send(LacEndpoint, Convert.FromHexString(hex)));

    /// <summary>An ICMP message to LacEdge, its checksum not yet filled in.</summary>
    public void SendIcmpFromLns(byte[] message)
    {
        byte[] ip = [0x45, 0, 0, (byte)(20 + message.Length), 0, 0, 0, 0, 64, 1, 0, 0, 10, 77, 0, 2, 10, 77, 0, 1];
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(10), Checksum(ip));
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), Checksum(message));
        var (to, from) = (new byte[6], new byte[6]);
        Lac.Run(() => LinkInfo.Get("core0").Mac.Write(to));
        LnsSide.Run(() => LinkInfo.Get("lns0").Mac.Write(from));
        Assert.True(Wire.Send([.. to, .. from, 0x08, 0x00, .. ip, .. message]));

        static ushort Checksum(byte[] octets)
        {
            var sum = 0;
            for (var i = 0; i < octets.Length; i += 2) sum += BinaryPrimitives.ReadUInt16BigEndian(octets.AsSpan(i));
            return (ushort)~((sum & 0xFFFF) + (sum >> 16));
        }
    }

    public string NextAtLns() => Next(list => Lns.Receive((_, datagram) => list.Add(Convert.ToHexStringLower(datagram))));

    /// <summary>The next IPv4 packet at the LNS, Ethernet header taken off.</summary>
    public byte[] NextOnWire()
    {
        var packets = new List<byte[]>();
        Wait(() => Wire.Receive(frame => packets.Add(frame[14..].ToArray())) > 0);
        return Assert.Single(packets);
    }

    public string NextAtSubscriber() => Next(list => Subscriber.Receive(frame => list.Add(Convert.ToHexStringLower(frame))));

    /// <summary>Counting comes a moment after sending.</summary>
    public void ExpectCounters(int slot, ForwardingCounters expected)
    {
        var patience = Stopwatch.StartNew();
        while (DataPlane.ReadCounters(slot) != expected && patience.Elapsed < TimeSpan.FromSeconds(2)) Thread.Sleep(1);
        Assert.Equal(expected, DataPlane.ReadCounters(slot));
    }

    /// <summary>Delivers until the condition holds; fails after some seconds.</summary>
    public void Until(Func<bool> condition) => Wait(() =>
    {
        DataPlane.Deliver(this);
        return condition();
    });

    public static void Wait(Func<bool> condition)
    {
        var patience = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(20), "waited in vain");
            Thread.Sleep(1);
        }
    }

    public void FrameReceived(int accessGroup, ReadOnlySpan<byte> frame) =>
        PassedUp.Add($"{accessGroup} {Convert.ToHexStringLower(frame)}");

    public void DatagramReceived(int socket, UdpEndpoint source, ReadOnlySpan<byte> datagram) =>
        PassedUp.Add($"{socket} {source} {Convert.ToHexStringLower(datagram)}");

    public void CountersFinal(int slot, ForwardingCounters counters) => Final.Add((slot, counters));

    public void Dispose()
    {
        DataPlane.Dispose();
        Subscriber.Dispose();
        Lns.Dispose();
        Wire.Dispose();
        OtherLns.Dispose();
        SubscriberSide.Dispose();
        Lac.Dispose();
        LnsSide.Dispose();
    }

    private readonly Queue<string> _received = new();

    /// <summary>The next frame or datagram; only one receiver may have something waiting at a time.</summary>
    private string Next(Action<List<string>> receive)
    {
        Wait(() =>
        {
            var batch = new List<string>();
            receive(batch);
            foreach (var hex in batch) _received.Enqueue(hex);
            return _received.Count > 0;
        });
        return _received.Dequeue();
    }
}
