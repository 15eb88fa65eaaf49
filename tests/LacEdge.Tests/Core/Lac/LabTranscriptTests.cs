using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Forwarding;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;
using LacEdge.Wire.Pppoe;
using LacNode = LacEdge.Core.Lac.Lac;

namespace LacEdge.Tests.Core.Lac;

/// <summary>
/// A published lab log of a hardware LAC and LNS (tunnel secret "hello", CHAP password "cisco"), with LacEdge in the LAC's
/// place: given the LAC's random values and the LNS's and subscriber's octets, it sends the LAC's octets.
/// </summary>
public sealed class LabTranscriptTests : IDisposable
{
    private const ushort LacTunnelId = 17688, LnsTunnelId = 55270, LacSessionId = 7;
    private const string LacChallenge = "545A2343FBE20EA08BCA7B56E4A7D29E", LnsChallenge = "98B296C28429E7ADC767237A45F31040";
    private static readonly MacAddress _subscriber = new(0x020000000001), _concentrator = new(0x0200000000FE);
    private static readonly UdpEndpoint _lns = new(IpAddress.Parse("198.51.100.1"), 1701);

    private readonly LacNode _lac = new(Config(), boot: 1, new byte[RandomStreams.SeedSize], Instant.Zero);
    private readonly List<(Output Output, string Octets)> _sent = [];
    private Instant _now = Instant.Zero;
    private ushort _pppoeSessionId;

    [Fact]
    public void LAB_1_to_LAB_6_with_LacEdge_as_the_lac()
    {
        PresetRandom();
        Turn(lac => lac.HandleLink(0, _concentrator, 1500, true, _now));
        OpenPppoe();

        // LCP: the client wants no MRU talked about and has the magic number of the log.
        Ppp("C021 0101 000A 0506 6EE4E865");
        Reject("0104 05D4");
        Ppp($"C021 02{LastConfigureRequestId} 000F 0305C22305 0506109D08F2");
        // CHAP: identifier 6 and the challenge of the log, then its response (name "2500-1").
        Assert.Contains(Frames(), f => f.Contains("C2230106", StringComparison.Ordinal) && f.Contains("5D0D008CB1677CF8BC354556321A7A74", StringComparison.Ordinal));
        Ppp("C223 0206 001B 10 CA1CC2E4FA6899E8DF1B695C0A80883E 323530302D31");

        // SCCRQ carries the LAC's challenge; the LNS answers it with the response of the log and challenges in turn.
        Turn(lac => lac.HandleSocket(0, true, new UdpEndpoint(IpAddress.Parse("192.0.2.1"), 1701), "", _now));
        Assert.Contains(LacChallenge, Datagrams()[^1], StringComparison.Ordinal);
        Turn(lac => lac.HandleDatagram(0, _lns, Sccrp(), _now));

        // LAB-1: SCCCN to the octet.
        Assert.Contains("C802002AD7E6000000010001" + "8008000000000003" + "80160000000D9639531841AC22E3103E208EF7D90989", Datagrams());
        // ICRQ follows; its acknowledgement opens the window as in the log: ICRP (LAB-2) has Nr 3.
        Turn(lac => lac.HandleDatagram(0, _lns, Hex("C802000C4518000000010002"), _now));
        Assert.StartsWith("C802", Datagrams()[^1], StringComparison.Ordinal);
        _sent.Clear();
        Turn(lac => lac.HandleDatagram(0, _lns, Hex("C802001C45180007000100038008000000 00000B80080000000E002D"), _now));

        // ICCN with the proxy AVPs of LAB-6, each to the octet, after the entry towards the subscriber and before the one towards the LNS.
        var iccn = Datagrams()[^1];
        Assert.Equal("C802", iccn[..4]);
        Assert.Equal("D7E6002D", iccn[8..16]);
        foreach (var avp in (string[])
            [
                "000C0000001A" + "05066EE4E865", "00110000001B" + "0305C223050506109D08F2", "000C0000001C" + "05066EE4E865", "00080000001D0002",
                "000C0000001E" + "323530302D31", "00160000001F" + "5D0D008CB1677CF8BC354556321A7A74", "0008000000200006",
                "001600000021" + "CA1CC2E4FA6899E8DF1B695C0A80883E",
            ])
        {
            Assert.Contains(avp, iccn, StringComparison.Ordinal);
        }

        var order = _sent.Select(s => s.Output.Update?.GetType().Name ?? s.Output.Kind.ToString()).Where(n => n != "Event");
        Assert.Equal([nameof(InstallTunnel), nameof(InstallDownstream), nameof(OutputKind.Datagram), nameof(InstallUpstream)], order);

        // The subscriber hangs up: CDN to the LNS's session, result 1, as in LAB-3 (ours says why, in words, too).
        _sent.Clear();
        Turn(lac => lac.HandleDatagram(0, _lns, Hex("C802000C4518000700020004"), _now));
        Turn(lac => lac.HandleFrame(0, Frame(EtherType.PppoeDiscovery, PppoeCode.Padt, _pppoeSessionId, ""), _now));
        var cdn = Datagrams()[^1];
        Assert.Equal("D7E6002D" + "0004" + "0002", cdn[8..24]);
        Assert.Contains("800800000000000E", cdn, StringComparison.Ordinal);
        Assert.Contains("80080000000E0007", cdn, StringComparison.Ordinal);
        Assert.Contains("00000001" + "0001" + "0000", cdn, StringComparison.Ordinal);

        // LAB-4: the LNS's StopCCN without an error code; LAB-5: our acknowledgement, to the octet.
        _sent.Clear();
        Turn(lac => lac.HandleDatagram(0, _lns, Hex("C8020024451800000002000580080000000000048008000000 09D7E68008000000010001"), _now));
        Assert.Contains("C802000CD7E6000000050003", Datagrams());
    }

