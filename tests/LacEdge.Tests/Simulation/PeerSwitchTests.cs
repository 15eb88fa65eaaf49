using System.Reflection;
using LacEdge.Core.Config;
using LacEdge.Core.Forwarding;
using LacEdge.Core.L2tp;
using LacEdge.Core.Lac;
using LacEdge.Lab.Peers;
using LacEdge.Simulator;
using LacEdge.Tests.Core.L2tp;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Simulation;

/// <summary>Every switch of a peer profile, with the octets towards the LNS that it changes.</summary>
public sealed class PeerSwitchTests
{
    /// <param name="Before">Octets that the default profile sends and the changed one does not; empty: none.</param>
    /// <param name="After">The other way round.</param>
    private sealed record Row(string Switch, PeerProfile Changed, string Before, string After, Func<PeerProfile, string>? Sent = null);

    private static readonly PeerProfile _p = PeerProfile.Default with { Name = "changed" };

    private static readonly Row[] _rows =
    [
        new("CallingNumber", _p with { CallingNumber = "line-{mac}" }, "801700000016" + Text("02:00:00:00:00:01"), "801c00000016" + Text("line-02:00")),
        new("CalledNumber", _p with { CalledNumber = "" }, "801200000015" + Text("isp1.example"), ""),
        new("SubAddress", _p with { SubAddress = "{realm}" }, "", "801200000017" + Text("isp1.example")),
        new("PhysicalChannel", _p with { PhysicalChannel = "77" }, "", "000a00000019" + "0000004d"),
        new("PrivateGroup", _p with { PrivateGroup = "gold" }, "", "000a00000025" + Text("gold")),
        new("NasPort", _p with { NasPort = "Serial0:0" }, "", "000f00090064" + Text("Serial0:0")),
        new("RxSpeedAlways", _p with { RxSpeedAlways = true }, "", "000a00000026"),
        new("AccessLine", _p with { AccessLine = AccessLineAvps.All }, "", "000d0de90001" + Text("OLT7-09")),
        new("Hiding", _p with { Hiding = AvpHiding.None }, "80160000" + "0024", Text(Scenario.Password), Of(AuthenticationProtocol.Pap)),
        new("WithoutMBit", _p with { WithoutMBit = CallAvps.CalledNumber }, "801200000015", "001200000015"),
        new("SequencingRequired", _p with { SequencingRequired = true }, "", "800600000027"),
        new("AddressAndControl", _p with { AddressAndControl = false }, "ff038021", ""),
        new("ProxyMsChapV2", _p with { ProxyMsChapV2 = ProxyMsChapV2.None }, "", "00080000001d0004", Of(AuthenticationProtocol.MsChapV2)),
        new("ProxyEap", _p with { ProxyEap = ProxyEap.Type7 }, "", "00080000001d0007", Of(AuthenticationProtocol.Eap)),
        new("ResendPap", _p with { ResendPap = true }, "", "ff03c02301", WhileTheLnsWaits),
        new("SendWindow", _p with { SendWindow = 2 }, "4 at once", "2 at once", OutstandingCalls),
        new("IgnoreMBit", _p with { IgnoreMBit = true }, "8008000000000004", "8008000000000003", AnswerToUnknownMandatory),
        new("Adapt", _p with { Adapt = true }, "801200000015" + Text("isp1.example"), "", AfterThreeRefusals),
        new("Failover", _p with { Failover = true }, "", "000c0000004c000100000000"),
        new("ResultCodes", _p with { ResultCodes = [new ResultCodeRule(3, null, RefusedCall.NextLns)] }, "", "8008000000000001", AfterRefusal),
    ];

    public static TheoryData<string> Switches => [.. _rows.Select(row => row.Switch)];

    [Fact]
    public void Every_switch_has_a_row()
    {
        var switches = typeof(PeerProfile).GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(p => p.Name);
        Assert.Equal(switches.Except(["Name"]).Order(), _rows.Select(row => row.Switch).Order());
    }

