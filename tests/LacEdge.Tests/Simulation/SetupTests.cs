using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Lab.Peers;
using LacEdge.Simulator;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.L2tp;
using LacEdge.Wire.Ppp;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Tests.Simulation;

/// <summary>Subscribers come up, whatever the LNS makes of the proxy AVPs.</summary>
public sealed class SetupTests
{
    public static TheoryData<LnsMode, AuthenticationProtocol, bool, bool> AllWays()
    {
        var data = new TheoryData<LnsMode, AuthenticationProtocol, bool, bool>();
        foreach (var mode in Enum.GetValues<LnsMode>())
        {
            foreach (var authentication in Enum.GetValues<AuthenticationProtocol>().Except([AuthenticationProtocol.None]))
            {
                foreach (var secret in (bool[])[true, false])
                {
                    foreach (var throughCore in (bool[])[true, false]) data.Add(mode, authentication, secret, throughCore);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(AllWays))]
    public void Subscribers_of_two_ISPs_come_up_and_ping(LnsMode mode, AuthenticationProtocol authentication, bool secret, bool throughCore)
    {
        var options = new ScenarioOptions
        {
            Mode = mode,
            Authentication = authentication,
            Secret = secret ? "tunnel-secret" : "",
            ThroughCore = throughCore,
        };
        var scenario = Scenario.Up(options, 6);
        scenario.PingAll();

        Assert.Equal((3, 3), (scenario.A.CallCount, scenario.B.CallCount));
        Assert.Equal((1, 1), (scenario.A.Tunnels.Count, scenario.B.Tunnels.Count));
        Assert.Equal(6, scenario.Events<SessionUp>().Count);
        // MS-CHAPv2 and EAP have no proxy AVPs: an LNS that would trust them begins anew, the others ask within the LCP that is there.
        var omitted = authentication is AuthenticationProtocol.MsChapV2 or AuthenticationProtocol.Eap;
        var expected = (mode, authentication) switch
        {
            (LnsMode.Forced, _) when !omitted => JudgedBy.Proxy,
            (LnsMode.WaitForRepeat, _) when !omitted => JudgedBy.Repeat,
            (LnsMode.ReChallenge, AuthenticationProtocol.Pap) => JudgedBy.Repeat,
            _ => JudgedBy.OwnAuthentication,
        };
        var openings = mode == LnsMode.Renegotiate || (mode == LnsMode.Forced && omitted) ? 2u : 1u;
        Assert.All(scenario.A.Calls, call => Assert.Equal(expected, call.Ppp!.JudgedBy));
        Assert.All(scenario.Subscribers, s => Assert.Equal(openings, s.Ppp!.LcpOpenings));
        scenario.AssertClean();
    }

    [Theory]
    [InlineData(LnsMode.Forced, 1u)]
    [InlineData(LnsMode.Renegotiate, 2u)]
    [InlineData(LnsMode.ReChallenge, 1u)]
    [InlineData(LnsMode.WaitForRepeat, 1u)]
    public void PROXY_005_nameless_subscribers_of_a_fixed_LNS_come_up(LnsMode mode, uint openings)
    {
        var scenario = Scenario.Up(
            new ScenarioOptions { Mode = mode, Authentication = AuthenticationProtocol.None, Service = Scenario.ToLnsA }, 4);
        scenario.PingAll();
        Assert.All(scenario.A.Calls, call => Assert.Equal([0, 4], Value(call.Iccn, AvpType.ProxyAuthenType)));
        Assert.All(scenario.A.Calls, call => Assert.Null(Value(call.Iccn, AvpType.ProxyAuthenName)));
        Assert.All(scenario.Subscribers, s => Assert.Equal((openings, 0u), (s.Ppp!.LcpOpenings, s.Ppp.CredentialsSent)));
        Assert.All(scenario.Events<SessionUp>(), up => Assert.Equal("", up.User));
        scenario.AssertClean();
    }

    [Fact]
    public void PROXY_005_an_LNS_that_is_told_the_EAP_identity_goes_on_with_its_challenge()
    {
        var scenario = Scenario.Up(new ScenarioOptions
        {
            Authentication = AuthenticationProtocol.Eap,
            OneIsp = true,
            PeerOfA = new PeerProfile { Name = "eap", ProxyEap = ProxyEap.Type7 },
        }, 4);
        scenario.PingAll();
        Assert.All(scenario.A.Calls, call => Assert.Equal([0, 7], Value(call.Iccn, AvpType.ProxyAuthenType)));
        Assert.All(scenario.A.Calls, call => Assert.Equal(JudgedBy.Proxy, call.Ppp!.JudgedBy));
        Assert.All(scenario.Subscribers, s => Assert.Equal((1u, 1u, 2u), (s.Ppp!.LcpOpenings, s.Ppp.IdentitiesSent, s.Ppp.CredentialsSent)));
        scenario.AssertClean();
    }

    [Theory]
    [InlineData(AuthenticationProtocol.MsChapV1)]
    [InlineData(AuthenticationProtocol.MsChapV2)]
    [InlineData(AuthenticationProtocol.Eap)]
    public void A_wrong_password_is_judged_by_the_LNS(AuthenticationProtocol authentication)
    {
        var scenario = new Scenario(new ScenarioOptions { Authentication = authentication });
        var subscriber = scenario.Add(0, password: "guessed");
        scenario.Network.Dial(subscriber);
        scenario.Network.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(SubscriberEnd.AuthenticationRejected, subscriber.LastEnd);
        Assert.Single(scenario.Events<SessionDown>());
        scenario.AssertClean();
    }

    [Theory]
    [InlineData(AuthenticationProtocol.Pap)]
    [InlineData(AuthenticationProtocol.ChapMd5)]
    [InlineData(AuthenticationProtocol.MsChapV1)]
    [InlineData(AuthenticationProtocol.MsChapV2)]
    [InlineData(AuthenticationProtocol.Eap)]
    public void PROXY_001_ICCN_carries_the_very_octets_that_were_exchanged_with_the_subscriber(AuthenticationProtocol authentication)
    {
        // An LNS that keeps LCP: the last lists are those of the LAC.
        var scenario = Scenario.Up(new ScenarioOptions { Mode = LnsMode.ReChallenge, Authentication = authentication, Secret = "" }, 1);
        var iccn = scenario.A.Calls.Single().Iccn;
        var lcp = scenario.Passed.Where(p => p.Side is Side.FromSubscriber or Side.ToSubscriber).Select(p => (p.Side, Packet: Lcp(p.Octets)))
            .Where(p => p.Packet.Code == (byte)LcpCode.ConfigureRequest).ToList();
        var firstReceived = lcp.First(p => p.Side == Side.FromSubscriber).Packet.Data;
        var lastReceived = lcp.Last(p => p.Side == Side.FromSubscriber).Packet.Data;
        var lastSent = lcp.Last(p => p.Side == Side.ToSubscriber).Packet.Data;
        Assert.Equal(firstReceived, Value(iccn, AvpType.InitialReceivedLcpConfReq));
        Assert.Equal(lastSent, Value(iccn, AvpType.LastSentLcpConfReq));
        Assert.Equal(lastReceived, Value(iccn, AvpType.LastReceivedLcpConfReq));
        if (authentication is AuthenticationProtocol.MsChapV2 or AuthenticationProtocol.Eap)
        {
            for (var type = AvpType.ProxyAuthenType; type <= AvpType.ProxyAuthenResponse; type++) Assert.Null(Value(iccn, type));
            return;
        }

        Assert.Equal("user0@isp1.example"u8.ToArray(), Value(iccn, AvpType.ProxyAuthenName));
        if (authentication == AuthenticationProtocol.Pap)
        {
            Assert.Equal([0, 3], Value(iccn, AvpType.ProxyAuthenType));
            Assert.Equal("wonder-land"u8.ToArray(), Value(iccn, AvpType.ProxyAuthenResponse));
            Assert.Null(Value(iccn, AvpType.ProxyAuthenChallenge));
        }
        else
        {
            var (type, challenge, response) = authentication == AuthenticationProtocol.MsChapV1 ? ((byte)5, 8, 49) : ((byte)2, 16, 16);
            Assert.Equal([0, type], Value(iccn, AvpType.ProxyAuthenType));
            Assert.Equal(challenge, Value(iccn, AvpType.ProxyAuthenChallenge)!.Length);
            Assert.Equal(response, Value(iccn, AvpType.ProxyAuthenResponse)!.Length);
        }
    }

    [Fact]
    public void PROXY_006_the_PAP_password_is_hidden_when_both_ends_have_proved_the_secret()
    {
        var scenario = Scenario.Up(new ScenarioOptions { Authentication = AuthenticationProtocol.Pap }, 2);
        Assert.All(scenario.Passed.Where(p => p.Side == Side.ToLns), p => Assert.False(p.Octets.AsSpan().IndexOf("wonder-land"u8) >= 0));
        Assert.Equal(JudgedBy.Proxy, scenario.A.Calls.Single().Ppp!.JudgedBy);
    }

    [Fact]
    public void LNSes_of_every_habit_are_served()
    {
        var habits = new Dictionary<string, Func<LnsOptions, LnsOptions>>
        {
            ["never challenges"] = o => o with { Challenges = false },
            ["answers from another port"] = o => o with { AnswerPort = 17010 },
            ["acknowledges at once with the session id"] = o => o with { EagerZlb = true },
            ["acknowledges late"] = o => o with { AckDelay = TimeSpan.FromMilliseconds(400) },
            ["answers late"] = o => o with { AnswerDelay = TimeSpan.FromSeconds(2) },
            ["has a window of 1"] = o => o with { ReceiveWindow = 1 },
            ["names no window"] = o => o with { ReceiveWindow = 0 },
            ["drops what is early"] = o => o with { QueuesOutOfOrder = false },
            ["sends the Length field"] = o => o with { LengthBit = true },
            ["sends no FF 03"] = o => o with { AddressAndControl = false },
            ["numbers its data"] = o => o with { Sequencing = true },
        };
        foreach (var (habit, change) in habits)
        {
            var options = new ScenarioOptions();
            options = options with { Lns = name => change(Scenario.LnsOptionsFor(name, options)) };
            var scenario = Scenario.Up(options, 8);
            scenario.PingAll();
            scenario.AssertClean();
            Assert.True(scenario.A.CallCount == 4, habit);
        }
    }

    [Fact]
    public void DATA_003_octets_are_counted_alike_by_subscriber_LAC_and_LNS()
    {
        foreach (var throughCore in (bool[])[false, true])
        {
            var scenario = Scenario.Up(new ScenarioOptions { ThroughCore = throughCore }, 2);
            var subscriber = scenario.Subscribers[0];
            var call = scenario.A.Calls.Single();
            var payload = new byte[1400];
            for (var i = 0; i < 50; i++)
            {
                scenario.Network.Do(subscriber, s => s.SendUdp(0xCB007101, 5000, 5001, payload, scenario.Network.Now));
                scenario.Network.Do(scenario.A, _ => call.SendUdp(5001, 5000, payload, scenario.Network.Now));
            }

            scenario.Network.Run(TimeSpan.FromSeconds(1));
            Assert.Equal(70_000ul, subscriber.Ppp!.UdpOctetsReceived);
            Assert.Equal(70_000ul, call.Ppp!.UdpOctetsReceived);

            scenario.Network.HangUp(subscriber, HangUpKind.Padt);
            scenario.Network.Run(TimeSpan.FromSeconds(1));
            var counters = scenario.Down(subscriber).Counters;
            Assert.Equal((call.DataReceived, call.OctetsReceived), (counters.UpFrames, counters.UpOctets));
            Assert.Equal((call.DataSent, call.OctetsSent), (counters.DownFrames, counters.DownOctets));
            scenario.AssertClean();
        }
    }

    [Fact]
    public void PPPOE_019_a_PADR_that_is_repeated_opens_one_session()
    {
        var scenario = new Scenario(new ScenarioOptions());
        scenario.Network.FromSubscribers = new LinkFaults(Duplication: 1, Delay: TimeSpan.FromMilliseconds(1));
        scenario.Network.Dial(scenario.Add(0));
        scenario.WaitAllUp(TimeSpan.FromSeconds(60));
        Assert.Equal(1, scenario.Lac.Core.SessionCount);
        scenario.AssertClean();
    }

    private static (byte Code, byte[] Data) Lcp(byte[] frame)
    {
        if (!EthernetFrame.TryParse(frame, out var ethernet, out _) || ethernet.EtherType != EtherType.PppoeSession) return default;
        if (!PppoePacket.TryParse(ethernet.Payload, out var pppoe, out _) || pppoe.Payload is not [0xC0, 0x21, ..]) return default;
        return PppControlPacket.TryParse(pppoe.Payload[2..], out var packet, out _) ? (packet.Code, packet.Data.ToArray()) : default;
    }

    internal static byte[]? Value(Bytes avps, AvpType type)
    {
        var reader = new AvpReader(avps.Span);
        while (reader.MoveNext())
        {
            if (reader.Current is { Vendor: 0 } avp && avp.Type == (ushort)type) return avp.Value.ToArray();
        }

        return null;
    }
}