    public void Dispose() => _lac.Dispose();

    private static LacConfig Config() => new()
    {
        Node = new NodeConfig { Name = "LAC" },
        Access =
        [
            new AccessServiceConfig
            {
                Name = "lab",
                Interfaces = ["eth1"],
                AcName = "LAC",
                ChallengeName = "LAC",
                Authentication = [AuthenticationProtocol.ChapMd5],
                Lns = new LnsConfig { Name = "lns", Address = _lns.Address },
                Tunnel = "lab",
            },
        ],
        Tunnels = [new TunnelProfile { Name = "lab", HostName = "LAC", Secret = Secret.FromText("hello") }],
    };

    private void PresetRandom()
    {
        _lac.Random[RandomPurpose.MagicNumber].Preset(Hex("109D08F2"));
        _lac.Random[RandomPurpose.ChapIdentifier].Preset(Hex("06"));
        _lac.Random[RandomPurpose.ChapChallenge].Preset(Hex("5D0D008CB1677CF8BC354556321A7A74"));
        _lac.Random[RandomPurpose.TunnelChallenge].Preset(Hex(LacChallenge));
        // The pools draw the place of an id from 1 on.
        _lac.Random[RandomPurpose.TunnelId].Preset([0, 0, (LacTunnelId - 1) >> 8, unchecked((byte)(LacTunnelId - 1))]);
        _lac.Random[RandomPurpose.SessionId].Preset([0, 0, 0, LacSessionId - 1]);
    }

    private void OpenPppoe()
    {
        Turn(lac => lac.HandleFrame(0, Frame(EtherType.PppoeDiscovery, PppoeCode.Padi, 0, "01010000", MacAddress.Broadcast), _now));
        Assert.True(EthernetFrame.TryParse(Hex(Frames()[^1]), out var pado, out _));
        Assert.True(PppoePacket.TryParse(pado.Payload, out var offer, out _));
        var cookie = "";
        for (var tags = new PppoeTagReader(offer.Payload); tags.MoveNext();)
        {
            if (tags.Current.Type == PppoeTagType.AcCookie) cookie = $"0104{tags.Current.Value.Length:X4}{Convert.ToHexString(tags.Current.Value)}";
        }

        Turn(lac => lac.HandleFrame(0, Frame(EtherType.PppoeDiscovery, PppoeCode.Padr, 0, "01010000" + cookie), _now));
        var pads = Frames().Single(f => f[24..32] == "88631165");
        _pppoeSessionId = Convert.ToUInt16(pads[32..36], 16);
    }

    /// <summary>The subscriber rejects an option of our last Configure-Request.</summary>
    private void Reject(string option) => Ppp($"C021 04{LastConfigureRequestId} 0008 {option}");

    /// <summary>Of the last LCP Configure-Request that we sent, two hex digits.</summary>
    private string LastConfigureRequestId => Frames().Last(f => f[24..28] == "8864" && f[40..46] == "C02101")[46..48];

    private static byte[] Sccrp()
    {
        var sccrp = new StartControlConnection
        {
            HostName = "LNS",
            AssignedTunnelId = LnsTunnelId,
            FramingCapabilities = Framings.Synchronous | Framings.Asynchronous,
            ReceiveWindowSize = 4,
            Challenge = Hex(LnsChallenge),
            ChallengeResponse = Hex("7C358F7A7BA21957C07801195DCADFA6"),
        };
        return sccrp.WriteSccrp(new byte[256], LacTunnelId, 0, 1).ToArray();
    }

    private void Ppp(string hex) => Turn(lac => lac.HandleFrame(0, Frame(EtherType.PppoeSession, PppoeCode.Session, _pppoeSessionId, hex), _now));

    private void Turn(Action<LacNode> input)
    {
        _now += TimeSpan.FromMilliseconds(1);
        input(_lac);
        foreach (var output in _lac.Outbox.Outputs) _sent.Add((output, Convert.ToHexString(_lac.Outbox.Octets(output))));
        _lac.Outbox.Clear();
    }

    private string[] Datagrams() => [.. _sent.Where(s => s.Output.Kind == OutputKind.Datagram).Select(s => s.Octets)];
    private string[] Frames() => [.. _sent.Where(s => s.Output.Kind == OutputKind.Frame).Select(s => s.Octets)];

    private static byte[] Frame(ushort etherType, PppoeCode code, ushort sessionId, string payload, MacAddress? destination = null)
    {
        var writer = new WireWriter(new byte[1514]);
        EthernetFrame.WriteHeader(ref writer, destination ?? _concentrator, _subscriber, default, etherType);
        var at = PppoePacket.WriteHeader(ref writer, code, sessionId);
        writer.WriteBytes(Hex(payload));
        PppoePacket.PatchLength(ref writer, at);
        return writer.Written.ToArray();
    }

    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