    [Theory]
    [MemberData(nameof(Switches))]
    public void The_octets_that_a_switch_changes(string name)
    {
        var row = _rows.Single(one => one.Switch == name);
        var sent = row.Sent ?? Of(AuthenticationProtocol.ChapMd5);
        var (before, after) = (sent(PeerProfile.Default), sent(row.Changed));
        // The row changes this switch and no other.
        foreach (var property in typeof(PeerProfile).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.Name != "Name" && p.Name != name))
            Assert.Equal(property.GetValue(PeerProfile.Default), property.GetValue(row.Changed));
        Assert.NotEqual(before, after);
        OnlyIn(before, after, row.Before);
        OnlyIn(after, before, row.After);
    }

    /// <summary>What they change there, each data plane's tests show: DataSwitchTests.</summary>
    [Fact]
    public void Two_switches_reach_the_data_plane()
    {
        DataPolicy Of(PeerProfile peer) => TunnelData.PolicyOf(new TunnelTarget(L2tpBench.Plain, L2tpBench.Lns, "a", peer));
        Assert.Equal(["SequencingRequired", "AddressAndControl"], _rows.Where(row => Of(row.Changed) != Of(_p)).Select(row => row.Switch));
    }

    private static void OnlyIn(string sent, string other, string octets)
    {
        if (octets.Length == 0) return;
        Assert.Contains(octets, sent, StringComparison.Ordinal);
        Assert.DoesNotContain(octets, other, StringComparison.Ordinal);
    }

    [Fact]
    public void The_shipped_profiles_bring_a_subscriber_up()
    {
        foreach (var peer in PeerProfile.Shipped)
        {
            var sent = Of(AuthenticationProtocol.ChapMd5)(peer);
            Assert.Equal(peer.Name is "cisco" or "juniper", sent.Contains("0de90001", StringComparison.Ordinal));
        }
    }

    /// <summary>All that went to the LNS while one subscriber came up and pinged.</summary>
    private static Func<PeerProfile, string> Of(AuthenticationProtocol authentication) => peer =>
    {
        var scenario = new Scenario(new ScenarioOptions { PeerOfA = peer, Authentication = authentication });
        scenario.Network.Dial(scenario.Add(0, tags: LineTag.Of("OLT7-09", "S42", 1024, 16384)));
        scenario.WaitAllUp(TimeSpan.FromSeconds(30));
        scenario.PingAll();
        return Octets(scenario, "a");
    };

    private static string Octets(Scenario scenario, string lns) => string.Join(' ', scenario.Passed
        .Where(p => p.Side == Side.ToLns && p.Remote == (lns == "a" ? Scenario.LnsA : Scenario.LnsB))
        .Select(p => Convert.ToHexStringLower(p.Octets)));

    /// <summary>How many ICRQs leave at once when the LNS offers a window of 16 and has acknowledged enough to use it.</summary>
    private static string OutstandingCalls(PeerProfile peer)
    {
        var bench = new L2tpBench();
        var tunnel = bench.Open(peer: peer);
        bench.Sent();
        bench.Sccrp(tunnel, window: 16);
        bench.Sent();
        bench.Zlb(tunnel);
        for (var i = 0; i < 4; i++)
        {
            bench.Endpoint.Probe(tunnel, bench.Now);
            bench.Sent();
            bench.Zlb(tunnel);
        }

        for (var i = 0; i < 4; i++) bench.Place(tunnel);
        return $"{bench.SentOctets().Count} at once";
    }

    private static string AnswerToUnknownMandatory(PeerProfile peer)
    {
        var bench = new L2tpBench();
        var tunnel = bench.Open(peer: peer);
        bench.Sent();
        bench.FromLns(tunnel, 0, "8008 0000 0000 0002 8008 0000 0002 0100 800a 0000 0003 00000003 8007 0000 0007 6c 8008 0000 0009 3c4d 8008 0000 1092 0001");
        return string.Join(' ', bench.SentOctets().Select(Convert.ToHexStringLower));
    }

    /// <summary>What goes to an LNS that ignores proxy authentication, before the subscriber repeats its request.</summary>
    private static string WhileTheLnsWaits(PeerProfile peer)
    {
        var scenario = new Scenario(new ScenarioOptions
        {
            PeerOfA = peer,
            Mode = LnsMode.WaitForRepeat,
            Authentication = AuthenticationProtocol.Pap,
            Timers = new PppTimers { AuthenticationRepeat = TimeSpan.FromSeconds(40) },
        });
        scenario.Network.Dial(scenario.Add(0));
        scenario.Network.Run(TimeSpan.FromSeconds(10));
        return Octets(scenario, "a");
    }

    /// <summary>What goes to the second LNS after the first has refused the call with result 3.</summary>
    private static string AfterRefusal(PeerProfile peer)
    {
        var scenario = new Scenario(new ScenarioOptions { PeerOfA = peer, OneIsp = true });
        scenario.Network.Do(scenario.A, lns => lns.RefuseCalls = new ResultCode(CdnResult.Administrative));
        scenario.Network.Dial(scenario.Add(0));
        scenario.Network.Run(TimeSpan.FromSeconds(10));
        return Octets(scenario, "b");
    }

    /// <summary>What goes to an LNS after it has refused the called number three times.</summary>
    private static string AfterThreeRefusals(PeerProfile peer)
    {
        var scenario = new Scenario(new ScenarioOptions { PeerOfA = peer });
        scenario.Network.Do(scenario.A, lns => (lns.Unknown, lns.NamesUnknown) = ([(0, (ushort)AvpType.CalledNumber)], true));
        for (var i = 0; i < 4; i++)
        {
            scenario.Passed.Clear();
            scenario.Network.Dial(scenario.Add(2 * i));
            scenario.Network.Run(TimeSpan.FromSeconds(10));
        }

        return Octets(scenario, "a");
    }

    private static string Text(string text) => Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(text));
}
